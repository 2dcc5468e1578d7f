"""What the HMR lab (static/hmr_lab.js) gets from Python besides people: names, limits, and its two charts."""

from collections.abc import Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from torch import nn

from workbench.body.joints import SMPL_JOINTS
from workbench.figures import body_lab
from workbench.figures.browser_body import shown
from workbench.figures.charts import GRID, LINE_COLORS, QUIET
from workbench.networks.discriminator import FACTORS, Discriminator, JointScores

ITERATIONS = (1, 3, 6, 10)
"""How often the loop could run, to compare; the last is how far the scrubber goes."""
FIRST_JOINT = "left_knee"
MOST_OF_MEAN = 2.0
"""Where the losses' chart ends, times the mean body's sum."""
WEIGHT_DIGITS = 5
"""Of the weights that a browser gets: scores are then right to a thousandth."""
LIMBS = ("collar", "shoulder", "elbow", "wrist", "hand", "hip", "knee", "ankle", "foot")
FROM_HEAD_TO_FEET = (
    *("whole pose", "shape", "head", "neck", "spine3", "spine2", "spine1"),
    *(f"{side}_{joint}" for joint in LIMBS for side in ("right", "left")),
)
"""The order in which factors are shown: as in a picture of somebody who looks at us."""
LOGARITHMIC = {"type": "log", "tickmode": "linear", "dtick": "D2", "tickformat": "~s"}
"""An axis with ticks at 1, 2 and 5; by itself, the second would take as many as the first."""
FIGURE: dict[str, Any] = {
    "template": "none",
    "height": 300,
    "margin": {"l": 56, "r": 56, "t": 30, "b": 44},
    "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
    "xaxis": {"title": "iterations", "dtick": 1, "zeroline": False, "gridcolor": GRID},
}


def config(entries: Sequence[Mapping[str, Any]], tag: str) -> dict[str, Any]:
    """The lab's configuration.

    Args:
        entries: the page's bodies; see ServedBodies.entries.
        tag: of the one that the network answers with.
    """
    bodies = [dict(entry) for entry in entries]
    of_body_lab = body_lab.config(bodies)
    return {
        "bodies": [entry for entry in bodies if entry["tag"] == tag],
        "person": of_body_lab["person"],
        "presets": of_body_lab["presets"],
        "random": of_body_lab["random"],
        "iterations": list(ITERATIONS),
        "joint": shown(FIRST_JOINT),
        "factors": [_factor(name) for name in FACTORS],
    }


def critic(prior: Discriminator) -> dict[str, Any]:
    """The prior's joint factors for a browser (static/hmr_critic.js), some two thousand numbers.

    Layers that all joints share, then a row of each joint's own; the rest of the prior stays here.
    """
    shared = [layer for layer in prior.rotation if isinstance(layer, nn.Linear)]
    return {"shared": [_layer(layer) for layer in shared], "joints": _layer(prior.joints)}


def error_curves(
    picture_pct: Sequence[float], errors_mm: Mapping[str, Sequence[float]], trained: int
) -> go.Figure:
    """Errors after every number of iterations, on logarithmic scales: a loop that runs away goes by factors.

    Args:
        picture_pct: to the landmarks found, in percent of the person's size; the mean body first.
        errors_mm: to the truth, each a named line; none if it is not known.
        trained: the number of iterations that the network was trained for; what is beyond is shaded.
    """
    figure = go.Figure()
    lines = {"in the picture, % of the person": picture_pct, **errors_mm}
    for number, (name, values) in enumerate(lines.items()):
        figure.add_scatter(
            y=list(values),
            name=name,
            mode="lines+markers",
            line_color=LINE_COLORS[number],
            yaxis="y2" if number else "y",
        )
    figure.update_layout(
        **FIGURE,
        yaxis={"title": "2D error, %", "gridcolor": GRID, **LOGARITHMIC},
        yaxis2={
            "title": "3D error, mm" if errors_mm else "",
            "overlaying": "y",
            "side": "right",
            "showgrid": False,
            **LOGARITHMIC,
        },
        shapes=[_beyond(trained, len(picture_pct) - 1)],
    )
    return figure


def loss_bars(losses: Sequence[Mapping[str, float]], weights: Mapping[str, float], trained: int) -> go.Figure:
    """What each loss adds to the sum, iteration by iteration.

    Args:
        losses: values by name, the mean body first; all have the same names.
        weights: what each is multiplied by.
        trained: the number of iterations that the network was trained for.
    """
    figure = go.Figure()
    sums = [sum(weights[name] * value for name, value in at.items()) for at in losses]
    for number, name in enumerate(losses[0]):
        values = [weights[name] * at[name] for at in losses]
        figure.add_bar(y=values, name=f"{weights[name]:g} · {name}", marker_color=LINE_COLORS[number])
    figure.update_layout(
        **FIGURE,
        barmode="stack",
        yaxis={"title": "loss, weighted", "range": [0.0, _end(sums)], "gridcolor": GRID, "zeroline": False},
        shapes=[_beyond(trained, len(losses) - 1)],
    )
    return figure


def _end(sums: Sequence[float]) -> float:
    """Of a scale for the largest sum, or for twice the mean body's: a loop may run away."""
    return 1.05 * min(max(sums), MOST_OF_MEAN * sums[0])


def _beyond(trained: int, last: int) -> dict[str, Any]:
    """A quiet area behind the iterations that training never saw."""
    return {
        "type": "rect",
        "x0": trained + 0.5,
        "x1": last + 0.5,
        "yref": "paper",
        "y0": 0,
        "y1": 1,
        "fillcolor": QUIET,
        "opacity": 0.14,
        "line": {"width": 0},
        "layer": "below",
    }


def _layer(layer: nn.Linear | JointScores) -> dict[str, Any]:
    rows = [[round(v, WEIGHT_DIGITS) for v in row] for row in layer.weight.tolist()]
    return {"weight": rows, "bias": [round(v, WEIGHT_DIGITS) for v in layer.bias.tolist()]}


def _factor(name: str) -> dict[str, Any]:
    """A factor of the prior as the lab shows it."""
    joint = SMPL_JOINTS.index(name) if name in SMPL_JOINTS else None
    side = name.split("_", maxsplit=1)[0] if name.startswith(("left_", "right_")) else "middle"
    return {"name": shown(name), "joint": joint, "side": side, "place": FROM_HEAD_TO_FEET.index(name)}
