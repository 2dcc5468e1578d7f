"""Fitting is the inverse of drawing: what a model made is fitted by that model again."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from workbench.synth.cameras import Views
from workbench.synth.fit_noise import Finds, fit
from workbench.synth.landmarks import Landmarks, true_landmarks
from workbench.synth.noise import observed
from workbench.synth.noise_model import GROUPS, MIRRORED, SEEN, NoiseModel, fitted_noise, no_noise
from workbench.synth.noise_report import comparison, fitted_to
from workbench.synth.people import sample_people

GIVEN = replace(fitted_noise(), swaps=(0.02, 0.0, 0.0), near_m2=0.5)


@pytest.fixture(scope="module")
def finds() -> Finds:
    people = sample_people(1000, seed=8, views=Views(tz_m=(1.5, 10.0), cut=0.1))
    found = observed(true_landmarks(people), people, torch.Generator().manual_seed(0), GIVEN)
    return Finds(people, found, torch.zeros(1000, 33, dtype=torch.bool), torch.arange(1000) // 2, asked=1100)


@pytest.fixture(scope="module")
def again(finds: Finds) -> NoiseModel:
    return fit(finds)


def test_the_bias_is_found_again(again: NoiseModel) -> None:
    off = (again.bias_m - GIVEN.bias_m).norm(dim=1)
    assert off.median() < 0.004 and off.max() < 0.015


def test_errors_and_visibility_are_found_again(again: NoiseModel) -> None:
    middle = slice(4, 9)  # scores -1 to 1
    ratio = again.error[:, SEEN, middle] / GIVEN.error[:, SEEN, middle]
    assert (ratio.log().abs() < 0.25).all()
    seen = (again.visibility - GIVEN.visibility)[:, SEEN, middle]
    assert seen.abs().max() < 0.08


def test_what_goes_together_is_found_again(again: NoiseModel) -> None:
    assert (again.shares - GIVEN.shares)[:3].abs().max() < 0.1
    assert abs(again.sure - GIVEN.sure) < 0.1


def test_metric_errors_are_found_again(again: NoiseModel) -> None:
    ratio = again.depth_m[:, SEEN, 1:4] / GIVEN.depth_m[:, SEEN, 1:4]
    assert 0.75 < ratio.median() < 1.3
    assert abs(again.turn_rad[1] - GIVEN.turn_rad[1]) < 0.05
    assert abs(again.follow - GIVEN.follow) < 0.15


def test_rare_exchanges_are_counted(again: NoiseModel) -> None:
    assert 0.008 < again.swaps[0] < 0.035


def test_the_report_has_a_line_for_each_group_seen(finds: Finds) -> None:
    text = comparison(finds, GIVEN)
    assert all(f"| {name} | seen |" in text for name in GROUPS)


def test_people_without_error_have_none_in_the_report(finds: Finds) -> None:
    exact = replace(finds, found=true_landmarks(finds.people))
    _, table = comparison(exact, no_noise()).split("\n\n")
    picture, metric = ([float(n) for n in line.split("|")[2].split(",")] for line in table.split("\n")[2:])
    assert max(picture) < 1e-3 and max(metric) < 1e-2


def test_a_fit_is_written_and_says_on_whom_it_was_compared(finds: Finds, tmp_path: Path) -> None:
    text = fitted_to(finds, tmp_path / "noise.json")
    assert "1000 of 1100 people found; fitted to 800 of them, compared on the other 200" in text
    assert "of metric landmarks aligned" in text
    assert NoiseModel.read(tmp_path / "noise.json").error.shape == (len(GROUPS), 3, 13)


def test_nobody_is_compared_whose_scene_was_fitted_to(finds: Finds, tmp_path: Path) -> None:
    three = replace(finds, scene=torch.arange(len(finds.scene)) % 3)
    assert "fitted to 666 of them, compared on the other 334" in fitted_to(three, tmp_path / "noise.json")


def test_one_scene_is_too_few(finds: Finds, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Take more scenes"):
        fitted_to(replace(finds, scene=torch.zeros_like(finds.scene)), tmp_path / "noise.json")


def test_exchanged_people_say_nothing_of_directions(finds: Finds, again: NoiseModel) -> None:
    px, m = finds.found.px.clone(), finds.found.m.clone()
    px[::5], m[::5] = px[::5][:, MIRRORED], m[::5][:, MIRRORED]
    mixed = fit(replace(finds, found=Landmarks(px, m)))
    assert mixed.swaps[0] > 0.1
    torch.testing.assert_close(mixed.shares[1], again.shares[1], atol=0.03, rtol=0)
