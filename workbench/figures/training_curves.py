"""How a training went: losses and validation metrics over its steps, as one page."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.charts import GRID, LINE_COLORS

NOT_A_CURVE = {"step", "samples", "seconds"}


def training_curves(rows: Sequence[Mapping[str, float]], title: str = "") -> go.Figure:
    """Losses above, metrics below, one axis for all steps.

    Args:
        rows: each has "step"; those with "loss" are of training, the others of validation.
        title: of the figure.
    """
    losses = [row for row in rows if "loss" in row]
    checks = [row for row in rows if "loss" not in row]
    names = [_names(losses), _names(checks)]
    figure = make_subplots(
        rows=2, shared_xaxes=True, vertical_spacing=0.08, subplot_titles=("training", "validation")
    )
    for panel, (own, curves) in enumerate(zip((losses, checks), names, strict=True), start=1):
        for number, name in enumerate(curves):
            held = [row for row in own if name in row]
            figure.add_scatter(
                x=[row["step"] for row in held],
                y=[row[name] for row in held],
                name=name,
                mode="lines" if panel == 1 else "lines+markers",
                line_color=LINE_COLORS[number % len(LINE_COLORS)],
                legend="legend" if panel == 1 else "legend2",
                row=panel,
                col=1,
            )
    figure.update_layout(
        template="none",
        title=title,
        height=700,
        legend={"y": 1.0},
        legend2={"y": 0.45},
    )
    figure.update_xaxes(gridcolor=GRID)
    figure.update_xaxes(title="step", row=2, col=1)
    figure.update_yaxes(type="log", gridcolor=GRID, tickformat="~s")
    return figure


def _names(rows: Sequence[Mapping[str, float]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row if name not in NOT_A_CURVE))


def write_training_page(path: Path, rows: Sequence[Mapping[str, float]], title: str) -> None:
    """The figure as a page that opens without a network; plotly.js lies beside it, once per folder."""
    training_curves(rows, title).write_html(path, include_plotlyjs="directory", full_html=True)
