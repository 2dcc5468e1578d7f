"""Whether one visitor's drag waits for another's fit on the same app."""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workbench.bench import chromium
from workbench.bench.chromium import BODY_VIEW, IMAGE_PLANE, Way
from workbench.bench.measure import Row
from workbench.bench.serve import serving
from workbench.body.files import smpl_layout
from workbench.body.known import FOLDER_VARIABLE
from workbench.body.raw import read_body_file
from workbench.weights import asset

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FilePayload, Page

CHANGES = 4
"""Of each way per round, alone and as many beside a fit."""
PHOTO = "samples/walking.jpg"
FIND_MS = 300
"""By then its person is found, and the fit has begun."""
FIT_JS = """(photo) => {
  const recover = async () => {
    const address = "/gradio_api/call/recover";
    const body = JSON.stringify({ data: [photo, "smplify", null, null] });
    const headers = { "Content-Type": "application/json" };
    const asked = await (await fetch(address, { method: "POST", headers, body })).json();
    const answer = await (await fetch(`${address}/${asked.event_id}`)).text(); // ends with the fit
    if (!answer.startsWith("event: complete")) throw new Error(answer);
  };
  window.fitting = true;
  window.fit = recover().finally(() => { window.fitting = false; });
}"""


def visitor_rows(context: "BrowserContext", runs: int) -> list[Row]:
    """One visitor's changes alone and while another's fit runs, in turn, and how many times longer they take.

    Args:
        context: of a browser whose pages have probe.js.
        runs: rounds of changes.
    """
    with _public_app() as url, _other_visitor(context, url) as other:
        times = {way.name: _times(way, context, *other, runs) for way in _ways(url)}
    rows = []
    for name, (alone, beside) in times.items():
        if not beside:  # every fit had ended first
            continue
        ms, ms_beside, count = statistics.median(alone), statistics.median(beside), len(beside)
        rows.append(Row(f"{name}, alone: to the pixel", ms, "ms", "", len(alone)))
        rows.append(Row(f"{name}, beside another's fit: to the pixel", ms_beside, "ms", "", count))
        rows.append(Row(f"{name}, beside another's fit: times alone", ms_beside / ms, "x", "", count))
    return rows


@contextmanager
def _public_app() -> Iterator[str]:
    """Address of an app whose visitors are elsewhere, with a body that stays on the server."""
    with tempfile.TemporaryDirectory() as folder:
        save_licensed_twin(Path(folder) / "SMPL_NEUTRAL.npz")
        with serving(("-m", "workbench.app", "--public"), environment={FOLDER_VARIABLE: folder}) as app:
            yield app.url


def save_licensed_twin(path: Path) -> None:
    """The open body without the papers that tell it from SMPL, so that it is treated as if licensed."""
    arrays = smpl_layout(read_body_file(asset("open_body.npz")))
    for paper in ("name", "topology", "licence"):
        del arrays[paper]
    np.savez(path, allow_pickle=False, **arrays)


def _ways(url: str) -> list[Way]:
    beta, focal = (f"#{name} input[type=range]" for name in ("body-beta-0", "camera-focal"))
    body, plane = f"{BODY_VIEW}[data-drawn]", f"{IMAGE_PLANE}[data-drawn]"
    new_mesh = {"within": BODY_VIEW, "fresh": True}
    return [
        Way("image plane", url, "Camera", plane, focal, (0.3, 0.4), {"within": IMAGE_PLANE}),
        Way("body posed by Python", url, "Body", body, beta, (0.7, 0.3), new_mesh, "SMPL, neutral"),
    ]


def _times(
    way: Way, context: "BrowserContext", other: "Page", photo: Any, runs: int
) -> tuple[list[float], list[float]]:
    """In ms to the pixel: alone, and beside a fit."""
    alone, beside = [], []
    with chromium.opened(way, context) as page:
        for _ in range(runs * CHANGES):
            alone.append(chromium.change(page, way, way.shares[0])["pixel"])
            page.wait_for_timeout(chromium.REST_MS)
            with _fitting(other, photo):
                pixel_ms = chromium.change(page, way, way.shares[1])["pixel"]
                if other.evaluate("fitting"):  # or it was not beside it to the end
                    beside.append(pixel_ms)
            page.wait_for_timeout(chromium.REST_MS)
    return alone, beside


@contextmanager
def _fitting(other: "Page", photo: Any) -> Iterator[None]:
    """While a person is being fitted for somebody else."""
    other.evaluate(FIT_JS, photo)
    other.wait_for_timeout(FIND_MS)
    try:
        yield
    finally:
        other.evaluate("() => window.fit")  # to its end, so that the next change is alone


@contextmanager
def _other_visitor(context: "BrowserContext", url: str) -> Iterator[tuple["Page", Any]]:
    """Their page, which has nothing to draw, and the photo that they have uploaded."""
    assert context.browser is not None
    path = asset(PHOTO)
    file: FilePayload = {"name": path.name, "mimeType": "image/jpeg", "buffer": path.read_bytes()}
    with chromium.visitor(context.browser) as own:
        (place,) = own.request.post(f"{url}/gradio_api/upload", multipart={"files": file}).json()
        page = own.new_page()
        page.goto(f"{url}/gradio_api/info")
        yield page, {"path": place, "meta": {"_type": "gradio.FileData"}}
