"""From a photo to a body, as a visitor does it."""

import re
from pathlib import Path

import pytest
import trimesh
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


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
    page.locator("#result-world .hmr-view[data-drawn]").wait_for(timeout=90_000)
    page.locator("#result-overlay .hmr-layer").wait_for()


def drawn(page: Page, view: str) -> int:
    """How often a view was drawn."""
    return int(page.locator(f"#{view} [data-drawn]").get_attribute("data-drawn") or 0)


def test_a_photo_becomes_a_body_that_can_be_taken_home(page: Page, scene_file: Path, tmp_path: Path):
    page.get_by_label("My own value").check()
    own = page.locator("#photo-own-px input")
    expect(own).to_be_visible()
    expect(own).to_have_value("")  # nothing is known before there is a photo
    page.get_by_label("Guess").check()
    recover(page, scene_file)
    layer = page.locator("#result-overlay .hmr-layer")
    assert layer.evaluate("image => image.naturalWidth") > 20
    summary = page.locator("#result-summary").inner_text()
    overlap = re.search(r"\(IoU\)\D*([\d.]+)", summary)
    assert overlap and float(overlap[1]) > 0.6  # the body lies on the person

    # Opacity is the browser's own affair.
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.get_by_label("Body opacity").fill("20")
    assert layer.evaluate("image => getComputedStyle(image).opacity") == "0.2"
    assert requests == []

    # Found landmarks stand beside the body's, on the photo and in 3D, with what each mark means.
    key = page.locator("#result-overlay .hmr-keys")
    expect(key).to_be_hidden()
    page.locator("#result-overlay").get_by_label("Landmarks").check()
    expect(key).to_contain_text(re.compile(r"found.*model.*residual.*px apart on average"))
    page.locator("#result-world").get_by_label("Landmarks").check()
    expect(page.locator("#result-world .hmr-legend")).to_contain_text("residual")

    # The trace changes the overlay, the 3D view, the curve's marker and the numbers.
    before = layer.get_attribute("src"), page.locator("#result-step-text").inner_text()
    views = [drawn(page, view) for view in ("result-world", "result-curve")]
    slider = page.locator("#result-step input[type=range]")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.locator("#result-step-text")).to_have_text(re.compile(r"^\s*step\s*0 of"))
    expect(layer).not_to_have_attribute("src", before[0] or "")
    page.wait_for_function(
        "counts => ['result-world', 'result-curve'].every((id, index) => "
        "document.querySelector(`#${id} [data-drawn]`).dataset.drawn > counts[index])",
        arg=views,
    )

    # A person left out makes the result an older one, until they are back.
    status = page.locator("#photo-status")
    expect(status).to_have_text("Done.")
    boxes(page).first.click()
    expect(status).to_contain_text("before this change")
    boxes(page).first.click()
    expect(status).to_have_text("Done.")
    page.get_by_label("My own value").check()
    expect(status).to_contain_text("before this change")
    expect(page.locator("#photo-own-px input")).to_have_value("1600")  # the diagonal of 1280 x 960

    # The mesh opens elsewhere, closed and complete.
    with page.expect_download() as download:
        page.locator("#download-glb").click()
    assert download.value.suggested_filename == "scene_person_1.glb"
    download.value.save_as(tmp_path / "mesh.glb")
    mesh = trimesh.load_mesh(tmp_path / "mesh.glb", process=False)
    assert len(mesh.vertices) == 6890
    assert mesh.is_watertight

    # What was saved opens again, on a fresh page too.
    with page.expect_download() as download:
        page.locator("#download-json").click()
    download.value.save_as(tmp_path / "recovery.json")
    page.reload()
    open_saved(page, tmp_path / "recovery.json")
    page.locator("#result-world .hmr-view[data-drawn]").wait_for()
    again = page.locator("#result-summary").inner_text()
    assert again.split("focal length")[0] == summary.split("focal length")[0]


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
    page.wait_for_timeout(1500)  # a report that was on its way
    expect(page.locator("#photo-status")).to_contain_text("Stopped")
    expect(page.get_by_role("progressbar")).to_be_hidden()
    expect(run).to_be_enabled()
    expect(page.locator("#photo-results")).to_be_hidden()
