"""A depth map on the Photo tab: measured in a made-up scene, or a visitor's file."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SLOW_MS = 120_000


def add(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("#photo-depth-add").click()
    chooser.value.set_files(path)


def test_a_scene_with_a_depth_camera_shows_what_it_measured(page: Page):
    page.locator("#scene button").first.click()
    page.locator("#scene-kind input").click()
    page.get_by_role("option", name="With a depth camera").click()
    page.locator("#scene-start").click()
    picture = page.locator("#photo-depth-picture img")
    expect(picture).to_be_visible(timeout=SLOW_MS)
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    expect(page.locator("#photo-depth-picture")).to_contain_text("black: not measured")


def test_a_map_is_added_copied_and_removed(page: Page, scene_file: Path, tmp_path: Path):
    with Image.open(scene_file) as photo:
        width, height = photo.size
    depth = tmp_path / "depth.png"
    Image.fromarray(np.full((height // 2, width // 2), 3000, np.uint16)).save(depth)  # in mm, half as fine
    page.locator("#photo-input input[type=file]").set_input_files(scene_file)
    page.locator("#photo-picker .hmr-box").first.wait_for()
    expect(page.locator("#photo-depth-picture img")).to_have_count(0)
    page.locator("#photo-depth > button").click()

    wrong = tmp_path / "wrong.png"
    Image.fromarray(np.full((64, 64), 3000, np.uint16)).save(wrong)
    add(page, wrong)
    expect(page.get_by_text("which is another shape")).to_be_visible()
    add(page, scene_file)
    expect(
        page.get_by_text("a depth map has one channel").or_(page.get_by_text("Invalid file"))
    ).to_be_visible()

    add(page, depth)
    expect(page.locator("#photo-depth-picture img")).to_be_visible()
    expect(page.locator("#photo-depth-picture")).to_contain_text("3.00 to 3.00 m, 100 %")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#photo-status")).to_have_text("Done.", timeout=SLOW_MS)
    page.get_by_role("button", name="Copy as Python").click()
    expect(page.locator("#result-code")).to_contain_text("with_depth(photo, load_depth('depth.png'))")

    page.locator("#photo-depth-remove").click()
    expect(page.locator("#photo-depth-picture img")).to_have_count(0)
    expect(page.locator("#photo-status")).to_have_text("Done.")  # the method has not read it
