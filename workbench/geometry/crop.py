"""A square crop of a photo and its exact map back."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32, Int, Shaped, UInt8
from scipy.sparse import csr_matrix
from torch import Tensor

from workbench.geometry.camera import Camera

FARTHEST_PX = 1e6  # of a box; no photo is as wide, and float32 still tells neighbouring pixels apart


@dataclass(frozen=True, eq=False)
class Crop:
    """A square window of a photo, resampled to `size` pixels a side."""

    center_px: tuple[float, float]
    """Middle of the window in the photo."""
    side_px: float
    """Side of the window in the photo."""
    size: int
    """Side of the crop in its own pixels."""

    @classmethod
    def around(cls, box_px: Float[Tensor, "4"], size: int, margin: float = 1.2) -> "Crop":
        """The square around a box (x0, y0, x1, y1), `margin` times its longer side.

        Raises:
            ValueError: the box is empty, not finite, or farther out than any photo reaches.
        """
        x0, y0, x1, y1 = (float(v) for v in box_px)
        if not (np.isfinite([x0, y0, x1, y1]).all() and x1 > x0 and y1 > y0):
            raise ValueError(
                f"A box needs x0 < x1 and y0 < y1 in pixels; got ({x0:g}, {y0:g}, {x1:g}, {y1:g})."
            )
        if max(map(abs, (x0, y0, x1, y1))) > FARTHEST_PX:
            raise ValueError(
                f"A box lies in or near its photo, within {FARTHEST_PX:g} px; "
                f"got ({x0:g}, {y0:g}, {x1:g}, {y1:g})."
            )
        return cls(((x0 + x1) / 2, (y0 + y1) / 2), margin * max(x1 - x0, y1 - y0), size)

    @property
    def photo_from_crop(self) -> Float[Tensor, "2 3"]:
        """Affine map from crop pixels to photo pixels."""
        scale = self.side_px / self.size
        x0, y0 = (c - self.side_px / 2 for c in self.center_px)
        return torch.tensor([[scale, 0.0, x0], [0.0, scale, y0]])

    def to_photo_px(self, points: Float[Tensor, "*b 2"]) -> Float[Tensor, "*b 2"]:
        """Crop pixels to photo pixels."""
        affine = self.photo_from_crop.to(points)
        return points @ affine[:, :2].T + affine[:, 2]

    def from_photo_px(self, points: Float[Tensor, "*b 2"]) -> Float[Tensor, "*b 2"]:
        """Photo pixels to crop pixels."""
        affine = self.photo_from_crop.to(points)
        return (points - affine[:, 2]) / affine[0, 0]

    def camera(self, photo: Camera) -> Camera:
        """The photo's camera as the crop sees it: crop pixels, and the photo's own perspective."""
        left, top = (c - self.side_px / 2 for c in self.center_px)
        return photo.window(left, top, (self.size, self.size), self.size / self.side_px)

    def cut(self, rgb: UInt8[np.ndarray, "H W 3"]) -> UInt8[np.ndarray, "S S 3"]:
        """Resample the window with antialiasing; black outside the photo."""
        return np.rint(self._resample(rgb)).clip(0, 255).astype(np.uint8)

    def cut_mask(self, mask: Float[Tensor, "H W"]) -> Float[Tensor, "S S"]:
        """The same for a mask of 0..1."""
        return torch.from_numpy(self._resample(mask.numpy()[..., None].astype(np.float32))[..., 0])

    def cut_depth(self, depth_m: Float[Tensor, "H W"]) -> Float[Tensor, "S S"]:
        """The nearest pixel's depth, so that no depth is made up between a person and the wall behind.

        0, for not measured, stays 0, and is what lies outside the photo.
        """
        rows, in_rows = self._nearest(1, depth_m.shape[0])
        columns, in_columns = self._nearest(0, depth_m.shape[1])
        return torch.where(in_rows[:, None] & in_columns, depth_m[rows[:, None], columns], 0.0)

    def _nearest(self, axis: int, length: int) -> tuple[Int[Tensor, "S"], Bool[Tensor, "S"]]:
        """Along one axis: the photo's pixel under each of the crop's, and whether the photo has it."""
        start = self.center_px[axis] - self.side_px / 2
        steps = torch.arange(self.size, dtype=torch.float64) + 0.5
        pixels = (start + steps * (self.side_px / self.size)).floor().long()
        return pixels.clamp(0, length - 1), (pixels >= 0) & (pixels < length)

    def _resample(self, picture: Shaped[np.ndarray, "H W C"]) -> Float32[np.ndarray, "S S C"]:
        """One axis after the other, and only the pixels that the photo has: far outside costs nothing."""
        rows, down = self._weights(1, picture.shape[0])
        columns, across = self._weights(0, picture.shape[1])
        part = picture[rows, columns]
        height, width, channels = part.shape
        shorter = down @ part.reshape(height, width * channels)
        turned = shorter.reshape(self.size, width, channels).swapaxes(0, 1)
        small = across @ turned.reshape(width, self.size * channels)
        return np.ascontiguousarray(small.reshape(self.size, self.size, channels).swapaxes(0, 1))

    def _weights(self, axis: int, length: int) -> tuple[slice, csr_matrix]:
        """Along one axis: the photo's pixels that count, and how much each does for each of the crop's.

        A triangle as wide as two pixels of the photo or the crop, whichever are larger, as in Pillow's
        BILINEAR. The rows sum to one over an endless picture; what the photo lacks of it is black.
        """
        scale, start = self.side_px / self.size, self.center_px[axis] - self.side_px / 2
        reach = max(1.0, scale)
        first = min(max(0, math.floor(start - reach)), length)
        last = max(first, min(length, math.ceil(start + self.side_px + reach)))
        centers = start + (np.arange(self.size) + 0.5) * scale
        distance = np.abs(centers[:, None] - (np.arange(first, last) + 0.5))
        beyond = (centers - 0.5) % 1  # from the last pixel of the endless picture before the centre
        total = _sum_of_ramp(beyond, reach) + _sum_of_ramp(1 - beyond, reach)
        weights = (1 - distance / reach).clip(0) / total[:, None]
        return slice(first, last), csr_matrix(weights.astype(np.float32))


def _sum_of_ramp(first: Float[np.ndarray, "S"], reach: float) -> Float[np.ndarray, "S"]:
    """Sum of 1 - d / reach over d = first, first + 1, ... up to reach."""
    count = np.floor(reach - first) + 1
    return count * (1 - (first + (count - 1) / 2) / reach)
