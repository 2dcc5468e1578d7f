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
from workbench.render.rasterize import pixel_centers_px
from workbench.synth.backgrounds import Backdrop, Behind
from workbench.synth.lighting import Light, developed, lit
from workbench.synth.surfaces import Surface, see, spots_of

SUPERSAMPLE = 2
SHADOW_PX = 768
SHADOW_TAPS = 8
BIAS_M = 0.02
SKY_PX, SKY_SPREAD_M = 128, 0.22


@dataclass(frozen=True, eq=False)
class Stage:
    """Everything that a picture is drawn of. Surfaces are in the camera's axes, the lens at the origin."""

    camera: Camera
    camera_from_world: Float[Tensor, "3 3"]
    surfaces: tuple[Surface, ...]
    backdrop: Backdrop
    light: Light
    seed: int


@torch.no_grad()
def draw(stage: Stage) -> UInt8[np.ndarray, "H W 3"]:
    """The photo."""
    height, width = stage.camera.size_hw
    fine = stage.camera.window(0.0, 0.0, (height * SUPERSAMPLE, width * SUPERSAMPLE), float(SUPERSAMPLE))
    spots = _spots(stage, fine)
    to_world = stage.camera_from_world.T
    places, normals = spots.places_m @ to_world.T, spots.normals @ to_world.T
    things = [surface.vertices_m @ to_world.T for surface in stage.surfaces]
    faces = [surface.faces for surface in stage.surfaces]
    known = torch.isfinite(places).all(1)
    shadow, sky = torch.ones(len(places)), torch.ones(len(places))
    if things:
        lamp = DepthMap.of(things, faces, stage.light.to_lamp, SHADOW_PX)
        shadow[known] = lamp.arriving(places[known], normals[known], stage.light.softness_m)
        above = DepthMap.of(things, faces, torch.tensor([0.0, 1.0, 0.0]), SKY_PX)
        sky[known] = 0.35 + 0.65 * above.arriving(places[known], normals[known], SKY_SPREAD_M)
    to_eye = functional.normalize(torch.where(known[:, None], -places, 1.0), dim=1)
    linear = lit(stage.light, spots.albedo, normals, to_eye, shadow, sky, spots.gloss) + spots.glow
    linear = linear.reshape(height, SUPERSAMPLE, width, SUPERSAMPLE, 3).mean((1, 3))
    picture = developed(linear, stage.light.exposure)
    generator = torch.Generator().manual_seed(stage.seed)
    picture = picture + stage.light.noise * torch.randn(picture.shape, generator=generator)
    return (picture.clamp(0, 1) * 255).round().to(torch.uint8).numpy()


@dataclass(frozen=True, eq=False)
class _Spots:
    """What the samples of a picture show, row by row; in the camera's axes."""

    places_m: Float[Tensor, "N 3"]
    """Not finite where there is nothing."""
    normals: Float[Tensor, "N 3"]
    albedo: Float[Tensor, "N 3"]
    gloss: Float[Tensor, "N"]
    glow: Float[Tensor, "N 3"]


def _spots(stage: Stage, camera: Camera) -> _Spots:
    height, width = camera.size_hw
    behind, rays = look_behind(stage, camera)
    places = rays * behind.depth_m[:, None]
    normals = behind.normals @ stage.camera_from_world.T
    albedo, gloss = behind.albedo, torch.zeros(len(rays))
    glow = behind.glow
    seen = see(camera, stage.surfaces)
    nearer = (seen.depth_m < behind.depth_m.reshape(height, width)) & (seen.surface >= 0)
    for place, surface in enumerate(stage.surfaces):
        rows, columns = (nearer & (seen.surface == place)).nonzero(as_tuple=True)
        if not len(rows):
            continue
        spots = spots_of(camera, surface, seen.face[rows, columns], rows, columns)
        flat = rows * width + columns
        places[flat] = spots.mix(surface.vertices_m)
        normals[flat] = functional.normalize(spots.mix(surface.normals), dim=1)
        albedo[flat] = surface.paint(spots)
        gloss[flat], glow[flat] = surface.gloss, 0.0
    return _Spots(places, normals, albedo, gloss, glow)


def look_behind(stage: Stage, camera: Camera) -> tuple[Behind, Float[Tensor, "N 3"]]:
    """What the backdrop shows at every pixel centre, and the rays to there, in the camera's axes."""
    height, width = camera.size_hw
    rows, columns = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    points = pixel_centers_px(rows.reshape(-1), columns.reshape(-1))
    aside = (points - points.new_tensor(camera.center_px)) / camera.focal_px
    rays = functional.pad(aside, (0, 1), value=1.0)
    behind = stage.backdrop.look(rays @ stage.camera_from_world, points / points.new_tensor((width, height)))
    return behind, rays


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
        from workbench.render.rasterize import rasterize

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
