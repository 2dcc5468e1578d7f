"""How costs are measured: CPU time of this process at one thread, medians over runs."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Row:
    """One line of a benchmark's table."""

    what: str
    value: float
    unit: str
    goal: str = ""
    """What the project promises, for people to compare with."""
    runs: int = 1
    """The value is a median over so many runs."""


def median_cpu_s(work: Callable[[], Any], runs: int) -> float:
    """Median CPU seconds of `work`, after one unmeasured run."""
    work()
    costs = []
    for _ in range(runs):
        before = time.process_time()
        work()
        costs.append(time.process_time() - before)
    return statistics.median(costs)


def table(rows: list[Row]) -> str:
    """Markdown, so that the README can hold it."""
    lines = ["| what | measured | goal | runs |", "|---|---|---|---|"]
    lines += [f"| {r.what} | {r.value:.3g} {r.unit} | {r.goal} | {r.runs} |" for r in rows]
    return "\n".join(lines)
