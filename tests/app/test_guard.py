"""No handler ever fails; its visitor reads why."""

import gradio as gr
import pytest

from workbench.app import guard


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What visitors were told."""
    texts: list[str] = []
    monkeypatch.setattr(gr, "Warning", lambda text, **_: texts.append(text))
    return texts


@pytest.mark.parametrize(
    "error", [ValueError("three numbers"), RuntimeError("out of memory"), OSError("disk full")]
)
def test_an_error_becomes_a_message_and_the_page_stays(said, error, caplog):
    def handler():
        raise error

    assert guard.guarded(handler)() == gr.skip()
    assert str(error) in said[0]


def test_what_a_file_is_called_cannot_become_html(said):
    def handler():
        raise ValueError("<img src=x onerror=alert(1)> is not a picture")

    guard.guarded(handler)()
    assert "<img" not in said[0]


def test_a_good_answer_passes():
    assert guard.guarded(lambda a, b: a + b)(1, 2) == 3
