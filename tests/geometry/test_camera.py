"""Laws of the camera."""

import math
from dataclasses import replace

import pytest
import torch

from workbench.geometry.camera import (
    Camera,
    Projection,
    diagonal_focal_px,
    focal_px_from_mm,
    perspective_camera,
)

KINDS: tuple[Projection, ...] = ("perspective", "weak", "orthographic")
SIZE = (480, 640)
CAMERA = Camera("perspective", 700.0, (300.0, 260.0), SIZE, torch.tensor([0.2, -0.1, 3.0]))


@pytest.fixture
def points():
    return torch.rand(50, 3, dtype=torch.float64) * 1.6 - 0.8


def test_perspective_is_the_intrinsic_matrix(points):
    matrix = torch.tensor([[700.0, 0, 300], [0, 700, 260], [0, 0, 1]], dtype=torch.float64)
    homogeneous = (points + CAMERA.t_camera_body_m.double()) @ matrix.T
    torch.testing.assert_close(CAMERA.project(points), homogeneous[:, :2] / homogeneous[:, 2:])


@pytest.mark.parametrize("kind", KINDS)
def test_the_axis_meets_the_principal_point(kind):
    t = torch.tensor([0.0, 0.0, 2.0])
    on_axis = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.0, 0.7]])
    seen = replace(CAMERA.as_kind(kind), t_camera_body_m=t).project(on_axis)
    torch.testing.assert_close(seen, torch.tensor([[300.0, 260.0]] * 2))


@pytest.mark.parametrize("kind", KINDS)
def test_right_is_right_and_down_is_down(kind):
    camera = CAMERA.as_kind(kind)
    origin, right, down = camera.project(torch.tensor([[0.0, 0, 0], [0.1, 0, 0], [0, 0.1, 0]]))
    assert right[0] > origin[0]
    assert down[1] > origin[1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_as_kind_keeps_the_size_at_the_bodys_depth(kind, other, points):
    camera = CAMERA.as_kind(kind)
    flat = points * torch.tensor([1.0, 1.0, 0.0])  # all at the depth of the body's origin
    torch.testing.assert_close(camera.as_kind(other).project(flat), camera.project(flat))
    assert camera.as_kind(other).as_kind(kind).focal_px == pytest.approx(camera.focal_px)


def test_only_perspective_sees_depth(points):
    moved = points + torch.tensor([0.0, 0.0, 0.5])
    for kind in KINDS:
        camera = CAMERA.as_kind(kind)
        same = torch.allclose(camera.project(moved), camera.project(points))
        assert same == (kind != "perspective")


def test_dolly_zoom_keeps_the_ratio_and_the_size(points):
    flat = points * torch.tensor([1.0, 1.0, 0.0])
    for factor in (0.3, 5.0):
        zoomed = CAMERA.with_focal(CAMERA.focal_px * factor, keep_size=True)
        assert zoomed.focal_px / zoomed.tz_m == pytest.approx(CAMERA.focal_px / CAMERA.tz_m)
        torch.testing.assert_close(zoomed.project(flat), CAMERA.project(flat), rtol=1e-6, atol=1e-4)


def test_dolly_zoom_of_weak_perspective_keeps_the_whole_picture(points):
    camera = CAMERA.as_kind("weak")
    zoomed = camera.with_focal(3 * camera.focal_px, keep_size=True)
    torch.testing.assert_close(zoomed.project(points), camera.project(points), rtol=1e-6, atol=1e-4)


def test_an_orthographic_camera_has_a_scale_and_no_lens(points):
    camera = CAMERA.as_kind("orthographic")
    larger = camera.with_focal(2 * camera.focal_px)
    assert larger.tz_m == camera.tz_m
    center = torch.tensor(CAMERA.center_px, dtype=points.dtype)
    torch.testing.assert_close(larger.project(points) - center, 2 * (camera.project(points) - center))
    for ask in (
        lambda: camera.with_focal(2 * camera.focal_px, keep_size=True),
        lambda: camera.fov_rad,
        lambda: camera.focal_mm,
    ):
        with pytest.raises(ValueError, match="px per metre"):
            ask()


def test_with_focal_alone_magnifies_about_the_principal_point(points):
    center = torch.tensor(CAMERA.center_px, dtype=points.dtype)
    longer = CAMERA.with_focal(2 * CAMERA.focal_px)
    torch.testing.assert_close(longer.project(points) - center, 2 * (CAMERA.project(points) - center))


def test_weak_perspective_is_the_limit_of_perspective(points):
    """At constant f / Tz they differ by about Z / Tz: ten times the distance leaves a tenth of the gap."""
    gaps = []
    for distance in (10, 100, 1000):
        camera = CAMERA.with_focal(CAMERA.focal_px * distance, keep_size=True)
        gaps.append((camera.project(points) - camera.as_kind("weak").project(points)).abs().max().item())
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.05)
    assert gaps[1] / gaps[2] == pytest.approx(10, rel=0.05)


def test_distortion_depends_on_distance_and_not_on_focal_length(points):
    """Doubling f doubles gap and body alike; doubling Tz at constant size does not."""

    def gap_in_body_sizes(camera):
        perspective, weak = camera.project(points), camera.as_kind("weak").project(points)
        return ((perspective - weak).norm(dim=1).max() / (weak.amax(0) - weak.amin(0)).max()).item()

    here = gap_in_body_sizes(CAMERA)
    assert gap_in_body_sizes(CAMERA.with_focal(2 * CAMERA.focal_px)) == pytest.approx(here)
    assert gap_in_body_sizes(CAMERA.with_focal(2 * CAMERA.focal_px, keep_size=True)) < 0.7 * here


@pytest.mark.parametrize("kind", KINDS)
def test_a_window_shifts_and_scales_the_picture(kind, points):
    camera = CAMERA.as_kind(kind)
    window = camera.window(120.0, -35.5, (90, 210), 1.5)
    expected = (camera.project(points) - torch.tensor([120.0, -35.5])) * 1.5
    torch.testing.assert_close(window.project(points), expected)
    assert window.size_hw == (90, 210)
    assert window.tz_m == camera.tz_m


@pytest.mark.parametrize("kind", KINDS)
def test_projection_is_differentiable_in_points_and_translation(kind, points):
    camera = CAMERA.as_kind(kind)
    t = camera.t_camera_body_m.double().requires_grad_()
    assert torch.autograd.gradcheck(
        lambda p, t_m: replace(camera, t_camera_body_m=t_m).project(p), (points.requires_grad_(), t)
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tz_m", [-3.0, 0.0])
def test_points_at_or_behind_the_lens_stay_finite(kind, tz_m, points):
    camera = replace(CAMERA, t_camera_body_m=torch.tensor([0.0, 0.0, tz_m]))
    assert torch.isfinite(camera.as_kind(kind).project(points)).all()


def test_batches_keep_their_shape(points):
    batch = points.reshape(2, 25, 3)
    torch.testing.assert_close(CAMERA.project(batch).reshape(50, 2), CAMERA.project(points))


@pytest.mark.parametrize("size", [(480, 640), (640, 480)])
def test_the_ways_to_say_a_focal_length_agree(size):
    camera = perspective_camera(size, torch.tensor([0.0, 0.0, 2.0]), 555.0)
    assert focal_px_from_mm(camera.focal_mm, size) == pytest.approx(555)
    assert focal_px_from_mm(36.0, size) == max(size)
    edge = torch.tensor(
        [[0.0, math.tan(camera.fov_rad / 2) * 2, 0.0]]
    )  # the upper and lower rays of the picture
    assert camera.project(edge)[0, 1].item() == pytest.approx(size[0])


def test_an_unknown_lens_is_the_diagonal():
    camera = perspective_camera((300, 400), torch.tensor([0.0, 0.0, 2.0]))
    assert camera.focal_px == diagonal_focal_px((300, 400)) == 500
    assert camera.center_px == (200, 150)
    assert math.degrees(2 * math.atan(500 / 2 / camera.focal_px)) == pytest.approx(53.13, abs=0.01)
