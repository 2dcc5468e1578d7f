"""A z-buffer in plain torch: which face every pixel sees, and how far away it is.

One path for CPU and CUDA, no OpenGL. A face becomes rows, a row becomes a span of pixel centres, and one
`scatter_reduce(amax)` on 64-bit keys (nearness in the high half, face number in the low half) keeps the
nearest face of every pixel. A span is cut by the two edges that cross its row. Faces that share an edge
compute the same crossing, and spans are half-open, so a mesh has neither cracks nor pixels drawn twice.

Image coordinates are continuous: the centre of the first pixel is (0.5, 0.5).
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.geometry.camera import MIN_DEPTH_M, Camera

CANDIDATES_PER_BLOCK = 1 << 23
"""Bounding-box pixels handled at once; bounds the memory when large faces overlap."""


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
    height, width = size_hw
    if min(size_hw) < 1:
        raise ValueError(f"A picture needs at least one pixel each way; got height, width = {size_hw}.")
    check_vertices(xy_px, depth_m)
    *batch, vertex_count, _ = xy_px.shape
    pictures = math.prod(batch)
    xy = xy_px.reshape(pictures, vertex_count, 2).float()
    depth = depth_m.reshape(pictures, vertex_count).float()
    nearness = -depth if linear else torch.where(depth < MIN_DEPTH_M, torch.inf, 1 / depth)
    corners = _corners(torch.stack((xy[..., 0], xy[..., 1], nearness)), faces)  # (x y nearness, corner, face)
    triangles = _triangles(corners, len(faces), size_hw, cull)

    nothing = xy.new_full((1,), -torch.inf if linear else 0.0)  # infinitely far away
    keys = _key(nothing, torch.full((1,), -1, device=xy.device)).repeat(pictures * height * width)
    for block in _blocks(triangles):
        keys.scatter_reduce_(0, *_fill(block, height, width), "amax")
    face_id, near = _unpack(keys.reshape(*batch, height, width))
    return Fragments(face_id, -near if linear else 1 / near)


def check_vertices(xy_px: Float[Tensor, "*b V 2"], depth_m: Float[Tensor, "*b V"]) -> None:
    """Refuse projected vertices that are not numbers.

    Raises:
        ValueError: a coordinate is NaN or infinite.
    """
    bad = ~(torch.isfinite(xy_px).all(-1) & torch.isfinite(depth_m))
    if bad.any():
        raise ValueError(
            f"{int(bad.sum())} of {bad.numel()} vertices are NaN or infinite. "
            "Check the pose, the shape and the camera that made them."
        )


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


class _Triangles(NamedTuple):
    """Faces that may own a pixel; the last axis of every tensor is the face."""

    face: Int[Tensor, "K"]  # index in the mesh
    picture: Int[Tensor, "K"]  # index in the batch
    row_first: Int[Tensor, "K"]  # rows first..last whose centres the face may cover, inside the picture
    row_last: Int[Tensor, "K"]
    column_count: Int[Tensor, "K"]  # columns of its bounding box inside the picture
    corners: Float[Tensor, "3 3 K"]  # (x, y, nearness) of three corners; nearness is linear in the picture


def _corners(values: Float[Tensor, "3 B V"], faces: Int[Tensor, "F 3"]) -> Float[Tensor, "3 3 BF"]:
    """Vertex values at the corners of all faces of all pictures."""
    # index_select is quick on matrices only
    picked = values.flatten(0, 1).index_select(1, faces.T.reshape(-1))
    return picked.reshape(3, values.shape[1], 3, len(faces)).transpose(1, 2).flatten(2)


def _triangles(corners: Tensor, face_count: int, size_hw: tuple[int, int], cull: bool) -> _Triangles:
    height, width = size_hw
    (xa, xb, xc), (ya, yb, yc), nearness = corners
    area = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya)
    # y points down, so a face that turns its outside to us runs clockwise in (x, y): negative area
    keep = area < 0 if cull else area != 0
    row_first, row_last = _covered(ya, yb, yc, height)
    column_first, column_last = _covered(xa, xb, xc, width)
    keep &= (row_first <= row_last) & (column_first <= column_last)
    keep &= nearness.amax(0) < torch.inf  # the whole face lies before the lens
    index = keep.nonzero()[:, 0]
    return _Triangles(
        index % face_count,
        index // face_count,
        row_first[index].long(),
        row_last[index].long(),
        (column_last - column_first)[index].long() + 1,
        corners.flatten(0, 1).index_select(1, index).unflatten(0, (3, 3)),
    )


def _covered(a: Tensor, b: Tensor, c: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """First and last pixel whose centre lies between the least and the greatest of three coordinates."""
    least = torch.minimum(torch.minimum(a, b), c)
    greatest = torch.maximum(torch.maximum(a, b), c)
    return (least - 0.5).ceil().clamp_min(0), (greatest - 0.5).floor().clamp_max(size - 1)


def _blocks(triangles: _Triangles) -> Iterator[_Triangles]:
    """Cut the list of faces so that no block touches too many pixels."""
    rows = triangles.row_last - triangles.row_first + 1
    reach = (rows * triangles.column_count).cumsum(0)
    total = int(reach[-1]) if len(reach) else 0
    if total <= CANDIDATES_PER_BLOCK:
        yield triangles
        return
    steps = torch.arange(CANDIDATES_PER_BLOCK, total, CANDIDATES_PER_BLOCK, device=reach.device)
    cuts = torch.searchsorted(reach, steps).unique().tolist()
    for start, end in zip([0, *cuts], [*cuts, len(reach)], strict=True):
        yield _Triangles(*(t[..., start:end] for t in triangles))


def _fill(t: _Triangles, height: int, width: int) -> tuple[Int[Tensor, "P"], Int[Tensor, "P"]]:
    """Faces to rows to pixels: the flat index and the key of every covered pixel."""
    owner, step = _expand(t.row_last - t.row_first + 1)
    row = t.row_first[owner] + step
    left, right = _crossings(t.corners, owner, row + 0.5)
    first = (left - 0.5).ceil().clamp(0, width)  # half-open: left <= centre < right
    last = (right - 0.5).ceil().clamp(0, width)
    covers = (last > first).nonzero()[:, 0]
    owner, row, first = owner[covers], row[covers], first[covers]
    slope_x, start = _nearness_along_row(t.corners, owner, first + 0.5, row + 0.5)
    base = (t.picture[owner] * height + row) * width + first.long()
    span, step = _expand((last[covers] - first).long())
    near = start[span] + slope_x[span] * step
    return base[span] + step, _key(near, t.face[owner][span])


def _expand(count: Int[Tensor, "K"]) -> tuple[Int[Tensor, "N"], Int[Tensor, "N"]]:
    """Repeat item k count[k] times: the owner of each copy, and its number 0, 1, ... among its siblings."""
    end = count.cumsum(0)
    total = int(end[-1]) if len(end) else 0
    owner = torch.repeat_interleave(torch.arange(len(count), device=count.device), count, output_size=total)
    return owner, torch.arange(total, device=count.device) - (end - count)[owner]


def _crossings(corners: Tensor, owner: Tensor, center_y: Tensor) -> tuple[Tensor, Tensor]:
    """Leftmost and rightmost x at which a face's edges cross a row."""
    left = torch.full_like(center_y, torch.inf)
    right = -left
    x, y, _ = corners
    for i, j in ((0, 1), (1, 2), (2, 0)):
        # run every edge downwards, so that both faces beside it compute the very same crossing
        down = y[i] <= y[j]
        ya, yb = torch.minimum(y[i], y[j]), torch.maximum(y[i], y[j])
        xa, xb = torch.where(down, x[i], x[j]), torch.where(down, x[j], x[i])
        edge = torch.stack((xa, ya, yb, (xb - xa) / (yb - ya)))
        xa, ya, yb, slope = edge.index_select(1, owner)
        at = xa + (center_y - ya) * slope
        crosses = (ya <= center_y) & (center_y < yb)
        left = torch.where(crosses, torch.minimum(left, at), left)
        right = torch.where(crosses, torch.maximum(right, at), right)
    return left, right


def _nearness_along_row(corners: Tensor, owner: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """Slope in x and value at (x, y) of the plane through a face's corners, held within the face's range."""
    origin, b, c = corners.unbind(1)
    (bx, by, bn), (cx, cy, cn) = b - origin, c - origin
    area = bx * cy - cx * by
    plane = torch.stack((*origin, (bn * cy - cn * by) / area, (bx * cn - cx * bn) / area))
    x0, y0, n0, slope_x, slope_y = plane.index_select(1, owner)
    lowest, highest = (edge(corners[2], dim=0)[owner] for edge in (torch.amin, torch.amax))
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
