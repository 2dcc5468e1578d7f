"""Observed landmarks: the truth in the limit, the model's own quantiles, and the laws of a finder."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from workbench.synth.landmarks import HIPS, Landmarks, in_picture, true_landmarks
from workbench.synth.noise import look_up, observed, swapped
from workbench.synth.noise_model import (
    GROUP_OF,
    HIDDEN,
    LIMB_OF,
    MIRRORED,
    OUTSIDE,
    SCORES,
    SEEN,
    NoiseModel,
    Stray,
    fitted_noise,
    no_noise,
)
from workbench.synth.people import People, sample_people
from workbench.synth.seen import seen_by_finder

FITTED = fitted_noise()


@pytest.fixture(scope="module")
def people() -> People:
    return sample_people(1500, seed=3)


@pytest.fixture(scope="module")
def truth(people: People) -> Landmarks:
    return true_landmarks(people)


def draw(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_without_noise_the_finder_sees_the_truth(people: People, truth: Landmarks) -> None:
    seen = observed(truth, people, draw(), no_noise())
    torch.testing.assert_close(seen.px, truth.px, rtol=1e-4, atol=5e-2)
    torch.testing.assert_close(seen.m, truth.m, rtol=0, atol=1e-5)


def test_the_same_seed_gives_the_same(people: People, truth: Landmarks) -> None:
    first, again, other = (observed(truth, people, draw(seed)) for seed in (1, 1, 2))
    assert torch.equal(first.px, again.px) and torch.equal(first.m, again.m)
    assert not torch.equal(first.px, other.px)


def test_errors_have_the_models_quantiles(people: People, truth: Landmarks) -> None:
    """Off the places that the finder means, in shares of size, from afar."""
    alone = replace(FITTED, swaps=(0.0, 0.0, 0.0))
    scene = seen_by_finder(truth, people, alone.bias_m)
    reported = observed(truth, people, draw(), alone).px
    far = (reported[..., :2] - scene.xy).norm(dim=-1)
    far = far / (scene.size_px * scene.near(alone.near_m2))[:, None]
    share = torch.special.ndtr(SCORES[5:8])  # around the median
    for group in sorted(set(GROUP_OF)):
        cell = (scene.state == SEEN) & (torch.tensor(GROUP_OF) == group)
        torch.testing.assert_close(
            far[cell].quantile(share), alone.error[group, SEEN, 5:8], rtol=0.2, atol=1e-3
        )


def test_visibility_tells_seen_from_hidden_and_outside(people: People, truth: Landmarks) -> None:
    scene = seen_by_finder(truth, people, FITTED.bias_m)
    reported = observed(truth, people, draw()).px
    limbs = torch.tensor(GROUP_OF) == GROUP_OF[15]  # wrists
    means = [reported[(scene.state == s) & limbs][:, 2].mean() for s in (SEEN, HIDDEN, OUTSIDE)]
    assert means[0] > means[1] + 0.3 and means[0] > means[2] + 0.3
    assert (reported[..., 2] >= 0).all() and (reported[..., 2] <= 1).all()
    outside = ~in_picture(reported[..., :2], people)
    assert reported[..., 2][outside].max() <= FITTED.outside_visibility


def test_what_is_occluded_is_misplaced_more(people: People, truth: Landmarks) -> None:
    nothing = torch.zeros(len(people), 33, dtype=torch.bool)
    assert torch.equal(
        observed(truth, people, draw(), occluded=nothing).px, observed(truth, people, draw()).px
    )
    behind = observed(truth, people, draw(), occluded=~nothing).px
    free = observed(truth, people, draw()).px
    error = [(px - truth.px)[..., :2].norm(dim=-1).median() for px in (free, behind)]
    assert error[1] > 1.5 * error[0]


def test_errors_of_a_limb_go_together(people: People, truth: Landmarks) -> None:
    scene = seen_by_finder(truth, people, FITTED.bias_m)
    off = observed(truth, people, draw()).px[..., :2] - scene.xy
    way = off / off.norm(dim=-1, keepdim=True)
    same_arm = (way[:, 13] * way[:, 15]).sum(-1).mean()
    across = (way[:, 13] * way[:, 28]).sum(-1).mean()
    assert same_arm > across + 0.1 > 0.1


def test_astray_limbs_are_far_off_together_and_no_landmark_more_often(
    people: People, truth: Landmarks
) -> None:
    """How many are beyond the model's own quantiles, with and without the exponential part of the scores."""
    scene = seen_by_finder(truth, people, FITTED.bias_m)
    limb, group = torch.tensor(LIMB_OF), torch.tensor(GROUP_OF)
    mates = (limb[:, None] == limb) & ~torch.eye(33, dtype=torch.bool)
    scores, alone, together = torch.tensor([1.0, 1.5, 2.0]), [], []
    for stray in (Stray(0.0, 0.0, 0.0), FITTED.stray):
        noise = replace(FITTED, stray=stray, swaps=(0.0, 0.0, 0.0))
        off = (observed(truth, people, draw(), noise).px[..., :2] - scene.xy).norm(dim=-1)
        far = off / (scene.size_px * scene.near(noise.near_m2))[:, None]
        limits = noise.error[group, scene.state][..., torch.isin(SCORES, scores)].unbind(-1)
        beyond = [(far > limit).float() for limit in limits]
        alone.append(torch.stack([each.mean() for each in beyond]))
        both = [each.T @ each for each in beyond]
        together.append(torch.stack([each[mates].sum() / each.diagonal().sum() for each in both]))
    expected = torch.special.ndtr(-scores)
    for share in alone:
        torch.testing.assert_close(share, expected, rtol=0, atol=0.008)
    assert (together[1] > 1.5 * together[0]).all() and (together[1] > 3).all()  # other landmarks of its limb


def test_left_and_right_are_alike() -> None:
    mirrored = FITTED.bias_m[MIRRORED] * torch.tensor([-1.0, 1, 1])
    torch.testing.assert_close(FITTED.bias_m, mirrored)


def test_exchanging_left_and_right_twice_changes_nothing(truth: Landmarks) -> None:
    assert torch.equal(swapped(swapped(truth)).px, truth.px)
    assert not torch.equal(swapped(truth).px, truth.px)


def test_people_are_exchanged_as_often_as_the_model_says(people: People, truth: Landmarks) -> None:
    swapping = replace(no_noise(), swaps=(0.2, 0.0, 0.3))
    reported = observed(truth, people, draw(), swapping).px[..., :2]
    wrong = ((reported - swapped(truth).px[..., :2]).norm(dim=-1) < 0.1) & (
        (reported - truth.px[..., :2]).norm(dim=-1) > 1
    )
    arms, legs = wrong[:, 13].float().mean(), wrong[:, 25].float().mean()
    assert abs(arms - 0.2) < 0.05
    assert abs(legs - (0.2 * 0.7 + 0.8 * 0.3)) < 0.05


def test_metric_landmarks_stay_about_the_hips(people: People, truth: Landmarks) -> None:
    assert observed(truth, people, draw()).m[:, HIPS].mean(1).abs().max() < 1e-5


def test_half_the_noise_is_half_the_error(people: People, truth: Landmarks) -> None:
    quiet = replace(FITTED, swaps=(0.0, 0.0, 0.0))
    whole, half = (observed(truth, people, draw(), quiet.scaled(share)).px[..., :2] for share in (1.0, 0.5))
    scene = seen_by_finder(truth, people, FITTED.bias_m)
    torch.testing.assert_close(half - scene.xy, 0.5 * (whole - scene.xy), rtol=1e-3, atol=5e-2)


def test_tables_are_read_at_and_between_their_scores() -> None:
    table = torch.arange(13.0).expand(12, 3, 13)
    state = torch.zeros(1, 33, dtype=torch.long)
    for score, value in ((-3.0, 0.0), (0.0, 6.0), (0.25, 6.5), (9.0, 12.0), (-9.0, 0.0)):
        found = look_up(table, state, torch.full((1, 33), score))
        torch.testing.assert_close(found, torch.full((1, 33), value), rtol=0, atol=1e-3)
    signed = torch.arange(7.0).expand(12, 3, 7)
    for score in (-1.0, 1.0):
        found = look_up(signed, state, torch.full((1, 33), score))
        torch.testing.assert_close(found, torch.full((1, 33), 2 * score))


def test_a_written_model_is_read_again(tmp_path: Path) -> None:
    FITTED.write(tmp_path / "noise.json")
    again = NoiseModel.read(tmp_path / "noise.json")
    torch.testing.assert_close(again.error, FITTED.error)
    assert again.swaps == FITTED.swaps and again.turn_rad == FITTED.turn_rad
    assert again.stray == FITTED.stray and again.found == FITTED.found and again.about == FITTED.about


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("found", FITTED.found[:-1]),
        ("stray", (0.1, 0.2)),
        ("swaps", (*FITTED.swaps, 0.0)),
        ("near_m2", [0.3]),
        ("error", FITTED.error[..., 1:].tolist()),
        ("bias_m", FITTED.bias_m[:-1].tolist()),
        ("depth_m", [[1.0, 2.0], [3.0]]),
        ("shares", {"arm": 0.3}),
        ("sure", "much"),
    ],
)
def test_a_model_of_another_size_is_refused(tmp_path: Path, name: str, value: object) -> None:
    file = tmp_path / "noise.json"
    FITTED.write(file)
    file.write_text(json.dumps({**json.loads(file.read_text()), name: value}))
    with pytest.raises(ValueError, match="Fit it anew"):
        NoiseModel.read(file)


@pytest.mark.parametrize("text", ["", "{", "[1, 2]", '{"bias_m": 3}', '{"about": "of another version"}'])
def test_what_is_no_model_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    (tmp_path / "noise.json").write_text(text)
    with pytest.raises(ValueError, match="Fit it anew"):
        NoiseModel.read(tmp_path / "noise.json")


def test_errors_grow_with_the_models_scale(people: People, truth: Landmarks) -> None:
    shares = torch.tensor([0.5, 0.8, 0.95, 0.99])
    errors = []
    for scale in (0.5, 1.0, 2.0):
        reported = observed(truth, people, draw(), FITTED.scaled(scale)).px[..., :2]
        errors.append((reported - truth.px[..., :2]).norm(dim=-1)[:, 11:].flatten().quantile(shares))
    assert (errors[0] < errors[1]).all() and (errors[1] < errors[2]).all()


def test_the_shipped_numbers_tell_how_they_came_about() -> None:
    assert FITTED.about.startswith("python -m workbench.synth fit-noise --scenes ")
