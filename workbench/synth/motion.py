"""Recorded motion of a user's own, as poses of SMPL's 24 joints; bvh.py and amass.py read it."""

from dataclasses import dataclass

from jaxtyping import Float
from torch import Tensor


class MotionFileError(ValueError):
    """A motion file that is missing, damaged, too large, or not what it should be."""


@dataclass(frozen=True, eq=False)
class Motion:
    """One recording."""

    rotations: Float[Tensor, "T 24 3 3"]
    """Parent-relative, the root's in a world whose y points up."""
    root_m: Float[Tensor, "T 3"]
    """Where the pelvis of the recording is, in that world."""
    frames_per_s: float
    missing: tuple[str, ...] = ()
    """SMPL joints that the recording does not have; they keep their rest pose."""
