"""A scene whose answer is known, from its button to the error on the skin."""

import re

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SLOW_MS = 120_000


def open_scene(page: Page, seed: int) -> None:
    seed_input = page.locator("#scene-seed input")
    if not seed_input.is_visible():
        page.locator("#scene button").first.click()
    seed_input.fill(str(seed))
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


def test_views_stay_over_scenes(page: Page):
    for rounds in (1, 2):
        open_scene(page, 2 + rounds)
        expect(page.locator("#photo-results")).to_be_hidden(timeout=SLOW_MS)
        page.locator("#photo-run").click()
        expect(page.locator("#truth-metrics table")).to_be_visible(timeout=SLOW_MS)
        for view in ("#result-world", "#truth-view"):
            drawn = page.locator(f"{view} [data-drawn]")
            expect(drawn).to_be_visible()
            assert drawn.evaluate("(node) => node.rounds = (node.rounds ?? 0) + 1") == rounds
