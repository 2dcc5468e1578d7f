"""What SPIN's ResNet-50 gets to see of a person: a window of the photo, 224 x 224, in ImageNet's units.

Source: nkolot/SPIN demo.py and constants.py.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, UInt8
from torch import Tensor

from workbench.body.joints import BLAZEPOSE, COCO
from workbench.geometry import Crop
from workbench.image.person import Person
from workbench.image.photo import Photo

SIZE = 224
MARGIN, SEEN = 1.2, 0.2
"""Of a window around landmarks, and visibility from which a landmark counts."""
LANDMARKS = [n for n, name in enumerate(BLAZEPOSE) if name in COCO or "heel" in name or "foot" in name]
"""BlazePose's 21 of the 25 that OpenPose has, for which the rule was made; neck, middle of the hips and small
toes are lacking, so the mean is a little elsewhere."""
IMAGENET_MEAN, IMAGENET_SPREAD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


def spin_window(person: Person) -> Crop:
    """SPIN's rule.

    Around landmarks: their mean, not their middle, and 1.2 times their longer extent. Around a box alone: its
    middle and its longer side, so the box should be tight. (SPIN rounds to whole pixels; this does not.)
    """
    if person.keypoints_px is not None:
        known = person.keypoints_px[LANDMARKS]
        seen = known[known[:, 2] > SEEN, :2]
        extent = float((seen.amax(0) - seen.amin(0)).max()) if len(seen) else 0.0
        if extent > 1:
            x, y = seen.mean(0).tolist()
            return Crop((x, y), MARGIN * extent, SIZE)
    return Crop.around(person.box_px, SIZE, margin=1.0)


def crops_of(photo: Photo, windows: Sequence[Crop]) -> Float[Tensor, "N 3 S S"]:
    """The windows' pixels, black outside the photo, minus ImageNet's mean and over its spread."""
    return in_imagenet_units(torch.stack([torch.from_numpy(window.cut(photo.rgb)) for window in windows]))


def in_imagenet_units(pixels: UInt8[Tensor, "N H W 3"]) -> Float[Tensor, "N 3 H W"]:
    """Minus ImageNet's mean, over its spread."""
    shares = pixels / 255
    return ((shares - torch.tensor(IMAGENET_MEAN)) / torch.tensor(IMAGENET_SPREAD)).permute(0, 3, 1, 2)
