"""Contact sheets: poses from the front and from the side on a floor, to be looked at one by one."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image, ImageDraw
from torch import Tensor

from workbench.body import BodyModel
from workbench.geometry import Camera
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.render import Actor, render_layer

CELL_PX = 260
PIXELS_PER_M = 112.0
FLOOR_PX = 246
BACKGROUND, LINE, INK = (244, 243, 240), (150, 146, 138), (40, 40, 40)
FRONT = ((1.0, 0.0, 0.0), (0.0, -1.0, 0.0), (0.0, 0.0, -1.0))
SIDE = ((0.0, 0.0, -1.0), (0.0, -1.0, 0.0), (-1.0, 0.0, 0.0))
"""Rows: right, down and forward of a viewer in front of somebody who looks along +z; of one on the left."""


def contact_sheet(
    body: BodyModel,
    rotations: Float[Tensor, "N 24 3 3"],
    floor_m: Float[Tensor, "N"],
    titles: Sequence[str],
    columns: int = 5,
) -> UInt8[np.ndarray, "H W 3"]:
    """All poses at one scale, each twice: from the front, turned a little, and from its left side.

    Args:
        body: who poses.
        rotations: parent-relative.
        floor_m: height of the floor in the body frame, drawn as a line.
        titles: written above each.
        columns: poses per row.
    """
    rows = -(-len(titles) // columns)
    sheet = Image.new("RGB", (columns * 2 * CELL_PX, rows * CELL_PX), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    for place, (turns, floor, title) in enumerate(zip(rotations, floor_m, titles, strict=True)):
        vertices = body.with_shape(turns.new_zeros(0)).with_rotations(turns).mesh().vertices_m
        left, top = place % columns * 2 * CELL_PX, place // columns * CELL_PX
        draw.line((left, top + FLOOR_PX, left + 2 * CELL_PX, top + FLOOR_PX), fill=LINE)
        for view, axes in enumerate((FRONT, SIDE)):
            cell = _cell(vertices, body, float(floor), axes, 0.4 if view == 0 else 0.0)
            sheet.paste(cell, (left + view * CELL_PX, top), cell)
        draw.text((left + 4, top + 2), title, fill=INK)
        draw.rectangle((left, top, left + 2 * CELL_PX - 1, top + CELL_PX - 1), outline=LINE)
    return np.asarray(sheet)


def _cell(
    vertices: Float[Tensor, "V 3"],
    body: BodyModel,
    floor_m: float,
    axes: tuple[tuple[float, ...], ...],
    yaw_rad: float,
) -> Image.Image:
    turn = matrix_from_axis_angle(torch.tensor([0.0, yaw_rad, 0.0]))
    seen = (vertices - torch.tensor([0.0, floor_m, 0.0])) @ turn.T @ torch.tensor(axes).T
    middle = (seen[:, 0].min() + seen[:, 0].max()) / 2
    camera = Camera(
        "orthographic",
        PIXELS_PER_M,
        (CELL_PX / 2, float(FLOOR_PX)),
        (CELL_PX, CELL_PX),
        torch.tensor([-float(middle), 0.0, 5.0]),
    )
    return Image.fromarray(render_layer([Actor(seen, body.faces, camera)], camera.size_hw))
