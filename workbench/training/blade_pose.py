"""How BLADE's second stage is trained: the landmark regressor and a copy of it that is told Tz."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.body.light import open_light_body
from workbench.networks.guesses import Guess
from workbench.networks.landmark_regressor import WEIGHTS as BASE
from workbench.networks.landmark_regressor import LandmarkRegressor, load_network
from workbench.networks.tz_conditioned import TzPose
from workbench.synth.poses import seeded
from workbench.training.close_people import ALL, CLOSE, ClosePeople, draw, to_measure
from workbench.training.errors import body_errors, landmark_error_pct
from workbench.training.landmark_regressor import STAGE_WEIGHTS, terms_of
from workbench.training.landmark_regressor import WEIGHTS as REGRESSOR_WEIGHTS
from workbench.training.made_up import BANK, BEHIND_SOMETHING, NO_METRIC, ONLY_COCO, KnownPeople, joined
from workbench.weights import find, load_state_dict

WEIGHTS = {**REGRESSOR_WEIGHTS, "vertices": 10.0}
VERTICES = 128
"""Of the body, that are compared in training."""
MEASURED_VERTICES = 512
TZ_NOISE = 0.2
"""Standard deviation of log Tz as it is told: what the first stage is off by."""
VALIDATION_PEOPLE = 2048


@dataclass(frozen=True, eq=False)
class PoseBatch:
    """People, and how far away they are said to be."""

    known: KnownPeople
    tz_m: Float[Tensor, "N"]
    """Of the pelvis, with errors."""

    def to(self, device: torch.device | str) -> "PoseBatch":
        """The same on another device."""
        return PoseBatch(self.known.to(device), self.tz_m.to(device))


class BladePoseTrainee:
    """Preset "open": trained on people of this project's own making."""

    method: ClassVar[str] = "blade_pose"
    preset = "open"
    metric: ClassVar[str] = "pve_mm"
    data: ClassVar[str] = (
        f"Made-up people of `workbench.synth`: {BANK:,} poses, written by hand, mixed and disturbed (split "
        "train), each time with another heading, shape and camera, and with landmarks as BlazePose's finder "
        f"would report them, if it found them. Half of them {CLOSE.tz_m[0]:g} to {CLOSE.tz_m[1]:g} m away, "
        f"half {ALL.tz_m[0]:g} to {ALL.tz_m[1]:g} m. A straight edge hides a part of {BEHIND_SOMETHING:.0%}; "
        f"metric landmarks missing for {NO_METRIC:.0%}, all but COCO's 17 points for {ONLY_COCO:.0%}. The "
        f"focal length is never told; Tz is, with errors of {TZ_NOISE:.0%}. Validation: people of the first "
        "half. The network begins as the landmark regressor of this project, which stays frozen beside it"
    )
    licence: ClassVar[str] = "Apache-2.0. No photo, scan or motion capture of a person went into them."

    def __init__(self, bank: int = BANK, validation_people: int = VALIDATION_PEOPLE, with_tz: bool = True):
        """As shipped, unless told otherwise.

        Args:
            bank: number of poses.
            validation_people: number of people.
            with_tz: False for the twin that is not told Tz.
        """
        self.bank = bank
        self.validation_people = validation_people
        self.with_tz = with_tz

    def model(self) -> nn.Module:
        """A network that answers as the landmark regressor does."""
        return TzPose(frozen_base("cpu"), self.with_tz)

    def batch(self, generators: Sequence[torch.Generator], size: int) -> PoseBatch:
        """New people in known poses."""
        blocks = [draw(self.bank, generator, size, masked=0.0) for generator in generators]
        told = [_told_tz(block, generator) for block, generator in zip(blocks, generators, strict=True)]
        return PoseBatch(joined([block.known for block in blocks]), torch.cat(told))

    def loss(self, model: nn.Module, batch: Any) -> tuple[Tensor, dict[str, Tensor]]:
        """The weighted sum over all guesses, and the last guess's terms."""
        known, device = batch.known, str(batch.tz_m.device)
        body = open_light_body(VERTICES, device)
        guesses = model(frozen_base(device), known.observations, body, batch.tz_m)[1:]
        with torch.no_grad():
            true = about_pelvis(known.rotations, known.betas, VERTICES)
        terms = [
            terms_of(g, known)
            | {"vertices": (about_pelvis(g.rotations, g.betas, VERTICES) - true).norm(dim=-1).mean()}
            for g in guesses
        ]
        totals = [sum(WEIGHTS[name] * value for name, value in each.items()) for each in terms]
        total = sum(w * t for w, t in zip(STAGE_WEIGHTS, totals, strict=True)) / sum(STAGE_WEIGHTS)
        assert isinstance(total, Tensor)
        return total, terms[-1]

    @torch.no_grad()
    def validate(self, model: nn.Module, split: str = "validation") -> dict[str, float]:
        """Errors of people near the camera; Tz is told with errors, always the same ones."""
        device = str(next(model.parameters()).device)
        truth = to_measure(self.validation_people, split, masks=False)
        tz_m = _told_tz(truth, seeded(1, split)).to(device)  # pyright: ignore[reportArgumentType]
        known = truth.known.to(device)
        guess: Guess = model(frozen_base(device), known.observations, open_light_body(1, device), tz_m)[-1]
        return pose_errors(guess, known)


def pose_errors(guess: Guess, truth: KnownPeople) -> dict[str, float]:
    """PVE with the pelves in one place, errors of 14 joints, and of the landmarks in the window."""
    pairs = ((guess.rotations, guess.betas), (truth.rotations, truth.betas))
    found, true = (about_pelvis(*each, MEASURED_VERTICES) for each in pairs)
    pve = {"pve_mm": float(1000 * (found - true).norm(dim=-1).mean())}
    errors = body_errors(guess.rotations, guess.betas, truth)
    return pve | errors | {"landmarks_2d_pct": landmark_error_pct(guess.xy, truth)}


def about_pelvis(
    rotations: Float[Tensor, "N 24 3 3"], betas: Float[Tensor, "N 10"], vertices: int
) -> Float[Tensor, "N V 3"]:
    """Vertices spread over bodies, about their pelves; camera axes."""
    with torch.autocast(betas.device.type, enabled=False):
        mesh = open_light_body(vertices, str(betas.device))(betas, rotations)
    return mesh.vertices_m - mesh.joints_m[:, :1]


@lru_cache(maxsize=2)
def frozen_base(device: str) -> LandmarkRegressor:
    """The landmark regressor with the weights of this project; never changed."""
    network = load_network(load_state_dict(find(BASE)))
    return network.to(device).eval().requires_grad_(False)


def _told_tz(drawn: ClosePeople, generator: torch.Generator) -> Float[Tensor, "N"]:
    tz_m = drawn.people.pelvis_camera_m[:, 2]
    off = torch.randn(len(tz_m), generator=generator, device=generator.device)
    return tz_m * (TZ_NOISE * off).exp()
