"""Limbs gone astray change what goes together, and nothing about any landmark alone."""

import pytest
import torch

from workbench.synth.fit_stray import LOWER, START, Together, _law, fit_together, pairs
from workbench.synth.noise_model import Stray
from workbench.synth.stray import Draws, normal_score

SHARES = torch.tensor([[0.2, 0.35]])
GONE = Stray(0.1, 0.15, 2.0)


def made_by(law: Together, people: int, seed: int) -> torch.Tensor:
    """Normal scores that go together as the law says."""
    draws = Draws.of(people, 1, torch.Generator().manual_seed(seed))
    return draws.astray(draws.scores(torch.tensor([law.shares]))[..., 0], law.stray)


@pytest.fixture(scope="module")
def draws() -> Draws:
    return Draws.of(4000, 1, torch.Generator().manual_seed(3))


@pytest.fixture(scope="module")
def scores(draws: Draws) -> torch.Tensor:
    return draws.scores(SHARES)[..., 0]


def test_every_landmark_keeps_its_normal_score(draws: Draws, scores: torch.Tensor) -> None:
    shares = torch.tensor([0.05, 0.25, 0.5, 0.75, 0.95, 0.99])
    for stray in (Stray(0.0, 0.0, 0.0), GONE, Stray(0.3, 0.0, 5.0)):
        found = draws.astray(scores, stray).flatten().quantile(shares)
        torch.testing.assert_close(torch.special.ndtr(found), shares, rtol=0, atol=0.02)


def test_the_worst_landmarks_of_a_limb_go_together(draws: Draws, scores: torch.Tensor) -> None:
    without, astray = pairs(scores), pairs(draws.astray(scores, GONE))
    tail = slice(len(LOWER) + 3, None)  # of the worst tenth on
    assert (astray[:, tail] > without[:, tail] + 0.1).all()
    assert (astray[0] > astray[1]).all()  # within a limb more than across


def test_a_larger_number_is_a_larger_score() -> None:
    value = torch.linspace(-4, 12, 400, dtype=torch.float64)
    for stray in (GONE, Stray(0.02, 0.0, 0.3), Stray(0.5, 0.5, 5.0)):
        assert (normal_score(value, stray).diff() >= 0).all()
    torch.testing.assert_close(normal_score(value, Stray(0.0, 0.0, 1.0))[:200], value[:200])


@pytest.mark.parametrize(
    "law", [Together((0.1, 0.35), Stray(0.2, 0.4, 1.6)), Together((0.15, 0.3), Stray(0.03, 0.3, 3.0))]
)
def test_the_law_of_made_up_scores_is_found_again(law: Together) -> None:
    """By the pairs of other people: shares of the variance trade against one another."""
    ranks = made_by(law, people=4000, seed=3)
    ranks[:, ::7] = torch.nan  # not every landmark tells
    again, wanted = fit_together(ranks), pairs(made_by(law, people=20000, seed=5))
    start = _law(*torch.tensor(START).sigmoid().tolist())
    fitted, unfitted = ((pairs(made_by(each, 20000, 6)) - wanted).abs().max() for each in (again, start))
    assert fitted < 0.06 and fitted < 0.4 * unfitted
    assert (
        abs(again.stray.people - law.stray.people) < 0.06 and abs(again.stray.limbs - law.stray.limbs) < 0.08
    )
    assert again.stray.size == pytest.approx(law.stray.size, rel=0.2)
