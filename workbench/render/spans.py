"""Faces to rows, and rows to spans of pixel centres: what a z-buffer fills.

A span is cut by the two edges that cross its row. Faces that share an edge compute the same crossing, and
spans are half-open, so a mesh has neither cracks nor pixels drawn twice.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.geometry.camera import MIN_DEPTH_M

CANDIDATES_PER_BLOCK = 1 << 23
"""Bounding-box pixels handled at once; bounds the memory when large faces overlap."""


class Triangles(NamedTuple):
    """Faces that may own a pixel; the last axis of every tensor is the face."""

    face: Int[Tensor, "K"]  # index in the mesh
    picture: Int[Tensor, "K"]  # index in the batch
    row_first: Int[Tensor, "K"]  # rows first..last whose centres the face may cover, inside the picture
    row_last: Int[Tensor, "K"]
    column_first: Int[Tensor, "K"]  # the same of columns
    column_last: Int[Tensor, "K"]
    corners: Float[Tensor, "3 3 K"]  # (x, y, nearness) of three corners; nearness is linear in the picture


class Window(NamedTuple):
    """The part of the picture in which there are faces; nothing is drawn elsewhere."""

    top: int
    left: int
    height: int
    width: int

    @classmethod
    def around(cls, t: Triangles) -> "Window":
        """All faces of all pictures."""
        if not len(t.face):
            return cls(0, 0, 0, 0)
        top, left = int(t.row_first.min()), int(t.column_first.min())
        return cls(top, left, int(t.row_last.max()) + 1 - top, int(t.column_last.max()) + 1 - left)

    def in_picture(self, values: Tensor, beyond: float | int, size_hw: tuple[int, int]) -> Tensor:
        """What was drawn in the window, in pictures that hold a constant elsewhere."""
        if (self.height, self.width) == size_hw:
            return values
        whole = values.new_full((*values.shape[:-2], *size_hw), beyond)
        whole[..., self.top : self.top + self.height, self.left : self.left + self.width] = values
        return whole


class Spans(NamedTuple):
    """Pixels of a row that a face covers: first <= column < last."""

    owner: Int[Tensor, "N"]  # place among the triangles
    row: Int[Tensor, "N"]
    first: Int[Tensor, "N"]
    last: Int[Tensor, "N"]


def visible_triangles(
    xy_px: Tensor, depth_m: Tensor, faces: Tensor, size_hw: tuple[int, int], cull: bool, linear: bool
) -> Triangles:
    """Faces that may own a pixel, those behind the lens left out.

    Args:
        xy_px, depth_m, faces, size_hw, cull, linear: see `rasterize`.

    Raises:
        ValueError: a coordinate is NaN or infinite, or the picture has no pixels.
    """
    if min(size_hw) < 1:
        raise ValueError(f"A picture needs at least one pixel each way; got height, width = {size_hw}.")
    check_vertices(xy_px, depth_m)
    height, width = size_hw
    pictures = math.prod(depth_m.shape[:-1])
    xy, depth = (x.reshape(pictures, *x.shape[depth_m.ndim - 1 :]).float() for x in (xy_px, depth_m))
    nearness = -depth if linear else torch.where(depth < MIN_DEPTH_M, torch.inf, 1 / depth)
    corners = _corners(torch.stack((xy[..., 0], xy[..., 1], nearness)), faces)  # (x y nearness, corner, face)
    (xa, xb, xc), (ya, yb, yc), nearness = corners
    area = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya)
    # y points down, so a face that turns its outside to us runs clockwise in (x, y): negative area
    keep = area < 0 if cull else area != 0
    row_first, row_last = _covered(ya, yb, yc, height)
    column_first, column_last = _covered(xa, xb, xc, width)
    keep &= (row_first <= row_last) & (column_first <= column_last)
    keep &= nearness.amax(0) < torch.inf  # the whole face lies before the lens
    index = keep.nonzero()[:, 0]
    reach = torch.stack((row_first, row_last, column_first, column_last)).index_select(1, index).long()
    kept = corners.flatten(0, 1).index_select(1, index).unflatten(0, (3, 3))
    return Triangles(index % len(faces), index // len(faces), *reach.unbind(), corners=kept)


def _corners(values: Float[Tensor, "3 B V"], faces: Int[Tensor, "F 3"]) -> Float[Tensor, "3 3 BF"]:
    """Vertex values at the corners of all faces of all pictures."""
    # index_select is quick on matrices only
    picked = values.flatten(0, 1).index_select(1, faces.T.reshape(-1))
    return picked.reshape(3, values.shape[1], 3, len(faces)).transpose(1, 2).flatten(2)


def _covered(a: Tensor, b: Tensor, c: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """First and last pixel whose centre lies between the least of three coordinates and, short of it, the
    greatest: what lies on the border of two faces is the second one's.
    """
    least = torch.minimum(torch.minimum(a, b), c)
    greatest = torch.maximum(torch.maximum(a, b), c)
    return (least - 0.5).ceil().clamp_min(0), ((greatest - 0.5).ceil() - 1).clamp_max(size - 1)


def in_blocks(triangles: Triangles) -> Iterator[Triangles]:
    """Cut the list of faces so that no block touches too many pixels."""
    rows = triangles.row_last - triangles.row_first + 1
    columns = triangles.column_last - triangles.column_first + 1
    reach = (rows * columns).cumsum(0)
    total = int(reach[-1]) if len(reach) else 0
    if total <= CANDIDATES_PER_BLOCK:
        yield triangles
        return
    steps = torch.arange(CANDIDATES_PER_BLOCK, total, CANDIDATES_PER_BLOCK, device=reach.device)
    cuts = torch.searchsorted(reach, steps).unique().tolist()
    for start, end in zip([0, *cuts], [*cuts, len(reach)], strict=True):
        yield Triangles(*(t[..., start:end] for t in triangles))


def spans_of_rows(t: Triangles) -> Spans:
    """Faces to rows, and of each row the pixels between the two edges that cross it; some have none."""
    owner, step = expand(t.row_last - t.row_first + 1)
    picked = torch.stack((t.row_first, t.column_first, t.column_last + 1)).index_select(1, owner)
    row, bounds = picked[0] + step, picked[1:].float()
    ends = torch.stack(_crossings(t.corners, owner, row + 0.5)) - 0.5  # half-open: left <= centre < right
    first, last = torch.minimum(torch.maximum(ends.ceil(), bounds[:1]), bounds[1:]).long()
    return Spans(owner, row, first, last)


def expand(count: Int[Tensor, "K"]) -> tuple[Int[Tensor, "N"], Int[Tensor, "N"]]:
    """Repeat item k count[k] times: the owner of each copy, and its number 0, 1, ... among its siblings."""
    end = count.cumsum(0)
    total = int(end[-1]) if len(end) else 0
    owner = torch.repeat_interleave(count, output_size=total)
    return owner, torch.arange(total, device=count.device) - (end - count).index_select(0, owner)


def _crossings(corners: Tensor, owner: Tensor, center_y: Tensor) -> tuple[Tensor, Tensor]:
    """Leftmost and rightmost x at which a face's edges cross a row: the tallest edge and one other."""
    y, order = corners[1].sort(0)
    x = corners[0].gather(0, order)
    # every edge runs downwards, so that both faces beside it compute the very same crossing
    tall, upper, lower = ((x[b] - x[a]) / (y[b] - y[a]) for a, b in ((0, 2), (0, 1), (1, 2)))
    edges = torch.stack((x[0], y[0], tall, upper, x[1], y[1], lower))
    x0, y0, tall, upper, x1, y1, lower = edges.index_select(1, owner)
    below_0, below_1 = center_y - y0, center_y - y1
    one = x0 + below_0 * tall
    other = torch.where(below_1 < 0, x0 + below_0 * upper, x1 + below_1 * lower)
    return torch.minimum(one, other), torch.maximum(one, other)


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
