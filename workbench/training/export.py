"""Trained weights as a file to give away: safetensors, and a model card that says where they come from."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from workbench.training.checkpoint import write_whole

FORMAT, VERSION = "hmr-workbench-weights", "1"


class BetterWeights(ValueError):
    """There are weights that are as good or better in the place where these should go."""


class OtherWeights(ValueError):
    """There are weights of something else in the place where these should go."""


@dataclass(frozen=True)
class Card:
    """Where weights come from."""

    method: str
    preset: str
    metric: str
    """The number by which weights are compared; lower is better."""
    metrics: Mapping[str, float]
    """On the validation set."""
    data: str
    step: int
    samples: int
    minutes: float
    settings: str
    licence: str
    command: str
    machine: str
    earlier: str = ""
    """Trainings that these weights went through before this one, a line each."""

    @property
    def history(self) -> str:
        """The trainings, a line each, this one last."""
        told = f"`{self.command}`, commit `{commit()}`: {self.samples:,} samples in {self.step:,} steps"
        return f"{self.earlier}\n{told}".strip()

    @property
    def value(self) -> float:
        """Of the metric."""
        return self.metrics[self.metric]

    def metadata(self) -> dict[str, str]:
        """What the weights' file says of itself, so that file and card cannot be confused."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "method": self.method,
            "preset": self.preset,
            "metric": self.metric,
            "value": f"{self.value:.9g}",
            "step": str(self.step),
            "commit": commit(),
            "history": self.history,
        }

    def _before(self) -> list[str]:
        if not self.earlier:
            return []
        lines = [f"{place}. {line}" for place, line in enumerate(self.earlier.splitlines(), start=1)]
        return ["It started from the weights of an earlier training:", "", *lines, ""]

    def markdown(self, parameters: int) -> str:
        """The card for people."""
        rows = [f"| {name} | {value:.4g} |" for name, value in self.metrics.items()]
        return "\n".join(
            [
                f"# Weights of `{self.method}`, preset {self.preset}",
                "",
                f"**Data.** {self.data}",
                "",
                f"**Training.** {self.samples:,} samples in {self.step:,} steps, {self.minutes:.1f} minutes "
                f"on {self.machine}. {parameters:,} parameters; their running mean, stored as float16. "
                f"Settings: {self.settings}.",
                "",
                f"**Command.** `{self.command}`, commit `{commit()}`.",
                "",
                *self._before(),
                f"**Validation**, on people that training never sees; chosen by {self.metric}:",
                "",
                "| metric | value |",
                "|---|---|",
                *rows,
                "",
                f"**Licence.** {self.licence}",
                "",
            ]
        )


def export_weights(path: Path, weights: Mapping[str, Tensor], card: Card, overwrite: bool = False) -> Path:
    """Write weights and, beside them, their card.

    Args:
        path: of the .safetensors file; the card has the same name and ends in .md.
        weights: of the network; floating-point ones are stored in half precision.
        card: where they come from.
        overwrite: replace whatever is there.

    Returns:
        The path.

    Raises:
        BetterWeights: there are weights that are as good or better.
        OtherWeights: there are weights that are not of this method.
        OSError: the files could not be written; older ones are intact.
    """
    from safetensors.torch import save

    if path.exists() and not overwrite:
        require_own(path, card.method, card.preset, card.metric)
        _require_better(path, card)
    half = {
        name: value.detach()
        .cpu()
        .to(torch.float16 if value.is_floating_point() else value.dtype)
        .contiguous()
        for name, value in weights.items()
    }
    write_whole(path, save(half, card.metadata()))
    count = sum(value.numel() for value in half.values())
    write_whole(path.with_suffix(".md"), card.markdown(count).encode())
    return path


def told_history(path: Path) -> str:
    """The trainings that weights went through, as far as their file tells, a line each."""
    held = read_metadata(path)
    return held.get(
        "history", f"{path.name} of commit `{held.get('commit', 'unknown')}`, {held.get('step', '?')} steps"
    )


def read_metadata(path: Path) -> dict[str, str]:
    """What a file of weights says of itself; empty if it is not ours."""
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, "pt") as file:
            said = file.metadata() or {}
    except (SafetensorError, OSError):
        return {}
    return said if said.get("format") == FORMAT else {}


def require_own(path: Path, method: str, preset: str, metric: str) -> None:
    """Refuse a place that holds weights of something else, best before a training begins.

    Raises:
        OtherWeights: they are of another method, preset or metric, or not of the workbench's training.
    """
    if not path.exists():
        return
    said = read_metadata(path)
    if (said.get("method"), said.get("preset"), said.get("metric")) == (method, preset, metric):
        return
    held = "no weights of the workbench's training"
    if said:
        held = f"{said['method']}, preset {said['preset']}, chosen by {said['metric']}"
    raise OtherWeights(
        f"{path} holds {held}, and these are of {method}, preset {preset}, chosen by {metric}. Name another "
        "folder, or say --overwrite."
    )


def _require_better(path: Path, card: Card) -> None:
    """Better, or the very same, whose card may have been lost between the two files."""
    said, own = read_metadata(path), card.metadata()
    if all(said[key] == own[key] for key in ("value", "step", "commit")):
        return
    there, here = float(said["value"]), float(own["value"])
    if there <= here:
        held = "weights that are as good" if there == here else "better weights"
        raise BetterWeights(
            f"{path} holds {held}: {card.metric} {there:.4g}, these have {here:.4g}. They are kept; "
            "--overwrite replaces them."
        )


@lru_cache(maxsize=1)
def commit() -> str:
    """The commit of the code that runs, with a + if files differ from it; "unknown" outside a checkout.

    Asked for once, when a program starts: the checkout may change while it trains.
    """
    try:
        _git(
            "ls-files", "--error-unmatch", Path(__file__).name
        )  # else an installed copy, in some other checkout
        changed = "+" if _git("status", "--porcelain", "-uno") else ""
        return _git("rev-parse", "--short=10", "HEAD") + changed
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*words: str) -> str:
    command = ["git", "-C", str(Path(__file__).resolve().parent), *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
