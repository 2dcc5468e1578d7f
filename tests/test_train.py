"""The command line of training, on few people for a few steps."""

import pytest

from workbench import train as command
from workbench.training import landmark_regressor
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


def test_better_weights_are_kept(tmp_path, capsys):
    assert run(tmp_path / "first", "--weights", str(tmp_path)) == 0
    path = tmp_path / "regressor.safetensors"
    before, best = path.read_bytes(), read_metadata(path)["value"]
    assert run(tmp_path / "second", "--weights", str(tmp_path), "--seed", "1", "--learning-rate", "9") == 0
    assert "They are kept" in capsys.readouterr().out
    assert path.read_bytes() == before and read_metadata(path)["value"] == best


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
