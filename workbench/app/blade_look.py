"""Which part of a photo the BLADE lab shows, and how large: its masks and cameras are of that picture."""

from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool
from torch import Tensor

from workbench.geometry import Camera
from workbench.image.photo import WORKING_PIXELS
from workbench.untrusted import entries, number, part, whole


@dataclass(frozen=True, eq=False)
class Look:
    """The part of a photo that the lab shows, and the photo as large as it is needed for that."""

    size_hw: tuple[int, int]
    """Of the whole photo, reduced."""
    scale: float
    """Pixels of the reduced photo per pixel of the photo."""
    window_px: tuple[int, int, int, int]
    """Left, top, right and bottom of what is shown, in the reduced photo."""

    @property
    def shown_hw(self) -> tuple[int, int]:
        """Size of the page's picture."""
        left, top, right, bottom = self.window_px
        return bottom - top, right - left

    def reduced(self, camera: Camera) -> Camera:
        """The photo's camera as one of the reduced photo."""
        return camera.window(0.0, 0.0, self.size_hw, self.scale)

    def camera(self, camera: Camera) -> Camera:
        """The reduced photo's camera as the page's picture needs it."""
        left, top = (float(place) for place in self.window_px[:2])
        return camera.window(left, top, self.shown_hw)

    def cut(self, mask: Bool[Tensor, "H W"]) -> Bool[Tensor, "h w"]:
        """What is shown of a mask of the reduced photo."""
        left, top, right, bottom = self.window_px
        return mask[top:bottom, left:right]

    def mask(self, shown: Bool[Tensor, "h w"]) -> Bool[Tensor, "H W"]:
        """The page's mask in the reduced photo.

        Raises:
            ValueError: it is not of the picture's size.
        """
        if tuple(shown.shape) != self.shown_hw:
            raise ValueError(
                f"The mask must have the picture's size {self.shown_hw}; got {tuple(shown.shape)}."
            )
        mask = torch.zeros(self.size_hw, dtype=torch.bool)
        self.cut(mask).copy_(shown)
        return mask

    def question(self) -> dict[str, Any]:
        """For the page, which sends it back with every question."""
        return {"size_hw": list(self.size_hw), "scale": self.scale, "window_px": list(self.window_px)}

    @classmethod
    def of(cls, data: Any) -> "Look":
        """The inverse of `question`.

        Raises:
            ValueError: it is none.
        """
        part(data, "The picture", "size_hw", "scale", "window_px")
        sides = entries(data["size_hw"], "size_hw", 2)
        height, width = (whole(side, "size_hw", 1, WORKING_PIXELS) for side in sides)
        if height * width > 2 * WORKING_PIXELS:
            raise ValueError(f"A photo has at most {WORKING_PIXELS} pixels; got {height} x {width}.")
        borders = entries(data["window_px"], "window_px", 4)
        left, top, right, bottom = (whole(n, "window_px", 0, max(height, width)) for n in borders)
        if not (left < right <= width and top < bottom <= height):
            raise ValueError("The window must lie inside the photo.")
        scale = number(data["scale"], "scale", 1e-4, 1.0)
        return cls((height, width), scale, (left, top, right, bottom))
