"""Who is who: recovered people and those of the truth, by where they are in the picture."""

from jaxtyping import Float
from torch import Tensor

from workbench.image import boxes
from workbench.image.boxes import box_of_mask_px

MIN_OVERLAP = 0.1
"""Intersection over union of two boxes below which they do not show the same person."""

__all__ = ["MIN_OVERLAP", "box_of_mask_px", "match"]


def match(boxes_px: Float[Tensor, "N 4"], true_boxes_px: Float[Tensor, "M 4"]) -> list[int | None]:
    """The true person of each box, as a place in true_boxes_px; None for a box that shows nobody.

    Args:
        boxes_px: of those who were found: x0, y0, x1, y1.
        true_boxes_px: of those who are there; each is used once at most.
    """
    return boxes.match(boxes_px, true_boxes_px, MIN_OVERLAP)
