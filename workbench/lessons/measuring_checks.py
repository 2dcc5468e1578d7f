"""Checks for lesson 3: errors of joints, alignment, overlap, and what to say of many people."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.evaluation.alignment import procrustes
from workbench.evaluation.image_metrics import mask_iou
from workbench.evaluation.pose_metrics import MM, mpjpe_mm
from workbench.evaluation.summary import summarise
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.lessons.checking import Exercise, Mistake, Verdict, check


def check_mpjpe(function: Any) -> Verdict:
    """Checks `function(predicted_m, true_m, root)`: joints (J, 3) twice and the root's id, to MPJPE in mm."""
    return check(function, _mpjpe())


def check_fit(function: Any) -> Verdict:
    """Checks `function(predicted, true)`: points (N, 3) twice, the first moved, turned and scaled to fit."""
    return check(function, _fit())


def check_iou(function: Any) -> Verdict:
    """Checks `function(predicted, true)`: two masks (H, W) of True and False, to their overlap in 0..1."""
    return check(function, _iou())


def check_summary(function: Any) -> Verdict:
    """Checks `function(errors)`: (N,), NaN where a method failed, to (mean of the others, how many did)."""
    return check(function, _summary())


def fitted(predicted: Float[Tensor, "N 3"], true: Float[Tensor, "N 3"]) -> Float[Tensor, "N 3"]:
    """The model answer of the exercise on alignment."""
    return procrustes(predicted, true).apply(predicted)


def mean_and_failed(errors: Float[Tensor, "N"]) -> tuple[float, int]:
    """The model answer of the exercise on summaries."""
    summary = summarise(errors.tolist())
    return summary.mean if summary.mean is not None else 0.0, summary.invalid


def _joints(seed: int, count: int = 14) -> Float[Tensor, "J 3"]:
    generator = torch.Generator().manual_seed(seed)
    return 0.4 * torch.randn(count, 3, generator=generator) + torch.tensor([0.2, -0.1, 3.0])


def _mpjpe() -> Exercise:
    def rooted(predicted: Tensor, true: Tensor, root: int) -> Float[Tensor, "J 3"]:
        return (predicted - predicted[root]) - (true - true[root])

    def answer(predicted: Tensor, true: Tensor, root: int) -> Tensor:
        return mpjpe_mm(predicted, true, [root])

    return Exercise(
        "both roots in one place, then the mean distance of the joints, in millimetres",
        answer,
        [
            (_joints(seed) + torch.tensor([0.1, 0.0, 0.3]), _joints(seed + 9), root)
            for seed, root in ((1, 0), (2, 3))
        ],
        [
            Mistake(
                "The roots are not in one place: subtract each skeleton's own root joint first. What you "
                "have is G-MPJPE, which also sees where the person stands.",
                lambda p, t, root: MM * (p - t).norm(dim=1).mean(),
            ),
            Mistake(
                "It is in metres. Papers give millimetres: times 1000.",
                lambda p, t, root: answer(p, t, root) / MM,
            ),
            Mistake(
                "It is the root of the mean SQUARED distance, which large errors rule. MPJPE is the mean of "
                "the distances: take the norm of each joint first, then the mean.",
                lambda p, t, root: MM * rooted(p, t, root).square().sum(1).mean().sqrt(),
            ),
            Mistake(
                "It is the mean of the absolute coordinates. A joint's error is a distance: the norm over x, "
                "y and z.",
                lambda p, t, root: MM * rooted(p, t, root).abs().mean(),
            ),
            Mistake(
                "It moves the mean of the joints into one place. MPJPE moves one joint there, the root.",
                lambda p, t, root: MM * ((p - p.mean(0)) - (t - t.mean(0))).norm(dim=1).mean(),
            ),
        ],
        "mm",
        0.05,
    )


def _fit() -> Exercise:
    def parts(predicted: Tensor, true: Tensor) -> tuple[Tensor, ...]:
        p, t = predicted - predicted.mean(0), true - true.mean(0)
        u, s, vt = torch.linalg.svd(t.T @ p)
        return p, t, u, s, vt, torch.tensor([1.0, 1.0, float(torch.det(u @ vt))])

    def mirrored(predicted: Tensor, true: Tensor) -> Tensor:
        p, _, u, s, vt, _ = parts(predicted, true)
        return s.sum() / p.square().sum() * p @ (u @ vt).T + true.mean(0)

    def other_way(predicted: Tensor, true: Tensor) -> Tensor:
        p, _, u, s, vt, sign = parts(predicted, true)
        return (s * sign).sum() / p.square().sum() * p @ (u @ torch.diag(sign) @ vt) + true.mean(0)

    def rigid(predicted: Tensor, true: Tensor) -> Tensor:
        return procrustes(predicted, true, scaled=False).apply(predicted)

    turn = matrix_from_axis_angle(torch.tensor([0.4, 1.1, -0.3]))
    flip = torch.tensor([-1.0, 1.0, 1.0])
    near = [(1.3 * _joints(3) @ turn.T + 0.02 * _joints(4), _joints(3)), (_joints(5) * flip, _joints(5))]
    return Exercise(
        "centred, turned, scaled and put onto the truth, and never mirrored",
        fitted,
        near,
        [
            Mistake(
                "It mirrors people where that fits better. A turn has determinant +1: where det(U V) is -1, "
                "change the sign of the last column of U (and of the last singular value in the scale).",
                mirrored,
            ),
            Mistake(
                "The turn goes the other way round: points in rows are turned by p @ R.T, not by p @ R.",
                other_way,
            ),
            Mistake(
                "The size is not fitted: scale = (singular values, with their signs).sum() divided by "
                "p.square().sum().",
                rigid,
            ),
            Mistake(
                "The size and the turn are right, but the result must lie where the truth does: add the mean "
                "of the true points at the end.",
                lambda p, t: fitted(p, t) - t.mean(0),
            ),
        ],
        "m",
        1e-4,
    )


def _iou() -> Exercise:
    def disc(x: int, y: int, radius: int) -> Bool[Tensor, "40 30"]:
        rows, columns = torch.meshgrid(torch.arange(40.0), torch.arange(30.0), indexing="ij")
        return (rows - y) ** 2 + (columns - x) ** 2 < radius**2

    pairs: Sequence[tuple[Any, ...]] = [
        (disc(12, 15, 9), disc(16, 20, 8)),
        (disc(12, 15, 5), disc(14, 16, 12)),
        (disc(8, 8, 4), disc(22, 30, 5)),
    ]
    return Exercise(
        "what both cover, over what either covers",
        mask_iou,
        pairs,
        [
            Mistake(
                "It divides by the true mask alone. A prediction that covers the whole picture would be "
                "perfect: divide by what either of the two covers.",
                lambda p, t: (p & t).sum() / t.sum(),
            ),
            Mistake(
                "It is the share of pixels on which the two agree. Most of a picture is background and "
                "easily right: leave out what neither covers.",
                lambda p, t: (p == t).float().mean(),
            ),
            Mistake(
                "It is Dice, 2 |A and B| / (|A| + |B|), which is never smaller. IoU divides by the union, "
                "where what both cover counts once.",
                lambda p, t: 2 * (p & t).sum() / (p.sum() + t.sum()),
            ),
        ],
        "",
        1e-4,
    )


def _summary() -> Exercise:
    def failed(errors: Tensor) -> int:
        return int((~errors.isfinite()).sum())

    nan = math.nan
    return Exercise(
        "the mean is of those that were recovered, and the others are counted beside it",
        mean_and_failed,
        [(torch.tensor(v),) for v in ([50.0, nan, 70.0, 90.0], [40.0, 60.0], [nan, nan, 80.0, math.inf])],
        [
            Mistake(
                "It counts a failure as an error of zero, the best there is. Leave failures out of the mean "
                "and count them.",
                lambda e: (e.nan_to_num(0, 0, 0).mean(), failed(e)),
            ),
            Mistake(
                "The mean is right, but nobody would know that people are missing in it: return how many "
                "failed, too.",
                lambda e: (e[e.isfinite()].mean(), 0),
            ),
            Mistake(
                "The second number must be how many failed, not how many did not.",
                lambda e: (e[e.isfinite()].mean(), len(e) - failed(e)),
            ),
        ],
        "",
        1e-3,
    )
