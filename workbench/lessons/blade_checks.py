"""Checks for lesson 5: what distance does to a picture, and how a camera is solved from a mask."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.lessons.checking import Exercise, Mistake, Verdict, check


def check_distortion(function: Any) -> Verdict:
    """Checks `function(z_m, tz_m)`: how much larger points (N,) about the pelvis are seen than weakly."""
    return check(function, _distortion())


def check_match(function: Any) -> Verdict:
    """Checks `function(mask, outline)`: (factor, right, down) that bring an outline (H, W) onto a mask."""
    return check(function, _match())


def check_same_size(function: Any) -> Verdict:
    """Checks `function(focal_px, tz_m, other_tz_m)`: the lens that shows the same size from elsewhere."""
    return check(function, _same_size())


def check_relative(function: Any) -> Verdict:
    """Checks `function(tz_m, true_m)`: BLADE's loss of distances (N,), one number."""
    return check(function, _relative())


def seen_larger(z_m: Float[Tensor, "N"], tz_m: float) -> Float[Tensor, "N"]:
    """The model answer of the exercise on distortion: what weak perspective leaves out, Tz / (Tz + z)."""
    return tz_m / (tz_m + z_m)


def matched(mask: Float[Tensor, "H W"], outline: Float[Tensor, "H W"]) -> Float[Tensor, "3"]:
    """The model answer of the exercise on moments: the root of the areas' ratio, and the middles' offset."""
    growth = (mask.sum() / outline.sum()).sqrt()
    return torch.stack((growth, *(_middle_px(mask) - _middle_px(outline))))


def lens_of_same_size_px(focal_px: float, tz_m: float, other_tz_m: float) -> float:
    """The model answer of the exercise on the valley: f / Tz stays."""
    return focal_px * other_tz_m / tz_m


def relative_error(tz_m: Float[Tensor, "N"], true_m: Float[Tensor, "N"]) -> Float[Tensor, ""]:
    """The model answer of the exercise on the loss."""
    return ((tz_m - true_m).abs() / true_m).mean()


def _middle_px(mask: Float[Tensor, "H W"]) -> Float[Tensor, "2"]:
    """x and y of the centroid; pixels have their centres at halves."""
    height, width = mask.shape
    x, y = torch.arange(width) + 0.5, torch.arange(height) + 0.5
    return torch.stack(((mask.sum(0) * x).sum(), (mask.sum(1) * y).sum())) / mask.sum()


def _distortion() -> Exercise:
    return Exercise(
        "1 at the pelvis, more in front of it, less behind it",
        seen_larger,
        [(torch.tensor([-0.4, -0.1, 0.0, 0.3]), 1.0), (torch.tensor([-0.3, 0.0, 0.5]), 6.0)],
        [
            Mistake(
                "Upside down: what is nearer to the lens is seen LARGER. Divide Tz by the point's depth.",
                lambda z, tz: (tz + z) / tz,
            ),
            Mistake(
                "Negative z is towards the lens: a point's depth is Tz + z, not Tz - z.",
                lambda z, tz: tz / (tz - z),
            ),
            Mistake(
                "That is the part beyond 1. The factor itself is asked for: 1 at the pelvis.",
                lambda z, tz: tz / (tz + z) - 1,
            ),
            Mistake(
                "The factor should be 1 at the pelvis, whatever its distance: multiply by Tz.",
                lambda z, tz: 1 / (tz + z),
            ),
        ],
        "times",
        1e-5,
    )


def _match() -> Exercise:
    def box(left: int, top: int, width: int, height: int) -> Float[Tensor, "40 60"]:
        mask = torch.zeros(40, 60)
        mask[top : top + height, left : left + width] = 1
        return mask

    def changed(mask: Tensor, outline: Tensor, factor: Tensor, way: float = 1.0) -> Tensor:
        return torch.cat((factor[None], way * matched(mask, outline)[1:]))

    return Exercise(
        "the root of the ratio of areas, and from the outline's middle to the mask's",
        matched,
        [(box(30, 8, 20, 28), box(10, 12, 10, 14)), (box(5, 4, 12, 9), box(20, 10, 30, 20))],
        [
            Mistake(
                "Areas grow with the SQUARE of the size: take the root of their ratio.",
                lambda m, o: changed(m, o, m.sum() / o.sum()),
            ),
            Mistake(
                "The other way round: the outline should grow until it is as large as the mask.",
                lambda m, o: changed(m, o, (o.sum() / m.sum()).sqrt()),
            ),
            Mistake(
                "The shift has the wrong sign: it goes from the outline's middle to the mask's.",
                lambda m, o: changed(m, o, (m.sum() / o.sum()).sqrt(), -1.0),
            ),
            Mistake(
                "Right and down are swapped: x counts columns, y counts rows.",
                lambda m, o: matched(m, o)[[0, 2, 1]],
            ),
        ],
        "",
        1e-4,
    )


def _same_size() -> Exercise:
    return Exercise(
        "twice as far away, twice as long a lens",
        lens_of_same_size_px,
        [(800.0, 2.0, 5.0), (1200.0, 4.0, 1.0)],
        [
            Mistake(
                "Upside down: farther away, a LONGER lens is needed for the same size.",
                lambda focal, tz, other: focal * tz / other,
            ),
            Mistake(
                "That is the size, f / Tz, in pixels per metre. Multiply it by the other distance.",
                lambda focal, tz, other: focal / tz,
            ),
            Mistake(
                "Size goes with f / Tz, not with its square.",
                lambda focal, tz, other: focal * (other / tz) ** 2,
            ),
        ],
        "px",
        1e-2,
    )


def _relative() -> Exercise:
    return Exercise(
        "the error in shares of the true distance, its mean over people",
        relative_error,
        [
            (torch.tensor([1.2, 7.0]), torch.tensor([1.0, 8.0])),
            (torch.tensor([0.4, 2.0, 5.0]), torch.tensor([0.5, 2.5, 4.0])),
        ],
        [
            Mistake(
                "That is in metres: 10 cm are nothing at 8 m, and a tenth of everything at 1 m. Divide by "
                "the true distance.",
                lambda tz, true: (tz - true).abs().mean(),
            ),
            Mistake(
                "Divide by the TRUE distance. Divided by the guess, too near is dearer than too far.",
                lambda tz, true: ((tz - true).abs() / tz).mean(),
            ),
            Mistake(
                "Too near and too far cancel each other: take the absolute value before the mean.",
                lambda tz, true: ((tz - true) / true).mean(),
            ),
            Mistake(
                "It is summed over people. Take the mean.",
                lambda tz, true: ((tz - true).abs() / true).sum(),
            ),
        ],
        "",
        1e-5,
    )
