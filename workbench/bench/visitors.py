"""Whether one visitor's drag waits for another's fit on the same app."""

import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

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
    from gradio_client import Client
    from gradio_client.client import Job
    from playwright.sync_api import BrowserContext, Page

CHANGES = 4
"""Of each way per round, alone and as many beside a fit."""
PHOTO = "samples/walking.jpg"


def visitor_rows(context: "BrowserContext", runs: int) -> list[Row]:
    """One visitor's changes alone and while another's fit runs, in turn, and how many times longer they take.

    Args:
        context: of a browser whose pages have probe.js.
        runs: rounds of changes.
    """
    from gradio_client import Client

    with _public_app() as url:
        other = Client(url, verbose=False)
        times = {way.name: _times(way, context, other, runs) for way in _ways(url)}
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
    papers = ("name", "topology", "licence")
    np.savez(
        path, allow_pickle=False, **{name: array for name, array in arrays.items() if name not in papers}
    )


def _ways(url: str) -> list[Way]:
    beta, focal = (f"#{name} input[type=range]" for name in ("body-beta-0", "camera-focal"))
    body, plane = f"{BODY_VIEW}[data-drawn]", f"{IMAGE_PLANE}[data-drawn]"
    new_mesh = {"within": BODY_VIEW, "fresh": True}
    return [
        Way("image plane", url, "Camera", plane, focal, (0.3, 0.4), {"within": IMAGE_PLANE}),
        Way("body posed by Python", url, "Body", body, beta, (0.7, 0.3), new_mesh, "SMPL, neutral"),
    ]


def _times(
    way: Way, context: "BrowserContext", other: "Client", runs: int
) -> tuple[list[float], list[float]]:
    """In ms to the pixel: alone, and beside a fit."""
    alone, beside = [], []
    with chromium.opened(way, context) as page:
        for _ in range(runs * CHANGES):
            alone.append(chromium.change(page, way, way.shares[0])["pixel"])
            page.wait_for_timeout(chromium.REST_MS)
            with _fitting(other, page) as fit:
                pixel_ms = chromium.change(page, way, way.shares[1])["pixel"]
                if not fit.done():  # or it was not beside it to the end
                    beside.append(pixel_ms)
            page.wait_for_timeout(chromium.REST_MS)
    return alone, beside


@contextmanager
def _fitting(other: "Client", page: "Page") -> Iterator["Job"]:
    """While a person is being fitted for somebody else."""
    from gradio_client import handle_file
    from gradio_client.utils import Status

    job = other.submit(handle_file(asset(PHOTO)), "smplify", None, None, api_name="/recover")
    while job.status().code != Status.PROCESSING and not job.done():
        page.wait_for_timeout(20)
    page.wait_for_timeout(300)  # people are found by then
    yield job
    job.result()
