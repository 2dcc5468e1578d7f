"""Sets are the same people every time, and their truths are those of the pictures."""

from itertools import islice

import pytest
import torch

from workbench.evaluation.score import Scorer
from workbench.evaluation.sets import SETS, measured, sample_of, samples, true_body
from workbench.method import MethodInfo
from workbench.recovery import Recovery
from workbench.synth.sets import make_scene


@pytest.fixture(scope="module")
def scorer():
    return Scorer({true_body().topology: true_body()})


@pytest.mark.parametrize("name", SETS)
def test_the_truth_has_no_error(name, scorer):
    sample = sample_of(make_scene(0, name), (), 1)
    (person,), (truth,) = sample.people, sample.truths
    exact = Recovery("truth", "none", truth.body, person, truth.params, truth.camera, (), 0.0)
    metrics = scorer.score(exact, truth)
    assert metrics["g_pve_mm"] == metrics["e_tz_m"] == metrics["e_f"] == 0
    assert metrics["mpjpe_mm"] == pytest.approx(0, abs=1e-3) and metrics["pa_mpjpe_mm"] < 1e-2
    assert 0.6 < metrics["miou"] < 1  # clothes and hair reach beyond the bare body


def test_a_set_begins_alike_whatever_its_length():
    short, long = list(samples("test", 2, ())), list(samples("test", 4, ()))
    assert [sum(len(s.people) + s.missed for s in each) for each in (short, long)] == [2, 4]
    for a, b in zip(short, long, strict=False):  # the longer set goes on
        assert a.name == b.name
        for p, q in zip(a.people, b.people, strict=False):  # the short one's last scene may be cut
            assert p.keypoints_px is not None and q.keypoints_px is not None
            assert torch.equal(p.keypoints_px, q.keypoints_px) and torch.equal(p.box_px, q.box_px)


def test_photos_are_only_drawn_for_those_who_look():
    scene = make_scene(0, "close")
    blind = sample_of(scene, ("landmarks",)).photo
    assert not blind.rgb.any() and "rgb" not in vars(scene)
    seen = sample_of(scene).photo
    assert seen.rgb.any() and seen.size_hw == blind.size_hw == scene.size_hw
    assert seen.focal_px is None


def test_depth_is_only_measured_for_those_who_look_and_where_a_sensor_is():
    scene = make_scene(0, "depth")
    assert sample_of(scene, ("landmarks",)).photo.depth_m is None and "sensor_depth_m" not in vars(scene)
    depth_m = sample_of(scene, ("depth",)).photo.depth_m
    assert depth_m is not None and scene.sensor_depth_m is not None
    assert torch.equal(depth_m, scene.sensor_depth_m) and not torch.equal(depth_m, scene.depth_m)
    on_people = depth_m[(scene.ids > 0) & (depth_m > 0)]
    assert len(on_people) and 0.4 < float(on_people.median()) < 8.0
    assert sample_of(make_scene(0, "close"), ("depth",)).photo.depth_m is None


def test_people_are_where_their_outline_is():
    for sample in islice(samples("test", 3, ()), 2):
        for person, truth in zip(sample.people, sample.truths, strict=True):
            assert person.mask is not None
            y, x = torch.nonzero(person.mask, as_tuple=True)
            x0, y0, x1, y1 = person.box_px.tolist()
            assert (x0, y0, x1, y1) == (x.min(), y.min(), x.max() + 1, y.max() + 1)
            assert truth.mask is not None and not (person.mask & ~truth.mask).any()


def test_the_benchmark_leaves_out_whom_a_finder_would_miss():
    for seed in range(4):
        scene = make_scene(seed, "test")
        everybody, found = sample_of(scene, ()), sample_of(scene, (), with_missed=False)
        people = measured(scene)
        assert len(everybody.people) == len(people) and everybody.missed == 0
        assert all(p.keypoints_px is q.observed_px for p, q in zip(everybody.people, people, strict=True))
        assert len(found.people) == sum(person.found for person in people)
        assert found.missed == len(people) - len(found.people)


def test_whoever_the_picture_was_taken_of_is_measured():
    for seed in range(2):
        scene = make_scene(seed, "occluded")
        assert measured(scene)[0] is scene.people[0]


@pytest.mark.parametrize(("name", "n", "says"), [("beach", 3, "occluded"), ("test", 0, "n = 0")])
def test_what_is_no_set_is_refused_before_anything_is_made(name, n, says):
    with pytest.raises(ValueError, match=says):
        samples(name, n)


def test_methods_are_taken_to_read_everything_unless_they_say_otherwise():
    assert "rgb" in MethodInfo("a", "", "", "", "none", "", "").reads
