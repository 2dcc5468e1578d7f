"""Who is who: recovered people and those of the truth, by where they are in the picture."""

import torch
from jaxtyping import Bool, Float
from scipy.optimize import linear_sum_assignment
from torch import Tensor

MIN_OVERLAP = 0.1
"""Intersection over union of two boxes below which they do not show the same person."""


def match(boxes_px: Float[Tensor, "N 4"], true_boxes_px: Float[Tensor, "M 4"]) -> list[int | None]:
    """The true person of each box, all boxes together overlapping theirs as much as they can.

    Every true person is used once at most (Kuhn, "The Hungarian method for the assignment problem", 1955).

    Args:
        boxes_px: of those who were found: x0, y0, x1, y1.
        true_boxes_px: of those who are there.

    Returns:
        A place in true_boxes_px for each box; None for a box that shows nobody.
    """
    shared = overlaps(boxes_px, true_boxes_px)
    found: list[int | None] = [None] * len(boxes_px)
    for box, true in zip(*linear_sum_assignment(shared.numpy(), maximize=True), strict=True):
        if shared[box, true] >= MIN_OVERLAP:
            found[box] = int(true)
    return found


def overlaps(a: Float[Tensor, "N 4"], b: Float[Tensor, "M 4"]) -> Float[Tensor, "N M"]:
    """Intersection over union of each box with each other one; 0 for empty boxes."""
    low, high = torch.maximum(a[:, None, :2], b[None, :, :2]), torch.minimum(a[:, None, 2:], b[None, :, 2:])
    both = (high - low).clamp_min(0).prod(-1)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(-1) for boxes in (a, b))
    return both / (area_a[:, None] + area_b - both).clamp_min(1e-9)


def box_of_mask_px(mask: Bool[Tensor, "H W"]) -> Float[Tensor, "4"]:
    """x0, y0, x1, y1 around all pixels of a mask.

    Raises:
        ValueError: it has none.
    """
    y, x = torch.nonzero(mask, as_tuple=True)
    if not len(x):
        raise ValueError("An empty mask has no box around it.")
    return torch.stack((x.min(), y.min(), x.max() + 1, y.max() + 1)).float()
