"""Checkpoints: whole or not at all, and refused when they are something else."""

import pickle
from pathlib import Path

import pytest
import torch

from workbench.training.checkpoint import CheckpointError, load_checkpoint, save_checkpoint, write_whole


@pytest.fixture
def place(tmp_path: Path) -> Path:
    path = tmp_path / "run" / "checkpoint.pt"
    save_checkpoint(path, "toy", "open", {"weight": torch.arange(3.0), "step": 7, "rows": [{"loss": 0.5}]})
    return path


def test_what_is_saved_is_loaded(place):
    state = load_checkpoint(place, "toy", "open")
    assert torch.equal(state["weight"], torch.arange(3.0))
    assert state["step"] == 7 and state["rows"] == [{"loss": 0.5}]


@pytest.mark.parametrize("call", ["fsync", "chmod"])
def test_a_failed_write_leaves_the_old_file_and_no_other(place, monkeypatch, call):
    before = place.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(f"os.{call}", full)
    with pytest.raises(CheckpointError, match=r"MB\) could not be written: No space.*older.*intact.*--out"):
        save_checkpoint(place, "toy", "open", {"step": 8})
    assert place.read_bytes() == before
    assert list(place.parent.iterdir()) == [place]


def test_leftovers_of_killed_runs_are_swept_away(place):
    (place.parent / ".partial-checkpoint.pt-abc").write_bytes(b"half")
    save_checkpoint(place, "toy", "open", {"step": 8})
    assert list(place.parent.iterdir()) == [place]


def test_others_may_read_what_is_written(tmp_path):
    write_whole(tmp_path / "weights", b"1")
    assert (tmp_path / "weights").stat().st_mode & 0o044 == 0o044


@pytest.mark.parametrize(
    ("method", "preset", "said"), [("other", "open", "'toy'.*'other'"), ("toy", "paper", "'open'.*'paper'")]
)
def test_a_checkpoint_of_something_else_is_refused(place, method, preset, said):
    with pytest.raises(CheckpointError, match=said):
        load_checkpoint(place, method, preset)


def test_a_checkpoint_of_the_future_is_refused(place):
    content = torch.load(place, weights_only=True)
    torch.save({**content, "version": 99}, place)
    with pytest.raises(CheckpointError, match="version 99"):
        load_checkpoint(place, "toy", "open")


@pytest.mark.parametrize("broken", ["cut", "empty", "text", "other torch file", "code"])
def test_broken_files_are_refused(place, broken):
    class Trap:
        def __reduce__(self):
            return (Path.touch, (place.parent / "ran",))

    whole = place.read_bytes()
    place.write_bytes(
        {"cut": whole[: len(whole) // 2], "text": b"hello", "code": pickle.dumps(Trap())}.get(broken, b"")
    )
    if broken == "other torch file":
        torch.save([1, 2], place)
    with pytest.raises(CheckpointError, match="checkpoint"):
        load_checkpoint(place, "toy", "open")
    assert not (place.parent / "ran").exists()


def test_nothing_to_resume_from(tmp_path):
    with pytest.raises(CheckpointError, match="Start without --resume"):
        load_checkpoint(tmp_path / "checkpoint.pt", "toy", "open")
