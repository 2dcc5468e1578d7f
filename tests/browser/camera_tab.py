"""What the tests of the Camera tab have in common: its page, its state, its pixels."""

import base64
from typing import Any

import numpy as np
import torch
from playwright.sync_api import Page
from scipy.ndimage import binary_dilation

from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.body.presets import preset
from workbench.figures.camera_lab import camera_from
from workbench.geometry import Camera

LAB = "document.querySelector('#camera-lab .hmr-camera-lab')"
TABLE = "document.querySelector('#camera-conventions tbody').innerText"
PLANE = f"{LAB}.querySelector('.hmr-plane').imagePlane"
PIXELS = f"""() => {{
  {PLANE}.draw();
  const canvas = {PLANE}.canvas();
  const gl = canvas.getContext("webgl2");
  const pixels = new Uint8Array(4 * canvas.width * canvas.height);
  gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  let text = "";
  for (let n = 0; n < pixels.length; n += 8192) text += String.fromCharCode(...pixels.subarray(n, n + 8192));
  return {{ size: [canvas.height, canvas.width], pixels: btoa(text) }};
}}"""


def open_lab(page: Page) -> None:
    page.get_by_role("tab", name="Camera").click()
    page.locator("#camera-lab .hmr-camera-lab[data-drawn]").wait_for()
    page.evaluate(f"{LAB}.querySelectorAll('details').forEach((part) => (part.open = true))")
    page.locator("#camera-conventions tbody tr").first.wait_for()


def state(page: Page, expression: str = "s") -> Any:
    return page.evaluate(f"((s) => {expression})({LAB}.lab.state())")


def settle(page: Page) -> None:
    """Wait until what was asked for is drawn: at once, or with the next frame."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def slide(page: Page, slider: str, key: str = "PageUp") -> None:
    page.locator(f"#{slider} input[type=range]").focus()
    page.keyboard.press(key)
    settle(page)


def write(page: Page, slider: str, value: float) -> None:
    page.locator(f"#{slider} input[type=number]").fill(str(value))
    page.keyboard.press("Tab")
    settle(page)


def canvas(page: Page) -> np.ndarray:
    """The bodies as drawn: rows from above, colours times alpha, alpha."""
    answer = page.evaluate(PIXELS)
    pixels = np.frombuffer(base64.b64decode(answer["pixels"]), np.uint8)
    return pixels.reshape(*answer["size"], 4)[::-1]


def shown_camera(page: Page) -> Camera:
    return camera_from(state(page, "s.camera"))


def reaching() -> torch.Tensor:
    """Vertices of the first preset in the camera's axes."""
    mesh = load_body().mesh(torch.zeros(10), preset("reaching", SMPL_JOINTS))
    return mesh.vertices_m * torch.tensor([1.0, -1.0, -1.0])


def grown(mask: np.ndarray) -> np.ndarray:
    return np.asarray(binary_dilation(mask, np.ones((3, 3))), bool)
