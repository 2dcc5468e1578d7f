"""The two ways to write a body and its camera as one vector."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.networks.theta import HMR, SPIN, mean_person


@pytest.fixture
def people():
    """Rotations, betas, crop cameras of three."""
    rotations = Rotation.random(72, rng=np.random.default_rng(0)).as_matrix().reshape(3, 24, 3, 3)
    return torch.from_numpy(rotations).float(), torch.randn(3, 10), torch.rand(3, 3)


@pytest.mark.parametrize(("layout", "size"), [(HMR, 85), (SPIN, 157)])
def test_written_and_read_again(layout, size, people):
    theta = layout.vector(*people)
    assert theta.shape == (3, size) and layout.size == size
    for got, expected in zip(layout.parts(theta), people, strict=True):
        torch.testing.assert_close(got, expected, atol=1e-5, rtol=0)


def test_hmr_begins_with_the_camera_and_spin_ends_with_it(people):
    _, betas, crop = people
    ours, theirs = HMR.vector(*people), SPIN.vector(*people)
    assert ours[:, :3].equal(crop) and ours[:, 75:].equal(betas)
    assert theirs[:, 144:154].equal(betas) and theirs[:, 154:].equal(crop)


def test_spin_writes_the_columns_side_by_side(people):
    """(3, 2) for each joint, row by row."""
    rotations, *_ = people
    pose = SPIN.vector(*people)[:, :144].reshape(3, 24, 3, 2)
    torch.testing.assert_close(pose, rotations[..., :2])


def test_all_can_be_read_as_hmr(people):
    for layout in (HMR, SPIN):
        torch.testing.assert_close(layout.as_hmr(layout.vector(*people)), HMR.vector(*people))


def test_no_joint_seems_to_jump():
    """A root that turns past pi goes on in HMR's numbers, and says the same rotation."""
    angles = torch.linspace(2.5, 6.0, 20)
    thetas = []
    for angle in angles:
        rotations, betas, crop = mean_person()
        rotations[:, 0] = matrix_from_axis_angle(torch.tensor([[float(angle), 0.0, 0.0]]))
        thetas.append(SPIN.vector(rotations, betas, crop))
    numbers = SPIN.trace(thetas)
    for theta, before, after in zip(thetas[1:], numbers, numbers[1:], strict=False):
        assert (after - before).abs().max() < 0.5
        torch.testing.assert_close(HMR.parts(after).rotations, SPIN.parts(theta).rotations, atol=1e-5, rtol=0)
    jumps = torch.cat([SPIN.as_hmr(theta) for theta in thetas]).diff(dim=0).abs().max()
    assert jumps > 3  # without it they do


def test_the_mean_person_faces_the_camera():
    rotations, betas, crop = mean_person()
    forward = rotations[0, 0] @ torch.tensor([0.0, 0, 1])
    up = rotations[0, 0] @ torch.tensor([0.0, 1, 0])
    assert forward[2] == -1 and up[1] == -1  # the camera looks along z, and its y points down
    assert not betas.any() and crop[0, 0] > 0 and not crop[0, 1:].any()
