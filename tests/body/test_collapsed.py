"""Collapsed landmarks against plain skinning, and their derivatives against differences."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from workbench.body.collapsed import CollapsedLandmarks

PARENTS = np.array([-1, 0, 1, 1, 3, 0])
J, V, K, B = len(PARENTS), 40, 7, 4


@pytest.fixture
def body():
    rng = np.random.default_rng(0)
    weights = rng.dirichlet(np.full(J, 0.3), size=V)
    vertex_shares = rng.dirichlet(np.full(V, 0.1), size=K)
    joint_shares = np.zeros((K, J))
    vertex_shares[0] = 0  # one landmark is a joint, one half joint, the others are skin
    joint_shares[0, 4] = 1
    vertex_shares[1] /= 2
    joint_shares[1, 2] = 0.5
    vertices, joints = rng.normal(size=(B + 1, V, 3)), rng.normal(size=(B + 1, J, 3))
    return vertices, joints, weights, vertex_shares, joint_shares


def skin(body, local, betas):
    """The textbook forward pass, joint by joint."""
    vertices, joints, weights, vertex_shares, joint_shares = body
    mix = np.concatenate(([1.0], betas))
    rest_v, rest_j = np.tensordot(mix, vertices, 1), np.tensordot(mix, joints, 1)
    rotation, position = local.copy(), rest_j.copy()
    for j in range(1, J):
        p = PARENTS[j]
        rotation[j] = rotation[p] @ local[j]
        position[j] = position[p] + rotation[p] @ (rest_j[j] - rest_j[p])
    skinned = sum(weights[:, [j]] * ((rest_v - rest_j[j]) @ rotation[j].T + position[j]) for j in range(J))
    return vertex_shares @ skinned + joint_shares @ position


@pytest.fixture
def state():
    rng = np.random.default_rng(1)
    return Rotation.random(J, rng=np.random.default_rng(2)).as_matrix(), rng.normal(size=B)


@pytest.fixture
def landmarks(body):
    vertices, joints, weights, vertex_shares, joint_shares = body
    return CollapsedLandmarks.build(vertices, joints, weights, PARENTS, vertex_shares, joint_shares)


def test_equals_skinning(body, landmarks, state):
    np.testing.assert_allclose(landmarks.evaluate(*state)[0], skin(body, *state), atol=1e-12)


def test_derivative_by_rotation(landmarks, state):
    local, betas = state
    by_rotation, eps = landmarks.evaluate(local, betas)[1], 1e-6
    for joint in range(J):
        for axis in range(3):
            moved = []
            for sign in (1, -1):
                turned = local.copy()
                turned[joint] = Rotation.from_rotvec(sign * eps * np.eye(3)[axis]).as_matrix() @ local[joint]
                moved.append(landmarks.evaluate(turned, betas)[0])
            difference = (moved[0] - moved[1]) / (2 * eps)
            np.testing.assert_allclose(by_rotation[:, joint, :, axis], difference, atol=1e-7)


def test_derivative_by_shape(landmarks, state):
    local, betas = state
    x, _, by_beta = landmarks.evaluate(local, betas)
    for index in range(B):  # exact: landmarks are linear in shape
        more = landmarks.evaluate(local, betas + np.eye(B)[index])[0]
        np.testing.assert_allclose(by_beta[:, :, index], more - x, atol=1e-12)
