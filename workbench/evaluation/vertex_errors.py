"""Where on the skin a recovery is wrong: PVE and its kin before anything is averaged."""

from dataclasses import dataclass, replace
from typing import Literal

from jaxtyping import Float
from torch import Tensor

from workbench.body import Mesh
from workbench.evaluation.alignment import procrustes
from workbench.evaluation.pose_metrics import distances_mm

Alignment = Literal["none", "root", "similarity"]


@dataclass(frozen=True)
class AlignmentInfo:
    """How an alignment is shown."""

    title: str
    metric: str
    """Which metric of `metrics.METRICS` is the mean of its errors."""


ALIGNMENTS: dict[Alignment, AlignmentInfo] = {
    "root": AlignmentInfo("Pelvis on pelvis", "pve_mm"),
    "none": AlignmentInfo("As they stand before the camera", "g_pve_mm"),
    "similarity": AlignmentInfo("Moved, turned and scaled to fit best", "pa_pve_mm"),
}
"""What may be forgiven before the distances are taken."""


def aligned(found: Mesh, true: Mesh, alignment: Alignment) -> Mesh:
    """The found body where an alignment takes it, in the frame of the truth.

    Args:
        found, true: meshes of one topology in the camera's frame.
        alignment: what to forgive.

    Raises:
        ValueError: the meshes have different numbers of vertices.
    """
    if found.vertices_m.shape != true.vertices_m.shape:
        raise ValueError(
            f"Skins of {len(found.vertices_m)} and {len(true.vertices_m)} vertices do not compare vertex by "
            "vertex. Recover with the body that the truth is made of."
        )
    if alignment == "none":
        return found
    if alignment == "root":
        way = true.joints_m[0] - found.joints_m[0]
        return replace(found, vertices_m=found.vertices_m + way, joints_m=found.joints_m + way)
    fit = procrustes(found.vertices_m.double(), true.vertices_m.double())
    vertices, joints = (fit.apply(points.double()).float() for points in (found.vertices_m, found.joints_m))
    return replace(found, vertices_m=vertices, joints_m=joints)


def vertex_errors_mm(found: Mesh, true: Mesh, alignment: Alignment) -> Float[Tensor, "V"]:
    """Distance of every vertex to its own truth after an alignment.

    Raises:
        ValueError: see `aligned`.
    """
    return distances_mm(aligned(found, true, alignment).vertices_m, true.vertices_m)
