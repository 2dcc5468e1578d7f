"""A calm studio for meshes: one soft key light, a head light, light from the sky and shade where parts meet.

Lighting is computed in linear light and encoded as sRGB at the end. Directions are in the camera frame
(x right, y down, z forward), whose axes are those of posed vertices.
"""

import math
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from workbench.geometry.camera import MIN_DEPTH_M, Camera
from workbench.render.rasterize import (
    barycentric_px,
    is_linear,
    pixel_centers_px,
    project_for_raster,
    rasterize,
)

Color = tuple[float, float, float]
"""Red, green, blue in 0..1, as on screen (sRGB)."""
CLAY: Color = (0.84, 0.82, 0.79)

TO_KEY = (-0.48, -0.62, -0.62)
"""Towards the key light: upper left, in front of the body."""
KEY, HEAD, SKY, GROUND = 0.74, 0.22, 0.32, 0.08
"""Strengths. Sky and ground light fill the shadows from above and from below."""
WRAP = 0.25
"""How far the key light reaches around the body: a large, soft lamp."""
CREVICE_M, CREVICE_SHADE = 0.05, 0.6
"""Width of the shade between body parts, and how dark it gets."""


class Shaded(NamedTuple):
    """The pixels of a picture that show the body, and only those."""

    rows: Int[Tensor, "N"]
    columns: Int[Tensor, "N"]
    rgb: Float[Tensor, "N 3"]
    """0..1, sRGB."""
    depth_m: Float[Tensor, "N"]


@torch.no_grad()
def shade(
    camera: Camera,
    vertices_body_m: Float[Tensor, "V 3"],
    faces: Int[Tensor, "F 3"],
    color: Color | Float[Tensor, "V 3"] = CLAY,
    smooth: bool = True,
) -> Shaded:
    """Light one mesh.

    Args:
        camera: any kind; its size is the picture's.
        vertices_body_m: posed vertices, as for `Camera.project`.
        faces: vertex indices, counter-clockwise seen from outside.
        color: one colour, or one per vertex (a heat map).
        smooth: shade across faces; False shows the facets.

    Raises:
        ValueError: see `rasterize`.
    """
    xy, depth = project_for_raster(camera, vertices_body_m)
    seen = rasterize(xy, depth, faces, camera.size_hw, linear=is_linear(camera))
    rows, columns = seen.mask.nonzero(as_tuple=True)
    face, depth_m = seen.face_id[rows, columns], seen.depth_m[rows, columns]
    corners, points = faces.index_select(0, face), pixel_centers_px(rows, columns)
    share = _surface_share(camera, xy, depth, corners, points)
    if smooth:
        normals = functional.normalize(_blend(vertex_normals(vertices_body_m, faces), corners, share), dim=1)
    else:
        normals = face_normals(vertices_body_m, faces).index_select(0, face)
    painted = isinstance(color, Tensor)
    albedo = _blend(color.to(share), corners, share) if painted else share.new_tensor(color)
    light = _light(normals, _to_eye(camera, points)) * _crevices(camera, points, depth_m)
    return Shaded(rows, columns, _encode(_decode(albedo) * light[:, None]), depth_m)


def draw(
    camera: Camera,
    vertices_body_m: Float[Tensor, "V 3"],
    faces: Int[Tensor, "F 3"],
    color: Color | Float[Tensor, "V 3"] = CLAY,
    smooth: bool = True,
) -> Float[Tensor, "H W 4"]:
    """`shade` as a picture: red, green, blue in 0..1, and alpha 0 or 1.

    Raises:
        ValueError: see `rasterize`.
    """
    seen = shade(camera, vertices_body_m, faces, color, smooth)
    picture = seen.rgb.new_zeros(*camera.size_hw, 4)
    picture[seen.rows, seen.columns] = functional.pad(seen.rgb, (0, 1), value=1.0)
    return picture


def face_normals(vertices_m: Float[Tensor, "V 3"], faces: Int[Tensor, "F 3"]) -> Float[Tensor, "F 3"]:
    """Outward unit normals of faces (zero for a face without area)."""
    return _unit(_area_vectors(vertices_m, faces.T)).T


def vertex_normals(vertices_m: Float[Tensor, "V 3"], faces: Int[Tensor, "F 3"]) -> Float[Tensor, "V 3"]:
    """Outward unit normals of vertices: the mean of their faces', weighted by area."""
    corners = faces.T.contiguous()
    sums = torch.zeros_like(vertices_m.T, memory_format=torch.contiguous_format)
    for total, area in zip(sums, _area_vectors(vertices_m, corners), strict=True):
        for corner in corners:  # one coordinate and one corner at a time: twice as fast as all at once
            total.scatter_add_(0, corner, area)
    return _unit(sums).T


def _area_vectors(vertices: Float[Tensor, "V 3"], corners: Int[Tensor, "3 F"]) -> Float[Tensor, "3 F"]:
    """Across each face, outwards, of length twice its area; by axis."""
    a, b, c = vertices.T.index_select(1, corners.reshape(-1)).unflatten(1, (3, -1)).unbind(1)
    (ux, uy, uz), (vx, vy, vz) = b - a, c - a
    return torch.stack((uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx))


def _unit(vectors: Float[Tensor, "3 N"]) -> Float[Tensor, "3 N"]:
    """Of length one, or zero; along the first axis `normalize` is slow."""
    return vectors / vectors.square().sum(0).sqrt().clamp_min(1e-12)


def _surface_share(camera: Camera, xy: Tensor, depth: Tensor, corners: Tensor, points: Tensor) -> Tensor:
    """Barycentric weights on the surface itself, which perspective bends away from those in the picture."""
    share = barycentric_px(xy, corners, points)
    if is_linear(camera):
        return share
    share = share / depth[corners]
    return share / share.sum(1, keepdim=True)


def _to_eye(camera: Camera, points_px: Tensor) -> Tensor:
    """Unit vectors from the surface to the lens."""
    aside = points_px - points_px.new_tensor(camera.center_px)
    aside = torch.zeros_like(aside) if is_linear(camera) else aside / camera.focal_px
    return -functional.normalize(functional.pad(aside, (0, 1), value=1.0), dim=1)


def _blend(values: Tensor, corners: Tensor, share: Tensor) -> Tensor:
    """Values at a face's corners, mixed by the weights of points in it."""
    first, second, third = (share[:, i, None] * values.index_select(0, corners[:, i]) for i in range(3))
    return first + second + third


def _light(normals: Float[Tensor, "N 3"], to_eye: Float[Tensor, "N 3"]) -> Float[Tensor, "N"]:
    key = functional.normalize(normals.new_tensor(TO_KEY), dim=0)
    from_key = ((normals @ key + WRAP) / (1 + WRAP)).clamp_min(0)
    facing = (normals * to_eye).sum(1).clamp(0, 1)
    up = 0.5 - 0.5 * normals[:, 1]
    fill = GROUND + (SKY - GROUND) * up
    edge = 0.72 + 0.28 * facing.sqrt()  # a touch darker where the surface turns away: draws the contours
    return (KEY * from_key + HEAD * facing + fill) * edge


def _crevices(
    camera: Camera, points_px: Float[Tensor, "N 2"], depth_m: Float[Tensor, "N"]
) -> Float[Tensor, "N"]:
    """Darken what lies deeper than its surroundings: unsharp masking of depth (Luft et al., SIGGRAPH 2006).

    Only the body itself counts as surroundings, so its outline throws no shadow.
    """
    if not len(depth_m):
        return depth_m
    distance = 1.0 if camera.kind == "orthographic" else max(float(depth_m.mean()), MIN_DEPTH_M)
    cell = max(
        1.0, CREVICE_M * camera.focal_px / distance / 3
    )  # blur a coarse picture: the radius is 3 cells
    height, width = (math.ceil(side / cell) for side in camera.size_hw)
    column, row = (points_px / cell).long().unbind(1)
    sums = depth_m.new_zeros(2, height * width)
    sums.index_add_(1, row * width + column, torch.stack((depth_m, torch.ones_like(depth_m))))
    blurred = functional.avg_pool2d(sums.reshape(1, 2, height, width), 5, 1, 2)
    blurred = functional.avg_pool2d(blurred, 3, 1, 1)
    grid = points_px / (cell * points_px.new_tensor((width, height))) * 2 - 1
    around = functional.grid_sample(blurred, grid[None, None], padding_mode="border", align_corners=False)
    sunk_m = depth_m - around[0, 0, 0] / around[0, 1, 0].clamp_min(1e-6)
    return 1 - CREVICE_SHADE * (sunk_m / CREVICE_M).clamp(0, 1)


def _decode(srgb: Tensor) -> Tensor:
    """sRGB to linear light."""
    return torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _encode(linear: Tensor) -> Tensor:
    """Linear light to sRGB."""
    linear = linear.clamp(0, 1)
    return torch.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
