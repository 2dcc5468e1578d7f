"""The real app in a process of its own, and a real browser that watches what the page does."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.browser import camera_tab
from tests.browser.blank import blank_page
from tests.browser.body_tab import LAB, afresh
from tests.browser.world_page import SIZE, open_view
from workbench.app.samples import SCENES, render_scene
from workbench.body import load_body

SOFTWARE_GL = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--no-sandbox"]
START_S = 120
expect.set_options(timeout=20_000)  # a busy machine draws WebGL in software
DESKTOP: ViewportSize = {"width": 1440, "height": 900}


@dataclass
class Watch:
    """What a page did that a good page does not do."""

    errors: list[str] = field(default_factory=list)
    requests_outside: list[str] = field(default_factory=list)

    def on(self, page: Page, url: str) -> None:
        """Start watching."""
        page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        inside = (url, "data:", "blob:")
        page.on(
            "request", lambda r: None if r.url.startswith(inside) else self.requests_outside.append(r.url)
        )


@pytest.fixture(scope="session")
def app_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running app."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("app")
    environment = {**os.environ, "GRADIO_TEMP_DIR": str(folder / "cache"), "OMP_NUM_THREADS": "1"}
    with (folder / "log.txt").open("w+") as log:
        command = [sys.executable, "-m", "workbench.app", "--port", str(port)]
        app = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            url = f"http://127.0.0.1:{port}/"
            _wait_for(url, app, folder / "log.txt")
            yield url
        finally:
            app.terminate()
            app.wait(20)


def _wait_for(url: str, app: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and app.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"The app did not start: {log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def browser(chromium_path: str) -> Iterator[Browser]:
    """Chromium with WebGL in software."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=chromium_path, args=SOFTWARE_GL)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> dict[int, BrowserContext]:
    """One per width of window, so that scripts are loaded once and not for every test."""
    return {}


@pytest.fixture
def page(
    browser: Browser, contexts: dict[int, BrowserContext], app_url: str, request: pytest.FixtureRequest
) -> Iterator[Page]:
    """The opened app at desktop size, or at the size given by the test; it must behave."""
    size: ViewportSize = getattr(request, "param", DESKTOP)
    if size["width"] not in contexts:
        contexts[size["width"]] = browser.new_context(viewport=size, has_touch=size != DESKTOP)
    watch = Watch()
    page = contexts[size["width"]].new_page()
    page.set_default_timeout(30_000)
    watch.on(page, app_url)
    page.goto(app_url)
    page.get_by_role("tab", name="Photo").wait_for()
    yield page
    page.close()
    assert watch.requests_outside == []
    assert watch.errors == []


@pytest.fixture(scope="session")
def scene_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo of one rendered person, in a file."""
    path = tmp_path_factory.mktemp("scene") / "scene.jpg"
    Image.fromarray(render_scene(SCENES["walking"], load_body())).save(path)
    return path


@pytest.fixture(scope="module")
def opened_body(browser: Browser, app_url: str) -> Iterator[tuple[Page, Watch]]:
    """The Body tab on one page for many tests, because opening the app takes longer than most of them."""
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.set_default_timeout(30_000)
    watch = Watch()
    watch.on(page, app_url)
    page.goto(app_url)
    page.get_by_role("tab", name="Body").click()
    page.locator(f"{LAB}[data-drawn]").wait_for()
    yield page, watch
    page.context.close()


@pytest.fixture
def body(opened_body: tuple[Page, Watch]) -> Iterator[Page]:
    """The Body tab as it is at first, but for the person's history; it must behave."""
    page, watch = opened_body
    afresh(page)
    yield page
    errors, outside = list(watch.errors), list(watch.requests_outside)
    watch.errors.clear()
    assert errors == [] and outside == []


@pytest.fixture(scope="module")
def opened_camera(browser: Browser, app_url: str) -> Iterator[Page]:
    """One page for all tests that leave no trace outside the lab; it must behave."""
    context = browser.new_context(viewport=DESKTOP)
    page, watch = context.new_page(), Watch()
    watch.on(page, app_url)
    page.set_default_timeout(15_000)
    page.goto(app_url)
    camera_tab.open_lab(page)
    page.evaluate(f"window.first = {camera_tab.LAB}.lab.state(); window.firstTable = {camera_tab.TABLE}")
    yield page
    context.close()
    assert watch.errors == [] and watch.requests_outside == []


@pytest.fixture
def camera(opened_camera: Page) -> Page:
    """The lab as it was when it was opened, with everything unfolded."""
    opened_camera.evaluate(f"{camera_tab.LAB}.lab.set(window.first)")
    camera_tab.settle(opened_camera)
    opened_camera.wait_for_function(f"{camera_tab.LAB}.lab.posed().name === window.first.body")
    # The table comes from Python a moment later: the methods' cameras in it would be of the test before.
    opened_camera.wait_for_function(f"{camera_tab.TABLE} === window.firstTable")
    return opened_camera


@pytest.fixture
def view(browser: Browser) -> Iterator[Page]:
    """The 3D view alone."""
    with blank_page(browser, SIZE) as page:
        open_view(page)
        yield page


@pytest.fixture
def skeleton_view(browser: Browser) -> Iterator[Page]:
    """The same with its skeleton, whose joints can be clicked."""
    with blank_page(browser, SIZE) as page:
        open_view(page, "skeleton")
        yield page
