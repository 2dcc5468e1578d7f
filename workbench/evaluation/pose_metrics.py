"""How far joints and vertices are from where they should be.

Points come in metres, errors go out in millimetres, one per sample: nothing is averaged over samples here
(`summary` does that). A sample whose prediction is not finite gets NaN. No two of these numbers compare
across joint sets or bodies: say both beside every table (`joint_sets`).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.evaluation.alignment import at_root, best_scale, procrustes
from workbench.evaluation.checks import broken, check_pair, or_nan

MM = 1000.0
PCK_MM = 150.0
AUC_STEPS = 31


def distances_mm(
    predicted_m: Float[Tensor, "*b N 3"], true_m: Float[Tensor, "*b N 3"]
) -> Float[Tensor, "*b N"]:
    """Distance of each point to its own truth."""
    return MM * (predicted_m - true_m).norm(dim=-1)


def g_mpjpe_mm(predicted_m: Float[Tensor, "*b J 3"], true_m: Float[Tensor, "*c K 3"]) -> Float[Tensor, "*b"]:
    """G-MPJPE: mean distance of the joints in the camera frame, nothing aligned.

    The only one that sees where the person stands. EgoBody (Zhang et al., ECCV 2022) and the ProHMR for depth
    maps report it.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    check_pair(predicted_m, true_m, "joints")
    return or_nan(distances_mm(predicted_m, true_m).mean(-1), broken(predicted_m, 2))


def mpjpe_mm(
    predicted_m: Float[Tensor, "*b J 3"],
    true_m: Float[Tensor, "*c K 3"],
    root: Sequence[int],
    measured: Sequence[int] | None = None,
) -> Float[Tensor, "*b"]:
    """MPJPE: mean distance of the joints with both roots in one place.

    Ionescu et al., "Human3.6M", PAMI 2014. Blind to place; sees size, facing and posture.

    Args:
        predicted_m, true_m: joints in the camera frame (or both in the body's).
        root: ids whose mean is the root; joint sets know theirs.
        measured: ids that enter the error, of which the root need not be one; by default all.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    return g_mpjpe_mm(*_rooted(predicted_m, true_m, root, measured))


def n_mpjpe_mm(
    predicted_m: Float[Tensor, "*b J 3"],
    true_m: Float[Tensor, "*c K 3"],
    root: Sequence[int],
    measured: Sequence[int] | None = None,
) -> Float[Tensor, "*b"]:
    """N-MPJPE: MPJPE after the best scale about the root.

    Rhodin et al., "Unsupervised Geometry-Aware Representation Learning for 3D Human Pose Estimation", ECCV
    2018. Blind to place and size: fair to methods that cannot know how tall someone is. The scale minimises
    the sum of squares, so in rare cases the mean distance exceeds MPJPE.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    predicted, true = _rooted(predicted_m, true_m, root, measured)
    return g_mpjpe_mm(best_scale(predicted, true)[..., None, None] * predicted, true)


def pa_mpjpe_mm(predicted_m: Float[Tensor, "*b J 3"], true_m: Float[Tensor, "*c K 3"]) -> Float[Tensor, "*b"]:
    """PA-MPJPE, "reconstruction error": mean distance after the best similarity.

    The "reconstruction error" of SMPLify (Bogo et al., ECCV 2016) and HMR (Kanazawa et al., CVPR 2018), after
    Gower, "Generalized Procrustes analysis", Psychometrika 1975. Blind to place, size and facing: a standing
    person who was taken for lying scores perfectly. The similarity minimises the sum of squares, so in rare
    cases the mean distance exceeds MPJPE.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    predicted, true = predicted_m.double(), true_m.double()
    return g_mpjpe_mm(procrustes(predicted, true).apply(predicted), true).to(true_m)


def pve_mm(
    predicted_m: Float[Tensor, "*b V 3"],
    true_m: Float[Tensor, "*c W 3"],
    predicted_root_m: Float[Tensor, "*b 3"],
    true_root_m: Float[Tensor, "*c 3"],
) -> Float[Tensor, "*b"]:
    """PVE (also MVE, MPVPE, V2V): mean distance of the vertices with both roots in one place.

    Pavlakos et al., "Learning to Estimate 3D Human Pose and Shape", CVPR 2018. Sees what joints cannot: body
    shape, and the twist of limbs about their own axis. The roots are joints of a named joint set.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    check_pair(predicted_m, true_m, "vertices")
    check_pair(predicted_root_m, true_root_m, "root")
    return g_mpjpe_mm(predicted_m - predicted_root_m[..., None, :], true_m - true_root_m[..., None, :])


def g_pve_mm(predicted_m: Float[Tensor, "*b V 3"], true_m: Float[Tensor, "*c W 3"]) -> Float[Tensor, "*b"]:
    """G-PVE (G-V2V): mean distance of the vertices in the camera frame, nothing aligned. See G-MPJPE."""
    check_pair(predicted_m, true_m, "vertices")
    return g_mpjpe_mm(predicted_m, true_m)


def pa_pve_mm(predicted_m: Float[Tensor, "*b V 3"], true_m: Float[Tensor, "*c W 3"]) -> Float[Tensor, "*b"]:
    """PA-PVE (PA-V2V): mean distance of the vertices after the best similarity of the vertices themselves."""
    check_pair(predicted_m, true_m, "vertices")
    return pa_mpjpe_mm(predicted_m, true_m)


def pck_pct(
    predicted_m: Float[Tensor, "*b J 3"],
    true_m: Float[Tensor, "*c K 3"],
    root: Sequence[int],
    measured: Sequence[int] | None = None,
    threshold_mm: float = PCK_MM,
) -> Float[Tensor, "*b"]:
    """3D-PCK: percent of joints closer than a threshold, roots in one place.

    Mehta et al., "Monocular 3D Human Pose Estimation In The Wild", 3DV 2017: 150 mm, about half a head.
    A joint exactly at the threshold does not count.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    predicted, true = _rooted(predicted_m, true_m, root, measured)
    near = distances_mm(predicted, true) < threshold_mm
    return or_nan(100 * near.to(true).mean(-1), broken(predicted, 2))


def auc_pct(
    predicted_m: Float[Tensor, "*b J 3"],
    true_m: Float[Tensor, "*c K 3"],
    root: Sequence[int],
    measured: Sequence[int] | None = None,
) -> Float[Tensor, "*b"]:
    """AUC: 3D-PCK averaged over 31 thresholds, 0, 5, ... 150 mm (Mehta et al., 3DV 2017).

    At the threshold 0 no joint counts, so a perfect prediction scores 30/31, 96.8 %.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    predicted, true = _rooted(predicted_m, true_m, root, measured)
    thresholds = torch.linspace(0, PCK_MM, AUC_STEPS).to(true)
    near = distances_mm(predicted, true)[..., None] < thresholds
    return or_nan(100 * near.to(true).mean((-2, -1)), broken(predicted, 2))


def acceleration_error(
    predicted_m: Float[Tensor, "*b T J 3"], true_m: Float[Tensor, "*c S K 3"], fps: float
) -> Float[Tensor, "*b T2"]:
    """Acceleration error in mm/s^2 at each inner frame: how much the prediction jitters.

    Kanazawa et al., "Learning 3D Human Dynamics from Video", CVPR 2019: mean distance of the joints' second
    differences, nothing aligned. Blind to any constant offset and speed. With fps=1 it is in mm/frame^2,
    which is what VIBE's code prints (Kocabas et al., CVPR 2020) and its followers' tables hold.

    Args:
        predicted_m, true_m: joints in T frames.
        fps: frames per second.

    Raises:
        ValueError: shapes differ, the truth is not finite, or there are fewer than three frames.
    """
    check_pair(predicted_m, true_m, "joints")
    if predicted_m.shape[-3] < 3:
        raise ValueError(f"An acceleration needs at least 3 frames; got {predicted_m.shape[-3]}.")
    predicted, true = (fps**2 * x.diff(n=2, dim=-3) for x in (predicted_m, true_m))
    return g_mpjpe_mm(predicted, true)


def _rooted(
    predicted_m: Float[Tensor, "*b J 3"],
    true_m: Float[Tensor, "*c K 3"],
    root: Sequence[int],
    measured: Sequence[int] | None,
) -> tuple[Float[Tensor, "*b M 3"], Float[Tensor, "*b M 3"]]:
    """Both about their roots, and of them the joints that count."""
    check_pair(predicted_m, true_m, "joints")
    ids = range(true_m.shape[-2]) if measured is None else measured
    predicted, true = (at_root(points, root)[..., list(ids), :] for points in (predicted_m, true_m))
    return predicted, true
