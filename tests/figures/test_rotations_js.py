"""The browser's rotations are the library's, and scipy's where the library has no such form."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.geometry import rotations

EDGES = [
    [0.0, 0.0, 0.0],
    [1e-9, 0.0, 0.0],
    [math.pi, 0.0, 0.0],
    [0.0, -math.pi, 0.0],
    [0.0, math.pi / 2, 0.0],
]
CLOSE = {"atol": 1e-9, "rtol": 0}


@pytest.fixture
def turns() -> torch.Tensor:
    """Axis-angle vectors shorter than a turn and a half, and the awkward ones."""
    return torch.cat(
        (3 * torch.rand(60, 3, dtype=torch.double) - 1.5, torch.tensor(EDGES, dtype=torch.double))
    )


@pytest.fixture
def matrices(turns: torch.Tensor) -> torch.Tensor:
    return rotations.matrix_from_axis_angle(turns)


def flat(matrices: torch.Tensor) -> list:
    return matrices.flatten(-2).tolist()


def back(rows: list) -> torch.Tensor:
    return torch.tensor(rows, dtype=torch.double).unflatten(-1, (3, 3))


def test_matrices_from_axis_angle(javascript, turns, matrices):
    got = back(javascript("rotations.js", "given.map(m.matrixFromAxisAngle)", turns.tolist()))
    torch.testing.assert_close(got, matrices, **CLOSE)


def test_axis_angle_is_the_same_rotation_and_never_longer_than_half_a_turn(javascript, turns, matrices):
    got = torch.tensor(
        javascript("rotations.js", "given.map(m.axisAngleFromMatrix)", flat(matrices)), dtype=torch.double
    )
    assert (got.norm(dim=1) <= math.pi + 1e-9).all()
    torch.testing.assert_close(rotations.matrix_from_axis_angle(got), matrices, atol=1e-8, rtol=0)
    inside = turns.norm(dim=1) < math.pi - 1e-3
    torch.testing.assert_close(got[inside], turns[inside], atol=1e-8, rtol=0)


def test_six_numbers_are_the_librarys_and_any_six_make_a_rotation(javascript, matrices):
    six = javascript("rotations.js", "given.map(m.sixFromMatrix)", flat(matrices))
    got = torch.tensor(six, dtype=torch.double)
    torch.testing.assert_close(got, rotations.sixd_from_matrix(matrices), **CLOSE)
    six = torch.randn(30, 6, dtype=torch.double)
    made = back(javascript("rotations.js", "given.map(m.matrixFromSix)", six.tolist()))
    torch.testing.assert_close(made, rotations.matrix_from_6d(six), **CLOSE)


def test_euler_angles_are_those_of_scipys_intrinsic_xyz(javascript, matrices):
    angles = np.random.default_rng(0).uniform([-3, -1.5, -3], [3, 1.5, 3], (60, 3))
    expected = torch.from_numpy(Rotation.from_euler("XYZ", angles).as_matrix())
    made = back(javascript("rotations.js", "given.map(m.matrixFromEuler)", angles.tolist()))
    torch.testing.assert_close(made, expected, **CLOSE)
    read = javascript("rotations.js", "given.map(m.eulerFromMatrix)", flat(expected))
    np.testing.assert_allclose(read, angles, atol=1e-8)
    again = "given.map((r) => m.matrixFromEuler(m.eulerFromMatrix(r)))"
    torch.testing.assert_close(
        back(javascript("rotations.js", again, flat(matrices))), matrices, atol=1e-3, rtol=0
    )
