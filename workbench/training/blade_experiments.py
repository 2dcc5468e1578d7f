"""BLADE against the cameras that everyone assumes, and its ideas switched on and off, with one command.

python -m workbench.training.blade_experiments [--json FILE] [--card FILE] [--out DIR]

    heuristics    one body of the landmark regressor before the focal lengths that five systems assume; and
                  BLADE after its second stage, after all three, with its pose refined besides, and with the
                  true distance told
    conditioning  the second stage: the frozen network alone, its copy trained without Tz, the shipped one
                  told the first stage's Tz, and told the true one
    channels      the first stage with some of what it reads switched off
    solver        the third stage with masks and distances that are off; landmarks count besides, as they
                  do on the Photo tab

People are those of `close_people.CLOSE`, and of the split "test". The network without Tz is trained here,
some ten minutes on one core, with the shipped one's settings; its checkpoint lies in DIR, and what was
interrupted goes on from there. Both are running means of a training's weights: the twin's last,
the shipped one's best on validation.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

import torch
from torch import Tensor

from workbench.body.light import open_light_body
from workbench.methods.blade import load_pose, load_tz
from workbench.networks.observations import Observations
from workbench.networks.tz_conditioned import TzPose
from workbench.networks.tz_open import READS
from workbench.threads import limit_threads
from workbench.training.blade_cameras import Errors, by_heuristic, by_solver
from workbench.training.blade_pose import MEASURED_VERTICES, BladePoseTrainee, pose_errors
from workbench.training.blade_tz import tz_errors
from workbench.training.close_people import CLOSE, to_measure
from workbench.training.engine import CHECKPOINT, train
from workbench.training.export import commit
from workbench.training.hmr_experiments import write_section
from workbench.training.settings import TrainSettings

TWIN = TrainSettings(
    steps=1800, batch=256, blocks=1, learning_rate=5e-4, precision="bf16-mixed", validate_s=150.0
)
"""Those of the shipped second stage."""
CHANNELS: Mapping[str, tuple[str, ...]] = {
    "nothing": (),
    "camera facts": ("camera",),
    "2D landmarks": ("landmarks", "camera"),
    "mask": ("mask", "camera"),
    "2D and metric landmarks": ("landmarks", "metric", "camera"),
    "all": READS,
}
PEOPLE = 240
"""Scenes, of which some people are not found."""
DRAWN = 2048
"""People of "conditioning" and "channels", who need no scenes."""


def by_conditioning(folder: Path, people: int) -> dict[str, Errors]:
    """Errors of the pose with and without Tz."""
    truth = to_measure(people, "test")
    base, shipped = load_pose()
    true = truth.people.pelvis_camera_m[:, 2]
    networks = {
        "frozen network": (TzPose(base), true),  # which answers as its base whatever it is told
        "copy without Tz": (twin(folder), true),
        "copy with the first stage's Tz": (shipped, _found_tz(truth.known.observations)),
        "copy with the true Tz": (shipped, true),
    }
    body = open_light_body(1)
    with torch.no_grad():
        return {
            name: pose_errors(network.eval()(base, truth.known.observations, body, tz_m)[-1], truth.known)
            for name, (network, tz_m) in networks.items()
        }


def by_channels(people: int) -> dict[str, Errors]:
    """Errors of the first stage when it sees less."""
    network, truth = load_tz().eval(), to_measure(people, "test")
    return {name: tz_errors(network, truth, channels) for name, channels in CHANNELS.items()}


def twin(folder: Path) -> TzPose:
    """The second stage that is never told Tz, trained here or before: its last running mean."""
    from lightning_fabric import Fabric  # which whoever only runs methods need not have

    fabric = Fabric(accelerator="cpu", devices=1, precision="bf16-mixed")
    run = train(BladePoseTrainee(with_tz=False), TWIN, folder, fabric, resume=(folder / CHECKPOINT).exists())
    network = TzPose(load_pose()[0], with_tz=False)
    network.load_state_dict(run.average.values)
    return network


def _found_tz(observations: Observations) -> Tensor:
    with torch.no_grad():
        return load_tz().eval()(observations)


def experiments(
    folder: Path, people: int = PEOPLE, drawn: int = DRAWN, only: Sequence[str] = ()
) -> dict[str, dict[str, Errors]]:
    """Errors by experiment and condition.

    Args:
        folder: for the network without Tz.
        people: scenes of "heuristics"; a third of them for "solver".
        drawn: people of "conditioning" and "channels".
        only: names of experiments; all if empty.

    Raises:
        WeightsMissing: there are no weights of BLADE to measure.
    """
    makers = {
        "heuristics": partial(by_heuristic, people),
        "conditioning": partial(by_conditioning, folder, drawn),
        "channels": partial(by_channels, drawn),
        "solver": partial(by_solver, people // 3),
    }
    return {name: make() for name, make in makers.items() if not only or name in only}


CAPTION = (
    "**Experiments** (`python -m workbench.training.blade_experiments`), on people of the split test, "
    f"{CLOSE.tz_m[0]:g} to {CLOSE.tz_m[1]:g} m away through lenses of {CLOSE.lens_mm[0]:g} to "
    f"{CLOSE.lens_mm[1]:g} mm, whom the finder finds. Scenes for cameras, with true outlines; people without "
    f"pictures for pose and channels, whose PVE is of {MEASURED_VERTICES} vertices. The network without Tz "
    'has its training\'s last weights, the shipped one its best on validation. In "solver" landmarks count '
    "beside the outline."
)
COLUMNS = {
    "e_tz_m": "E_Tz m",
    "e_inv_tz": "E_1/Tz",
    "e_txy_m": "E_Txy m",
    "e_f": "E_f",
    "e_f_median": "E_f median",
    "pve_mm": "PVE mm",
    "pa_mpjpe_mm": "PA-MPJPE mm",
    "miou": "mIoU",
}


def table(found: Mapping[str, Mapping[str, Errors]]) -> str:
    """For a model card."""
    lines = [
        f"| experiment | condition | {' | '.join(COLUMNS.values())} |",
        "|---" * (len(COLUMNS) + 2) + "|",
    ]
    for experiment, conditions in found.items():
        for condition, errors in conditions.items():
            numbers = " | ".join(f"{errors[name]:.3g}" if name in errors else "" for name in COLUMNS)
            lines.append(f"| {experiment} | {condition} | {numbers} |")
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the experiments and print their table; returns 0, or 1 when they could not be done."""
    options = _parse(argv)
    try:
        limit_threads()
        found = experiments(options.out, options.people, options.drawn, options.only)
        print(table(found))
        if options.card:
            write_section(options.card, table(found), CAPTION)
        if options.json:
            words = shlex.join(options.words)
            told = {
                "command": f"python -m workbench.training.blade_experiments {words}".strip(),
                "commit": commit(),
                "scenes": options.people,
                "drawn": options.drawn,
                "experiments": found,
            }
            options.json.write_text(json.dumps(told, indent=1) + "\n")
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m workbench.training.blade_experiments",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    add("--card", type=Path, metavar="FILE", help="put the table into this model card, too")
    add("--out", type=Path, metavar="DIR", default=Path("runs/blade_twin"), help="for the network without Tz")
    add("--people", type=int, default=PEOPLE, help=f"scenes to measure on; default: {PEOPLE}")
    add("--drawn", type=int, default=DRAWN, help=f"people without scenes; default: {DRAWN}")
    add("--only", nargs="+", default=(), choices=("heuristics", "conditioning", "channels", "solver"))
    words = sys.argv[1:] if argv is None else argv
    return parser.parse_args(words, argparse.Namespace(words=words))


if __name__ == "__main__":
    sys.exit(main())
