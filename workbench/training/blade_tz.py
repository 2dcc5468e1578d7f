"""How BLADE's first stage is trained: how far away the pelvis of a made-up person is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.evaluation.camera_metrics import e_inv_tz, e_tz_m
from workbench.networks.observations import Observations
from workbench.networks.tz_open import READS, OpenTz
from workbench.training.close_people import ALL, CLOSE, MASKED, ClosePeople, draw, to_measure
from workbench.training.made_up import BANK, BEHIND_SOMETHING, NO_METRIC, ONLY_COCO, joined

VALIDATION_PEOPLE = 2048


@dataclass(frozen=True, eq=False)
class TzBatch:
    """What is seen, and how far away it is."""

    observations: Observations
    tz_m: Float[Tensor, "N"]
    """Of the pelvis."""

    def to(self, device: torch.device | str) -> "TzBatch":
        """The same on another device."""
        return TzBatch(self.observations.to(device), self.tz_m.to(device))


class BladeTzTrainee:
    """Preset "open": trained on people of this project's own making."""

    method: ClassVar[str] = "blade_tz"
    preset = "open"
    metric: ClassVar[str] = "e_inv_tz"
    data: ClassVar[str] = (
        f"Made-up people of `workbench.synth`: {BANK:,} poses, written by hand, mixed and disturbed (split "
        "train), each time with another heading, shape and camera, and with landmarks as BlazePose's finder "
        f"would report them, if it found them. Half of them {CLOSE.tz_m[0]:g} to {CLOSE.tz_m[1]:g} m away "
        f"through lenses of {CLOSE.lens_mm[0]:.0f} to {CLOSE.lens_mm[1]:.0f} mm, half {ALL.tz_m[0]:g} to "
        f"{ALL.tz_m[1]:g} m ({ALL.lens_mm[0]:.0f} to {ALL.lens_mm[1]:.0f} mm). Masks of {MASKED:.0%}; a "
        f"straight edge hides a part of {BEHIND_SOMETHING:.0%}; metric landmarks missing for "
        f"{NO_METRIC:.0%}, all but COCO's 17 points for {ONLY_COCO:.0%}. The focal length is never told. "
        f"Validation: people of the first half, with masks"
    )
    licence: ClassVar[str] = "Apache-2.0. No photo, scan or motion capture of a person went into them."

    def __init__(self, bank: int = BANK, validation_people: int = VALIDATION_PEOPLE):
        self.bank = bank
        self.validation_people = validation_people

    def model(self) -> nn.Module:
        """A fresh network."""
        return OpenTz()

    def batch(self, generators: Sequence[torch.Generator], size: int) -> TzBatch:
        """New people in known poses."""
        blocks = [draw(self.bank, generator, size) for generator in generators]
        tz = torch.cat([block.people.pelvis_camera_m[:, 2] for block in blocks])
        return TzBatch(joined([block.known for block in blocks]).observations, tz)

    def loss(self, model: nn.Module, batch: Any) -> tuple[Tensor, dict[str, Tensor]]:
        """The paper's: the error as a share of the truth."""
        off = ((model(batch.observations) - batch.tz_m).abs() / batch.tz_m).mean()
        return off, {"relative": off}

    def validate(self, model: nn.Module, split: str = "validation") -> dict[str, float]:
        """Errors of people near the camera."""
        device = next(model.parameters()).device
        return tz_errors(model, to_measure(self.validation_people, split), READS, str(device))


@torch.no_grad()
def tz_errors(
    model: nn.Module, truth: ClosePeople, channels: Sequence[str] = READS, device: str = "cpu"
) -> dict[str, float]:
    """E_Tz and E_1/Tz with only some of the channels.

    Args:
        model: an `OpenTz`.
        truth: people to be measured on.
        channels: that it may look at.
        device: where the model is.
    """
    true = truth.people.pelvis_camera_m
    found = true.clone()
    found[:, 2] = model(truth.known.observations.only(channels).to(device)).cpu()
    return {
        "e_inv_tz": float(e_inv_tz(found, true).mean()),
        "e_tz_m": float(e_tz_m(found, true).mean()),
        "relative": float(((found - true)[:, 2].abs() / true[:, 2]).mean()),
    }
