"""Bodies laid over their photo, and looked at from other sides."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int, UInt8
from torch import Tensor
from torch.nn import functional

from workbench.geometry.camera import Camera
from workbench.render.rasterize import project_for_raster
from workbench.render.shade import CLAY, Color, Shaded, shade
from workbench.render.spans import check_vertices

PERSON_COLORS: tuple[Color, ...] = (
    (0.44, 0.75, 0.92),  # sky blue
    (0.95, 0.68, 0.22),  # orange
    (0.22, 0.70, 0.55),  # bluish green
    (0.85, 0.57, 0.72),  # reddish purple
    (0.95, 0.90, 0.42),  # yellow
    (0.22, 0.53, 0.77),  # blue
    (0.88, 0.48, 0.24),  # vermilion
)
"""Told apart by everybody, whatever their colour vision: Okabe and Ito's colours (2008), a little softer."""

SUPERSAMPLE = 2
MAX_SAMPLES = 1 << 23
"""Above this, about 2 megapixels of bodies, edges are not smoothed: such pixels are too small to see."""

VIEWS = {
    "front": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "side": ((0.0, 0.0, 1.0), (0.0, 1.0, 0.0), (-1.0, 0.0, 0.0)),
    "top": ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0), (0.0, 1.0, 0.0)),
}
"""Rows: right, down and forward of each view, in the camera's axes. The side is seen from the camera's right,
the top with the camera at the lower edge."""


class Actor(NamedTuple):
    """One body in a scene."""

    vertices_body_m: Float[Tensor, "V 3"]
    """Posed vertices, as for `Camera.project`."""
    faces: Int[Tensor, "F 3"]
    """Counter-clockwise seen from outside."""
    camera: Camera
    """Of the whole photo."""
    color: Color | Float[Tensor, "V 3"] = CLAY
    """One colour, or one per vertex."""


def person_color(index: int) -> Color:
    """The colour of the index-th person."""
    return PERSON_COLORS[index % len(PERSON_COLORS)]


def render_overlay(
    photo_rgb: UInt8[np.ndarray, "H W 3"], actors: Sequence[Actor], opacity: float = 0.85
) -> UInt8[np.ndarray, "H W 3"]:
    """The photo with its bodies over it; where two overlap, the nearer one is seen.

    Raises:
        ValueError: opacity is not in 0..1, a camera is not the photo's, or see `rasterize`.
    """
    if not 0 <= opacity <= 1:
        raise ValueError(f"Opacity goes from 0 (photo alone) to 1 (bodies alone); got {opacity:g}.")
    height, width, _ = photo_rgb.shape
    layer = render_layer(actors, (height, width)).astype(np.float32)
    alpha = layer[..., 3:] * (opacity / 255)
    return np.round(photo_rgb * (1 - alpha) + layer[..., :3] * alpha).astype(np.uint8)


def render_layer(actors: Sequence[Actor], size_hw: tuple[int, int]) -> UInt8[np.ndarray, "H W 4"]:
    """The bodies alone, red, green, blue and alpha, with smooth edges; for laying over a photo in a browser.

    Raises:
        ValueError: a camera is not of this size, or see `rasterize`.
    """
    height, width = size_hw
    layer = np.zeros((height, width, 4), np.uint8)
    boxes = [_box(actor, size_hw) for actor in actors]
    shown = [(actor, box) for actor, box in zip(actors, boxes, strict=True) if box is not None]
    if not shown:
        return layer
    corners = np.array([box for _, box in shown])
    left, top = (int(v) for v in corners[:, :2].min(0))
    right, bottom = (int(v) for v in corners[:, 2:].max(0))
    samples = (right - left) * (bottom - top) * SUPERSAMPLE**2
    scale = SUPERSAMPLE if samples <= MAX_SAMPLES else 1
    size = ((bottom - top) * scale, (right - left) * scale)
    seen = [
        shade(
            a.camera.window(float(left), float(top), size, float(scale)), a.vertices_body_m, a.faces, a.color
        )
        for a, _ in shown
    ]
    layer[top:bottom, left:right] = _compose(seen, size, scale)
    return layer


def render_side_views(
    vertices_camera_m: Float[Tensor, "V 3"],
    faces: Int[Tensor, "F 3"],
    color: Color | Float[Tensor, "V 3"] = CLAY,
    size_px: int = 512,
) -> dict[str, UInt8[np.ndarray, "S S 4"]]:
    """The body alone from front, side and top, orthographic and all at one scale.

    Args:
        vertices_camera_m: posed vertices in the camera's axes; where the body stands does not matter.
        faces: counter-clockwise seen from outside.
        color: one colour, or one per vertex.
        size_px: side of each square picture.

    Returns:
        Pictures with alpha, by the names in `VIEWS`.

    Raises:
        ValueError: see `rasterize`.
    """
    low, high = vertices_camera_m.aminmax(dim=0)
    body = vertices_camera_m - (low + high) / 2
    pixels_per_m = 0.92 * size_px / max(float((high - low).max()), 1e-6)
    center = (size_px / 2, size_px / 2)
    camera = Camera("orthographic", pixels_per_m, center, (size_px, size_px), body.new_zeros(3))
    return {
        name: render_layer([Actor(body @ body.new_tensor(axes).T, faces, camera, color)], camera.size_hw)
        for name, axes in VIEWS.items()
    }


def _box(actor: Actor, size_hw: tuple[int, int]) -> tuple[int, int, int, int] | None:
    """Pixels x0, y0, x1, y1 (open ended) that the body may touch, or None if it is outside the picture."""
    height, width = size_hw
    if actor.camera.size_hw != size_hw:
        raise ValueError(
            f"The camera pictures {actor.camera.size_hw} (height, width) but the photo is {size_hw}; "
            "give the camera of the whole photo."
        )
    xy, depth = project_for_raster(actor.camera, actor.vertices_body_m)
    check_vertices(xy, depth)
    low = xy.amin(0).floor().clamp_min(0).tolist()
    high = torch.minimum(xy.amax(0).ceil(), xy.new_tensor((width, height))).tolist()
    if low[0] >= high[0] or low[1] >= high[1]:
        return None
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _compose(seen: Sequence[Shaded], size_hw: tuple[int, int], scale: int) -> UInt8[np.ndarray, "h w 4"]:
    """Keep the nearest body of each sample, then average scale x scale samples to a pixel.

    A pixel's colour is the mean of its covered samples, its alpha the share of them.
    """
    height, width = size_hw
    sample = [s.rows * width + s.columns for s in seen]
    nearest_m = torch.full((height * width,), torch.inf, device=seen[0].depth_m.device)
    for s, place in zip(seen, sample, strict=True):
        nearest_m[place] = torch.minimum(nearest_m[place], s.depth_m)
    sums = nearest_m.new_zeros((height // scale) * (width // scale), 4)
    for s, place in zip(seen, sample, strict=True):
        front = (s.depth_m <= nearest_m[place]).nonzero()[:, 0]
        nearest_m[place[front]] = -torch.inf  # taken: of two at the very same depth the first is seen
        pixel = (s.rows // scale) * (width // scale) + s.columns // scale
        sums.index_add_(0, pixel[front], functional.pad(s.rgb[front], (0, 1), value=1.0))
    mean = torch.cat((sums[:, :3] / sums[:, 3:].clamp_min(1), sums[:, 3:] / scale**2), dim=1)
    return (mean * 255).round().to(torch.uint8).reshape(height // scale, width // scale, 4).cpu().numpy()
