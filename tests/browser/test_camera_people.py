"""The Camera lab: people from photos, what cannot be shown, phones."""

import base64
from pathlib import Path

import pytest
import torch
from playwright.sync_api import Page, expect

from tests.browser.camera_tab import (
    LAB,
    PIXELS,
    canvas,
    grown,
    open_lab,
    settle,
    shown_camera,
    state,
    write,
)
from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.body.presets import preset
from workbench.figures.camera_lab import camera_data
from workbench.geometry import Camera
from workbench.image import Person
from workbench.recovery import BodyParams, Recovery, Step
from workbench.render import render_mask
from workbench.results import recovery_to_dict, write_json

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}


def without_outlines(page: Page) -> None:
    for kind in ("weak", "orthographic"):
        page.locator(f"#camera-outline-{kind} input").uncheck()


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


def test_the_list_says_who_is_there_when_somebody_of_a_photo_cannot_be_shown(camera: Page):
    person = {"body": "open-smpl", "betas": [], "expression": [], "theta": [[0.0] * 3] * 24}
    lens = state(camera, "s.camera")
    people = [{"name": n, "color": "#8fb4d6", "camera": lens, "person": dict(person)} for n in ("one", "two")]
    photo = {"photo": {"url": ""}, "size_hw": lens["size_hw"], "people": people, "chosen": 0}
    chosen = camera.locator("#camera-body select")
    camera.evaluate(f"(data) => {LAB}.lab.load(window.photo = data)", photo)
    expect(chosen).to_have_value("one, from the photo")
    camera.evaluate("window.photo.people[1].person.body = 'unknown'")
    chosen.select_option(label="two, from the photo")
    expect(camera.locator("#camera-note")).to_contain_text("could not be shown")
    expect(chosen).to_have_value("one, from the photo")
    camera.evaluate(f"{LAB}.lab.load(null)")
    expect(chosen).not_to_contain_text("from the photo")


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
    table = camera.locator("#camera-conventions")
    table.scroll_into_view_if_needed()
    frame, look = table.bounding_box(), table.get_by_role("button").first.bounding_box()
    assert frame is not None and look is not None and look["x"] + look["width"] <= frame["x"] + frame["width"]
    assert table.locator("thead th").all_inner_texts()[:2] == ["Method", "Tz, m"]
    fits = "(part) => part.scrollWidth <= part.clientWidth"
    assert camera.locator("#camera-differences").evaluate(fits)
    assert camera.locator("#camera-focal .hmr-label").evaluate(fits)


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
