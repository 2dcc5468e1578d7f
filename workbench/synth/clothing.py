"""Where clothes are on the body, how far they stand off it, and their colours.

Everything is decided by where a point lies on the mean person in rest pose, so an edge is as sharp as the
picture, and follows the body through every pose. Distances from an edge are positive inside the garment.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.synth.appearance import Looks
from workbench.synth.relief import Relief
from workbench.synth.textures import fabric_at

EDGE_M = 0.012
"""Cloth reaches its full distance from the skin so far inside its edge."""
CLOTH_M, SHOE_M, SOLE_M = 0.005, 0.012, 0.02
ARM_M, ARM_Y_M = 0.19, 0.24
"""Beyond the first from the middle and above the second is an arm."""
WAIST_M = 0.03
NECK = (0.427, -0.035)
"""Height and depth of the base of the neck."""


@dataclass(frozen=True, eq=False)
class Cover:
    """Distance inside each garment's edge, m."""

    top: Float[Tensor, "P"]
    bottom: Float[Tensor, "P"]
    sock: Float[Tensor, "P"]
    shoe: Float[Tensor, "P"]

    @property
    def bare(self) -> Bool[Tensor, "P"]:
        """Where none of them is."""
        return torch.stack((self.top, self.bottom, self.sock, self.shoe)).amax(0) <= 0


def cover(looks: Looks, rest_m: Float[Tensor, "P 3"]) -> Cover:
    """Which garments are over points of the body.

    Args:
        looks: one row, or one per point.
        rest_m: on the mean person in rest pose.
    """
    x, y, z = rest_m.unbind(-1)
    aside = x.abs()
    arm = (aside > ARM_M) & (y > ARM_Y_M)
    front = ((z - NECK[1]) / 0.1).clamp(0, 1)
    throat = NECK[0] - 0.45 * (aside - 0.06).clamp_min(0) * (aside < 0.1) + 0.012 - 0.035 * front
    dip = looks.neckline_m * front * (1 - (aside / 0.085) ** 2).clamp_min(0)
    neck = torch.where(aside < 0.13, throat - dip - y, torch.inf)
    top = torch.minimum(torch.minimum(y - looks.hem_m, neck), looks.sleeve_m - aside)
    top = torch.where(arm, torch.minimum(looks.sleeve_m - aside, neck), top)
    bottom = torch.where(arm, -1.0, torch.minimum(y - looks.leg_m, WAIST_M - y))
    return Cover(top, bottom, looks.sock_m - y, looks.shoe_m - y)


def stand_off_m(looks: Looks, relief: Relief, on: Cover) -> Float[Tensor, "P"]:
    """How far clothes stand off the skin along its normal; `on` is the cover of the relief's points."""
    x, y, _ = relief.rest_m.unbind(-1)
    hanging = ((0.3 - y) / 0.3).clamp(0, 1) * (x.abs() < ARM_M)  # a top lies on the shoulders
    sleeve = ((x.abs() - ARM_M) / 0.2).clamp(0, 1) * 0.7
    crease = 1 + 0.5 * looks.folds * relief.creases
    top = CLOTH_M + looks.top_loose_m * torch.maximum(hanging, sleeve) * crease
    down = ((-0.15 - y) / 0.4).clamp(0, 1)
    bottom = CLOTH_M + looks.bottom_loose_m * down * crease
    bottom = bottom * torch.where(looks.has_skirt, 0.2, 1.0)
    thick = torch.maximum(top * _inside(on.top), bottom * _inside(on.bottom))
    shoe = SHOE_M + (SOLE_M - SHOE_M) * (y < -1.0)
    return torch.maximum(thick, torch.maximum(shoe * _inside(on.shoe), 0.002 * _inside(on.sock)))


def dressed(
    looks: Looks, rest_m: Float[Tensor, "P 3"], uv: Float[Tensor, "P 2"], skin: Float[Tensor, "P 3"]
) -> Float[Tensor, "P 3"]:
    """The colours of clothes over those of the skin."""
    on = cover(looks, rest_m)
    y = rest_m[..., 1]
    color = torch.where(on.sock[..., None] > 0, looks.sock, skin)
    color = torch.where(on.shoe[..., None] > 0, looks.shoe, color)
    sole = (on.shoe > 0) & (y < -1.004)
    color = torch.where(sole[..., None], looks.sole, color)
    bottom = _fabric(looks.bottom, looks.bottom_second, looks.bottom_fabric, looks.bottom_repeat, uv)
    bottom = bottom * _seam(on.bottom)
    color = torch.where((on.bottom[..., None] > 0) & (on.shoe[..., None] <= 0), bottom, color)
    top = _fabric(looks.top, looks.top_second, looks.top_fabric, looks.top_repeat, uv) * _seam(on.top)
    return torch.where(on.top[..., None] > 0, top, color)


def _inside(distance: Tensor) -> Tensor:
    return (distance / EDGE_M).clamp(0, 1)


def _seam(distance: Tensor) -> Tensor:
    """A hem is a little darker."""
    return torch.where(distance < 0.016, 0.82, 1.0)[..., None]


def _fabric(first: Tensor, second: Tensor, tile: Tensor, repeat: Tensor, uv: Tensor) -> Tensor:
    share = fabric_at(tile, repeat, uv)[..., None]
    return first + (second - first) * share
