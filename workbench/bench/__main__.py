"""python -m workbench.bench fit|viewer [--photo FILE] [--json FILE] [--readme FILE]"""

import argparse
import json
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from workbench.bench import fit, viewer
from workbench.bench.measure import table
from workbench.threads import limit_threads, thread_count

BENCHES = {"fit": fit.run, "viewer": viewer.run}
NOTES = {"fit": "CPU time, {threads} thread(s), median over runs", "viewer": viewer.NOTE}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one benchmark and print its table; returns the exit code, 1 when it could not run."""
    parser = argparse.ArgumentParser(prog="python -m workbench.bench", description=__doc__)
    parser.add_argument("bench", choices=BENCHES)
    parser.add_argument("--photo", type=Path, help="a photo with one person, instead of the sample picture")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows here too")
    parser.add_argument("--readme", type=Path, metavar="FILE", help="put the table into this Markdown file")
    options = parser.parse_args(argv)
    try:
        if options.runs < 1:
            raise ValueError(f"--runs must be at least 1; got {options.runs}.")
        limit_threads()
        if options.readme:
            replace_table(options.readme, options.bench, None)  # before minutes of measuring
        rows = BENCHES[options.bench](options.photo, options.runs)
        text = f"{table(rows)}\n\n{_machine(options.bench)}"
        print(text)
        if options.json:
            options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
        if options.readme:
            replace_table(options.readme, options.bench, text)
    except (OSError, RuntimeError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


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
