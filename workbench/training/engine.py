"""One training loop for all methods, on one CPU, one GPU or many (Lightning Fabric).

What happens at a step depends on the seed and the step's number alone:

    data      generators seeded by (seed, step, block); blocks are shared out among the processes
    chance    torch's own generator, for dropout, seeded by (seed, step, process)
    schedule  how much of the given steps or minutes is done

so a training that was killed goes on from its checkpoint exactly as if nothing had happened, and two
processes do what one does. Whatever asks the clock does not repeat: the schedule, if minutes are given, and
when to validate, if those seconds are given. The checkpoint holds the settings; `saved_settings` reads them.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from workbench.training.average import WeightAverage
from workbench.training.checkpoint import CheckpointError, load_checkpoint, save_checkpoint
from workbench.training.data import StepData, mixed_seed
from workbench.training.settings import TrainSettings, learning_rate_share
from workbench.training.trainee import Batch, Trainee

Fabric = Any
"""lightning_fabric.Fabric, which whoever only runs methods need not have."""

CHECKPOINT = "checkpoint.pt"


@dataclass(eq=False)
class Run:
    """A training in progress: everything that changes, and nothing else."""

    model: nn.Module
    optimizer: torch.optim.Optimizer
    average: WeightAverage
    step: int = 0
    seconds: float = 0.0
    """Spent in training, over all of its sessions."""
    rows: list[dict[str, float]] = field(default_factory=list)
    """The curves: losses and metrics, each with its step."""
    best: float = float("inf")
    best_step: int = -1

    def state(self) -> dict[str, Any]:
        """For a checkpoint."""
        return {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "average": self.average.state(),
            **{name: getattr(self, name) for name in ("step", "seconds", "rows", "best", "best_step")},
        }

    def restore(self, state: dict[str, Any]) -> None:
        """From a checkpoint."""
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.average.restore(state["average"])
        for name in ("step", "seconds", "rows", "best", "best_step"):
            setattr(self, name, state[name])


@dataclass(frozen=True)
class Watchers:
    """Who is told what, on the first process only."""

    on_step: Callable[[int, float, dict[str, float]], object] = lambda step, done, losses: None
    """After each step: its number, the share that is done, and the losses."""
    on_best: Callable[[Run, dict[str, float]], bool] = lambda run, metrics: True
    """The averaged weights are better than all before: they lie in `run.average.values`. False says that they
    could not be kept, and do not count as the best, so that the next ones get their chance."""
    on_rows: Callable[[list[dict[str, float]]], object] = lambda rows: None
    """The curves have grown by a validation."""
    on_trouble: Callable[[str], object] = print
    """Something went wrong that need not end the training."""


def train(
    trainee: Trainee,
    settings: TrainSettings,
    folder: Path,
    fabric: Fabric,
    resume: bool = False,
    watchers: Watchers | None = None,
    start: Callable[[nn.Module], object] | None = None,
) -> Run:
    """Train until the steps or minutes are over.

    Args:
        trainee: what to train.
        settings: how long and how.
        folder: where the checkpoint is.
        fabric: launched; says which devices there are and how they share the work.
        resume: go on from the folder's checkpoint.
        watchers: who is told.
        start: puts weights into the fresh network; not called when a checkpoint has them.

    Raises:
        CheckpointError: there is a checkpoint already and resume is off, it cannot be used, or the last one
            could not be written.
        ValueError: the blocks cannot be shared among the processes.
        FloatingPointError: the loss is not finite.
    """
    _check_processes(settings, fabric)
    place = folder / CHECKPOINT
    if place.exists() and not resume:
        raise CheckpointError(
            f"{place} is the checkpoint of an earlier training. Go on with it (--resume), or start another "
            "one in another folder (--out)."
        )
    torch.manual_seed(settings.seed)
    model = trainee.model()
    if start and not resume:
        start(model)
    average = WeightAverage(model.to(fabric.device), settings.average_steps)
    optimizer = torch.optim.AdamW(_groups(model, settings.weight_decay), lr=settings.learning_rate)
    run = Run(model, optimizer, average)
    if resume:
        state = load_checkpoint(place, trainee.method, trainee.preset)
        _require_same_data(state["settings"], settings)
        run.restore(state)
    wrapped, wrapped_optimizer = fabric.setup(_Losses(trainee, model), optimizer)
    _Loop(trainee, settings, place, fabric, run, watchers or Watchers()).go(wrapped, wrapped_optimizer)
    return run


class _Untouched:
    """A batch that Fabric does not look into: in lower precision it would write to frozen dataclasses."""

    def __init__(self, batch: Batch):
        self.batch = batch


class _Losses(nn.Module):
    """A network with its losses: what Fabric calls as one, in the precision and with the processes it has."""

    def __init__(self, trainee: Trainee, network: nn.Module):
        super().__init__()
        self.trainee = trainee
        self.network = network

    def forward(self, held: _Untouched) -> tuple[Tensor, dict[str, Tensor]]:
        return self.trainee.loss(self.network, held.batch)


@dataclass(eq=False)
class _Loop:
    trainee: Trainee
    settings: TrainSettings
    place: Path
    fabric: Fabric
    run: Run
    watchers: Watchers
    saved_s: float = 0.0
    validated_s: float = 0.0

    def go(self, model: nn.Module, optimizer: Any) -> None:
        """Steps until done."""
        run, earlier_s, began = self.run, self.run.seconds, time.perf_counter()
        self.saved_s = self.validated_s = run.seconds
        done, ended = self._done(), run.step
        batches = self._batches() if done < 1 else iter(())
        while done < 1:
            losses = self._step(model, optimizer, next(batches).to(self.fabric.device), done)
            run.step += 1
            run.seconds = earlier_s + time.perf_counter() - began
            done = self._done()
            if self.fabric.is_global_zero:
                self.watchers.on_step(run.step, done, losses)
                self._look_after(losses, done)
        if self.fabric.is_global_zero and run.step > ended:
            self._save(last=True)
        self.fabric.barrier()

    def _step(self, model: nn.Module, optimizer: Any, batch: Batch, done: float) -> dict[str, float]:
        settings, fabric = self.settings, self.fabric
        for group in optimizer.param_groups:
            group["lr"] = settings.learning_rate * learning_rate_share(done)
        torch.manual_seed(mixed_seed(settings.seed, self.run.step, 1 + fabric.global_rank))
        model.train()
        loss, terms = model(_Untouched(batch))
        optimizer.zero_grad()
        fabric.backward(loss)
        norm = fabric.clip_gradients(model, optimizer, max_norm=settings.clip, error_if_nonfinite=False)
        losses = {"loss": float(loss.detach())} | {name: float(v.detach()) for name, v in terms.items()}
        if not np.isfinite([losses["loss"], float(norm)]).all():
            raise FloatingPointError(
                f"The loss is {losses['loss']} and the gradient {float(norm)} at step {self.run.step}. "
                + _way_on(self.place, "a smaller --learning-rate")
            )
        optimizer.step()
        self.run.average.update(self.run.model)
        return losses

    def _batches(self) -> Iterator[Batch]:
        """This process's part of every batch from the next one on."""
        fabric, workers = self.fabric, self.settings.workers
        device = torch.device("cpu") if workers else fabric.device
        data = StepData(self.trainee, self.settings, fabric.global_rank, fabric.world_size, device)
        return iter(data.loader(self.run.step, workers))

    def _done(self) -> float:
        """The share that is done, the same for all processes."""
        settings, run = self.settings, self.run
        shares = [run.step / settings.steps] if settings.steps else []
        if settings.minutes:
            seconds = self.fabric.broadcast(run.seconds) if self.fabric.world_size > 1 else run.seconds
            shares.append(seconds / (60 * settings.minutes))
        return min(1.0, max(shares))

    def _look_after(self, losses: dict[str, float], done: float) -> None:
        """Curves, validation and checkpoint, when their time has come."""
        run, settings = self.run, self.settings
        if run.step % max(1, run.step // 200) == 0:  # ever fewer rows: a curve has some hundred points
            run.rows.append({"step": float(run.step), **losses})
        if done >= 1 or settings.validation_is_due(run.step, run.seconds - self.validated_s):
            self._validate()
            self.validated_s = run.seconds
        if done < 1 and run.seconds - self.saved_s >= settings.checkpoint_s:
            self._save()
            self.saved_s = run.seconds

    def _validate(self) -> None:
        run = self.run
        now = {name: value.clone() for name, value in run.model.state_dict().items()}
        run.model.load_state_dict(run.average.values)
        run.model.eval()
        with torch.no_grad():
            metrics = self.trainee.validate(run.model)
        run.model.load_state_dict(now)
        samples = float(run.step * self.settings.batch)
        run.rows.append({"step": float(run.step), "samples": samples, "seconds": run.seconds, **metrics})
        value = metrics[self.trainee.metric]
        if value < run.best and self.watchers.on_best(run, metrics):
            run.best, run.best_step = value, run.step
        self.watchers.on_rows(run.rows)

    def _save(self, last: bool = False) -> None:
        try:
            state = self.run.state() | {"settings": asdict(self.settings)}
            save_checkpoint(self.place, self.trainee.method, self.trainee.preset, state)
        except CheckpointError as error:
            if last:
                raise
            self.watchers.on_trouble(f"{error} Training goes on; the next checkpoint is tried as usual.")


def _groups(model: nn.Module, weight_decay: float) -> list[dict[str, Any]]:
    """Matrices decay; biases, norms and learned vectors do not."""
    wanted = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in wanted if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in wanted if p.ndim < 2], "weight_decay": 0.0},
    ]


def saved_settings(folder: Path, trainee: Trainee) -> tuple[TrainSettings, int]:
    """What the folder's checkpoint was trained with, and its step.

    Raises:
        CheckpointError: there is none, or it cannot be used.
    """
    state = load_checkpoint(folder / CHECKPOINT, trainee.method, trainee.preset)
    return TrainSettings(**state["settings"]), state["step"]


def _way_on(place: Path, change: str) -> str:
    """What to do after a training that broke."""
    if place.exists():
        return f"The last checkpoint is intact: go on from it with --resume and {change}."
    return f"There is no checkpoint yet: look at the data, or start again with {change}."


def _require_same_data(earlier: dict[str, Any], settings: TrainSettings) -> None:
    """What decides which samples each step sees must not change."""
    now = {"seed": settings.seed, "batch": settings.batch, "blocks": settings.blocks}
    if changed := [name for name in now if now[name] != earlier[name]]:
        said = ", ".join(f"{name} {earlier[name]} (now {now[name]})" for name in changed)
        raise CheckpointError(
            f"The checkpoint was made with {said}. Go on with the same, or start another training in another "
            "folder (--out)."
        )


def _check_processes(settings: TrainSettings, fabric: Fabric) -> None:
    if settings.blocks % fabric.world_size:
        raise ValueError(
            f"{fabric.world_size} processes cannot share a batch of {settings.blocks} blocks evenly; set "
            f"--blocks {fabric.world_size} or a multiple of it."
        )
