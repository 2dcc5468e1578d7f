"""Things: what people sit on, what stands before them, and what stands about."""

from dataclasses import dataclass
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.synth.surfaces import Spots, Surface
from workbench.synth.textures import cells, fabric_at

_CORNERS = torch.tensor([[x, y, z] for x in (-0.5, 0.5) for y in (0.0, 1.0) for z in (-0.5, 0.5)])
_SIDES = torch.tensor(
    [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
)  # fmt: skip
"""Corners of each side of a box, counter-clockwise seen from outside."""
ROUND, RINGS = 14, 8
"""Sides of a pole, and of a ball from top to bottom."""


Form = Literal["box", "pole", "ball"]


@dataclass(frozen=True, eq=False)
class Part:
    """A simple form that stands upright, in a frame of its own (y up)."""

    middle_m: tuple[float, float]
    """x, z of its axis."""
    bottom_m: float
    size_m: tuple[float, float, float]
    """Along x, y and z."""
    form: Form = "box"
    color: int = 0
    """Which of the thing's colours."""


@dataclass(frozen=True, eq=False)
class ThingPaint:
    """Plain, grained or patterned."""

    local_m: Float[Tensor, "V 3"]
    colors: Float[Tensor, "V 3"]
    second: Float[Tensor, "3"]
    fabric: int
    repeat: float
    seed: int

    def __call__(self, spots: Spots) -> Float[Tensor, "N 3"]:
        """See `Paint`."""
        at, color = spots.mix(self.local_m), spots.mix(self.colors)
        flat = torch.stack((at[:, 0] + at[:, 2], at[:, 1]), 1)
        share = fabric_at(torch.tensor(self.fabric), torch.tensor(self.repeat), flat)
        grain = 0.6 + 0.4 * cells(flat * flat.new_tensor((1.0, 4.0)), 0.03, self.seed)
        grain = grain + 0.4 * cells(flat, 0.12, self.seed + 1)
        return (color + (self.second - color) * share[:, None]) * grain[:, None]


@dataclass(frozen=True, eq=False)
class Thing:
    """Parts in one place."""

    parts: tuple[Part, ...]
    colors: Float[Tensor, "C 3"]
    """Linear light."""
    fabric: int = 0
    """Place in PATTERNS."""
    repeat: float = 1.5
    """Of the pattern, per metre."""
    seed: int = 0

    def surface(
        self, place_m: Float[Tensor, "3"], turn_rad: float, camera_from_world: Float[Tensor, "3 3"]
    ) -> Surface:
        """The thing on the floor, in the camera's axes.

        Args:
            place_m: the point of the floor under its middle, axes of gravity, from the lens.
            turn_rad: about the vertical.
            camera_from_world: those axes to the camera's.
        """
        meshes = [_mesh(part) for part in self.parts]
        counts = [len(vertices) for vertices, _ in meshes]
        starts = [sum(counts[:i]) for i in range(len(counts))]
        local = torch.cat([vertices for vertices, _ in meshes])
        faces = torch.cat([face + start for (_, face), start in zip(meshes, starts, strict=True)])
        colors = torch.cat(
            [self.colors[part.color].expand(count, 3) for part, count in zip(self.parts, counts, strict=True)]
        )
        vertices = (turned(local, turn_rad) + place_m) @ camera_from_world.T
        paint = ThingPaint(local, colors, self.colors[-1], self.fabric, self.repeat, self.seed)
        return Surface(vertices, faces, paint)

    @property
    def footprint_m(self) -> Float[Tensor, "4 2"]:
        """Corners of the rectangle that it covers, x and z."""
        low = torch.tensor([[p.middle_m[i] - p.size_m[2 * i] / 2 for i in (0, 1)] for p in self.parts]).amin(
            0
        )
        high = torch.tensor([[p.middle_m[i] + p.size_m[2 * i] / 2 for i in (0, 1)] for p in self.parts]).amax(
            0
        )
        return torch.stack((low, torch.stack((high[0], low[1])), high, torch.stack((low[0], high[1]))))


def turned(points_m: Float[Tensor, "V 3"], turn_rad: float) -> Float[Tensor, "V 3"]:
    """About the vertical."""
    turn = torch.tensor(turn_rad)
    c, s = float(turn.cos()), float(turn.sin())
    return points_m @ points_m.new_tensor([[c, 0, -s], [0, 1, 0], [s, 0, c]])


def box(width_m: float, height_m: float, depth_m: float) -> tuple[Part, ...]:
    """One block."""
    return (Part((0.0, 0.0), 0.0, (width_m, height_m, depth_m)),)


def table(width_m: float, height_m: float, depth_m: float) -> tuple[Part, ...]:
    """A top on four legs."""
    x, z = width_m / 2 - 0.05, depth_m / 2 - 0.05
    legs = [
        Part((i * x, j * z), 0.0, (0.05, height_m - 0.04, 0.05), color=1) for i in (-1, 1) for j in (-1, 1)
    ]
    return (Part((0.0, 0.0), height_m - 0.04, (width_m, 0.04, depth_m)), *legs)


def chair(height_m: float) -> tuple[Part, ...]:
    """A seat, legs and a back; the back at -z."""
    back = Part((0.0, -0.2), height_m + 0.15, (0.4, 0.35, 0.03))
    posts = [Part((i * 0.18, -0.2), height_m, (0.03, 0.2, 0.03), color=1) for i in (-1, 1)]
    return (*table(0.42, height_m, 0.42), back, *posts)


def pole(width_m: float, height_m: float) -> tuple[Part, ...]:
    """A round column."""
    return (Part((0.0, 0.0), 0.0, (width_m, height_m, width_m), "pole"),)


def tree(height_m: float) -> tuple[Part, ...]:
    """A trunk under a crown of balls; a small one is a house plant."""
    h = height_m
    trunk = Part((0.0, 0.0), 0.0, (0.07 * h, 0.6 * h, 0.07 * h), "pole")
    balls = (
        (0.0, 0.0, 0.4, 0.46),
        (0.14, 0.05, 0.42, 0.34),
        (-0.13, -0.06, 0.5, 0.36),
        (0.03, -0.12, 0.6, 0.4),
    )
    crown = [Part((x * h, z * h), y * h, (w * h, 0.8 * w * h, w * h), "ball", 1) for x, z, y, w in balls]
    return (trunk, *crown)


def sofa(width_m: float) -> tuple[Part, ...]:
    """A seat with a back and arms."""
    arms = [Part((i * (width_m / 2 - 0.08), 0.0), 0.0, (0.16, 0.6, 0.8)) for i in (-1, 1)]
    return (Part((0.0, 0.05), 0.0, (width_m, 0.42, 0.7)), Part((0.0, -0.3), 0.0, (width_m, 0.85, 0.2)), *arms)


def shelf(width_m: float, height_m: float) -> tuple[Part, ...]:
    """Boards between two sides, with a back."""
    boards = [Part((0.0, 0.0), h * (height_m - 0.03), (width_m, 0.03, 0.3)) for h in (0, 0.25, 0.5, 0.75, 1)]
    sides = [Part((i * width_m / 2, 0.0), 0.0, (0.03, height_m, 0.3)) for i in (-1, 1)]
    return (*boards, *sides, Part((0.0, -0.14), 0.0, (width_m, height_m, 0.02), color=1))


def railing(width_m: float, height_m: float) -> tuple[Part, ...]:
    """Two bars on posts."""
    count = max(2, round(width_m / 0.6) + 1)
    at = [width_m * (i / (count - 1) - 0.5) for i in range(count)]
    bars = [Part((0.0, 0.0), h * height_m, (width_m, 0.05, 0.05)) for h in (0.5, 1.0)]
    return (*bars, *(Part((x, 0.0), 0.0, (0.05, height_m, 0.05), color=1) for x in at))


def _mesh(part: Part) -> tuple[Float[Tensor, "V 3"], Tensor]:
    """Vertices that no two sides share, so that edges are sharp, and faces."""
    corners = _CORNERS[_SIDES] if part.form == "box" else _turned_form(part.form)
    placed = corners * torch.tensor(part.size_m) + torch.tensor(
        [part.middle_m[0], part.bottom_m, part.middle_m[1]]
    )
    first = 4 * torch.arange(len(placed))[:, None]
    faces = torch.cat((first + torch.tensor([0, 1, 2]), first + torch.tensor([0, 2, 3])))
    return placed.reshape(-1, 3), faces


def _turned_form(form: Form) -> Float[Tensor, "Q 4 3"]:
    """Sides of a form turned about the vertical, one unit high and wide."""
    if form == "pole":
        profile = torch.tensor([[0.0, 1.0], [0.5, 1.0], [0.5, 0.0]])  # radius and height, from the top
    else:
        down = torch.arange(RINGS + 1) / RINGS * torch.pi
        profile = torch.stack((down.sin() / 2, 0.5 + down.cos() / 2), 1)
    angle = torch.arange(ROUND + 1) / ROUND * 2 * torch.pi
    around = torch.stack((angle.sin(), angle.cos()), 1)
    points = torch.stack(
        [torch.stack((r * around[:, 0], y.expand(ROUND + 1), r * around[:, 1]), 1) for r, y in profile]
    )  # (profile, around, 3)
    upper, lower = points[:-1], points[1:]
    sides = torch.stack((upper[:, :-1], lower[:, :-1], lower[:, 1:], upper[:, 1:]), 2)
    return sides.flatten(0, 1)
