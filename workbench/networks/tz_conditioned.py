"""BLADE's second stage: a trained pose network that learns to be told how far away the person is.

    frozen base     features, state ---------> hidden ---------------+--> correction of the state
                                                                     |
    its copy        features, state, Tz -----> hidden --> linear ----+      the linear layers begin at zero

The copy begins as the base; log Tz and 1/Tz enter it through linear layers that begin at zero, after its stem
and after each residual block, and what it says enters the base through one more. So at first the two together
answer exactly as the base does, and training can only add to what the base knows already (ControlNet: Zhang
et al., ICCV 2023). The paper's base is AiOS; here it is the landmark regressor.

The copy has one more use of Tz: it looks at its errors in the perspective of that distance. A window then
needs no focal length, for at distance Tz the scale s of the crop camera says it: f = s b Tz / 2, with b the
window's side.
"""

from copy import deepcopy

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.body.light import LightBody
from workbench.networks.guesses import Guess, project_to_window
from workbench.networks.landmark_regressor import STAGES, LandmarkRegressor, errors_seen, guess_of_state
from workbench.networks.observations import Observations

USUAL_TZ_M = 2.0
"""Told to a copy that is not to know Tz."""
NEAREST_M = 0.1


class TzPose(nn.Module):
    """The copy and its linear layers. The base is not a part of it: it is given, frozen, and stored once."""

    def __init__(self, base: LandmarkRegressor, with_tz: bool = True):
        """Begin as the base.

        Args:
            base: trained.
            with_tz: False makes the twin of an experiment: the same network, told the same Tz of everybody,
                which sees its errors as the base does.
        """
        super().__init__()
        self.with_tz = with_tz
        self.copy = deepcopy(base).requires_grad_()
        del self.copy.head[-1]  # the base's own last layer serves both
        width, hidden = base.encoder.settings.width, base.of_features.out_features
        self.tz_to_features = _zero(2, width)
        self.tz_to_blocks = nn.ModuleList(_zero(2, width) for _ in self.copy.encoder.blocks)
        self.to_base = _zero(hidden, hidden)

    def forward(
        self, base: LandmarkRegressor, observations: Observations, body: LightBody, tz_m: Float[Tensor, "N"]
    ) -> list[Guess]:
        """Every guess, from the mean body to the result; their landmarks are seen from the distance Tz.

        Args:
            base: the one this was made from.
            observations: of people.
            body: to be posed.
            tz_m: depth of the pelvis.
        """
        o = observations
        known = base.of_features(base.encoder(o))
        known_copy = self.copy.of_features(self._features(o, tz_m))
        state = base.mean.expand(len(o), -1)
        plain = guess_of_state(state, o, body)
        guesses = [self._seen_from(plain, o, tz_m)]
        for _ in range(STAGES):
            state = state.detach()
            of_base = torch.cat((state, errors_seen(plain, o)), 1).detach()
            of_copy = torch.cat((state, errors_seen(guesses[-1], o)), 1).detach()
            hidden = base.head[:-1](known + base.of_state(of_base))
            told = self.copy.head(known_copy + self.copy.of_state(of_copy))
            state = state + base.head[-1](hidden + self.to_base(told))
            plain = guess_of_state(state, o, body)
            guesses.append(self._seen_from(plain, o, tz_m))
        return guesses

    def _features(self, o: Observations, tz_m: Float[Tensor, "N"]) -> Float[Tensor, "N width"]:
        tz = tz_m.clamp_min(NEAREST_M) if self.with_tz else torch.full_like(tz_m, USUAL_TZ_M)
        told = torch.stack((tz.log(), 1 / tz), 1)
        x = self.copy.encoder.stem(o) + self.tz_to_features(told)
        for block, enter in zip(self.copy.encoder.blocks, self.tz_to_blocks, strict=True):
            x = block(x) + enter(told)
        return self.copy.encoder.norm(x)

    def _seen_from(self, guess: Guess, o: Observations, tz_m: Float[Tensor, "N"]) -> Guess:
        """The same bodies, with their landmarks where they are seen from that distance."""
        if not self.with_tz or o.camera is None:
            return guess
        facts = facts_at(tz_m - guess.joints_m[:, 0, 2].detach(), guess.crop, o.camera)
        return guess._replace(xy=project_to_window(guess.landmarks_m, guess.crop, facts))


def facts_at(
    tz_m: Float[Tensor, "N"], crop: Float[Tensor, "N 3"], camera: Float[Tensor, "N 3"]
) -> Float[Tensor, "N 3"]:
    """Camera facts (cx, cy, b) / f with the focal length that a distance and a scale imply.

    Args:
        tz_m: depth of the body's origin.
        crop: (s, tx, ty).
        camera: the facts by any focal length.
    """
    side = 2 / (crop[:, 0] * tz_m.clamp_min(NEAREST_M))
    return camera * (side / camera[:, 2])[:, None]


def _zero(n_in: int, n_out: int) -> nn.Linear:
    layer = nn.Linear(n_in, n_out)
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer
