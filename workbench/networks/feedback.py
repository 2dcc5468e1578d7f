"""HMR's "3D module": what is to be added to the numbers so far, given what is seen."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

GAIN = 0.1
"""Of the last layer's first weights: slim's variance scaling of 0.01 with FAN_AVG is Xavier's with 0.1. (SPIN
has Xavier's with 0.01.)"""
DROPOUT = 0.5
"""The paper's and SPIN's."""


class Correction(nn.Module):
    """Three layers. HMR has ReLU after the first two; SPIN has none, so that its three are one linear map."""

    def __init__(
        self, features: int, numbers: int, hidden: int = 1024, relu: bool = True, dropout: float = DROPOUT
    ):
        super().__init__()
        self.fc1 = nn.Linear(features + numbers, hidden)
        self.fc2 = nn.Linear(hidden, hidden)
        self.fc3 = nn.Linear(hidden, numbers)
        self.bend = nn.ReLU() if relu else nn.Identity()
        self.dropout = nn.Dropout(dropout)
        nn.init.xavier_uniform_(self.fc3.weight, gain=GAIN)
        nn.init.zeros_(self.fc3.bias)

    def forward(self, features: Float[Tensor, "N F"], theta: Float[Tensor, "N P"]) -> Float[Tensor, "N P"]:
        """The correction of theta."""
        x = torch.cat((features, theta), 1)
        x = self.dropout(self.bend(self.fc1(x)))
        x = self.dropout(self.bend(self.fc2(x)))
        return self.fc3(x)
