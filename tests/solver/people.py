"""People whose pose, camera and mask are known exactly."""

from typing import NamedTuple

import torch
from torch import Tensor

from workbench.body import open_body
from workbench.body.landmarks import landmark_regressor
from workbench.geometry.camera import Camera, perspective_camera
from workbench.render import render_mask
from workbench.solver.posed_body import PosedBody
from workbench.synth.cameras import Views
from workbench.synth.people import People, sample_people

SIZE_HW = (256, 256)


class Known(NamedTuple):
    body: PosedBody
    mask: Tensor
    focal_px: float
    t_pelvis_m: Tensor
    keypoints_px: Tensor

    @property
    def tz_m(self) -> float:
        return float(self.t_pelvis_m[2])


def drawn(count: int, seed: int = 5, **views) -> People:
    """People before cameras as in the study of the solver: 0.9 to 5 m away, wholly in the picture."""
    chosen = {"tz_m": (0.9, 5.0), "fill": (0.45, 0.85), "cut": 0.0, "sizes_hw": (SIZE_HW,)}
    return sample_people(count, seed, "test", Views(**(chosen | views)))


def known(people: People, index: int, scale: int = 1, away: float = 1.0) -> Known:
    """One of them, in a picture `scale` times as large, or `away` times as far through a longer lens."""
    mesh = open_body().with_shape(people.betas[index]).with_rotations(people.rotations[index]).mesh()
    landmarks = landmark_regressor(open_body()).points(mesh)
    height, width = (int(n) * scale for n in people.size_hw[index])
    pelvis = mesh.joints_m[0]
    t_pelvis = people.pelvis_camera_m[index] * torch.tensor([1.0, 1.0, away])
    camera: Camera = perspective_camera(
        (height, width), t_pelvis - pelvis, float(people.focal_px[index]) * scale * away
    )
    mask = render_mask(camera, mesh.vertices_m, mesh.faces)
    seen = torch.cat((camera.project(landmarks), torch.ones(len(landmarks), 1)), 1)
    body = PosedBody.of_mesh(mesh, landmarks)
    return Known(body, mask, camera.focal_px, t_pelvis, seen)
