"""The Camera lab: every control changes what it says."""

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from playwright.sync_api import Browser, Page, expect
from scipy.ndimage import binary_dilation

from tests.browser.conftest import DESKTOP, Watch
from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.body.presets import preset
from workbench.figures.camera_lab import camera_data, camera_from
from workbench.geometry import Camera
from workbench.geometry.conventions import CropCamera, spin_camera
from workbench.image import Person
from workbench.recovery import BodyParams, Recovery, Step
from workbench.render import render_mask
from workbench.results import recovery_to_dict, write_json

pytestmark = pytest.mark.browser

LAB = "document.querySelector('#camera-lab .hmr-camera-lab')"
PLANE = f"{LAB}.querySelector('.hmr-plane').imagePlane"
PHONE = {"width": 390, "height": 844}
PIXELS = f"""() => {{
  {PLANE}.draw();
  const canvas = {PLANE}.canvas();
  const gl = canvas.getContext("webgl2");
  const pixels = new Uint8Array(4 * canvas.width * canvas.height);
  gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  let text = "";
  for (let n = 0; n < pixels.length; n += 8192) text += String.fromCharCode(...pixels.subarray(n, n + 8192));
  return {{ size: [canvas.height, canvas.width], pixels: btoa(text) }};
}}"""
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


@pytest.fixture(scope="module")
def opened(browser: Browser, app_url: str) -> Iterator[Page]:
    """One page for all tests that leave no trace outside the lab; it must behave."""
    context = browser.new_context(viewport=DESKTOP)
    page, watch = context.new_page(), Watch()
    watch.on(page, app_url)
    page.set_default_timeout(15_000)
    page.goto(app_url)
    open_lab(page)
    page.evaluate(f"window.first = {LAB}.lab.state()")
    yield page
    context.close()
    assert watch.errors == [] and watch.requests_outside == []


@pytest.fixture
def camera(opened: Page) -> Page:
    """The lab as it was when it was opened, with everything unfolded."""
    opened.evaluate(f"{LAB}.lab.set(window.first)")
    settle(opened)
    opened.wait_for_function(f"{LAB}.lab.posed().name === window.first.body")
    return opened


def open_lab(page: Page) -> None:
    page.get_by_role("tab", name="Camera").click()
    page.locator("#camera-lab .hmr-camera-lab[data-drawn]").wait_for()
    page.evaluate(f"{LAB}.querySelectorAll('details').forEach((part) => (part.open = true))")
    page.locator("#camera-conventions tbody tr").first.wait_for()


def state(page: Page, expression: str = "s") -> Any:
    return page.evaluate(f"((s) => {expression})({LAB}.lab.state())")


def settle(page: Page) -> None:
    """Wait until what was asked for is drawn: at once, or with the next frame."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def slide(page: Page, slider: str, key: str = "PageUp") -> None:
    page.locator(f"#{slider} input[type=range]").focus()
    page.keyboard.press(key)
    settle(page)


def write(page: Page, slider: str, value: float) -> None:
    page.locator(f"#{slider} input[type=number]").fill(str(value))
    page.keyboard.press("Tab")
    settle(page)


def canvas(page: Page) -> np.ndarray:
    """The bodies as drawn: rows from above, colours times alpha, alpha."""
    answer = page.evaluate(PIXELS)
    pixels = np.frombuffer(base64.b64decode(answer["pixels"]), np.uint8)
    return pixels.reshape(*answer["size"], 4)[::-1]


def shown_camera(page: Page) -> Camera:
    return camera_from(state(page, "s.camera"))


def reaching() -> torch.Tensor:
    """Vertices of the first preset in the camera's axes."""
    mesh = load_body().mesh(torch.zeros(10), preset("reaching", SMPL_JOINTS))
    return mesh.vertices_m * torch.tensor([1.0, -1.0, -1.0])


def numbers(page: Page) -> str:
    return page.locator("#camera-facts").inner_text()


def without_outlines(page: Page) -> None:
    for kind in ("weak", "orthographic"):
        page.locator(f"#camera-outline-{kind} input").uncheck()


def grown(mask: np.ndarray) -> np.ndarray:
    return np.asarray(binary_dilation(mask, np.ones((3, 3))), bool)


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


def test_dragging_the_crop_changes_the_table_but_not_what_is_seen(camera: Page):
    table = camera.locator("#camera-conventions tbody")
    camera.locator("#camera-crop input").check()
    before = table.inner_text()
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


def test_a_drag_draws_at_once_and_asks_the_server_once_when_it_rests(camera: Page):
    settle(camera)
    drag = """() => {
      const lab = document.querySelector("#camera-lab .hmr-camera-lab");
      const real = window.fetch;
      let asked = 0;
      window.fetch = (...given) => { asked += 1; return real(...given); };
      const range = document.querySelector("#camera-tz input[type=range]");
      const move = (place) => {
        range.value = place;
        range.dispatchEvent(new Event("input", { bubbles: true }));
      };
      const before = Number(lab.dataset.drawn);
      move(700);
      const told = document.querySelector("#camera-facts dd").textContent;
      const first = [Number(lab.dataset.drawn) - before, told];
      for (let n = 0; n < 30; n++) move(300 + 10 * n);
      window.fetch = real;
      return { asked, first, tz: lab.lab.state().camera.t_camera_body_m[2] };
    }"""
    with camera.expect_request("**/component_server/**") as answer:
        seen = camera.evaluate(drag)
    assert seen["asked"] == 0
    assert seen["first"] == [1, "6.18 m"]  # 0.4 m times 50 to the power of 0.7
    assert f"{seen['tz']:.6g}"[:4] in (answer.value.post_data or "")


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
    with camera.expect_download() as download:
        camera.locator("#camera-save").click()
    assert Path(download.value.path()).read_bytes().startswith(b"\x89PNG")


def test_every_pose_can_be_looked_at(camera: Page):
    before = canvas(camera)
    camera.locator("#camera-body select").select_option(label="Sitting")
    camera.wait_for_function(f"{LAB}.lab.posed().name.includes('sitting')")
    assert (canvas(camera) != before).any()
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


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Recovery]:
    """A recovery.json of somebody four metres away, off the middle, whose picture has another shape."""
    body = load_body()
    theta = preset("waving", SMPL_JOINTS)
    theta[0] = torch.tensor([torch.pi, 0.0, 0.0])
    camera = Camera("perspective", 800.0, (310.0, 260.0), (500, 640), torch.tensor([0.4, 0.1, 4.0]))
    params = BodyParams(torch.linspace(-1, 1, body.num_betas), theta)
    points = torch.cat((torch.rand(33, 2) * 300 + 100, torch.ones(33, 1)), dim=1)
    person = Person(torch.tensor([100.0, 50.0, 400.0, 450.0]), 0.9, points)
    steps = (Step("fit 0", params, camera, 1.0),)
    recovery = Recovery("smplify", "none", body.topology, person, params, camera, steps, 0.1)
    path = tmp_path_factory.mktemp("saved") / "recovery.json"
    write_json(path, recovery_to_dict(recovery, {}))
    return path, recovery


def test_a_recovered_person_comes_over_with_photo_and_camera(page: Page, saved: tuple[Path, Recovery]):
    path, recovery = saved
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open saved recovery.json").click()
    chooser.value.set_files(path)
    page.locator("#result-world .hmr-view[data-drawn]").wait_for()
    page.locator("#result-camera").click()
    page.locator("#camera-lab .hmr-camera-lab[data-drawn]").wait_for()
    page.wait_for_function(f"{LAB}.lab.state().body === 'photo: 0'")
    assert camera_data(shown_camera(page)) == camera_data(recovery.camera)
    expect(page.locator("#camera-lab .hmr-stage img")).to_be_visible()
    expect(page.locator("#camera-back")).to_be_visible()
    without_outlines(page)
    settle(page)
    ours = canvas(page)[..., 3] > 127
    scale = ours.shape[1] / 640
    vertices = recovery.mesh(load_body()).vertices_m
    theirs = render_mask(
        recovery.camera.window(0.0, 0.0, (ours.shape[0], ours.shape[1]), scale), vertices, load_body().faces
    ).numpy()
    assert not (ours & ~grown(theirs)).any() and not (theirs & ~grown(ours)).any()

    write(page, "camera-tz", 1.5)
    write(page, "camera-tx", 0)
    page.locator("#camera-back").click()
    assert shown_camera(page).tz_m == pytest.approx(4.0)
    page.locator("#camera-body select").select_option(label="Standing")
    page.wait_for_function(f"{LAB}.lab.posed().name.includes('standing')")
    expect(page.locator("#camera-lab .hmr-stage img")).to_be_hidden()
    assert shown_camera(page).size_hw == (720, 960)

    # With the result gone, so are its people.
    page.locator("#camera-body select").select_option(label="Person 1, from the photo")
    page.wait_for_function(f"{LAB}.lab.state().body === 'photo: 0'")
    page.get_by_role("tab", name="Photo").click()
    page.get_by_role("button", name="Another photo").click()
    page.get_by_role("tab", name="Camera").click()
    page.wait_for_function(f"{LAB}.lab.state().body !== 'photo: 0'")
    expect(page.locator("#camera-body")).not_to_contain_text("from the photo")


def test_a_broken_camera_from_outside_is_refused_and_the_lab_lives_on(camera: Page):
    before = state(camera)
    bad = {"people": [{"name": "x", "camera": {"kind": "perspective", "focal_px": None}, "person": {}}]}
    camera.evaluate(f"(data) => {LAB}.lab.load(data)", bad)
    expect(camera.locator("#camera-note")).to_contain_text("could not be taken over")
    assert state(camera) == before


def test_a_body_that_cannot_be_shown_leaves_the_one_before(camera: Page):
    before, told = state(camera, "s.body"), camera.locator("#camera-note")
    camera.evaluate(f"{LAB}.lab.set({{ ...{LAB}.lab.state(), body: 'photo: 7' }})")
    expect(told).to_contain_text("could not be shown")
    assert state(camera, "s.body") == before
    camera.locator("#camera-body select").select_option(label="Sitting")
    expect(told).to_have_text("")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_the_picture_stays_in_sight_and_nothing_is_too_wide(page: Page):
    camera = page
    open_lab(camera)
    expect(camera.locator("#camera-undo")).to_be_disabled()
    assert camera.evaluate("document.documentElement.scrollWidth") <= 390
    for control in ("#camera-tz", "#camera-ty", "#camera-gap"):
        camera.locator(control).scroll_into_view_if_needed()
        stage = camera.locator("#camera-lab .hmr-stage").bounding_box()
        assert stage is not None and stage["y"] >= 0 and stage["y"] + stage["height"] < 844 / 2
    below = [
        camera.locator(name).bounding_box()
        for name in ("#camera-tz", "#camera-facts", "#camera-gap", "#camera-world")
    ]
    heights = [box["y"] for box in below if box is not None]
    assert len(heights) == 4 and heights == sorted(heights)


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_a_body_changed_in_the_other_tab_is_in_the_picture(page: Page):
    open_lab(page)
    page.locator("#camera-body select").select_option(label="The Body tab's person")
    page.wait_for_function(f"{LAB}.lab.posed().name === 'lab'")
    settle(page)
    before = canvas(page)
    page.get_by_role("tab", name="Body").click()
    page.locator("#body-lab [data-drawn]").first.wait_for()
    page.get_by_role("button", name="Random pose").click()
    page.get_by_role("tab", name="Camera").click()
    vertices = f"Array.from({LAB}.lab.posed().joints)"
    page.wait_for_function(
        f"(before) => {vertices}.some((v, n) => Math.abs(v - before[n]) > 0.05)", arg=[0.0] * 72
    )
    page.wait_for_function(
        f"""(before) => {{
          const {{ pixels }} = ({PIXELS})();
          return pixels !== before;
        }}""",
        arg=base64.b64encode(before[::-1].tobytes()).decode(),
    )
