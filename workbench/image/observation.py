"""What a crop-based method reads of one person."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Bool, Float, UInt8
from torch import Tensor

from workbench.geometry import Crop
from workbench.image.person import Person
from workbench.image.photo import Photo


@dataclass(frozen=True, eq=False)
class Observation:
    """A square crop of one person, all channels on the same grid."""

    rgb: UInt8[np.ndarray, "S S 3"]
    """Colour crop, black outside the photo."""
    mask: Bool[Tensor, "S S"] | None
    """The person's pixels, if the finder gave them."""
    keypoints: Float[Tensor, "33 3"] | None
    """Landmarks in crop units [-1, 1] (x right, y down) and visibility."""
    depth_m: Float[Tensor, "S S"] | None
    """Metric depth, 0 where unknown."""
    crop: Crop
    """The window, with its exact map back to the photo."""
    focal_px: float | None
    """Focal length of the full photo when it is known."""


def observe(photo: Photo, person: Person, size: int = 224, margin: float = 1.2) -> Observation:
    """Cut one person out of a photo."""
    crop = Crop.around(person.box_px, size, margin)
    keypoints = None
    if person.keypoints_px is not None:
        xy = crop.from_photo_px(person.keypoints_px[:, :2]) * (2 / size) - 1
        keypoints = torch.cat((xy, person.keypoints_px[:, 2:]), dim=1)
    mask = None if person.mask is None else crop.cut_mask(person.mask.float()) > 0.5
    depth_m = None if photo.depth_m is None else crop.cut_depth(photo.depth_m)
    return Observation(crop.cut(photo.rgb), mask, keypoints, depth_m, crop, photo.focal_px)
