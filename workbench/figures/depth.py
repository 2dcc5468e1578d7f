"""A depth map as a picture: near is bright, far is dark, and what was not measured is black."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, UInt8
from plotly.colors import sample_colorscale, unlabel_rgb
from torch import Tensor

SCALE = "Viridis_r"
SIDE_PX = 640
"""Longest side of the picture."""
ENDS_PCT = (1.0, 99.0)
"""Percentiles of the known depths where the colours end, so that a few wild ones do not use them up."""


class DepthPicture(NamedTuple):
    """Colours, and what they mean."""

    rgb: UInt8[np.ndarray, "h w 3"]
    near_m: float
    """Yellow, and so is all that is nearer."""
    far_m: float
    """Dark violet, and so is all that is farther."""


def depth_picture(depth_m: Float[Tensor, "H W"]) -> DepthPicture:
    """Colour a depth map.

    Args:
        depth_m: 0 where nothing was measured, but somewhere something was.
    """
    stride = -(-max(depth_m.shape) // SIDE_PX)
    depth = depth_m[::stride, ::stride].numpy()
    near, far = np.percentile(depth_m[depth_m > 0].numpy(), ENDS_PCT)
    shares = ((depth - near) / max(far - near, 1e-6)).clip(0, 1)
    steps = np.linspace(0, 1, 256).tolist()
    colors = np.array([unlabel_rgb(color) for color in sample_colorscale(SCALE, steps)])
    rgb = colors[(255 * shares).round().astype(int)].round().astype(np.uint8)
    rgb[depth == 0] = 0
    return DepthPicture(rgb, float(near), float(far))
