"""What the engine needs to know about a method in order to train it."""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol, runtime_checkable

import torch
from torch import Tensor, nn


@runtime_checkable
class Batch(Protocol):
    """Whatever a trainee's `batch` makes and its `loss` reads: a frozen dataclass of tensors, usually."""

    def to(self, device: torch.device | str) -> "Batch":
        """The same on another device."""
        ...


@runtime_checkable
class Trainee(Protocol):
    """A method that can be trained: its network, its data, its losses, its measure of success."""

    method: ClassVar[str]
    """Registry name; weights are written to `<method>.safetensors`."""
    preset: str
    """"open" or "paper"."""
    metric: ClassVar[str]
    """Which of validate's numbers decides which weights are the best; lower is better."""
    data: ClassVar[str]
    """For the model card: what the network saw, and how it was made."""
    licence: ClassVar[str]
    """For the model card: the weights' licence, and why it may be given to them."""

    def model(self) -> nn.Module:
        """A fresh network. The engine has seeded torch."""
        ...

    def batch(self, generators: Sequence[torch.Generator], size: int) -> Any:
        """A Batch: samples, `size` from each generator, one after the other, on the generators' device.

        The only source of chance is the generators, and each only matters for its own samples. Then a batch
        is the same however many processes share it, and however often training was interrupted.
        """
        ...

    def loss(self, model: nn.Module, batch: Any) -> tuple[Tensor, dict[str, Tensor]]:
        """The mean loss over a batch, and its terms for the curves."""
        ...

    def validate(self, model: nn.Module, split: str = "validation") -> dict[str, float]:
        """Numbers on a fixed set; `metric` is one of them. Choices are made on "validation" alone."""
        ...
