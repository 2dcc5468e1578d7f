"""HMR: from an image to a body by iterative error feedback (Kanazawa et al., CVPR 2018).

    features  = encoder(what is seen)
    theta_0   = the mean person                        camera 3, pose 72, betas 10: 85 numbers
    theta_k+1 = theta_k + correction(features, theta_k)                      three times, the same weights
    x         = s (X + t)                              how theta's body is seen: weak perspective in the crop

and an adversarial prior: a discriminator scores each joint's rotation, the whole pose and the shape, so that
a network that is trained on 2D points alone does not answer with monsters.

Two presets share this loop. "open" reads landmarks and outline (networks/observation_encoder.py) and was
trained by this project on made-up people: training/hmr.py. "paper" reads a crop of 224 x 224 with ResNet-50;
its weights are SPIN's (Kolotouros et al., ICCV 2019), which the user supplies together with SMPL.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.body import BodyModel, load_body
from workbench.body.light import LightBody
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.method import CHANNELS, MethodInfo, Progress
from workbench.networks.discriminator import Discriminator
from workbench.networks.feedback import Correction
from workbench.networks.guesses import Guess, guess_in_window
from workbench.networks.observation_encoder import PICTURES, EncoderSettings, ObservationEncoder
from workbench.networks.observations import Observations, observe_people
from workbench.networks.theta import HMR, Layout, Parts, mean_person
from workbench.networks.traces import recoveries, window_step
from workbench.recovery import Recovery, Step
from workbench.weights import WeightFile, WeightsUnreadable, find, load_state_dict

STAGES = 3
MOST_STAGES = 50
READS: tuple[str, ...] = ("landmarks", "metric", "camera", "mask", "rgb")
"""Channels that the open preset can read; each may be absent."""
OPEN_ENCODER = EncoderSettings(channels=READS, planes=(16, 32, 64, 64))
OPEN_LAYOUT = HMR
OPEN_HIDDEN, OPEN_PRIOR = 1024, 256
"""Widths of the open preset's correction and of its discriminator, whose paper has 1024 for both."""
SMALLEST_SCALE = 0.05
"""Half windows per metre: a person forty metres tall."""
THETA, REALISM = "theta", "realism"
"""Tensors of each step: HMR's 85 numbers, and the scores of `FACTORS`."""
BODY = "open-smpl"
WEIGHTS = WeightFile(
    name="hmr",
    filename="hmr.safetensors",
    licence="Apache-2.0 (trained by this project on people of its own making)",
)


class HmrNetwork(nn.Module):
    """What is seen to theta after each iteration; theta_0, the mean, is learned like all else."""

    def __init__(
        self, encoder: nn.Module, features: int, layout: Layout, hidden: int = 1024, relu: bool = True
    ):
        super().__init__()
        self.encoder = encoder
        self.layout = layout
        self.correction = Correction(features, layout.size, hidden, relu)
        self.mean = nn.Parameter(layout.vector(*mean_person())[0])

    def forward(self, seen: Any, iterations: int = STAGES) -> list[Float[Tensor, "N P"]]:
        """theta_0 to theta_iterations."""
        features = self.encoder(seen)
        theta = self.mean.expand(len(features), -1)
        thetas = [theta]
        for _ in range(iterations):
            theta = theta + self.correction(features, theta)
            thetas.append(theta)
        return thetas


class OpenHmr(nn.Module):
    """The open preset with its prior, trained and stored together."""

    def __init__(
        self,
        settings: EncoderSettings = OPEN_ENCODER,
        layout: Layout = OPEN_LAYOUT,
        hidden: int = OPEN_HIDDEN,
        prior: int = OPEN_PRIOR,
    ):
        super().__init__()
        self.network = HmrNetwork(ObservationEncoder(settings), settings.width, layout, hidden)
        self.discriminator = Discriminator(hidden=prior)

    def forward(self, observations: Observations, body: LightBody, iterations: int = STAGES) -> list[Guess]:
        """Every guess, from the mean person to the result. The loop needs no body: all are posed at once."""
        thetas = self.network(observations, iterations)
        guesses = guess_in_window(*self.parts(torch.cat(thetas)), observations, body)
        n = len(observations)
        return [guesses.rows(slice(k * n, (k + 1) * n)) for k in range(iterations + 1)]

    def parts(self, theta: Float[Tensor, "N P"]) -> Parts:
        """What the numbers say, with a scale that a camera can have."""
        rotations, betas, crop = self.network.layout.parts(theta)
        return Parts(rotations, betas, torch.cat((crop[:, :1].clamp_min(SMALLEST_SCALE), crop[:, 1:]), 1))

    def realism(self, parts: Parts) -> Float[Tensor, "N 25"]:
        """The discriminator's scores, about 1 where a joint, the pose or the shape looks like a person's."""
        return self.discriminator(parts.rotations[:, 1:], parts.betas)


class _State(NamedTuple):
    """Everybody after some iteration."""

    parts: Parts
    tensors: Mapping[str, Tensor]
    """With a row for each person."""


def _trace(
    states: Sequence[_State], row: int, photo: Photo, window: tuple[tuple[float, float], float]
) -> tuple[Step, ...]:
    """One person's iterations."""
    steps = []
    for number, (parts, tensors) in enumerate(states):
        name = f"iteration {number}" if number else "mean body"
        rotations, betas, crop = (values[row] for values in parts)
        own = {key: value[row].cpu() for key, value in tensors.items()}
        steps.append(window_step(name, rotations, betas, crop, photo, window, own))
    return tuple(steps)


def _check_iterations(iterations: int) -> None:
    if not 0 <= iterations <= MOST_STAGES:
        raise ValueError(
            f"HMR iterates 0 to {MOST_STAGES} times, and was trained for {STAGES}; got {iterations}."
        )


class Hmr:
    """The open preset on people in photos."""

    info: ClassVar[MethodInfo] = MethodInfo(
        name="hmr",
        title="HMR (network)",
        paper="HMR (Kanazawa et al., CVPR 2018); what it reads is the project's own",
        licence="Apache-2.0 (own implementation and weights)",
        weights="open",
        camera="weak perspective in a window, made perspective by the photo's focal length or its diagonal",
        steps="the mean person, then three corrections by one and the same network, and how real each looks",
        reads=tuple(channel for channel in CHANNELS if channel in READS),
    )

    def __init__(self, network: OpenHmr, body: BodyModel):
        self.network = network.eval()
        self.body = body

    @classmethod
    def load(cls, device: str = "cpu") -> "Hmr":
        """With the weights of this project.

        Raises:
            WeightsMissing: the weights are nowhere.
            WeightsUnreadable: they are not of this network.
        """
        return cls(load_network(load_state_dict(find(WEIGHTS))).to(device), load_body(BODY).to(device))

    @torch.no_grad()
    def recover(
        self,
        photo: Photo,
        people: Sequence[Person],
        progress: Progress | None = None,
        iterations: int = STAGES,
        channels: Sequence[str] = READS,
    ) -> list[Recovery]:
        """Everybody at once.

        Args:
            photo: with the people in it.
            people: with 2D landmarks.
            progress: told once.
            iterations: of the loop; training knows three.
            channels: of READS, to be looked at; the others are switched off.

        Raises:
            ValueError: somebody has no 2D landmarks, there is no such channel, or too many iterations.
        """
        _check_iterations(iterations)
        if not people:
            return []
        if progress:
            progress(0.0, f"{len(people)} people at once")
        began = time.perf_counter()
        pictures = [name for name in PICTURES if name in channels]
        observations, windows = observe_people(photo, people, pictures)
        seen = observations.only(channels).to(self.network.network.mean.device)
        thetas = self.network.network(seen, iterations)
        states = [self._state(theta) for theta in thetas]
        traces = [_trace(states, row, photo, windows.of(row)) for row in range(len(people))]
        return recoveries(self.info, self.body, people, traces, time.perf_counter() - began)

    def _state(self, theta: Float[Tensor, "N P"]) -> _State:
        parts = self.network.parts(theta)
        numbers = self.network.network.layout.as_hmr(theta)
        return _State(parts, {THETA: numbers, REALISM: self.network.realism(parts)})

    @torch.no_grad()
    def realism(self, theta: Float[Tensor, "24 3"], betas: Float[Tensor, "10"]) -> Float[Tensor, "25"]:
        """Scores of any pose and shape, in the order of `FACTORS`; which way the root faces does not matter.

        Args:
            theta: axis-angle, parent-relative, rad.
            betas: in standard deviations.
        """
        device = self.network.network.mean.device
        rotations = matrix_from_axis_angle(theta.to(device))[None, 1:]
        return self.network.discriminator(rotations, betas.to(device)[None])[0].cpu()


def load_network(state: Mapping[str, Tensor]) -> OpenHmr:
    """The open preset with these weights.

    Raises:
        WeightsUnreadable: they are not of this network.
    """
    network = OpenHmr()
    try:
        network.load_state_dict({name: value.float() for name, value in state.items()})
    except RuntimeError as error:
        raise WeightsUnreadable(
            f"These weights are not of the open HMR: {str(error).splitlines()[-1].strip()} "
            "Train it (python -m workbench.train hmr), or give its own file."
        ) from error
    return network
