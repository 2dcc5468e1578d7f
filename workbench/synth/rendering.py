"""From surfaces, a place and light to a photo: z-buffer, paint, shadow maps, development.

Shadows are seen by a second, orthographic camera where the lamp is (Williams, SIGGRAPH 1978), looked up
several times around each spot for soft edges (Reeves et al., SIGGRAPH 1987). A third one, straight above,
tells how much sky is open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor
from torch.nn import functional

from workbench.geometry import Camera
from workbench.render.rasterize import pixel_centers_px, rasterize
from workbench.synth.backgrounds import Backdrop
from workbench.synth.lighting import Light, developed, lit
from workbench.synth.surfaces import Spots, Surface, depth_of, see, spots_of

SUPERSAMPLE = 2
SHADOW_PX = 768
SHADOW_TAPS = 8
BIAS_M = 0.02
SKY_PX, SKY_SPREAD_M = 128, 0.22
LEAST_SKY = 0.35
"""What is left of the sky's light where all of it is hidden: it is scattered."""


@dataclass(frozen=True, eq=False)
class Stage:
    """Everything that a picture is drawn of. Surfaces are in the camera's axes, the lens at the origin."""

    camera: Camera
    camera_from_world: Float[Tensor, "3 3"]
    surfaces: tuple[Surface, ...]
    backdrop: Backdrop
    light: Light
    seed: int

    def behind_m(self, rows: Int[Tensor, "N"], columns: Int[Tensor, "N"]) -> Float[Tensor, "N"]:
        """Depth of the place behind some pixels, whatever stands before it; inf where it is the sky."""
        rays, _ = rays_through(self.camera, rows, columns)
        return self.backdrop.reach_m(rays @ self.camera_from_world)

    @property
    def depth_m(self) -> Float[Tensor, "H W"]:
        """Of whatever the camera sees, inf where that is nothing."""
        behind = self.behind_m(*_all_pixels(self.camera)).reshape(self.camera.size_hw)
        return torch.minimum(depth_of(self.camera, self.surfaces), behind)


@torch.no_grad()
def draw(stage: Stage) -> UInt8[np.ndarray, "H W 3"]:
    """The photo. The place behind is lit once per pixel, what stands in it SUPERSAMPLE squared times."""
    height, width = stage.camera.size_hw
    shadows = _Shadows.of(stage)
    behind, behind_m = _behind(stage, shadows)
    linear = _enlarged(behind.reshape(height, width, 3))
    fine = stage.camera.window(0.0, 0.0, (height * SUPERSAMPLE, width * SUPERSAMPLE), float(SUPERSAMPLE))
    seen = see(fine, stage.surfaces)
    nearer = seen.depth_m < _enlarged(behind_m.reshape(height, width))
    for place, surface in enumerate(stage.surfaces):
        rows, columns = (nearer & (seen.surface == place)).nonzero(as_tuple=True)
        if len(rows):
            spots = spots_of(fine, surface, seen.face[rows, columns], rows, columns)
            linear[rows, columns] = _lit_surface(stage, shadows, surface, spots)
    linear = linear.reshape(height, SUPERSAMPLE, width, SUPERSAMPLE, 3).mean((1, 3))
    picture = developed(linear, stage.light.exposure)
    generator = torch.Generator().manual_seed(stage.seed)
    picture = picture + stage.light.noise * torch.randn(picture.shape, generator=generator)
    return (picture.clamp(0, 1) * 255).round().to(torch.uint8).numpy()


@dataclass(frozen=True, eq=False)
class _Shadows:
    """Who stands in the lamp's way, and in the sky's."""

    lamp: "DepthMap"
    sky: "DepthMap"

    @classmethod
    def of(cls, stage: Stage) -> "_Shadows":
        things = [surface.vertices_m @ stage.camera_from_world for surface in stage.surfaces]
        faces = [surface.seen_faces for surface in stage.surfaces]
        above = torch.tensor([0.0, 1.0, 0.0])
        return cls(
            DepthMap.of(things, faces, stage.light.to_lamp, SHADOW_PX),
            DepthMap.of(things, faces, above, SKY_PX),
        )

    def light(
        self,
        light: Light,
        places_m: Float[Tensor, "N 3"],
        normals: Float[Tensor, "N 3"],
        albedo: Float[Tensor, "N 3"],
        gloss: float,
    ) -> Float[Tensor, "N 3"]:
        """What spots send to the lens; all in the axes of gravity."""
        lamp = self.lamp.arriving(places_m, normals, light.softness_m)
        sky = LEAST_SKY + (1 - LEAST_SKY) * self.sky.arriving(places_m, normals, SKY_SPREAD_M)
        to_eye = -functional.normalize(places_m, dim=1)
        return lit(light, albedo, normals, to_eye, lamp, sky, gloss)


def _behind(stage: Stage, shadows: _Shadows) -> tuple[Float[Tensor, "N 3"], Float[Tensor, "N"]]:
    """Light and depth of the place behind."""
    rays, where = rays_of(stage.camera)
    rays = rays @ stage.camera_from_world
    met = stage.backdrop.look(rays, where)
    linear = met.glow.clone()
    there = torch.isfinite(met.depth_m).nonzero()[:, 0]
    places = rays[there] * met.depth_m[there, None]
    linear[there] += shadows.light(stage.light, places, met.normals[there], met.albedo[there], 0.0)
    return linear, met.depth_m


def _lit_surface(stage: Stage, shadows: _Shadows, surface: Surface, spots: Spots) -> Float[Tensor, "N 3"]:
    to_world = stage.camera_from_world
    places = spots.mix(surface.vertices_m) @ to_world
    normals = functional.normalize(spots.mix(surface.normals), dim=1) @ to_world
    if surface.two_sided:
        normals = torch.where(((normals * places).sum(1) > 0)[:, None], -normals, normals)
    return shadows.light(stage.light, places, normals, surface.paint(spots), surface.gloss)


def _enlarged(values: Tensor) -> Tensor:
    """Every pixel as SUPERSAMPLE times SUPERSAMPLE."""
    return values.repeat_interleave(SUPERSAMPLE, 0).repeat_interleave(SUPERSAMPLE, 1)


def rays_of(camera: Camera) -> tuple[Float[Tensor, "N 3"], Float[Tensor, "N 2"]]:
    """Rays through all pixel centres, in the camera's axes, and where they are in the picture, 0..1."""
    return rays_through(camera, *_all_pixels(camera))


def _all_pixels(camera: Camera) -> tuple[Int[Tensor, "N"], Int[Tensor, "N"]]:
    """Rows and columns."""
    height, width = camera.size_hw
    return torch.arange(height).repeat_interleave(width), torch.arange(width).repeat(height)


def rays_through(
    camera: Camera, rows: Int[Tensor, "N"], columns: Int[Tensor, "N"]
) -> tuple[Float[Tensor, "N 3"], Float[Tensor, "N 2"]]:
    """The same through some pixels."""
    height, width = camera.size_hw
    points = pixel_centers_px(rows, columns)
    aside = (points - points.new_tensor(camera.center_px)) / camera.focal_px
    return functional.pad(aside, (0, 1), value=1.0), points / points.new_tensor((width, height))


@dataclass(frozen=True, eq=False)
class DepthMap:
    """How far things reach towards a distant light."""

    axes: Float[Tensor, "3 3"]
    """Rows: right, down, and away from the light."""
    low: Float[Tensor, "2"]
    texels_per_m: float
    depth_m: Float[Tensor, "S S"]
    """Along the last axis; inf where nothing is."""

    @classmethod
    def of(
        cls,
        things: Sequence[Float[Tensor, "_ 3"]],
        faces: Sequence[Int[Tensor, "_ 3"]],
        to_light: Float[Tensor, "3"],
        size_px: int,
    ) -> "DepthMap":
        """Seen from the light."""
        away = -functional.normalize(to_light, dim=0)
        helper = torch.eye(3)[int(away.abs().argmin())]
        right = functional.normalize(torch.linalg.cross(helper, away), dim=0)
        axes = torch.stack((right, torch.linalg.cross(away, right), away))
        points = torch.cat(list(things)) @ axes.T
        low, high = points[:, :2].amin(0) - 0.05, points[:, :2].amax(0) + 0.05
        scale = (size_px - 1) / float((high - low).max())
        xy = (points[:, :2] - low) * scale
        starts = np.cumsum([0, *(len(thing) for thing in things)])
        whole = torch.cat([face + int(start) for face, start in zip(faces, starts, strict=False)])
        seen = rasterize(xy, points[:, 2], whole, (size_px, size_px), linear=True)
        return cls(axes, low, scale, seen.depth_m)

    def arriving(
        self, places_m: Float[Tensor, "N 3"], normals: Float[Tensor, "N 3"], softness_m: float
    ) -> Float[Tensor, "N"]:
        """Share of the light that reaches spots, looked up at several places around each."""
        points = (places_m + BIAS_M * normals) @ self.axes.T
        total = torch.zeros(len(points))
        size = len(self.depth_m)
        for tap in range(SHADOW_TAPS):
            angle, radius = tap * 2.399963, softness_m * ((tap + 0.5) / SHADOW_TAPS) ** 0.5  # a sunflower
            shift = points.new_tensor((np.cos(angle) * radius, np.sin(angle) * radius))
            at = ((points[:, :2] + shift - self.low) * self.texels_per_m).long()
            inside = ((at >= 0) & (at < size)).all(1)
            at = at.clamp(0, size - 1)
            total += ((self.depth_m[at[:, 1], at[:, 0]] > points[:, 2] - BIAS_M) | ~inside).float()
        return total / SHADOW_TAPS
