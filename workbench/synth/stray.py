"""How errors of one person go together: scores of landmarks, large ones above all.

Small errors of a person or of a limb are a little alike. Large ones are more so: a finder that takes a hand
for something elsewhere takes the elbow along, while sums of normal parts go together less the larger they
are. So all scores of some limbs, or of all limbs of a person, grow by one exponential number besides; these
limbs are called astray here. The sum, an exponentially modified Gaussian, is brought back to a normal score
by its distribution function: no landmark by itself errs more.

The exponential part is latent; what is fitted is how landmarks err together. So its shares say how far large
errors go together, not how often a limb is seen elsewhere: as fitted to BlazePose, half of all limbs have it.
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
    """Of the person and of each limb: whether an exponential number is added, and how large it is."""

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
        """The same, and those of limbs gone astray are larger together; normal scores again."""
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
