"""Body shapes: how tall, how heavy, how built people are."""

import torch
from jaxtyping import Float
from torch import Tensor

LARGEST = 2.5
"""Of one beta, in standard deviations; what lies beyond is drawn again."""
LARGEST_NORM_SHARE = 1.4
"""Of a whole shape, times the square root of the number of betas: nobody is extreme in everything at once."""


def betas_from_uniform(uniform: Float[Tensor, "N B"], spread: float = 1.0) -> Float[Tensor, "N B"]:
    """Shapes from numbers in [0, 1): normal, cut off at LARGEST, and shrunk where all betas are large.

    Args:
        uniform: one number per beta; 0.5 is the mean person's.
        spread: standard deviation before the cuts; 0 gives the mean person alone.
    """
    edge = torch.special.ndtr(torch.tensor(LARGEST)).item()
    normal = torch.special.ndtri(1 - edge + (2 * edge - 1) * uniform)
    most = LARGEST_NORM_SHARE * uniform.shape[-1] ** 0.5
    norm = normal.norm(dim=-1, keepdim=True).clamp_min(1e-9)
    return spread * normal * (most / norm).clamp_max(1.0)
