"""What HMR is judged by (Kanazawa et al., CVPR 2018): pure functions, a number per person.

    reprojection   landmarks in the picture, L1                        eq. 2
    solid          rotations, joints and betas, where 3D is known      eq. 3
    adversarial    25 scores of realism, least squares                 eq. 5; the discriminator's own is eq. 6

The paper has these with its own units; WEIGHTS are for ours. Landmarks are compared in the window, where
people whose camera facts are given are seen in the photo's perspective, and others in the paper's weak
perspective; with the true ones, hidden or not, where the paper has annotations.
"""

from collections.abc import Mapping
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.networks.guesses import Guess
from workbench.training.made_up import KnownPeople

WEIGHTS: Mapping[str, float] = {
    "reprojection": 10.0,
    "rotations": 1.0,
    "joints": 10.0,
    "betas": 0.05,
    "adversarial": 0.05,
}
FARTHEST = 1.0
"""Half windows: what is farther off counts no more, or few would rule all; nor has it a gradient."""


class Solid(NamedTuple):
    """A body in 3D."""

    rotations: Float[Tensor, "N 24 3 3"]
    betas: Float[Tensor, "N 10"]
    points_m: Float[Tensor, "N P 3"]
    """Joints, then landmarks, about the pelvis; camera axes."""

    @classmethod
    def of(cls, guess: Guess) -> "Solid":
        """Of a guess."""
        points = torch.cat((guess.joints_m, guess.landmarks_m), 1)
        return cls(guess.rotations, guess.betas, points - guess.joints_m[:, :1])

    @classmethod
    def true(cls, known: KnownPeople) -> "Solid":
        """Of people with known answers."""
        return cls(known.rotations, known.betas, known.points_m)


def reprojection(
    xy: Float[Tensor, "N K 2"], true_xy: Float[Tensor, "N K 2"], counted: Float[Tensor, "N K"]
) -> Float[Tensor, "N"]:
    """Mean distance (L1) in half windows of the landmarks that count; 0 for people with none.

    Args:
        xy, true_xy: in the window, -1 to 1.
        counted: 0 to 1; which of them the picture shows.
    """
    off = (xy - true_xy).abs().clamp_max(FARTHEST).mean(-1)
    return (off * counted).sum(-1) / counted.sum(-1).clamp_min(1.0)


def solid(guess: Solid, truth: Solid) -> dict[str, Float[Tensor, "N"]]:
    """Errors of rotations (squared, mean over joints), points (mean distance, m) and betas (mean square)."""
    return {
        "rotations": (guess.rotations - truth.rotations).square().sum((-1, -2, -3)) / 24,
        "joints": (guess.points_m - truth.points_m).norm(dim=-1).mean(-1),
        "betas": (guess.betas - truth.betas).square().mean(-1),
    }


def adversarial(scores: Float[Tensor, "N F"]) -> Float[Tensor, "N"]:
    """How far what is made up is from being taken for real, over all factors."""
    return (scores - 1).square().sum(-1)


def critical(real: Float[Tensor, "N F"], made_up: Float[Tensor, "M F"]) -> Float[Tensor, ""]:
    """The discriminator's own loss, of its scores: 1 for what is real, 0 for what is made up."""
    return (real - 1).square().sum(-1).mean() + made_up.square().sum(-1).mean()


def unspotted(scores: Float[Tensor, "N F"], wrong: Float[Tensor, "N F"]) -> Float[Tensor, ""]:
    """The same of spoiled poses: 0 for the factors that are known to be wrong; the others teach nothing.

    Args:
        scores: of the discriminator.
        wrong: 0 to 1; which factors are.
    """
    return (scores.square() * wrong).sum(-1).mean()
