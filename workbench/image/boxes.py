"""Boxes x0, y0, x1, y1 in photo pixels."""

import torch
from jaxtyping import Float
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
    both = (torch.minimum(a[2:], b[2:]) - torch.maximum(a[:2], b[:2])).clamp_min(0).prod()
    return float(both / (area(a) + area(b) - both))


def area(box_px: Float[Tensor, "4"]) -> float:
    """Width times height."""
    return float((box_px[2:] - box_px[:2]).prod())
