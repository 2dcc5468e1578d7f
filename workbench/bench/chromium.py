"""A headless Chromium that draws WebGL in software, and what a change costs in its pages."""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

PROBE_JS = Path(__file__).with_name("probe.js")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SOFTWARE_GL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"]
BODY_VIEW = "#body-scene"
IMAGE_PLANE = ".hmr-plane"
REST_MS = 800
"""Between two changes, so that none pays for the one before. By then the slider rests, and the labs have
asked Python for what they only show at rest: the code of "copy as Python", the table of methods."""
START_MS = 2000
"""After the first picture, until nothing of the start is left to do."""
CHANGE_JS = """([slider, share, watch]) => {
  const range = document.querySelector(slider);
  return probe.time(() => {
    range.value = Number(range.min) + share * (range.max - range.min);
    range.dispatchEvent(new Event("input", { bubbles: true }));
  }, watch);
}"""


@dataclass(frozen=True)
class Way:
    """One way to show a change."""

    name: str
    url: str
    tab: str
    """To open first; empty if there are none."""
    drawn: str
    """CSS of what shows that the first picture is there."""
    slider: str
    """CSS of the range input."""
    shares: tuple[float, float]
    """Where to move it to, between its ends."""
    watch: dict[str, Any]
    """What probe.js counts as drawn."""
    body: str = ""
    """To choose in the Body tab first; by default it is the open one."""


@contextmanager
def browser() -> Iterator["Browser"]:
    """Closed again after the block.

    Raises:
        ValueError: playwright or a Chromium is missing.
    """
    if importlib.util.find_spec("playwright") is None:
        raise ValueError("This benchmark drives a browser: python -m pip install playwright")
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise ValueError(f"No Chromium ({', '.join(CHROMIUM)}) is on the PATH; set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=SOFTWARE_GL)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def visitor(browser: "Browser") -> Iterator["BrowserContext"]:
    """Whose browser has kept nothing, and whose pages have probe.js."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    context.add_init_script(path=PROBE_JS)
    try:
        yield context
    finally:
        context.close()


@contextmanager
def opened(way: Way, context: "BrowserContext") -> Iterator["Page"]:
    """Its page, alone, with the first picture drawn and one change made."""
    page = context.new_page()
    page.goto(way.url)
    if way.tab:
        page.get_by_role("tab", name=way.tab, exact=True).click()
    page.locator(way.drawn).first.wait_for(state="attached")
    if way.body:
        page.locator("#body-choice select").select_option(label=way.body)
    page.wait_for_timeout(START_MS)
    change(page, way, 0.6)
    page.wait_for_timeout(REST_MS)
    yield page
    page.close()


def change(page: "Page", way: Way, share: float) -> dict[str, float]:
    """Move the slider and wait for the picture: draw and pixel, in ms."""
    return page.evaluate(CHANGE_JS, [way.slider, share, way.watch])


class Traffic:
    """Bytes that a page was sent, streams included."""

    def __init__(self, page: "Page") -> None:
        self.down = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.dataReceived", self._count)

    def _count(self, event: dict[str, Any]) -> None:
        self.down += event["dataLength"]


def contexts(page: "Page") -> int:
    """WebGL contexts that a page has made."""
    return page.evaluate("probe.counts.contexts")
