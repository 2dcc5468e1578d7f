"""Masks with a wrong outline, for methods that trust one."""

import numpy as np
import torch
from jaxtyping import Bool
from scipy import ndimage
from torch import Tensor
from torch.nn import functional

CELLS = 10
"""Waves of the outline are about a tenth of the person long."""


def ragged(mask: Bool[Tensor, "H W"], generator: torch.Generator, share: float = 0.02) -> Bool[Tensor, "H W"]:
    """A mask whose outline wanders in and out.

    Args:
        mask: true.
        generator: of the waves.
        share: standard deviation of the outline's place, in shares of the longer side of the mask's box.
    """
    if not mask.any() or mask.all():
        return mask
    rows, columns = (mask.any(axis).nonzero()[:, 0] for axis in (1, 0))
    person = max(int(rows[-1] - rows[0]), int(columns[-1] - columns[0])) + 1
    height, width = mask.shape
    cells = [max(2, round(CELLS * length / person)) for length in (height, width)]
    waves = torch.randn(1, 1, cells[0], cells[1], generator=generator)
    waves = functional.interpolate(waves, (height, width), mode="bicubic", align_corners=True)[0, 0]
    inside, outside = (
        torch.from_numpy(np.asarray(ndimage.distance_transform_edt(part))).float()
        for part in (mask.numpy(), ~mask.numpy())
    )
    return inside - outside + share * person * waves / waves.std() > 0
