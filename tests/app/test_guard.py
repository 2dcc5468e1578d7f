"""No handler ever fails; its visitor reads why."""

import gradio as gr
import pytest

from workbench.app import guard
from workbench.methods.hmr import SPIN_WEIGHTS
from workbench.weights import WeightsMissing, find


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


def test_the_folders_of_this_machine_are_nobodys_business(said, tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_WEIGHTS_DIR", str(tmp_path / "weights"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    with pytest.raises(WeightsMissing, match=str(tmp_path)) as caught:
        find(SPIN_WEIGHTS)
    for error in (caught.value, ValueError(f"{tmp_path}/body.npz is no body"), OSError(f"no {tmp_path}/a")):
        guard.say(error)
        assert str(tmp_path) not in said[-1]
    assert SPIN_WEIGHTS.filename in said[0]
    assert "https://github.com/nkolot/SPIN" in said[0]
    assert said[1] == "body.npz is no body"


@pytest.mark.parametrize("text", ["left and/or right", "see https://a.org/b/c", "12 px / 3 px", "assets/a/b"])
def test_what_is_no_folder_stays(text: str):
    assert guard.words(ValueError(text)) == text


def test_a_good_answer_passes():
    assert guard.guarded(lambda a, b: a + b)(1, 2) == 3
