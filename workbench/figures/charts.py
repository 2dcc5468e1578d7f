"""Small 2D charts as Plotly figures, the same in the app and in notebooks."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

import plotly.graph_objects as go

from workbench.recovery import Step

LINE_COLORS = ("#3b82f6", "#f97316", "#10b981", "#a855f7", "#eab308", "#f43f5e", "#64748b")
QUIET = "#8a94a6"
GRID = "rgba(138,148,166,.25)"
MOST_TICKS = 20
"""With one for each step."""
LOG_FROM_RATIO = 10


COST = "cost of "
"""How a method names the terms of its loss among a step's tensors."""
ANOTHER_LOSS = "from here another loss"


def loss_curve(steps: Sequence[Step], current: int) -> go.Figure:
    """How the loss fell, and where we are: its terms stacked if the steps tell them, else one line per stage.

    Stages (the first word of a step's name) may have different terms: another sum, which may be larger than
    the one before without anything having got worse. The areas are broken there, and it is said. A line with
    its name stands where each stage begins, but for the first.

    Args:
        steps: all steps of a recovery; those without a loss leave a gap.
        current: index of the step to mark.
    """
    figure = go.Figure()
    names = dict.fromkeys(name for step in steps for name in _terms(step))
    if names:
        _add_terms(figure, steps, list(names))
    else:
        _add_stages(figure, steps)
    if 0 <= current < len(steps):
        figure.add_vline(x=current, line_dash="dot", line_color=QUIET)
    _mark_stages(figure, steps)
    losses = [step.loss for step in steps if step.loss is not None]
    spread = bool(losses) and min(losses) > 0 and max(losses) > LOG_FROM_RATIO * min(losses)
    logarithmic = spread and not names
    title = "loss, term by term" if names else "loss, logarithmic" if logarithmic else "loss"
    figure.update_layout(_layout(title, logarithmic))
    return figure


def error_curve(steps: Sequence[Step], errors_pct: Sequence[float | None], current: int) -> go.Figure:
    """How far each step's landmarks were from those found, where the steps have no loss of their own.

    Args:
        steps: all steps of a recovery.
        errors_pct: of each, in percent of the person's size; None leaves a gap.
        current: index of the step to mark.
    """
    figure = go.Figure()
    figure.add_scatter(
        x=list(range(len(steps))),
        y=list(errors_pct),
        mode="lines+markers",
        line_color=LINE_COLORS[0],
        text=[step.name for step in steps],
        hovertemplate="%{text}: %{y:.2f} %<extra></extra>",
    )
    if 0 <= current < len(steps):
        figure.add_vline(x=current, line_dash="dot", line_color=QUIET)
    figure.update_layout(_layout("2D error, % of the person"))
    every = 1 if len(steps) <= MOST_TICKS else 10  # a solver has fifty steps
    figure.update_layout(xaxis_dtick=every, yaxis_rangemode="tozero")
    return figure


def _layout(title: str, logarithmic: bool = False) -> dict[str, Any]:
    return {
        "template": "none",
        "height": 250,
        "margin": {"l": 52, "r": 12, "t": 8, "b": 40},
        "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
        "xaxis": {"title": "step", "zeroline": False, "gridcolor": GRID},
        "yaxis": {
            "title": title,
            "type": "log" if logarithmic else "linear",
            "zeroline": False,
            "gridcolor": GRID,
            "tickformat": "~s",
            "dtick": "D2" if logarithmic else None,
        },
    }


def _mark_stages(figure: go.Figure, steps: Sequence[Step]) -> None:
    upright = {"textangle": -90, "font_size": 11, "xanchor": "left", "yanchor": "top"}
    for place in range(1, len(steps)):
        stage = _stage(steps[place])
        if stage == _stage(steps[place - 1]):
            continue
        label = {"text": stage, **upright}
        if _terms(steps[place - 1]) != _terms(steps[place]):
            towards = "left" if place < len(steps) / 2 else "right"  # where there is room
            label |= {"text": f"{stage}: {ANOTHER_LOSS}", "textangle": 0, "xanchor": towards}
        figure.add_vline(x=place, line={"color": QUIET, "width": 1}, annotation=label)


def _add_terms(figure: go.Figure, steps: Sequence[Step], names: list[str]) -> None:
    """Stacked areas, each as long as the loss is the same sum; a term is in the legend once."""
    explained: set[str] = set()
    for terms, numbered in groupby(enumerate(steps), lambda pair: _terms(pair[1])):
        places, own = zip(*numbered, strict=True)
        for name in terms:
            figure.add_scatter(
                x=list(places),
                y=[float(step.tensors[name]) for step in own],
                name=name.removeprefix(COST),
                legendgroup=name,
                showlegend=name not in explained,
                mode="lines" if len(own) > 1 else "markers",  # a single step has no area
                line={"width": 0.5, "color": LINE_COLORS[names.index(name) % len(LINE_COLORS)]},
                stackgroup=f"loss from step {places[0]}",
                text=[step.name for step in own],
                hovertemplate="%{text}: %{y:.4g}",
            )
        explained.update(terms)


def _terms(step: Step) -> list[str]:
    """What a step's loss is the sum of; nothing if it does not tell."""
    return [name for name in step.tensors if name.startswith(COST)]


def _add_stages(figure: go.Figure, steps: Sequence[Step]) -> None:
    for number, stage in enumerate(dict.fromkeys(_stage(step) for step in steps)):
        chosen = [i for i, step in enumerate(steps) if _stage(step) == stage and step.loss is not None]
        if chosen:
            figure.add_scatter(
                x=chosen,
                y=[steps[i].loss for i in chosen],
                name=stage,
                mode="lines+markers",
                line_color=LINE_COLORS[number % len(LINE_COLORS)],
                marker_size=4,
                text=[steps[i].name for i in chosen],
                hovertemplate="%{text}: %{y:.4g}<extra></extra>",
            )


def _stage(step: Step) -> str:
    return step.name.split(" ")[0]
