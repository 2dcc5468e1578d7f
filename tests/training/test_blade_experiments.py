"""The experiments, on few people: every condition is there, and the cameras are those of the systems."""

import json

import pytest
import torch

from workbench.geometry.conventions import CAMERAS
from workbench.networks.tz_conditioned import TzPose
from workbench.training import blade_cameras as cameras
from workbench.training import blade_experiments as experiments

BLADES = ("BLADE, stages 1 and 2", "BLADE", "BLADE, pose refined", "BLADE, true Tz")


@pytest.fixture(autouse=True)
def no_training(monkeypatch):
    """Instead of the network without Tz: the one that it begins as."""
    monkeypatch.setattr(experiments, "twin", lambda folder: TzPose(experiments.load_pose()[0], with_tz=False))


@pytest.fixture(scope="module")
def found():
    return list(cameras.cases(4))


def test_every_condition_has_every_number(tmp_path, capsys):
    file = tmp_path / "numbers.json"
    words = ["--json", str(file), "--out", str(tmp_path), "--people", "6", "--drawn", "24"]
    assert experiments.main(words) == 0
    told = json.loads(file.read_text())
    assert "--people 6" in told["command"] and told["scenes"] == 6
    numbers = told["experiments"]
    assert list(numbers["heuristics"]) == [*CAMERAS, *BLADES]
    assert list(numbers["channels"]) == list(experiments.CHANNELS)
    assert list(numbers["solver"]) == ["not solved", *cameras.SOLVER]
    for name in ("heuristics", "solver"):
        for errors in numbers[name].values():
            assert set(cameras.MEASURED) <= set(errors) and errors["people"] > 0
    same = numbers["conditioning"]
    frozen, twin = same["frozen network"], same["copy without Tz"]  # which has learned nothing here
    assert all(frozen[key] == twin[key] for key in frozen if key != "landmarks_2d_pct")
    assert numbers["heuristics"]["BLADE, true Tz"]["e_tz_m"] < 1e-3
    assert capsys.readouterr().out.count("\n") == 2 + sum(map(len, numbers.values()))


def test_one_body_before_all_assumed_lenses(found):
    heuristics = cameras.by_heuristic(4)
    bodies = [heuristics[name]["pve_mm"] for name in CAMERAS]
    assert bodies == pytest.approx([bodies[0]] * len(bodies), rel=1e-5)
    longer, shorter = heuristics["SPIN"]["e_tz_m"], heuristics["ROMP"]["e_tz_m"]
    assert longer > shorter > heuristics["BLADE, true Tz"]["e_tz_m"]
    assert heuristics["CLIFF"]["people"] == len(found)


def test_people_are_near_and_alone(found):
    body = cameras.true_body()
    for case in found:
        assert 0.4 < cameras.true_tz_m(case.truth, body) < 3.2
        assert case.photo.focal_px is None and case.person.mask is not None


def test_spoiled_masks_are_what_they_say(found):
    for case in found:
        mask = case.person.mask
        for name, (change, share) in cameras.SOLVER.items():
            spoiled = change(mask)
            assert spoiled.shape == mask.shape and spoiled.dtype == torch.bool
            same = torch.equal(spoiled, mask)
            assert same == ("mask" not in name or name.startswith("true")), name
            assert (share == 1.0) == ("Tz 20" not in name)
