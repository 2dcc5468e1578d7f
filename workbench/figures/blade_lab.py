"""What the BLADE lab (static/blade_lab.js) gets from Python besides people: limits, and masks as text."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Bool
from torch import Tensor

from workbench.figures import body_lab
from workbench.untrusted import entries, part, shown, whole

TZ_M = (0.3, 10.0)
"""How near and how far the slider goes."""
SCAN_M: tuple[float, ...] = (0.35, 0.45, 0.6, 0.8, 1.0, 1.25, 1.6, 2.0, 2.6, 3.4, 4.5, 6.0, 8.0, 10.0)
"""Distances at which the camera is solved for the chart."""
LARGEST_SIDE_PX = 4096
LONGEST_BITS = LARGEST_SIDE_PX**2 // 6


def config(bodies: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The lab's configuration.

    Args:
        bodies: the page's; see ServedBodies.entries.
    """
    given = [dict(entry) for entry in bodies]
    return {
        "bodies": given,
        "person": body_lab.config(given)["person"],
        "tz": list(TZ_M),
        "scan": list(SCAN_M),
    }


def mask_data(mask: Bool[Tensor, "H W"]) -> dict[str, Any]:
    """A mask as text: eight pixels a byte, the first one in the highest bit, row after row."""
    packed = np.packbits(mask.numpy().reshape(-1))
    return {"size_hw": list(mask.shape), "bits": base64.b64encode(packed.tobytes()).decode()}


def mask_from(data: Any) -> Bool[Tensor, "H W"]:
    """The inverse of `mask_data`.

    Raises:
        ValueError: it is no mask.
    """
    part(data, "The mask", "size_hw", "bits")
    sides = entries(data["size_hw"], "The mask's size_hw", 2)
    height, width = (whole(side, "The mask's size_hw", 1, LARGEST_SIDE_PX) for side in sides)
    bits = data["bits"]
    if not isinstance(bits, str) or len(bits) > LONGEST_BITS:
        raise ValueError(f"The mask's bits must be text; got {shown(bits)}.")
    try:
        packed = np.frombuffer(base64.b64decode(bits, validate=True), np.uint8)
    except ValueError as error:
        raise ValueError("The mask's bits are not base64.") from error
    if len(packed) != -(-height * width // 8):
        raise ValueError(f"A mask of {width} x {height} pixels has other bits than these {8 * len(packed)}.")
    return torch.from_numpy(np.unpackbits(packed, count=height * width).reshape(height, width).astype(bool))
