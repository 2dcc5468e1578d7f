"""What the Camera tab does, without the page."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

from workbench.app import models
from workbench.app.fragments import facts, pictures, table
from workbench.app.handlers_body import BodyState, pose, rest
from workbench.body.mesh import Mesh
from workbench.figures.picture import data_url
from workbench.figures.world import WorldBody, world
from workbench.geometry import Camera
from workbench.geometry.camera import Projection, perspective_camera
from workbench.render import Actor, render_layer

SIZE_PX = 360
NEAR_M = 0.05  # nearer points have no meaningful picture
"""Side of the square pictures."""
TZ_LIMITS_M = (0.6, 6.0)
FOCAL_LIMITS_PX = (90.0, 1800.0)
SCALE_LIMITS = (40.0, 400.0)
KINDS: dict[Projection, str] = {
    "perspective": "Perspective",
    "weak": "Weak perspective",
    "orthographic": "Orthographic",
}
POSES = ("Reaching to the camera", "Standing", "From the Body tab")
FACING = torch.tensor([1.0, -1.0, -1.0])
"""From the body's axes to the camera's: half a turn about x."""
BOUNDS_M = torch.tensor([[-0.9, 0.0, -1.0], [0.9, TZ_LIMITS_M[1], 1.0]])
"""The view's fixed box, in display axes, so that nothing jumps when the body moves."""
OUTLINE = (225, 29, 72)


@dataclass(frozen=True, eq=False)
class CameraState:
    """One visitor's camera: the perspective one, and the scale of the orthographic one."""

    camera: Camera
    scale_px_per_m: float

    @property
    def tz_m(self) -> float:
        """Distance of the body."""
        return self.camera.tz_m

    def of_kind(self, kind: Projection) -> Camera:
        """This camera under one of the three projections."""
        if kind == "orthographic":
            return replace(self.camera, kind=kind, focal_px=self.scale_px_per_m)
        return self.camera.as_kind(kind)


def start() -> CameraState:
    """A 45 mm lens, three metres away."""
    camera = perspective_camera((SIZE_PX, SIZE_PX), torch.tensor([0.0, 0.0, 3.0]), 1.25 * SIZE_PX)
    return CameraState(camera, camera.focal_px / camera.tz_m)


def with_tz(state: CameraState, tz_m: float | None, locked: bool) -> CameraState:
    """Move the body to another distance; locked moves the focal length too, so that f / Tz stays.

    Raises:
        ValueError: the distance is missing or out of range.
    """
    tz_m = _checked(tz_m, TZ_LIMITS_M, "The distance Tz", "m")
    if locked:
        wanted_px = state.camera.focal_px * tz_m / state.tz_m
        focal_px = _clamped(wanted_px, FOCAL_LIMITS_PX)
        return replace(state, camera=state.camera.with_focal(focal_px, keep_size=True))
    t = state.camera.t_camera_body_m
    return replace(
        state, camera=replace(state.camera, t_camera_body_m=torch.stack((t[0], t[1], t.new_tensor(tz_m))))
    )


def with_focal(state: CameraState, focal_px: float | None, locked: bool) -> CameraState:
    """Zoom; locked moves the body too, so that f / Tz stays (the dolly zoom).

    Raises:
        ValueError: the focal length is missing or out of range.
    """
    focal_px = _checked(focal_px, FOCAL_LIMITS_PX, "The focal length", "px")
    if locked:
        tz_m = _clamped(state.tz_m * focal_px / state.camera.focal_px, TZ_LIMITS_M)
        focal_px = state.camera.focal_px * tz_m / state.tz_m
    return replace(state, camera=state.camera.with_focal(focal_px, keep_size=locked))


def with_scale(state: CameraState, scale_px_per_m: float | None) -> CameraState:
    """Scale of the orthographic picture.

    Raises:
        ValueError: the scale is missing or out of range.
    """
    return replace(state, scale_px_per_m=_checked(scale_px_per_m, SCALE_LIMITS, "The scale", "px per metre"))


def posed(name: str, body: BodyState | None) -> Mesh:
    """The body to look at.

    Raises:
        ValueError: there is no such pose.
    """
    if name not in POSES:
        raise ValueError(f"There is no pose {name!r}. Pick one of: {', '.join(POSES)}.")
    if name == "From the Body tab":
        return pose(body or rest())
    state = rest()
    names = models.joint_names(models.body())
    turns = {"right shoulder": (0, 0, 72), "left shoulder": (0, 0, -72)}
    if name == "Reaching to the camera":
        turns["left shoulder"] = (0, -80, 8)
    for joint, angles in turns.items():
        state.theta[names.index(joint)] = torch.tensor(angles).deg2rad()
    return pose(state)


def show(
    state: CameraState, kind: Projection, pose_name: str, body: BodyState | None
) -> tuple[dict[str, Any], str, str, str]:
    """The 3D view, the three pictures, the numbers, and Python that makes the camera."""
    mesh = posed(pose_name, body)
    points = mesh.vertices_m * FACING
    middle = (points.amin(0) + points.amax(0)) / 2
    points = points - middle * torch.tensor([1.0, 1.0, 0.0])  # keep the body in the middle of the picture
    camera = state.of_kind(kind)
    drawn = WorldBody("body", camera.to_camera_m(points), mesh.joints_m * FACING, models.body().topology)
    scene = world([drawn], "camera", bounds_m=BOUNDS_M, camera=camera)
    return scene, _pictures(state, kind, mesh, points), _numbers(state, camera, points), _code(camera)


def _pictures(state: CameraState, chosen: Projection, mesh: Mesh, points: Float[Tensor, "V 3"]) -> str:
    layers: dict[Projection, UInt8[np.ndarray, "S S 4"]] = {
        kind: render_layer([Actor(points, mesh.faces, state.of_kind(kind))], (SIZE_PX, SIZE_PX))
        for kind in KINDS
    }
    outline = _outline(layers["perspective"][..., 3] > 127)
    shown = {}
    for kind, layer in layers.items():
        alpha = layer[..., 3:] / 255
        rgb = (_paper() * (1 - alpha) + layer[..., :3] * alpha).astype(np.uint8)
        if kind != "perspective":
            rgb[outline] = OUTLINE
        shown[KINDS[kind]] = data_url(Image.fromarray(rgb), quality=85, method=1)
    return pictures(shown, chosen=KINDS[chosen])


def _paper() -> UInt8[np.ndarray, "S S 3"]:
    """Squared paper with the principal point's axes."""
    rgb = np.full((SIZE_PX, SIZE_PX, 3), 246, np.uint8)
    step = SIZE_PX // 12
    rgb[::step], rgb[:, ::step] = 228, 228
    rgb[SIZE_PX // 2], rgb[:, SIZE_PX // 2] = 190, 190
    return rgb


def _outline(mask: np.ndarray) -> np.ndarray:
    """Pixels of a mask that touch the outside."""
    inner = mask.copy()
    for axis in (0, 1):
        for shift in (-1, 1):
            inner &= np.roll(mask, shift, axis)
    return mask & ~inner


def _numbers(state: CameraState, camera: Camera, points: Float[Tensor, "V 3"]) -> str:
    in_front = state.camera.to_camera_m(points)[:, 2] > NEAR_M
    points = points[in_front]
    perspective = state.camera.project(points)
    height_px = (points[:, 1].amax() - points[:, 1].amin()) * state.camera.focal_px / state.camera.tz_m
    others: tuple[Projection, ...] = ("weak", "orthographic")
    rows = []
    for kind in others:
        gap = (state.of_kind(kind).project(points) - perspective).norm(dim=1)
        percent = 100 * gap.mean() / height_px
        rows.append((KINDS[kind], f"{gap.mean():.1f} px", f"{gap.max():.1f} px", f"{percent:.1f} %"))
    base = state.camera
    given = {
        "distance Tz": f"{base.tz_m:.2f} m",
        "focal length": f"{base.focal_px:.0f} px",
        "as a 35 mm lens": f"{base.focal_mm:.0f} mm",
        "field of view, vertical": f"{math.degrees(base.fov_rad):.0f}°",
        "f / Tz": f"{base.focal_px / base.tz_m:.0f} px per m",
    }
    head = ("Difference from perspective", "mean", "largest", "mean, of body height")
    behind = 100 * float((~in_front).float().mean())
    remark = f"; {behind:.0f} % of the body is at or behind the lens and left out" if behind else ""
    return facts(given) + table(head, rows, f"Picture of {SIZE_PX} × {SIZE_PX} px{remark}")


def _code(camera: Camera) -> str:
    t = [round(v, 3) for v in camera.t_camera_body_m.tolist()]
    return "\n".join(
        [
            "import torch",
            "",
            "from workbench.geometry import Camera",
            "",
            "camera = Camera(",
            f'    kind="{camera.kind}",',
            f"    focal_px={camera.focal_px:.1f},"
            + ("  # pixels per metre" if camera.kind == "orthographic" else ""),
            f"    center_px={camera.center_px},",
            f"    size_hw={camera.size_hw},",
            f"    t_camera_body_m=torch.tensor({t}),",
            ")",
            "# pixels = camera.project(points_m), points in the camera's axes about the body's origin",
        ]
    )


def _checked(value: float | None, limits: tuple[float, float], name: str, unit: str) -> float:
    if value is None or not math.isfinite(value) or not limits[0] <= value <= limits[1]:
        got = "nothing" if value is None else f"{value:g}"
        raise ValueError(
            f"{name} must be {limits[0]:g} to {limits[1]:g} {unit}; got {got}. It stays as it was."
        )
    return float(value)


def _clamped(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])
