"""The landmark regressor's network: landmarks in, a body out, in STAGES guesses that each look at the last.

methods/landmark_regressor.py says how it works. It is here because BLADE's second stage, too, begins with it.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.body.light import LightBody
from workbench.geometry.rotations import matrix_from_6d, sixd_from_matrix
from workbench.networks.guesses import Guess, guess_in_window
from workbench.networks.observation_encoder import EncoderSettings, ObservationEncoder
from workbench.networks.observations import Observations
from workbench.weights import WeightFile, WeightsUnreadable

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
        guesses = [guess_of_state(state, o, body)]
        for _ in range(STAGES):
            seen = torch.cat((state, errors_seen(guesses[-1], o)), 1).detach()
            state = state.detach() + self.head(known + self.of_state(seen))
            guesses.append(guess_of_state(state, o, body))
        return guesses


def _rest() -> Float[Tensor, "144"]:
    """The rest pose, facing the camera; training puts the mean of its poses in place of it."""
    eye = torch.eye(3).repeat(JOINTS, 1, 1)
    eye[0] = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    return sixd_from_matrix(eye).flatten()


def _facing_camera() -> Float[Tensor, "3"]:
    return torch.tensor([MEAN_LOG_SCALE, 0.0, 0.0])


def guess_of_state(state: Float[Tensor, "N P"], o: Observations, body: LightBody) -> Guess:
    """The numbers as a body in its window."""
    six, betas, camera = state.float().split((POSE, BETAS, 3), 1)
    with torch.autocast(state.device.type, enabled=False):  # bfloat16 moves landmarks by millimetres
        rotations = matrix_from_6d(six.unflatten(1, (JOINTS, 6)))
    crop = torch.cat((camera[:, :1].clamp(-4, 3).exp(), camera[:, 1:]), 1)
    return guess_in_window(rotations, betas, crop, o, body)


def errors_seen(guess: Guess, o: Observations) -> Float[Tensor, "N E"]:
    """Seen minus guessed landmarks, in the window and in metres; zero where nothing was seen."""
    assert o.landmarks is not None
    found = o.landmarks[..., 2:] > 0
    flat = (o.landmarks[..., :2] - guess.xy).clamp(-1, 1) * (found & o.has("landmarks")[:, None, None])
    if o.metric_m is None:
        return torch.cat((flat, torch.zeros_like(o.landmarks)), 2).flatten(1)
    about_hips = guess.landmarks_m - guess.landmarks_m[:, HIPS].mean(1, keepdim=True)
    solid = (o.metric_m - about_hips).clamp(-1, 1) * (found & o.has("metric")[:, None, None])
    return torch.cat((flat, solid), 2).flatten(1)


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
