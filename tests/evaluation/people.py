"""People whose body and camera are known exactly, and recoveries of them that are wrong in a chosen way."""

from dataclasses import replace

import numpy as np
import torch

from workbench.body import BodyModel
from workbench.body.landmarks import landmark_regressor
from workbench.evaluation.bench import Sample
from workbench.evaluation.score import Truth
from workbench.geometry.camera import Camera, perspective_camera
from workbench.image import Person, Photo
from workbench.recovery import BodyParams, Recovery
from workbench.render import render_mask

SIZE_HW = (240, 200)
FOCAL_PX = 310.0


def standing_theta(num_joints: int = 24) -> torch.Tensor:
    """Facing the camera, arms down, one knee bent."""
    theta = torch.zeros(num_joints, 3)
    theta[0, 0] = torch.pi
    theta[16, 2], theta[17, 2], theta[4, 0] = -1.1, 1.1, 0.5
    return theta


def truth_of(body: BodyModel, t_m=(0.1, 0.1, 3.2), theta: torch.Tensor | None = None) -> Truth:
    theta = standing_theta(body.num_joints) if theta is None else theta
    betas = torch.tensor([0.5, -1.0, 0, 0, 0, 0, 0, 0, 0, 0])
    camera = perspective_camera(SIZE_HW, torch.tensor(t_m), FOCAL_PX)
    return Truth(body.topology, BodyParams(betas, theta), camera)


def sample_of(body: BodyModel, truth: Truth, name: str = "0") -> Sample:
    """With perfect landmarks and mask."""
    camera, mesh = truth.camera, body.mesh(truth.params.betas, truth.params.theta)
    landmarks = landmark_regressor(body)
    points = landmarks.points(mesh)
    pixels = camera.project(points)
    keypoints, metric = torch.zeros(33, 3), torch.zeros(33, 3)
    keypoints[landmarks.ids] = torch.cat((pixels, torch.ones(len(pixels), 1)), 1)
    hips = [landmarks.names.index("left_hip"), landmarks.names.index("right_hip")]
    metric[landmarks.ids] = points - points[hips].mean(0)
    mask = render_mask(camera, mesh.vertices_m, mesh.faces)
    person = Person(torch.cat((pixels.amin(0), pixels.amax(0))), 1.0, keypoints, metric, mask)
    photo = Photo(np.zeros((*SIZE_HW, 3), np.uint8), camera.focal_px, "test")
    return Sample(name, photo, (person,), (truth,))


def recovery_of(truth: Truth, **camera: object) -> Recovery:
    """The truth itself, but for what the camera is told."""
    person = Person(torch.tensor([0.0, 0, 10, 10]), 1.0)
    found: Camera = replace(truth.camera, **camera)  # pyright: ignore[reportArgumentType]
    return Recovery("echo", "none", truth.body, person, truth.params, found, (), 0.01)
