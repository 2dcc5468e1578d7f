"""The picture at the top of the README: a sample photo, the bodies over it, and the same bodies from aside.

python -m workbench.app.overview FILE.jpg
"""

import argparse
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from PIL import Image, ImageDraw, ImageFilter
from torch import Tensor

from workbench.app.samples import FOCAL_PX, SCENES, render_scene
from workbench.body import load_body
from workbench.geometry import Camera
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.image import load_photo
from workbench.methods import load_method
from workbench.pipeline import recover, with_focal
from workbench.render import Actor, person_color, render_layer, render_overlay

SCENE = "two_friends"
PANEL_HW = (396, 528)
GAP_PX = 8
LARGER = 2
"""The last picture is drawn so many times larger and then shrunk, for smooth lines."""
TURN_DEG, TILT_DEG = 36.0, 16.0
"""From where it is seen: to the right of the photo's camera, and from above."""
AWAY_M, SHARE = 8.0, 0.92
"""How far from the middle of the scene, and how much of the width or height the scene fills."""
PAPER, TILES, SHADOW, PYRAMID = (247, 248, 250), (205, 211, 220), (60, 70, 90), (70, 80, 100)
TILE_M = 0.5
FLOOR_M = ((-3.5, 3.5), (-1.0, 6.5))
"""From where to where there are tiles: to the right and ahead of the photo's camera."""
PYRAMID_M = 0.55
"""How far in front of its lens the photo's camera is drawn."""
View = Callable[[Float[Tensor, "N 3"]], list[tuple[float, float]]]
"""Points in the photo's camera frame to places in the last picture."""


def overview() -> Image.Image:
    """Recover the people of a made-up photo, and put the three pictures side by side."""
    body = load_body()
    photo, _ = with_focal(load_photo(render_scene(SCENES[SCENE], body)), FOCAL_PX)
    recoveries = recover(photo, load_method("smplify"))
    actors = [
        Actor(recovery.mesh(body).vertices_m, body.faces, recovery.camera, person_color(index))
        for index, recovery in enumerate(recoveries)
    ]
    over = Image.fromarray(render_overlay(photo.rgb, actors, opacity=0.9))
    height, width = PANEL_HW
    sheet = Image.new("RGB", (3 * width + 2 * GAP_PX, height), "white")
    for place, panel in enumerate((Image.fromarray(photo.rgb), over, from_aside(actors))):
        small = panel.resize((width, height), Image.Resampling.LANCZOS)
        sheet.paste(small, (place * (width + GAP_PX), 0))
    return sheet


def from_aside(actors: Sequence[Actor]) -> Image.Image:
    """The same bodies where they stand, with the camera that took the photo."""
    bodies = [actor.camera.to_camera_m(actor.vertices_body_m) for actor in actors]
    pyramid = _pyramid(actors[0].camera)
    scene = torch.cat((*bodies, pyramid))
    low, high = scene.aminmax(dim=0)
    turn, tilt = torch.tensor([0.0, TURN_DEG, 0.0]), torch.tensor([TILT_DEG, 0.0, 0.0])
    axes = matrix_from_axis_angle(tilt.deg2rad()) @ matrix_from_axis_angle(turn.deg2rad())

    def turned(points: Float[Tensor, "N 3"]) -> Float[Tensor, "N 3"]:
        return (points - (low + high) / 2) @ axes.T

    def view(points: Float[Tensor, "N 3"]) -> list[tuple[float, float]]:
        return [(x, y) for x, y in camera.project(turned(points)).tolist()]

    camera = _framed(turned(scene))
    picture = Image.new("RGB", (camera.size_hw[1], camera.size_hw[0]), PAPER)
    _draw_floor(picture, view, bodies, high[1].item())
    lens, *corners = view(pyramid)
    for start, end in [*pairwise([*corners, corners[0]]), *((lens, corner) for corner in corners)]:
        ImageDraw.Draw(picture).line([start, end], PYRAMID, width=2 * LARGER)
    shown = [
        actor._replace(vertices_body_m=turned(vertices), camera=camera)
        for actor, vertices in zip(actors, bodies, strict=True)
    ]
    layer = Image.fromarray(render_layer(shown, camera.size_hw))
    picture.paste(layer, mask=layer)
    return picture


def _pyramid(camera: Camera) -> Float[Tensor, "5 3"]:
    """The photo's camera: its lens, and the corners of what it sees a little in front of it."""
    height, width = camera.size_hw
    x, y = camera.center_px
    corners = torch.tensor([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    rays = torch.cat(((corners - torch.tensor([x, y])) / camera.focal_px, torch.ones(4, 1)), dim=1)
    return torch.cat((torch.zeros(1, 3), rays * PYRAMID_M))


def _framed(points: Float[Tensor, "N 3"]) -> Camera:
    """A camera before which the points fill the picture."""
    size_hw = (LARGER * PANEL_HW[0], LARGER * PANEL_HW[1])
    size = torch.tensor([size_hw[1], size_hw[0]])
    unit = Camera("perspective", 1.0, (0.0, 0.0), size_hw, torch.tensor([0.0, 0.0, AWAY_M]))
    low, high = unit.project(points).aminmax(dim=0)
    focal_px = SHARE / ((high - low) / size).max().item()
    x, y = (size / 2 - focal_px * (low + high) / 2).tolist()
    return Camera("perspective", focal_px, (x, y), size_hw, unit.t_camera_body_m)


def _draw_floor(
    picture: Image.Image, view: View, bodies: Sequence[Float[Tensor, "V 3"]], floor_m: float
) -> None:
    """Tiles, and a soft shadow under everybody."""
    draw = ImageDraw.Draw(picture)
    (left, right), (near, far) = FLOOR_M
    lines = [((x, near), (x, far)) for x in np.arange(left, right + TILE_M, TILE_M)]
    lines += [((left, z), (right, z)) for z in np.arange(near, far + TILE_M, TILE_M)]
    for line in lines:
        draw.line(
            view(torch.tensor([(x, floor_m, z) for x, z in line], dtype=torch.float32)), TILES, width=LARGER
        )
    shadow = Image.new("L", picture.size, 0)
    for vertices in bodies:
        below = vertices * torch.tensor([1.0, 0.0, 1.0]) + torch.tensor([0.0, floor_m, 0.0])
        for x, y in view(below):
            ImageDraw.Draw(shadow).ellipse((x - 5, y - 3, x + 5, y + 3), fill=90)
    picture.paste(SHADOW, mask=shadow.filter(ImageFilter.GaussianBlur(6 * LARGER)))


def main() -> None:
    """Write the picture."""
    parser = argparse.ArgumentParser(
        prog="python -m workbench.app.overview", description="Write the picture at the top of the README."
    )
    parser.add_argument("file", type=Path)
    overview().save(parser.parse_args().file, quality=88)


if __name__ == "__main__":
    main()
