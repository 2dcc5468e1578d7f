"""JupyterLab for real: the lessons run, their figures follow sliders, labs and Python share one state."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import nbformat
import numpy as np
import pytest
import torch
from nbformat import v4
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watch
from workbench.body import load_body

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parent.parent.parent
START_S = 60
TOKEN = secrets.token_hex()
"""Whoever else is on this machine must not run code in this server."""
RUN_MS = 120_000
"""For a whole notebook, on a busy machine."""
ALL_DONE = """
const prompts = [...document.querySelectorAll(".jp-CodeCell .jp-InputPrompt")];
return prompts.every((prompt) => /\\d/.test(prompt.textContent));
"""
LABS = [
    "from workbench.figures.widget import BodyLab, CameraLab\nlab = BodyLab()\nlab",
    "import ipywidgets\ncamera = CameraLab()\nipywidgets.jslink((lab, 'person'), (camera, 'person'))\ncamera",
    "print('beta 0 is', lab.betas[0])",
    "lab.betas = [0.0, 0.0, 2.5, *[0.0] * 7]",
    "print('Tz is', camera.camera and camera.camera.tz_m)",
]


@pytest.fixture(scope="module")
def lab_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a JupyterLab that serves copies of the lessons, and keeps all it writes to itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("jupyter")
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    metadata = nbformat.read(folder / "notebooks" / "01_smpl_body.ipynb", 4).metadata
    labs = v4.new_notebook(cells=[v4.new_code_cell(source) for source in LABS], metadata=metadata)
    nbformat.write(labs, folder / "notebooks" / "labs.ipynb")
    own = {
        name: str(folder / name.lower()) for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR")
    }
    own |= {name: str(folder / name.lower()) for name in ("JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")}
    own |= {"JUPYTERLAB_WORKSPACES_DIR": str(folder / "workspaces"), "OMP_NUM_THREADS": "1"}
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = {**os.environ, **own, "PYTHONPATH": os.pathsep.join(paths), "JUPYTER_TOKEN": TOKEN}
    with (folder / "log.txt").open("w+") as log:
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
        command += [f"--port={port}", "--ServerApp.port_retries=0"]
        command += ["--LabApp.news_url=None", f"--ServerApp.root_dir={folder / 'notebooks'}"]
        command += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=subprocess.STDOUT, cwd=folder)
        try:
            url = f"http://127.0.0.1:{port}/"
            wait_for(f"{url}api?token={TOKEN}", server, folder / "log.txt")
            yield url
        finally:
            server.terminate()
            server.wait(20)


def wait_for(url: str, server: subprocess.Popen, log: Path) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start: {log.read_text()[-2000:]}")


@pytest.fixture
def notebook(browser: Browser, lab_url: str, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A notebook, opened and run from top to bottom, that did nothing a good page does not do."""
    context = browser.new_context(viewport={"width": 1300, "height": 1000})
    watch, page = Watch(), context.new_page()
    page.set_default_timeout(60_000)
    watch.on(page, lab_url)
    page.goto(f"{lab_url}lab/tree/{request.param}.ipynb?reset&token={TOKEN}")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()  # before that, cells would run nowhere
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    page.wait_for_function(f"() => {{{ALL_DONE}}}", timeout=RUN_MS)
    assert page.locator("[data-mime-type='application/vnd.jupyter.error']").count() == 0
    yield page
    context.close()
    assert watch.requests_outside == []
    assert watch.errors == []


def slide(page: Page, label: str, key: str, times: int = 1) -> float:
    """Move one of ipywidgets' sliders; returns where it is now."""
    slider = page.locator(".widget-slider", has_text=label).first
    slider.scroll_into_view_if_needed()
    handle = slider.locator(".noUi-handle")
    handle.focus()
    for _ in range(times):
        page.keyboard.press(key)
    return float(handle.get_attribute("aria-valuetext") or "nan")


def vertices_m(view: Locator) -> np.ndarray:
    """What a world view shows, in the body's axes."""
    x, y, z = view.evaluate("view => view.bodyView.vertices().map((column) => Array.from(column))")
    return np.stack((x, z, -np.array(y)), axis=1)


@pytest.mark.parametrize("notebook", ["01_smpl_body"], indirect=True)
def test_the_first_lessons_body_follows_its_sliders(notebook: Page):
    body, view = load_body("open-smpl"), notebook.locator(".hmr-view").first
    view.scroll_into_view_if_needed()
    expect(view).to_have_attribute("data-drawn", "1")
    before = vertices_m(view)
    np.testing.assert_allclose(before, body.v_template.numpy(), atol=1e-4)
    beta = slide(notebook, "beta 0", "PageUp", times=3)
    assert beta > 0.2
    wanted = body.with_shape(torch.tensor([beta])).vertices_m.numpy()
    wait_until(lambda: np.abs(vertices_m(view) - wanted).max() < 2e-4)
    assert np.abs(wanted - before).max() > 0.01
    elbow = notebook.locator(".widget-slider", has_text="left elbow y")
    elbow.scroll_into_view_if_needed()
    expect(elbow.locator(".widget-readout")).to_have_text("0.00")  # where Python has moved it since


@pytest.mark.parametrize("notebook", ["02_projection"], indirect=True)
def test_the_second_lessons_pictures_follow_the_distance(notebook: Page):
    captions = notebook.locator(".hmr-planes").first.locator("figcaption")
    captions.first.scroll_into_view_if_needed()
    expect(captions.nth(1)).to_contain_text("px off in the mean")
    near = captions.nth(1).inner_text()
    slide(notebook, "Tz [m]", "PageUp", times=8)
    expect(captions.nth(1)).not_to_have_text(near)
    assert gap_px(captions.nth(1).inner_text()) < gap_px(near)
    photo = notebook.locator(".hmr-planes img").last
    photo.scroll_into_view_if_needed()
    assert photo.evaluate("image => image.naturalWidth") == 640


@pytest.mark.parametrize("notebook", ["labs"], indirect=True)
def test_labs_and_python_share_one_state(notebook: Page):
    expect(notebook.get_by_text("beta 0 is 0.0")).to_be_visible()
    beta = notebook.locator("#body-beta-2 input[type=number]")
    beta.scroll_into_view_if_needed()
    expect(beta).to_have_value("2.5")  # Python's, from the last but one cell
    first = notebook.locator("#body-beta-0 input[type=range]")
    first.focus()
    notebook.keyboard.press("End")
    expect(notebook.locator("#body-beta-0 input[type=number]")).to_have_value("3")
    run_cell(notebook, 2)
    expect(notebook.get_by_text("beta 0 is 3")).to_be_visible()
    camera = notebook.locator(".hmr-camera-lab")
    wanted = load_body("open-smpl").with_shape(torch.tensor([3.0, 0.0, 2.5])).vertices_m.numpy()
    turned = wanted * (1, -1, -1)  # to the camera
    wait_until(lambda: np.abs(posed_m(camera) - turned).max() < 2e-4)  # it looks at the linked person
    run_cell(notebook, 4)
    expect(notebook.get_by_text("Tz is 2.0")).to_be_visible()


def posed_m(lab: Locator) -> np.ndarray:
    """The vertices that a Camera lab draws, about the body's origin."""
    return np.reshape(lab.evaluate("it => Array.from(it.lab.posed().vertices)"), (3, -1)).T


def gap_px(caption: str) -> float:
    return float(caption.partition(": ")[2].partition(" px")[0])


def run_cell(page: Page, number: int) -> None:
    editor = page.locator(".jp-CodeCell").nth(number).locator(".cm-content")
    editor.scroll_into_view_if_needed()
    editor.click()
    page.keyboard.press("Control+Enter")


def wait_until(holds, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.1)
