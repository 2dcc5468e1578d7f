"""A z-buffer in plain torch: which face every pixel sees, and how far away it is.

One path for CPU and CUDA, no OpenGL. A face becomes rows, a row becomes a span of pixel centres, and one
`scatter_reduce(amax)` on 64-bit keys (nearness in the high half, face number in the low half) keeps the
nearest face of every pixel. spans.py makes the rows.

Image coordinates are continuous: the centre of the first pixel is (0.5, 0.5).
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.geometry.camera import Camera
from workbench.render.spans import (
    Spans,
    Triangles,
    Window,
    expand,
    in_blocks,
    spans_of_rows,
    visible_triangles,
)


@dataclass(frozen=True, eq=False)
class Fragments:
    """What each pixel centre sees."""

    face_id: Int[Tensor, "*b H W"]
    """Index of the nearest face, -1 where there is none."""
    depth_m: Float[Tensor, "*b H W"]
    """Depth of that face along the optical axis, inf where there is none."""

    @property
    def mask(self) -> Bool[Tensor, "*b H W"]:
        """Pixels that see any face."""
        return self.face_id >= 0


def project_for_raster(
    camera: Camera, vertices_body_m: Float[Tensor, "*b V 3"]
) -> tuple[Float[Tensor, "*b V 2"], Float[Tensor, "*b V"]]:
    """Image points (px) and depths (m) of a mesh, for any kind of camera.

    Rasterise with `linear=is_linear(camera)`: without perspective, depth itself is linear in the picture.
    """
    return camera.project(vertices_body_m), camera.to_camera_m(vertices_body_m)[..., 2]


def is_linear(camera: Camera) -> bool:
    """Whether depth (and not its inverse) is linear in the picture: weak perspective and orthographic."""
    return camera.kind != "perspective"


@torch.no_grad()
def rasterize(
    xy_px: Float[Tensor, "*b V 2"],
    depth_m: Float[Tensor, "*b V"],
    faces: Int[Tensor, "F 3"],
    size_hw: tuple[int, int],
    cull: bool = True,
    linear: bool = False,
) -> Fragments:
    """The nearest face at every pixel centre. Not differentiable; `silhouette_iou` is.

    Args:
        xy_px: image points of the vertices; leading axes are a batch of poses of one mesh.
        depth_m: their depths along the optical axis.
        faces: vertex indices, counter-clockwise seen from outside.
        size_hw: height and width of the picture.
        cull: leave out faces turned away. Twice as fast, and a closed mesh looks the same.
        linear: depth is linear in the picture (weak or orthographic camera); else 1 / depth is, and a face
            with a vertex nearer than 1 mm is left out.

    Raises:
        ValueError: a coordinate is NaN or infinite, or the picture has no pixels.
    """
    triangles = visible_triangles(xy_px, depth_m, faces, size_hw, cull, linear)
    window = Window.around(triangles)
    batch = xy_px.shape[:-2]
    nothing = xy_px.new_full((1,), -torch.inf if linear else 0.0, dtype=torch.float32)  # infinitely far away
    empty = _key(nothing, torch.full((1,), -1, device=xy_px.device))
    keys = empty.repeat(math.prod(batch) * window.height * window.width)
    for block in in_blocks(triangles):
        spans = spans_of_rows(block)
        span, pixel, near = _fill(block, spans, window)
        face = block.face.index_select(0, spans.owner).index_select(0, span)
        keys.scatter_reduce_(0, pixel, _key(near, face), "amax")
    face_id, near = _unpack(keys.reshape(*batch, window.height, window.width))
    depth = -near if linear else 1 / near
    return Fragments(window.in_picture(face_id, -1, size_hw), window.in_picture(depth, torch.inf, size_hw))


@torch.no_grad()
def nearest_m(
    xy_px: Float[Tensor, "*b V 2"],
    depth_m: Float[Tensor, "*b V"],
    faces: Int[Tensor, "F 3"],
    size_hw: tuple[int, int],
    cull: bool = True,
    linear: bool = False,
) -> Float[Tensor, "*b H W"]:
    """The depth of `rasterize` alone, in less time: nobody asks which face it is of.

    Raises:
        ValueError: see `rasterize`.
    """
    triangles = visible_triangles(xy_px, depth_m, faces, size_hw, cull, linear)
    window = Window.around(triangles)
    batch = xy_px.shape[:-2]
    far = -torch.inf if linear else 0.0
    nearness = torch.full((math.prod(batch) * window.height * window.width,), far, device=xy_px.device)
    for block in in_blocks(triangles):
        _, pixel, near = _fill(block, spans_of_rows(block), window)
        nearness.scatter_reduce_(0, pixel, near, "amax")
    nearness = nearness.reshape(*batch, window.height, window.width)
    return window.in_picture(-nearness if linear else 1 / nearness, torch.inf, size_hw)


@torch.no_grad()
def covered(
    xy_px: Float[Tensor, "*b V 2"],
    depth_m: Float[Tensor, "*b V"],
    faces: Int[Tensor, "F 3"],
    size_hw: tuple[int, int],
    cull: bool = True,
    linear: bool = False,
) -> Bool[Tensor, "*b H W"]:
    """The pixels at which `rasterize` sees any face, in half the time: nobody asks which face is nearest.

    Raises:
        ValueError: see `rasterize`.
    """
    triangles = visible_triangles(xy_px, depth_m, faces, size_hw, cull, linear)
    window = Window.around(triangles)
    batch, columns = xy_px.shape[:-2], window.width + 1
    begun = torch.zeros(math.prod(batch) * window.height * columns, dtype=torch.int32, device=xy_px.device)
    one = torch.ones(1, dtype=torch.int32, device=xy_px.device)
    for block in in_blocks(triangles):
        spans = spans_of_rows(block)
        picture = block.picture.index_select(0, spans.owner)
        line = (picture * window.height + spans.row - window.top) * columns - window.left
        begun.index_add_(0, line + spans.first, one.expand(len(line)))
        begun.index_add_(0, line + spans.last, -one.expand(len(line)))
    inside = begun.reshape(*batch, window.height, columns).cumsum(-1, dtype=torch.int32)[..., :-1] > 0
    return window.in_picture(inside, False, size_hw)


def barycentric_px(
    xy_px: Float[Tensor, "V 2"], corners: Int[Tensor, "N 3"], points_px: Float[Tensor, "N 2"]
) -> Float[Tensor, "N 3"]:
    """Weights of each point in its triangle, linear in the picture; clamped, so slivers stay harmless."""
    a, b, c = (xy_px.index_select(0, corners[:, i]) - points_px for i in range(3))
    weights = torch.stack((_cross(b, c), _cross(c, a), _cross(a, b)), dim=1)
    area = weights.sum(1, keepdim=True)
    weights = (weights / torch.where(area == 0, 1, area)).clamp(0, 1)
    total = weights.sum(1, keepdim=True)
    return torch.where(total > 0, weights / total.clamp_min(1e-12), 1 / 3)


def pixel_centers_px(rows: Int[Tensor, "N"], columns: Int[Tensor, "N"]) -> Float[Tensor, "N 2"]:
    """Image coordinates of pixels."""
    return torch.stack((columns, rows), dim=-1) + 0.5


def _fill(
    t: Triangles, spans: Spans, window: Window
) -> tuple[Int[Tensor, "P"], Int[Tensor, "P"], Float[Tensor, "P"]]:
    """Of every pixel that a face covers its span, its place in the window and the nearness there."""
    owner, row, first, last = spans
    slope_x, start = _nearness_along_row(t.corners, owner, first + 0.5, row + 0.5)
    picture = t.picture.index_select(0, owner)
    base = (picture * window.height + row - window.top) * window.width + first - window.left
    span, step = expand(last - first)
    slope_x, start = torch.stack((slope_x, start)).index_select(1, span)
    return span, base.index_select(0, span) + step, start + slope_x * step


def _nearness_along_row(corners: Tensor, owner: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Slope in x and value at (x, y) of the plane through a face's corners, held within the face's range."""
    origin, b, c = corners.unbind(1)
    (bx, by, bn), (cx, cy, cn) = b - origin, c - origin
    area = bx * cy - cx * by
    slopes = (bn * cy - cn * by) / area, (bx * cn - cx * bn) / area
    plane = torch.stack((*origin, *slopes, corners[2].amin(0), corners[2].amax(0)))
    x0, y0, n0, slope_x, slope_y, lowest, highest = plane.index_select(1, owner)
    value = n0 + slope_x * (x - x0) + slope_y * (y - y0)
    return slope_x, torch.minimum(torch.maximum(value, lowest), highest)


def _key(near: Float[Tensor, "N"], face: Int[Tensor, "N"]) -> Int[Tensor, "N"]:
    """64 bits that sort by nearness: its float bits above, the face's number below (little-endian)."""
    return torch.stack((face.int(), _flip_negative(near.view(torch.int32))), dim=-1).view(torch.int64)[..., 0]


def _unpack(keys: Int[Tensor, "*b"]) -> tuple[Int[Tensor, "*b"], Float[Tensor, "*b"]]:
    """Face number and nearness of keys."""
    face, order = keys.unsqueeze(-1).view(torch.int32).unbind(-1)
    return face.long(), _flip_negative(order).view(torch.float32)


def _flip_negative(bits: Int[Tensor, "*b"]) -> Int[Tensor, "*b"]:
    """IEEE floats sort like integers once the bits of the negative ones, which run backwards, are flipped."""
    return torch.where(bits < 0, bits ^ 0x7FFFFFFF, bits)


def _cross(a: Tensor, b: Tensor) -> Tensor:
    return a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0]
