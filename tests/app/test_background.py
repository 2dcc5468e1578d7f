"""Work in the background reports, answers, fails and stops."""

import threading

import pytest

from workbench.app.background import Stopped, steps


def test_reports_come_in_order_and_the_answer_at_the_end():
    def work(report):
        for number in range(5):
            report(number / 5, f"part {number}")
        return "done"

    def follow():
        answer = yield from steps(work)
        yield answer

    *seen, answer = follow()
    assert answer == "done"
    texts = [text for text in dict.fromkeys(text for _, text in seen) if text != "starting"]
    assert texts == [f"part {number}" for number in range(5)]


def test_an_error_reaches_whoever_waits():
    def work(report):
        raise ValueError("no such person")

    with pytest.raises(ValueError, match="no such person"):
        list(steps(work))


def test_closing_stops_the_work_at_its_next_report():
    ended = threading.Event()

    def work(report):
        try:
            while True:
                report(0.5, "busy")
        except Stopped:
            ended.set()
            raise

    generator = steps(work)
    next(generator)
    generator.close()
    assert ended.wait(10)
