"""Benchmarks.

python -m workbench.bench METHOD... [--set NAME] [--n PEOPLE]    how well methods do on made-up people
python -m workbench.bench fit|camera|synth|train_step|viewer     what the program costs
python -m workbench.bench --list                                 the methods, sets and costs there are
"""

import argparse
import json
import platform
import re
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from workbench.bench import camera, fit, methods, synth, train_step, viewer
from workbench.bench.measure import Row, aligned, table
from workbench.bench.methods import check_writable
from workbench.evaluation.joint_sets import JOINT_SETS
from workbench.methods import METHODS
from workbench.threads import limit_threads, thread_count

BENCHES: dict[str, Callable[[Path | None, int], list[Row]]] = {
    "fit": fit.run,
    "camera": camera.run,
    "synth": synth.run,
    "train_step": train_step.run,
    "viewer": viewer.run,
}
"""What costs can be measured, by name; none has the name of a method."""
NOTES = {
    "fit": "CPU time, {threads} thread(s), median over runs",
    "camera": camera.NOTE,
    "synth": synth.NOTE,
    "train_step": train_step.NOTE,
    "viewer": viewer.NOTE,
}
"""How each was measured, for the line below its table."""
DEFAULTS: dict[str, dict[str, Any]] = {
    "methods": {"set": "test", "n": methods.PEOPLE, "joints": "lsp14", "records": None},
    "costs": {"photo": None, "runs": 5},
}
"""Options that belong to one kind of benchmark only."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run benchmarks and print their tables; returns the exit code, 1 when they could not run."""
    options = _parser().parse_args(argv)
    try:
        _settle(options)
        limit_threads()
        if options.list:
            print("\n  ".join((f"{methods.listing()}\n\ncosts", *BENCHES)))
        elif options.what and options.what[0] in BENCHES:
            print(aligned(_cost(options.what[0], options)))
        elif options.what:
            print(aligned(_methods(options)))
        if options.published:
            print(aligned(methods.published()))
    except (OSError, RuntimeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m workbench.bench",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("what", nargs="*", metavar="NAME", help="methods, or one cost")
    parser.add_argument("--list", action="store_true", help="name the methods, sets and costs")
    parser.add_argument("--published", action="store_true", help="print the papers' own tables, apart")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the numbers here too")
    parser.add_argument("--readme", type=Path, metavar="FILE", help="put the table into this Markdown file")
    scored = parser.add_argument_group("of methods")
    scored.add_argument(
        "--set",
        metavar="NAME",
        help="a set, several with commas between, or all (default: test)",
    )
    scored.add_argument("--n", type=int, help=f"how many people of each set (default: {methods.PEOPLE})")
    scored.add_argument("--joints", choices=JOINT_SETS, help="what the joint errors measure (default: lsp14)")
    scored.add_argument("--records", type=Path, metavar="FILE", help="write a JSON line for each recovery")
    cost = parser.add_argument_group("of costs")
    cost.add_argument("--photo", type=Path, help="a photo with one person, instead of the sample picture")
    cost.add_argument("--runs", type=int, help="medians are over so many runs (default: 5)")
    return parser


def _settle(options: argparse.Namespace) -> None:
    """Fill in defaults, and refuse what cannot be done before anything is measured.

    Raises:
        OSError: a file cannot be written.
        ValueError: a name is unknown, or an option does not belong to what is asked for.
    """
    if not (options.what or options.list or options.published):
        raise ValueError(f"Name methods ({', '.join(METHODS)}) or a cost ({', '.join(BENCHES)}); or --list.")
    known = {**METHODS, **BENCHES}
    if unknown := [name for name in options.what if name not in known]:
        raise ValueError(
            f"There is no method or cost {', '.join(map(repr, unknown))}. Methods: {', '.join(METHODS)}; "
            f"costs: {', '.join(BENCHES)}."
        )
    costs = [name for name in options.what if name in BENCHES]
    if costs and len(options.what) > 1:
        raise ValueError(f"The cost {costs[0]!r} is measured by itself. Name it alone, or methods alone.")
    kind, other = ("costs", "methods") if costs else ("methods", "costs")
    if foreign := [name for name in DEFAULTS[other] if getattr(options, name) is not None]:
        raise ValueError(f"--{foreign[0]} belongs to {other}, and {kind} are asked for. Leave it out.")
    for name, value in DEFAULTS[kind].items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    for name in ("runs", "n"):
        count = getattr(options, name)
        if count is not None and count < 1:
            raise ValueError(f"--{name} must be at least 1; got {count}.")
    for path in (options.json, options.records):
        if path:
            check_writable(path)


def _methods(options: argparse.Namespace) -> str:
    if options.readme:
        replace_table(options.readme, "methods", None)  # before minutes of measuring
    records = methods.measure(options.what, options)
    if options.readme:
        asked = f"`{' '.join(options.what)} --set {options.set} --n {options.n}`"
        text = f"{methods.in_short(records)} Made by {asked}; torch {torch.__version__}."
        replace_table(options.readme, "methods", text)
    return methods.report(records)


def _cost(bench: str, options: argparse.Namespace) -> str:
    if options.readme:
        replace_table(options.readme, bench, None)  # before minutes of measuring
    rows = BENCHES[bench](options.photo, options.runs)
    text = f"{table(rows)}\n\n{_machine(bench)}"
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    if options.readme:
        replace_table(options.readme, bench, text)
    return text


def _machine(bench: str) -> str:
    how = NOTES[bench].format(threads=thread_count())
    return f"{how}; {platform.machine()}, Python {platform.python_version()}, torch {torch.__version__}."


def replace_table(readme: Path, bench: str, text: str | None) -> None:
    """Put a table between a file's markers for it; None only checks that they are there.

    Raises:
        ValueError: there is not exactly one pair of markers.
    """
    pattern = rf"(<!-- bench:{bench} -->\n).*?(\n<!-- /bench -->)"
    new, count = re.subn(pattern, lambda m: f"{m[1]}{text}{m[2]}", readme.read_text(), flags=re.DOTALL)
    if count != 1:
        raise ValueError(
            f"{readme} must hold one block <!-- bench:{bench} --> ... <!-- /bench -->; it holds {count}."
        )
    if text is not None:
        readme.write_text(new)


if __name__ == "__main__":
    sys.exit(main())
