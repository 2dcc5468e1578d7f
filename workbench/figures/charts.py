"""Small 2D charts as Plotly figures, the same in the app and in notebooks."""

from collections.abc import Sequence

import plotly.graph_objects as go

from workbench.recovery import Step

LINE_COLORS = ("#3b82f6", "#f97316", "#10b981", "#a855f7")
LOG_FROM_RATIO = 10


def loss_curve(steps: Sequence[Step], current: int) -> go.Figure:
    """How the loss fell, one line per stage (the first word of a step's name), and where we are.

    Args:
        steps: all steps of a recovery; those without a loss leave a gap.
        current: index of the step to mark.
    """
    figure = go.Figure()
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
    if 0 <= current < len(steps):
        figure.add_vline(x=current, line_dash="dot", line_color="#8a94a6")
    losses = [step.loss for step in steps if step.loss is not None]
    logarithmic = bool(losses) and min(losses) > 0 and max(losses) > LOG_FROM_RATIO * min(losses)
    figure.update_layout(
        template="none",
        height=230,
        margin={"l": 52, "r": 12, "t": 8, "b": 40},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": "step", "zeroline": False, "gridcolor": "rgba(138,148,166,.25)"},
        yaxis={
            "title": "loss",
            "type": "log" if logarithmic else "linear",
            "zeroline": False,
            "gridcolor": "rgba(138,148,166,.25)",
            "tickformat": "~s",
            "dtick": "D2" if logarithmic else None,
        },
    )
    return figure


def _stage(step: Step) -> str:
    return step.name.split(" ")[0]
