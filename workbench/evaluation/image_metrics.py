"""How alike two pictures or two masks are.

Pictures are red, green, blue in 0..1 with the channel last. A person on a plain canvas is few of its pixels,
and the canvas is easily right: whole-picture PSNR and SSIM are then high for any prediction, a blank one
included. So each takes a mask, and the value over the person belongs beside the one over the whole picture.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn.functional import conv2d

from workbench.evaluation.checks import broken, check_pair, or_nan

SIGMA_PX = 1.5
RADIUS_PX = 5
K1, K2 = 0.01, 0.03


def mask_iou(predicted: Bool[Tensor, "*b H W"], true: Bool[Tensor, "*c G X"]) -> Float[Tensor, "*b"]:
    """Intersection over union of two masks, 0..1; 1 when both are empty.

    Averaged over pictures it is the mIoU of BLADE (Wang et al., CVPR 2025), which is not segmentation's mIoU:
    that is an average over classes and includes the background.

    Raises:
        ValueError: shapes differ.
    """
    check_pair(predicted, true, "masks")
    both = (predicted & true).sum((-2, -1)).float()
    either = (predicted | true).sum((-2, -1)).float()
    return torch.where(either > 0, both / either.clamp_min(1), torch.ones_like(both))


def part_iou(predicted: Int[Tensor, "*b H W"], true: Int[Tensor, "*c G X"]) -> Float[Tensor, "*b"]:
    """P-mIoU of one picture: intersections of all body parts over the sum of their unions, 0..1.

    As BLADE (Wang et al., CVPR 2025) measures it, over pixels of all parts at once and not as a mean over
    parts. A pixel given to the wrong part is in the unions of both. 1 when nobody is in either picture.

    Args:
        predicted, true: the part at each pixel, 1 and up; 0 is the background.

    Raises:
        ValueError: shapes differ.
    """
    check_pair(predicted, true, "parts")
    same = ((predicted == true) & (true > 0)).sum((-2, -1)).float()
    unions = (predicted > 0).sum((-2, -1)) + (true > 0).sum((-2, -1)) - same
    return torch.where(unions > 0, same / unions.clamp_min(1), torch.ones_like(same))


def psnr_db(
    predicted: Float[Tensor, "*b H W C"],
    true: Float[Tensor, "*c G X D"],
    mask: Bool[Tensor, "*d R S"] | None = None,
) -> Float[Tensor, "*b"]:
    """Peak signal-to-noise ratio, -10 log10 of the mean squared error.

    Infinite for equal pictures, which a summary then counts apart from the rest.

    Args:
        predicted, true: pictures, 0..1.
        mask: pixels that count; by default all.

    Raises:
        ValueError: shapes differ, the truth is not finite, or a mask is empty.
    """
    check_pair(predicted, true, "pictures")
    error = (predicted - true).square().mean(-1)
    return or_nan(-10 * _mean(error, mask).log10(), broken(predicted, 3))


def ssim(
    predicted: Float[Tensor, "*b H W C"],
    true: Float[Tensor, "*c G X D"],
    mask: Bool[Tensor, "*d R S"] | None = None,
) -> Float[Tensor, "*b"]:
    """Structural similarity, at most 1.

    Wang et al., "Image quality assessment: from error visibility to structural similarity", TIP 2004: window
    of 11 x 11, Gaussian with sigma 1.5; K1 = 0.01, K2 = 0.03; mean over channels. Only windows that lie
    inside the picture count, as in the paper; so a mask loses what is nearer than 5 px to the border, and at
    the person's outline a window sees some background.

    Args:
        predicted, true: pictures, 0..1, at least 11 px on each side.
        mask: windows centred on these pixels count; by default all.

    Raises:
        ValueError: shapes differ, the truth is not finite, the picture is too small, or no window counts.
    """
    check_pair(predicted, true, "pictures")
    inside = slice(RADIUS_PX, -RADIUS_PX)
    similar = ssim_map(predicted, true)
    kept = None if mask is None else mask[..., inside, inside]
    return or_nan(_mean(similar, kept), broken(predicted, 3))


def ssim_map(
    predicted: Float[Tensor, "*b H W C"], true: Float[Tensor, "*b H W C"]
) -> Float[Tensor, "*b h w"]:
    """SSIM of the window around each pixel that is at least 5 px from the border."""
    if min(predicted.shape[-3:-1]) <= 2 * RADIUS_PX:
        raise ValueError(
            f"SSIM needs pictures of at least {2 * RADIUS_PX + 1} px on each side; "
            f"got {tuple(predicted.shape[-3:-1])} (height, width)."
        )
    a, b = predicted.movedim(-1, -3), true.movedim(-1, -3)
    mean_a, mean_b = _blur(a), _blur(b)
    var_a, var_b = _blur(a * a) - mean_a**2, _blur(b * b) - mean_b**2
    covariance = _blur(a * b) - mean_a * mean_b
    light = (2 * mean_a * mean_b + K1**2) / (mean_a**2 + mean_b**2 + K1**2)
    structure = (2 * covariance + K2**2) / (var_a + var_b + K2**2)
    return (light * structure).mean(-3)


def _blur(channels: Float[Tensor, "*b C H W"]) -> Float[Tensor, "*b C h w"]:
    steps = torch.arange(-RADIUS_PX, RADIUS_PX + 1).to(channels)
    window = torch.exp(-0.5 * (steps / SIGMA_PX) ** 2)
    window = window / window.sum()
    flat = channels.reshape(-1, 1, *channels.shape[-2:])
    blurred = conv2d(conv2d(flat, window.view(1, 1, -1, 1)), window.view(1, 1, 1, -1))
    return blurred.reshape(*channels.shape[:-2], *blurred.shape[-2:])


def _mean(values: Float[Tensor, "*b H W"], mask: Bool[Tensor, "*c G X"] | None) -> Float[Tensor, "*b"]:
    if mask is None:
        return values.mean((-2, -1))
    if mask.shape != values.shape:
        raise ValueError(
            f"The mask must have one entry per pixel of every picture, shape {tuple(values.shape)}; "
            f"got {tuple(mask.shape)}."
        )
    count = mask.sum((-2, -1))
    if not bool((count > 0).all()):
        raise ValueError("The mask of a picture has no pixel to compare. Leave that picture out.")
    return torch.where(mask, values, torch.zeros_like(values)).sum((-2, -1)) / count
