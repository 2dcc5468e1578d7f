"""Drawing a place: a backdrop with colours, windows, trees, around everything that stands in it."""

from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from workbench.synth.appearance import linear
from workbench.synth.backgrounds import FLOORS, Backdrop, Country, Ground, Picture, Room, Studio

INDOOR_FLOORS, OUTDOOR_FLOORS = range(5), range(5, 8)
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
"""Names of files that are taken from a user's folder end so."""


def sample_backdrop(
    generator: torch.Generator,
    floor_m: float,
    low_m: Float[Tensor, "3"],
    high_m: Float[Tensor, "3"],
    folder: Path | None = None,
) -> tuple[Backdrop, bool]:
    """A place around everything that stands in it, and whether it is indoors.

    Args:
        generator: decides.
        floor_m: height of the floor below the lens, negative.
        low_m, high_m: corners of a box around the scene and the lens, axes of gravity.
        folder: pictures to take instead.

    Raises:
        ValueError: the folder holds no picture.
    """
    draw = _Draw(generator)
    if folder is not None:
        return Picture(_picture(folder, draw), floor_m), draw.number() < 0.5
    kind = draw.pick(0.45, 0.35, 0.2)
    if kind == 0:
        return _room(draw, floor_m, low_m, high_m), True
    if kind == 1:
        return _country(draw, floor_m), False
    reach = float(torch.maximum(low_m.abs(), high_m.abs())[[0, 2]].norm())
    first = draw.color(0.1, 0.9)
    return Studio(floor_m, 1.1 * reach + 1, torch.stack((first, first * draw.number(0.5, 1.6))).clamp(0, 1),
                  draw.number(0.0, 0.7), draw.seed()), True  # fmt: skip


class _Draw:
    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator

    def number(self, low: float = 0.0, high: float = 1.0) -> float:
        return low + (high - low) * float(torch.rand((), generator=self.generator))

    def pick(self, *shares: float) -> int:
        return int(torch.multinomial(torch.tensor(shares), 1, generator=self.generator))

    def seed(self) -> int:
        return int(torch.randint(1 << 30, (), generator=self.generator))

    def color(self, low: float, high: float, vivid: float = 0.25) -> Float[Tensor, "3"]:
        value = self.number(low, high)
        tint = vivid * (torch.rand(3, generator=self.generator) - 0.5)
        return linear((value * (1 + tint))[None].clamp(0, 1))[0]


def _ground(draw: _Draw, floor_m: float, kinds: range) -> Ground:
    kind = kinds[draw.pick(*([1.0] * len(kinds)))]
    own = {"boards": (0.55, 0.38, 0.22), "grass": (0.24, 0.36, 0.12), "asphalt": (0.36, 0.36, 0.38),
           "sand": (0.76, 0.68, 0.5)}  # fmt: skip
    named = own.get(FLOORS[kind])
    first = (
        draw.color(0.25, 0.85) if named is None else linear(torch.tensor([named]))[0] * draw.number(0.6, 1.4)
    )
    second = first * draw.number(0.35, 0.8)
    return Ground(floor_m, kind, torch.stack((first, second)).clamp(0, 1), draw.number(0.3, 0.8),
                  draw.number(0.0, 1.57), draw.seed())  # fmt: skip


def _room(draw: _Draw, floor_m: float, low_m: Tensor, high_m: Tensor) -> Room:
    low, high = low_m.clone(), high_m.clone()
    for axis in (0, 2):
        low[axis] -= draw.number(0.4, 2.5)
        high[axis] += draw.number(0.4, 2.5)
    low[1], high[1] = floor_m, max(float(high[1]) + 0.2, floor_m + draw.number(2.4, 3.4))
    wall = draw.color(0.3, 0.95, 0.2)
    second = wall * draw.number(0.6, 1.0)
    count = draw.pick(0.1, 0.2, 0.3, 0.2, 0.2)
    panels, colors = torch.zeros(count, 6), torch.zeros(count, 2, 3)
    for k in range(count):
        side = draw.pick(1.0, 1.0, 2.0, 0.0)
        ends = (low[2], high[2]) if side < 2 else (low[0], high[0])
        window = draw.number() < 0.35
        at, height = draw.number(float(ends[0]) + 0.5, float(ends[1]) - 0.5), draw.number(1.3, 1.8)
        size = draw.number(0.3, 1.2), draw.number(0.3, 1.1)
        panels[k] = torch.tensor([side, at, height, *size, 1.2 if window else 0.0])
        colors[k] = torch.stack((draw.color(0.7, 1.0, 0.1) if window else draw.color(0.1, 0.9, 0.8),
                                 draw.color(0.1, 0.9, 0.6)))  # fmt: skip
    stripes = draw.number(0.05, 0.4) if draw.number() < 0.25 else 0.0
    ground = _ground(draw, floor_m, INDOOR_FLOORS)
    return Room(ground, low, high, torch.stack((wall, second)), stripes, panels, colors, draw.seed())


def _country(draw: _Draw, floor_m: float) -> Country:
    horizon = linear(torch.tensor([[0.78, 0.85, 0.92]]))[0] * draw.number(0.7, 1.3)
    zenith = linear(torch.tensor([[0.35, 0.55, 0.85]]))[0] * draw.number(0.6, 1.2)
    overcast = draw.number() ** 2
    zenith = zenith + (horizon - zenith) * overcast
    tree = linear(torch.tensor([[0.16, 0.24, 0.1], [0.36, 0.46, 0.2]])) * draw.number(0.5, 1.5)
    hills = draw.number() < 0.75
    return Country(_ground(draw, floor_m, OUTDOOR_FLOORS), zenith, horizon, tree,
                   draw.number(0.05, 0.45) if hills else 0.0, draw.number(), draw.seed())  # fmt: skip


def _picture(folder: Path, draw: _Draw) -> Float[Tensor, "3 P Q"]:
    files = (
        sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES)
        if folder.is_dir()
        else []
    )
    if not files:
        raise ValueError(
            f"Expected a folder with pictures ({', '.join(PICTURES)}) for the background; {folder} has none."
        )
    path = files[int(draw.number() * len(files))]
    try:
        with Image.open(path) as image:
            image.thumbnail((2048, 2048))
            pixels = np.asarray(image.convert("RGB"))
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        raise ValueError(
            f"The background {path} cannot be read ({error}). Take it out of the folder."
        ) from error
    return linear(torch.from_numpy(pixels.copy()).float() / 255).permute(2, 0, 1)
