"""A rotated square in a photo: what the pose networks look at, and the exact map back."""

import math
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, UInt8
from PIL import Image
from torch import Tensor


@dataclass(frozen=True)
class Roi:
    """A square of a photo, turned about its middle. Its own coordinates run from 0 to 1, x right and y down."""

    center_px: tuple[float, float]
    side_px: float
    angle_rad: float = 0.0
    """Clockwise on the screen; the square's up points to (sin, -cos) in the photo."""

    @classmethod
    def upright_from(
        cls, center_px: Float[np.ndarray, "2"], top_px: Float[np.ndarray, "2"], margin: float
    ) -> "Roi":
        """The square around the circle through `top_px`, turned so that centre to top points up."""
        dx, dy = (float(v) for v in top_px - center_px)
        angle = math.remainder(math.pi / 2 - math.atan2(-dy, dx), math.tau)
        return cls((float(center_px[0]), float(center_px[1])), 2 * margin * math.hypot(dx, dy), angle)

    @property
    def rotation(self) -> Float[np.ndarray, "2 2"]:
        """Directions in the square to directions in the photo."""
        c, s = math.cos(self.angle_rad), math.sin(self.angle_rad)
        return np.array([[c, -s], [s, c]])

    def to_photo_px(self, points: Float[np.ndarray, "*n 2"]) -> Float[np.ndarray, "*n 2"]:
        """Square coordinates (0..1) to photo pixels."""
        return (points - 0.5) @ (self.side_px * self.rotation.T) + np.array(self.center_px)

    def from_photo_px(self, points: Float[np.ndarray, "*n 2"]) -> Float[np.ndarray, "*n 2"]:
        """Photo pixels to square coordinates (0..1)."""
        return (points - np.array(self.center_px)) @ (self.rotation / self.side_px) + 0.5

    def bounds_px(self) -> tuple[float, float, float, float]:
        """The upright box x0, y0, x1, y1 around the square."""
        half = self.side_px / 2 * (abs(math.cos(self.angle_rad)) + abs(math.sin(self.angle_rad)))
        x, y = self.center_px
        return x - half, y - half, x + half, y + half


class Pyramid:
    """A photo with its halves, quarters and so on, so that a large square is read without aliasing."""

    def __init__(self, rgb: UInt8[np.ndarray, "H W 3"], smallest_px: int = 128) -> None:
        self.size_hw = rgb.shape[:2]
        self._levels = [rgb]
        while min(self._levels[-1].shape[:2]) >= 2 * smallest_px:
            self._levels.append(np.asarray(Image.fromarray(self._levels[-1]).reduce(2)))

    def read(self, roi: Roi, size: int, beyond: str = "zeros") -> Float[Tensor, "3 S S"]:
        """The square as a picture of size x size, 0..1.

        Args:
            roi: which square.
            size: pixels a side.
            beyond: "zeros" for black outside the photo, "border" to go on with its last pixels.
        """
        level = min(max(int(math.log2(max(roi.side_px / size, 1.0))), 0), len(self._levels) - 1)
        rgb = self._levels[level]
        x0, y0, x1, y1 = (v / 2**level for v in roi.bounds_px())
        height, width = rgb.shape[:2]
        left, right = _span(x0, x1, width)
        top, bottom = _span(y0, y1, height)
        window = torch.from_numpy(rgb[top:bottom, left:right].astype(np.float32) / 255).permute(2, 0, 1)
        points = grid_px(roi, size) / 2**level - torch.tensor([left, top])
        return sample(window, points, beyond)


def grid_px(roi: Roi, size: int) -> Float[Tensor, "S S 2"]:
    """Photo coordinates of the middles of a square's pixels."""
    middles = (np.arange(size) + 0.5) / size
    x, y = np.meshgrid(middles, middles)
    return torch.from_numpy(roi.to_photo_px(np.stack((x, y), axis=-1))).float()


def sample(
    picture: Float[Tensor, "C H W"], points: Float[Tensor, "S T 2"], beyond: str
) -> Float[Tensor, "C S T"]:
    """Bilinear values of a picture at points given in its own pixels."""
    height, width = picture.shape[1:]
    grid = points * torch.tensor([2 / width, 2 / height]) - 1
    return F.grid_sample(picture[None], grid[None], padding_mode=beyond, align_corners=False)[0]


def paste_mask(
    inside: Float[np.ndarray, "S S"], roi: Roi, size_hw: tuple[int, int], scale: float = 1.0
) -> Bool[np.ndarray, "H W"]:
    """A square's probabilities (0..1) as a mask in the photo, cut at one half; nothing outside the square.

    Args:
        inside: probabilities on the square's grid.
        roi: where the square lies, in photo pixels.
        size_hw: size of the mask to make.
        scale: mask pixels per photo pixel.
    """
    height, width = size_hw
    mask = np.zeros((height, width), dtype=bool)
    x0, y0, x1, y1 = (v * scale for v in roi.bounds_px())
    left, right = max(math.floor(x0), 0), min(math.ceil(x1), width)
    top, bottom = max(math.floor(y0), 0), min(math.ceil(y1), height)
    if left >= right or top >= bottom:
        return mask
    size = inside.shape[0]
    # Pillow maps output pixels (its middles at .5, as everywhere here) to input pixels by six numbers.
    corners = np.array([[left, top], [left + 1, top], [left, top + 1]]) / scale
    origin, right_one, down_one = roi.from_photo_px(corners) * size
    coefficients = np.column_stack((right_one - origin, down_one - origin, origin)).ravel()
    picture = Image.fromarray((inside * 255).round().astype(np.uint8))
    window = picture.transform(
        (right - left, bottom - top), Image.Transform.AFFINE, tuple(coefficients), Image.Resampling.BILINEAR
    )
    mask[top:bottom, left:right] = np.asarray(window) >= 128
    return mask


def _span(low: float, high: float, size: int) -> tuple[int, int]:
    """The pixels from low to high with a margin for interpolation, at least one and all inside the picture."""
    first = min(max(math.floor(low) - 2, 0), size - 1)
    return first, max(min(math.ceil(high) + 2, size), first + 1)
