"""Who is found at all: the log odds are a weighted sum of how large and how plainly somebody is seen.

Found means that the finder reports a box which overlaps the person's with an IoU of 0.4 or more (found.py).
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.body.joints import BLAZEPOSE
from workbench.synth.noise_model import HIDDEN, OUTSIDE, SIGNS
from workbench.synth.people import People
from workbench.synth.seen import SeenByFinder

SHOULDERS, HIPS = (
    [BLAZEPOSE.index(f"{side}_{joint}") for side in ("left", "right")] for joint in ("shoulder", "hip")
)
SMALLEST = 0.01
"""Of the picture's diagonal; whoever is smaller is taken to be as small as this."""
RIDGE = 0.1
"""Weight of a guess that no sign matters, in cases; it keeps the answer finite when a sign tells all."""
STEPS = 50


def chance_found(scene: SeenByFinder, people: People, weights: tuple[float, ...]) -> Float[Tensor, "N"]:
    """The probability that a finder finds each person.

    Args:
        scene: what the finder sees of them.
        people: who they are.
        weights: as in `NoiseModel.found`.
    """
    return torch.sigmoid(signs_of(scene, people) @ scene.xy.new_tensor(weights))


def signs_of(scene: SeenByFinder, people: People) -> Float[Tensor, "N S"]:
    """What being found depends on, in the order of `SIGNS`."""
    size = scene.size_px / people.size_hw.to(scene.xy).norm(dim=1)
    up = scene.xy[:, HIPS].mean(1) - scene.xy[:, SHOULDERS].mean(1)
    signs = (
        torch.ones_like(size),
        size.clamp_min(SMALLEST).log(),
        (scene.state == OUTSIDE).float().mean(1),
        (scene.state == HIDDEN).float().mean(1),
        up[:, 1] / up.norm(dim=1).clamp_min(1e-6),
        1 / scene.hips_m[:, 2].clamp_min(0.2),
    )
    assert len(signs) == len(SIGNS)
    return torch.stack(signs, 1)


def fit_found(signs: Float[Tensor, "N S"], found: Bool[Tensor, "N"]) -> tuple[float, ...]:
    """Logistic regression by Newton's method.

    Args:
        signs: of everybody who was shown; the first column is 1.
        found: who of them was found.
    """
    x, y = signs.double(), found.double()
    middle, spread = x[:, 1:].mean(0), x[:, 1:].std(0).clamp_min(1e-6)
    x = torch.cat((x[:, :1], (x[:, 1:] - middle) / spread), 1)
    hold = RIDGE * torch.eye(x.shape[1], dtype=x.dtype)
    weights = torch.zeros(x.shape[1], dtype=x.dtype)
    for _ in range(STEPS):
        chance = torch.sigmoid(x @ weights)
        slope = x.T @ (y - chance) - hold @ weights
        bend = (x * (chance * (1 - chance))[:, None]).T @ x + hold
        weights = weights + torch.linalg.solve(bend, slope)
    own = weights[1:] / spread
    return float(weights[0] - own @ middle), *own.tolist()
