"""The command line of training, on few people for a few steps."""

import pytest
import torch
from safetensors.torch import save_file

from workbench import train as command
from workbench.training import landmark_regressor
from workbench.training.checkpoint import load_checkpoint
from workbench.training.export import read_metadata
from workbench.weights import load_state_dict

FEW = ("--steps", "3", "--batch", "32", "--accelerator", "cpu", "--validate-s", "0")


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A small bank and few people to validate on."""
    monkeypatch.setattr(
        command,
        "load_trainee",
        lambda method, preset: landmark_regressor.RegressorTrainee(bank=64, validation_people=16),
    )


def run(folder, *more):
    return command.main(["regressor", "--out", str(folder), *FEW, *more])


def test_a_run_leaves_all_that_is_promised(tmp_path, capsys):
    assert run(tmp_path) == 0
    assert "best pa_mpjpe_mm" in capsys.readouterr().out
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"checkpoint.pt", "regressor.safetensors", "regressor.md", "curves.html", "plotly.min.js"}
    assert read_metadata(tmp_path / "regressor.safetensors")["method"] == "regressor"
    held = load_state_dict(tmp_path / "regressor.safetensors")
    assert all(value.isfinite().all() for value in held.values())


def test_it_goes_on_only_when_told_to(tmp_path, capsys):
    assert run(tmp_path) == 0
    assert run(tmp_path) == 1
    assert "--resume" in capsys.readouterr().err
    assert run(tmp_path, "--steps", "5", "--resume") == 0
    assert "5 steps" in capsys.readouterr().out


def plain(folder, *more):
    return command.main(["regressor", "--out", str(folder), "--accelerator", "cpu", *more])


def interrupt(monkeypatch, after: int) -> None:
    """Ctrl-C in the step after so many."""
    loss, calls = landmark_regressor.RegressorTrainee.loss, []

    def until(self, model, batch):
        calls.append(1)
        if len(calls) > after:
            raise KeyboardInterrupt
        return loss(self, model, batch)

    monkeypatch.setattr(landmark_regressor.RegressorTrainee, "loss", until)


def test_resume_needs_no_word_about_the_schedule(tmp_path, monkeypatch, capsys):
    whole, cut = tmp_path / "whole", tmp_path / "cut"
    words = ("--steps", "8", "--batch", "32", "--learning-rate", "0.01", "--checkpoint-s", "0")
    assert plain(whole, *words) == 0
    with monkeypatch.context() as patch:
        interrupt(patch, after=3)
        assert plain(cut, *words) == 1
    assert "--resume" in capsys.readouterr().err
    assert plain(cut, "--resume") == 0
    exported = [folder / "regressor.safetensors" for folder in (whole, cut)]
    told = [read_metadata(path) | {"history": ""} for path in exported]  # commands name their folders
    assert told[0] == told[1]
    weights = [load_state_dict(path) for path in exported]
    assert all(torch.equal(weights[0][name], value) for name, value in weights[1].items())
    states = [load_checkpoint(folder / "checkpoint.pt", "regressor", "open") for folder in (whole, cut)]
    assert all(torch.equal(states[0]["model"][name], value) for name, value in states[1]["model"].items())
    assert states[0]["settings"] == states[1]["settings"]


def test_minutes_are_of_the_whole_training(tmp_path, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        interrupt(patch, after=2)
        assert plain(tmp_path, "--minutes", "0.02", "--batch", "32", "--checkpoint-s", "0") == 1
    assert plain(tmp_path, "--resume") == 0
    state = load_checkpoint(tmp_path / "checkpoint.pt", "regressor", "open")
    assert state["settings"]["minutes"] == 0.02 and state["seconds"] >= 1.2
    capsys.readouterr()
    assert plain(tmp_path, "--resume") == 0
    assert "ended already" in capsys.readouterr().out


def test_stopped_before_the_first_checkpoint(tmp_path, monkeypatch, capsys):
    interrupt(monkeypatch, after=1)
    assert run(tmp_path) == 1
    said = capsys.readouterr().err
    assert "no checkpoint" in said and "--resume" not in said


def test_better_weights_are_kept(tmp_path, capsys):
    assert run(tmp_path / "first", "--weights", str(tmp_path)) == 0
    path = tmp_path / "regressor.safetensors"
    before, best = path.read_bytes(), read_metadata(path)["value"]
    assert run(tmp_path / "second", "--weights", str(tmp_path), "--seed", "1", "--learning-rate", "9") == 0
    assert "They are kept" in capsys.readouterr().out
    assert path.read_bytes() == before and read_metadata(path)["value"] == best


def test_foreign_weights_are_noticed_before_training(tmp_path, capsys):
    path = tmp_path / "regressor.safetensors"
    path.write_bytes(b"of another project")
    assert run(tmp_path) == 1
    assert "no weights of the workbench" in capsys.readouterr().err
    assert [place.name for place in tmp_path.iterdir()] == [path.name]
    save_file({"weight": torch.zeros(1)}, path)
    assert run(tmp_path, "--evaluate", "test") == 1
    assert "holds no weights of 'regressor'" in capsys.readouterr().err


def test_weights_that_cannot_be_written_are_no_success(tmp_path, monkeypatch, capsys):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(command, "export_weights", full)
        assert run(tmp_path) == 1
    told = capsys.readouterr()
    assert "could not be written" in told.out and "best weights" in told.err
    assert run(tmp_path, "--resume", "--steps", "4") == 0  # whatever comes next is the best that there is
    assert (tmp_path / "regressor.safetensors").exists()


def test_the_launcher_s_precision_is_that_of_the_training(tmp_path, monkeypatch):
    monkeypatch.setenv("LT_PRECISION", "bf16-mixed")
    assert run(tmp_path) == 0
    assert "precision bf16-mixed" in (tmp_path / "regressor.md").read_text()


def test_a_launched_training_is_repeated_by_its_launcher(monkeypatch):
    words = ["regressor", "--steps", "3"]
    assert command._command(words) == "python -m workbench.train regressor --steps 3"
    for name, value in {"LT_CLI_USED": "1", "LT_ACCELERATOR": "cpu", "LT_DEVICES": "2"}.items():
        monkeypatch.setenv(name, value)
    launched = "fabric run --accelerator=cpu --devices=2 workbench/train.py regressor --steps 3"
    assert command._command(words) == launched


def test_evaluation_is_of_what_was_exported(tmp_path, capsys):
    assert run(tmp_path) == 0
    said = float(read_metadata(tmp_path / "regressor.safetensors")["value"])
    capsys.readouterr()
    assert run(tmp_path, "--evaluate", "validation") == 0
    line = capsys.readouterr().out
    assert abs(float(line.split("pa_mpjpe_mm ")[1].split(",")[0]) - said) < 0.01 * said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--steps", "0"], "positive"),
        (["--batch", "31"], "blocks"),
        (["--evaluate", "test"], "No file of weights"),
        (["--devices", "banana"], "cannot train with accelerator cpu, devices banana"),
        (["--accelerator", "abacus"], "cannot train with accelerator abacus"),
    ],
)
def test_what_cannot_be_is_said(tmp_path, capsys, words, said):
    assert run(tmp_path, *words) == 1
    assert said in capsys.readouterr().err


def test_unknown_methods_and_presets(monkeypatch, capsys):
    monkeypatch.undo()
    assert command.main(["magic"]) == 1
    assert "regressor" in capsys.readouterr().err
    assert command.main(["regressor", "--preset", "paper"]) == 1
    assert "'paper'" in capsys.readouterr().err


def test_a_training_may_start_from_weights(tmp_path, capsys):
    assert run(tmp_path / "first") == 0
    path = tmp_path / "first" / "regressor.safetensors"
    assert run(tmp_path / "second", "--start", str(path), "--learning-rate", "1e-9") == 0
    weights, begun = load_state_dict(path), load_state_dict(tmp_path / "second" / "regressor.safetensors")
    assert all(torch.allclose(begun[name], value, atol=1e-3) for name, value in weights.items())
    card = (tmp_path / "second" / "regressor.md").read_text()
    assert str(path) in card and f"`{read_metadata(path)['commit']}`: " in card
    path.write_bytes(b"nothing")
    assert run(tmp_path / "third", "--start", str(path)) == 1
    assert str(path) in capsys.readouterr().err
