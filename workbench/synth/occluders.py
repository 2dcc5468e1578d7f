"""Things: what people sit on, what stands before them, and what stands about."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.render.shade import face_normals
from workbench.synth.surfaces import Spots, Surface
from workbench.synth.textures import cells, fabric_at

_CORNERS = torch.tensor([[x, y, z] for x in (-0.5, 0.5) for y in (0.0, 1.0) for z in (-0.5, 0.5)])
_SIDES = torch.tensor(
    [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
)  # fmt: skip
"""Corners of each side of a box, counter-clockwise seen from outside."""
ROUND = 14
"""Sides of a pole."""


@dataclass(frozen=True, eq=False)
class Part:
    """A box or a pole that stands upright, in a frame of its own (y up)."""

    middle_m: tuple[float, float]
    """x, z of its axis."""
    bottom_m: float
    size_m: tuple[float, float, float]
    """Along x, y and z."""
    round: bool = False
    color: int = 0
    """Which of the thing's colours."""


@dataclass(frozen=True, eq=False)
class ThingPaint:
    """Plain, grained or patterned."""

    local_m: Float[Tensor, "V 3"]
    colors: Float[Tensor, "V 3"]
    second: Float[Tensor, "3"]
    fabric: int
    seed: int

    def __call__(self, spots: Spots) -> Float[Tensor, "N 3"]:
        """See `Paint`."""
        at, color = spots.mix(self.local_m), spots.mix(self.colors)
        flat = torch.stack((at[:, 0] + at[:, 2], at[:, 1]), 1)
        share = fabric_at(torch.tensor(self.fabric), torch.tensor(2.5), flat)
        grain = 0.8 + 0.4 * cells(flat * flat.new_tensor((1.0, 4.0)), 0.03, self.seed)
        return (color + (self.second - color) * share[:, None]) * grain[:, None]


@dataclass(frozen=True, eq=False)
class Thing:
    """Parts in one place."""

    parts: tuple[Part, ...]
    colors: Float[Tensor, "C 3"]
    """Linear light."""
    fabric: int = 0
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
        normals = torch.zeros_like(vertices)
        normals[faces.reshape(-1)] = face_normals(vertices, faces).repeat_interleave(3, 0)
        paint = ThingPaint(local, colors, self.colors[-1], self.fabric, self.seed)
        return Surface(vertices, normals, faces, paint, gloss=0.02)

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
    return (Part((0.0, 0.0), 0.0, (width_m, height_m, width_m), round=True),)


def tree(height_m: float) -> tuple[Part, ...]:
    """A trunk, or a pot, under a crown of stacked rounds."""
    trunk = Part((0.0, 0.0), 0.0, (0.1 * height_m, 0.5 * height_m, 0.1 * height_m), round=True)
    crown = [
        Part((0.0, 0.0), (0.35 + 0.15 * i) * height_m, (w * height_m, 0.2 * height_m, w * height_m), True, 1)
        for i, w in enumerate((0.32, 0.44, 0.38, 0.22))
    ]
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
    if part.round:
        angle = torch.arange(ROUND) / ROUND * 2 * torch.pi
        low = torch.stack((angle.sin() / 2, torch.zeros(ROUND), angle.cos() / 2), 1)
        high = low + torch.tensor([0.0, 1.0, 0.0])
        after = (torch.arange(ROUND) + 1) % ROUND
        sides = torch.stack((high, low, low[after], high[after]), 1)  # (R, 4, 3)
        lids = torch.stack((torch.tensor([0.0, 1, 0]).expand(ROUND, 3), high, high[after], high[after]), 1)
        corners = torch.cat((sides, lids))
    else:
        corners = _CORNERS[_SIDES]
    placed = corners * torch.tensor(part.size_m) + torch.tensor(
        [part.middle_m[0], part.bottom_m, part.middle_m[1]]
    )
    first = 4 * torch.arange(len(placed))[:, None]
    faces = torch.cat((first + torch.tensor([0, 1, 2]), first + torch.tensor([0, 2, 3])))
    return placed.reshape(-1, 3), faces
