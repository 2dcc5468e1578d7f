"""Moving a prediction onto the truth before measuring; each alignment forgives, and so hides, something.

root         forgives where the person is
scale        forgives how tall the person is as well              (N-MPJPE)
similarity   forgives place, size and facing: only the posture is left  (PA-MPJPE)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import roma
import torch
from jaxtyping import Float
from torch import Tensor

from workbench.evaluation.checks import broken, check_pair


@dataclass(frozen=True, eq=False)
class Similarity:
    """x -> scale R x + translation, one per sample."""

    rotation: Float[Tensor, "*b 3 3"]
    """Proper: determinant +1, so a mirrored person is never turned into its mirror image."""
    scale: Float[Tensor, "*b"]
    translation: Float[Tensor, "*b 3"]

    def apply(self, points: Float[Tensor, "*b N 3"]) -> Float[Tensor, "*b N 3"]:
        """The points where the similarity takes them."""
        turned = points @ self.rotation.mT
        return self.scale[..., None, None] * turned + self.translation[..., None, :]


def procrustes(
    predicted: Float[Tensor, "*b N 3"], true: Float[Tensor, "*c M 3"], scaled: bool = True
) -> Similarity:
    """The similarity that takes the prediction closest to the truth in the sum of squares.

    Umeyama, "Least-squares estimation of transformation parameters between two point patterns", PAMI 1991.
    Any number of points from one on. Where several rotations are equally good (one point, two points, points
    on a line, a mirrored person) it is one of them. Where the size says nothing (all predicted points in one
    place) the scale is 1. It is NaN for predictions that are not finite. Computed in double precision.

    Args:
        predicted: points to be moved, any unit.
        true: where they should come to lie, same shape and unit.
        scaled: False keeps the size, for a rigid motion.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    check_pair(predicted, true, "points")
    bad = broken(predicted, 2)[..., None, None]
    source = torch.where(bad, torch.zeros_like(predicted), predicted).double()
    target = true.double()
    source_mean, target_mean = source.mean(-2, keepdim=True), target.mean(-2, keepdim=True)
    source, target = source - source_mean, target - target_mean
    rotation = _nearest_rotation(target.mT @ source)
    spread = source.square().sum((-2, -1))
    gained = (target * (source @ rotation.mT)).sum((-2, -1))
    scale = torch.where(spread > 0, gained / spread.clamp_min(torch.finfo(spread.dtype).tiny), 1.0)
    if not scaled:
        scale = torch.ones_like(scale)
    moved_mean = scale[..., None, None] * (source_mean @ rotation.mT)
    rotation = torch.where(bad, torch.full_like(rotation, torch.nan), rotation)
    return Similarity(rotation.to(true), scale.to(true), (target_mean - moved_mean)[..., 0, :].to(true))


def _nearest_rotation(matrix: Float[Tensor, "*b 3 3"]) -> Float[Tensor, "*b 3 3"]:
    """The rotation R with the greatest trace of R^T M, by a singular value decomposition."""
    rotation = roma.special_procrustes(matrix)
    assert isinstance(rotation, Tensor)  # roma returns a tuple only when asked for singular values
    return rotation


def at_root(points: Float[Tensor, "*b N 3"], root: Sequence[int]) -> Float[Tensor, "*b N 3"]:
    """Points about their root.

    Args:
        points: joints.
        root: ids of the joints whose mean is the root, such as one pelvis or two hips.
    """
    return points - points[..., list(root), :].mean(-2, keepdim=True)


def best_scale(predicted: Float[Tensor, "*b N 3"], true: Float[Tensor, "*b N 3"]) -> Float[Tensor, "*b"]:
    """The factor that takes the prediction closest to the truth in the sum of squares, both about the origin.

    It is negative for a prediction that is more opposed to the truth than alike, and 1 for one of no size.
    """
    spread = predicted.square().sum((-2, -1))
    likeness = (predicted * true).sum((-2, -1))
    return torch.where(spread == 0, 1.0, likeness / spread.where(spread != 0, torch.ones_like(spread)))
