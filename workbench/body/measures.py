"""What can be measured on a body mesh, in the units that people use."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

LITRES = 1000.0
"""Per cubic metre."""


def height_m(vertices_m: Float[Tensor, "*b V 3"]) -> Float[Tensor, "*b"]:
    """From the lowest to the highest vertex; a person's height, if they stand in rest pose."""
    return vertices_m[..., 1].amax(-1) - vertices_m[..., 1].amin(-1)


def arm_span_m(vertices_m: Float[Tensor, "*b V 3"]) -> Float[Tensor, "*b"]:
    """From the person's right end to the left one; the arm span, if they stand in the T-pose."""
    return vertices_m[..., 0].amax(-1) - vertices_m[..., 0].amin(-1)


def volume_litres(vertices_m: Float[Tensor, "*b V 3"], faces: Int[Tensor, "F 3"]) -> Float[Tensor, "*b"]:
    """What a closed mesh encloses: the sum of signed tetrahedra from the origin to each triangle.

    Right wherever the origin lies. Where a mesh runs through itself, as at a bent knee, space counts twice.
    """
    a, b, c = (vertices_m[..., faces[:, corner], :] for corner in range(3))
    return LITRES * (torch.linalg.cross(a, b) * c).sum(-1).sum(-1) / 6
