"""A plain regressor: landmarks in, body out, in one network of a few matrix products.

    features = encoder(landmarks, metric landmarks, camera facts)                      networks/
    x_0      = the mean body: 24 rotations (6D), betas, crop camera (log s, tx, ty)
    x_{k+1}  = x_k + head(features, x_k, where x_k's landmarks differ from those seen)      three times

The loop is HMR's (Kanazawa et al., CVPR 2018); that it sees its own error in the picture is from learned
gradient descent (Song et al., "Human Body Model Fitting by Learned Gradient Descent", ECCV 2020). Nothing is
minimised here: it is a guess that looks at itself, three times. The crop camera becomes the photo's camera as
in CLIFF (Li et al., ECCV 2022). training/landmark_regressor.py trains it on made-up people;
the network is in networks/landmark_regressor.py.
"""

import time
from collections.abc import Sequence
from typing import ClassVar

import torch

from workbench.body import BodyModel, load_body
from workbench.body.light import light_body
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.method import MethodInfo, Progress
from workbench.networks.guesses import Guess
from workbench.networks.landmark_regressor import WEIGHTS, LandmarkRegressor, load_network
from workbench.networks.observations import Windows, observe_people
from workbench.networks.traces import recoveries, window_step
from workbench.recovery import Recovery, Step
from workbench.weights import find, load_state_dict

BODY = "open-smpl"


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
