"""What it costs to see a change: a new Plotly figure per change, and the workbench's own views.

All ways are measured in one run, in turn, in one headless Chromium that draws WebGL in software. A change is
an `input` event of a slider; it ends with the last draw call of the first frame that shows it ("draw"), and
once more when its pixels can be read ("pixel"). Without a graphics card most of the latter is drawing
in software, so the former says more about a visitor's machine.
"""

import statistics
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.bench import chromium
from workbench.bench.chromium import BODY_VIEW, IMAGE_PLANE, Way
from workbench.bench.measure import Row
from workbench.bench.notebook_viewer import notebook_rows
from workbench.bench.serve import serving
from workbench.bench.visitors import visitor_rows

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

NOTE = "Wall clock in headless Chromium with WebGL in software, body of 6,890 vertices, median over changes"
CHANGES = 6
"""Of each way per round."""
MANY = 200


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
        browser = stack.enter_context(chromium.browser())
        first_s = statistics.median(_first_view_s(browser, app.url) for _ in range(min(runs, 3)))
        context = stack.enter_context(chromium.visitor(browser))
        ways = _ways(figures.url, app.url)
        rows = _costs_rows(_costs(ways, context, runs), runs * CHANGES)
        for way in ways[1:]:
            rows += _after_many_rows(way, context)
        rows.append(Row("first view of the Body tab, after the page", first_s, "s", "<= 3", min(runs, 3)))
        return rows + visitor_rows(context, runs) + notebook_rows(context, runs)


def _costs_rows(costs: dict[str, Cost], changes: int) -> list[Row]:
    usual, world, plane = costs.values()
    rows = []
    for name, cost in costs.items():
        rows.append(Row(f"{name}: to the draw call", cost.draw_ms, "ms", "", changes))
        rows.append(Row(f"{name}: to the pixel", cost.pixel_ms, "ms", "", changes))
    for name, cost, goal in (("world view", world, ">= 8"), ("image plane", plane, ">= 25")):
        sooner = usual.draw_ms / cost.draw_ms, usual.pixel_ms / cost.pixel_ms
        rows.append(Row(f"{name}: times sooner at the draw call", sooner[0], "x", ">= 25", changes))
        rows.append(Row(f"{name}: times sooner on screen", sooner[1], "x", goal, changes))
    rows.append(Row("new figure per change: sent by the server", usual.bytes_down / 1000, "kB", "", changes))
    rows.append(Row("world view: sent by the server until drawn", world.bytes_down, "bytes", "0", changes))
    rows.append(Row("image plane: sent by the server until drawn", plane.bytes_down, "bytes", "0", changes))
    rows.append(Row("new figure per change: WebGL contexts made per change", usual.contexts, "", "", changes))
    return rows


def _ways(figures_url: str, app_url: str) -> list[Way]:
    """The usual way first."""
    body, plane = f"{BODY_VIEW}[data-drawn]", f"{IMAGE_PLANE}[data-drawn]"
    figure, beta, focal = (f"#{name} input[type=range]" for name in ("beta", "body-beta-0", "camera-focal"))
    return [
        Way("new figure per change", figures_url, "", "#plot canvas", figure, (0.7, 0.3), {"fresh": True}),
        Way("world view", app_url, "Body", body, beta, (0.7, 0.3), {"within": BODY_VIEW}),
        Way("image plane", app_url, "Camera", plane, focal, (0.3, 0.4), {"within": IMAGE_PLANE}),
    ]


def _costs(ways: list[Way], context: "BrowserContext", runs: int) -> dict[str, Cost]:
    """Medians, the ways taking turns, so that a busy moment of the machine meets all of them."""
    times: dict[str, list[dict[str, float]]] = {way.name: [] for way in ways}
    down = dict.fromkeys(times, 0)
    contexts = dict.fromkeys(times, 0)
    for _ in range(runs):
        for way in ways:
            with chromium.opened(way, context) as page:
                traffic, made = chromium.Traffic(page), chromium.contexts(page)
                for n in range(CHANGES):
                    sent = traffic.down
                    times[way.name].append(chromium.change(page, way, way.shares[n % 2]))
                    down[way.name] += traffic.down - sent
                    page.wait_for_timeout(chromium.REST_MS)
                contexts[way.name] += chromium.contexts(page) - made
    return {
        name: Cost(
            statistics.median(time["draw"] for time in many),
            statistics.median(time["pixel"] for time in many),
            down[name] / len(many),
            contexts[name] / len(many),
        )
        for name, many in times.items()
    }


def _after_many_rows(way: Way, context: "BrowserContext") -> list[Row]:
    """WebGL contexts that many changes leave behind, and memory of the page's scripts."""
    with chromium.opened(way, context) as page:
        session = context.new_cdp_session(page)

        def used() -> float:
            session.send("HeapProfiler.collectGarbage")
            return session.send("Runtime.getHeapUsage")["usedSize"]

        def change(count: int) -> None:
            for n in range(count):
                chromium.change(page, way, (n % 7 + 1) / 8)
            page.wait_for_timeout(chromium.REST_MS)

        change(10)
        before, made = used(), chromium.contexts(page)
        change(MANY)
        return [
            Row(
                f"{way.name}: WebGL contexts made by {MANY} changes", chromium.contexts(page) - made, "", "0"
            ),
            Row(f"{way.name}: memory grown by {MANY} changes", (used() - before) / 1e6, "MB"),
        ]


def _first_view_s(browser: "Browser", url: str) -> float:
    """From a click on the tab to the first picture, for a visitor whose browser has kept nothing."""
    with chromium.visitor(browser) as context:
        page = context.new_page()
        page.goto(url)
        tab = page.get_by_role("tab", name="Body", exact=True)
        tab.wait_for()
        began = page.evaluate("performance.now()")
        tab.click()
        page.locator(f"{BODY_VIEW}[data-drawn]").wait_for()
        return (page.evaluate("performance.now()") - began) / 1000
