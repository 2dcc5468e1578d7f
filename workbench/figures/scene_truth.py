"""A recovery beside its truth: the error on the skin, both outlines, and the error at every step."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
import plotly.graph_objects as go
import torch
from jaxtyping import Bool, Float, UInt8
from torch import Tensor

from workbench.evaluation.pose_metrics import distances_mm
from workbench.evaluation.score import Placed
from workbench.evaluation.vertex_errors import Alignment, aligned
from workbench.figures.curves import curves
from workbench.figures.world import WorldBody, world

TruthPlace = Literal["beside", "over", "hidden"]
TRUTH_COLOR = "#a3acb8"
GAP_M = 0.15
SCALES_MM = (20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0)
"""Where a colour scale may end: round, so that pictures with the same end compare."""
BOTH, ONLY_FOUND, ONLY_TRUE = "#009e73", "#0072b2", "#e69f00"
REGION_ALPHA = {BOTH: 90, ONLY_FOUND: 190, ONLY_TRUE: 190}


def error_world(found: Placed, true: Placed, alignment: Alignment, truth: TruthPlace) -> dict[str, Any]:
    """What the 3D view draws: the found skin coloured by its error in mm, and the true one.

    Skins of different topology have no vertices in common to measure between: those bodies are drawn
    without colours and as they stand before the camera.

    Args:
        found, true: the two bodies before their cameras.
        alignment: what is forgiven; the found body is shown where the alignment takes it.
        truth: where the true body is shown; beside, the two are as far apart as they are wide.
    """
    real, comparable = true.in_camera, found.topology == true.topology
    moved = aligned(found.in_camera, real, alignment) if comparable else found.in_camera
    bodies = [WorldBody("found", moved.vertices_m, moved.joints_m, found.topology)]
    if truth != "hidden":
        aside = real.vertices_m.new_zeros(3)
        if truth == "beside":
            right = max(moved.vertices_m[:, 0].max(), real.vertices_m[:, 0].max())
            aside[0] = right - real.vertices_m[:, 0].min() + GAP_M
        bodies.append(
            WorldBody("truth", real.vertices_m + aside, real.joints_m + aside, true.topology, TRUTH_COLOR)
        )
    shown = world(bodies, "camera")
    if comparable:
        errors_mm = distances_mm(moved.vertices_m, real.vertices_m)
        shown["bodies"][0]["values"] = {
            "of": [round(error, 1) for error in errors_mm.tolist()],
            "low": 0.0,
            "high": scale_mm(errors_mm),
            "title": "distance to the truth",
            "unit": "mm",
        }
    return shown


def scale_mm(errors_mm: Float[Tensor, "V"]) -> float:
    """The end of a colour scale that holds all but the worst twentieth."""
    most = float(errors_mm.quantile(0.95))
    return next((end for end in SCALES_MM if end >= most), SCALES_MM[-1])


def regions(found: Bool[Tensor, "H W"], true: Bool[Tensor, "H W"]) -> UInt8[np.ndarray, "H W 4"]:
    """A layer for the photo: what both outlines cover, and what only one of them does."""
    layer = torch.zeros(*found.shape, 4, dtype=torch.uint8)
    areas = ((BOTH, found & true), (ONLY_FOUND, found & ~true), (ONLY_TRUE, true & ~found))
    for color, area in areas:
        layer[area] = torch.tensor([*bytes.fromhex(color[1:]), REGION_ALPHA[color]], dtype=torch.uint8)
    return layer.numpy()


def error_steps(errors: Mapping[str, Sequence[float]]) -> go.Figure:
    """Errors in mm, each a named line over the steps of a trace."""
    count = max(map(len, errors.values()), default=0)
    return curves([float(step) for step in range(count)], errors, "step", "error, mm")
