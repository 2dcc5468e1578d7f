"""What is behind people: rooms, open country, studios, noise, or a user's own pictures.

A backdrop answers rays from the lens, in the axes of gravity (y up, the lens at the origin). Rays are as long
as one metre along the optical axis, so distances along them are depths.
"""

from dataclasses import dataclass
from typing import NamedTuple, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from workbench.synth.textures import cells

FLOORS = ("plain", "boards", "tiles", "carpet", "checks", "grass", "asphalt", "sand")


class Behind(NamedTuple):
    """What rays meet."""

    depth_m: Float[Tensor, "N"]
    """inf where there is nothing."""
    normals: Float[Tensor, "N 3"]
    albedo: Float[Tensor, "N 3"]
    glow: Float[Tensor, "N 3"]
    """Light of its own."""


@runtime_checkable
class Backdrop(Protocol):
    """The place of a picture."""

    def reach_m(self, rays: Float[Tensor, "N 3"]) -> Float[Tensor, "N"]:
        """How far rays go; inf for those that meet nothing."""
        ...

    def look(self, rays: Float[Tensor, "N 3"], places: Float[Tensor, "N 2"]) -> Behind:
        """What rays through places of the picture (0..1 each way) meet."""
        ...


@dataclass(frozen=True, eq=False)
class Ground:
    """A level floor, painted."""

    height_m: float
    """Of the floor; below the lens, hence negative."""
    kind: int
    """Place in FLOORS."""
    colors: Float[Tensor, "2 3"]
    size_m: float
    turn_rad: float
    seed: int

    def color(self, points: Float[Tensor, "N 3"]) -> Float[Tensor, "N 3"]:
        """At points of the floor."""
        c, s = np.cos(self.turn_rad), np.sin(self.turn_rad)
        at = points[:, [0, 2]] @ points.new_tensor([[c, -s], [s, c]])
        return self.colors[0] + (self.colors[1] - self.colors[0]) * self._pattern(at)[:, None]

    def _pattern(self, at: Float[Tensor, "N 2"]) -> Float[Tensor, "N"]:
        name, cell = FLOORS[self.kind], self.size_m
        blotches = 0.5 * cells(at, 2 * cell, self.seed) + 0.5 * cells(at, 0.3 * cell, self.seed + 1)
        if name == "boards":
            row = (at[:, 0] / (0.25 * cell)).floor()
            shift = at + torch.stack((0 * row, row * 0.37 * cell), 1)
            board = cells(
                torch.stack((row * 0.25 * cell, (shift[:, 1] / (2 * cell)).floor() * cell), 1), 0.01, 7
            )
            grain = cells(at * at.new_tensor((1.0, 0.08)), 0.01, self.seed)
            gap = ((at[:, 0] / (0.25 * cell)) % 1 < 0.03).float()
            return (0.45 * board + 0.3 * grain + 0.6 * gap).clamp(0, 1)
        if name in ("tiles", "checks"):
            share = at / cell % 1
            if name == "checks":
                return ((at / cell).floor().sum(1) % 2).float() * 0.8 + 0.2 * blotches
            return ((share < 0.03).any(1)).float() * 0.7 + 0.3 * blotches
        fine = cells(at, 0.03 if name in ("grass", "carpet") else 0.015, self.seed + 2)
        return {"plain": 0.3 * blotches, "grass": 0.4 * blotches + 0.6 * fine}.get(
            name, 0.6 * blotches + 0.4 * fine
        )


@dataclass(frozen=True, eq=False)
class Room:
    """Four walls and a ceiling, with windows or pictures on the walls."""

    ground: Ground
    low_m: Float[Tensor, "3"]
    high_m: Float[Tensor, "3"]
    wall: Float[Tensor, "2 3"]
    stripes_m: float
    """Width of the wallpaper's stripes; 0 for none."""
    panels: Float[Tensor, "K 6"]
    """Pictures and windows: wall (0 to 3), where along it, height of the middle, width, height, light."""
    panel_colors: Float[Tensor, "K 2 3"]
    seed: int

    def reach_m(self, rays: Float[Tensor, "N 3"]) -> Float[Tensor, "N"]:
        """See `Backdrop`."""
        return self._walls_m(rays).amin(1)

    def look(self, rays: Float[Tensor, "N 3"], places: Float[Tensor, "N 2"]) -> Behind:
        """See `Backdrop`."""
        depth, axis = self._walls_m(rays).min(1)
        points = rays * depth[:, None]
        normals = -torch.zeros_like(rays).scatter(1, axis[:, None], rays.gather(1, axis[:, None]).sign())
        floor, ceiling = (axis == 1) & (rays[:, 1] < 0), (axis == 1) & (rays[:, 1] > 0)
        along = torch.where(axis == 0, points[:, 2], points[:, 0])
        side = torch.where(axis == 0, 0, 2) + (rays.gather(1, axis[:, None])[:, 0] > 0).long()
        albedo, glow = self._walls(along, points[:, 1], side, axis != 1)
        albedo = torch.where(floor[:, None], self.ground.color(points), albedo)
        albedo = torch.where(ceiling[:, None], 0.85, albedo)
        return Behind(depth, normals, albedo, glow)

    def _walls_m(self, rays: Float[Tensor, "N 3"]) -> Float[Tensor, "N 3"]:
        """How far it is to the wall ahead along each axis."""
        bound = torch.where(rays > 0, self.high_m, self.low_m)
        return torch.where(rays.abs() > 1e-6, bound / rays, torch.inf)

    def _walls(self, along: Tensor, y: Tensor, side: Tensor, wall: Tensor) -> tuple[Tensor, Tensor]:
        stain = 0.15 * cells(torch.stack((along, y), 1), 0.7, self.seed)
        stripe = (along / self.stripes_m % 1 < 0.5).float() if self.stripes_m else torch.zeros_like(along)
        albedo = self.wall[0] + (self.wall[1] - self.wall[0]) * (stripe + stain).clamp(0, 1)[:, None]
        skirting = (y < self.low_m[1] + 0.1)[:, None]
        albedo = torch.where(skirting, 0.7, albedo)
        glow = torch.zeros_like(albedo)
        for panel, colors in zip(self.panels, self.panel_colors, strict=True):
            which, at, height, width, tall, light = panel.tolist()
            u, v = (along - at) / width, (y - self.low_m[1] - height) / tall
            inside = (wall & (side == int(which)) & (u.abs() < 0.5) & (v.abs() < 0.5))[:, None]
            frame = ((u.abs() > 0.5 - 0.04 / width) | (v.abs() > 0.5 - 0.04 / tall))[:, None]
            picture = (
                colors[0] + (colors[1] - colors[0]) * cells(torch.stack((u, v), 1), 0.3, self.seed)[:, None]
            )
            albedo = torch.where(inside, torch.where(frame, colors[1] * 0.5, picture), albedo)
            glow = torch.where(inside & ~frame, light * colors[0], glow)
        return albedo, glow


@dataclass(frozen=True, eq=False)
class Country:
    """Ground to the horizon, trees or hills above it, and sky."""

    ground: Ground
    zenith: Float[Tensor, "3"]
    horizon: Float[Tensor, "3"]
    trees: Float[Tensor, "2 3"]
    trees_rad: float
    """How high they stand above the horizon; 0 for none."""
    clouds: float
    seed: int

    def reach_m(self, rays: Float[Tensor, "N 3"]) -> Float[Tensor, "N"]:
        """See `Backdrop`."""
        return _floor_m(rays, self.ground.height_m)

    def look(self, rays: Float[Tensor, "N 3"], places: Float[Tensor, "N 2"]) -> Behind:
        """See `Backdrop`."""
        depth = self.reach_m(rays)
        down = torch.isfinite(depth)
        points = rays * torch.where(down, depth, 0.0)[:, None]
        far = (points.norm(dim=1) / 60).clamp(0, 1)[:, None] ** 0.5
        albedo = self.ground.color(points) * (1 - 0.5 * far) + 0.5 * far * self.ground.colors.mean(0)
        slope = rays[:, 1] / rays[:, [0, 2]].norm(dim=1).clamp_min(1e-6)
        azimuth = torch.atan2(rays[:, 0], -rays[:, 2])
        around = torch.stack((azimuth, slope), 1)
        sky = self.horizon + (self.zenith - self.horizon) * (slope / 0.8).clamp(0, 1)[:, None]
        overhead = rays[:, [0, 2]] / rays[:, 1:2].clamp_min(0.03)  # where they cross a ceiling one metre up
        cloud = 0.7 * cells(overhead, 0.9, self.seed) + 0.3 * cells(overhead, 0.3, self.seed + 5) - 0.5
        sky = sky + (0.9 - sky) * (self.clouds * 3 * cloud).clamp(0, 0.8)[:, None]
        edge = self.trees_rad * (
            0.4 + 0.8 * cells(around * around.new_tensor((1.0, 0.0)), 0.09, self.seed + 1)
        )
        edge = edge + 0.25 * self.trees_rad * (cells(around, 0.012, self.seed + 2) - 0.5)
        leaves = cells(around, 0.015, self.seed + 3) * 0.6 + cells(around, 0.06, self.seed + 4) * 0.4
        foliage = self.trees[0] + (self.trees[1] - self.trees[0]) * leaves[:, None]
        tree = ((slope < edge) & (self.trees_rad > 0))[:, None]
        glow = torch.where(down[:, None], 0.0, torch.where(tree, foliage, sky))
        albedo = torch.where(down[:, None], albedo, 0.0)
        normals = torch.zeros_like(rays)
        normals[:, 1] = 1
        return Behind(depth, normals, albedo, glow)


@dataclass(frozen=True, eq=False)
class Studio:
    """A sheet of paper that rolls from the wall onto the floor."""

    height_m: float
    back_m: float
    """How far behind the lens's axis the sheet rises."""
    colors: Float[Tensor, "2 3"]
    blotches: float
    seed: int

    def reach_m(self, rays: Float[Tensor, "N 3"]) -> Float[Tensor, "N"]:
        """See `Backdrop`."""
        flat = rays[:, [0, 2]].norm(dim=1).clamp_min(1e-4)
        return torch.minimum(_floor_m(rays, self.height_m), self.back_m / flat)

    def look(self, rays: Float[Tensor, "N 3"], places: Float[Tensor, "N 2"]) -> Behind:
        """See `Backdrop`."""
        depth = self.reach_m(rays)
        points = rays * depth[:, None]
        flat = rays[:, [0, 2]].norm(dim=1).clamp_min(1e-4)
        rise = ((points[:, 1] - self.height_m) / 3).clamp(0, 1)
        wall = torch.stack((-points[:, 0], 0 * flat, -points[:, 2]), 1) / (flat * depth)[:, None]
        bend = ((points[:, [0, 2]].norm(dim=1) - 0.7 * self.back_m) / (0.3 * self.back_m)).clamp(0, 1)[
            :, None
        ]
        up = torch.zeros_like(rays)
        up[:, 1] = 1
        normals = functional.normalize(up * (1 - bend) + wall * bend, dim=1)
        spots = self.blotches * (
            cells(places * 3, 0.5, self.seed) + cells(places * 3, 0.15, self.seed + 1) - 1
        )
        share = (rise + spots).clamp(0, 1)[:, None]
        return Behind(depth, normals, self.colors[0] + (self.colors[1] - self.colors[0]) * share, 0 * rays)


@dataclass(frozen=True, eq=False)
class Picture:
    """A photograph without people behind everybody; shadows fall onto its floor."""

    photo: Float[Tensor, "3 P Q"]
    """Linear light."""
    height_m: float

    def reach_m(self, rays: Float[Tensor, "N 3"]) -> Float[Tensor, "N"]:
        """See `Backdrop`."""
        return _floor_m(rays, self.height_m)

    def look(self, rays: Float[Tensor, "N 3"], places: Float[Tensor, "N 2"]) -> Behind:
        """See `Backdrop`."""
        grid = (places * 2 - 1)[None, None]
        color = functional.grid_sample(self.photo[None], grid, padding_mode="border", align_corners=False)[
            0, :, 0
        ].T
        normals = torch.zeros_like(rays)
        normals[:, 1] = 1
        return Behind(self.reach_m(rays), normals, 0 * rays, color)


def _floor_m(rays: Float[Tensor, "N 3"], height_m: float) -> Float[Tensor, "N"]:
    """How far rays go to a level floor; inf for those that do not go down."""
    return torch.where(rays[:, 1] < -1e-4, height_m / rays[:, 1].clamp_max(-1e-4), torch.inf)
