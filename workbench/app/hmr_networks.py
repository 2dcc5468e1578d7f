"""Which network answers in the HMR tab, and what it reads."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from workbench.app import models
from workbench.body import load_body
from workbench.methods.hmr import BODY, Hmr, load_network
from workbench.weights import assets_dir, load_state_dict

METHOD = "hmr"
CHANNELS = {
    "landmarks": "2D landmarks",
    "metric": "3D landmarks",
    "camera": "camera",
    "mask": "outline",
    "rgb": "colours",
}
"""What the network reads, as people call it."""
EXPERIMENTS = {"2D": "hmr_2d", "2D + prior": "hmr_2d_prior", "2D + 3D + prior": "hmr_3d_prior"}
"""Small networks of training/hmr_experiments.py, by what they were trained on, and their files."""
READS_NOTHING = "The network reads nothing now: everybody gets this answer."


def networks() -> list[tuple[str, str]]:
    """Which network can answer: title and key. Those of the experiments only where their weights are here."""
    others = [(f"Trained on {name}", name) for name in EXPERIMENTS if _weights_of(name).exists()]
    return [("The shipped one", METHOD), *others]


def reading(channels: Sequence[str], network: str = METHOD) -> str:
    """What a network's visitor may not expect of a choice of channels; empty when it reads all of it.

    Args:
        channels: what the network may read.
        network: a key of `networks`.

    Raises:
        ValueError: there is no such network.
        WeightsMissing: the network's weights are not here.
    """
    reads = answering(network).reads
    said = []
    if not set(channels) <= set(reads):
        names = [title for name, title in CHANNELS.items() if name in reads]
        said.append(f"This network reads {' and '.join(names)} only.")
    if not set(channels) & set(reads):
        said.append(READS_NOTHING)
    return " ".join(said)


def shipped() -> Hmr:
    """The workbench's own, whose prior judges whoever answers."""
    hmr = models.method(METHOD)
    assert isinstance(hmr, Hmr)
    return hmr


def answering(network: str) -> Hmr:
    """Who answers, by a key of `networks`.

    Raises:
        ValueError: there is no such network.
        WeightsMissing: its weights are not here.
    """
    return shipped() if network == METHOD else _experiment(network)


@lru_cache(maxsize=len(EXPERIMENTS))
def _experiment(name: str) -> Hmr:
    """A small network of the experiments, shared by all visitors."""
    if name not in dict(networks()).values():
        raise ValueError(f"There is no network {name!r} here. Choose one of the list.")
    return Hmr(load_network(load_state_dict(_weights_of(name))), load_body(BODY))


def _weights_of(name: str) -> Path:
    return assets_dir() / "weights" / f"{EXPERIMENTS[name]}.safetensors"
