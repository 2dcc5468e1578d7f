"""Who is found: whoever is hidden, cut off or upside down less often; a fit finds the law again."""

from dataclasses import replace
from itertools import pairwise

import pytest
import torch

from workbench.synth.landmarks import Landmarks, true_landmarks
from workbench.synth.misses import chance_found, fit_found, signs_of
from workbench.synth.noise import observed
from workbench.synth.noise_model import SIGNS, fitted_noise, no_noise
from workbench.synth.people import People, sample_people
from workbench.synth.seen import SeenByFinder, seen_by_finder

FITTED = fitted_noise()


@pytest.fixture(scope="module")
def people() -> People:
    return sample_people(400, seed=5)


@pytest.fixture(scope="module")
def truth(people: People) -> Landmarks:
    return true_landmarks(people)


@pytest.fixture(scope="module")
def scene(people: People, truth: Landmarks) -> SeenByFinder:
    return seen_by_finder(truth, people, FITTED.bias_m)


def test_the_more_is_hidden_the_fewer_are_found(people: People, truth: Landmarks) -> None:
    chances = []
    for hidden in (0, 11, 22, 33):
        behind = (torch.arange(33) < hidden).expand(len(people), 33)
        seen = seen_by_finder(truth, people, FITTED.bias_m, behind)
        chances.append(chance_found(seen, people, FITTED.found))
    for more, less in pairwise(chances):
        assert (less <= more).all() and less.mean() < more.mean() - 0.02


def test_larger_and_upright_people_are_found_more_often(people: People, scene: SeenByFinder) -> None:
    chance = chance_found(scene, people, FITTED.found)
    smaller = replace(scene, size_px=0.3 * scene.size_px)
    upside_down = replace(scene, xy=-scene.xy)
    assert (chance_found(smaller, people, FITTED.found) < chance).all()
    upright = signs_of(scene, people)[:, SIGNS.index("upright")] > 0.5
    assert (chance_found(upside_down, people, FITTED.found) < chance)[upright].all()


def test_as_many_are_found_as_the_chances_say(people: People, truth: Landmarks, scene: SeenByFinder) -> None:
    chance = chance_found(scene, people, FITTED.found)
    found = [observed(truth, people, torch.Generator().manual_seed(s)).found for s in range(20)]
    share = torch.stack(found).float().mean(0)
    assert abs(float((share - chance).mean())) < 0.02
    assert share[chance > 0.9].mean() > 0.88 and share[chance < 0.2].mean() < 0.22


def test_the_truth_misses_nobody(people: People, truth: Landmarks) -> None:
    assert observed(truth, people, torch.Generator().manual_seed(0), no_noise()).found.all()


def test_landmarks_do_not_depend_on_who_is_found(people: People, truth: Landmarks) -> None:
    blind = replace(FITTED, found=tuple(-100.0 * (sign == "everybody") for sign in SIGNS))
    some, none = (observed(truth, people, torch.Generator().manual_seed(0), m) for m in (FITTED, blind))
    assert torch.equal(some.px, none.px) and some.found.any() and not none.found.any()


def test_a_logistic_law_is_found_again() -> None:
    draw = torch.Generator().manual_seed(0)
    signs = torch.cat(
        (torch.ones(20000, 1), torch.randn(20000, 3, generator=draw) * torch.tensor([1, 5, 0.2])), 1
    )
    given = torch.tensor([0.5, 1.0, -0.3, 4.0])
    found = torch.rand(20000, generator=draw) < torch.sigmoid(signs @ given)
    torch.testing.assert_close(torch.tensor(fit_found(signs, found)), given, rtol=0.1, atol=0.05)


def test_everybody_found_is_a_law_too() -> None:
    signs = torch.cat((torch.ones(50, 1), torch.randn(50, 2, generator=torch.Generator().manual_seed(0))), 1)
    weights = torch.tensor(fit_found(signs, torch.ones(50, dtype=torch.bool)))
    assert weights.isfinite().all() and (torch.sigmoid(signs @ weights) > 0.9).all()
    only = torch.tensor(fit_found(signs, signs[:, 1] > 0))  # one sign tells all
    assert only.isfinite().all() and only[1] > 3
