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

What is not the paper's: both write rotations in 6D, so that their loops correct 157 numbers, which are shown
as HMR's 85. The open preset's bodies are seen in the photo's perspective wherever the camera facts are known
(CLIFF, Li et al., ECCV 2022), and in weak perspective where they are not; its loop has no dropout.
"""

import time
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.body import BodyModel, load_body
from workbench.body.files import BODY_VARIABLE
from workbench.body.light import LightBody
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.method import CHANNELS, MethodInfo, Progress
from workbench.networks.differences import differences
from workbench.networks.discriminator import Discriminator
from workbench.networks.feedback import DROPOUT, Correction
from workbench.networks.guesses import Guess, guess_in_window
from workbench.networks.observation_encoder import PICTURES, EncoderSettings, ObservationEncoder
from workbench.networks.observations import Observations, observe_people
from workbench.networks.resnet import FEATURES, ResNet50
from workbench.networks.spin_checkpoint import from_spin
from workbench.networks.spin_crops import crops_of, spin_window
from workbench.networks.theta import CAMERA, HMR, SPIN, Layout, Parts, mean_person
from workbench.networks.traces import recoveries, window_step
from workbench.recovery import Recovery, Step
from workbench.weights import WeightFile, WeightsUnreadable, find, load_state_dict

STAGES = 3
MOST_STAGES = 50
READS: tuple[str, ...] = ("landmarks", "metric", "camera", "mask", "rgb")
"""Channels that the open preset can read; each may be absent."""
USED: tuple[str, ...] = ("landmarks", "metric", "camera")
"""Those that it looks at unless asked. On real photos bodies lie better on the landmarks without the finder's
mask (3.0 against 3.3 % of a person's size), and made-up people's colours say little of real ones'."""
OPEN_ENCODER = EncoderSettings(channels=READS, planes=(16, 32, 64, 64))
OPEN_LAYOUT = SPIN
"""6D: after as many samples (154,000, same seed) PA-MPJPE was 70 mm, and 76 mm with HMR's axis-angle."""
OPEN_HIDDEN, OPEN_PRIOR = 512, 256
"""Widths of the open preset's correction and of its discriminator, whose paper has 1024 for both."""
OPEN_DROPOUT = 0.0  # its people never come twice
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
SPIN_WEIGHTS = WeightFile(
    name="spin",
    filename="model_checkpoint.pt",
    licence="the code is BSD-3-Clause; SPIN was trained on data sets for non-commercial research",
    homepage="https://github.com/nkolot/SPIN (its fetch_data.sh gets model_checkpoint.pt)",
)


class HmrNetwork(nn.Module):
    """What is seen to theta after each iteration.

    theta_0, the mean, is learned like all else, as in HMR; in SPIN it is given and stays.
    """

    def __init__(
        self,
        encoder: nn.Module,
        features: int,
        layout: Layout,
        hidden: int = 1024,
        relu: bool = True,
        dropout: float = DROPOUT,
    ):
        super().__init__()
        self.encoder = encoder
        self.layout = layout
        self.correction = Correction(features, layout.size, hidden, relu, dropout)
        self.mean = nn.Parameter(layout.vector(*mean_person())[0])

    def forward(self, seen: Any, iterations: int = STAGES) -> list[Float[Tensor, "N P"]]:
        """theta_0 to theta_iterations."""
        features = self.encoder(seen)
        theta = self.mean.repeat(len(features), 1)
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
        self.settings = settings
        encoder = ObservationEncoder(settings)
        self.network = HmrNetwork(encoder, settings.width, layout, hidden, dropout=OPEN_DROPOUT)
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
        """The discriminator's scores: the higher, the more a joint, the pose or the shape looks real."""
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
        if not crop[0] > 0:
            raise ValueError(
                f"Person {row + 1} of {len(parts.crop)}: the network answers with a scale of "
                f"{float(crop[0]):.2g} ({name}), which no camera has. It was trained for {STAGES} iterations "
                "and whole people; leave this person out, or draw another box."
            )
        own = {key: value[row].cpu() for key, value in tensors.items()}
        steps.append(window_step(name, rotations, betas, crop, photo, window, own))
    return tuple(steps)


def _check_iterations(iterations: int) -> None:
    if not 0 <= iterations <= MOST_STAGES:
        raise ValueError(f"HMR iterates 0 to {MOST_STAGES} times, trained for {STAGES}; got {iterations}.")


class Hmr:
    """The open preset on people in photos."""

    info: ClassVar[MethodInfo] = MethodInfo(
        name="hmr",
        title="HMR (network)",
        paper="HMR (Kanazawa et al., CVPR 2018); what it reads is the project's own",
        licence="Apache-2.0 (own implementation and weights)",
        weights="open",
        camera="weak perspective in a window, made perspective by the photo's focal length or its diagonal",
        steps="the mean person, then three corrections by one and the same network, and how real each looks; "
        "of 157 numbers (rotations in 6D), shown as HMR's 85",
        reads=tuple(channel for channel in CHANNELS if channel in USED),
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
        channels: Sequence[str] | None = None,
    ) -> list[Recovery]:
        """Everybody at once.

        Args:
            photo: with the people in it.
            people: with 2D landmarks.
            progress: told once.
            iterations: of the loop; training knows three.
            channels: of `reads`, to be looked at; the others are switched off. None: those of USED. With
                none at all everybody gets the same body. The window is always that of the landmarks.

        Raises:
            ValueError: somebody's landmarks make no window, there are no weights for a channel, or too many
                iterations.
        """
        _check_iterations(iterations)
        if channels is None:
            channels = [channel for channel in USED if channel in self.reads]
        if unread := [channel for channel in channels if channel not in self.reads]:
            raise ValueError(
                f"This network cannot read {', '.join(unread)}; it reads {', '.join(self.reads)}."
            )
        if not people:
            return []
        if progress:
            progress(0.0, f"{len(people)} people at once")
        began = time.perf_counter()
        pictures = [name for name in PICTURES if name in channels]
        observations, windows = observe_people(photo, people, pictures)
        seen = observations.only(channels).to(self.network.network.mean.device)
        thetas = self.network.network(seen, iterations)
        states = []
        for theta, numbers in zip(thetas, self.network.network.layout.trace(thetas), strict=True):
            parts = self.network.parts(theta)
            numbers = torch.cat((parts.crop, numbers[:, CAMERA:]), 1)  # the scale may have been held
            states.append(_State(parts, {THETA: numbers, REALISM: self.network.realism(parts)}))
        traces = [_trace(states, row, photo, windows.of(row)) for row in range(len(people))]
        return recoveries(self.info, self.body, people, traces, time.perf_counter() - began)

    @property
    def reads(self) -> tuple[str, ...]:
        """Channels that this network has weights for."""
        return self.network.settings.channels

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


class HmrPaper:
    """The paper preset with SPIN's weights and SMPL, both supplied by the user."""

    info: ClassVar[MethodInfo] = MethodInfo(
        name="hmr-paper",
        title="HMR, SPIN's weights (yours)",
        paper="HMR (Kanazawa et al., CVPR 2018), SPIN (Kolotouros et al., ICCV 2019)",
        licence="Apache-2.0 (own implementation); SPIN's weights and SMPL have terms of their own",
        weights="official",
        camera="weak perspective in a crop, made perspective by the photo's focal length or its diagonal",
        steps="the mean body, then three corrections by one and the same network",
        reads=("landmarks", "rgb"),
        supplied=(SPIN_WEIGHTS,),
    )

    def __init__(self, network: HmrNetwork, body: BodyModel):
        """Ready to run.

        Raises:
            ValueError: the body is not SMPL, whose joints and shapes the network speaks of.
        """
        if body.topology != "smpl":
            raise ValueError(
                f"SPIN's weights answer with SMPL's joints and betas; body {body.name!r} ({body.topology!r}) "
                "has other joints and other betas, so poses and shapes would be wrong. Get the neutral SMPL "
                f"body from smpl.is.tue.mpg.de (its terms are for research), and set {BODY_VARIABLE} to its "
                "file."
            )
        self.network = network.eval()
        self.body = body

    @classmethod
    def load(cls, device: str = "cpu") -> "HmrPaper":
        """With the user's checkpoint and the body that WORKBENCH_BODY names.

        Raises:
            WeightsMissing: there is no checkpoint here; the message says how to get it.
            WeightsUnreadable: it is not SPIN's.
            ValueError: the body is not SMPL.
        """
        return cls(load_spin(load_state_dict(find(SPIN_WEIGHTS))).to(device), load_body().to(device))

    @torch.no_grad()
    def recover(
        self,
        photo: Photo,
        people: Sequence[Person],
        progress: Progress | None = None,
        iterations: int = STAGES,
    ) -> list[Recovery]:
        """Everybody at once.

        Raises:
            ValueError: too many iterations, or the network answered with a camera that cannot be.
        """
        _check_iterations(iterations)
        if not people:
            return []
        if progress:
            progress(0.0, f"{len(people)} people at once")
        began = time.perf_counter()
        windows = [spin_window(person) for person in people]
        crops = crops_of(photo, windows).to(self.network.mean.device)
        thetas = self.network(crops, iterations)
        layout = self.network.layout
        states = [
            _State(layout.parts(theta), {THETA: numbers})
            for theta, numbers in zip(thetas, layout.trace(thetas), strict=True)
        ]
        traces = [
            _trace(states, row, photo, (window.center_px, window.side_px))
            for row, window in enumerate(windows)
        ]
        return recoveries(self.info, self.body, people, traces, time.perf_counter() - began)


def load_network(state: Mapping[str, Tensor]) -> OpenHmr:
    """The open preset with these weights, whatever its sizes.

    Raises:
        WeightsUnreadable: they are not of this network.
    """
    try:
        network = _network_of(state)
    except (IndexError, KeyError, RuntimeError, TypeError, ValueError):  # its sizes make no network
        network = OpenHmr()
    if problems := differences(state, network.state_dict()):
        raise WeightsUnreadable(
            f"These weights are not of the open HMR. {problems} Train it (python -m workbench.train hmr), or "
            "give its own file."
        )
    network.load_state_dict({name: value.float() for name, value in state.items()})
    return network


def _network_of(state: Mapping[str, Tensor]) -> OpenHmr:
    """Empty, of the sizes that the weights have."""
    encoder = "network.encoder."
    inside = {name.removeprefix(encoder): value for name, value in state.items() if name.startswith(encoder)}
    return OpenHmr(
        EncoderSettings.of_weights(inside),
        layout={layout.size: layout for layout in (HMR, SPIN)}[len(state["network.mean"])],
        hidden=len(state["network.correction.fc2.bias"]),
        prior=len(state["discriminator.pose.0.bias"]),
    )


def hmr_network() -> HmrNetwork:
    """The paper's: ResNet-50, 85 numbers, ReLU; without weights.

    It begins at the rest pose, facing the camera. HMR's own mean is SMPL's average pose, which is not open.
    """
    return HmrNetwork(ResNet50(), FEATURES, HMR)


def spin_network() -> HmrNetwork:
    """SPIN's: the same with 157 numbers and without ReLU."""
    return HmrNetwork(ResNet50(), FEATURES, SPIN, relu=False)


def load_spin(state: Mapping[str, Tensor]) -> HmrNetwork:
    """SPIN's network with the weights of its checkpoint.

    Raises:
        WeightsUnreadable: they are not SPIN's.
    """
    network = spin_network()
    network.load_state_dict(from_spin(state, network.state_dict()))
    return network
