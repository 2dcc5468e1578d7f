"""Made-up photos to start with: our own body in our own clothes on our own floor.

python -m workbench.app.samples FOLDER   writes the sample pictures of the Photo tab
"""

import argparse
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image, ImageDraw, ImageFilter
from torch import Tensor

from workbench.body import BodyModel, load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.geometry import Camera
from workbench.geometry.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from workbench.render import Actor, render_layer

SIZE_HW = (960, 1280)
FOCAL_PX = 1250.0
EYE_M = 1.0
"""Height of the camera above the floor."""
SKIN = ((0.80, 0.60, 0.48), (0.52, 0.35, 0.25), (0.91, 0.73, 0.61))
HAIR = ((0.16, 0.11, 0.08), (0.07, 0.06, 0.06), (0.47, 0.31, 0.17))
CLOTHES = (
    ((0.75, 0.22, 0.20), (0.16, 0.20, 0.32), (0.92, 0.92, 0.90)),
    ((0.95, 0.78, 0.25), (0.25, 0.27, 0.29), (0.30, 0.14, 0.10)),
    ((0.20, 0.50, 0.42), (0.62, 0.54, 0.42), (0.15, 0.15, 0.17)),
)
"""Shirt, trousers, shoes."""
SHIRT = ("spine1", "spine2", "spine3", "left_collar", "right_collar", "left_shoulder", "right_shoulder")
TROUSERS = ("pelvis", "left_hip", "right_hip", "left_knee", "right_knee")
SHOES = ("left_ankle", "right_ankle", "left_foot", "right_foot")


@dataclass(frozen=True)
class Figure:
    """One person of a scene."""

    pose_deg: Mapping[str, tuple[int, int, int]]
    """Axis-angle per joint, in degrees."""
    place_m: tuple[float, float]
    """To the right of the camera's axis, and in front of the camera."""
    turn_deg: int = 0
    """About the vertical; 0 faces the camera."""
    betas: Sequence[float] = (0.0,)
    outfit: int = 0


@dataclass(frozen=True)
class Scene:
    """A made-up photo."""

    figures: tuple[Figure, ...]
    wall: tuple[int, int, int] = (205, 212, 208)
    floor: tuple[int, int, int] = (150, 128, 104)
    size_hw: tuple[int, int] = field(default=SIZE_HW)


_ARMS_DOWN = {"left_shoulder": (0, 0, -68), "right_shoulder": (0, 0, 68)}
_WALK = {
    "left_hip": (-28, 0, 0), "left_knee": (14, 0, 0), "right_hip": (20, 0, 0), "right_knee": (28, 0, 0),
    "left_shoulder": (22, 0, -66), "right_shoulder": (-30, 0, 66),
    "left_elbow": (0, -20, 0), "right_elbow": (0, 32, 0),
}  # fmt: skip
_CHEER = {
    "left_shoulder": (0, 0, 52),
    "right_shoulder": (0, 0, -48),
    "left_elbow": (0, 0, 22),
    "left_hip": (0, 0, 8),
    "right_hip": (0, 0, -8),
}
_LUNGE = {
    "left_hip": (-80, 0, 6), "left_knee": (85, 0, 0), "right_hip": (22, 0, -4), "right_knee": (48, 0, 0),
    "right_ankle": (-30, 0, 0), "left_shoulder": (0, -10, -60), "right_shoulder": (0, -55, 20),
    "right_elbow": (0, 35, 0),
}  # fmt: skip
_WAVE = {
    **_ARMS_DOWN,
    "right_shoulder": (0, 0, -38),
    "right_elbow": (0, 0, -62),
    "left_hip": (0, 0, 4),
    "right_hip": (0, 0, -4),
}

SCENES: dict[str, Scene] = {
    "walking": Scene((Figure(_WALK, (0.0, 3.4), turn_deg=38),)),
    "lunge": Scene(
        (Figure(_LUNGE, (0.1, 3.3), turn_deg=-50, betas=(0.5, -0.6, 1.0), outfit=2),),
        (196, 205, 222),
        (118, 128, 122),
    ),
    "two_friends": Scene(
        (
            Figure(_CHEER, (-0.75, 3.9), turn_deg=10, betas=(-0.8, 0.3), outfit=1),
            Figure(_WAVE, (0.75, 3.5), turn_deg=-14, betas=(0.7,)),
        ),
        (222, 208, 196),
        (128, 112, 128),
    ),
}


def render_scene(scene: Scene, body: BodyModel) -> UInt8[np.ndarray, "H W 3"]:
    """Draw a scene."""
    height, width = scene.size_hw
    camera = Camera("perspective", FOCAL_PX, (width / 2, height / 2), scene.size_hw, torch.zeros(3))
    posed = [_stand(figure, body) for figure in scene.figures]
    room = _room(scene, camera, posed)
    actors = [
        Actor(vertices, body.faces, camera, _colors(figure, body))
        for figure, vertices in zip(scene.figures, posed, strict=True)
    ]
    layer = render_layer(actors, scene.size_hw).astype(np.float32)
    alpha = layer[..., 3:] / 255
    return (np.asarray(room) * (1 - alpha) + layer[..., :3] * alpha).round().astype(np.uint8)


def _stand(figure: Figure, body: BodyModel) -> Float[Tensor, "V 3"]:
    """A figure on the floor, in the camera's axes."""
    theta = torch.zeros(body.num_joints, 3)
    for joint, angles in figure.pose_deg.items():
        theta[SMPL_JOINTS.index(joint)] = torch.tensor(angles).deg2rad()
    facing = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    turn = matrix_from_axis_angle(torch.tensor([0.0, math.radians(figure.turn_deg), 0.0]))
    theta[0] = axis_angle_from_matrix(facing @ turn)
    vertices = body.mesh(torch.tensor(figure.betas, dtype=torch.float32), theta).vertices_m
    right, ahead = figure.place_m
    middle = vertices.mean(0)
    return vertices + torch.tensor([right - middle[0], EYE_M - vertices[:, 1].max(), ahead - middle[2]])


def _colors(figure: Figure, body: BodyModel) -> Float[Tensor, "V 3"]:
    """Skin, hair and clothes by the joint that each vertex follows most."""
    part = body.weights.argmax(1)
    colors = torch.tensor(SKIN[figure.outfit]).expand(len(part), 3).clone()
    for joints, color in zip((SHIRT, TROUSERS, SHOES), CLOTHES[figure.outfit], strict=True):
        ids = torch.tensor([SMPL_JOINTS.index(joint) for joint in joints])
        colors[torch.isin(part, ids)] = torch.tensor(color)
    head = part == SMPL_JOINTS.index("head")
    low, high = body.v_template[head].amin(0), body.v_template[head].amax(0)
    up, front = ((body.v_template - low) / (high - low))[:, 1:].unbind(1)
    colors[head & (up - 0.55 * front > 0.38)] = torch.tensor(HAIR[figure.outfit])
    return colors


def _room(scene: Scene, camera: Camera, posed: Sequence[Float[Tensor, "V 3"]]) -> Image.Image:
    """A wall, a floor of boards, and a soft shadow under everybody."""
    height, width = scene.size_hw
    room = Image.new("RGB", (width, height), scene.wall)
    draw = ImageDraw.Draw(room)
    back_m = 6.5
    skirting = camera.project(torch.tensor([0.0, EYE_M, back_m]))[1].item()
    draw.rectangle((0, skirting - 14, width, skirting), fill=_mixed(scene.wall, (255, 255, 255), 0.5))
    draw.rectangle((0, skirting, width, height), fill=scene.floor)
    for x in np.arange(-8, 8, 0.28):
        ends = camera.project(torch.tensor([[x, EYE_M, back_m], [x, EYE_M, 0.5]]))
        draw.line([tuple(end) for end in ends.tolist()], fill=_mixed(scene.floor, (0, 0, 0), 0.18), width=2)
    shadow = Image.new("L", (width, height), 0)
    for vertices in posed:
        low = vertices[vertices[:, 1] > EYE_M - 0.25]
        center, radius = low.mean(0), 0.22 + low.std(0)
        angles = torch.linspace(0, 2 * math.pi, 48)
        ring = torch.stack(
            (
                center[0] + radius[0] * angles.cos(),
                torch.full_like(angles, EYE_M),
                center[2] + radius[2] * angles.sin(),
            ),
            dim=1,
        )
        ImageDraw.Draw(shadow).polygon([tuple(point) for point in camera.project(ring).tolist()], fill=150)
    room.paste((30, 26, 24), mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    return room.filter(ImageFilter.GaussianBlur(1.2))


def _mixed(a: Sequence[int], b: Sequence[int], share: float) -> tuple[int, ...]:
    return tuple(round(x * (1 - share) + y * share) for x, y in zip(a, b, strict=True))


def main() -> None:
    """Write the sample pictures."""
    parser = argparse.ArgumentParser(
        prog="python -m workbench.app.samples", description="Write the sample pictures."
    )
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    body = load_body()
    for name, scene in SCENES.items():
        Image.fromarray(render_scene(scene, body)).save(folder / f"{name}.jpg", quality=88)


if __name__ == "__main__":
    main()
