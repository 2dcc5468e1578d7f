"""A scene that is asked for becomes a photo whose answers are kept."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from workbench.app import handlers_photo, handlers_scene
from workbench.app.handlers_scene import (
    DIFFICULTIES,
    checked_seed,
    distances_m,
    new_scene,
    scene_kind,
    seed_for,
)
from workbench.evaluation.sets import SETS, measured
from workbench.synth.sets import make_scene

CHOICES = {"seed": 1, "kind": "close", "nearest_m": 1.0, "farthest_m": 8.0, "observer": "noise"}


def made(folder: Path, **choices):
    return new_scene(**{**CHOICES, **choices}, folder=folder)


def test_a_scene_is_a_photo_with_its_people_and_its_answers(tmp_path):
    session = made(tmp_path)
    assert session.scene is not None and session.photo is not None and session.shown is not None
    assert session.photo.rgb.any() and session.photo.focal_px == session.scene.people[0].camera.focal_px
    assert Path(session.shown).is_file()
    assert len(session.guests) == len(measured(session.scene)) and not session.results
    assert handlers_photo.focal_choices(session.photo)[0][1] == "exif"
    again = make_scene(1, scene_kind("close", 1.0, 8.0))
    assert torch.equal(again.ids, session.scene.ids)


def test_whoever_is_photographed_keeps_the_distance():
    for seed in range(3):
        scene = make_scene(seed, scene_kind("test", 3.0, 3.5))
        assert 2.9 <= scene.people[0].camera.tz_m <= 3.6


def test_the_real_finder_may_look_instead(tmp_path, finder):
    session = made(tmp_path, observer="finder")
    assert len(session.guests) == 1 and session.scene is not None
    assert torch.equal(session.guests[0].person.box_px, finder.find(session.photo)[0].box_px)


@pytest.fixture
def finder(monkeypatch, finder):
    """The module of scenes asks the same finder."""
    monkeypatch.setattr(handlers_scene, "find_people", finder.find)
    return finder


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"seed": None}, "seed"),
        ({"seed": -1}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": math.inf}, "seed"),
        ({"seed": 2**40}, "seed"),
        ({"kind": "beach"}, "occluded"),
        ({"kind": None}, "occluded"),
        ({"observer": "me"}, "noise"),
        ({"nearest_m": None}, "distances"),
        ({"nearest_m": 9.0}, "distances"),
        ({"farthest_m": math.nan}, "distances"),
        ({"farthest_m": 1e9}, "distances"),
        ({"nearest_m": 0.0}, "distances"),
    ],
)
def test_what_cannot_be_made_is_explained(wrong, says, tmp_path):
    with pytest.raises(ValueError, match=says):
        made(tmp_path, **wrong)


def test_every_difficulty_starts_with_its_own_distances():
    for name, difficulty in DIFFICULTIES.items():
        low, high = distances_m(name)
        views = scene_kind(name, low, high).views
        assert views.tz_m == (low, high) and difficulty.kind.views.tz_m[0] <= high


def test_the_first_difficulty_is_one_whole_person_who_is_not_near():
    name = next(iter(DIFFICULTIES))
    for seed in range(4):
        scene = make_scene(seed, scene_kind(name, *distances_m(name)))
        (person,) = scene.people
        assert person.full_mask[1:-1, 1:-1].sum() == person.full_mask.sum()
        assert person.visible_mask.sum() > 0.98 * person.full_mask.sum()
        assert 2.9 <= person.camera.tz_m <= 5.1


@pytest.mark.parametrize("name", DIFFICULTIES)
def test_the_code_of_a_difficulty_makes_its_kind(name):
    known: dict = {"SETS": SETS, "replace": replace}
    exec("\n".join(DIFFICULTIES[name].code((2.0, 3.0))), known)
    assert known["kind"] == scene_kind(name, 2.0, 3.0)


def test_an_empty_seed_is_asked_for_in_words():
    with pytest.raises(ValueError, match="such as 7") as refused:
        checked_seed(None)
    assert "None" not in str(refused.value)


def test_pressing_again_makes_the_next_scene():
    choices = ["test", 1.0, 8.0, "noise"]
    assert seed_for(5, choices, None) == 5
    assert seed_for(5, choices, [5, *choices]) == 6
    assert seed_for(6.0, choices, [6, *choices]) == 7
    assert seed_for(6, ["ood", *choices[1:]], [6, *choices]) == 6  # another scene of this seed
    assert seed_for(9, choices, [6, *choices]) == 9
