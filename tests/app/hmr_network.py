"""An HMR that nobody trained: its answers mean nothing, but they differ and follow what it reads."""

import torch

from workbench.evaluation.sets import true_body
from workbench.methods.hmr import Hmr, OpenHmr


def untrained() -> Hmr:
    """The same at every call; its corrections are large enough to see."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = OpenHmr()
        torch.nn.init.xavier_uniform_(network.network.correction.fc3.weight, gain=0.5)
    return Hmr(network, true_body())
