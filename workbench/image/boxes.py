"""Boxes x0, y0, x1, y1 in photo pixels."""

import torch
from jaxtyping import Bool, Float
from scipy.optimize import linear_sum_assignment
from torch import Tensor


def checked_box(box_px: Float[Tensor, "4"], size_hw: tuple[int, int]) -> Float[Tensor, "4"]:
    """A box drawn by hand, as floats.

    Raises:
        ValueError: it is empty, not finite, or lies beside the photo.
    """
    box = box_px.float()
    height, width = size_hw
    x0, y0, x1, y1 = box.tolist()
    if not (torch.isfinite(box).all() and x0 < x1 and y0 < y1):
        raise ValueError(f"A box needs x0 < x1 and y0 < y1 in pixels; got ({x0:g}, {y0:g}, {x1:g}, {y1:g}).")
    if x1 <= 0 or y1 <= 0 or x0 >= width or y0 >= height:
        raise ValueError(
            f"The box ({x0:g}, {y0:g}, {x1:g}, {y1:g}) lies beside the photo of {width}×{height} pixels. "
            "Draw it over a person."
        )
    return box


def overlap(a: Float[Tensor, "4"], b: Float[Tensor, "4"]) -> float:
    """Intersection over union of two boxes."""
    return float(overlaps(a[None], b[None]))


def overlaps(a: Float[Tensor, "N 4"], b: Float[Tensor, "M 4"]) -> Float[Tensor, "N M"]:
    """Intersection over union of each box with each other one; 0 for empty boxes."""
    low, high = torch.maximum(a[:, None, :2], b[None, :, :2]), torch.minimum(a[:, None, 2:], b[None, :, 2:])
    both = (high - low).clamp_min(0).prod(-1)
    area_a, area_b = ((boxes[:, 2:] - boxes[:, :2]).prod(-1) for boxes in (a, b))
    return both / (area_a[:, None] + area_b - both).clamp_min(1e-9)


def match(
    boxes_px: Float[Tensor, "N 4"], others_px: Float[Tensor, "M 4"], least_overlap: float
) -> list[int | None]:
    """The partner of each box, all pairs together overlapping as much as they can.

    Every box has one partner at most (Kuhn, "The Hungarian method for the assignment problem", 1955).

    Args:
        boxes_px: who look for a partner.
        others_px: among whom.
        least_overlap: intersection over union, above 0, below which two boxes are no pair.

    Returns:
        A place in others_px for each box, or None.
    """
    shared = overlaps(boxes_px, others_px)
    shared = torch.where(shared < least_overlap, 0.0, shared)
    found: list[int | None] = [None] * len(boxes_px)
    for box, other in zip(*linear_sum_assignment(shared.numpy(), maximize=True), strict=True):
        if shared[box, other] > 0:
            found[box] = int(other)
    return found


def box_of_mask_px(mask: Bool[Tensor, "H W"]) -> Float[Tensor, "4"]:
    """x0, y0, x1, y1 around all pixels of a mask.

    Raises:
        ValueError: it has none.
    """
    y, x = torch.nonzero(mask, as_tuple=True)
    if not len(x):
        raise ValueError("An empty mask has no box around it.")
    return torch.stack((x.min(), y.min(), x.max() + 1, y.max() + 1)).float()


def area(box_px: Float[Tensor, "4"]) -> float:
    """Width times height."""
    return float((box_px[2:] - box_px[:2]).prod())
