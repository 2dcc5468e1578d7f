"""How errors of one person go together: scores of landmarks, limbs that went astray included.

Most errors tremble about the truth, and of those a person's or a limb's are a little alike. But now and then
a finder takes a whole limb, or all limbs at once, elsewhere: then all its landmarks are far off together. So
a score is a sum of normal parts, and those of a limb gone astray grow by one exponential number besides. The
sum, an exponentially modified Gaussian, is brought back to a normal score by its distribution function.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body.joints import BLAZEPOSE
from workbench.synth.noise_model import LIMB_OF, LIMBS, Stray

SURE = 1e-6
"""Scores stay within what is expected once in a million."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Random numbers of N people, before anything is known of how they go together."""

    normal: Float[Tensor, "N R C"]
    """Of the person, of each limb, of each landmark; C channels."""
    uniform: Float[Tensor, "N L 2"]
    """Of the person and of each limb: whether it goes astray, and how far."""

    @classmethod
    def of(cls, n: int, channels: int, generator: torch.Generator) -> "Draws":
        """New ones on the generator's device."""
        limbs, device = 1 + len(LIMBS), generator.device
        normal = torch.randn(n, limbs + len(BLAZEPOSE), channels, generator=generator, device=device)
        return cls(normal, torch.rand(n, limbs, 2, generator=generator, device=device))

    def scores(self, shares: Float[Tensor, "C 2"]) -> Float[Tensor, "N 33 C"]:
        """Normal scores of which a person, and a limb, has a share of the variance in common."""
        weights = torch.cat((shares, 1 - shares.sum(1, keepdim=True)), 1).clamp_min(0).sqrt()
        person, limbs, own = self.normal.split((1, len(LIMBS), len(BLAZEPOSE)), 1)
        return weights[:, 0] * person + weights[:, 1] * limbs[:, LIMB_OF] + weights[:, 2] * own

    def astray(self, scores: Float[Tensor, "N 33"], stray: Stray) -> Float[Tensor, "N 33"]:
        """The same, and landmarks of limbs gone astray have large ones; normal scores again."""
        if stray.size == 0:
            return scores
        gone = self.uniform[..., 0] < self.uniform.new_tensor([stray.people] + [stray.limbs] * len(LIMBS))
        far = -stray.size * torch.log1p(-self.uniform[..., 1])
        far = torch.where(gone[:, :1], far[:, :1], torch.where(gone, far, 0.0)[:, 1:])  # (N, L)
        return normal_score(scores + far[:, LIMB_OF], stray)


def normal_score(value: Float[Tensor, "..."], stray: Stray) -> Float[Tensor, "..."]:
    """The normal score of a normal number to which an exponential one was added at times."""
    share = stray.people + (1 - stray.people) * stray.limbs
    below = 1 / stray.size
    tail = (0.5 * below**2 - below * value + torch.special.log_ndtr(value - below)).exp()
    return torch.special.ndtri((torch.special.ndtr(value) - share * tail).clamp(SURE, 1 - SURE))
