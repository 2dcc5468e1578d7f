"""Scenes: what is known is what the exact parameters say, and a seed is a scene."""

import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from workbench.body import load_body
from workbench.body.landmarks import landmark_regressor
from workbench.body.penetration import winding_numbers
from workbench.render import render_depth
from workbench.synth import SETS, make_scene, set_seeds
from workbench.synth.cameras import Views

SMALL = ((160, 120), (120, 160))


def small(kind):
    """The same in small pictures, which are made faster."""
    return replace(kind, views=replace(kind.views, sizes_hw=SMALL))


TEST = small(SETS["test"])
CROWD = replace(TEST, name="crowd", people=(0.0, 0.0, 0.5, 0.5))


@pytest.fixture(scope="module")
def scenes():
    return [make_scene(seed, TEST) for seed in (0, 5, 12)] + [make_scene(seed, CROWD) for seed in (3, 17)]


@pytest.fixture(scope="module")
def body():
    return load_body()


def vertices(body, person):
    """In the camera's axes."""
    return body.mesh(person.betas, person.theta).vertices_m + person.camera.t_camera_body_m


def test_a_seed_is_a_scene(scenes):
    again = make_scene(5, TEST)
    assert (again.rgb == scenes[1].rgb).all() and again.ids.equal(scenes[1].ids)
    assert again.depth_m.equal(scenes[1].depth_m)
    for one, other in zip(again.people, scenes[1].people, strict=True):
        assert one.betas.equal(other.betas) and one.theta.equal(other.theta)
        assert one.observed_px.equal(other.observed_px)
    assert make_scene(6, TEST).rgb.tobytes() != again.rgb.tobytes()


def test_scenes_do_not_depend_on_the_body_that_methods_use(tmp_path):
    """In a process of its own, for bodies are read once."""
    path = tmp_path / "scene.pt"
    code = (
        "import sys, torch; from workbench.synth import make_scene; scene = make_scene(0, 'test'); "
        "points = torch.stack([person.landmarks_px for person in scene.people]); "
        "torch.save((scene.ids, points), sys.argv[1])"
    )
    variables = os.environ | {"WORKBENCH_BODY": "open-smplx", "OMP_NUM_THREADS": "1"}
    subprocess.run([sys.executable, "-c", code, path], env=variables, check=True)
    ids, points = torch.load(path)
    scene = make_scene(0, "test")
    torch.testing.assert_close(points, torch.stack([person.landmarks_px for person in scene.people]))
    assert ids.equal(scene.ids)


def test_masks_are_the_ids_and_less_than_the_whole_person(scenes):
    for scene in scenes:
        for place, person in enumerate(scene.people):
            assert person.visible_mask.equal(scene.ids == place + 1)
            assert not (person.visible_mask & ~person.full_mask).any()


def test_the_exact_body_is_under_the_clothes(body, scenes):
    for scene in scenes:
        for person in scene.people:
            bare = render_depth(person.camera, body.mesh(person.betas, person.theta).vertices_m, body.faces)
            inside = bare > 0
            if inside.sum() > 100:
                assert (
                    person.full_mask & inside
                ).sum() > 0.94 * inside.sum()  # cloth presses, and shoes have no toes
            both = person.visible_mask & inside
            if both.sum() > 100:
                in_front = (bare - scene.depth_m)[both]
                assert -0.03 < in_front.quantile(0.1) and in_front.median() < 0.06  # cloth, not another body


def test_nothing_of_anybody_is_behind_the_lens(body, scenes):
    for scene in scenes:
        for person in scene.people:
            assert vertices(body, person)[:, 2].min() > 0.05


def test_everybody_stands_on_one_floor(body, scenes):
    for scene in scenes:
        up = scene.camera_from_world[:, 1]
        lowest = torch.stack([(vertices(body, person) @ up).min() for person in scene.people])
        assert lowest.max() - lowest.min() < 0.025  # soles


def test_bodies_are_not_in_each_other(body, scenes):
    faces = body.faces.numpy()
    for scene in scenes:
        bodies = [vertices(body, person).double().numpy() for person in scene.people]
        for i, one in enumerate(bodies):
            for other in bodies[:i]:
                near = ((one > other.min(0)) & (one < other.max(0))).all(1)
                if near.any():
                    assert not winding_numbers(one[near], other, faces).any()


def test_landmarks_are_the_body_s(body, scenes):
    marks = landmark_regressor(body)
    for scene in scenes:
        for person in scene.people:
            points = marks.points(body.mesh(person.betas, person.theta))
            torch.testing.assert_close(
                person.landmarks_px[:, :2], person.camera.project(points), atol=0.05, rtol=1e-4
            )
            x, y, visible = person.landmarks_px.unbind(1)
            height, width = scene.size_hw
            outside = (x < 0) | (y < 0) | (x > width) | (y > height)
            assert not visible[outside].any() and set(visible.tolist()) <= {0.0, 1.0}


def test_depth_is_nobody_s_behind_somebody(body, scenes):
    """Where a person is seen, nothing known is nearer."""
    for scene in scenes:
        for place in range(len(scene.people)):
            seen = scene.ids == place + 1
            assert (scene.depth_m[seen] > 0).all()


@pytest.mark.parametrize("name", SETS)
def test_kinds_keep_their_promises(name):
    kind = SETS[name]
    low, high = kind.views.tz_m
    for seed in set_seeds(name, 3):
        scene = make_scene(seed, small(kind))
        first = scene.people[0]
        assert 1 <= len(scene.people) <= len(kind.people)
        assert low * 0.5 < first.camera.tz_m <= high * 1.01
        assert scene.size_hw in SMALL
        assert (scene.sensor_depth_m is not None) == kind.depth_sensor
        if kind.occluder_share == 1:
            assert first.visible_mask.sum() < 0.9 * first.full_mask.sum()


def test_pictures_of_a_user_s_own(tmp_path):
    from PIL import Image

    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:, :32] = (250, 20, 20)
    Image.fromarray(pixels).save(tmp_path / "wall.png")
    far = replace(
        TEST, people=(1.0,), occluder_share=0.0, views=Views(cut=0.0, fill=(0.3, 0.4), sizes_hw=SMALL)
    )
    scene = make_scene(1, far, tmp_path)
    red = scene.rgb[..., 0].astype(int) - scene.rgb[..., 2]
    middle = red.shape[1] // 2
    assert red[:, :middle].mean() > red[:, middle:].mean() + 10


def test_errors_say_what_to_do(tmp_path):
    with pytest.raises(ValueError, match="sets are: test, close"):
        make_scene(0, "nosuch")
    with pytest.raises(ValueError, match="at least 0"):
        make_scene(-1, "test")
    with pytest.raises(ValueError, match="folder with pictures"):
        make_scene(0, "test", tmp_path)
    with pytest.raises(ValueError, match="at least 0"):
        set_seeds("test", -1)
    (tmp_path / "broken.png").write_bytes(b"no picture")
    with pytest.raises(ValueError, match="cannot be read"):
        make_scene(0, "test", tmp_path)
