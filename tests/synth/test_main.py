"""The command: sheets to look at, and the speed."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from workbench.synth.__main__ import main
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


def test_speed_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["speed", "--count", "64"]) == 0
    assert "poses per CPU second" in capsys.readouterr().out


def test_errors_are_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["poses", str(tmp_path / "poses.png"), "--seed", "-1"]) == 1
    assert "seed of at least 0" in capsys.readouterr().err
