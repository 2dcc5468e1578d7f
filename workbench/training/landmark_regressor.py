"""How the landmark regressor is trained: on made-up people whom a finder has seen."""

from collections.abc import Sequence
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from workbench.body.light import open_light_body
from workbench.geometry.rotations import sixd_from_matrix
from workbench.networks.guesses import Guess
from workbench.networks.landmark_regressor import POSE, LandmarkRegressor
from workbench.synth.people import sample_people
from workbench.synth.poses import seeded
from workbench.training.errors import body_errors, landmark_error_pct
from workbench.training.made_up import (
    BANK,
    BEHIND_SOMETHING,
    NO_METRIC,
    ONLY_COCO,
    UNKNOWN_FOCAL,
    KnownPeople,
    joined,
    mean_rotations,
    new_people_as_seen,
    people_as_seen,
    pose_bank,
)

STAGE_WEIGHTS = (0.25, 0.5, 1.0)
"""Of the guesses, the last one counting most."""
WEIGHTS = {"rotations": 1.0, "joints": 10.0, "picture": 5.0, "betas": 0.05}
OUTSIDE = 0.2
"""What a landmark outside the picture counts in "picture"."""
VALIDATION_PEOPLE = 2048


class RegressorTrainee:
    """Preset "open": trained on people of this project's own making."""

    method: ClassVar[str] = "regressor"
    preset = "open"
    metric: ClassVar[str] = "pa_mpjpe_mm"
    data: ClassVar[str] = (
        f"Made-up people of `workbench.synth`: {BANK:,} poses, written by hand, mixed and disturbed (split "
        "train), each time with another heading, shape and camera, and with landmarks as BlazePose's finder "
        "would report them, if it found them. No pictures. "
        f"A straight edge hides a part of {BEHIND_SOMETHING:.0%} of them. Focal length told for "
        f"{1 - UNKNOWN_FOCAL:.0%} of them, else the picture's diagonal; metric landmarks missing for "
        f"{NO_METRIC:.0%}, all but COCO's 17 points for {ONLY_COCO:.0%}"
    )
    licence: ClassVar[str] = "Apache-2.0. No photo, scan or motion capture of a person went into them."

    def __init__(self, bank: int = BANK, validation_people: int = VALIDATION_PEOPLE):
        self.bank = bank
        self.validation_people = validation_people

    def model(self) -> nn.Module:
        """A network that starts from the mean pose of made-up people."""
        network = LandmarkRegressor()
        network.mean[6:POSE] = sixd_from_matrix(mean_rotations(self.bank)).flatten()
        return network

    def batch(self, generators: Sequence[torch.Generator], size: int) -> KnownPeople:
        """New people in known poses."""
        bank = pose_bank(self.bank, str(generators[0].device))
        return joined([new_people_as_seen(bank, generator, size).known for generator in generators])

    def loss(self, model: nn.Module, batch: Any) -> tuple[Tensor, dict[str, Tensor]]:
        """The weighted sum over all guesses, and the last guess's terms."""
        guesses = model(batch.observations, open_light_body(1, str(batch.betas.device)))[1:]
        terms = [terms_of(guess, batch) for guess in guesses]
        totals = [sum(WEIGHTS[name] * value for name, value in each.items()) for each in terms]
        total = sum(w * t for w, t in zip(STAGE_WEIGHTS, totals, strict=True)) / sum(STAGE_WEIGHTS)
        assert isinstance(total, Tensor)
        return total, terms[-1]

    def validate(self, model: nn.Module, split: str = "validation") -> dict[str, float]:
        """Errors of 14 joints, and of the landmarks in the window; focal lengths are not told."""
        device = next(model.parameters()).device
        generator = seeded(0, split)  # pyright: ignore[reportArgumentType]
        people = sample_people(self.validation_people, 0, split)  # pyright: ignore[reportArgumentType]
        truth = people_as_seen(people, generator, for_training=False).known.to(device)
        with torch.no_grad():
            guess: Guess = model(truth.observations, open_light_body(1, str(device)))[-1]
        errors = body_errors(guess.rotations, guess.betas, truth)
        return errors | {"landmarks_2d_pct": landmark_error_pct(guess.xy, truth)}


def terms_of(guess: Guess, batch: KnownPeople) -> dict[str, Tensor]:
    """What one guess is judged by; WEIGHTS says how much each counts."""
    points = torch.cat((guess.joints_m, guess.landmarks_m), 1) - guess.joints_m[:, :1]
    off = (guess.xy - batch.xy).abs().clamp_max(1.0).mean(-1)  # what is far outside must not rule
    return {
        "rotations": (guess.rotations - batch.rotations).square().sum((-1, -2)).mean(),
        "joints": (points - batch.points_m).norm(dim=-1).mean(),
        "picture": (off * torch.where(batch.in_picture, 1.0, OUTSIDE)).mean(),
        "betas": (guess.betas - batch.betas).square().mean(),
    }
