"""Rotations between axis-angle, matrix and 6D, thin over roma.

Axis-angle vectors are parent-relative, in radians. The 6D form (Zhou et al., CVPR 2019) is the first two
COLUMNS of the matrix. Three layouts of six numbers exist in the field and confusing them scrambles the pose
without any error, so each function's name says which one it reads. With columns a1, a2 and rows r1, r2:

    contiguous  (a1x a1y a1z a2x a2y a2z)   ProHMR, HMR2.0, and this project
    interleaved (a1x a2x a1y a2y a1z a2z)   SPIN, CLIFF, ROMP, BLADE
    rows        (r1x r1y r1z r2x r2y r2z)   TokenHMR, pytorch3d; read as ours, it gives the TRANSPOSED matrix

Sources: nkolot/SPIN utils/geometry.py; nkolot/ProHMR and shubham-goel/4D-Humans utils/geometry.py;
saidwivedi/TokenHMR tokenhmr/lib/utils/geometry.py; pytorch3d/transforms/rotation_conversions.py.
"""

import roma
import torch
from jaxtyping import Float
from torch import Tensor


def matrix_from_axis_angle(axis_angle: Float[Tensor, "*b 3"]) -> Float[Tensor, "*b 3 3"]:
    """Rodrigues' formula; smooth at zero."""
    return roma.rotvec_to_rotmat(axis_angle)


def axis_angle_from_matrix(matrix: Float[Tensor, "*b 3 3"]) -> Float[Tensor, "*b 3"]:
    """The rotation vector of length <= pi."""
    return roma.rotmat_to_rotvec(matrix)


def nearest_turn(axis_angle: Float[Tensor, "*b 3"], to: Float[Tensor, "*b 3"]) -> Float[Tensor, "*b 3"]:
    """The same rotation, a whole turn less where that is closer to another rotation vector.

    A joint that turns past pi then goes on, where its shortest vector would jump to the other side.
    """
    angle = axis_angle.norm(dim=-1, keepdim=True).clamp_min(1e-12)
    other = axis_angle * (1 - 2 * torch.pi / angle)
    closer = (other - to).norm(dim=-1, keepdim=True) < (axis_angle - to).norm(dim=-1, keepdim=True)
    return torch.where(closer, other, axis_angle)


def matrix_from_6d(six: Float[Tensor, "*b 6"]) -> Float[Tensor, "*b 3 3"]:
    """Gram-Schmidt on a contiguous 6D vector: columns (a1, a2), third by the cross product."""
    return roma.special_gramschmidt(torch.stack((six[..., :3], six[..., 3:]), dim=-1))


def sixd_from_matrix(matrix: Float[Tensor, "*b 3 3"]) -> Float[Tensor, "*b 6"]:
    """The first two columns, contiguous."""
    return torch.cat((matrix[..., :, 0], matrix[..., :, 1]), dim=-1)


def contiguous_from_interleaved(six: Float[Tensor, "*b 6"]) -> Float[Tensor, "*b 6"]:
    """SPIN's layout to ours."""
    return torch.cat((six[..., 0::2], six[..., 1::2]), dim=-1)


def interleaved_from_contiguous(six: Float[Tensor, "*b 6"]) -> Float[Tensor, "*b 6"]:
    """Our layout to SPIN's."""
    return torch.stack((six[..., :3], six[..., 3:]), dim=-1).flatten(-2)


def contiguous_from_rows(six: Float[Tensor, "*b 6"]) -> Float[Tensor, "*b 6"]:
    """TokenHMR's and pytorch3d's layout to ours; orthonormal afterwards, as columns need the third row."""
    return sixd_from_matrix(matrix_from_6d(six).mT)


def geodesic_angle_rad(a: Float[Tensor, "*b 3 3"], b: Float[Tensor, "*b 3 3"]) -> Float[Tensor, "*b"]:
    """Angle of the rotation that takes a to b, in [0, pi]."""
    return roma.rotmat_geodesic_distance(a, b)
