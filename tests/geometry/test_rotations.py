"""Laws of rotations; scipy is the oracle."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.geometry.rotations import (
    axis_angle_from_matrix,
    contiguous_from_interleaved,
    contiguous_from_rows,
    geodesic_angle_rad,
    interleaved_from_contiguous,
    matrix_from_6d,
    matrix_from_axis_angle,
    nearest_turn,
    sixd_from_matrix,
)

RANDOM = torch.tensor(Rotation.from_quat(np.random.default_rng(0).normal(size=(40, 4))).as_rotvec())
SPECIAL = torch.tensor(
    [[0.0, 0, 0], [1e-9, 0, 0], [0, 1e-4, 0], [math.pi - 1e-5, 0, 0], [0, math.pi, 0], [2.0, 2.0, 2.0]]
)
VECTORS = torch.cat((RANDOM, SPECIAL.double()))
IDENTITY = torch.eye(3, dtype=torch.float64)


def test_axis_angle_to_matrix_agrees_with_scipy():
    expected = torch.tensor(Rotation.from_rotvec(VECTORS.numpy()).as_matrix())
    torch.testing.assert_close(matrix_from_axis_angle(VECTORS), expected, atol=1e-9, rtol=0)


def test_matrix_to_axis_angle_is_the_shortest_way_back():
    matrix = matrix_from_axis_angle(VECTORS)
    back = axis_angle_from_matrix(matrix)
    assert back.norm(dim=1).max() <= math.pi + 1e-9
    torch.testing.assert_close(matrix_from_axis_angle(back), matrix, atol=1e-7, rtol=0)
    torch.testing.assert_close(
        axis_angle_from_matrix(matrix_from_axis_angle(RANDOM)), RANDOM, atol=1e-7, rtol=0
    )


def test_the_nearest_turn_is_the_same_rotation_and_no_farther():
    to = VECTORS.flip(0) * 1.5
    near = nearest_turn(VECTORS, to)
    torch.testing.assert_close(
        matrix_from_axis_angle(near), matrix_from_axis_angle(VECTORS), atol=1e-9, rtol=0
    )
    assert ((near - to).norm(dim=1) <= (VECTORS - to).norm(dim=1) + 1e-12).all()
    past, before = torch.tensor([[math.pi - 0.1, 0, 0]]), torch.tensor([[-math.pi + 0.1, 0, 0]])
    torch.testing.assert_close(nearest_turn(past, before), torch.tensor([[-math.pi - 0.1, 0, 0]]))


def test_6d_is_the_first_two_columns():
    matrix = matrix_from_axis_angle(VECTORS)
    six = sixd_from_matrix(matrix)
    torch.testing.assert_close(six[:, :3], matrix[:, :, 0])
    torch.testing.assert_close(six[:, 3:], matrix[:, :, 1])
    torch.testing.assert_close(matrix_from_6d(six), matrix)


def test_any_6d_gives_a_rotation_and_ignores_length():
    six = torch.randn(100, 6, dtype=torch.float64)
    matrix = matrix_from_6d(six)
    torch.testing.assert_close(matrix.mT @ matrix, IDENTITY.expand(100, 3, 3))
    torch.testing.assert_close(torch.linalg.det(matrix), torch.ones(100, dtype=torch.float64))
    torch.testing.assert_close(matrix_from_6d(six * 7), matrix)
    sheared = six.clone()
    sheared[:, 3:] += 2 * six[:, :3]  # Gram-Schmidt removes what the second vector has of the first
    torch.testing.assert_close(matrix_from_6d(sheared), matrix)


def test_the_two_layouts_are_each_others_inverse():
    six = torch.randn(4, 5, 6)
    torch.testing.assert_close(contiguous_from_interleaved(interleaved_from_contiguous(six)), six)
    torch.testing.assert_close(interleaved_from_contiguous(contiguous_from_interleaved(six)), six)


def test_interleaved_is_a_row_major_3_by_2_matrix():
    matrix = matrix_from_axis_angle(VECTORS)
    spin = matrix[:, :, :2].reshape(-1, 6)
    torch.testing.assert_close(matrix_from_6d(contiguous_from_interleaved(spin)), matrix)


def test_spins_mean_root_turns_the_body_to_the_camera():
    """SPIN's mean parameters start with these six numbers: half a turn about x, if read in SPIN's layout."""
    numbers = torch.tensor([1.0, 0.0, 0.0, -1.0, 0.0, 0.0])
    facing = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    torch.testing.assert_close(matrix_from_6d(contiguous_from_interleaved(numbers)), facing)
    first, second = numbers[:3], numbers[3:]
    assert torch.linalg.cross(first, second).norm() == 0  # read as contiguous the two columns are parallel


def test_rows_are_a_row_major_2_by_3_matrix():
    matrix = matrix_from_axis_angle(VECTORS)
    pytorch3d = matrix[:, :2].reshape(-1, 6)
    torch.testing.assert_close(matrix_from_6d(contiguous_from_rows(pytorch3d)), matrix)
    torch.testing.assert_close(matrix_from_6d(pytorch3d), matrix.mT)  # what comes of reading them as columns


def test_any_rows_decode_as_pytorch3d_does():
    """Networks answer with vectors that are not orthonormal: Gram-Schmidt on both, stacked as rows."""
    six = torch.randn(100, 6, dtype=torch.float64)
    first = torch.nn.functional.normalize(six[:, :3], dim=1)
    second = six[:, 3:] - (first * six[:, 3:]).sum(1, keepdim=True) * first
    second = torch.nn.functional.normalize(second, dim=1)
    expected = torch.stack((first, second, torch.linalg.cross(first, second)), dim=1)
    torch.testing.assert_close(matrix_from_6d(contiguous_from_rows(six)), expected)


def test_the_wrong_layout_is_another_rotation():
    six = sixd_from_matrix(matrix_from_axis_angle(RANDOM))
    wrong = geodesic_angle_rad(matrix_from_6d(contiguous_from_interleaved(six)), matrix_from_6d(six))
    assert wrong.median() > 0.5


def test_geodesic_angle_agrees_with_scipy():
    a, b = matrix_from_axis_angle(RANDOM), matrix_from_axis_angle(RANDOM.flip(0))
    first, second = (Rotation.from_matrix(m.numpy()) for m in (a, b))
    expected = torch.tensor((first.inv() * second).magnitude())
    torch.testing.assert_close(geodesic_angle_rad(a, b), expected, atol=1e-6, rtol=0)
    torch.testing.assert_close(geodesic_angle_rad(a, b), geodesic_angle_rad(b, a))
    assert geodesic_angle_rad(a, a).max() < 1e-6


def test_angle_of_a_rotation_vector_is_its_length():
    angle = geodesic_angle_rad(IDENTITY.expand(40, 3, 3), matrix_from_axis_angle(RANDOM))
    torch.testing.assert_close(angle, RANDOM.norm(dim=1), atol=1e-6, rtol=0)


@pytest.mark.parametrize("shape", [(3,), (24, 3), (2, 4, 24, 3), (0, 3)])
def test_any_batch_shape(shape):
    vectors = torch.rand(shape)
    matrix = matrix_from_axis_angle(vectors)
    assert matrix.shape == (*shape[:-1], 3, 3)
    assert sixd_from_matrix(matrix).shape == (*shape[:-1], 6)
    torch.testing.assert_close(matrix_from_6d(sixd_from_matrix(matrix)), matrix, atol=1e-6, rtol=0)
    torch.testing.assert_close(axis_angle_from_matrix(matrix), vectors, atol=1e-5, rtol=0)


def test_gradients():
    assert torch.autograd.gradcheck(matrix_from_axis_angle, RANDOM[:5].clone().requires_grad_())
    assert torch.autograd.gradcheck(
        matrix_from_6d, torch.randn(5, 6, dtype=torch.float64, requires_grad=True)
    )


def test_the_gradient_at_rest_is_the_cross_product():
    """Poses start at zero, where Rodrigues' formula is 0 / 0; its derivative there is the skew matrix."""
    jacobian = torch.autograd.functional.jacobian(matrix_from_axis_angle, torch.zeros(3, dtype=torch.float64))
    assert isinstance(jacobian, torch.Tensor)
    for axis in range(3):
        expected = np.cross(np.eye(3)[axis], np.eye(3)).T  # columns: axis x e1, e2, e3
        torch.testing.assert_close(jacobian[..., axis], torch.tensor(expected))
