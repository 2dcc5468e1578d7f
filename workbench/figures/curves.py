"""Lines over one axis, as a Plotly figure."""

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from workbench.figures.charts import GRID, LINE_COLORS


def curves(
    x: Sequence[float],
    lines: Mapping[str, Sequence[float]],
    x_title: str,
    y_title: str,
    logarithmic: bool = False,
    mark: tuple[float, str] | None = None,
) -> go.Figure:
    """Named lines over common x values.

    Args:
        x: values along the horizontal axis.
        lines: values of each line, by its name.
        x_title, y_title: of the axes, with units.
        logarithmic: both axes count by factors.
        mark: an x value to point out, and what to call it.

    Raises:
        ValueError: a line is not as long as x.
    """
    figure = go.Figure()
    for number, (name, y) in enumerate(lines.items()):
        if len(y) != len(x):
            raise ValueError(f"Line {name!r} must have {len(x)} values, one per x; got {len(y)}.")
        color = LINE_COLORS[number % len(LINE_COLORS)]
        figure.add_scatter(x=list(x), y=list(y), name=name, mode="lines+markers", line_color=color)
    if mark is not None:
        figure.add_vline(x=mark[0], line_dash="dot", line_color="#8a94a6", annotation_text=mark[1])
    scale = {"type": "log", "dtick": "D2"} if logarithmic else {}
    figure.update_layout(
        template="none",
        height=320,
        margin={"l": 60, "r": 16, "t": 24, "b": 48},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
        xaxis={"title": x_title, "gridcolor": GRID, **scale},
        yaxis={"title": y_title, "gridcolor": GRID, **scale},
    )
    return figure
