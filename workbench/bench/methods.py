"""How well methods do on people with known answers: what the command line does when it is given methods."""

import argparse
import json
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from workbench.body import load_body
from workbench.evaluation.bench import (
    OnRecord,
    Record,
    Result,
    details,
    failures,
    run,
    summarise_records,
    table,
    write_results,
)
from workbench.evaluation.joint_sets import JOINT_SETS
from workbench.evaluation.published import PUBLISHED, markdown
from workbench.evaluation.score import Scorer
from workbench.evaluation.sets import SETS, samples, true_body
from workbench.method import Channel
from workbench.methods import METHODS, load_method

PEOPLE = 200
"""How many are measured unless another number is given."""


def measure(names: Sequence[str], options: argparse.Namespace) -> str:
    """Run methods over a set, write the files that are asked for, and answer with tables in Markdown.

    Args:
        names: of methods; one named twice runs once.
        options: set, n, joints, json, records.

    Raises:
        OSError: a file cannot be written, or a method's weights are missing; before anything is run.
        ValueError: no such method or set, or nobody to measure; before anything is run.
    """
    methods = [load_method(name) for name in dict.fromkeys(names)]
    reads: set[Channel] = {channel for method in methods for channel in method.info.reads}
    people = samples(options.set, options.n, reads)
    scorer = Scorer({body.topology: body for body in (load_body(), true_body())}, options.joints)
    count = progress(options.n * len(methods))
    with options.records.open("w") if options.records else nullcontext() as file:

        def tell(record: Record) -> None:
            count(record)
            if file:  # line by line, so that an interrupted run keeps what it has
                print(json.dumps(record.as_dict()), file=file, flush=True)

        records = run(methods, people, options.set, scorer, tell)
    results = summarise_records(records)
    if options.json:
        write_results(options.json, results)
    return report(results, records)


def report(results: Sequence[Result], records: Sequence[Record]) -> str:
    """Each method by itself, then all side by side, then what failed."""
    parts = [details(result) for result in results]
    if len(results) > 1:
        parts.append(table(results))
    return "\n\n".join(filter(None, (*parts, failures(records))))


def progress(total: int) -> OnRecord:
    """Tells on stderr how many of all are done: on a terminal in place, else ten lines."""
    done = failed = 0

    def tell(record: Record) -> None:
        nonlocal done, failed
        done, failed = done + 1, failed + bool(record.failure)
        here = sys.stderr.isatty()
        if here or done == total or done * 10 // total > (done - 1) * 10 // total:
            text = f"{done} of {total} recoveries, {failed} failed"
            print(f"\r{text}" if here else text, end="" if here and done < total else "\n", file=sys.stderr)

    return tell


def listing() -> str:
    """The methods, sets and joint sets there are, for people to read."""
    parts = {
        "methods": METHODS,
        "sets": SETS,
        "joint sets": [f"{name}: {joints.protocol}" for name, joints in JOINT_SETS.items()],
    }
    return "\n\n".join("\n  ".join((title, *names)) for title, names in parts.items())


def published() -> str:
    """The papers' tables, each with its citation and protocol."""
    return "\n\n".join(markdown(table) for table in PUBLISHED.values())


def check_writable(path: Path) -> None:
    """Make sure that a file can be written, before minutes of work for it.

    Raises:
        OSError: it cannot; the error says why.
    """
    there = path.exists()
    with path.open("a"):
        pass
    if not there:
        path.unlink()
