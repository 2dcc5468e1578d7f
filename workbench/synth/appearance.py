"""What people look like: skin, hair and clothes as numbers, one row per person.

Lengths and heights are places on the mean person in rest pose (y up, metres), whoever wears them. Colours are
linear light. Everybody wears a top, trousers or a skirt, and shoes or socks or nothing on the feet.
"""

from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.synth.textures import FABRICS

SKIN_SRGB = (
    (0.96, 0.85, 0.79), (0.93, 0.78, 0.68), (0.88, 0.70, 0.57), (0.79, 0.59, 0.45),
    (0.67, 0.47, 0.34), (0.52, 0.35, 0.25), (0.38, 0.25, 0.18), (0.27, 0.18, 0.14),
)  # fmt: skip
"""From the lightest to the darkest; people lie anywhere between neighbours."""
HAIR_SRGB = (
    (0.06, 0.05, 0.05), (0.12, 0.08, 0.06), (0.22, 0.14, 0.09), (0.35, 0.23, 0.14), (0.55, 0.40, 0.24),
    (0.72, 0.58, 0.38), (0.50, 0.24, 0.12), (0.60, 0.59, 0.58), (0.85, 0.84, 0.82),
)  # fmt: skip
HAIR_SHARE = (0.28, 0.2, 0.16, 0.1, 0.06, 0.05, 0.03, 0.08, 0.04)
IRIS_SRGB = ((0.24, 0.14, 0.08), (0.35, 0.24, 0.13), (0.38, 0.42, 0.28), (0.36, 0.48, 0.58))
HAIR_STYLES = ("shaved", "short", "full", "bob", "long", "bun", "ponytail")
HATS = ("none", "cap", "wool hat", "brimmed hat")

T_SHIRT, SHIRT, VEST = 0.33, 0.665, 0.185
"""How far sleeves reach out from the middle."""
SHORTS, KNEES, TROUSERS, LEGGINGS = -0.36, -0.53, -0.965, -0.93
"""How far legs of trousers reach down."""
NO_SKIRT = 9.0
BARE = torch.tensor([-9.0])
"""Socks and shoes that end below the feet."""


@dataclass(frozen=True, eq=False)
class Looks:
    """A batch of appearances."""

    skin: Float[Tensor, "N 3"]
    iris: Float[Tensor, "N 3"]
    hair: Float[Tensor, "N 3"]
    style: Int[Tensor, "N"]
    """Place in HAIR_STYLES."""
    volume_m: Float[Tensor, "N"]
    """How thick the hair is."""
    beard: Float[Tensor, "N"]
    """0 shaved, 1 full."""
    hat: Int[Tensor, "N"]
    """Place in HATS."""
    hat_color: Float[Tensor, "N 3"]
    sleeve_m: Float[Tensor, "N"]
    neckline_m: Float[Tensor, "N"]
    """How deep it is in front."""
    hem_m: Float[Tensor, "N"]
    """Height of the top's lower edge."""
    top: Float[Tensor, "N 3"]
    top_second: Float[Tensor, "N 3"]
    top_fabric: Int[Tensor, "N"]
    """Place in FABRICS."""
    top_repeat: Float[Tensor, "N"]
    """How often the fabric's pattern repeats along the texture's side."""
    top_loose_m: Float[Tensor, "N"]
    leg_m: Float[Tensor, "N"]
    """Height of the lower edge of the trousers."""
    bottom: Float[Tensor, "N 3"]
    bottom_second: Float[Tensor, "N 3"]
    bottom_fabric: Int[Tensor, "N"]
    bottom_repeat: Float[Tensor, "N"]
    bottom_loose_m: Float[Tensor, "N"]
    skirt_m: Float[Tensor, "N"]
    """Height of the skirt's hem, or NO_SKIRT."""
    sock_m: Float[Tensor, "N"]
    """Height of the socks' upper edge."""
    sock: Float[Tensor, "N 3"]
    shoe_m: Float[Tensor, "N"]
    """Height of the shoes' upper edge; below the feet of whoever wears none."""
    shoe: Float[Tensor, "N 3"]
    sole: Float[Tensor, "N 3"]
    folds: Float[Tensor, "N"]
    """How much the clothes crease."""

    def rows(self, ids: Int[Tensor, "M"]) -> "Looks":
        """Some of them."""
        picked: dict[str, Any] = {f.name: getattr(self, f.name).index_select(0, ids) for f in fields(self)}
        return replace(self, **picked)

    @property
    def has_skirt(self) -> Bool[Tensor, "N"]:
        """Who wears one."""
        return self.skirt_m < NO_SKIRT


def linear(srgb: Float[Tensor, "*n 3"]) -> Float[Tensor, "*n 3"]:
    """Screen colours to linear light."""
    return torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def sample_looks(n: int, generator: torch.Generator) -> Looks:
    """Draw appearances; the first of a generator are the same, however many are drawn."""
    rows = [_one(generator) for _ in range(n)]
    if not rows:
        return _one(torch.Generator()).rows(torch.zeros(0, dtype=torch.long))
    columns: dict[str, Any] = {
        f.name: torch.cat([getattr(row, f.name) for row in rows]) for f in fields(Looks)
    }
    return Looks(**columns)


class _Draw:
    """Random numbers in words."""

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator

    def number(self, low: float, high: float) -> Float[Tensor, "1"]:
        return low + (high - low) * torch.rand(1, generator=self.generator)

    def chance(self, share: float) -> bool:
        return bool(torch.rand(1, generator=self.generator) < share)

    def pick(self, *shares: float) -> int:
        return int(torch.multinomial(torch.tensor(shares), 1, generator=self.generator))

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(*shape, generator=self.generator)


def _one(generator: torch.Generator) -> Looks:
    draw = _Draw(generator)
    feminine = draw.chance(0.5)
    skin, hair = _skin(draw), _hair_color(draw)
    style = draw.pick(0.02, 0.08, 0.15, 0.2, 0.25, 0.13, 0.17) if feminine else draw.pick(
        0.15, 0.5, 0.22, 0.05, 0.03, 0.02, 0.03
    )  # fmt: skip
    skirt = draw.pick(0.75, 0.12, 0.13) if feminine else 0
    top, bottom, third = _garment_color(draw), _trouser_color(draw), _garment_color(draw)
    suit = draw.chance(0.06)  # a dress or an overall: one colour
    bottom = top if suit or (skirt and draw.chance(0.4)) else bottom
    sleeve = (VEST, T_SHIRT, SHIRT)[draw.pick(0.17, 0.43, 0.4)]
    leg = (SHORTS, KNEES, TROUSERS, LEGGINGS)[draw.pick(0.16, 0.08, 0.6, 0.16)]
    tight = leg == LEGGINGS
    shod = draw.pick(0.8, 0.08, 0.12)  # shoes, socks alone, barefoot
    fabric = 0 if draw.chance(0.5) else draw.pick(*([1.0] * len(FABRICS)))
    return Looks(
        skin=skin,
        iris=linear(torch.tensor([IRIS_SRGB[draw.pick(0.5, 0.25, 0.12, 0.13)]])),
        hair=hair,
        style=torch.tensor([style]),
        volume_m=draw.number(0.006, 0.024),
        beard=draw.number(0.3, 1.0) if not feminine and draw.chance(0.4) else torch.zeros(1),
        hat=torch.tensor([draw.pick(0.84, 0.07, 0.05, 0.04)]),
        hat_color=_garment_color(draw),
        sleeve_m=sleeve + 0.03 * draw.normal(1).clamp(-1, 1) * (sleeve == T_SHIRT),
        neckline_m=draw.number(0.0, 0.02) if sleeve == SHIRT else draw.number(0.0, 0.07),
        hem_m=draw.number(-0.2, -0.06),
        top=top,
        top_second=third,
        top_fabric=torch.tensor([fabric]),
        top_repeat=draw.number(3.0, 10.0),
        top_loose_m=draw.number(0.0, 0.022),
        leg_m=leg + 0.02 * draw.normal(1).clamp(-1, 1),
        bottom=bottom,
        bottom_second=_garment_color(draw) if tight else 0.7 * bottom,
        bottom_fabric=torch.tensor([0 if draw.chance(0.85) else draw.pick(*([1.0] * len(FABRICS)))]),
        bottom_repeat=draw.number(5.0, 12.0),
        bottom_loose_m=torch.zeros(1) if tight else draw.number(0.004, 0.028),
        skirt_m=(torch.tensor([NO_SKIRT]), draw.number(-0.55, -0.36), draw.number(-0.85, -0.55))[skirt],
        sock_m=BARE if shod == 2 else draw.number(-0.95, -0.72),
        sock=linear(torch.rand(1, 3, generator=generator) * 0.3 + 0.6) if draw.chance(0.7) else third,
        shoe_m=draw.number(-0.965, -0.9) if shod == 0 else BARE,
        shoe=_trouser_color(draw) if draw.chance(0.6) else _garment_color(draw),
        sole=linear(torch.full((1, 3), 0.92 if draw.chance(0.5) else 0.12)),
        folds=draw.number(0.3, 1.0),
    )


def _skin(draw: _Draw) -> Float[Tensor, "1 3"]:
    tones = linear(torch.tensor(SKIN_SRGB))
    at = draw.number(0.0, len(tones) - 1.001)
    low = at.long()
    tone = tones[low] + (tones[low + 1] - tones[low]) * (at - low)[:, None]
    return (tone * (0.05 * draw.normal(1, 3)).exp()).clamp(0, 1)


def _hair_color(draw: _Draw) -> Float[Tensor, "1 3"]:
    natural = linear(torch.tensor([HAIR_SRGB[draw.pick(*HAIR_SHARE)]])) * (0.2 * draw.normal(1, 1)).exp()
    return (_garment_color(draw) if draw.chance(0.03) else natural).clamp(0, 1)


def _garment_color(draw: _Draw) -> Float[Tensor, "1 3"]:
    """Mostly muted; white, grey and black among them."""
    value = draw.number(0.12, 0.95)
    if draw.chance(0.35):
        return linear(value.expand(1, 3) * (1 + 0.03 * draw.normal(1, 3)).clamp(0.9, 1.1)).clamp(0, 1)
    saturation = draw.number(0.15, 0.85)
    return linear(_from_hsv(draw.number(0.0, 1.0), saturation, value))


def _trouser_color(draw: _Draw) -> Float[Tensor, "1 3"]:
    """Denim, black, grey, khaki; now and then anything."""
    kinds = (
        (0.22, 0.30, 0.45),
        (0.12, 0.15, 0.22),
        (0.08, 0.08, 0.09),
        (0.42, 0.42, 0.43),
        (0.60, 0.52, 0.40),
    )
    kind = draw.pick(0.25, 0.15, 0.22, 0.1, 0.1, 0.18)
    if kind == len(kinds):
        return _garment_color(draw)
    return linear((torch.tensor([kinds[kind]]) * (0.25 * draw.normal(1, 1)).exp()).clamp(0, 1))


def _from_hsv(hue: Tensor, saturation: Tensor, value: Tensor) -> Float[Tensor, "1 3"]:
    ramp = ((hue * 6 + torch.tensor([0.0, 4.0, 2.0])) % 6 - 3).abs() - 1
    return (value * (1 - saturation * (1 - ramp.clamp(0, 1))))[None]
