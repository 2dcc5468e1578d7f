"""How far errors of one person go together, told by how often two landmarks are both among the worst."""

from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from scipy.optimize import minimize
from torch import Tensor

from workbench.synth.noise_model import LIMB_OF, Stray
from workbench.synth.stray import Draws

LOWER, UPPER = (0.1, 0.3), (0.5, 0.7, 0.8, 0.9, 0.95, 0.975)
"""Shares of landmarks that err less: below the first, above the second, pairs are counted."""
PEOPLE = 2000
"""Made up for each guess."""
GUESSES = 150
"""The search ends after so many, whether it has settled or not."""
START = (-1.0, -0.5, -2.0, -2.0, -0.5)
"""Five numbers whose sigmoids are the law's, see `_law`."""
MOST_SIZE = 5.0


class Together(NamedTuple):
    """What errors of one person have in common."""

    shares: tuple[float, float]
    """Of the variance of scores: of a person, and of a limb beyond."""
    stray: Stray


def fit_together(ranks: Float[Tensor, "N 33"]) -> Together:
    """A law whose people have about as many pairs of bad, and of good, landmarks as are seen.

    The search is bounded and different laws have nearly the same pairs: it is a good law, not the best. How
    good, `python -m workbench.synth noise` reports: each person's mean error beside the model's.

    Args:
        ranks: normal scores of errors; NaN where there is none.
    """
    seen = pairs(ranks)
    draws = Draws.of(PEOPLE, 1, torch.Generator().manual_seed(0))

    def apart(place: Float[np.ndarray, "5"]) -> float:
        law = _law(*torch.as_tensor(place).sigmoid().tolist())
        made = draws.astray(draws.scores(ranks.new_tensor([law.shares]))[..., 0], law.stray)
        return float((pairs(made) - seen).square().sum())

    best = minimize(apart, START, method="Nelder-Mead", options={"maxfev": GUESSES})
    return _law(*torch.as_tensor(best.x).sigmoid().tolist())


def _law(person: float, limb: float, people: float, limbs: float, size: float) -> Together:
    """From five numbers between 0 and 1."""
    return Together((person, (1 - person) * limb), Stray(people, limbs, MOST_SIZE * size))


def pairs(ranks: Float[Tensor, "N 33"]) -> Float[Tensor, "2 8"]:
    """How often a landmark is beyond a level if another one is: of the same limb, and of another limb."""
    limb = torch.tensor(LIMB_OF)
    alike = limb[:, None] == limb
    same, other = alike & ~torch.eye(len(limb), dtype=torch.bool), ~alike
    there = ranks.isfinite()
    levels = torch.special.ndtri(torch.tensor(LOWER + UPPER))
    rows = []
    for place, level in enumerate(levels):
        beyond = ((ranks < level if place < len(LOWER) else ranks > level) & there).float()
        both, one = beyond.T @ beyond, beyond.T @ there.float()
        rows.append(torch.stack([both[kind].sum() / one[kind].sum().clamp_min(1) for kind in (same, other)]))
    return torch.stack(rows, 1)
