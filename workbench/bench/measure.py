"""How costs are measured: CPU time of this process at one thread, medians over runs."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
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


def aligned(markdown: str) -> str:
    """The same Markdown with the columns of its tables below one another, for a terminal."""
    blocks = [
        (is_table, list(lines))
        for is_table, lines in groupby(markdown.split("\n"), lambda line: line.startswith("|"))
    ]
    return "\n".join("\n".join(_aligned(lines) if is_table else lines) for is_table, lines in blocks)


def _aligned(lines: list[str]) -> list[str]:
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    cells[1] = ["-" * width for width in widths]  # the line below the head
    return [
        f"| {' | '.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))} |"
        for row in cells
    ]
