"""The Camera lab: crops and methods, bodies and photos, the 3D view, phones."""

from typing import Any

import pytest
import torch
from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.camera_tab import (
    LAB,
    canvas,
    open_lab,
    reaching,
    settle,
    shown_camera,
    slide,
    state,
    write,
)
from workbench.figures.camera_lab import camera_data, config
from workbench.figures.served_bodies import ServedBodies
from workbench.geometry.conventions import CropCamera, spin_camera

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def test_dragging_the_crop_changes_the_table_but_not_what_is_seen(camera: Page):
    table = camera.locator("#camera-conventions tbody")
    camera.locator("#camera-crop input").check()
    before = table.inner_text()
    expect(camera.locator(".hmr-crop")).to_be_visible()  # it comes with the next frame
    box = camera.locator(".hmr-crop").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    crop = state(camera, "s.box")
    camera.mouse.move(x, y)
    camera.mouse.down()
    camera.mouse.move(x + 60, y - 20, steps=4)
    camera.mouse.up()
    moved = state(camera, "s.box")
    assert moved["center_px"][0] > crop["center_px"][0] + 50 and moved["side_px"] == crop["side_px"]
    expect(table).not_to_have_text(before, use_inner_text=True)
    grip = camera.locator(".hmr-crop .hmr-grip-3").bounding_box()
    assert grip is not None
    camera.mouse.move(grip["x"] + 13, grip["y"] + 13)
    camera.mouse.down()
    camera.mouse.move(grip["x"] - 67, grip["y"] - 67, steps=4)
    camera.mouse.up()
    assert state(camera, "s.box.side_px") < moved["side_px"] - 60
    camera.locator(".hmr-crop").focus()
    camera.keyboard.press("ArrowLeft")
    assert state(camera, "s.box.center_px[0]") < moved["center_px"][0]
    camera.locator("#crop-around button").or_(camera.locator("#crop-around")).first.click()
    assert state(camera, "s.box.side_px") == pytest.approx(crop["side_px"], rel=0.05)


def test_the_methods_see_the_same_picture_from_other_distances(camera: Page):
    rows = camera.locator("#camera-conventions tbody tr")
    names = [rows.nth(n).locator("th").inner_text() for n in range(rows.count())]
    assert names == ["HMR'18", "SPIN", "HMR2.0", "CLIFF", "ROMP", "BLADE"]
    weak = shown_camera(camera).as_kind("weak").project(reaching())
    spin = rows.nth(1)
    box = state(camera, "s.box")
    expected = CropCamera.of(shown_camera(camera), (box["center_px"][0], box["center_px"][1]), box["side_px"])
    tz_m = spin_camera(expected, (720, 960)).tz_m
    assert tz_m > 20
    expect(spin.locator("td").first).to_have_text(f"{tz_m:.2f}")  # once the sliders rest
    spin.get_by_role("button").click()
    settle(camera)
    seen = shown_camera(camera)
    assert seen.tz_m == pytest.approx(tz_m, abs=0.01)
    assert (seen.project(reaching()) - weak).norm(dim=1).max() < 8  # nearly no perspective is left
    expect(camera.locator("#camera-tz input[type=number]")).to_have_value(f"{tz_m:.2f}")
    camera.locator("#camera-undo").click()
    assert shown_camera(camera).tz_m == pytest.approx(2.0)


def test_looking_through_a_method_keeps_comparing_with_the_own_camera(camera: Page):
    table, line = camera.locator("#camera-conventions tbody"), camera.locator("#camera-through")
    rows, own = table.locator("tr"), shown_camera(camera)
    expect(rows.first.locator("td").first).not_to_have_text(f"{own.tz_m:.2f}")
    expect(line).to_be_hidden()
    box = state(camera, "s.box")
    crop = CropCamera.of(own, (box["center_px"][0], box["center_px"][1]), box["side_px"])
    expect(rows.first).to_contain_text(f"t {crop.tx_m:+.3f}, {crop.ty_m:+.3f}".replace("-", "−"))  # this one
    told = table.inner_text()
    with camera.expect_response("**/component_server/**"):
        rows.nth(1).get_by_role("button", name="Look through SPIN's camera").click()
    expect(line).to_have_text("Looking through SPIN's camera")
    expect(camera.locator("#camera-code")).to_contain_text(f"focal_px={shown_camera(camera).focal_px:.2f}")
    assert table.inner_text() == told
    expect(rows.nth(1)).to_have_attribute("aria-current", "true")
    expect(table.locator("[aria-current]")).to_have_count(1)
    expect(rows.nth(1).get_by_role("button")).to_be_focused()
    expect(camera.locator("#camera-lab .hmr-stage")).to_be_in_viewport(ratio=0.9)
    rows.nth(3).get_by_role("button").click()
    expect(line).to_have_text("Looking through CLIFF's camera")
    expect(rows.nth(3)).to_have_attribute("aria-current", "true")
    camera.locator("#camera-mine").click()
    assert camera_data(shown_camera(camera)) == camera_data(own)
    expect(line).to_be_hidden()
    expect(table.locator("[aria-current]")).to_have_count(0)


def test_a_changed_or_undone_look_is_the_own_camera_again(camera: Page):
    table, line = camera.locator("#camera-conventions tbody"), camera.locator("#camera-through")
    hmr2 = table.locator("tr").nth(2)
    hmr2.get_by_role("button").click()
    camera.locator("#camera-undo").click()
    expect(line).to_be_hidden()
    assert shown_camera(camera).tz_m == pytest.approx(2.0)
    hmr2.get_by_role("button").click()
    expect(line).to_be_visible()
    before = table.inner_text()
    write(camera, "camera-tx", 0.3)
    expect(line).to_be_hidden()
    expect(table).not_to_have_text(before, use_inner_text=True)
    assert state(camera, "s.through") is None


def test_a_moved_crop_moves_the_camera_that_is_looked_through_and_never_the_own(camera: Page):
    own = camera_data(shown_camera(camera))
    spin = camera.locator("#camera-conventions tbody tr").nth(1)
    spin.get_by_role("button").click()
    settle(camera)
    before = shown_camera(camera)
    side = state(camera, "s.box.side_px")
    slide(camera, "crop-side")
    expect(camera.locator("#camera-through")).to_have_text("Looking through SPIN's camera")
    camera.wait_for_function(f"(tz) => {LAB}.lab.state().camera.t_camera_body_m[2] !== tz", arg=before.tz_m)
    assert state(camera, "s.through.before.camera") == own
    expect(spin.locator("td").first).to_have_text(f"{shown_camera(camera).tz_m:.2f}")
    camera.locator("#camera-undo").click()  # crop and camera in one step
    assert state(camera, "s.box.side_px") == side
    assert camera_data(shown_camera(camera)) == camera_data(before)
    camera.locator("#camera-mine").click()
    assert camera_data(shown_camera(camera)) == own


def test_at_first_the_crop_is_around_the_body_as_it_is_drawn(camera: Page):
    xy = shown_camera(camera).project(reaching())
    middle = (xy.amin(0) + xy.amax(0)) / 2
    assert state(camera, "s.box.center_px") == pytest.approx(middle.tolist(), abs=1)


def test_the_grips_of_a_crop_larger_than_its_picture_stay_inside(camera: Page):
    camera.locator("#camera-crop input").check()
    write(camera, "crop-side", 1500)
    stage = camera.locator("#camera-lab .hmr-stage").bounding_box()
    assert stage is not None
    for n in range(4):
        grip = camera.locator(f".hmr-crop .hmr-grip-{n}").bounding_box()
        assert grip is not None
        x, y = grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2
        assert stage["x"] < x < stage["x"] + stage["width"]
        assert stage["y"] < y < stage["y"] + stage["height"]


def test_a_body_outside_the_picture_is_told(camera: Page):
    told = camera.locator("#camera-picture-note")
    expect(told).to_have_text("")
    write(camera, "camera-tx", 2)
    write(camera, "camera-tz", 1)
    expect(told).to_contain_text("outside the picture; Tx and Ty are kept in metres")
    assert not canvas(camera).any()
    camera.locator("#camera-centre").click()
    expect(told).to_have_text("")


def test_other_people_of_the_photo_stay_as_they_were_recovered(page: Page):
    open_lab(page)
    people = """(body) => {
      const lab = LAB.lab;
      const camera = { ...lab.state().camera, t_camera_body_m: [-0.5, 0, 4] };
      const person = { body, betas: [], expression: [], theta: Array.from({ length: 24 }, () => [0, 0, 0]) };
      const one = { name: "A", color: "#8fb4d6", person, camera };
      const other = { ...one, name: "B", camera: { ...camera, t_camera_body_m: [0.5, 0, 4] } };
      const url = document.createElement("canvas").toDataURL();
      return lab.load({ photo: { url }, size_hw: camera.size_hw, chosen: 0, people: [one, other] });
    }""".replace("LAB", LAB)
    page.evaluate(people, config(ServedBodies(loopback=False).entries())["person"]["body"])
    page.wait_for_function(f"{LAB}.lab.state().body === 'photo: 0'")
    told = page.locator("#camera-picture-note")
    expect(told).to_have_text("")
    write(page, "camera-tz", 3)
    expect(told).to_contain_text("other people stay as they were recovered")
    page.locator("#camera-back").click()
    expect(told).to_have_text("")


def test_the_copied_code_makes_the_shaded_camera(camera: Page):
    camera.locator("#camera-kind label").nth(1).click()
    write(camera, "camera-tx", 0.5)
    code = camera.locator("#camera-code")
    expect(code).to_contain_text('kind="weak"')
    expect(code).to_contain_text("[0.5,")
    names: dict[str, Any] = {}
    exec(code.inner_text(), names)
    torch.testing.assert_close(
        names["camera"].project(reaching()),
        shown_camera(camera).as_kind("weak").project(reaching()),
        atol=0.1,
        rtol=0,
    )


def test_the_3d_view_shows_the_camera_where_it_stands(camera: Page):
    camera.locator("#camera-world").scroll_into_view_if_needed()
    camera.locator("#camera-world[data-drawn]").wait_for()
    count = int(camera.locator("#camera-world").get_attribute("data-drawn") or 0)
    write(camera, "camera-tz", 4)
    camera.wait_for_function("(n) => document.querySelector('#camera-world').dataset.drawn > n", arg=count)
    nearest = camera.evaluate(
        "Math.min(...document.querySelector('#camera-world .hmr-plot').data"
        ".filter((trace) => trace.line?.color === '#e11d48').flatMap((trace) => Array.from(trace.y))"
        ".filter(Number.isFinite))"
    )
    assert nearest == pytest.approx(-4, abs=0.01)


def test_the_picture_can_be_saved(camera: Page):
    """At the camera's own size, whatever the screen's."""
    camera.evaluate(
        f"((lab, s) => lab.set({{ ...s, camera: {{ ...s.camera, size_hw: [410, 630] }} }}))"
        f"({LAB}.lab, {LAB}.lab.state())"
    )
    settle(camera)
    with camera.expect_download() as download:
        camera.locator("#camera-save").click()
    with Image.open(download.value.path()) as picture:
        assert picture.format == "PNG" and picture.size == (630, 410)
    expect(camera.locator("#camera-note")).to_contain_text("630 × 410 pixels")


def test_every_pose_can_be_looked_at(camera: Page):
    before = canvas(camera)
    camera.locator("#camera-body select").select_option(label="Sitting")
    camera.wait_for_function(f"{LAB}.lab.posed().name.includes('sitting')")
    for _ in range(100):  # the picture follows by a frame
        if (canvas(camera) != before).any():
            break
        camera.wait_for_timeout(50)
    else:
        pytest.fail("The picture stays as it was.")
    camera.locator("#camera-undo").click()
    camera.wait_for_function(f"{LAB}.lab.posed().name.includes('reaching')")


def test_the_body_tabs_person_is_shown_live(camera: Page):
    camera.locator("#camera-body select").select_option(label="The Body tab's person")
    camera.wait_for_function(f"{LAB}.lab.posed().name === 'lab'")
    resting = state(camera, f"Array.from({LAB}.lab.posed().joints)")
    camera.get_by_role("tab", name="Body").click()
    camera.locator("#body-lab [data-drawn]").first.wait_for()
    camera.get_by_role("button", name="Random pose").click()
    camera.get_by_role("tab", name="Camera").click()
    camera.wait_for_function(
        f"(resting) => {LAB}.lab.posed().joints.some((value, n) => Math.abs(value - resting[n]) > 0.05)",
        arg=resting,
    )
