"""What it costs to see a change: a new Plotly figure per change, and the workbench's own views.

All ways are measured in one run, in turn, in one headless Chromium that draws WebGL in software. A change is
an `input` event of a slider; it ends with the last draw call of the first frame that shows it ("draw"), and
once more when its pixels can be read ("pixel"). Without a graphics card most of the latter is drawing
in software, so the former says more about a visitor's machine.
"""

import importlib.util
import os
import shutil
import statistics
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.bench.measure import Row
from workbench.bench.notebook_viewer import notebook_rows
from workbench.bench.serve import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

NOTE = "Wall clock in headless Chromium with WebGL in software, body of 6,890 vertices, median over changes"
PROBE_JS = Path(__file__).with_name("probe.js")
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
SOFTWARE_GL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"]
CHANGES = 6
"""Of each way per round."""
REST_MS = 800
"""Between two changes, so that none pays for the one before. By then the slider rests, and the labs have
asked Python for what they only show at rest: the code of "copy as Python", the table of methods."""
START_MS = 2000
"""After the first picture, until nothing of the start is left to do."""
MANY = 200
BODY_VIEW = "#body-scene"
IMAGE_PLANE = ".hmr-plane"
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


@dataclass(frozen=True)
class Cost:
    """Of one way: medians over its changes."""

    draw_ms: float
    pixel_ms: float
    bytes_down: float
    contexts: float


def run(photo_path: Path | None, runs: int) -> list[Row]:
    """Measure everything; `photo_path` has no meaning here.

    Raises:
        ValueError: playwright or a Chromium is missing.
    """
    with ExitStack() as stack:
        figures = stack.enter_context(serving(("-m", "workbench.bench.figure_app")))
        app = stack.enter_context(serving(("-m", "workbench.app")))
        browser = stack.enter_context(_browser())
        first_s = statistics.median(_first_view_s(browser, app.url) for _ in range(min(runs, 3)))
        context = stack.enter_context(_context(browser))
        ways = _ways(figures.url, app.url)
        costs = _costs(ways, context, runs)
        grown_mb, made = _after_many(ways[1], context)
        in_notebook = notebook_rows(context, runs)
    usual, world, plane = (costs[way.name] for way in ways)
    changes = runs * CHANGES
    return [
        *_times_rows(costs, changes),
        Row(
            "world view: times sooner at the draw call", usual.draw_ms / world.draw_ms, "x", ">= 25", changes
        ),
        Row("world view: times sooner on screen", usual.pixel_ms / world.pixel_ms, "x", ">= 8", changes),
        Row(
            "image plane: times sooner at the draw call", usual.draw_ms / plane.draw_ms, "x", ">= 25", changes
        ),
        Row("image plane: times sooner on screen", usual.pixel_ms / plane.pixel_ms, "x", ">= 25", changes),
        Row("new figure per change: sent by the server", usual.bytes_down / 1000, "kB", "", changes),
        Row("world view: sent by the server until drawn", world.bytes_down, "bytes", "0", changes),
        Row("image plane: sent by the server until drawn", plane.bytes_down, "bytes", "0", changes),
        Row("new figure per change: WebGL contexts made per change", usual.contexts, "", "", changes),
        Row(f"world view: WebGL contexts made by {MANY} changes", made, "", "0"),
        Row(f"world view: memory grown by {MANY} changes", grown_mb, "MB"),
        Row("first view of the Body tab, after the page", first_s, "s", "<= 3", min(runs, 3)),
        *in_notebook,
    ]


def _times_rows(costs: dict[str, Cost], changes: int) -> list[Row]:
    rows = []
    for name, cost in costs.items():
        rows.append(Row(f"{name}: to the draw call", cost.draw_ms, "ms", "", changes))
        rows.append(Row(f"{name}: to the pixel", cost.pixel_ms, "ms", "", changes))
    return rows


@contextmanager
def _browser() -> Iterator["Browser"]:
    if importlib.util.find_spec("playwright") is None:
        raise ValueError("This benchmark drives a browser: python -m pip install playwright")
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        raise ValueError(f"No Chromium ({', '.join(CHROMIUM)}) is on the PATH; set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=SOFTWARE_GL)
        yield browser
        browser.close()


@contextmanager
def _context(browser: "Browser") -> Iterator["BrowserContext"]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(60_000)
    context.add_init_script(path=PROBE_JS)
    yield context
    context.close()


def _ways(figures_url: str, app_url: str) -> list[Way]:
    """The usual way first."""
    body, plane = f"{BODY_VIEW}[data-drawn]", f"{IMAGE_PLANE}[data-drawn]"
    figure, beta, focal = (f"#{name} input[type=range]" for name in ("beta", "body-beta-0", "camera-focal"))
    return [
        Way("new figure per change", figures_url, "", "#plot canvas", figure, (0.7, 0.3), {"fresh": True}),
        Way("world view", app_url, "Body", body, beta, (0.7, 0.3), {"within": BODY_VIEW}),
        Way("image plane", app_url, "Camera", plane, focal, (0.3, 0.4), {"within": IMAGE_PLANE}),
    ]


@contextmanager
def _opened(way: Way, context: "BrowserContext") -> Iterator["Page"]:
    """Its page, alone, with the first picture drawn and one change made."""
    page = context.new_page()
    page.goto(way.url)
    if way.tab:
        page.get_by_role("tab", name=way.tab, exact=True).click()
    page.locator(way.drawn).first.wait_for(state="attached")
    page.wait_for_timeout(START_MS)
    _change(page, way, 0.6)
    page.wait_for_timeout(REST_MS)
    yield page
    page.close()


def _costs(ways: list[Way], context: "BrowserContext", runs: int) -> dict[str, Cost]:
    """Medians, the ways taking turns, so that a busy moment of the machine meets all of them."""
    times: dict[str, list[dict[str, float]]] = {way.name: [] for way in ways}
    down = dict.fromkeys(times, 0)
    contexts = dict.fromkeys(times, 0)
    for _ in range(runs):
        for way in ways:
            with _opened(way, context) as page:
                traffic, made = _Traffic(page), _contexts(page)
                for n in range(CHANGES):
                    sent = traffic.down
                    times[way.name].append(_change(page, way, way.shares[n % 2]))
                    down[way.name] += traffic.down - sent
                    page.wait_for_timeout(REST_MS)
                contexts[way.name] += _contexts(page) - made
    return {
        name: Cost(
            statistics.median(time["draw"] for time in many),
            statistics.median(time["pixel"] for time in many),
            down[name] / len(many),
            contexts[name] / len(many),
        )
        for name, many in times.items()
    }


def _change(page: "Page", way: Way, share: float) -> dict[str, float]:
    """Move the slider and wait for the picture: draw and pixel, in ms."""
    return page.evaluate(CHANGE_JS, [way.slider, share, way.watch])


class _Traffic:
    """Bytes that a page was sent, streams included."""

    def __init__(self, page: "Page") -> None:
        self.down = 0
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.dataReceived", self._count)

    def _count(self, event: dict[str, Any]) -> None:
        self.down += event["dataLength"]


def _contexts(page: "Page") -> int:
    return page.evaluate("probe.counts.contexts")


def _after_many(way: Way, context: "BrowserContext") -> tuple[float, int]:
    """Memory in MB and WebGL contexts that many changes leave behind."""
    with _opened(way, context) as page:
        session = context.new_cdp_session(page)

        def used() -> float:
            session.send("HeapProfiler.collectGarbage")
            return session.send("Runtime.getHeapUsage")["usedSize"]

        def change(count: int) -> None:
            for n in range(count):
                _change(page, way, (n % 7 + 1) / 8)
            page.wait_for_timeout(REST_MS)

        change(10)
        before, made = used(), _contexts(page)
        change(MANY)
        return (used() - before) / 1e6, _contexts(page) - made


def _first_view_s(browser: "Browser", url: str) -> float:
    """From a click on the tab to the first picture, for a visitor whose browser has kept nothing."""
    with _context(browser) as context:
        page = context.new_page()
        page.goto(url)
        tab = page.get_by_role("tab", name="Body", exact=True)
        tab.wait_for()
        began = page.evaluate("performance.now()")
        tab.click()
        page.locator(f"{BODY_VIEW}[data-drawn]").wait_for()
        return (page.evaluate("performance.now()") - began) / 1000
