"""python -m workbench.synth keys|poses FILE.png   draw a contact sheet of key poses, or of sampled poses

python -m workbench.synth scenes FILE.png          draw a contact sheet of made-up photos
python -m workbench.synth found                    how well the people finder finds the people in them
python -m workbench.synth speed                    poses per second on one core
python -m workbench.synth noise                    the model of the finder's errors, beside the finder's own
python -m workbench.synth fit-noise --out FILE     such a model fitted anew, and compared on scenes held out
"""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from workbench.synth.compiled import compile_keys, floor_of
from workbench.synth.figure import open_figure
from workbench.synth.found import matches, report
from workbench.synth.keys import ACTIONS
from workbench.synth.noise_model import fitted_noise
from workbench.synth.noise_report import (
    COMPARED_ON,
    FITTED_TO,
    ONE_IN,
    comparison,
    finds_in_scenes,
    fitted_to,
)
from workbench.synth.poses import SPLITS, Poses, Split, sample_poses
from workbench.synth.scene_sheet import scene_sheet
from workbench.synth.sets import SETS, make_scene
from workbench.synth.sheet import contact_sheet
from workbench.threads import limit_threads


def main(argv: Sequence[str] | None = None) -> int:
    """Draw or measure; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m workbench.synth", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    keys = commands.add_parser("keys", help="the poses written by hand")
    keys.add_argument("file", type=Path)
    keys.add_argument("--action", choices=[action.name for action in ACTIONS], help="only this activity")
    poses = commands.add_parser("poses", help="poses as training sees them")
    poses.add_argument("file", type=Path)
    speed = commands.add_parser("speed", help="CPU time of sampling, at one thread")
    noise = commands.add_parser(
        "fit-noise", help="fit the noise of landmarks, and compare it on scenes held out"
    )
    noise.add_argument("--scenes", type=int, default=600)
    noise.add_argument("--out", type=Path, required=True, metavar="FILE", help="for the new model")
    compared = commands.add_parser(
        "noise", help="compare the shipped noise of landmarks with the real finder's"
    )
    compared.add_argument("--scenes", type=int, default=100)
    for command, count in ((poses, 32), (speed, 8192)):
        command.add_argument("--count", type=int, default=count)
        command.add_argument("--seed", type=int, default=0)
        command.add_argument("--split", choices=SPLITS, default="train")
    scenes = commands.add_parser("scenes", help="made-up photos")
    scenes.add_argument("file", type=Path)
    scenes.add_argument("--backgrounds", type=Path, help="a folder of pictures without people")
    scenes.add_argument("--depth", action="store_true", help="depth instead of colours")
    found = commands.add_parser("found", help="look for the people with the finder for real photos")
    for command, kind in ((scenes, "test"), (found, "validation")):
        command.add_argument("--kind", choices=SETS, default=kind)
        command.add_argument("--count", type=int, default=64)
        command.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    try:
        limit_threads()
        if options.command == "speed":
            print(f"{_poses_per_s(options.count, options.seed, options.split):.0f} poses per CPU second")
        elif options.command == "fit-noise":
            print(fit_noise(options.scenes, options.out))
        elif options.command == "noise":
            shown = finds_in_scenes(range(options.scenes), COMPARED_ON, _tell)
            print(comparison(shown, fitted_noise()))
        elif options.command == "scenes":
            draw_scenes(options)
        elif options.command == "found":
            seeds = range(options.seed, options.seed + options.count)
            print(report(list(matches(make_scene(seed, options.kind) for seed in seeds))))
        elif options.command == "keys":
            draw_keys(options.file, options.action)
        else:
            draw_poses(options.file, sample_poses(options.count, options.seed, options.split))
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def draw_keys(file: Path, action: str | None = None) -> None:
    """A sheet of all key poses, or of one activity's."""
    keys = [key for each in ACTIONS if action in (None, each.name) for key in each.keys]
    figure, table = open_figure(), compile_keys(keys)
    floor = floor_of(figure, table.rotations, table.floor)
    sheet = contact_sheet(figure.body, table.rotations, floor, [key.name for key in keys])
    Image.fromarray(sheet).save(file)


def draw_poses(file: Path, poses: Poses) -> None:
    """A sheet of sampled poses."""
    titles = [poses.actions[action] for action in poses.action.tolist()]
    sheet = contact_sheet(open_figure().body, poses.rotations, poses.floor_m, titles)
    Image.fromarray(sheet).save(file)


def draw_scenes(options: argparse.Namespace) -> None:
    """A sheet of photos, or of what depth cameras see.

    Raises:
        ValueError: there is no folder for the file, or see `make_scene`.
    """
    if not options.file.resolve().parent.is_dir():
        raise ValueError(f"Expected a folder for the sheet; {options.file.parent} is none. Make it first.")
    seeds = range(options.seed, options.seed + options.count)
    made = [make_scene(seed, options.kind, options.backgrounds) for seed in seeds]
    Image.fromarray(scene_sheet(made, depth=options.depth)).save(options.file)


def fit_noise(scenes: int, out: Path) -> str:
    """Fit to the people found in scenes, write the model, and compare it on scenes of the validation set.

    Raises:
        ValueError: there is no folder to write to, or too few people were found.
    """
    if not out.parent.is_dir():  # told before an hour of drawing
        raise ValueError(f"Expected --out in a folder that exists; there is no {out.parent}.")
    shown = finds_in_scenes(range(scenes), FITTED_TO, _tell)
    others = finds_in_scenes(range(-(-scenes // ONE_IN)), COMPARED_ON, _tell)
    return fitted_to(shown, others, out, f"python -m workbench.synth fit-noise --scenes {scenes}")


def _tell(done: int) -> None:
    if done % 50 == 0:
        print(f"{done} scenes", file=sys.stderr)


def _poses_per_s(count: int, seed: int, split: Split) -> float:
    sample_poses(1, seed, split)  # what is made once
    before = time.process_time()
    sample_poses(count, seed, split)
    return count / (time.process_time() - before)


if __name__ == "__main__":
    sys.exit(main())
