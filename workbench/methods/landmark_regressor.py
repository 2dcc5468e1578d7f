"""A plain regressor: landmarks in, body out, in one network of a few matrix products.

    features = encoder(landmarks, metric landmarks, camera facts)                      networks/
    x_0      = the mean body: 24 rotations (6D), betas, crop camera (log s, tx, ty)
    x_{k+1}  = x_k + head(features, x_k, where x_k's landmarks differ from those seen)      three times

The loop is HMR's (Kanazawa et al., CVPR 2018); that it sees its own error in the picture is from learned
gradient descent (Song et al., "Human Body Model Fitting by Learned Gradient Descent", ECCV 2020). Nothing is
minimised here: it is a guess that looks at itself, three times. The crop camera becomes the photo's camera as
in CLIFF (Li et al., ECCV 2022). training/landmark_regressor.py trains it on made-up people.
"""

import time
from collections.abc import Sequence
from typing import ClassVar

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.body import BodyModel, load_body
from workbench.body.light import LightBody, light_body
from workbench.geometry.rotations import matrix_from_6d, sixd_from_matrix
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.method import MethodInfo, Progress
from workbench.networks.guesses import Guess, guess_in_window
from workbench.networks.observation_encoder import EncoderSettings, ObservationEncoder
from workbench.networks.observations import Observations, Windows, observe_people
from workbench.networks.traces import recoveries, window_step
from workbench.recovery import Recovery, Step
from workbench.weights import WeightFile, WeightsUnreadable, find, load_state_dict

JOINTS, BETAS = 24, 10
POSE = 6 * JOINTS
STAGES = 3
HIPS = [23, 24]  # among BlazePose's landmarks
MEAN_LOG_SCALE = 0.1  # a person of mean size fills most of the window
WEIGHTS = WeightFile(
    name="regressor",
    filename="regressor.safetensors",
    licence="Apache-2.0 (trained by this project on people of its own making)",
)
BODY = "open-smpl"


class LandmarkRegressor(nn.Module):
    """Observations to STAGES + 1 guesses, the mean body first."""

    mean: Tensor

    def __init__(self, settings: EncoderSettings | None = None, hidden: int = 512):
        super().__init__()
        self.encoder = ObservationEncoder(settings)
        numbers = POSE + BETAS + 3
        errors = 33 * 5
        self.register_buffer("mean", torch.cat((_rest(), torch.zeros(BETAS), _facing_camera())))
        self.of_features = nn.Linear(self.encoder.settings.width, hidden)
        self.of_state = nn.Linear(numbers + errors, hidden)
        self.head = nn.Sequential(
            nn.GELU(), nn.Linear(hidden, hidden), nn.GELU(), nn.LayerNorm(hidden), nn.Linear(hidden, numbers)
        )
        last = self.head[-1]
        assert isinstance(last, nn.Linear)
        nn.init.xavier_uniform_(last.weight, gain=0.01)  # as HMR: start from the mean body
        nn.init.zeros_(last.bias)

    def forward(self, observations: Observations, body: LightBody) -> list[Guess]:
        """Every guess, from the mean body to the result.

        Without the channel "camera" each guess is seen in weak perspective.

        Gradients do not flow from one guess into the one before: each is trained to improve what it is given.
        """
        o = observations
        known = self.of_features(self.encoder(o))
        state = self.mean.expand(len(o), -1)
        guesses = [_guess(state, o, body)]
        for _ in range(STAGES):
            seen = torch.cat((state, _errors(guesses[-1], o)), 1).detach()
            state = state.detach() + self.head(known + self.of_state(seen))
            guesses.append(_guess(state, o, body))
        return guesses


def _rest() -> Float[Tensor, "144"]:
    """The rest pose, facing the camera; training puts the mean of its poses in place of it."""
    eye = torch.eye(3).repeat(JOINTS, 1, 1)
    eye[0] = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    return sixd_from_matrix(eye).flatten()


def _facing_camera() -> Float[Tensor, "3"]:
    return torch.tensor([MEAN_LOG_SCALE, 0.0, 0.0])


def _guess(state: Float[Tensor, "N P"], o: Observations, body: LightBody) -> Guess:
    """The numbers as a body in its window."""
    six, betas, camera = state.float().split((POSE, BETAS, 3), 1)
    with torch.autocast(state.device.type, enabled=False):  # bfloat16 moves landmarks by millimetres
        rotations = matrix_from_6d(six.unflatten(1, (JOINTS, 6)))
    crop = torch.cat((camera[:, :1].clamp(-4, 3).exp(), camera[:, 1:]), 1)
    return guess_in_window(rotations, betas, crop, o, body)


def _errors(guess: Guess, o: Observations) -> Float[Tensor, "N E"]:
    """Seen minus guessed landmarks, in the window and in metres; zero where nothing was seen."""
    assert o.landmarks is not None
    found = o.landmarks[..., 2:] > 0
    flat = (o.landmarks[..., :2] - guess.xy).clamp(-1, 1) * (found & o.has("landmarks")[:, None, None])
    if o.metric_m is None:
        return torch.cat((flat, torch.zeros_like(o.landmarks)), 2).flatten(1)
    about_hips = guess.landmarks_m - guess.landmarks_m[:, HIPS].mean(1, keepdim=True)
    solid = (o.metric_m - about_hips).clamp(-1, 1) * (found & o.has("metric")[:, None, None])
    return torch.cat((flat, solid), 2).flatten(1)


class Regressor:
    """The trained network on people in photos."""

    info: ClassVar[MethodInfo] = MethodInfo(
        name="regressor",
        title="Landmark regressor (network)",
        paper="the project's own, after HMR (CVPR 2018), learned gradient descent (ECCV 2020), CLIFF (2022)",
        licence="Apache-2.0 (own implementation and weights)",
        weights="open",
        camera="weak perspective in a window, made perspective by the photo's focal length or its diagonal",
        steps="the mean body, then three guesses, each looking at where the last one was wrong",
        reads=("landmarks",),
    )

    def __init__(self, network: LandmarkRegressor, body: BodyModel):
        self.network = network.eval()
        self.body = body
        self.light = light_body(body, num_vertices=0)

    @classmethod
    def load(cls, device: str = "cpu") -> "Regressor":
        """With the weights of this project.

        Raises:
            WeightsMissing: the weights are nowhere.
            WeightsUnreadable: they are not of this network.
        """
        return cls(load_network(load_state_dict(find(WEIGHTS))).to(device), load_body(BODY).to(device))

    @torch.no_grad()
    def recover(
        self, photo: Photo, people: Sequence[Person], progress: Progress | None = None
    ) -> list[Recovery]:
        """Everybody at once.

        Raises:
            ValueError: somebody has no 2D landmarks.
        """
        if not people:
            return []
        if progress:
            progress(0.0, f"{len(people)} people at once")
        began = time.perf_counter()
        observations, windows = observe_people(photo, people)
        guesses = self.network(observations.to(self.mean_device), self.light)
        traces = [self._steps(guesses, row, photo, windows) for row in range(len(people))]
        return recoveries(self.info, self.body, people, traces, time.perf_counter() - began)

    @property
    def mean_device(self) -> torch.device:
        """Where the network is."""
        return self.network.mean.device

    def _steps(self, guesses: Sequence[Guess], row: int, photo: Photo, windows: Windows) -> tuple[Step, ...]:
        """One person's guesses as steps."""
        return tuple(
            window_step(
                f"guess {number}" if number else "mean body",
                guess.rotations[row],
                guess.betas[row],
                guess.crop[row],
                photo,
                windows.of(row),
            )
            for number, guess in enumerate(guesses)
        )


def load_network(state: dict[str, Tensor]) -> LandmarkRegressor:
    """The network with these weights.

    Raises:
        WeightsUnreadable: they are not of this network.
    """
    network = LandmarkRegressor()
    try:
        network.load_state_dict({name: value.float() for name, value in state.items()})
    except RuntimeError as error:
        raise WeightsUnreadable(
            f"These weights are not of the landmark regressor: {str(error).splitlines()[-1].strip()} "
            "Train it (python -m workbench.train regressor), or give its own file."
        ) from error
    return network
