"""A photo to look around in: squares of any size are read without aliasing, people can be painted over."""

import math
from typing import Literal

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, UInt8
from PIL import Image
from torch import Tensor

from workbench.image.roi import Roi

SMALLEST_LEVEL_PX = 128
SMALL_SIDE_PX = 320  # masks and paint are kept at this size; they need no detail
PAINT_CELL_PX = 8
PAINT_WINDOW = 5  # cells whose colours are mixed; odd
PAINT_GROWTH_PX = 2  # a person is painted over with this much around the mask
Beyond = Literal["zeros", "border"]


class Scene:
    """A photo, its halves and quarters, and what has been painted over."""

    def __init__(self, rgb: UInt8[np.ndarray, "H W 3"]) -> None:
        self._levels = [rgb]
        while min(self._levels[-1].shape[:2]) >= 2 * SMALLEST_LEVEL_PX:
            self._levels.append(np.asarray(Image.fromarray(self._levels[-1]).reduce(2)))
        self.size_hw = (rgb.shape[0], rgb.shape[1])
        self.small_scale = min(1.0, SMALL_SIDE_PX / max(self.size_hw))
        height, width = (max(round(v * self.small_scale), 1) for v in self.size_hw)
        self.small_hw = (height, width)
        level = min(int(math.log2(1 / self.small_scale)), len(self._levels) - 1)
        small = Image.fromarray(self._levels[level]).resize((width, height), Image.Resampling.BILINEAR)
        self._small = torch.from_numpy(np.array(small)).permute(2, 0, 1) / 255
        self._paint_hw = (math.ceil(height / PAINT_CELL_PX), math.ceil(width / PAINT_CELL_PX))
        self._covered = np.zeros(self.small_hw, dtype=bool)
        self._paint: Tensor | None = None
        self._cover = torch.zeros(1, height, width)

    def hide(self, small_mask: Bool[np.ndarray, "h w"]) -> None:
        """Paint a person over with the blurred surroundings, so that the detector sees nobody there."""
        self._covered |= small_mask
        covered = torch.from_numpy(self._covered).float()[None]
        cover = F.max_pool2d(covered, 2 * PAINT_GROWTH_PX + 1, stride=1, padding=PAINT_GROWTH_PX)
        # The mean of what is free around each place; where nothing is, the mean of all that is free.
        coarse = F.adaptive_avg_pool2d(torch.cat((self._small * (1 - cover), 1 - cover)), self._paint_hw)
        around = F.avg_pool2d(coarse, PAINT_WINDOW, stride=1, padding=PAINT_WINDOW // 2)
        around = around + 1e-3 * coarse.mean(dim=(1, 2), keepdim=True) + 1e-9
        self._paint = around[:3] / around[3:]
        self._cover = F.avg_pool2d(cover, 3, stride=1, padding=1)

    def read(self, roi: Roi, size: int, beyond: Beyond) -> Float[Tensor, "3 S S"]:
        """A square as a picture of size x size, 0..1.

        Args:
            roi: which square.
            size: pixels a side.
            beyond: "zeros" for black outside the photo, "border" to go on with its last pixels.
        """
        points = roi.grid_px(size)
        level = min(max(int(math.log2(max(roi.side_px / size, 1.0))), 0), len(self._levels) - 1)
        rgb = self._levels[level]
        x0, y0, x1, y1 = (v / 2**level for v in roi.bounds_px())
        left, right = _span(x0, x1, rgb.shape[1])
        top, bottom = _span(y0, y1, rgb.shape[0])
        window = torch.from_numpy(rgb[top:bottom, left:right].astype(np.float32) / 255).permute(2, 0, 1)
        picture = sample(window, points / 2**level - torch.tensor([left, top]), beyond)
        if self._paint is None:
            return picture
        small = points * self.small_scale
        cover = sample(self._cover, small, "zeros")
        if not cover.any():
            return picture
        cells = torch.tensor([self._paint_hw[1] / self.small_hw[1], self._paint_hw[0] / self.small_hw[0]])
        return torch.lerp(picture, sample(self._paint, small * cells, "border"), cover)


def sample(
    picture: Float[Tensor, "C H W"], points: Float[Tensor, "S T 2"], beyond: Beyond
) -> Float[Tensor, "C S T"]:
    """Bilinear values of a picture at points given in its own pixels."""
    height, width = picture.shape[1:]
    grid = points * torch.tensor([2 / width, 2 / height]) - 1
    return F.grid_sample(picture[None], grid[None], padding_mode=beyond, align_corners=False)[0]


def _span(low: float, high: float, size: int) -> tuple[int, int]:
    """The pixels from low to high and a few more for interpolation; at least one, and all in the picture."""
    first = min(max(math.floor(low) - 2, 0), size - 1)
    return first, max(min(math.ceil(high) + 2, size), first + 1)
