"""The same in JupyterLab: Plotly's FigureWidget, updated in place, and the workbench's own widget."""

import importlib.util
import json
import os
import secrets
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.bench.measure import Row
from workbench.bench.serve import serving

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

NEEDED = ("jupyterlab", "ipywidgets", "anywidget")
CHANGES = 6
REST_MS = 500
CELLS = (
    """import ipywidgets
import plotly.graph_objects as go

from workbench.bench.figure_app import figure
usual = go.FigureWidget(figure(0.0))
slider = ipywidgets.FloatSlider(min=-3, max=3, step=0.05)

def change(now):
    fresh = figure(now["new"]).data[0]
    with usual.batch_update():
        usual.data[0].x, usual.data[0].y, usual.data[0].z = fresh.x, fresh.y, fresh.z

slider.observe(change, "value")
ipywidgets.VBox([slider, usual]).add_class("bench-figure-widget")""",
    """from workbench.figures.widget import BodyView
from workbench.lessons import beta_slider
view = BodyView()
ipywidgets.VBox([beta_slider(view, 0), view]).add_class("bench-own-widget")""",
)
WAYS = {"notebook, FigureWidget": ".bench-figure-widget", "notebook, own widget": ".bench-own-widget"}
PRESS_JS = """([holder, key]) => {
  const handle = document.querySelector(`${holder} .noUi-handle`);
  const press = () => handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  return probe.time(press, { within: holder, fresh: true });
}"""


def notebook_rows(context: "BrowserContext", runs: int) -> list[Row]:
    """Both widgets in one notebook, in turn; nothing where JupyterLab is not installed.

    Args:
        context: of a browser whose pages have probe.js.
        runs: rounds of changes.
    """
    if any(importlib.util.find_spec(name) is None for name in NEEDED):
        return []
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "bench.ipynb").write_text(json.dumps(_notebook()))
        arguments = ["-m", "jupyterlab", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
        arguments += ["--ServerApp.port_retries=0", "--LabApp.news_url=None"]
        arguments += [f"--ServerApp.root_dir={folder}"]
        arguments += ["--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"]
        token = secrets.token_hex()  # whoever else is on this machine must not run code in it
        environment = {**_own_settings(Path(folder) / ".own"), "JUPYTER_TOKEN": token}
        with serving(arguments, f"/api?token={token}", environment) as lab:
            page = context.new_page()
            _run_all(page, lab.url, token)
            costs = _costs(page, runs)
    usual, own = costs.values()
    changes = runs * CHANGES
    rows = [
        Row(f"{name}: {what}", cost[key], "ms", "", changes)
        for name, cost in costs.items()
        for key, what in (("draw", "to the draw call"), ("pixel", "to the pixel"))
    ]
    rows.append(Row("notebook: draw call, times sooner", usual["draw"] / own["draw"], "x", "", changes))
    rows.append(Row("notebook: pixel, times sooner", usual["pixel"] / own["pixel"], "x", "", changes))
    return rows


def _notebook() -> dict:
    common = {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
    cells = [{**common, "id": f"cell{n}", "source": source} for n, source in enumerate(CELLS)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def _own_settings(folder: Path) -> dict[str, str]:
    """Nothing of the user's Jupyter is read or written."""
    names = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")
    names += ("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")
    paths = [str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {name: str(folder / name.lower()) for name in names} | {"PYTHONPATH": os.pathsep.join(paths)}


def _run_all(page: "Page", url: str, token: str) -> None:
    """Open the notebook, run it, and wait until both widgets have drawn."""
    page.goto(f"{url}/lab/tree/bench.ipynb?reset&token={token}")
    page.get_by_text("Python 3 (ipykernel) | Idle").wait_for()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    for holder in WAYS.values():
        page.locator(f"{holder} canvas").first.wait_for(state="attached")
    page.wait_for_timeout(4000)  # until nothing of the start is left to do


def _costs(page: "Page", runs: int) -> dict[str, dict[str, float]]:
    times: dict[str, list[dict[str, float]]] = {name: [] for name in WAYS}
    for _ in range(runs):
        for name, holder in WAYS.items():
            page.locator(f"{holder} .noUi-handle").scroll_into_view_if_needed()
            page.wait_for_timeout(REST_MS)
            for n in range(CHANGES):
                key = "PageUp" if n % 2 else "PageDown"
                times[name].append(page.evaluate(PRESS_JS, [holder, key]))
                page.wait_for_timeout(REST_MS)
    return {
        name: {key: statistics.median(time[key] for time in many) for key in ("draw", "pixel")}
        for name, many in times.items()
    }
