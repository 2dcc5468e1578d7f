"""A square crop of a photo and its exact map back."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

from workbench.geometry.camera import Camera


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
            ValueError: the box is empty or not finite.
        """
        x0, y0, x1, y1 = (float(v) for v in box_px)
        if not (np.isfinite([x0, y0, x1, y1]).all() and x1 > x0 and y1 > y0):
            raise ValueError(
                f"A box needs x0 < x1 and y0 < y1 in pixels; got ({x0:g}, {y0:g}, {x1:g}, {y1:g})."
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
        return self._resample(Image.fromarray(rgb))

    def cut_mask(self, mask: Float[Tensor, "H W"]) -> Float[Tensor, "S S"]:
        """The same for a mask of 0..1."""
        return torch.from_numpy(self._resample(Image.fromarray(mask.numpy().astype(np.float32), mode="F")))

    def _resample(self, picture: Image.Image) -> np.ndarray:
        x0, y0 = (c - self.side_px / 2 for c in self.center_px)
        reach = int(np.ceil(max(1.0, self.side_px / self.size)))  # the filter also reads this far outside
        left, top = int(np.floor(x0)) - reach, int(np.floor(y0)) - reach
        extent = int(np.ceil(self.side_px)) + 2 * reach + 1
        window = picture.crop((left, top, left + extent, top + extent))  # PIL pads with zeros
        box = (x0 - left, y0 - top, x0 - left + self.side_px, y0 - top + self.side_px)
        return np.array(window.resize((self.size, self.size), Image.Resampling.BILINEAR, box=box))
