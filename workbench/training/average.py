"""The running mean of a model's weights, which is steadier than the weights themselves."""

import torch
from torch import Tensor, nn


class WeightAverage:
    """Exponential moving average (after Polyak and Juditsky, SIAM J. Control Optim. 1992).

    After t steps about the last min(horizon, t / 9) of them count, so that the start is soon forgotten.
    """

    def __init__(self, model: nn.Module, horizon: int):
        self.horizon = horizon
        self.steps = 0
        self.values = {name: value.detach().clone() for name, value in model.state_dict().items()}

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Take in the weights after one more step."""
        self.steps += 1
        keep = min(1 - 1 / self.horizon, (1 + self.steps) / (10 + self.steps))
        now = model.state_dict()
        for name, value in self.values.items():
            if value.is_floating_point():
                value.lerp_(now[name], 1 - keep)
            else:
                value.copy_(now[name])

    def state(self) -> dict[str, Tensor | int]:
        """For a checkpoint."""
        return {"steps": self.steps, **{f"weight {name}": value for name, value in self.values.items()}}

    def restore(self, state: dict[str, Tensor | int]) -> None:
        """From a checkpoint."""
        self.steps = int(state["steps"])
        for name, value in self.values.items():
            saved = state[f"weight {name}"]
            assert isinstance(saved, Tensor)
            value.copy_(saved)
