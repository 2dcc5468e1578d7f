"""From a photo to a body, as a visitor does it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import trimesh
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, Watch
from workbench.app import models

pytestmark = pytest.mark.browser
SLOW_MS = 90_000


def upload(page: Page, path: Path) -> None:
    page.locator("#photo-input input[type=file]").set_input_files(path)


def open_saved(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open saved recovery.json").click()
    chooser.value.set_files(path)


def boxes(page: Page):
    return page.locator("#photo-picker button.hmr-box")


def recover(page: Page, scene_file: Path) -> None:
    """Upload, run, and wait until the body is on screen."""
    upload(page, scene_file)
    expect(boxes(page)).to_have_count(1)
    page.get_by_role("button", name="Run", exact=True).click()
    page.locator("#result-world .hmr-view[data-drawn]").wait_for(timeout=SLOW_MS)
    page.locator("#result-overlay .hmr-layer").wait_for()


def drawn(page: Page, view: str) -> int:
    """How often a view was drawn."""
    return int(page.locator(f"#{view} [data-drawn]").get_attribute("data-drawn") or 0)


@pytest.fixture(scope="module")
def opened(browser: Browser, app_url: str, scene_file: Path) -> Iterator[tuple[Page, Watch]]:
    """One recovered person for many tests, because a run takes longer than most of them."""
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.set_default_timeout(30_000)
    watch = Watch()
    watch.on(page, app_url)
    page.goto(app_url)
    recover(page, scene_file)
    yield page, watch
    page.context.close()


@pytest.fixture
def recovered(opened: tuple[Page, Watch]) -> Iterator[Page]:
    """The result on its page; it must behave."""
    page, watch = opened
    yield page
    assert watch.requests_outside == []
    assert watch.errors == []


def test_an_own_focal_length_is_empty_until_there_is_a_photo(page: Page):
    page.get_by_label("My own value").check()
    own = page.locator("#photo-own-px input")
    expect(own).to_be_visible()
    expect(own).to_have_value("")
    page.get_by_label("Guess").check()
    expect(own).to_be_hidden()


def test_the_body_lies_on_the_person(recovered: Page):
    layer = recovered.locator("#result-overlay .hmr-layer")
    assert layer.evaluate("image => image.naturalWidth") > 20
    overlap = re.search(r"\(IoU\)\D*([\d.]+)", recovered.locator("#result-summary").inner_text())
    assert overlap and float(overlap[1]) > 0.6


def test_opacity_is_the_browsers_own_affair(recovered: Page):
    requests: list[str] = []
    recovered.on("request", lambda request: requests.append(request.url))
    recovered.get_by_label("Body opacity").fill("20")
    layer = recovered.locator("#result-overlay .hmr-layer")
    assert layer.evaluate("image => getComputedStyle(image).opacity") == "0.2"
    assert requests == []


def test_found_landmarks_stand_beside_the_bodys(recovered: Page):
    key = recovered.locator("#result-overlay .hmr-keys")
    expect(key).to_be_hidden()
    recovered.locator("#result-overlay").get_by_label("Landmarks").check()
    expect(key).to_contain_text(re.compile(r"found.*model.*residual.*px apart on average"))
    recovered.locator("#result-world").get_by_label("Landmarks").check()
    expect(recovered.locator("#result-world .hmr-legend")).to_contain_text("residual")


def test_the_trace_changes_the_overlay_the_view_the_curve_and_the_numbers(recovered: Page):
    layer = recovered.locator("#result-overlay .hmr-layer")
    before = layer.get_attribute("src") or ""
    views = [drawn(recovered, view) for view in ("result-world", "result-curve")]
    recovered.locator("#result-step input[type=range]").focus()
    recovered.keyboard.press("Home")
    expect(recovered.locator("#result-step-text")).to_have_text(re.compile(r"^\s*step\s*0 of"))
    expect(layer).not_to_have_attribute("src", before)
    recovered.wait_for_function(
        "counts => ['result-world', 'result-curve'].every((id, index) => "
        "document.querySelector(`#${id} [data-drawn]`).dataset.drawn > counts[index])",
        arg=views,
    )


def test_another_choice_makes_the_result_an_older_one_until_it_is_undone(recovered: Page):
    status = recovered.locator("#photo-status")
    expect(status).to_have_text("Done.")
    boxes(recovered).first.click()
    expect(status).to_contain_text("before this change")
    boxes(recovered).first.click()
    expect(status).to_have_text("Done.")
    recovered.get_by_label("My own value").check()
    expect(status).to_contain_text("before this change")
    expect(recovered.locator("#photo-own-px input")).to_have_value("1600")  # the diagonal of 1280 x 960
    recovered.get_by_role("radio", name="Guess").check()
    expect(status).to_have_text("Done.")


def test_the_mesh_opens_elsewhere_closed_and_complete(recovered: Page, tmp_path: Path):
    with recovered.expect_download() as download:
        recovered.locator("#download-glb").click()
    assert download.value.suggested_filename == "scene_person_1.glb"
    download.value.save_as(tmp_path / "mesh.glb")
    mesh = trimesh.load_mesh(tmp_path / "mesh.glb", process=False)
    assert len(mesh.vertices) == 6890
    assert mesh.is_watertight


def test_what_was_saved_opens_again_on_a_fresh_page(recovered: Page, page: Page, tmp_path: Path):
    with recovered.expect_download() as download:
        recovered.locator("#download-json").click()
    download.value.save_as(tmp_path / "recovery.json")
    open_saved(page, tmp_path / "recovery.json")
    page.locator("#result-world .hmr-view[data-drawn]").wait_for(timeout=SLOW_MS)
    before, again = (each.locator("#result-summary").inner_text() for each in (recovered, page))
    assert again.split("focal length")[0] == before.split("focal length")[0]


def test_a_bad_file_is_explained_and_the_page_lives_on(page: Page, scene_file: Path, tmp_path: Path):
    bad = tmp_path / "holiday.jpg"
    bad.write_bytes(b"this is no picture")
    upload(page, bad)
    expect(page.get_by_text("not a picture that can be read")).to_be_visible()
    upload(page, scene_file)
    expect(boxes(page)).to_have_count(1)
    wrong = tmp_path / "recovery.json"
    wrong.write_text('{"format": "something else"}')
    open_saved(page, wrong)
    expect(page.get_by_text("Expected a recovery.json")).to_be_visible()
    expect(boxes(page)).to_have_count(1)  # the photo is still here


def test_boxes_are_drawn_moved_and_left_out_by_hand(page: Page, scene_file: Path):
    upload(page, scene_file)
    expect(boxes(page)).to_have_count(1)
    page.get_by_role("button", name="Draw a box").click()
    stage = page.locator("#photo-picker .hmr-stage").bounding_box()
    assert stage is not None
    page.mouse.move(stage["x"] + 20, stage["y"] + 20)
    page.mouse.down()
    page.mouse.move(stage["x"] + 150, stage["y"] + 250, steps=4)
    page.mouse.up()
    expect(boxes(page)).to_have_count(2)

    first = boxes(page).first
    first.click()
    expect(first).to_have_attribute("aria-pressed", "false")
    first.press("Space")
    expect(first).to_have_attribute("aria-pressed", "true")

    grip = first.locator(".hmr-grip-3").bounding_box()
    width = first.evaluate("box => box.offsetWidth")
    assert grip is not None
    page.mouse.move(grip["x"] + 13, grip["y"] + 13)
    page.mouse.down()
    page.mouse.move(grip["x"] + 73, grip["y"] + 13, steps=4)
    page.mouse.up()
    page.wait_for_function(
        "wanted => Math.abs(document.querySelector('#photo-picker button.hmr-box').offsetWidth - wanted) < 4",
        arg=width + 60,
    )


def test_boxes_are_set_and_removed_in_numbers(page: Page, scene_file: Path):
    upload(page, scene_file)
    expect(boxes(page)).to_have_count(1)
    page.get_by_text("A box in numbers").click()
    remove = page.get_by_role("button", name="Remove person")
    whose = page.get_by_label("Whose box")
    left, right = page.get_by_label("left, px"), page.get_by_label("right, px")
    expect(remove).to_be_disabled()
    expect(left).to_have_value("320")
    expect(right).to_have_value("960")  # the middle of the photo

    for edge, value in (("left", "900"), ("top", "100"), ("right", "1100"), ("bottom", "500")):
        page.get_by_label(f"{edge}, px").fill(value)
    page.get_by_role("button", name="Set box").click()
    expect(boxes(page)).to_have_count(2)
    expect(left).to_have_value("320")  # ready for another new person
    expect(remove).to_be_disabled()

    whose.select_option("Person 2")
    expect(left).to_have_value("900")
    left.fill("850")
    left.press("Enter")
    page.wait_for_function(
        "() => { const box = document.querySelectorAll('#photo-picker button.hmr-box')[1];"
        " return Math.abs(parseFloat(box.style.left) - 100 * 850 / 1280) < 0.1; }"
    )
    expect(whose).to_have_value("1")

    left.fill("5000")  # outside the photo: the browser says so, and nothing is sent
    page.get_by_role("button", name="Set box").click()
    assert not left.evaluate("field => field.checkValidity()")

    remove.click()
    expect(boxes(page)).to_have_count(1)
    expect(left).to_have_value("320")
    expect(remove).to_be_disabled()


@pytest.mark.parametrize("width", [1440, 390])
def test_sample_scenes_are_whole_and_below_their_label(page: Page, width):
    page.set_viewport_size({"width": width, "height": 900})
    images = page.locator("#photo-samples img")
    label = page.locator("#photo-samples p").bounding_box()
    assert label is not None
    for index in range(images.count()):
        box = images.nth(index).bounding_box()
        assert box is not None
        assert box["y"] >= label["y"] + label["height"]
        assert 0 <= box["x"] and box["x"] + box["width"] <= width
        natural, fit = images.nth(index).evaluate(
            "e => e.decode().then(() => [e.naturalWidth / e.naturalHeight, getComputedStyle(e).objectFit])"
        )
        assert fit == "contain" or box["width"] / box["height"] == pytest.approx(natural, rel=0.02)


def test_a_run_can_be_stopped(page: Page):
    page.locator("#photo-samples button").nth(1).click()  # two people take the longest
    boxes(page).first.wait_for()
    run = page.get_by_role("button", name="Run", exact=True)
    run.click()
    expect(page.locator("#photo-progress")).to_contain_text("person 1 of 2")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator("#photo-status")).to_contain_text("Stopped")
    boxes(page).first.click()  # answered after any report that was on its way
    expect(boxes(page).first).to_have_attribute("aria-pressed", "false")
    expect(page.locator("#photo-status")).to_contain_text("Stopped")
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(run).to_be_enabled()
    expect(page.locator("#photo-results")).to_be_hidden()


def test_a_method_without_its_file_says_so_before_and_after_a_run(page: Page, scene_file: Path):
    if not models.missing("hmr-paper"):
        pytest.skip("somebody's own checkpoint of SPIN is here")
    upload(page, scene_file)
    expect(boxes(page)).to_have_count(1)
    page.get_by_role("radio", name="needs its file").first.check()
    expect(page.locator("#photo-method")).to_contain_text("Its file is not here")
    page.get_by_role("button", name="Run", exact=True).click()
    for place in (page.locator("#photo-status"), page.get_by_test_id("toast-body")):
        expect(place).to_contain_text("model_checkpoint.pt", timeout=SLOW_MS)
        expect(place).not_to_contain_text("Searched")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_enabled()
    boxes(page).first.click()
    expect(page.locator("#photo-status")).to_contain_text("model_checkpoint.pt")
