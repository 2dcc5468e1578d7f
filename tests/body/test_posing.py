"""A pose read off exact landmarks is the pose that made them, as far as landmarks can tell."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.body.landmarks import landmark_regressor
from workbench.body.posing import pose_from_landmarks

BENDS = {
    "left_hip": (-0.9, 0, 0.2),
    "left_knee": (1.1, 0, 0),
    "right_knee": (0.5, 0, 0),
    "left_shoulder": (0, 0.3, -1.1),
    "left_elbow": (0, -1.2, 0),
    "right_shoulder": (0, 0, 1.2),
    "right_elbow": (0, 0.7, 0),
    "spine1": (0.15, 0.1, 0),
    "spine2": (0.15, 0.1, 0),
    "spine3": (0.15, 0.1, 0),
}


@pytest.fixture(scope="module")
def landmarks():
    found = landmark_regressor(load_body())
    return found.names, found.collapsed


def points(landmarks, rotations):
    names, collapsed = landmarks
    return dict(zip(names, collapsed.evaluate(rotations, np.zeros(10))[0], strict=True))


def pose(root=(0.0, 0.0, 0.0), bends=BENDS):
    rotations = np.tile(np.eye(3), (24, 1, 1))
    for name, turn in bends.items():
        rotations[SMPL_JOINTS.index(name)] = Rotation.from_rotvec(turn).as_matrix()
    rotations[0] = Rotation.from_rotvec(root).as_matrix()
    return rotations


def test_rest_gives_rest(landmarks):
    rest = points(landmarks, pose(bends={}))
    np.testing.assert_allclose(pose_from_landmarks(rest, rest), pose(bends={}), atol=1e-6)


@pytest.mark.parametrize("root", [(0.0, 0.0, 0.0), (np.pi, 0.0, 0.0), (0.0, 2.0, 0.5), (0.0, 0.0, 3.0)])
def test_limbs_point_where_they_pointed(landmarks, root):
    truth = points(landmarks, pose(root))
    guess = points(landmarks, pose_from_landmarks(truth, points(landmarks, pose(bends={}))))
    for a, b in [("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")]:
        for side in ("left", "right"):
            directions = [p[f"{side}_{b}"] - p[f"{side}_{a}"] for p in (truth, guess)]
            cosine = directions[0] @ directions[1] / np.prod(np.linalg.norm(directions, axis=1))
            assert cosine > np.cos(np.radians(2)), (side, a, b)


def test_follows_a_turn_of_everything(landmarks):
    rest, truth = points(landmarks, pose(bends={})), points(landmarks, pose())
    turn = Rotation.random(rng=np.random.default_rng(3)).as_matrix()
    plain = pose_from_landmarks(truth, rest)
    turned = pose_from_landmarks({name: turn @ x for name, x in truth.items()}, rest)
    np.testing.assert_allclose(turned[0], turn @ plain[0], atol=1e-9)
    np.testing.assert_allclose(turned[1:], plain[1:], atol=1e-9)


def test_hinges_bend_the_right_way(landmarks):
    got = pose_from_landmarks(points(landmarks, pose()), points(landmarks, pose(bends={})))
    turns = Rotation.from_matrix(got).as_rotvec()
    assert turns[SMPL_JOINTS.index("left_knee"), 0] > 0.8
    assert turns[SMPL_JOINTS.index("left_elbow"), 1] < -0.8
    assert turns[SMPL_JOINTS.index("right_elbow"), 1] > 0.4


@pytest.mark.parametrize("fill", [0.0, 1e-12])
def test_survives_landmarks_in_one_place(landmarks, fill):
    names, _ = landmarks
    nowhere = {name: np.full(3, fill) for name in names}
    assert np.isfinite(pose_from_landmarks(nowhere, points(landmarks, pose(bends={})))).all()
