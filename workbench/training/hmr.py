"""How HMR's open preset is trained: its losses, and the discriminator that learns against it.

The network and the discriminator take their steps together, each down its own part of one sum:

    network         reprojection + 3D + adversarial, through a discriminator held still
    discriminator   critical: real poses against the network's, which are held still

so one optimiser serves both, and a training that was killed goes on exactly, as any other. (HMR's code, too,
takes both steps at once; Adam does not mind that the critical loss is written small, and so the clipping of
gradients, which sees both, leaves the network's nearly alone.)

Errors are the last iteration's, as in HMR's released code; the paper means all. So the iterations before it
learn to lead there: with errors of all, the first would do everything and the others nothing.

What is real and what is spoiled, says `real_poses`; Kanazawa et al., "End-to-end Recovery of Human Shape and
Pose", CVPR 2018, have no spoiled poses. Each kind counts once, so that the score is 1/2 where the network's
poses cannot be told from real ones, as in the paper. There the two parts also have learning rates of their
own (1e-5 and 1e-4), and share one here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.func import functional_call

from workbench.body.light import open_light_body
from workbench.methods.hmr import STAGES, OpenHmr
from workbench.networks.guesses import Guess
from workbench.networks.observations import CHANNELS
from workbench.networks.theta import mean_person
from workbench.synth.people import sample_people
from workbench.synth.poses import seeded
from workbench.training.errors import body_errors, landmark_error_pct
from workbench.training.hmr_losses import (
    WEIGHTS,
    Solid,
    adversarial,
    critical,
    reprojection,
    solid,
    unspotted,
)
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
from workbench.training.pictured import CHUNK, CHUNKS, in_colour, with_masks
from workbench.training.real_poses import real_people, spoiled_people

MASKED, COLOURED = 0.25, 0.0625
"""Shares of people with a mask alone, and with mask and colours."""
NO_LANDMARKS = 0.25
"""Share of people with pictures of whom there are no landmarks."""
NO_MASK = 0.5
"""Share of people with colours of whom there is no mask."""
CRITICAL = 0.05
"""What the discriminator's own loss counts; see above."""
VALIDATION_PEOPLE = 2048
SEEN = ("landmarks", "metric", "camera", "mask")
"""Channels at validation."""


@dataclass(frozen=True, eq=False)
class HmrBatch:
    """What is seen and true, and what the discriminator learns from besides: unrelated people."""

    known: KnownPeople
    real: Float[Tensor, "N 23 3 3"]
    real_betas: Float[Tensor, "N 10"]
    spoiled: Float[Tensor, "N 23 3 3"]
    spoiled_betas: Float[Tensor, "N 10"]
    wrong: Float[Tensor, "N 25"]
    """1 for what is spoiled of them, 0 for the rest."""

    def to(self, device: torch.device | str) -> "HmrBatch":
        """The same on another device."""
        moved: dict[str, Any] = {f.name: getattr(self, f.name).to(device) for f in fields(self)}
        return replace(self, **moved)


class HmrTrainee:
    """Preset "open": trained on people of this project's own making."""

    method: ClassVar[str] = "hmr"
    preset = "open"
    metric: ClassVar[str] = "pa_mpjpe_mm"
    data: ClassVar[str] = (
        f"Made-up people of `workbench.synth`: {BANK:,} poses, written by hand, mixed and disturbed (split "
        "train), each time with another heading, shape and camera, and with landmarks as BlazePose's finder "
        f"would report them, if it found them. Masks of {MASKED:.0%} of them; masks and colours of "
        f"{COLOURED:.0%}, who are at most {CHUNK * CHUNKS:,} people seen again and again; no landmarks of "
        f"{NO_LANDMARKS:.0%} of either. "
        f"A straight edge hides a part of {BEHIND_SOMETHING:.0%}. Focal length told for "
        f"{1 - UNKNOWN_FOCAL:.0%}, else the picture's diagonal; metric landmarks missing for "
        f"{NO_METRIC:.0%}, all but COCO's 17 points for {ONLY_COCO:.0%}"
    )
    licence: ClassVar[str] = "Apache-2.0. No photo, scan or motion capture of a person went into them."

    def __init__(
        self,
        bank: int = BANK,
        validation_people: int = VALIDATION_PEOPLE,
        weights: Mapping[str, float] = WEIGHTS,
        channels: Sequence[str] = CHANNELS,
        spoil: bool = True,
        network: Callable[[], OpenHmr] = OpenHmr,
    ):
        """As shipped, unless told otherwise.

        Args:
            bank: number of poses.
            validation_people: number of people.
            weights: of the losses; a loss without weight is not computed.
            channels: all that is ever seen.
            spoil: whether the discriminator sees spoiled poses, too.
            network: makes a fresh one.
        """
        self.bank = bank
        self.validation_people = validation_people
        self.weights = weights
        self.channels = channels
        self.spoil = spoil
        self.network = network

    def model(self) -> nn.Module:
        """A network that starts from the mean pose of made-up people."""
        model = self.network()
        rotations, betas, crop = mean_person()
        rotations[0, 1:] = mean_rotations(self.bank)
        with torch.no_grad():
            model.network.mean.copy_(model.network.layout.vector(rotations, betas, crop)[0])
        return model

    def batch(self, generators: Sequence[torch.Generator], size: int) -> HmrBatch:
        """New people in known poses."""
        blocks = [self._block(generator, size) for generator in generators]
        columns = {f.name: [getattr(block, f.name) for block in blocks] for f in fields(HmrBatch)}
        known = joined(columns.pop("known"))
        rest: dict[str, Any] = {name: torch.cat(column) for name, column in columns.items()}
        return HmrBatch(known, **rest)

    def _block(self, generator: torch.Generator, size: int) -> HmrBatch:
        device = str(generator.device)
        bank = pose_bank(self.bank, device)
        coloured = round(COLOURED * size) if "rgb" in self.channels else 0
        masked = round(MASKED * size) if "mask" in self.channels else 0
        seen = new_people_as_seen(bank, generator, size - coloured)
        known = with_masks(seen, slice(0, masked), generator) if masked else seen.known
        if coloured:
            known = joined([known, _coloured(coloured, generator)])
        known = _without_some(known, generator)
        known = replace(known, observations=known.observations.only(self.channels))
        return HmrBatch(known, *real_people(bank, generator, size), *spoiled_people(bank, generator, size))

    def loss(self, model: nn.Module, batch: Any) -> tuple[Tensor, dict[str, Tensor]]:
        """The last iteration's errors, every iteration's realism, and what the discriminator gets wrong."""
        assert isinstance(model, OpenHmr)
        body = open_light_body(1, str(batch.real.device))
        guesses = model(batch.known.observations, body)[1:]
        terms = self._terms(guesses[-1], batch.known)
        if not self.weights["adversarial"]:
            return self._weighted(terms), terms
        rotations = torch.cat([guess.rotations[:, 1:] for guess in guesses])
        betas = torch.cat([guess.betas for guess in guesses])
        held = {name: value.detach() for name, value in model.discriminator.named_parameters()}
        terms["adversarial"] = adversarial(
            functional_call(model.discriminator, held, (rotations, betas))
        ).mean()
        wrong = self._critical(model.discriminator, rotations.detach(), betas.detach(), batch)
        return self._weighted(terms) + CRITICAL * wrong, terms | {"critical": wrong}

    def _weighted(self, terms: Mapping[str, Tensor]) -> Tensor:
        return torch.stack([self.weights[name] * value for name, value in terms.items()]).sum()

    def _terms(self, guess: Guess, known: KnownPeople) -> dict[str, Tensor]:
        terms = {"reprojection": reprojection(guess.xy, known.xy, known.in_picture.float())}
        if self.weights["joints"]:
            terms |= solid(Solid.of(guess), Solid.true(known))
        return {name: value.mean() for name, value in terms.items()}

    def _critical(
        self, discriminator: nn.Module, rotations: Tensor, betas: Tensor, batch: HmrBatch
    ) -> Tensor:
        """The discriminator's own loss, of all iterations' guesses."""
        real = discriminator(batch.real, batch.real_betas)
        loss = critical(real, discriminator(rotations, betas))
        if self.spoil:
            loss = loss + unspotted(discriminator(batch.spoiled, batch.spoiled_betas), batch.wrong)
        return loss

    def validate(self, model: nn.Module, split: str = "validation") -> dict[str, float]:
        """Errors after the last iteration, and how they fell; focal lengths are not told."""
        assert isinstance(model, OpenHmr)
        seen = tuple(channel for channel in SEEN if channel in self.channels)
        truth = people_to_measure(self.validation_people, split, masks="mask" in seen)
        truth = replace(truth, observations=truth.observations.only(seen))
        found = errors_by_iteration(model, truth, STAGES)
        before = {f"{self.metric} after {k}": each[self.metric] for k, each in enumerate(found[:-1])}
        return found[-1] | before


def people_to_measure(n: int, split: str, masks: bool = True) -> KnownPeople:
    """Those of n people whom the finder finds; the same each time."""
    generator = seeded(0, split)  # pyright: ignore[reportArgumentType]
    people = sample_people(n, 0, split)  # pyright: ignore[reportArgumentType]
    seen = people_as_seen(people, generator, for_training=False)
    return with_masks(seen, slice(None), generator) if masks else seen.known


@torch.no_grad()
def errors_by_iteration(model: OpenHmr, truth: KnownPeople, iterations: int) -> list[dict[str, float]]:
    """Errors of the mean body and after each iteration."""
    device = model.network.mean.device
    truth = truth.to(device)
    guesses = model(truth.observations, open_light_body(1, str(device)), iterations)
    return [
        body_errors(guess.rotations, guess.betas, truth)
        | {"reprojection_pct": landmark_error_pct(guess.xy, truth)}
        for guess in guesses
    ]


def _coloured(count: int, generator: torch.Generator) -> KnownPeople:
    """Some of one chunk."""
    device = generator.device
    chunk = int(torch.randint(CHUNKS, (), generator=generator, device=device))
    known = in_colour(chunk)
    rows = torch.randint(len(known), (count,), generator=generator, device=device)
    return known.rows(rows.cpu()).to(device)


def _without_some(known: KnownPeople, generator: torch.Generator) -> KnownPeople:
    """Landmarks taken from some who have pictures, and masks from some who have colours."""
    seen = known.observations
    lost = torch.rand(2, len(known), generator=generator, device=generator.device)
    no_landmarks = (lost[0] < NO_LANDMARKS) & (seen.has("mask") | seen.has("rgb"))
    no_mask = (lost[1] < NO_MASK) & seen.has("rgb")
    gone = {"landmarks": no_landmarks, "metric": no_landmarks, "mask": no_mask}
    present = torch.stack([seen.has(name) & ~gone.get(name, no_mask & False) for name in CHANNELS], 1)
    return replace(known, observations=replace(seen, present=present))
