"""People whose body, camera, landmarks and mask are known exactly."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from tests.networks.small_depth import small_depth_config
from workbench.body import load_body
from workbench.body.landmarks import landmark_regressor
from workbench.geometry.camera import perspective_camera
from workbench.image import Person, Photo
from workbench.methods.blade import BladePaper, load_pose
from workbench.methods.hmr import HmrPaper, spin_network
from workbench.networks.depth_anything import DepthTz
from workbench.render import render_mask

SIZE_HW = (480, 400)
FOCAL_PX = 620.0
FACING = Rotation.from_rotvec([np.pi, 0, 0])
BENT = {
    4: (0.9, 0, 0),
    1: (-0.8, 0, 0.1),
    16: (0, 0, -1.0),
    17: (0, 0.3, 0.9),
    18: (0, -0.8, 0),
    19: (0, 1.2, 0),
}


@pytest.fixture(scope="session")
def body():
    return load_body()


@pytest.fixture(scope="session")
def paper_hmr(body):
    """HMR's paper preset with random weights, on a body that is said to be SMPL."""
    torch.manual_seed(0)
    network = spin_network()
    network.correction.fc3.weight.data *= 0.1  # so that cameras stay possible
    return HmrPaper(network, replace(body, topology="smpl"))


@pytest.fixture(scope="session")
def paper_blade(body):
    """BLADE's paper preset with random weights of a small depth network."""
    torch.manual_seed(0)
    return BladePaper(DepthTz(small_depth_config()), *load_pose(), body)


@pytest.fixture
def person_in(body):
    """Makes a photo (blank), its person with perfect landmarks and mask, the true mesh and camera."""
    return lambda *args, **kwargs: _person_in(body, *args, **kwargs)


def _person_in(body, turn: Rotation, t_m=(0.1, 0.1, 3.2), bent=BENT):
    """A photo (blank), its person with perfect landmarks and mask, and the truth."""
    theta = torch.zeros(24, 3)
    for joint, angles in bent.items():
        theta[joint] = torch.tensor(angles)
    theta[0] = torch.tensor((turn * FACING).as_rotvec())
    betas = torch.zeros(10)
    betas[1] = 1.0
    camera = perspective_camera(SIZE_HW, torch.tensor(t_m), FOCAL_PX)
    mesh = body.mesh(betas, theta)
    set33 = landmark_regressor(body)
    xyz = torch.zeros(33, 3)
    xyz[set33.ids] = set33.points(mesh)
    hips = [set33.names.index("left_hip"), set33.names.index("right_hip")]
    keypoints = torch.zeros(33, 3)
    keypoints[set33.ids, :2] = camera.project(set33.points(mesh))
    keypoints[set33.ids, 2] = 1
    low, high = keypoints[set33.ids, :2].amin(0), keypoints[set33.ids, :2].amax(0)
    person = Person(
        box_px=torch.cat((low, high)),
        score=1.0,
        keypoints_px=keypoints,
        keypoints_m=xyz - set33.points(mesh)[hips].mean(0),
        mask=render_mask(camera, mesh.vertices_m, mesh.faces),
    )
    photo = Photo(np.zeros((*SIZE_HW, 3), np.uint8), FOCAL_PX, "test")
    return photo, person, mesh, camera
