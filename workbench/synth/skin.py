"""Skin, faces and hair on the head: colours by place on the mean person in rest pose."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.synth.appearance import HAIR_STYLES, HATS, Looks
from workbench.synth.relief import Relief, hairline
from workbench.synth.textures import waves

EYE = (0.031, 0.5555, 0.0905)
"""Foremost point of the left eye."""
MOUTH = (0.0, 0.4855, 0.1)
HAIRLINE = (0.617, 0.095, 0.93)
"""Height and depth of a point on the forehead through which the hairline's plane goes, and its slope."""
FLUSH = (1.08, 0.86, 0.84)
"""What blood under thin skin does to its colour."""


def skin_color(
    looks: Looks, rest_m: Float[Tensor, "P 3"], eyeball: Bool[Tensor, "P"] | Float[Tensor, "P"]
) -> Float[Tensor, "P 3"]:
    """Bare skin with a face, under white light.

    Args:
        looks: one row, or one per point.
        rest_m: on the mean person in rest pose.
        eyeball: above 0.5 on the eyeballs.
    """
    x, y, z = rest_m.unbind(-1)
    aside = x.abs()
    mottled = 1 + 0.05 * waves(rest_m, 0.03, seed=2)
    color = looks.skin * mottled[..., None]
    flush = looks.skin.new_tensor(FLUSH)
    warm = _blob(aside, y, 0.04, 0.513, 0.022) * (z > 0.05) + _blob(aside, y, 0.0, 0.513, 0.014) * (z > 0.09)
    warm = (warm + (aside > 0.72).float() * 0.6).clamp(0, 1)[..., None]
    color = color * (1 - warm + warm * flush)
    front = z > 0.055
    color = _over(color, color * 0.72, _blob(aside, y, EYE[0], EYE[1], 0.013, 1.5) * front * 0.6)
    color = _over(color, color * flush.new_tensor((0.95, 0.55, 0.55)), _lips(aside, y, z))
    parting = ((y - MOUTH[1]).abs() < 0.0013) & (aside < 0.022) & (z > 0.08)
    color = _over(color, color * 0.35, parting.float())
    color = _over(color, looks.hair * 0.8, _brow(aside, y) * front * 0.8)
    color = _over(color, looks.hair * 0.9, _beard(looks, aside, y, z))
    strands = 1 + 0.18 * waves(rest_m * rest_m.new_tensor((1.5, 0.08, 0.12)), 0.005, seed=7)
    color = _over(color, looks.hair * strands[..., None], _hair(looks, rest_m))
    color = _over(color, looks.hat_color, hat_cover_m(looks, rest_m).gt(0).float())
    return torch.where((eyeball > 0.5)[..., None], _eye(looks, rest_m), color)


def hair_cover_m(
    looks: Looks, rest_m: Float[Tensor, "P 3"], jagged: Float[Tensor, "P"]
) -> Float[Tensor, "P"]:
    """Distance inside the hairline, negative outside; `jagged` is `relief.hairline` of the points."""
    x, y, z = rest_m.unbind(-1)
    aside = x.abs()
    height, depth, slope = HAIRLINE
    line = (y - height - slope * (z - depth)) / (1 + slope**2) ** 0.5 + 0.0025 * jagged
    front = (z > 0.03).float()
    line = line - front * 0.012 * (aside / 0.06) ** 2  # it recedes at the temples
    ear = ((y - 0.542) / 0.036) ** 2 + ((z + 0.008) / 0.026) ** 2
    covers_ears = looks.style >= HAIR_STYLES.index("full")
    line = torch.where((ear < 1) & (aside > 0.0755) & ~covers_ears, -0.01, line)
    line = torch.where(y < 0.445, -0.01, line)
    return torch.where(looks.style == HAIR_STYLES.index("shaved"), -0.01, line)


def hat_cover_m(looks: Looks, rest_m: Float[Tensor, "P 3"]) -> Float[Tensor, "P"]:
    """Distance above the lower edge of a cap or hat, negative outside."""
    _, y, z = rest_m.unbind(-1)
    wool = looks.hat == HATS.index("wool hat")
    edge = torch.where(wool, 0.592 + 0.25 * z, 0.612 + 0.1 * z)
    return torch.where(looks.hat > 0, y - edge, -0.01)


def head_off_m(looks: Looks, relief: Relief) -> Float[Tensor, "P"]:
    """How far hair and hats stand off the head."""
    rest_m = relief.rest_m
    inside = hair_cover_m(looks, rest_m, relief.hairline)
    short = looks.style <= HAIR_STYLES.index("short")
    thick = torch.where(short, 0.5 * looks.volume_m, looks.volume_m)
    thick = thick * (1 + 0.25 * relief.locks) * (inside / 0.025).clamp(0, 1)
    hat = hat_cover_m(looks, rest_m)
    on_hat = 0.014 * (hat / 0.006).clamp(0, 1)
    under = torch.where((hat > 0), 0.0, thick)
    return torch.maximum(under, on_hat) + 0.006 * _full_beard(looks, rest_m)


def _full_beard(looks: Looks, rest_m: Tensor) -> Tensor:
    x, y, z = rest_m.unbind(-1)
    return _beard(looks, x.abs(), y, z) * (looks.beard > 0.75)


def _hair(looks: Looks, rest_m: Tensor) -> Tensor:
    return hair_cover_m(looks, rest_m, hairline(rest_m)).gt(0).float()


def _beard(looks: Looks, aside: Tensor, y: Tensor, z: Tensor) -> Tensor:
    jaw = ((0.503 + 0.3 * (aside - 0.03).clamp_min(0) - y) / 0.008).clamp(0, 1)
    jaw = jaw * (y > 0.437 + 0.2 * (0.09 - z).clamp_min(0)) * (z > 0.01 - 0.25 * (y - 0.5).clamp_min(0))
    moustache = (aside < 0.028) & (y > 0.494) & (y < 0.504) & (z > 0.08)
    mouth = ((aside / 0.026) ** 2 + ((y - MOUTH[1]) / 0.011) ** 2 < 1) & (z > 0.07)
    return torch.maximum(jaw, moustache.float()) * ~mouth * looks.beard * (looks.beard > 0)


def _brow(aside: Tensor, y: Tensor) -> Tensor:
    middle = 0.5765 + 0.16 * (aside - 0.012) * (aside < 0.036) - 0.1 * (aside - 0.036).clamp_min(0)
    thick = 0.0042 - 0.05 * (aside - 0.03).clamp_min(0)
    inside = ((thick - (y - middle).abs()) / 0.002).clamp(0, 1)
    return inside * (aside > 0.011) * (aside < 0.053)


def _lips(aside: Tensor, y: Tensor, z: Tensor) -> Tensor:
    inside = 1 - (aside / 0.025) ** 2 - ((y - MOUTH[1]) / 0.0095) ** 2
    return (inside * 3).clamp(0, 1) * (z > 0.07)


def _eye(looks: Looks, rest_m: Tensor) -> Tensor:
    x, y, _ = rest_m.unbind(-1)
    radius = ((x.abs() - EYE[0]) ** 2 + (y - EYE[1]) ** 2).sqrt()[..., None]
    white = rest_m.new_tensor((0.78, 0.76, 0.74))
    return torch.where(radius < 0.0026, 0.01, torch.where(radius < 0.0062, looks.iris, white))


def _blob(aside: Tensor, y: Tensor, at_x: float, at_y: float, size: float, wide: float = 1.0) -> Tensor:
    return (-(((aside - at_x) / (size * wide)) ** 2) - ((y - at_y) / size) ** 2).exp()


def _over(below: Tensor, above: Tensor, share: Tensor) -> Tensor:
    return below + (above - below) * share[..., None]
