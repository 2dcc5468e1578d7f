"""Bodies, their camera and the ground as the data that body_view.js draws.

Vertices travel as 16-bit steps (0.03 mm over a two-metre body, a quarter of the bytes of text); faces and
joint names are asked for once per page by their topology tag. Bodies that the browser poses itself do not
travel this way; see served_bodies.py and static/bodies.js.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.geometry import Camera
from workbench.render.shade import Color

Frame = Literal["body", "camera"]
SINGLE_COLOR = "#8fb4d6"
"""Of a body that is alone: light enough for shading to show."""
STEPS = 65535


@dataclass(frozen=True, eq=False)
class WorldBody:
    """One body to draw."""

    name: str
    vertices_m: Float[Tensor, "V 3"]
    joints_m: Float[Tensor, "J 3"]
    topology: str
    """Tag under which the page asks for faces and joint names."""
    color: str = SINGLE_COLOR


@dataclass(frozen=True, eq=False)
class WorldLandmarks:
    """Landmarks as they were found, and the same ones of a body, in the bodies' frame."""

    found_m: Float[Tensor, "N 3"]
    model_m: Float[Tensor, "N 3"]


def world(
    bodies: Sequence[WorldBody],
    frame: Frame,
    bounds_m: Float[Tensor, "2 3"] | None = None,
    camera: Camera | None = None,
    floor: bool = True,
    landmarks: Sequence[WorldLandmarks] = (),
    focus: int = 0,
) -> dict[str, Any]:
    """What the browser needs to draw the bodies.

    Args:
        bodies: all in the same frame.
        frame: the axes they are given in: the body model's, or the camera's.
        bounds_m: corners of the box to show, in display axes, by default the box around the bodies; fixed
            bounds keep a moving body from "breathing".
        camera: drawn as a frustum; only meaningful in the camera's frame.
        floor: draw the ground under the lowest vertex of all; a guess, for no method here recovers it.
        landmarks: drawn as pairs of points with a line between them.
        focus: the body whose face and hands can be looked at.
    """
    return {
        "bodies": [body_data(body, frame) for body in bodies],
        "bounds": _rounded(display_bounds_m(bodies, frame) if bounds_m is None else bounds_m),
        "floor": floor,
        "focus": focus,
        "landmarks": [
            {
                "found": _rounded(to_display(person.found_m, frame)),
                "model": _rounded(to_display(person.model_m, frame)),
            }
            for person in landmarks
        ],
        "camera": None if camera is None else _frustum(camera),
    }


def to_display(points_m: Float[Tensor, "*b 3"], frame: Frame) -> Float[Tensor, "*b 3"]:
    """The view's axes: x right, y away from the viewer, z up. A body faces the viewer in both frames."""
    x, y, z = points_m.unbind(-1)
    return torch.stack((x, -z, y) if frame == "body" else (x, z, -y), dim=-1)


def display_bounds_m(
    bodies: Sequence[WorldBody], frame: Frame, margin_m: float = 0.1
) -> Float[Tensor, "2 3"]:
    """Corners of the box around bodies, in display axes; a metre around the origin if there are none."""
    if not bodies:
        return torch.tensor([[-0.5] * 3, [0.5] * 3])
    points = torch.cat([to_display(body.vertices_m, frame) for body in bodies])
    return torch.stack((points.amin(0) - margin_m, points.amax(0) + margin_m))


def css_color(color: Color) -> str:
    """A renderer's colour (red, green, blue in 0..1) as a page writes it."""
    return "#" + "".join(f"{round(255 * channel):02x}" for channel in color)


def topology(faces: Int[Tensor, "F 3"], parents: Sequence[int], joints: Sequence[str]) -> dict[str, Any]:
    """What stays the same for all bodies of one model.

    Raises:
        ValueError: the mesh has more vertices than 16-bit indices can name.
    """
    if int(faces.max()) > STEPS:
        raise ValueError(f"The live view holds meshes of up to {STEPS + 1} vertices; this one has more.")
    return {"faces": encoded(faces.numpy(), "<u2"), "parents": list(parents), "joints": list(joints)}


def body_data(body: WorldBody, frame: Frame) -> dict[str, Any]:
    """One body with its vertices."""
    vertices_m = to_display(body.vertices_m, frame)
    low, high = vertices_m.amin(0), vertices_m.amax(0)
    step = ((high - low) / STEPS).clamp_min(1e-9)
    return {
        "name": body.name,
        "color": body.color,
        "topology": body.topology,
        "vertices": encoded(((vertices_m - low) / step).round().numpy(), "<u2"),
        "low": low.tolist(),
        "step": step.tolist(),
        "joints": _rounded(to_display(body.joints_m, frame)),
    }


def _frustum(camera: Camera) -> dict[str, Any]:
    """The rays through the picture's corners, and the picture at the body's depth.

    Rays meet in the eye; those of an orthographic camera are parallel.
    """
    height, width = camera.size_hw
    scale = 1 / camera.focal_px if camera.kind == "orthographic" else camera.tz_m / camera.focal_px
    pixels = torch.tensor([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]])
    aside = (pixels - torch.tensor(camera.center_px)) * scale
    corners = torch.cat((aside, torch.full((4, 1), camera.tz_m)), dim=1)
    starts = (
        torch.cat((aside, torch.zeros(4, 1)), dim=1) if camera.kind == "orthographic" else torch.zeros(4, 3)
    )
    return {
        "starts": _rounded(to_display(starts, "camera")),
        "corners": _rounded(to_display(corners, "camera")),
    }


def quantised(points_m: Float[Tensor, "V 3"]) -> dict[str, Any]:
    """Points in 16-bit steps from their lowest corner, all x before all y before all z."""
    low, high = points_m.amin(0), points_m.amax(0)
    step = ((high - low) / STEPS).clamp_min(1e-9)
    steps = ((points_m - low) / step).round().T
    return {"points": encoded(steps.numpy(), "<u2"), "low": low.tolist(), "step": step.tolist()}


def encoded(values: np.ndarray, dtype: str) -> str:
    """Numbers as text that a page can read."""
    return base64.b64encode(np.ascontiguousarray(values, dtype=dtype).tobytes()).decode()


def _rounded(points: Float[Tensor, "N 3"]) -> list[list[float]]:
    return [[round(value, 4) for value in point] for point in points.tolist()]
