"""People before cameras: reproducible, in view as promised, and seen as their cameras see them."""

import math

import pytest
import torch

from workbench.body.light import open_light_body
from workbench.synth.cameras import NEAREST_M, Views
from workbench.synth.landmarks import true_landmarks
from workbench.synth.people import People, sample_people


@pytest.fixture(scope="module")
def people() -> People:
    return sample_people(700, seed=5)


def box_px(people: People) -> tuple[torch.Tensor, torch.Tensor]:
    xy = people.project(open_light_body(256)(people.betas, people.rotations).vertices_m)
    return xy.amin(1), xy.amax(1)


def test_the_same_seed_gives_the_same_people_however_many(people: People) -> None:
    few = sample_people(9, seed=5)
    for name in ("betas", "rotations", "t_camera_body_m", "focal_px", "size_hw", "floor_m", "action"):
        torch.testing.assert_close(getattr(few, name), getattr(people, name)[:9], rtol=1e-4, atol=1e-5)


def test_seeds_and_splits_differ(people: People) -> None:
    for other in (sample_people(50, seed=6), sample_people(50, seed=5, split="test")):
        assert not torch.equal(other.betas, people.betas[:50])
        assert not torch.equal(other.rotations, people.rotations[:50])


def test_a_generator_gives_other_people_each_time() -> None:
    first, second = (torch.Generator().manual_seed(2) for _ in range(2))
    a, b = sample_people(5, first), sample_people(5, second)
    assert torch.equal(a.betas, b.betas) and torch.equal(a.rotations, b.rotations)
    assert not torch.equal(sample_people(5, first).betas, a.betas)


def test_distances_and_lenses_are_those_of_the_views(people: People) -> None:
    views = Views()
    tz = people.t_camera_body_m[:, 2]
    assert views.tz_m[0] <= tz.min() and tz.max() <= views.tz_m[1]
    lens_mm = people.focal_px / people.size_hw.amax(1) * 36
    assert views.lens_mm[0] <= lens_mm.min() * 1.0001 and lens_mm.max() <= views.lens_mm[1] * 1.0001
    assert (torch.histc(tz.log(), 8) > 20).all()  # near and far alike


def test_whoever_is_not_cut_is_wholly_in_view() -> None:
    whole = sample_people(400, views=Views(tz_m=(2.0, 12.0), cut=0.0))
    low, high = box_px(whole)
    size = whole.size_hw.flip(-1)
    assert ((low >= 0) & (high <= size)).all(1).float().mean() > 0.98
    assert (low > -0.05 * size).all() and (high < 1.05 * size).all()  # a foot near a lens
    fill = ((high - low) / size).amax(1)
    assert fill.quantile(0.98) <= Views().fill[1] + 0.01
    assert fill.quantile(0.05) > 0.9 * Views().fill[0]


def test_whoever_is_cut_reaches_out_of_the_picture_and_still_shows_something() -> None:
    cut = sample_people(400, views=Views(tz_m=(2.0, 8.0), cut=1.0))
    low, high = box_px(cut)
    size = cut.size_hw.flip(-1)
    assert ((low < 0) | (high > size)).any(1).float().mean() > 0.98
    assert (true_landmarks(cut).px[..., 2].sum(1) >= 3).float().mean() > 0.97


def test_nothing_comes_too_near_and_cameras_are_above_the_floor(people: People) -> None:
    depth = open_light_body(256)(people.betas, people.rotations).vertices_m[..., 2]
    assert (depth + people.t_camera_body_m[:, 2:]).min() > NEAREST_M - 0.06
    assert (people.camera_height_m > 0).float().mean() > 0.995


def test_gravity_and_floor(people: People) -> None:
    """Rotating back by the camera stands everybody on a level floor."""
    vertices = open_light_body(256)(people.betas, people.rotations).vertices_m
    upright = (vertices + people.t_camera_body_m[:, None] - people.pelvis_camera_m[:, None]) @ (
        people.camera_from_world
    )
    lowest = upright[..., 1].amin(1)
    assert (lowest - people.floor_m).abs().max() < 0.03
    across = vertices + people.t_camera_body_m[:, None] - people.floor_point_m[:, None]
    torch.testing.assert_close((across @ people.up[..., None])[..., 0].amin(1), lowest - people.floor_m)
    identity = people.camera_from_world @ people.camera_from_world.mT
    torch.testing.assert_close(identity, torch.eye(3).expand_as(identity))


def test_people_project_as_their_cameras_do(people: People) -> None:
    points = open_light_body(64)(people.betas, people.rotations).landmarks_m
    landmarks = true_landmarks(people)
    for index in (0, 17, 300):
        expected = people.camera(index).project(points[index])
        torch.testing.assert_close(landmarks.px[index, :, :2], expected, rtol=1e-4, atol=1e-2)


def test_one_is_like_many(people: People) -> None:
    alone, together = true_landmarks(people.rows(slice(3, 4))), true_landmarks(people)
    torch.testing.assert_close(alone.px, together.px[3:4], rtol=1e-4, atol=1e-2)
    torch.testing.assert_close(alone.m, together.m[3:4], rtol=1e-4, atol=1e-5)


def test_metric_landmarks_are_about_the_hips(people: People) -> None:
    landmarks = true_landmarks(people)
    assert landmarks.m[:, [23, 24]].mean(1).abs().max() < 1e-5
    assert math.isclose(float(landmarks.m[0, 23].norm()), float(landmarks.m[0, 24].norm()), rel_tol=1e-3)


def test_impossible_views_are_refused() -> None:
    with pytest.raises(ValueError, match=r"tz_m as \(smallest, largest\)"):
        Views(tz_m=(3.0, 2.0))
    with pytest.raises(ValueError, match="at least one picture size"):
        Views(sizes_hw=())
    with pytest.raises(ValueError, match="seed of at least 0"):
        sample_people(1, -1)
