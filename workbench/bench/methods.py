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
from workbench.synth.sets import kind_of

PEOPLE = 200
"""How many are measured unless another number is given."""
TUNED_ON = "validation"
TELLING = ("mpjpe_mm", "pa_mpjpe_mm", "g_mpjpe_mm", "pve_mm", "miou", "e_tz_m")
"""Metrics that together say what a method is good at."""


def measure(names: Sequence[str], options: argparse.Namespace) -> list[Record]:
    """Run methods over sets and write the files that are asked for.

    Args:
        names: of methods; one named twice runs once.
        options: set, n (people of each set), joints, json, records.

    Raises:
        OSError: a file cannot be written, or a method's weights are missing; before anything is run.
        ValueError: no such method or set, or nobody to measure; before anything is run.
    """
    methods = [load_method(name) for name in dict.fromkeys(names)]
    reads: set[Channel] = {channel for method in methods for channel in method.info.reads}
    sets = {name: samples(name, options.n, reads) for name in set_names(options.set)}
    scorer = Scorer({body.topology: body for body in (load_body(), true_body())}, options.joints)
    count = progress(options.n * len(methods) * len(sets))
    records: list[Record] = []
    with options.records.open("w") if options.records else nullcontext() as file:

        def tell(record: Record) -> None:
            count(record)
            if file:  # line by line, so that an interrupted run keeps what it has
                print(json.dumps(record.as_dict()), file=file, flush=True)

        for name, people in sets.items():
            records += run(methods, people, name, scorer, tell)
    if options.json:
        write_results(options.json, summarise_records(records))
    return records


def set_names(given: str) -> list[str]:
    """The sets of "test", "test,close" or "all", which leaves out the one that methods are tuned on.

    Raises:
        ValueError: there is no such set.
    """
    names = [name for name in SETS if name != TUNED_ON] if given == "all" else given.split(",")
    return [kind_of(name).name for name in dict.fromkeys(names)]


def report(records: Sequence[Record]) -> str:
    """Each method and set by itself, then the most telling metrics side by side, then what failed."""
    results = summarise_records(records)
    parts = [details(result) for result in results]
    if len(results) > 1:
        parts.append(table(results, TELLING))
    return "\n\n".join(filter(None, (*parts, failures(records))))


def in_short(records: Sequence[Record]) -> str:
    """A table of the most telling metrics, for a README."""
    return table(summarise_records(records), TELLING)


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
