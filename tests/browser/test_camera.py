"""The Camera lab: every control changes what it says."""

from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect

from tests.browser.camera_tab import (
    LAB,
    canvas,
    grown,
    reaching,
    settle,
    shown_camera,
    slide,
    state,
    write,
)
from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.body.presets import preset
from workbench.render import render_mask

pytestmark = pytest.mark.browser

SLIDERS: list[tuple[str, str]] = [
    ("camera-tz", "s.camera.t_camera_body_m[2]"),
    ("camera-focal", "s.camera.focal_px"),
    ("camera-tx", "s.camera.t_camera_body_m[0]"),
    ("camera-ty", "s.camera.t_camera_body_m[1]"),
    ("camera-scale", "s.scale"),
    ("camera-width", "s.camera.size_hw[1]"),
    ("camera-height", "s.camera.size_hw[0]"),
    ("crop-x", "s.box.center_px[0]"),
    ("crop-y", "s.box.center_px[1]"),
    ("crop-side", "s.box.side_px"),
]


@pytest.mark.parametrize(("slider", "field"), SLIDERS)
def test_every_slider_changes_its_number_and_the_picture(camera: Page, slider: str, field: str):
    before, seen, drawn = (
        state(camera, field),
        canvas(camera),
        camera.locator("#camera-lab [data-drawn]").first,
    )
    count = int(drawn.get_attribute("data-drawn") or 0)
    slide(camera, slider)
    assert state(camera, field) != before
    camera.wait_for_function(f"(count) => {LAB}.dataset.drawn > count", arg=count)
    shown = float(camera.locator(f"#{slider} input[type=number]").input_value())
    value = state(camera, field)
    if slider != "camera-focal":  # written in millimetres
        assert shown == pytest.approx(value, abs=0.6 if value > 10 else 0.006)
    if slider.startswith("crop"):
        assert camera.locator(".hmr-crop").is_visible()
    elif slider != "camera-scale":
        again = canvas(camera)
        assert again.shape != seen.shape or (again != seen).any()


@pytest.mark.parametrize("kind", ["perspective", "weak", "orthographic"])
@pytest.mark.parametrize("tz_m", [1.0, 5.0])
def test_the_picture_is_pythons_to_a_pixel(camera: Page, kind: Any, tz_m: float):
    camera.locator("#camera-lock input").check()
    write(camera, "camera-tz", tz_m)
    camera.locator("#camera-kind label").nth(["perspective", "weak", "orthographic"].index(kind)).click()
    for other in ("perspective", "weak", "orthographic"):
        if other != kind:
            camera.locator(f"#camera-outline-{other} input").uncheck()
    settle(camera)
    ours = canvas(camera)[..., 3] > 127
    scale = ours.shape[1] / state(camera, "s.camera.size_hw[1]")
    full = shown_camera(camera).as_kind(kind)
    theirs = render_mask(
        full.window(0.0, 0.0, (ours.shape[0], ours.shape[1]), scale), reaching(), load_body().faces
    ).numpy()
    assert theirs.sum() > 5000
    assert not (ours & ~grown(theirs)).any() and not (theirs & ~grown(ours)).any()


def test_the_dolly_zoom_keeps_the_size_while_the_gap_follows_the_distance(camera: Page):
    camera.locator("#camera-lock input").check()
    heights, gaps = [], []
    for tz_m in (1.0, 2.0, 8.0):
        write(camera, "camera-tz", tz_m)
        xy = shown_camera(camera).as_kind("weak").project(reaching())
        heights.append(float(xy[:, 1].max() - xy[:, 1].min()))
        fact = camera.locator("#camera-facts div", has_text="height × f / Tz").locator("dd")
        assert float(fact.inner_text().removesuffix(" px")) == pytest.approx(heights[-1], abs=1)
        gaps.append(float(camera.locator("#camera-differences td").first.inner_text()))
    assert max(heights) - min(heights) < 1
    assert gaps[0] > 1.5 * gaps[1] > 3 * gaps[2]


def test_a_longer_lens_alone_enlarges_and_keeps_the_share_of_distortion(camera: Page):
    share = camera.locator("#camera-differences tr").nth(1).locator("td").last
    before = share.inner_text()
    slide(camera, "camera-focal")
    assert share.inner_text() == before


def test_playing_sweeps_the_distance_smoothly_and_stops(camera: Page):
    first = state(camera, "s.camera.focal_px / s.camera.t_camera_body_m[2]")
    camera.locator("#camera-play").click()
    camera.wait_for_function(f"{LAB}.lab.state().camera.t_camera_body_m[2] < 1.8")
    camera.get_by_role("button", name="Stop").click()
    stopped = state(camera)
    settle(camera)
    assert state(camera) == stopped
    assert state(camera, "s.camera.focal_px / s.camera.t_camera_body_m[2]") == pytest.approx(first)
    camera.locator("#camera-undo").click()  # the whole way is one step
    assert state(camera, "s.camera.t_camera_body_m[2]") == pytest.approx(2.0)


def test_another_beginning_ends_the_sweep(camera: Page):
    camera.locator("#camera-play").click()
    camera.wait_for_function(f"{LAB}.lab.state().camera.t_camera_body_m[2] < 1.9")
    camera.locator("#camera-reset").click()
    settle(camera)
    assert state(camera) == camera.evaluate("window.first")
    expect(camera.locator("#camera-play")).to_have_text("Play dolly zoom")


def test_the_units_of_the_lens_agree(camera: Page):
    lens = shown_camera(camera)
    for unit, value in (
        ("px", lens.focal_px),
        ("degrees", lens.fov_rad * 180 / np.pi),
        ("mm", lens.focal_mm),
    ):
        camera.locator("#camera-unit select").select_option(label=unit)
        settle(camera)
        shown = camera.locator("#camera-focal input[type=number]")
        assert float(shown.input_value()) == pytest.approx(value, abs=0.6)
        assert shown_camera(camera).focal_px == lens.focal_px
    camera.locator("#camera-unit select").select_option(label="degrees")
    write(camera, "camera-focal", 90)
    assert shown_camera(camera).focal_px == pytest.approx(lens.size_hw[0] / 2)
    expect(camera.locator("#camera-facts")).to_contain_text("90.0°")
    expect(camera.locator("#camera-facts")).to_contain_text("13.5 mm")


def test_typed_numbers_are_brought_within_limits(camera: Page):
    write(camera, "camera-tz", 999)
    expect(camera.locator("#camera-tz input[type=number]")).to_have_value("20")
    write(camera, "camera-tz", 0)
    expect(camera.locator("#camera-tz input[type=number]")).to_have_value("0.4")
    assert "left out" in camera.locator("#camera-remark").inner_text()


def test_the_size_keeps_lens_or_focal_length(camera: Page):
    lens = shown_camera(camera)
    write(camera, "camera-width", 480)
    write(camera, "camera-height", 360)
    assert shown_camera(camera).focal_mm == pytest.approx(lens.focal_mm)
    camera.get_by_text("f in pixels", exact=True).click()
    before = shown_camera(camera)
    write(camera, "camera-width", 960)
    assert shown_camera(camera).focal_px == pytest.approx(before.focal_px)
    box = camera.locator("#camera-lab .hmr-stage").bounding_box()
    assert box is not None and box["width"] / box["height"] == pytest.approx(960 / 360, rel=0.01)


def test_the_orthographic_scale_follows_or_is_free(camera: Page):
    remark = camera.locator("#camera-remark")
    expect(remark).to_contain_text("same picture")
    slide(camera, "camera-scale")
    expect(camera.locator("#camera-follow input")).not_to_be_checked()
    expect(remark).to_have_text("")
    free = state(camera, "s.scale")
    slide(camera, "camera-tz")
    assert state(camera, "s.scale") == free
    camera.locator("#camera-follow input").check()
    assert state(camera, "s.scale") is None


def test_outlines_joints_and_crop_are_switched(camera: Page):
    def red(pixels: np.ndarray) -> int:
        return int(((pixels[..., 0] > 180) & (pixels[..., 1] < 80)).sum())

    camera.locator("#camera-outline-orthographic input").uncheck()
    settle(camera)
    assert red(canvas(camera)) > 200
    camera.locator("#camera-outline-weak input").uncheck()
    settle(camera)
    assert red(canvas(camera)) == 0
    expect(camera.locator("#camera-outline-perspective input")).to_be_disabled()
    ink = "document.querySelector('#camera-lab .hmr-stage > canvas').toDataURL()"
    before = camera.evaluate(ink)
    camera.locator("#camera-segments input").check()
    settle(camera)
    assert camera.evaluate(ink) != before
    expect(camera.locator(".hmr-crop")).to_be_hidden()
    camera.locator("#camera-crop input").check()
    expect(camera.locator(".hmr-crop")).to_be_visible()


def test_the_joint_that_comes_nearest_moves_most(camera: Page):
    rows = camera.locator("#camera-joints tbody tr")
    expect(rows.first.locator("th")).to_have_text("left hand")
    joints = load_body().mesh(torch.zeros(10), preset("reaching", SMPL_JOINTS)).joints_m
    lens = shown_camera(camera)
    hand = joints[SMPL_JOINTS.index("left_hand")] * torch.tensor([1.0, -1.0, -1.0])
    moved = float((lens.project(hand) - lens.as_kind("weak").project(hand)).norm())
    assert float(rows.first.locator("td").first.inner_text()) == pytest.approx(moved, abs=0.1)


def test_undo_redo_and_reset(camera: Page):
    first = state(camera)
    slide(camera, "camera-tz")
    slide(camera, "camera-tx")
    after = state(camera)
    camera.locator("#camera-undo").click()
    camera.locator("#camera-undo").click()
    assert state(camera) == first
    camera.locator("#camera-redo").click()
    camera.locator("#camera-redo").click()
    assert state(camera) == after
    camera.locator("#camera-reset").click()
    assert state(camera) == first


def test_centring_brings_the_body_back(camera: Page):
    write(camera, "camera-tx", 1.5)
    write(camera, "camera-ty", 0.9)
    camera.locator("#camera-centre").click()
    xy = shown_camera(camera).as_kind("weak").project(reaching())
    middle = (xy.amin(0) + xy.amax(0)) / 2
    torch.testing.assert_close(middle, torch.tensor([480.0, 360.0]), atol=1.0, rtol=0)


def test_pressing_in_the_curve_goes_to_that_distance(camera: Page):
    chart = camera.locator("#camera-gap svg")
    said = chart.get_attribute("aria-label")
    expect(chart).to_contain_text("1.2 m")
    dot = chart.locator(".hmr-now-dot").first.get_attribute("cx")
    chart.click(position={"x": 120, "y": 100})
    settle(camera)
    assert state(camera, "s.camera.t_camera_body_m[2]") < 1.9 and state(camera, "s.locked")
    assert chart.locator(".hmr-now-dot").first.get_attribute("cx") != dot
    assert chart.get_attribute("aria-label") != said


def test_a_drag_draws_at_once_and_asks_the_server_once_when_it_rests(camera: Page):
    settle(camera)
    drag = """async () => {
      const lab = document.querySelector("#camera-lab .hmr-camera-lab");
      const real = window.fetch;
      let asked = 0;
      window.fetch = (...given) => { asked += 1; return real(...given); };
      const range = document.querySelector("#camera-tz input[type=range]");
      const move = (place) => {
        range.value = place;
        range.dispatchEvent(new Event("input", { bubbles: true }));
      };
      const picture = lab.querySelector(".hmr-plane");
      const before = Number(picture.dataset.drawn);
      move(700);
      const drawn = [Number(picture.dataset.drawn) - before, picture.querySelector("[role=img]").ariaLabel];
      await new Promise(requestAnimationFrame);
      const told = document.querySelector("#camera-facts dd").textContent;
      for (let n = 0; n < 30; n++) move(300 + 10 * n);
      window.fetch = real;
      return { asked, drawn, told, tz: lab.lab.state().camera.t_camera_body_m[2] };
    }"""
    with camera.expect_request("**/component_server/**") as answer:
        seen = camera.evaluate(drag)
    assert seen["asked"] == 0
    assert seen["told"] == "6.18 m"  # 0.4 m times 50 to the power of 0.7
    assert seen["drawn"][0] == 1 and seen["told"] in seen["drawn"][1]
    assert f"{seen['tz']:.6g}"[:4] in (answer.value.post_data or "")
