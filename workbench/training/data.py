"""Batches by the number of their step, whoever asks for them, and however often."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from workbench.training.settings import TrainSettings
from workbench.training.trainee import Batch, Trainee


@dataclass(frozen=True)
class StepData(Dataset[Batch]):
    """Step number to one process's part of its batch."""

    trainee: Trainee
    settings: TrainSettings
    rank: int
    """Which process."""
    processes: int
    device: torch.device
    """Where data are made."""

    def __getitem__(self, step: int) -> Batch:
        settings, share = self.settings, self.settings.blocks // self.processes
        blocks = range(self.rank * share, (self.rank + 1) * share)
        seeds = [mixed_seed(settings.seed, step, -1 - block) for block in blocks]
        generators = [torch.Generator(self.device).manual_seed(seed) for seed in seeds]
        return self.trainee.batch(generators, settings.batch // settings.blocks)

    def loader(self, first: int, workers: int) -> DataLoader[Batch]:
        """The batches from step `first` on, without end."""
        # Forked processes would inherit the threads and the CUDA state of this one, and may hang.
        context = "spawn" if workers else None
        steps = _CountFrom(first)
        return DataLoader(
            self, batch_size=None, sampler=steps, num_workers=workers, multiprocessing_context=context
        )


@dataclass(frozen=True)
class _CountFrom:
    """Step numbers without end."""

    first: int

    def __iter__(self) -> Iterator[int]:
        return count(self.first)


def mixed_seed(*numbers: int) -> int:
    """One seed from several numbers; neighbours have nothing in common."""
    state = np.random.SeedSequence([number % 2**32 for number in numbers]).generate_state(1, np.uint64)[0]
    return int(state >> np.uint64(1))
