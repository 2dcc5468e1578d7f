"""Bodies as a still picture, side by side and at one scale: what a page without a live view can show."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Int
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from workbench.geometry import Camera
from workbench.render import Actor, render_layer
from workbench.render.shade import Color

FACING = torch.tensor([1.0, -1.0, -1.0])
"""From the body's axes to those of a camera in front of it."""
CLAY: Color = (0.56, 0.71, 0.84)
HEAT = ((0.27, 0.33, 0.55), (0.13, 0.57, 0.55), (0.48, 0.82, 0.32), (0.99, 0.91, 0.15))
"""Low to high, told apart by everybody: from viridis (Smith and van der Walt, 2015)."""
JOINT_COLOR, BONE_COLOR = (249, 115, 22), (31, 41, 55)
MARGIN = 1.08


@dataclass(frozen=True, eq=False)
class Still:
    """One body of the picture."""

    title: str
    vertices_m: Float[Tensor, "V 3"]
    """In the body's axes."""
    faces: Int[Tensor, "F 3"]
    color: Color | Float[Tensor, "V 3"] = CLAY
    """One colour, or one per vertex, such as `heat` gives."""
    joints_m: Float[Tensor, "J 3"] | None = None
    """Drawn over the body."""
    parents: Sequence[int] = ()
    """Of the joints; bones are drawn between them."""
    turn_rad: float = 0.0
    """The viewer's step around the body, to its left."""


def gallery(stills: Sequence[Still], height_px: int = 380, columns: int | None = None) -> Image.Image:
    """Bodies from the front, side by side, at one scale, each with its title.

    Args:
        stills: the bodies.
        height_px: of the tallest.
        columns: bodies in a row; by default all.

    Raises:
        ValueError: there is no body, or no column.
    """
    columns = len(stills) if columns is None else columns
    if not stills or columns < 1:
        raise ValueError("A gallery needs at least one body and one column.")
    turned = [_turned(still.vertices_m, still.turn_rad) for still in stills]
    extents = torch.stack([points.amax(0) - points.amin(0) for points in turned])
    pixels_per_m = height_px / float(extents[:, 1].max()) / MARGIN
    font = ImageFont.load_default(size=15)
    width_px = max(round(float(extents[:, 0].max()) * pixels_per_m * MARGIN), _widest_px(stills, font))
    caption_px = 26 * max(still.title.count("\n") + 1 for still in stills)
    rows = -(-len(stills) // columns)
    sheet = Image.new("RGB", (width_px * min(columns, len(stills)), (height_px + caption_px) * rows), "white")
    draw = ImageDraw.Draw(sheet)
    for number, (still, points) in enumerate(zip(stills, turned, strict=True)):
        panel = _panel(still, points, pixels_per_m, (height_px, width_px))
        left, top = number % columns * width_px, number // columns * (height_px + caption_px)
        sheet.paste(panel, (left, top), panel)
        place = (left + width_px / 2, top + height_px + 4)
        draw.multiline_text(place, still.title, fill=BONE_COLOR, font=font, anchor="ma", align="center")
    return sheet


def heat(values: Float[Tensor, "V"], high: float | None = None) -> Float[Tensor, "V 3"]:
    """Colours from dark blue for 0 to yellow for `high`, by default the largest value."""
    top = float(values.max()) if high is None else high
    place = (values / max(top, 1e-12)).clamp(0, 1) * (len(HEAT) - 1)
    low = place.floor().long().clamp_max(len(HEAT) - 2)
    scale = torch.tensor(HEAT)
    return torch.lerp(scale[low], scale[low + 1], (place - low)[:, None])


def _widest_px(stills: Sequence[Still], font: ImageFont.FreeTypeFont | ImageFont.ImageFont) -> int:
    """Room for the longest title."""
    draw = ImageDraw.Draw(Image.new("L", (1, 1)))
    return max(math.ceil(draw.multiline_textbbox((0, 0), still.title, font=font)[2]) for still in stills) + 16


def _panel(
    still: Still, points: Float[Tensor, "V 3"], pixels_per_m: float, size_hw: tuple[int, int]
) -> Image.Image:
    low, high = points.amin(0), points.amax(0)
    feet = torch.stack(((low[0] + high[0]) / 2, high[1], (low[2] + high[2]) / 2))  # the camera's y goes down
    floor = (size_hw[1] / 2, size_hw[0] * (1 - (1 - 1 / MARGIN) / 2))
    camera = Camera("orthographic", pixels_per_m, floor, size_hw, -feet)
    panel = Image.fromarray(render_layer([Actor(points, still.faces, camera, still.color)], size_hw))
    if still.joints_m is not None:
        panel.putalpha(panel.getchannel("A").point(lambda alpha: alpha * 0.45))
        _draw_joints(panel, still, camera.project(_turned(still.joints_m, still.turn_rad)).numpy())
    return panel


def _draw_joints(panel: Image.Image, still: Still, pixels: Float[np.ndarray, "J 2"]) -> None:
    draw = ImageDraw.Draw(panel)
    for joint, parent in enumerate(still.parents):
        if parent >= 0:
            draw.line([tuple(pixels[parent]), tuple(pixels[joint])], fill=BONE_COLOR, width=2)
    for x, y in pixels:
        draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=JOINT_COLOR)


def _turned(points_m: Float[Tensor, "N 3"], turn_rad: float) -> Float[Tensor, "N 3"]:
    """In the axes of a camera that the body faces, after the viewer has gone around it."""
    x, y, z = points_m.unbind(1)
    cosine, sine = np.cos(turn_rad), np.sin(turn_rad)
    return torch.stack((cosine * x - sine * z, y, sine * x + cosine * z), dim=1) * FACING
