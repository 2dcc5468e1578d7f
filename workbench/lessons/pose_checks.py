"""Checks for lesson 1: rotations, and poses made of them."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body.joints import SMPL_JOINTS, mirror_ids
from workbench.geometry.rotations import matrix_from_6d, matrix_from_axis_angle
from workbench.lessons.checking import Exercise, Mistake, Verdict, check

_MIRRORED_SIGNS = torch.tensor([1.0, -1.0, -1.0])


def check_rotation_matrix(function: Any) -> Verdict:
    """Checks `function(axis_angle)`: a rotation vector (3,) in radians to its matrix (3, 3)."""
    return check(function, _rotation_matrix())


def check_matrix_from_6d(function: Any) -> Verdict:
    """Checks `function(six)`: six numbers, two columns one after the other, to the rotation matrix (3, 3)."""
    return check(function, _matrix_from_6d())


def check_mirror(function: Any) -> Verdict:
    """Checks `function(theta)`: a pose (24, 3) as a mirror would show it."""
    return check(function, _mirror())


def _rotation_matrix() -> Exercise:
    def unnormalised(axis_angle: Tensor) -> Tensor:
        angle, cross = axis_angle.norm(), _cross_matrix(axis_angle)
        return torch.eye(3) + angle.sin() * cross + (1 - angle.cos()) * cross @ cross

    return Exercise(
        "it is Rodrigues' formula, and the zero vector is no rotation",
        matrix_from_axis_angle,
        [(torch.tensor(v),) for v in ([0.3, -0.5, 0.9], [1.2, 0.1, 0.4], [0.0, 0.0, 0.5], [0.0, 0.0, 0.0])],
        [
            Mistake(
                "It turns the other way round: this is the transposed matrix. Are rows and columns swapped, "
                "or is the sign of the cross product matrix?",
                lambda v: matrix_from_axis_angle(v).T,
            ),
            Mistake(
                "It takes the vector for degrees. theta is in radians already: no conversion.",
                lambda v: matrix_from_axis_angle(v.deg2rad()),
            ),
            Mistake(
                "It turns radians into degrees before the sine. torch.sin wants radians: no conversion.",
                lambda v: matrix_from_axis_angle(_unit(v) * v.norm().rad2deg()),
            ),
            Mistake(
                "The axis has to be a unit vector: divide axis_angle by its length before building the cross "
                "product matrix.",
                unnormalised,
            ),
        ],
        "",
        1e-4,
    )


def _matrix_from_6d() -> Exercise:
    def columns(six: Tensor) -> tuple[Tensor, Tensor]:
        return six[:3], six[3:]

    def raw(six: Tensor) -> Tensor:
        a, b = (_unit(c) for c in columns(six))
        return torch.stack((a, b, torch.linalg.cross(a, b)), dim=1)

    def other_hand(six: Tensor) -> Tensor:
        matrix = matrix_from_6d(six)
        return torch.cat((matrix[:, :2], -matrix[:, 2:]), dim=1)

    return Exercise(
        "two columns made square to each other, and their cross product",
        matrix_from_6d,
        [(torch.tensor(v),) for v in ([1.0, 0.2, -0.3, 0.1, 2.0, 0.5], [0.3, -0.9, 0.4, 0.8, 0.6, -0.2])],
        [
            Mistake(
                "The two vectors became ROWS. Here they are the first two columns: use dim=1 when stacking.",
                lambda six: matrix_from_6d(six).T,
            ),
            Mistake(
                "It reads every second number as one vector. Here the first three numbers are the first "
                "column (SPIN stores it the other way).",
                lambda six: matrix_from_6d(torch.cat((six[0::2], six[1::2]))),
            ),
            Mistake(
                "The columns are not square to each other: take from the second what points along the first, "
                "a2 - (b1 · a2) b1, before making it a unit vector.",
                raw,
            ),
            Mistake(
                "The third column points the wrong way: it is b1 × b2, in this order; otherwise the matrix "
                "mirrors.",
                other_hand,
            ),
        ],
        "",
        1e-4,
    )


def _mirror() -> Exercise:
    swap = list(mirror_ids(SMPL_JOINTS))
    return Exercise(
        "left and right change places, and turns about y and z change sign",
        lambda theta: theta[swap] * _MIRRORED_SIGNS,
        [(torch.randn(24, 3, generator=torch.Generator().manual_seed(seed)),) for seed in (1, 2)],
        [
            Mistake(
                "The signs are right, but left and right have to change places too: mirror_ids(SMPL_JOINTS) "
                "tells each joint's partner.",
                lambda theta: theta * _MIRRORED_SIGNS,
            ),
            Mistake(
                "Left and right changed places, but a mirror also turns turns around: those about y and z "
                "change sign, those about x do not.",
                lambda theta: theta[swap],
            ),
            Mistake(
                "It changes the sign of x. That is how a POINT is mirrored; of a rotation's axis the other "
                "two change sign.",
                lambda theta: theta[swap] * -_MIRRORED_SIGNS,
            ),
            Mistake(
                "It changes all three signs, which undoes the turns. Turns about x look alike in a mirror.",
                lambda theta: -theta[swap],
            ),
        ],
        "rad",
        1e-5,
    )


def _cross_matrix(v: Tensor) -> Float[Tensor, "3 3"]:
    x, y, z = v.tolist()
    return torch.tensor([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])


def _unit(v: Tensor) -> Float[Tensor, "3"]:
    return v / v.norm().clamp_min(1e-9)
