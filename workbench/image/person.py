"""A person in a photo, as a finder reports them."""

from dataclasses import dataclass

from jaxtyping import Bool, Float
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Person:
    """One person. Landmarks are the 33 of BlazePose, in its order (body/joints.py names them)."""

    box_px: Float[Tensor, "4"]
    """x0, y0, x1, y1 in the photo; may reach outside it for a person cut by the frame."""
    score: float
    """0..1, the finder's confidence; 1 for a box drawn by hand."""
    keypoints_px: Float[Tensor, "33 3"] | None = None
    """x, y in the photo and visibility 0..1."""
    keypoints_m: Float[Tensor, "33 3"] | None = None
    """Metric landmarks about the hip centre, camera axes (x right, y down, z forward)."""
    mask: Bool[Tensor, "H W"] | None = None
    """The person's pixels in the photo."""

    def __post_init__(self) -> None:
        """Refuse numbers that no method could use.

        Raises:
            ValueError: the box or a landmark is not finite.
        """
        for name in ("box_px", "keypoints_px", "keypoints_m"):
            numbers = getattr(self, name)
            if numbers is not None and not numbers.isfinite().all():
                raise ValueError(
                    f"A person's {name} must be finite numbers; got {numbers[~numbers.isfinite()][0]:g}."
                )
