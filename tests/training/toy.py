"""A trainee of three numbers, and a program that trains it, to be killed or to be run by several processes.

python toy.py FOLDER STEPS [KILL_AT MOMENT]      MOMENT: step or write; or 0 workers
"""

import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from workbench.train import launched_fabric
from workbench.training.engine import Run, Watchers, train
from workbench.training.settings import TrainSettings

TRUTH = torch.tensor([[1.0], [-2.0], [3.0]])


@dataclass(frozen=True)
class ToyBatch:
    x: Tensor
    y: Tensor

    def to(self, device: torch.device | str) -> "ToyBatch":
        return ToyBatch(self.x.to(device), self.y.to(device))


class Toy:
    """Finds three numbers by regression, through dropout."""

    method: ClassVar[str] = "toy"
    metric: ClassVar[str] = "error"
    data: ClassVar[str] = "numbers"
    licence: ClassVar[str] = "none needed"
    preset = "open"

    def __init__(self, dropout: float = 0.2):
        self.dropout = dropout

    def model(self) -> nn.Module:
        return nn.Sequential(nn.Dropout(self.dropout), nn.Linear(3, 1))

    def batch(self, generators: Sequence[torch.Generator], size: int) -> ToyBatch:
        x = torch.cat([torch.randn(size, 3, generator=generator) for generator in generators])
        return ToyBatch(x, x @ TRUTH)

    def loss(self, model: nn.Module, batch: Any) -> tuple[Tensor, dict[str, Tensor]]:
        square = (model(batch.x) - batch.y).square().mean()
        return square, {"square": square}

    def validate(self, model: nn.Module, split: str = "validation") -> dict[str, float]:
        assert not model.training
        return {"error": float((model[1].weight.mT - TRUTH).norm())}  # pyright: ignore[reportIndexIssue]


SETTINGS = TrainSettings(steps=20, batch=8, blocks=4, learning_rate=0.05, checkpoint_s=0.0, validate_s=0.0)


def train_toy(folder: Path, settings: TrainSettings = SETTINGS, resume: bool = False, **more: Any) -> Run:
    """In this process, on the CPU."""
    toy = more.pop("toy", None) or Toy()
    fabric = launched_fabric(more.pop("accelerator", "cpu"), "auto", settings.precision)
    return train(toy, settings, folder, fabric, resume, Watchers(**more))


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _main(folder: Path, steps: int, kill_at: int, moment: str) -> None:
    def on_step(step: int, done: float, losses: dict[str, float]) -> None:
        if step == kill_at and moment == "step":
            _die()
        if step == kill_at and moment == "write":
            os.fsync = _die

    toy = Toy(dropout=0.0) if moment == "never" else Toy()
    settings = replace(SETTINGS, steps=steps, workers=int(moment == "workers"))
    run = train_toy(folder, settings, toy=toy, on_step=on_step, accelerator="auto")
    torch.save(run.model.state_dict(), folder / "result.pt")


if __name__ == "__main__":
    arguments = [*sys.argv[1:], "0", "never"][:4] if len(sys.argv) < 5 else sys.argv[1:]
    _main(Path(arguments[0]), int(arguments[1]), int(arguments[2]), arguments[3])
