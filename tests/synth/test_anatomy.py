"""Words of anatomy mean what they say, on either side."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, both, rotations_of
from workbench.synth.compiled import mirror_pose

STANDING = KeyPose("standing", legs=both(Leg(out=0, knee=0)), arms=both(Arm(lift=0, elbow=0, curl=0)))


def joints_of(pose: KeyPose) -> dict[str, np.ndarray]:
    rotations = torch.from_numpy(rotations_of(pose)).float()
    posed = load_body().with_shape(torch.zeros(0)).with_rotations(rotations)
    return dict(zip(SMPL_JOINTS, posed.joints_m.numpy(), strict=True))


def legs(**angles: int) -> KeyPose:
    return replace(STANDING, legs=both(replace(STANDING.legs[0], **angles)))


def arms(**angles: int) -> KeyPose:
    return replace(STANDING, arms=both(replace(STANDING.arms[0], **angles)))


def trunk(**angles: int) -> KeyPose:
    return replace(STANDING, trunk=Trunk(**angles))


def moved(pose: KeyPose, joint: str, relative_to: str = "pelvis") -> np.ndarray:
    """Where a joint goes when a standing person takes this pose."""
    before, after = joints_of(STANDING), joints_of(pose)
    return (after[joint] - after[relative_to]) - (before[joint] - before[relative_to])


X, Y, Z = 0, 1, 2  # to the body's left, up, forward


@pytest.mark.parametrize(
    ("pose", "joint", "relative_to", "axis", "sign"),
    [
        (legs(flex=30), "left_knee", "pelvis", Z, 1),
        (legs(out=30), "left_knee", "pelvis", X, 1),
        (legs(out=30), "right_knee", "pelvis", X, -1),
        (legs(turn=30), "left_foot", "left_ankle", X, 1),
        (legs(turn=30), "right_foot", "right_ankle", X, -1),
        (legs(knee=60), "left_ankle", "left_knee", Z, -1),
        (legs(ankle=20), "left_foot", "left_ankle", Y, 1),
        (arms(lift=60, plane=90), "left_elbow", "left_shoulder", Z, 1),
        (arms(lift=60, plane=0), "left_elbow", "left_shoulder", X, 1),
        (arms(lift=60, plane=0), "right_elbow", "right_shoulder", X, -1),
        (arms(lift=60, plane=-80), "left_elbow", "left_shoulder", Z, -1),
        (arms(elbow=90), "left_wrist", "left_elbow", Z, 1),
        (arms(elbow=90, turn=60), "left_wrist", "left_elbow", X, -1),
        (arms(elbow=90, turn=60), "right_wrist", "right_elbow", X, 1),
        (arms(wrist=60), "left_hand", "left_wrist", X, -1),
        (arms(thumbward=40), "left_hand", "left_wrist", Z, 1),
        (arms(shrug=20), "left_shoulder", "pelvis", Y, 1),
        (arms(reach=20), "left_shoulder", "pelvis", Z, 1),
        (trunk(lean=30), "head", "pelvis", Z, 1),
        (trunk(roll=30), "head", "pelvis", X, 1),
        (trunk(flex=40), "head", "pelvis", Z, 1),
        (trunk(side=30), "head", "pelvis", X, 1),
        (trunk(twist=40), "right_shoulder", "pelvis", Z, 1),
        (trunk(nod=40), "head", "neck", Z, 1),
        (trunk(tip=30), "head", "neck", X, 1),
    ],
)
def test_positive_is_what_the_name_says(
    pose: KeyPose, joint: str, relative_to: str, axis: int, sign: int
) -> None:
    assert moved(pose, joint, relative_to)[axis] * sign > 0.01


def test_hanging_arms_hang_and_level_ones_are_the_rest_pose() -> None:
    hanging = joints_of(STANDING)
    assert hanging["left_wrist"][0] == pytest.approx(hanging["left_shoulder"][0], abs=0.01)
    assert hanging["left_wrist"][1] < hanging["left_shoulder"][1] - 0.45
    rest = rotations_of(arms(lift=90, plane=0))
    for name in ("left_collar", "left_shoulder", "left_elbow", "left_wrist"):
        np.testing.assert_allclose(rest[SMPL_JOINTS.index(name)], np.eye(3), atol=1e-12)


def test_palms_of_bent_forearms_turn_down_and_up() -> None:
    names = [SMPL_JOINTS.index(f"left_{part}") for part in ("collar", "shoulder", "elbow", "wrist")]
    for palm, up in ((80, -1), (-80, 1)):
        turn = np.eye(3)
        for joint in names:
            turn = turn @ rotations_of(arms(elbow=90, palm=palm))[joint]
        assert (turn @ (0, -1, 0))[1] * up > 0.9  # at rest the palm looks down


def test_the_same_on_both_sides_is_its_own_mirror_image() -> None:
    leg, arm = Leg(40, 12, 7, 60, 5, 9), Arm(70, 30, 20, 50, 30, 10, 5, 8)
    pose = KeyPose("x", Trunk(lean=20, flex=10, nod=5), both(leg), both(arm))
    rotations = torch.from_numpy(rotations_of(pose))
    torch.testing.assert_close(mirror_pose(rotations), rotations)


def test_exchanged_limbs_are_the_mirror_image() -> None:
    leg, arm = Leg(40, 12, 7, 60, 5, 9), Arm(70, 30, 20, 50, 30, 10, 5, 8)
    one = KeyPose("x", Trunk(side=9, twist=7, tip=3, look=5), (leg, Leg()), (arm, Arm()))
    other = KeyPose("y", Trunk(side=-9, twist=-7, tip=-3, look=-5), (Leg(), leg), (Arm(), arm))
    expected = torch.from_numpy(rotations_of(other))
    torch.testing.assert_close(mirror_pose(torch.from_numpy(rotations_of(one))), expected)
