"""Cones of joints: what is in stays, what is out comes in, left is like right."""

import pytest
import roma
import torch

from workbench.body.joints import SMPL_JOINTS
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.anatomy import MIRROR_IDS
from workbench.synth.compiled import mirror_pose
from workbench.synth.limits import anatomical_limits

LIMITS = anatomical_limits()


def random_poses(count: int = 200) -> torch.Tensor:
    return roma.random_rotmat((count, 24))


def with_turn(joint: str, degrees: tuple[int, int, int]) -> torch.Tensor:
    turns = torch.zeros(24, 3)
    turns[SMPL_JOINTS.index(joint)] = torch.tensor(degrees).deg2rad()
    return matrix_from_axis_angle(turns)


def test_brought_within_nothing_exceeds() -> None:
    poses = random_poses()
    assert LIMITS.excess_rad(poses).max() > 1
    assert LIMITS.excess_rad(LIMITS.within(poses)).max() < 2e-3


def test_poses_in_range_stay_as_they_are() -> None:
    poses = LIMITS.within(random_poses())
    torch.testing.assert_close(LIMITS.within(poses), poses, atol=3e-3, rtol=0)
    rest = torch.eye(3).expand(24, 3, 3)
    assert LIMITS.excess_rad(rest).max() == 0
    torch.testing.assert_close(LIMITS.within(rest), rest, atol=1e-5, rtol=0)


def test_results_are_rotations() -> None:
    poses = LIMITS.within(random_poses())
    torch.testing.assert_close(poses @ poses.mT, torch.eye(3).expand_as(poses), atol=1e-5, rtol=0)


def test_left_is_as_free_as_right() -> None:
    poses = random_poses()
    mirrored = mirror_pose(poses)
    excess = LIMITS.excess_rad(mirrored)[:, list(MIRROR_IDS)]
    torch.testing.assert_close(excess, LIMITS.excess_rad(poses), atol=1e-3, rtol=0)
    torch.testing.assert_close(LIMITS.within(mirrored), mirror_pose(LIMITS.within(poses)), atol=5e-3, rtol=0)


def test_the_root_is_free() -> None:
    assert LIMITS.excess_rad(random_poses())[:, 0].max() == 0


@pytest.mark.parametrize(
    ("joint", "degrees"),
    [
        ("left_knee", (-30, 0, 0)),
        ("right_knee", (-30, 0, 0)),
        ("left_knee", (60, 50, 0)),
        ("left_elbow", (0, 40, 0)),
        ("right_elbow", (0, -40, 0)),
        ("left_hip", (60, 0, 0)),
        ("spine2", (60, 0, 0)),
        ("head", (0, 80, 0)),
        ("left_shoulder", (0, 80, 60)),
        ("left_hand", (0, 0, 60)),
    ],
)
def test_impossible_turns_exceed(joint: str, degrees: tuple[int, int, int]) -> None:
    excess = LIMITS.excess_rad(with_turn(joint, degrees)).rad2deg()
    assert excess[SMPL_JOINTS.index(joint)] > 5
    assert (excess > 0).sum() == 1


@pytest.mark.parametrize(
    ("joint", "degrees"),
    [
        ("left_knee", (130, 0, 0)),
        ("left_elbow", (0, -140, 0)),
        ("right_elbow", (0, 140, 0)),
        ("left_hip", (-120, 0, 0)),
        ("left_shoulder", (0, 0, -75)),
        ("left_shoulder", (0, 0, 80)),
        ("left_shoulder", (0, -110, 0)),
        ("head", (0, 40, 0)),
    ],
)
def test_everyday_turns_do_not(joint: str, degrees: tuple[int, int, int]) -> None:
    assert LIMITS.excess_rad(with_turn(joint, degrees)).max() == 0
