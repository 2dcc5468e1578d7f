"""HMR's ideas switched on and off: three experiments on made-up people, with one command.

python -m workbench.training.hmr_experiments [--json FILE] [--out DIR]

    iterations    the shipped network after 0, 1, 2, 3 of its iterations, and after 6 and 10
    supervision   three small networks that read 2D landmarks alone, from one start, on the same people:
                  trained by reprojection; with the prior besides; with 3D besides
    channels      the shipped network with some of what it reads switched off, on people in colour: others
                  than those of "iterations", so that numbers of the two must not be compared

The small networks are trained here, some minutes each on one core; their checkpoints lie in DIR, and
what was interrupted goes on from there. Their weights lie there, too. The numbers are of the split "test",
with a finder's errors; the same seed gives the same.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from workbench.methods.hmr import STAGES, WEIGHTS, OpenHmr, load_network
from workbench.networks.observation_encoder import EncoderSettings
from workbench.threads import limit_threads
from workbench.training.engine import CHECKPOINT, train
from workbench.training.export import commit
from workbench.training.hmr import HmrTrainee, errors_by_iteration, people_to_measure
from workbench.training.hmr_losses import WEIGHTS as LOSSES
from workbench.training.made_up import KnownPeople, joined
from workbench.training.pictured import CHUNK, in_colour
from workbench.training.settings import TrainSettings
from workbench.weights import find, load_state_dict

Errors = Mapping[str, float]

ITERATIONS = (0, 1, 2, 3, 6, 10)
CHANNELS: Mapping[str, tuple[str, ...]] = {
    "landmarks": ("landmarks", "metric", "camera"),
    "landmarks, 2D alone": ("landmarks", "camera"),
    "mask": ("mask", "camera"),
    "rgb": ("rgb", "camera"),
    "landmarks and mask": ("landmarks", "metric", "camera", "mask"),
    "all": ("landmarks", "metric", "camera", "mask", "rgb"),
}
"""Windows are laid around the landmarks whatever is switched off, so "mask" and "rgb" are told a little more
than their pictures; camera facts are left to all."""
PRIOR = 0.1
"""Weight of the adversarial loss where reprojection alone stands against it."""
_FLAT = {name: weight * (name == "reprojection") for name, weight in LOSSES.items()}
SUPERVISION: Mapping[str, Mapping[str, float]] = {
    "2D": _FLAT,
    "2D + prior": _FLAT | {"adversarial": PRIOR},
    "2D + 3D + prior": LOSSES,
}
"""Weights of the losses."""
FILES = {"2D": "hmr_2d", "2D + prior": "hmr_2d_prior", "2D + 3D + prior": "hmr_3d_prior"}
READ_2D = ("landmarks", "camera")
SMALL = EncoderSettings(channels=READ_2D, width=256, blocks=2)
STEPS, BATCH = 1200, 256
PEOPLE = 2048


def main(argv: Sequence[str] | None = None) -> int:
    """Run the experiments and print their table; returns 0, or 1 when they could not be done."""
    options = _parse(argv)
    try:
        limit_threads()
        found = experiments(options.out, options.steps, options.people, options.only)
        print(table(found))
        if options.card:
            write_section(options.card, table(found))
        if options.json:
            words = shlex.join(options.words)
            told = {
                "command": f"python -m workbench.training.hmr_experiments {words}".strip(),
                "commit": commit(),
                "people": options.people,
                "samples": options.steps * BATCH,
                "experiments": found,
            }
            options.json.write_text(json.dumps(told, indent=1) + "\n")
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def experiments(
    folder: Path, steps: int = STEPS, people: int = PEOPLE, only: Sequence[str] = ()
) -> dict[str, dict[str, Errors]]:
    """Errors by experiment and condition.

    Args:
        folder: for the small networks.
        steps: of their training.
        people: to measure on.
        only: names of experiments; all if empty.

    Raises:
        WeightsMissing: there are no weights of HMR to measure.
    """
    makers = {
        "iterations": partial(by_iterations, people=people),
        "supervision": partial(by_supervision, folder, steps, people),
        "channels": partial(by_channels, people=people),
    }
    return {name: make() for name, make in makers.items() if not only or name in only}


def by_iterations(people: int) -> dict[str, Errors]:
    """Errors of the shipped network, as often as it is let to iterate."""
    errors = errors_by_iteration(_shipped(), people_to_measure(people, "test"), max(ITERATIONS))
    return {str(k): errors[k] for k in ITERATIONS}


def by_supervision(folder: Path, steps: int, people: int) -> dict[str, Errors]:
    """Train the small networks, or go on, and measure them; their weights are written into the folder.

    The network without a prior is stored with the discriminator of the one that has it, which can tell how
    real its bodies look.
    """
    truth = people_to_measure(people, "test", masks=False)
    truth = replace(truth, observations=truth.observations.only(READ_2D))
    networks = {name: trained(w, folder / FILES[name], steps) for name, w in SUPERVISION.items()}
    prior = networks["2D + prior"].discriminator.state_dict()
    networks["2D"].discriminator.load_state_dict(prior)  # its own has learned nothing
    for name, network in networks.items():
        told = {"method": "hmr", "trained by": name, "samples": str(steps * BATCH), "commit": commit()}
        state = {key: value.half().contiguous() for key, value in network.state_dict().items()}
        save_file(state, folder / f"{FILES[name]}.safetensors", told)
    return {name: errors_by_iteration(network, truth, STAGES)[-1] for name, network in networks.items()}


def trained(weights: Mapping[str, float], folder: Path, steps: int, **more: Any) -> OpenHmr:
    """A small network that reads 2D landmarks, trained with these losses; the running mean of its weights."""
    from lightning_fabric import Fabric  # which whoever only runs methods need not have

    _require_same(folder, {"steps": steps, "batch": BATCH, "losses": dict(weights)})
    trainee = HmrTrainee(weights=weights, channels=READ_2D, spoil=False, network=small_network, **more)
    settings = TrainSettings(steps=steps, batch=BATCH, blocks=1)
    fabric = Fabric(accelerator="cpu", devices=1)
    run = train(trainee, settings, folder, fabric, resume=(folder / CHECKPOINT).exists())
    network = small_network()
    network.load_state_dict(run.average.values)
    return network.eval()


def _require_same(folder: Path, told: Mapping[str, Any]) -> None:
    """A network that was trained otherwise must not be taken for this one."""
    file = folder / "training.json"
    if (folder / CHECKPOINT).exists():
        held = json.loads(file.read_text()) if file.exists() else "something unknown"
        if held != told:
            raise ValueError(
                f"{folder} holds a network of another training: {held}; this one is {told}. Ask for the "
                "same, or name another folder with --out."
            )
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(told) + "\n")


def small_network() -> OpenHmr:
    """Of the experiments: less than 3 MB."""
    return OpenHmr(SMALL, hidden=256)


def by_channels(people: int) -> dict[str, Errors]:
    """Errors of the shipped network when it sees less; people come in pictures, CHUNK at a time."""
    network = _shipped()
    truth = joined([in_colour(number, "test") for number in range(max(1, people // CHUNK))])
    return {name: _errors_seeing(network, truth, seen) for name, seen in CHANNELS.items()}


def _errors_seeing(network: OpenHmr, truth: KnownPeople, channels: Sequence[str]) -> Errors:
    seen = replace(truth, observations=truth.observations.only(channels))
    return errors_by_iteration(network, seen, STAGES)[-1]


def _shipped() -> OpenHmr:
    return load_network(load_state_dict(find(WEIGHTS))).eval()


CAPTION = (
    "**Experiments** (`python -m workbench.training.hmr_experiments`), on people of the split test whom the "
    'finder finds. "Channels" has other people than "iterations"; its windows are laid around the landmarks '
    'whatever is switched off. "Supervision" is of small networks that read 2D landmarks and camera facts.'
)


def table(found: Mapping[str, Mapping[str, Errors]]) -> str:
    """For a model card."""
    names = {
        "pa_mpjpe_mm": "PA-MPJPE mm",
        "mpjpe_mm": "MPJPE mm",
        "reprojection_pct": "landmarks in the window, %",
        "limit_violations": "joints beyond their range",
    }
    lines = [f"| experiment | condition | {' | '.join(names.values())} |", "|---" * (len(names) + 2) + "|"]
    for experiment, conditions in found.items():
        for condition, errors in conditions.items():
            numbers = " | ".join(f"{errors[name]:.3g}" for name in names)
            lines.append(f"| {experiment} | {condition} | {numbers} |")
    return "\n".join(lines)


def write_section(card: Path, text: str, caption: str = CAPTION) -> None:
    """Put the table and its caption into a model card, in place of older ones, before the licence.

    Raises:
        OSError: the card cannot be read or written.
        ValueError: it is not a card.
    """
    before, _, after = card.read_text().partition("**Licence.**")
    if not after:
        raise ValueError(f"{card} is no model card of this project: it has no paragraph **Licence.**")
    before = before.partition("**Experiments**")[0]
    card.write_text(f"{before}{caption}\n\n{text}\n\n**Licence.**{after}")


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m workbench.training.hmr_experiments",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    add("--card", type=Path, metavar="FILE", help="put the table into this model card, too")
    add(
        "--out", type=Path, metavar="DIR", default=Path("runs/hmr_experiments"), help="for the small networks"
    )
    add("--steps", type=int, default=STEPS, help=f"of their training, {BATCH} samples each; default: {STEPS}")
    add("--people", type=int, default=PEOPLE, help=f"to measure on; default: {PEOPLE}")
    add("--only", nargs="+", default=(), choices=("iterations", "supervision", "channels"))
    words = sys.argv[1:] if argv is None else argv
    return parser.parse_args(words, argparse.Namespace(words=words))


if __name__ == "__main__":
    sys.exit(main())
