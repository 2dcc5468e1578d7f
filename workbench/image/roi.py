"""A rotated square in a photo: what the pose networks look at, and the exact map back."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float
from PIL import Image
from torch import Tensor


@dataclass(frozen=True)
class Roi:
    """A square of a photo, turned about its middle. Its own coordinates run from 0 to 1, x right, y down."""

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

    def grown(self, factor: float) -> "Roi":
        """The same square, `factor` times as large."""
        return Roi(self.center_px, self.side_px * factor, self.angle_rad)

    def bounds_px(self) -> tuple[float, float, float, float]:
        """The upright box x0, y0, x1, y1 around the square."""
        half = self.side_px / 2 * (abs(math.cos(self.angle_rad)) + abs(math.sin(self.angle_rad)))
        x, y = self.center_px
        return x - half, y - half, x + half, y + half

    def touches(self, other: "Roi") -> bool:
        """Whether the upright boxes around both squares overlap."""
        ax0, ay0, ax1, ay1 = self.bounds_px()
        bx0, by0, bx1, by1 = other.bounds_px()
        return ax0 < bx1 and bx0 < ax1 and ay0 < by1 and by0 < ay1

    def grid_px(self, size: int) -> Float[Tensor, "S S 2"]:
        """Where in the photo the middles of the square's pixels lie, when it is read with `size` a side."""
        middles = (np.arange(size) + 0.5) / size
        x, y = np.meshgrid(middles, middles)
        return torch.from_numpy(self.to_photo_px(np.stack((x, y), axis=-1))).float()


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
    # Pillow maps output pixels (their middles at .5, as everywhere here) to input pixels by six numbers.
    corners = np.array([[left, top], [left + 1, top], [left, top + 1]]) / scale
    origin, right_one, down_one = roi.from_photo_px(corners) * inside.shape[0]
    coefficients = np.column_stack((right_one - origin, down_one - origin, origin)).ravel()
    window = Image.fromarray((inside * 255).round().astype(np.uint8)).transform(
        (right - left, bottom - top), Image.Transform.AFFINE, tuple(coefficients), Image.Resampling.BILINEAR
    )
    mask[top:bottom, left:right] = np.asarray(window) >= 128
    return mask
