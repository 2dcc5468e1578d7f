"""A calm studio for meshes: one soft key light, a head light, light from the sky and shade where parts meet.

Lighting is computed in linear light and encoded as sRGB at the end. Directions are in the camera frame
(x right, y down, z forward), whose axes are those of posed vertices.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from workbench.geometry.camera import MIN_DEPTH_M, Camera
from workbench.render.rasterize import (
    Fragments,
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


@torch.no_grad()
def draw(
    camera: Camera,
    vertices_body_m: Float[Tensor, "V 3"],
    faces: Int[Tensor, "F 3"],
    color: Color | Float[Tensor, "V 3"] = CLAY,
    smooth: bool = True,
) -> tuple[Float[Tensor, "H W 4"], Float[Tensor, "H W"]]:
    """A shaded picture of one mesh.

    Args:
        camera: any kind; its size is the picture's.
        vertices_body_m: posed vertices, as for `Camera.project`.
        faces: vertex indices, counter-clockwise seen from outside.
        color: one colour, or one per vertex (a heat map).
        smooth: shade across faces; False shows the facets.

    Returns:
        Red, green, blue in 0..1 and alpha 0 or 1; depth in metres, inf where there is nothing.

    Raises:
        ValueError: see `rasterize`.
    """
    xy, depth = project_for_raster(camera, vertices_body_m)
    seen = rasterize(xy, depth, faces, camera.size_hw, linear=is_linear(camera))
    rows, columns = seen.mask.nonzero(as_tuple=True)
    face = seen.face_id[rows, columns]
    points = pixel_centers_px(rows, columns)
    share = _surface_share(camera, xy, depth, faces[face], points)
    if smooth:
        normals = (share[..., None] * vertex_normals(vertices_body_m, faces)[faces[face]]).sum(1)
    else:
        normals = face_normals(vertices_body_m, faces)[face]
    if isinstance(color, Tensor):
        albedo = (share[..., None] * color.to(share)[faces[face]]).sum(1)
    else:
        albedo = share.new_tensor(color)
    light = _light(functional.normalize(normals, dim=1), _to_eye(camera, points))
    light = light * _crevices(camera, seen)[rows, columns, None]
    picture = share.new_zeros(*camera.size_hw, 4)
    picture[rows, columns] = functional.pad(_encode(_decode(albedo) * light), (0, 1), value=1.0)
    return picture, seen.depth_m


def face_normals(vertices_m: Float[Tensor, "V 3"], faces: Int[Tensor, "F 3"]) -> Float[Tensor, "F 3"]:
    """Outward unit normals of faces (zero for a face without area)."""
    return functional.normalize(_area_vectors(vertices_m, faces), dim=1)


def vertex_normals(vertices_m: Float[Tensor, "V 3"], faces: Int[Tensor, "F 3"]) -> Float[Tensor, "V 3"]:
    """Outward unit normals of vertices: the mean of their faces', weighted by area."""
    area = _area_vectors(vertices_m, faces).repeat_interleave(3, dim=0)
    return functional.normalize(torch.zeros_like(vertices_m).index_add(0, faces.reshape(-1), area), dim=1)


def _area_vectors(vertices: Tensor, faces: Tensor) -> Tensor:
    a, b, c = (vertices[faces[:, i]] for i in range(3))
    return torch.linalg.cross(b - a, c - a)


def _surface_share(camera: Camera, xy: Tensor, depth: Tensor, corners: Tensor, points: Tensor) -> Tensor:
    """Barycentric weights on the surface itself, which perspective bends away from those in the picture."""
    share = barycentric_px(xy, corners, points)
    if is_linear(camera):
        return share
    share = share / depth[corners].clamp_min(MIN_DEPTH_M)
    return share / share.sum(1, keepdim=True)


def _to_eye(camera: Camera, points_px: Tensor) -> Tensor:
    """Unit vectors from the surface to the lens."""
    aside = points_px - points_px.new_tensor(camera.center_px)
    aside = torch.zeros_like(aside) if is_linear(camera) else aside / camera.focal_px
    return -functional.normalize(functional.pad(aside, (0, 1), value=1.0), dim=1)


def _light(normals: Float[Tensor, "N 3"], to_eye: Float[Tensor, "N 3"]) -> Float[Tensor, "N 1"]:
    key = functional.normalize(normals.new_tensor(TO_KEY), dim=0)
    from_key = ((normals @ key + WRAP) / (1 + WRAP)).clamp_min(0)
    facing = (normals * to_eye).sum(1).clamp(0, 1)
    up = 0.5 - 0.5 * normals[:, 1]
    fill = GROUND + (SKY - GROUND) * up
    edge = 0.72 + 0.28 * facing.sqrt()  # a touch darker where the surface turns away: draws the contours
    return ((KEY * from_key + HEAD * facing + fill) * edge)[:, None]


def _crevices(camera: Camera, seen: Fragments) -> Float[Tensor, "H W"]:
    """Darken what lies deeper than its surroundings: unsharp masking of depth (Luft et al., SIGGRAPH 2006).

    Only the body itself counts as surroundings, so its outline throws no shadow.
    """
    mask = seen.mask.float()
    depth = torch.where(seen.mask, seen.depth_m, 0)
    if not seen.mask.any():
        return mask
    scale = 1.0 if camera.kind == "orthographic" else float(depth.sum() / mask.sum())
    radius_px = CREVICE_M * camera.focal_px / max(abs(scale), MIN_DEPTH_M)
    step = max(1, min(round(radius_px / 3), *camera.size_hw))  # blur a small picture: its radius is 3 pixels
    layers = functional.avg_pool2d(torch.stack((depth, mask))[None], step, ceil_mode=True)
    blurred = functional.avg_pool2d(layers, 5, 1, 2)
    blurred = functional.avg_pool2d(blurred, 3, 1, 1)
    large = functional.interpolate(blurred, scale_factor=step, mode="bilinear")[0]
    around_m = (large[0] / large[1].clamp_min(1e-6))[: mask.shape[0], : mask.shape[1]]
    sunk_m = depth - around_m
    return 1 - CREVICE_SHADE * (sunk_m / CREVICE_M).clamp(0, 1)


def _decode(srgb: Tensor) -> Tensor:
    """sRGB to linear light."""
    return torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _encode(linear: Tensor) -> Tensor:
    """Linear light to sRGB."""
    linear = linear.clamp(0, 1)
    return torch.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
