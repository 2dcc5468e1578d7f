"""A made-up photo whose answer is known: who stands in it, how, and what camera took it.

The photos of assets/samples are renderings of the open body. These are the numbers behind one of them; a test
holds them to the scene that the picture was made from.
"""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.geometry import Camera
from workbench.geometry.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from workbench.weights import asset

WALKING_DEG = {
    "left_hip": (-28, 0, 0), "left_knee": (14, 0, 0), "right_hip": (20, 0, 0), "right_knee": (28, 0, 0),
    "left_shoulder": (22, 0, -66), "right_shoulder": (-30, 0, 66),
    "left_elbow": (0, -20, 0), "right_elbow": (0, 32, 0),
}  # fmt: skip
"""Axis-angle of each joint that is not at rest."""
TURN_DEG = 38.0
DISTANCE_M = 3.4
EYE_M = 1.0
"""Height of the camera above the floor."""
FOCAL_PX = 1250.0


@dataclass(frozen=True, eq=False)
class Scene:
    """One person in a photo."""

    rgb: UInt8[np.ndarray, "H W 3"]
    betas: Float[Tensor, "B"]
    theta: Float[Tensor, "24 3"]
    """The root turns the body to the camera."""
    camera: Camera


def walking() -> Scene:
    """The photo assets/samples/walking.jpg and its answer."""
    rgb = np.asarray(Image.open(asset("samples/walking.jpg")).convert("RGB"))
    body = load_body("open-smpl")
    theta = torch.zeros(body.num_joints, 3)
    for joint, angles in WALKING_DEG.items():
        theta[SMPL_JOINTS.index(joint)] = torch.tensor(angles).deg2rad()
    facing = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    turn = matrix_from_axis_angle(torch.tensor([0.0, TURN_DEG, 0.0]).deg2rad())
    theta[0] = axis_angle_from_matrix(facing @ turn)
    betas = torch.zeros(body.num_betas)
    vertices = body.mesh(betas, theta).vertices_m
    middle = vertices.mean(0)
    t = torch.stack((-middle[0], EYE_M - vertices[:, 1].max(), DISTANCE_M - middle[2]))
    height, width = rgb.shape[:2]
    camera = Camera("perspective", FOCAL_PX, (width / 2, height / 2), (height, width), t)
    return Scene(rgb, betas, theta, camera)
