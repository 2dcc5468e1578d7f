"""What every metric asks of its numbers: a truth that is one, and predictions of the same shape.

A prediction that is not a number is a failure of the method and stays visible: the sample's value becomes
NaN, and `summary` counts it apart. A truth that is not a number is a mistake of the caller, and refused.
"""

import torch
from jaxtyping import Float
from torch import Tensor


def check_pair(predicted: Tensor, true: Tensor, what: str) -> None:
    """Refuse to compare things that do not belong together.

    Raises:
        ValueError: the shapes differ (nothing is broadcast: that would compare everybody with one person), or
            the truth has NaN or infinity.
    """
    if predicted.shape != true.shape:
        raise ValueError(
            f"Predicted and true {what} must have the same shape; got {tuple(predicted.shape)} and "
            f"{tuple(true.shape)}. Pair each prediction with its own truth."
        )
    require_true(true, what)


def require_true(true: Tensor, what: str) -> None:
    """Refuse a ground truth with holes.

    Raises:
        ValueError: NaN or infinity in it.
    """
    if not bool(torch.isfinite(true).all()):
        place = torch.nonzero(~torch.isfinite(true))[0].tolist()
        raise ValueError(
            f"The true {what} must be finite numbers; got {float(true[tuple(place)])} at index {place}. "
            "Leave samples without ground truth out before measuring."
        )


def broken(predicted: Tensor, axes: int) -> Tensor:
    """Which samples hold NaN or infinity in their last `axes` axes."""
    return ~torch.isfinite(predicted).flatten(-axes).all(-1)


def or_nan(value: Float[Tensor, "*b"], is_broken: Tensor) -> Float[Tensor, "*b"]:
    """The value, NaN where the prediction was broken."""
    return torch.where(is_broken, torch.full_like(value, torch.nan), value)
