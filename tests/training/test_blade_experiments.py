"""The experiments, on few people: every condition is there, and the cameras are those of the systems."""

import json

import numpy as np
import pytest
import torch
from scipy import ndimage

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
        spoiled = {name: change(mask) for name, (change, _) in cameras.SOLVER.items()}
        for name in ("true mask, true Tz", "Tz 20 % too near", "Tz 20 % too far"):
            assert torch.equal(spoiled[name], mask), name
        cut = spoiled["lowest fifth of the mask lost"]
        top, bottom = rows_of(mask)
        kept_top, kept_bottom = rows_of(cut)
        assert kept_top == top
        assert kept_bottom - top == pytest.approx(0.8 * (bottom - top), abs=2)
        assert torch.equal(cut[: kept_bottom + 1], mask[: kept_bottom + 1])
        ragged = spoiled["ragged mask"]
        assert 0.5 < float((ragged & mask).sum() / (ragged | mask).sum()) < 1
        inner = np.asarray(ndimage.binary_erosion(mask.numpy(), iterations=round(0.1 * (bottom - top))))
        assert ragged[torch.from_numpy(inner)].all()  # its edge alone is ragged


def test_spoiled_distances_are_what_they_say(found, monkeypatch):
    told = []

    def keep(recovery, body, photo, mask, tz_m):
        told.append(tz_m)
        return recovery

    monkeypatch.setattr(cameras, "with_solved_camera", keep)
    cameras.by_solver(1)
    true_m = cameras.true_tz_m(found[0].truth, cameras.true_body())
    assert [tz_m / true_m for tz_m in told] == pytest.approx([1, 1, 1, 0.8, 1.2], rel=1e-4)


def rows_of(mask: torch.Tensor) -> tuple[int, int]:
    """The first and the last row that somebody is in."""
    rows = mask.any(1).nonzero()
    return int(rows[0]), int(rows[-1])
