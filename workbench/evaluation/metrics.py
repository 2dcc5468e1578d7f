"""All metrics by name; each is described beside its paper where it is defined."""

from dataclasses import dataclass
from typing import Literal

from workbench.body.penetration import BodyParts
from workbench.evaluation.alignment import Similarity, at_root, best_scale, procrustes
from workbench.evaluation.camera_metrics import e_f, e_inv_tz, e_txy_m, e_tz_m, reprojection_px
from workbench.evaluation.frechet import compare_pictures, frechet_distance
from workbench.evaluation.image_metrics import mask_iou, part_iou, psnr_db, ssim
from workbench.evaluation.plausibility import limit_excess_rad, limit_violations
from workbench.evaluation.pose_metrics import (
    acceleration_error,
    auc_pct,
    distances_mm,
    g_mpjpe_mm,
    g_pve_mm,
    mpjpe_mm,
    n_mpjpe_mm,
    pa_mpjpe_mm,
    pa_pve_mm,
    pck_pct,
    pve_mm,
)

__all__ = [
    "METRICS",
    "BodyParts",
    "MetricInfo",
    "Similarity",
    "acceleration_error",
    "at_root",
    "auc_pct",
    "best_scale",
    "compare_pictures",
    "distances_mm",
    "e_f",
    "e_inv_tz",
    "e_txy_m",
    "e_tz_m",
    "frechet_distance",
    "g_mpjpe_mm",
    "g_pve_mm",
    "limit_excess_rad",
    "limit_violations",
    "mask_iou",
    "mpjpe_mm",
    "n_mpjpe_mm",
    "pa_mpjpe_mm",
    "pa_pve_mm",
    "part_iou",
    "pck_pct",
    "procrustes",
    "psnr_db",
    "pve_mm",
    "reprojection_px",
    "ssim",
]


@dataclass(frozen=True)
class MetricInfo:
    """How a metric is shown in tables."""

    title: str
    unit: str
    better: Literal["low", "high"]
    blind_to: str
    """What it forgives, in a few words."""
    title_of_one: str = ""
    """What it is called for a single person, where the title speaks of a mean."""
    counts: bool = False
    """Whether a single person's value is a whole number."""


METRICS: dict[str, MetricInfo] = {
    "mpjpe_mm": MetricInfo("MPJPE", "mm", "low", "where the person is"),
    "pa_mpjpe_mm": MetricInfo("PA-MPJPE", "mm", "low", "place, size and facing"),
    "g_mpjpe_mm": MetricInfo("G-MPJPE", "mm", "low", "nothing but the twist of limbs and the body's shape"),
    "n_mpjpe_mm": MetricInfo("N-MPJPE", "mm", "low", "place and size"),
    "pve_mm": MetricInfo("PVE", "mm", "low", "where the person is"),
    "pa_pve_mm": MetricInfo("PA-PVE", "mm", "low", "place, size and facing"),
    "g_pve_mm": MetricInfo("G-PVE", "mm", "low", "nothing"),
    "pck_pct": MetricInfo(
        "3D-PCK@150", "%", "high", "place, and how large an error is on either side of 150 mm"
    ),
    "auc_pct": MetricInfo("AUC", "%", "high", "place, and errors beyond 150 mm"),
    "reprojection_px": MetricInfo("Reprojection", "px", "low", "depth"),
    "miou": MetricInfo(
        "mIoU", "", "high", "depth and all inside the outline; clothes: a bare body cannot reach 1", "IoU"
    ),
    "e_tz_m": MetricInfo("E_Tz", "m", "low", "all but the depth; near people count little"),
    "e_inv_tz": MetricInfo("E_1/Tz", "1/m", "low", "all but the depth; far people count little"),
    "e_txy_m": MetricInfo("E_Txy", "m", "low", "all but the place across the optical axis"),
    "e_f": MetricInfo("E_f", "share of f", "low", "all but the focal length"),
    "limit_violations": MetricInfo("Joint-limit violations", "joints", "low", "the picture", counts=True),
    "penetration_pct": MetricInfo("Penetration", "% of the skin", "low", "the picture"),
}
"""What the benchmark reports per sample, in the order of its tables.

mIoU: made-up people's true outlines wear clothes and hair, and a recovered body wears none. The exact truth
has 0.90 on the set "test" (60 people), so that is about where a perfect method ends.
"""
