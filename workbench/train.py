"""Command line: train a method on people of the project's own making.

python -m workbench.train METHOD [--preset open|paper] [--minutes N] [--resume]

The same on one CPU, one GPU or many. All GPUs of a machine are used by themselves; several machines, or
several processes on a CPU, by Fabric's launcher:

fabric run --accelerator=cpu --strategy=ddp --devices=2 workbench/train.py METHOD --minutes 10

In DIR lie checkpoint.pt, from which --resume goes on; METHOD.safetensors and METHOD.md, the best weights with
their card; and curves.html.
"""

import argparse
import os
import platform
import shlex
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import nn

from workbench.threads import limit_threads
from workbench.training import TRAINEES, load_trainee
from workbench.training.engine import CHECKPOINT, Run, Watchers, saved_settings, train
from workbench.training.export import BetterWeights, Card, commit, export_weights, require_own, told_history
from workbench.training.settings import VALIDATE_S, VALIDATIONS, TrainSettings
from workbench.training.trainee import Trainee

LAUNCHER = ("accelerator", "strategy", "devices", "num_nodes", "precision")
"""What `fabric run` passes on by the environment."""
SPLITS = ("validation", "test", "ood")
MINUTES = 10.0
"""Of a training that is not told how long."""


def main(argv: Sequence[str] | None = None) -> int:
    """Train or evaluate; returns 0, or 1 when it could not be done."""
    options = _parse(argv)
    try:
        limit_threads()
        trainee = load_trainee(options.method, options.preset)
        if options.evaluate:
            _evaluate(trainee, options)
        else:
            _train(trainee, options)
    except (FloatingPointError, OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        kept = (options.out / CHECKPOINT).exists()
        said = "Go on from the last checkpoint with --resume." if kept else "There was no checkpoint yet."
        print(f"Stopped. {said}", file=sys.stderr)
        return 1
    return 0


def _train(trainee: Trainee, options: argparse.Namespace) -> None:
    settings, earlier = _settings(trainee, options)
    fabric = launched_fabric(options.accelerator, options.devices, settings.precision)
    if not options.overwrite:
        require_own(_weights(options), trainee.method, trainee.preset, trainee.metric)
    options.out.mkdir(parents=True, exist_ok=True)
    commit()  # of the code as it is now
    from tqdm import tqdm

    from workbench.figures.training_curves import write_training_page

    def on_step(step: int, done: float, losses: dict[str, float]) -> None:
        bar.set_postfix_str(f"step {step}, loss {losses['loss']:.4g}", refresh=False)
        bar.update(round(1000 * done) - bar.n)

    def on_rows(rows: list[dict[str, float]]) -> None:
        write_training_page(options.out / "curves.html", rows, f"{trainee.method}, preset {trainee.preset}")

    form = "{percentage:3.0f}%|{bar}| {elapsed}<{remaining}{postfix}"
    with tqdm(total=1000, bar_format=form, disable=not fabric.is_global_zero) as bar:
        export = _Exporter(
            trainee,
            settings,
            _weights(options),
            options.overwrite,
            command=_command(options.words),
            machine=_machine(fabric.device),
            earlier=told_history(options.start) if options.start else "",
            say=bar.write,
        )
        watchers = Watchers(on_step, export, on_rows, bar.write)
        start = partial(_load, path=options.start, method=trainee.method) if options.start else None
        run = train(trainee, settings, options.out, fabric, options.resume, watchers, start)
    if export.failed < run.best:
        raise OSError(
            f"The best weights ({trainee.metric} {export.failed:.4g}) could not be written to "
            f"{_weights(options)}. Make room, and train on: --resume, with more --steps or --minutes."
        )
    if fabric.is_global_zero:
        best = f"best {trainee.metric} {run.best:.4g} at step {run.best_step}"
        print(f"{run.step} steps; {best}. See {options.out}/")
        if run.step == earlier:
            print(
                "This training had ended already. To train on, say for how many --steps or --minutes in all."
            )


def _settings(trainee: Trainee, options: argparse.Namespace) -> tuple[TrainSettings, int | None]:
    """Those of the checkpoint, if there is one to go on from, changed by the command line; and its step."""
    names = {field.name for field in fields(TrainSettings)}
    given: dict[str, Any] = {name: value for name, value in vars(options).items() if name in names}
    if launched := os.environ.get("LT_PRECISION"):  # `fabric run` keeps this option for itself
        given["precision"] = launched
    new_length = "steps" in given or "minutes" in given
    if not options.resume:
        given.setdefault("minutes", None if new_length else MINUTES)
        return TrainSettings(**given), None
    saved, step = saved_settings(options.out, trainee)
    if new_length:
        given = {"steps": None, "minutes": None} | given
    return replace(saved, **given), step


def launched_fabric(accelerator: str, devices: str, precision: str) -> Any:
    """Lightning Fabric with its processes running.

    Raises:
        ValueError: it is not installed, or cannot have what was asked for.
    """
    try:
        import tqdm  # noqa: F401  (missed here rather than later)
        from lightning_fabric import Fabric
        from lightning_fabric.utilities.exceptions import MisconfigurationException
    except ModuleNotFoundError as error:
        raise ValueError(
            f"Training needs {error.name}, which is missing: python -m pip install lightning-fabric tqdm"
        ) from None
    many: Any = int(devices) if devices.isdecimal() else devices
    chosen: Any = {"accelerator": accelerator, "devices": many, "precision": precision}
    # What the launcher `fabric run` was told comes by the environment, and must not be said twice.
    told = {name: value for name, value in chosen.items() if value not in ("auto", "32-true")}
    try:
        fabric = Fabric(**told)
        if "LT_CLI_USED" not in os.environ:  # else `fabric run` has started the processes
            fabric.launch()
    except (RuntimeError, TypeError, ValueError, MisconfigurationException) as error:
        asked = ", ".join(f"{name} {value}" for name, value in told.items())
        raise ValueError(f"This machine cannot train with {asked}: {str(error).splitlines()[0]}") from error
    return fabric


@dataclass(eq=False)
class _Exporter:
    """Puts the best weights in their place, with their card."""

    trainee: Trainee
    settings: TrainSettings
    path: Path
    overwrite: bool
    command: str
    machine: str
    earlier: str
    say: Callable[[str], object]
    failed: float = float("inf")
    """The best value among weights that could not be written."""

    def __call__(self, run: Run, metrics: dict[str, float]) -> bool:
        """Whether these weights are in their place, or better ones are."""
        card = self._card(run, metrics)
        try:
            export_weights(self.path, run.average.values, card, self.overwrite)
        except BetterWeights as error:
            self.say(str(error))
        except OSError as error:
            self.failed = min(self.failed, card.value)
            self.say(
                f"{self.path} could not be written: {error}. Training goes on; the next better one is tried."
            )
            return False
        else:
            self.say(f"step {run.step}: {_line(metrics)}")
        return True

    def _card(self, run: Run, metrics: dict[str, float]) -> Card:
        trainee, settings = self.trainee, self.settings
        said = ", ".join(f"{name} {value}" for name, value in asdict(settings).items() if value is not None)
        return Card(
            method=trainee.method,
            preset=trainee.preset,
            metric=trainee.metric,
            metrics=metrics,
            data=trainee.data,
            step=run.step,
            samples=run.step * settings.batch,
            minutes=run.seconds / 60,
            settings=said,
            licence=trainee.licence,
            command=self.command,
            machine=self.machine,
            earlier=self.earlier,
        )


def _command(words: Sequence[str]) -> str:
    """How to do the same again."""
    if "LT_CLI_USED" not in os.environ:
        return shlex.join(["python", "-m", "workbench.train", *words])
    told = {name: os.environ.get(f"LT_{name.upper()}") for name in LAUNCHER}
    said = [f"--{name.replace('_', '-')}={value}" for name, value in told.items() if value]
    return shlex.join(["fabric", "run", *said, "workbench/train.py", *words])


def _machine(device: torch.device) -> str:
    name = (
        torch.cuda.get_device_name(device) if device.type == "cuda" else f"{platform.machine()} {device.type}"
    )
    return f"{name}, torch {torch.__version__}"


def _evaluate(trainee: Trainee, options: argparse.Namespace) -> None:
    """Print the metrics of the folder's best weights."""
    model, path = trainee.model(), _weights(options)
    _load(model, path, trainee.method)
    model.eval()
    print(f"{path} on {options.evaluate}: {_line(trainee.validate(model, options.evaluate))}")


def _load(model: nn.Module, path: Path, method: str) -> None:
    from workbench.weights import load_state_dict

    try:
        model.load_state_dict({name: value.float() for name, value in load_state_dict(path).items()})
    except RuntimeError as error:
        reason = str(error).splitlines()[-1].strip()
        raise ValueError(f"{path} holds no weights of {method!r}: {reason}") from error


def _weights(options: argparse.Namespace) -> Path:
    return (options.weights or options.out) / f"{options.method}.safetensors"


def _line(metrics: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in metrics.items())


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m workbench.train",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    setting = partial(add, default=argparse.SUPPRESS)  # so that --resume can tell what was said
    standard = TrainSettings(minutes=MINUTES)
    add("method", help=f"one of: {', '.join(TRAINEES)}")
    add("--preset", default="open", choices=("open", "paper"))
    setting("--minutes", type=float, help="how long in all; 10 if neither this nor --steps is given")
    setting("--steps", type=int, help="instead, or as well; with steps alone every digit repeats")
    add("--resume", action="store_true", help="go on from the checkpoint in --out, with its settings")
    add("--start", type=Path, metavar="FILE", help="weights to start from; by default fresh ones")
    add("--out", type=Path, metavar="DIR", help="default: runs/METHOD")
    add("--weights", type=Path, metavar="DIR", help="where the best weights go; default: --out")
    add("--overwrite", action="store_true", help="replace weights there, even better ones")
    add(
        "--evaluate", choices=SPLITS, help="do not train: print the metrics of the best weights on this split"
    )
    setting("--batch", type=int, help=f"samples per step, over all processes; default: {standard.batch}")
    setting("--blocks", type=int, help="parts of a batch with random numbers of their own")
    setting("--learning-rate", type=float, help=f"the highest; default: {standard.learning_rate}")
    setting("--precision", choices=("32-true", "bf16-mixed"), help="bf16 where it is fast")
    add("--accelerator", default="auto", help="cpu, cuda, ...; by default the best there is")
    add("--devices", default="auto", help="how many; by default all GPUs, or one CPU")
    setting("--workers", type=int, help="processes that make data on the CPU; 0: on the device itself")
    setting("--checkpoint-s", type=float, metavar="SECONDS", help=f"default: {standard.checkpoint_s:.0f}")
    setting(
        "--validate-s",
        type=float,
        metavar="SECONDS",
        help=f"default: {VALIDATE_S:.0f}, or, with steps alone, {VALIDATIONS} times in all",
    )
    setting("--seed", type=int)
    words = sys.argv[1:] if argv is None else argv
    options = parser.parse_args(words, argparse.Namespace(words=words))
    options.out = options.out or Path("runs") / options.method
    return options


if __name__ == "__main__":
    sys.exit(main())
