"""The command: sheets to look at, and the speed."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from workbench.synth import __main__ as program
from workbench.synth.__main__ import main
from workbench.synth.fit_noise import Finds
from workbench.synth.landmarks import true_landmarks
from workbench.synth.noise import observed
from workbench.synth.noise_model import NoiseModel
from workbench.synth.people import sample_people
from workbench.synth.sheet import BACKGROUND, CELL_PX


def test_a_sheet_of_one_activity(tmp_path: Path) -> None:
    assert main(["keys", str(tmp_path / "keys.png"), "--action", "climbing stairs"]) == 0
    sheet = np.asarray(Image.open(tmp_path / "keys.png"))
    assert sheet.shape == (CELL_PX, 5 * 2 * CELL_PX, 3)
    person = (sheet[40:240, 20:240] != BACKGROUND).any(-1).mean()
    assert 0.02 < person < 0.5


def test_a_sheet_of_samples(tmp_path: Path) -> None:
    assert main(["poses", str(tmp_path / "poses.png"), "--count", "2", "--split", "ood"]) == 0
    assert (tmp_path / "poses.png").stat().st_size > 1000


def test_a_sheet_of_scenes(tmp_path: Path) -> None:
    for more in ([], ["--depth", "--kind", "depth"]):
        assert main(["scenes", str(tmp_path / "scenes.png"), "--count", "1", "--seed", "3", *more]) == 0
        sheet = np.asarray(Image.open(tmp_path / "scenes.png"))
        assert sheet.std() > 20


def test_a_sheet_needs_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scenes", str(tmp_path / "none" / "scenes.png")]) == 1
    assert "Expected a folder" in capsys.readouterr().err


def test_speed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speed", "--count", "64"]) == 0
    assert "poses per CPU second" in capsys.readouterr().out


def test_errors_are_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["poses", str(tmp_path / "poses.png"), "--seed", "-1"]) == 1
    assert "seed of at least 0" in capsys.readouterr().err


def test_noise_is_fitted_and_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = sample_people(150, seed=1)
    found = observed(true_landmarks(people), people, torch.Generator().manual_seed(0))
    finds = Finds(people, found, torch.zeros(150, 33, dtype=torch.bool))
    looked: list[range] = []

    def finds_in_scenes(seeds: range, *_: object) -> Finds:
        looked.append(seeds)
        return finds

    monkeypatch.setattr(program, "finds_in_scenes", finds_in_scenes)
    assert main(["fit-noise", "--scenes", "5", "--out", str(tmp_path / "noise.json")]) == 0
    assert looked == [range(5), range(2)]
    written = NoiseModel.read(tmp_path / "noise.json")
    assert "fit-noise --scenes 5" in written.about and written.about in capsys.readouterr().out


def test_the_shipped_noise_is_compared_with_the_finder(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = sample_people(60, seed=1)
    found = observed(true_landmarks(people), people, torch.Generator().manual_seed(0))
    finds = Finds(people, found, torch.zeros(60, 33, dtype=torch.bool))
    monkeypatch.setattr(program, "finds_in_scenes", lambda seeds, *_: finds)
    assert main(["noise", "--scenes", "3"]) == 0
    assert "| all | seen |" in capsys.readouterr().out


def test_noise_is_written_where_it_is_told_to_and_nowhere_else(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["fit-noise"])
    assert "--out" in capsys.readouterr().err


def test_noise_without_a_folder_is_refused_at_once(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fit-noise", "--out", "/nowhere/noise.json"]) == 1
    assert "there is no /nowhere" in capsys.readouterr().err
