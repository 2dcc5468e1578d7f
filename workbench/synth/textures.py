"""Fabrics as small pictures that repeat, and noise without seams."""

import math
from functools import lru_cache

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

TILE_PX = 256
FABRICS = (
    "plain", "stripes", "thin stripes", "upright stripes", "gingham", "plaid", "dots", "camouflage",
    "flowers", "zigzag", "blocks",
)  # fmt: skip
"""What clothes are made of."""
PATTERNS = (*FABRICS, "windows")
"""Names of all tiles, in order."""


@lru_cache(maxsize=1)
def fabric_tiles() -> Float[Tensor, "T S S"]:
    """How much of the second colour each texel has; every tile goes on beyond its edges."""
    at = (torch.arange(TILE_PX) + 0.5) / TILE_PX
    v, u = torch.meshgrid(at, at, indexing="ij")
    wide, fine = (v * 2 % 1 < 0.5).float(), (v * 6 % 1 < 0.3).float()
    upright = (u * 4 % 1 < 0.25).float()
    gingham = ((v * 4 % 1 < 0.5).float() + (u * 4 % 1 < 0.5).float()) / 2
    plaid = (0.45 * _bars(u) + 0.45 * _bars(v)).clamp(0, 1)
    dots = (((u * 4 % 1 - 0.5) ** 2 + (v * 4 % 1 - 0.5) ** 2) < 0.06).float()
    camouflage = (_periodic_noise(3, 5) > 0.1).float()
    petals = torch.atan2(v * 2 % 1 - 0.5, u * 2 % 1 - 0.5)
    radius = ((u * 2 % 1 - 0.5) ** 2 + (v * 2 % 1 - 0.5) ** 2).sqrt()
    flowers = (radius < 0.2 + 0.1 * torch.cos(5 * petals)).float()
    zigzag = ((v * 4 + (u * 4 % 1 - 0.5).abs()) % 1 < 0.45).float()
    blocks = (v < 0.5).float()
    windows = (((u * 2 % 1 - 0.5).abs() < 0.3) & ((v * 2 % 1 - 0.5).abs() < 0.25)).float()
    plain = torch.zeros_like(u)
    tiles = (plain, wide, fine, upright, gingham, plaid, dots, camouflage, flowers, zigzag, blocks, windows)
    return torch.stack(tiles)


def fabric_at(tile: Int[Tensor, "*n"], repeat: Float[Tensor, "*n"], uv: Float[Tensor, "P 2"]) -> Tensor:
    """The second colour's share at texture coordinates; `tile` and `repeat` are one, or one per point."""
    tiles = fabric_tiles()
    texel = ((uv * repeat[..., None]).remainder(1) * TILE_PX).long().clamp_max(TILE_PX - 1)
    return tiles[tile, texel[:, 1], texel[:, 0]]


def waves(points: Float[Tensor, "P 3"], size_m: float, seed: int) -> Float[Tensor, "P"]:
    """Smooth noise of about -1..1 with bumps of this size: a sum of waves that go anywhere."""
    terms, generator = 4, torch.Generator().manual_seed(seed)
    way = functional.normalize(torch.randn(terms, 3, generator=generator), dim=1)
    stretch = 0.6 + 0.8 * torch.rand(terms, 1, generator=generator)
    frequency = way * stretch * (math.pi / size_m)
    phase = points @ frequency.T + 2 * math.pi * torch.rand(terms, generator=generator)
    return (2 / terms) ** 0.5 * phase.sin().sum(1)


def cells(points: Float[Tensor, "P 2"], size_m: float, seed: int) -> Float[Tensor, "P"]:
    """Smooth random numbers 0..1 over a plane, one per square of this size, blended between neighbours."""
    table = torch.rand(64, 64, generator=torch.Generator().manual_seed(seed))
    at = points / size_m
    low = at.floor()
    share = at - low
    share = share * share * (3 - 2 * share)
    i, j = (low.long() % 64).unbind(1)
    i1, j1 = (i + 1) % 64, (j + 1) % 64
    top = table[i, j] + (table[i1, j] - table[i, j]) * share[:, 0]
    bottom = table[i, j1] + (table[i1, j1] - table[i, j1]) * share[:, 0]
    return top + (bottom - top) * share[:, 1]


def _bars(u: Tensor) -> Tensor:
    return ((u < 0.34) | ((u > 0.52) & (u < 0.58)) | ((u > 0.76) & (u < 0.82))).float()


def _periodic_noise(lowest: int, highest: int) -> Float[Tensor, "S S"]:
    """Waves that fit the tile a whole number of times."""
    generator = torch.Generator().manual_seed(1)
    at = torch.arange(TILE_PX) / TILE_PX * 2 * math.pi
    total = torch.zeros(TILE_PX, TILE_PX)
    for i in range(-highest, highest + 1):
        for j in range(0, highest + 1):
            if lowest <= abs(i) + abs(j) <= highest:
                phase = 2 * math.pi * torch.rand(1, generator=generator)
                total += (i * at[:, None] + j * at + phase).sin()
    return total / total.std()
