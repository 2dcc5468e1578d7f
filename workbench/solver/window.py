"""The part of a photo in which a mask and an outline are compared."""

import math
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.geometry import Crop

MARGIN = 1.5
"""Side of the window, times the longer side of the mask's box: room for limbs that the mask lacks."""


def cut_mask(crop: Crop, mask: Bool[Tensor, "H W"]) -> tuple[Bool[Tensor, "S S"], Bool[Tensor, "S S"]]:
    """A mask in a crop, and which of the crop's pixels lie inside the photo."""
    return crop.cut_mask(mask.float()) > 0.5, crop.cut_mask(torch.ones_like(mask).float()) > 0.5


def box_of(mask: Bool[Tensor, "H W"]) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 of the pixels of a mask that is not empty."""
    rows, columns = (mask.any(axis).nonzero()[:, 0] for axis in (1, 0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


@dataclass(frozen=True, eq=False)
class Window:
    """A square around a mask, in pixels of the photo or larger ones, never smaller."""

    crop: Crop
    target: Bool[Tensor, "S S"]
    seen: Bool[Tensor, "S S"]
    """Inside the photo; nothing is known of the rest."""
    person_px: float
    """Longer side of the mask's box, in pixels of the photo."""
    cut: bool
    """Whether the mask reaches the photo's border."""

    @classmethod
    def around(cls, mask: Bool[Tensor, "H W"], size: int = 256) -> "Window":
        """The window of a mask that is not empty, of at most `size` pixels a side.

        It is not resampled where the photo's own pixels are few enough, so that an exact mask stays exact.
        """
        x0, y0, x1, y1 = box_of(mask)
        person = max(x1 - x0, y1 - y0)
        reach = math.ceil(MARGIN * person)
        height, width = mask.shape
        (left, right), (top, bottom) = _within(x0, x1, reach, width), _within(y0, y1, reach, height)
        side = max(right - left, bottom - top)
        crop = Crop((left + side / 2, top + side / 2), float(side), min(side, size))
        cut = x0 == 0 or y0 == 0 or x1 == width or y1 == height
        return cls(crop, *cut_mask(crop, mask), float(person), cut)

    @property
    def side_px(self) -> float:
        """Side in pixels of the photo; lengths in units of it do not depend on the photo's resolution."""
        return self.crop.side_px

    def to(self, device: torch.device) -> "Window":
        """The same window elsewhere."""
        return replace(self, target=self.target.to(device), seen=self.seen.to(device))

    def to_window_px(self, xy_px: Float[Tensor, "*b 2"]) -> Float[Tensor, "*b 2"]:
        """Points of the photo in pixels of the window."""
        return self.crop.from_photo_px(xy_px)


def _within(low: int, high: int, reach: int, length: int) -> tuple[int, int]:
    """A range of `reach` pixels about the middle of another, cut by the photo."""
    start = (low + high - reach) // 2
    return max(start, 0), min(start + reach, length)
