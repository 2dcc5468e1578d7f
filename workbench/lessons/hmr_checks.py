"""Checks for lesson 4: HMR's camera, its loop, and the two losses that need no 3D truth."""

from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.lessons.checking import Exercise, Mistake, Verdict, check
from workbench.networks.guesses import project_to_window
from workbench.training.hmr_losses import critical

LANDMARKS, FACTORS = 9, 25


def check_window(function: Any) -> Verdict:
    """Checks `function(points_m, crop)`: points (N, 3) and (s, tx, ty) to where they are seen, (N, 2)."""
    return check(function, _window())


def check_feedback(function: Any) -> Verdict:
    """Checks `function(correct, start, times)`: the numbers after so many corrections, `correct(numbers)`."""
    return check(function, _feedback())


def check_reprojection(function: Any) -> Verdict:
    """Checks `function(xy, found)`: (K, 2) and (K, 3) with visibility, to the mean error of what was seen."""
    return check(function, _reprojection())


def check_critic(function: Any) -> Verdict:
    """Checks `function(real, made_up)`: scores (N, 25) and (M, 25) to the discriminator's own loss."""
    return check(function, _critic())


def seen_in_window(points_m: Float[Tensor, "N 3"], crop: Float[Tensor, "3"]) -> Float[Tensor, "N 2"]:
    """The model answer of the exercise on the camera: x = s (X + t), depth left out."""
    return crop[0] * (points_m[:, :2] + crop[1:])


def corrected(
    correct: Callable[[Float[Tensor, "P"]], Float[Tensor, "P"]], start: Float[Tensor, "P"], times: int
) -> Float[Tensor, "P"]:
    """The model answer of the exercise on the loop."""
    numbers = start
    for _ in range(times):
        numbers = numbers + correct(numbers)
    return numbers


def mean_of_seen(xy: Float[Tensor, "K 2"], found: Float[Tensor, "K 3"]) -> Float[Tensor, ""]:
    """The model answer of the exercise on reprojection."""
    seen = found[:, 2] > 0.5
    return (xy - found[:, :2]).abs()[seen].mean()


def _random(seed: int, *shape: int) -> Float[Tensor, "..."]:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


def _window() -> Exercise:
    def answer(points: Tensor, crop: Tensor) -> Tensor:
        return project_to_window(points[None], crop[None], None)[0]

    places = torch.tensor([0.3, 0.2, 2.0])
    return Exercise(
        "shifted by t, then scaled by s, and depth plays no part",
        answer,
        [(0.5 * _random(seed, 6, 3) + places, torch.tensor([0.9, 0.1 * seed, -0.2])) for seed in (1, 2)],
        [
            Mistake(
                "It scales before it shifts: s X + t is ROMP's way. HMR's t is in metres, so it is added "
                "first: s (X + t).",
                lambda p, c: c[0] * p[:, :2] + c[1:],
            ),
            Mistake(
                "It divides by each point's depth, which is perspective. Weak perspective has one scale for "
                "the whole body: s.",
                lambda p, c: c[0] * (p[:, :2] + c[1:]) / p[:, 2:],
            ),
            Mistake(
                "The shift is missing: a body that stands aside in the crop must be seen there.",
                lambda p, c: c[0] * p[:, :2],
            ),
        ],
        "half windows",
        1e-5,
    )


def _feedback() -> Exercise:
    goal = torch.tensor([1.0, -0.5, 2.0])

    def halfway(numbers: Tensor) -> Tensor:
        return 0.5 * (goal - numbers)

    def bent(numbers: Tensor) -> Tensor:
        return 0.3 * torch.tanh(goal - numbers.flip(0))

    def from_the_start(correct: Callable[[Tensor], Tensor], start: Tensor, times: int) -> Tensor:
        numbers = start
        for _ in range(times):
            numbers = start + correct(numbers)
        return numbers

    def replaced(correct: Callable[[Tensor], Tensor], start: Tensor, times: int) -> Tensor:
        numbers = start
        for _ in range(times):
            numbers = correct(numbers)
        return numbers

    return Exercise(
        "each correction is made for the numbers so far, and added to them",
        corrected,
        [(halfway, torch.zeros(3), 3), (bent, torch.tensor([0.4, 0.1, -0.3]), 4), (halfway, goal + 1, 0)],
        [
            Mistake(
                "It asks for a correction of the start, again and again. Each must see the numbers so far.",
                lambda correct, start, times: start + times * correct(start),
            ),
            Mistake(
                "It adds every correction to the start, so only the last one is left: add it to the numbers "
                "so far.",
                from_the_start,
            ),
            Mistake(
                "The network says what to ADD. Your numbers are replaced by the correction.",
                replaced,
            ),
            Mistake(
                "It corrects once too often: start is the answer after zero corrections.",
                lambda correct, start, times: corrected(correct, start, times + 1),
            ),
        ],
        "",
        1e-5,
    )


def _reprojection() -> Exercise:
    def case(seed: int, hidden: int) -> tuple[Tensor, Tensor]:
        xy = 0.4 * _random(seed, LANDMARKS, 2)
        found = torch.cat((xy + 0.1 * _random(seed + 9, LANDMARKS, 2), torch.ones(LANDMARKS, 1)), 1)
        found[:hidden] = torch.tensor([-0.9, 0.9, 0.0])
        return xy, found

    return Exercise(
        "the mean absolute error of x and y, over the landmarks that were seen",
        mean_of_seen,
        [case(1, 3), case(2, 5)],
        [
            Mistake(
                "It counts landmarks that nobody saw: where visibility is 0, the finder only guessed.",
                lambda xy, found: (xy - found[:, :2]).abs().mean(),
            ),
            Mistake(
                "What was not seen must not be in the number that it is divided by either: a person who is "
                "half hidden would seem to be fitted twice as well.",
                lambda xy, found: ((xy - found[:, :2]).abs() * (found[:, 2:] > 0.5)).sum() / (2 * len(xy)),
            ),
            Mistake(
                "It squares the errors (L2). HMR takes absolute values (L1), which a single wrong landmark "
                "does not rule.",
                lambda xy, found: (xy - found[:, :2]).square()[found[:, 2] > 0.5].mean(),
            ),
        ],
        "half windows",
        1e-5,
    )


def _critic() -> Exercise:
    def answer(real: Tensor, made_up: Tensor) -> Tensor:
        return critical(real, made_up)

    cases = [(0.8 + 0.2 * _random(seed, 4, FACTORS), 0.3 * _random(seed + 5, 3, FACTORS)) for seed in (1, 2)]
    return Exercise(
        "1 for what is real, 0 for what is made up: squared, summed over the factors, mean over people",
        answer,
        cases,
        [
            Mistake(
                "It wants 0 for real poses and 1 for made-up ones: the other way round.",
                lambda real, made_up: answer(made_up, real),
            ),
            Mistake(
                "That is what the ENCODER lowers: it wants its inventions to be taken for real. The "
                "discriminator wants 1 for real poses and 0 for made-up ones.",
                lambda real, made_up: (made_up - 1).square().sum(1).mean(),
            ),
            Mistake(
                "It takes the mean over the factors. They are summed, each being a discriminator of its own.",
                lambda real, made_up: answer(real, made_up) / FACTORS,
            ),
            Mistake(
                "The made-up poses are missing: it would learn to call everything real.",
                lambda real, made_up: (real - 1).square().sum(1).mean(),
            ),
        ],
        "",
        1e-4,
    )
