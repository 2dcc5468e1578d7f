"""What a picture is drawn of: triangles with a paint, in the camera's axes, in metres."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, runtime_checkable

import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.geometry import Camera
from workbench.render.rasterize import (
    barycentric_px,
    nearest_m,
    pixel_centers_px,
    project_for_raster,
    rasterize,
)
from workbench.render.shade import vertex_normals


@dataclass(frozen=True, eq=False)
class Spots:
    """Points of a surface that pixels see."""

    face: Int[Tensor, "N"]
    corners: Int[Tensor, "N 3"]
    """The face's vertices."""
    share: Float[Tensor, "N 3"]
    """How much of each of them, on the surface itself."""

    def mix(self, values: Float[Tensor, "V C"]) -> Float[Tensor, "N C"]:
        """Values of vertices, at the spots."""
        return blend(values, self.corners, self.share)


@runtime_checkable
class Paint(Protocol):
    """The colour of a surface under white light."""

    def __call__(self, spots: Spots) -> Float[Tensor, "N 3"]:
        """Linear light, 0..1."""
        ...


@dataclass(frozen=True, eq=False)
class Surface:
    """One thing, or what one person wears."""

    vertices_m: Float[Tensor, "V 3"]
    faces: Int[Tensor, "F 3"]
    """Counter-clockwise seen from outside."""
    paint: Paint
    person: int = 0
    """Counted from 1; 0 is nobody."""
    gloss: float = 0.0
    """Share of light that is mirrored when looked at head-on."""
    two_sided: bool = False
    """Whether it is a sheet, which is seen from inside too."""

    @cached_property
    def normals(self) -> Float[Tensor, "V 3"]:
        """Unit, outwards; an edge is sharp where its two faces share no vertices."""
        return vertex_normals(self.vertices_m, self.faces)

    @property
    def seen_faces(self) -> Int[Tensor, "G 3"]:
        """Every face, and of a sheet every face again from its other side."""
        return torch.cat((self.faces, self.faces.flip(1))) if self.two_sided else self.faces


@dataclass(frozen=True, eq=False)
class Seen:
    """Which surface every pixel shows."""

    surface: Int[Tensor, "H W"]
    """Place among the surfaces, -1 where there is none."""
    face: Int[Tensor, "H W"]
    """Of that surface."""
    depth_m: Float[Tensor, "H W"]
    """inf where there is none."""


def see(camera: Camera, surfaces: Sequence[Surface]) -> Seen:
    """The nearest surface at every pixel centre of a camera that stands at the origin.

    Raises:
        ValueError: see `rasterize`.
    """
    xy, depth, faces = _projected(camera, surfaces)
    seen = rasterize(xy, depth, faces, camera.size_hw)
    if not surfaces:
        return Seen(seen.face_id, seen.face_id, seen.depth_m)
    counts = torch.tensor([len(surface.seen_faces) for surface in surfaces])
    owner = torch.repeat_interleave(torch.arange(len(counts)), counts)
    first = counts.cumsum(0) - counts
    surface = torch.where(seen.mask, owner[seen.face_id.clamp_min(0)], -1)
    return Seen(surface, torch.where(seen.mask, seen.face_id - first[surface.clamp_min(0)], -1), seen.depth_m)


def depth_of(camera: Camera, surfaces: Sequence[Surface]) -> Float[Tensor, "H W"]:
    """The depth of `see` alone; inf where nothing is.

    Raises:
        ValueError: see `rasterize`.
    """
    return nearest_m(*_projected(camera, surfaces), camera.size_hw)


def _projected(
    camera: Camera, surfaces: Sequence[Surface]
) -> tuple[Float[Tensor, "V 2"], Float[Tensor, "V"], Int[Tensor, "F 3"]]:
    """Image points, depths and faces of all surfaces, one after another."""
    faces, start = [torch.zeros(0, 3, dtype=torch.long)], 0
    for surface in surfaces:
        faces.append(surface.seen_faces + start)
        start += len(surface.vertices_m)
    vertices = torch.cat([torch.zeros(0, 3), *(surface.vertices_m for surface in surfaces)])
    return *project_for_raster(camera, vertices), torch.cat(faces)


def spots_of(
    camera: Camera,
    surface: Surface,
    face: Int[Tensor, "N"],
    rows: Int[Tensor, "N"],
    columns: Int[Tensor, "N"],
) -> Spots:
    """Where on a surface the rays through some pixel centres meet it."""
    corners = surface.seen_faces.index_select(0, face)
    xy, depth = project_for_raster(camera, surface.vertices_m)
    share = barycentric_px(xy, corners, pixel_centers_px(rows, columns)) / depth[corners]
    return Spots(face, corners, share / share.sum(1, keepdim=True))


def blend(
    values: Float[Tensor, "V C"], corners: Int[Tensor, "N 3"], share: Float[Tensor, "N 3"]
) -> Float[Tensor, "N C"]:
    """Values at faces' corners, mixed."""
    first, second, third = (share[:, i, None] * values.index_select(0, corners[:, i]) for i in range(3))
    return first + second + third


def nearest(
    depths_m: Sequence[Float[Tensor, "*n"]],
) -> tuple[Float[Tensor, "*n"], Int[Tensor, "*n"]]:
    """The least of several depths at every pixel, and which one it is; of equals, the first."""
    least, which = depths_m[0], torch.zeros_like(depths_m[0], dtype=torch.long)
    for place, depth in enumerate(depths_m[1:], start=1):
        closer = depth < least
        least, which = torch.where(closer, depth, least), torch.where(closer, place, which)
    return least, which
