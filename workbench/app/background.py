"""Work that reports its progress and can be stopped."""

import contextlib
import queue
import threading
from collections.abc import Callable, Generator
from typing import TypeVar

from workbench.method import Progress

Answer = TypeVar("Answer")
HEARTBEAT_S = 0.25
"""A generator can only be closed while it rests, so it repeats its last report this often."""


class Stopped(Exception):
    """Raised inside the work, from its own progress report, when nobody waits for it any more."""


def steps(work: Callable[[Progress], Answer]) -> Generator[tuple[float, str], None, Answer]:
    """Run work in a thread of its own and yield its progress; the answer is the generator's return value.

    Closing the generator, which Gradio does when its visitor cancels or leaves, stops the work at its next
    report.
    """
    reports: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()
    stop = threading.Event()
    answers: list[Answer] = []
    errors: list[BaseException] = []

    def report(fraction: float, doing: str) -> None:
        if stop.is_set():
            raise Stopped
        reports.put((fraction, doing))

    def run() -> None:
        try:
            answers.append(work(report))
        except BaseException as error:  # handed to the waiting side, which raises it
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    last = (0.0, "starting")
    try:
        while thread.is_alive() or not reports.empty():
            with contextlib.suppress(queue.Empty):
                last = reports.get(timeout=HEARTBEAT_S)
            yield last
    finally:
        stop.set()
    if errors:
        raise errors[0]
    return answers[0]
