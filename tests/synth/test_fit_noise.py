"""Fitting is the inverse of drawing: what a model made is fitted by that model again."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from workbench.synth.cameras import Views
from workbench.synth.fit_noise import Finds, fit
from workbench.synth.landmarks import Landmarks, true_landmarks
from workbench.synth.misses import chance_found
from workbench.synth.noise import observed
from workbench.synth.noise_model import (
    GROUPS,
    MIRRORED,
    OUTSIDE,
    SEEN,
    NoiseModel,
    Stray,
    fitted_noise,
    no_noise,
)
from workbench.synth.noise_report import comparison, fitted_to
from workbench.synth.people import People, sample_people
from workbench.synth.seen import seen_by_finder

GIVEN = replace(
    fitted_noise(),
    swaps=(0.02, 0.0, 0.0),
    near_m2=0.5,
    stray=Stray(0.08, 0.12, 2.0),
    found=(3.0, 0.5, -5.0, -4.0, 0.3, -0.3),
)


def looked_for(people: People, noise: NoiseModel) -> Finds:
    """What the model's finder reports, as if it were a real one's."""
    made = observed(true_landmarks(people), people, torch.Generator().manual_seed(0), noise)
    missed = ~made.found[:, None, None]
    reported = Landmarks(*(values.masked_fill(missed, torch.nan) for values in (made.px, made.m)))
    return Finds(people, reported, torch.zeros(len(people), 33, dtype=torch.bool))


@pytest.fixture(scope="module")
def finds() -> Finds:
    return looked_for(sample_people(1500, seed=8, views=Views(tz_m=(1.5, 10.0), cut=0.3)), GIVEN)


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


def test_limbs_gone_astray_are_found_again(again: NoiseModel) -> None:
    assert abs(again.stray.people - GIVEN.stray.people) < 0.05
    assert abs(again.stray.limbs - GIVEN.stray.limbs) < 0.06


def test_who_is_found_is_found_again(finds: Finds, again: NoiseModel) -> None:
    scene = seen_by_finder(true_landmarks(finds.people), finds.people, GIVEN.bias_m)
    given, fitted = (chance_found(scene, finds.people, model.found) for model in (GIVEN, again))
    assert (given - fitted).abs().mean() < 0.04


def test_the_report_has_a_line_for_each_group_seen(finds: Finds) -> None:
    text = comparison(finds, GIVEN)
    assert all(f"| {name} | seen |" in text for name in ("all", *GROUPS))


def test_people_without_error_have_none_in_the_report(finds: Finds) -> None:
    exact = replace(finds, reported=true_landmarks(finds.people))
    text = comparison(exact, no_noise())
    assert f"{len(exact.people)} were found; the model finds {len(exact.people)}" in text
    table = text.split("\n\n")[-1]
    picture, metric = ([float(n) for n in line.split("|")[2].split(",")] for line in table.split("\n")[2:])
    assert max(picture) < 1e-3 and max(metric) < 1e-2


def test_a_fit_is_written_and_says_what_it_was_fitted_to(finds: Finds, tmp_path: Path) -> None:
    few, others = finds.rows(slice(0, 300)), finds.rows(slice(300, 400))
    text = fitted_to(few, others, tmp_path / "noise.json", "a test")
    written = NoiseModel.read(tmp_path / "noise.json")
    assert f"300 people, {int(few.found.sum())} of them found" in written.about and written.about in text
    assert "of metric landmarks aligned" in text
    assert written.error.shape == (len(GROUPS), 3, 13)


def test_too_few_people_are_refused(finds: Finds, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Take more scenes"):
        fitted_to(finds.rows(slice(0, 5)), finds, tmp_path / "noise.json", "a test")


def test_people_all_of_whom_is_in_the_picture_are_too_few(finds: Finds) -> None:
    scene = seen_by_finder(true_landmarks(finds.people), finds.people, GIVEN.bias_m)
    inside = (scene.state != OUTSIDE).all(1) & finds.found
    with pytest.raises(ValueError, match="is outside the picture in these scenes"):
        fit(finds.rows(inside.nonzero()[:60, 0]))


def test_exchanged_people_say_nothing_of_directions(finds: Finds, again: NoiseModel) -> None:
    px, m = finds.reported.px.clone(), finds.reported.m.clone()
    px[::5], m[::5] = px[::5][:, MIRRORED], m[::5][:, MIRRORED]
    mixed = fit(replace(finds, reported=Landmarks(px, m)))
    assert mixed.swaps[0] > 0.1
    torch.testing.assert_close(mixed.shares[1], again.shares[1], atol=0.03, rtol=0)
