"""Solve the camera on the Photo tab, as a visitor does it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, Watch
from tests.browser.test_photo import SLOW_MS, recover

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(browser: Browser, app_url: str, scene_file: Path) -> Iterator[Page]:
    """One recovered person, and the panel open; the page must behave to the end."""
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.set_default_timeout(60_000)
    watch = Watch()
    watch.on(page, app_url)
    page.goto(app_url)
    recover(page, scene_file)
    page.get_by_role("button", name="Solve the camera from the mask").click()
    yield page
    page.context.close()
    assert watch.requests_outside == []
    assert watch.errors == []


def solve(page: Page, tz_m: str) -> None:
    page.locator("#solve-tz input").fill(tz_m)
    page.get_by_role("button", name="Solve the camera", exact=True).click()


def test_it_is_solved_for_a_distance_told_and_taken_back(opened: Page):
    said, summary = opened.locator("#solve-said"), opened.locator("#result-summary")
    back = opened.get_by_role("button", name="Back to the method's camera")
    expect(back).to_be_disabled()
    before = summary.inner_text()
    layer = opened.locator("#result-overlay .hmr-layer").get_attribute("src") or ""
    solve(opened, "")
    expect(said).to_contain_text("Tz was kept", timeout=SLOW_MS)
    expect(summary).to_contain_text("solved from the mask")
    expect(opened.locator("#result-overlay .hmr-layer")).not_to_have_attribute("src", layer)
    expect(opened.locator("#result-step-text")).to_contain_text("camera")
    solve(opened, "2.5")
    expect(said).to_contain_text(re.compile(r"Tz [\d.]+ → 2\.\d+ m"), timeout=SLOW_MS)
    back.click()
    expect(said).to_have_text("")
    expect(back).to_be_disabled()
    assert summary.inner_text() == before


def test_a_distance_where_nobody_stands_is_explained_and_the_result_stays(opened: Page):
    before = opened.locator("#result-summary").inner_text()
    solve(opened, "0.05")
    expect(opened.locator("#solve-said")).to_contain_text("The camera is as it was. Tz", timeout=SLOW_MS)
    assert opened.locator("#result-summary").inner_text() == before
