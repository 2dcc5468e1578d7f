"""Contact sheets of scenes, to be looked at one by one."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image, ImageDraw
from torch import Tensor

from workbench.synth.scene import Scene

CELL_PX, TITLE_PX = 256, 16
PAPER, INK = (244, 243, 240), (40, 40, 40)


def scene_sheet(
    scenes: Sequence[Scene], columns: int = 8, cell_px: int = CELL_PX, depth: bool = False
) -> UInt8[np.ndarray, "H W 3"]:
    """All photos at one size, titled with their seeds and what people do.

    Args:
        scenes: row by row.
        columns: scenes in a row.
        cell_px: side of each.
        depth: show what the depth camera measures, or true depth where there is none.
    """
    rows = -(-len(scenes) // columns)
    sheet = Image.new("RGB", (columns * cell_px, rows * (cell_px + TITLE_PX)), PAPER)
    draw = ImageDraw.Draw(sheet)
    for place, scene in enumerate(scenes):
        photo = Image.fromarray(_depth(scene) if depth else scene.rgb)
        photo.thumbnail((cell_px - 4, cell_px - 4), Image.Resampling.LANCZOS)
        left, top = place % columns * cell_px, place // columns * (cell_px + TITLE_PX)
        sheet.paste(photo, (left + (cell_px - photo.width) // 2, top + TITLE_PX))
        first, *others = scene.people
        more = f" + {len(others)}" if others else ""
        title = f"{scene.seed}: {first.action}{more}, {first.camera.tz_m:.1f} m"
        draw.text((left + 4, top + 2), title, fill=INK)
    return np.asarray(sheet)


def _depth(scene: Scene) -> UInt8[np.ndarray, "H W 3"]:
    measured = scene.sensor_depth_m
    return depth_picture(scene.depth_m if measured is None else measured)


def depth_picture(depth_m: Float[Tensor, "H W"]) -> UInt8[np.ndarray, "H W 3"]:
    """Near is bright, far is dark, nothing is blue."""
    there = depth_m > 0
    if not there.any():
        return np.zeros((*depth_m.shape, 3), np.uint8)
    near, far = torch.quantile(1 / depth_m[there], torch.tensor([0.99, 0.01])).tolist()
    bright = (255 * ((1 / depth_m.clamp_min(1e-6) - far) / max(near - far, 1e-6)).clamp(0, 1)).to(torch.uint8)
    rgb = torch.where(there[..., None], bright[..., None], torch.tensor([20, 30, 90], dtype=torch.uint8))
    return rgb.numpy()
