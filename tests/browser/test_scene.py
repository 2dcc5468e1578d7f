"""A scene whose answer is known, from its button to the error on the skin."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SLOW_MS = 120_000


def open_scene(page: Page, seed: int) -> None:
    page.locator("#scene button").first.click()
    page.locator("#scene-seed input").fill(str(seed))
    page.locator("#scene-start").click()
    expect(page.locator("#photo-picker .hmr-box").first).to_be_visible(timeout=SLOW_MS)


def test_a_result_is_held_against_the_truth(page: Page):
    open_scene(page, 3)
    expect(page.locator("#photo-focal")).to_contain_text("EXIF")
    expect(page.locator("#truth")).to_be_hidden()
    page.locator("#photo-run").click()
    table = page.locator("#truth-metrics table")
    expect(table).to_contain_text("PA-MPJPE", timeout=SLOW_MS)
    expect(table.locator("caption")).to_contain_text("14 LSP-like joints")
    expect(page.locator("#truth-about")).to_contain_text("True distance")

    view = page.locator("#truth-view [data-drawn]")
    expect(view).to_be_visible()
    expect(page.locator("#truth-view .hmr-legend")).to_contain_text(re.compile(r"distance to the truth.* mm"))
    before = int(view.get_attribute("data-drawn") or 0)
    page.locator("#truth-alignment").get_by_text("scaled to fit best").click()
    expect(view).not_to_have_attribute("data-drawn", str(before))
    expect(page.locator("#truth-outlines img").first).to_be_visible()
    expect(page.locator("#truth-steps")).to_contain_text("PA-MPJPE")

    page.locator("#photo-another").click()
    expect(page.locator("#truth")).to_be_hidden()


def test_nonsense_is_explained_and_the_next_scene_follows(page: Page):
    open_scene(page, 0)
    page.locator("#scene-start").click()
    expect(page.locator("#scene-seed input")).to_have_value("1", timeout=SLOW_MS)
    page.locator("#scene-nearest input").fill("30")
    page.locator("#scene-start").click()
    expect(page.get_by_text("The distances must be")).to_be_visible(timeout=SLOW_MS)
    expect(page.locator("#scene-seed input")).to_have_value("1")
