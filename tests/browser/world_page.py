"""A page with the 3D view alone; bodies and Plotly come from this process."""

from typing import Any

import torch
from playwright.sync_api import Page, ViewportSize

from tests.browser.blank import ADDRESS
from workbench.body import load_body
from workbench.figures.files import plotly_js
from workbench.figures.served_bodies import ServedBodies

SIZE: ViewportSize = {"width": 900, "height": 640}
SERVED = ServedBodies(loopback=False)
START = """async (show) => {
  const names = ["body_view", "host", "bodies", "world_scene", "world_traces"];
  const modules = await Promise.all(names.map((name) => import(`/${name}.js`)));
  Object.assign(window, ...modules);
  window.host = { ...pageHost("/plotly.min.js"), call: (name, ...given) => window.python(name, given),
    file: async (tag) => (await fetch(`/${tag}.bin`)).arrayBuffer(),
    pick: (joint, body) => (window.picked = [joint, body]) };
  window.holder = document.querySelector("#here");
  holder.dataset.show = show;
  window.view = createBodyView(holder, host);
  window.worldOf = async (body, person, more = {}) => {
    const { vertices, joints } = await body.pose(person);
    return { bodies: [{ name: "body", points: vertices, joints, mesh: body.mesh, ...more }], floor: true,
      bounds: [[-1.2, -1, -1.4], [1.2, 1, 1.1]] };
  };
}"""
PLOT = "document.querySelector('.hmr-plot')"
CAMERA = f"{PLOT}._fullLayout.scene._scene.getCamera().eye"
DRAWN = "view.vertices().map((column) => Array.from(column))"


def open_view(page: Page, show: str = "ground") -> None:
    """A view on an empty page; bodies and Plotly come from this process."""
    page.route(
        f"{ADDRESS}plotly.min.js",
        lambda route: route.fulfill(content_type="text/javascript", path=plotly_js()),
    )
    page.route(
        f"{ADDRESS}*.bin",
        lambda route: route.fulfill(
            body=SERVED.packed(route.request.url.split("/")[-1].removesuffix(".bin"))
        ),
    )
    page.expose_function("python", lambda name, given: getattr(SERVED, name)(*given))
    page.evaluate(START, show)


def random_person(tag: str, spread_rad: float = 0.6) -> dict[str, Any]:
    body = load_body(tag)
    return {
        "body": tag,
        "betas": (1.5 * torch.randn(body.num_betas)).tolist(),
        "expression": torch.randn(body.num_expressions).tolist(),
        "theta": (spread_rad * torch.randn(body.num_joints, 3)).tolist(),
    }


def rest(tag: str) -> dict[str, Any]:
    return {"betas": [], "expression": [], "theta": [[0.0] * 3] * load_body(tag).num_joints}


def opened(page: Page, tag: str, served: bool = False) -> None:
    """The body as `body` on the page: sent to it, or skinned by Python."""
    listed = next(entry for entry in SERVED.entries() if entry["tag"] == tag)
    page.evaluate(
        "async (entry) => { window.body = await openBody(entry, host); }",
        listed | ({"file": None} if served else {}),
    )
