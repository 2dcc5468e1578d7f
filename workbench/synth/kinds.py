"""What scenes of one kind have in common."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import torch

from workbench.synth.cameras import Views
from workbench.synth.poses import Split

HEAD_COUNTS = (0.5, 0.22, 0.11, 0.06, 0.04, 0.03, 0.02, 0.02)


@dataclass(frozen=True)
class SceneKind:
    """What scenes of one kind have in common."""

    name: str
    split: Split = "train"
    views: Views = field(default_factory=Views)
    people: tuple[float, ...] = HEAD_COUNTS
    """How often there are 1, 2, 3, ... people; fewer where there is no room."""
    occluder_share: float = 0.2
    """How often a thing stands before the first person."""
    hidden: tuple[float, float] = (0.05, 0.6)
    """Share of the first person that such a thing hides."""
    depth_sensor: bool = False
    """Whether a depth camera looks on, too."""


Purpose = Literal["stage", "landmarks", "sensor"]


def generator_for(seed: int, kind: str, purpose: Purpose) -> torch.Generator:
    """Random numbers for one purpose in one scene, whatever else was drawn before."""
    numbers = (seed, *kind.encode(), *purpose.encode())
    state = np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state >> np.uint64(1)))
