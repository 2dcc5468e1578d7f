"""The Camera tab without its page."""

import math
import re

import pytest
import torch

from workbench.app import handlers_camera as handlers
from workbench.app.handlers_body import BodyState, rest
from workbench.geometry.camera import Projection


def gap_px(state: handlers.CameraState) -> float:
    """Mean distance between the perspective and the weak-perspective picture of the reaching body."""
    points = handlers.posed(handlers.POSES[0], None).vertices_m * handlers.FACING
    near, flat = (state.of_kind(kind).project(points) for kind in ("perspective", "weak"))
    return float((near - flat).norm(dim=1).mean())


def test_the_dolly_zoom_keeps_f_over_tz():
    first = handlers.start()
    ratio = first.camera.focal_px / first.tz_m
    for moved in (handlers.with_tz(first, 1.2, True), handlers.with_focal(first, 900.0, True)):
        assert moved.camera.focal_px / moved.tz_m == pytest.approx(ratio, rel=1e-5)


def test_without_the_lock_the_other_number_stays():
    first = handlers.start()
    assert handlers.with_tz(first, 1.2, False).camera.focal_px == first.camera.focal_px
    assert handlers.with_focal(first, 900.0, False).tz_m == first.tz_m


def test_distortion_follows_the_distance_and_not_the_lens():
    """Under the lock the body keeps its size; nearer means more distorted."""
    gaps = [gap_px(handlers.with_tz(handlers.start(), tz, True)) for tz in (1.2, 2.0, 4.0)]
    assert gaps[0] > 1.5 * gaps[1] > 2 * gaps[2]


def test_the_lock_never_leaves_the_sliders():
    near = handlers.with_tz(handlers.with_focal(handlers.start(), 1800.0, False), 6.0, True)
    assert handlers.FOCAL_LIMITS_PX[0] <= near.camera.focal_px <= handlers.FOCAL_LIMITS_PX[1]
    far = handlers.with_focal(handlers.with_tz(handlers.start(), 6.0, False), 1800.0, True)
    assert handlers.TZ_LIMITS_M[0] <= far.tz_m <= handlers.TZ_LIMITS_M[1] + 1e-6


@pytest.mark.parametrize("bad", [None, math.nan, -1.0, 1e9])
def test_numbers_out_of_range_are_refused(bad):
    for change in (
        lambda: handlers.with_tz(handlers.start(), bad, False),
        lambda: handlers.with_focal(handlers.start(), bad, True),
        lambda: handlers.with_scale(handlers.start(), bad),
    ):
        with pytest.raises(ValueError, match="must be"):
            change()


def test_the_orthographic_picture_knows_neither_distance_nor_lens():
    first = handlers.start()
    points = torch.randn(50, 3)
    expected = first.of_kind("orthographic").project(points)
    for moved in (handlers.with_tz(first, 1.0, False), handlers.with_focal(first, 900.0, False)):
        torch.testing.assert_close(moved.of_kind("orthographic").project(points), expected)
    assert not torch.equal(handlers.with_scale(first, 77.0).of_kind("orthographic").project(points), expected)


def test_every_choice_shows_something_else():
    first = handlers.start()
    bent = BodyState(rest().betas, rest().theta + 0.3)
    choices: tuple[tuple[handlers.CameraState, Projection, str, BodyState | None], ...] = (
        (first, "perspective", "Standing", None),
        (first, "weak", "Standing", None),
        (first, "perspective", "Reaching to the camera", None),
        (first, "perspective", "From the Body tab", bent),
        (handlers.with_tz(first, 2.0, False), "perspective", "Standing", None),
        (handlers.with_scale(first, 99.0), "perspective", "Standing", None),
    )
    shown = {handlers.show(*choice)[1:3] for choice in choices}
    assert len(shown) == 6


def test_an_unknown_pose_is_refused():
    with pytest.raises(ValueError, match="Standing"):
        handlers.posed("Flying", None)


@pytest.mark.parametrize("kind", handlers.KINDS)
def test_the_copied_code_makes_the_same_camera(kind):
    code = handlers.show(handlers.start(), kind, "Standing", None)[3]
    names: dict = {}
    exec(code, names)
    points = torch.randn(20, 3)
    torch.testing.assert_close(
        names["camera"].project(points), handlers.start().of_kind(kind).project(points), atol=0.1, rtol=0
    )


def test_pictures_are_labelled():
    html = handlers.show(handlers.start(), "weak", "Standing", None)[1]
    assert re.findall(r'alt="([^"]+)"', html) == list(handlers.KINDS.values())


def test_a_body_that_reaches_behind_the_lens_gives_sane_numbers():
    near = handlers.with_tz(handlers.start(), handlers.TZ_LIMITS_M[0], False)
    numbers = handlers.show(near, "perspective", "Reaching to the camera", None)[2]
    assert "left out" in numbers
    assert max(float(v) for v in re.findall(r"([\d.]+) px<", numbers)) < 100 * handlers.SIZE_PX
    far = handlers.with_tz(handlers.start(), 3.0, False)
    assert "left out" not in handlers.show(far, "perspective", "Reaching to the camera", None)[2]
