"""Methods over samples with known answers: a record per person, then a line per method.

A set of samples is anything that yields `Sample`s; a method is any `Method`. What a method cannot do (it
refuses a person, it returns NaN) is a record too, with the reason and without metrics. It is counted in every
summary and enters no mean. So is a person whom a finder misses: methods are compared on the people found, and
how many were not is told beside.
"""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from workbench.evaluation.metrics import METRICS
from workbench.evaluation.score import BrokenRecovery, Scorer, Truth
from workbench.evaluation.summary import Summary, rounded, shown, summarise
from workbench.image import Person, Photo
from workbench.method import Method
from workbench.recovery import Recovery

OnRecord = Callable[["Record"], object]
TOGETHER = 8
"""Recoveries that are scored at once, which takes less time than one by one."""
REFUSALS = (ValueError, ArithmeticError, RuntimeError)


@dataclass(frozen=True, eq=False)
class Sample:
    """One picture, the people to recover in it, and the truth about each."""

    name: str
    """Stable within its set, such as its seed."""
    photo: Photo
    people: tuple[Person, ...]
    truths: tuple[Truth, ...]
    """In the order of people."""
    missed: int = 0
    """How many more there are whom a finder does not find, and no method sees."""


@dataclass(frozen=True)
class Record:
    """How one method did on one person."""

    method: str
    weights: str
    set: str
    joints: str
    """The joint set of the joint errors."""
    sample: str
    """Name of the sample and place of the person in it."""
    seconds: float | None
    """The method's own wall clock; None when it failed."""
    metrics: dict[str, float]
    """With the keys of `metrics.METRICS`; empty when it failed."""
    failure: str = ""
    """Why there are no metrics, for people to read."""
    found: bool = True
    """False if nobody was found for the method to recover: no metrics either, and not its fault."""

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: what is not a number becomes null."""
        numbers = {name: value if math.isfinite(value) else None for name, value in self.metrics.items()}
        return {**vars(self), "metrics": numbers}


@dataclass(frozen=True)
class Result:
    """How one method did on a set."""

    method: str
    weights: str
    set: str
    joints: str
    n: int
    """People, failures and those who were not found included."""
    not_found: int
    """People whom the finder missed."""
    failed: int
    """People who were found, and for whom there is no recovery, or a broken one."""
    seconds: float | None
    """Median wall clock of the method per person."""
    metrics: dict[str, Summary]

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {**vars(self), "metrics": {name: summary.as_dict() for name, summary in self.metrics.items()}}


def run(
    methods: Sequence[Method],
    samples: Iterable[Sample],
    set_name: str,
    scorer: Scorer,
    on_record: OnRecord | None = None,
) -> list[Record]:
    """Recover every person of every sample by every method and score it.

    Args:
        methods: loaded.
        samples: yielded one at a time, so a set need not fit into memory.
        set_name: for the records.
        scorer: knows the bodies and the joint set.
        on_record: told of each record, for a progress bar or a file; up to `TOGETHER` of them come at once.

    Raises:
        ValueError: a truth is wrong, or a sample has not one truth for each person.
    """
    records = []
    attempts = _attempts(methods, samples)
    while batch := list(islice(attempts, TOGETHER)):
        for attempt, metrics in _scored(batch, scorer):
            recovery = attempt.recovery
            record = Record(
                method=attempt.method.info.name,
                weights=attempt.method.info.weights,
                set=set_name,
                joints=scorer.joints,
                sample=attempt.sample,
                seconds=None if recovery is None else recovery.seconds,
                metrics=metrics,
                failure=attempt.failure,
                found=attempt.truth is not None,
            )
            records.append(record)
            if on_record is not None:
                on_record(record)
    return records


@dataclass(frozen=True, eq=False)
class _Attempt:
    """One method on one person."""

    method: Method
    sample: str
    truth: Truth | None
    """None of who was not found."""
    recovery: Recovery | None
    failure: str = ""


def _attempts(methods: Sequence[Method], samples: Iterable[Sample]) -> Iterator[_Attempt]:
    for sample in samples:
        if len(sample.people) != len(sample.truths):
            raise ValueError(
                f"Sample {sample.name!r} has {len(sample.people)} people and {len(sample.truths)} truths. "
                "Give each person one truth, in the same order."
            )
        tried = [_recovered(method, sample) for method in methods]
        for place, (truth, *results) in enumerate(zip(sample.truths, *tried, strict=True)):
            for method, result in zip(methods, results, strict=True):
                name = f"{sample.name}/{place}"
                if isinstance(result, str):
                    yield _Attempt(method, name, truth, None, result)
                else:
                    yield _Attempt(method, name, truth, result)
        for number in range(sample.missed):
            for method in methods:
                yield _Attempt(method, f"{sample.name}/not found {number}", None, None)


def _recovered(method: Method, sample: Sample) -> list[Recovery | str]:
    """Everybody in a picture, or why not; the others do not suffer from one who cannot be recovered."""
    try:
        return [*method.recover(sample.photo, sample.people)]
    except REFUSALS as error:
        if len(sample.people) == 1:
            # ValueError is how methods refuse a person; the others are how numerics break down
            return [str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"]
    alone = (replace(sample, people=(person,)) for person in sample.people)
    return [result for each in alone for result in _recovered(method, each)]


def _scored(attempts: Sequence[_Attempt], scorer: Scorer) -> Iterator[tuple[_Attempt, dict[str, float]]]:
    """Each attempt with its metrics; those whose recovery is broken become failures, which have none."""
    done = [(each.recovery, each.truth) for each in attempts if each.recovery and each.truth]
    try:
        scores = iter(scorer.score_all([recovery for recovery, _ in done], [truth for _, truth in done]))
    except BrokenRecovery as error:
        if len(attempts) == 1:
            yield replace(attempts[0], recovery=None, failure=str(error)), {}
            return
        for attempt in attempts:  # the others do not suffer from it
            yield from _scored([attempt], scorer)
        return
    for attempt in attempts:
        yield attempt, {} if attempt.recovery is None else next(scores)


def summarise_records(records: Sequence[Record], seed: int = 0) -> list[Result]:
    """A line for each method, weights, set and joint set, in the order in which they come.

    A failed person counts as an invalid value of every metric that any person of the same line has.
    """
    lines: dict[tuple[str, str, str, str], list[Record]] = {}
    for record in records:
        lines.setdefault((record.method, record.weights, record.set, record.joints), []).append(record)
    results = []
    for (method, weights, set_name, joints), own in lines.items():
        keys = [key for key in METRICS if any(key in record.metrics for record in own)]
        metrics = {key: summarise(_values(own, key), seed, METRICS[key].better) for key in keys}
        seconds = summarise([record.seconds for record in own if record.seconds is not None]).median
        failed = sum(bool(record.failure) for record in own)
        missed = sum(not record.found for record in own)
        results.append(Result(method, weights, set_name, joints, len(own), missed, failed, seconds, metrics))
    return results


def _values(records: Sequence[Record], key: str) -> list[float]:
    """A failed record's is NaN; one that could not be measured in this way is left out."""
    return [r.metrics.get(key, math.nan) for r in records if r.failure or key in r.metrics]


def write_results(path: Path, results: Sequence[Result]) -> None:
    """The list of results as JSON, without NaN, which JSON does not know."""
    path.write_text(json.dumps([result.as_dict() for result in results], indent=1, allow_nan=False) + "\n")


def details(result: Result) -> str:
    """Markdown: one method on one set, a line per metric."""
    lines = [
        f"**{result.method}** ({result.weights}) on {result.set}: {result.n} people, {result.failed} failed, "
        f"{result.not_found} not found, joints {result.joints}",
        "",
        "| metric | unit | better | mean | median | 95 % no worse than | 95 % interval of the mean | failed "
        "| blind to |",
        "|---" * 9 + "|",
    ]
    for key, summary in result.metrics.items():
        info = METRICS[key]
        numbers = [
            "-" if value is None else rounded(value)
            for value in (summary.mean, summary.median, summary.p95, *(summary.ci95 or (None, None)))
        ]
        cells = [info.title, info.unit, info.better, *numbers[:3], f"{numbers[3]} to {numbers[4]}"]
        lines.append("| " + " | ".join([*cells, str(summary.invalid), info.blind_to]) + " |")
    return "\n".join(lines)


def failures(records: Sequence[Record]) -> str:
    """Markdown: why there are no metrics, how often and where first; "" when nothing failed."""
    first: dict[tuple[str, str], Record] = {}
    counts = Counter((record.method, record.failure) for record in records if record.failure)
    for record in records:
        first.setdefault((record.method, record.failure), record)
    return "\n".join(
        f"- {method} failed {count} times, first on {first[method, reason].sample}: {reason}"
        for (method, reason), count in counts.most_common()
    )


def table(results: Sequence[Result], keys: Sequence[str] | None = None) -> str:
    """Markdown: methods below one another, the mean of each metric with its 95 % interval.

    Args:
        results: of one or several methods and sets.
        keys: columns; by default every metric that some result has.
    """
    columns = [k for k in METRICS if any(k in r.metrics for r in results)] if keys is None else list(keys)
    units = [f" ({METRICS[key].unit})" if METRICS[key].unit else "" for key in columns]
    titles = [f"{METRICS[key].title}{unit}" for key, unit in zip(columns, units, strict=True)]
    lines = ["| method | weights | set | n | not found | failed | s | " + " | ".join(titles) + " |"]
    lines.append("|---" * (7 + len(columns)) + "|")
    for r in results:
        cells = [r.method, r.weights, r.set, str(r.n), str(r.not_found), str(r.failed)]
        cells.append("-" if r.seconds is None else f"{r.seconds:.3g}")
        cells += [shown(r.metrics[key]) if key in r.metrics else "-" for key in columns]
        lines.append("| " + " | ".join(cells) + " |")
    joints = ", ".join(dict.fromkeys(result.joints for result in results))
    return "\n".join(
        [*lines, "", f"Means with 95 % intervals over people found; joints: {joints} of our own regressors."]
    )
