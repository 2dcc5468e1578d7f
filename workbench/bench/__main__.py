"""python -m workbench.bench fit [--photo FILE] [--json FILE] [--readme FILE]"""

import argparse
import json
import platform
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import torch

from workbench.bench import fit
from workbench.bench.measure import table
from workbench.threads import limit_threads

BENCHES = {"fit": fit.run}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one benchmark and print its table."""
    parser = argparse.ArgumentParser(prog="python -m workbench.bench", description=__doc__)
    parser.add_argument("bench", choices=BENCHES)
    parser.add_argument("--photo", type=Path, help="a photo with one person, instead of the sample picture")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the rows here too")
    parser.add_argument(
        "--readme", type=Path, metavar="FILE", help="replace the bench's table in this Markdown file"
    )
    options = parser.parse_args(argv)
    limit_threads()
    rows = BENCHES[options.bench](options.photo, options.runs)
    text = f"{table(rows)}\n\n{_machine()}"
    print(text)
    if options.json:
        options.json.write_text(json.dumps([asdict(row) for row in rows], indent=1) + "\n")
    if options.readme:
        _replace_table(options.readme, options.bench, text)
    return 0


def _machine() -> str:
    return (
        f"CPU time at one thread, median over runs; {platform.machine()}, "
        f"Python {platform.python_version()}, torch {torch.__version__}."
    )


def _replace_table(readme: Path, bench: str, text: str) -> None:
    pattern = rf"(<!-- bench:{bench} -->\n).*?(\n<!-- /bench -->)"
    old = readme.read_text()
    new, count = re.subn(pattern, lambda m: m[1] + text + m[2], old, flags=re.DOTALL)
    if count != 1:
        raise ValueError(
            f"{readme} must have one <!-- bench:{bench} --> ... <!-- /bench --> block; got {count}."
        )
    readme.write_text(new)


if __name__ == "__main__":
    sys.exit(main())
