"""What Python adds to the Camera lab: poses, each method's camera for one crop, the camera as Python.

The lab asks from a browser, so what it sends is checked before it is used.
"""

from collections.abc import Sequence
from typing import Any

from workbench.body.joints import joint_names
from workbench.body.presets import PRESETS_DEG, preset
from workbench.geometry.camera import MIN_DEPTH_M, Camera
from workbench.geometry.conventions import (
    CAMERAS,
    CropCamera,
    blade_camera,
    to_blade,
    to_hmr,
    to_romp,
)
from workbench.geometry.crop import FARTHEST_PX
from workbench.image.photo import MAX_PIXELS
from workbench.untrusted import entries, number, numbers, part, shown, whole

FARTHEST_M = 1e6
FOCAL_PX = (1e-3, 1e9)
KINDS = ("perspective", "weak", "orthographic")
HMR_NUMBERS: tuple[str, ...] = ("HMR'18", "SPIN", "HMR2.0", "CLIFF")
FIRST_POSE = "reaching"
"""Perspective is best seen on a hand that comes near."""


def config(entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the lab is built with; its functions are `camera_table` and those that serve bodies.

    Args:
        entries: the bodies to choose from; presets are poses of the first.
    """
    body = entries[0]
    joints = joint_names(len(body["joints"]))
    presets = {name: {"theta": preset(name, joints).tolist()} for name in PRESETS_DEG}
    return {
        "bodies": list(entries),
        "presets": {FIRST_POSE: presets.pop(FIRST_POSE), **presets},
        "first": FIRST_POSE,
        "person": {
            "body": body["tag"],
            "betas": [0.0] * body["betas"],
            "expression": [0.0] * body["expressions"],
            "theta": [[0.0] * 3 for _ in joints],
        },
    }


def camera_table(question: Any) -> dict[str, Any]:
    """The Camera lab's question when its sliders rest.

    Args:
        question: `camera` (perspective), `kind` (the projection that is shaded), `scale` (px per metre of the
            orthographic picture, or None), `box` (the crop's `center_px` and `side_px`) and `pelvis_z_m` (z
            of the pelvis in the camera's axes, about the body's origin).

    Returns:
        `rows`, one per method: its name, its own numbers as text, its camera of the full picture; and
        `python`, code that makes the shaded camera.

    Raises:
        ValueError: something is missing, not finite, or no camera.
    """
    part(question, "The camera lab's state", "camera", "kind", "scale", "box", "pelvis_z_m")
    camera = camera_from(question["camera"])
    box = part(question["box"], "box", "center_px", "side_px")
    center = numbers(box["center_px"], "box.center_px", (2,), FARTHEST_PX).tolist()
    side_px = number(box["side_px"], "box.side_px", 1.0, FARTHEST_PX)
    pelvis_z_m = number(question["pelvis_z_m"], "pelvis_z_m", -FARTHEST_M, FARTHEST_M)
    crop = CropCamera.of(camera, (center[0], center[1]), side_px)
    chosen = _chosen(camera, question["kind"], question["scale"])
    return {"rows": _rows(crop, camera, pelvis_z_m), "python": camera_code(chosen)}


def camera_from(data: Any, name: str = "camera") -> Camera:
    """A camera from JSON.

    Raises:
        ValueError: it is none; the message says why.
    """
    part(data, name, "kind", "focal_px", "center_px", "size_hw", "t_camera_body_m")
    if data["kind"] not in KINDS:
        raise ValueError(f"A camera is {', '.join(KINDS)}; got {shown(data['kind'])}.")
    center = numbers(data["center_px"], f"{name}.center_px", (2,), FARTHEST_PX).tolist()
    height, width = (
        whole(n, f"{name}.size_hw", 1, MAX_PIXELS) for n in entries(data["size_hw"], f"{name}.size_hw", 2)
    )
    t = numbers(data["t_camera_body_m"], f"{name}.t_camera_body_m", (3,), FARTHEST_M)
    number(data["t_camera_body_m"][2], "Tz", MIN_DEPTH_M, FARTHEST_M)
    focal = number(data["focal_px"], f"{name}.focal_px", *FOCAL_PX)
    return Camera(data["kind"], focal, (center[0], center[1]), (height, width), t)


def camera_data(camera: Camera) -> dict[str, Any]:
    """The inverse of `camera_from`."""
    return {
        "kind": camera.kind,
        "focal_px": camera.focal_px,
        "center_px": list(camera.center_px),
        "size_hw": list(camera.size_hw),
        "t_camera_body_m": camera.t_camera_body_m.tolist(),
    }


def camera_code(camera: Camera) -> str:
    """Python that makes the same camera."""
    t = [round(v, 4) for v in camera.t_camera_body_m.tolist()]
    center = tuple(round(v, 2) for v in camera.center_px)
    unit = "  # pixels per metre" if camera.kind == "orthographic" else ""
    return "\n".join(
        [
            "import torch",
            "",
            "from workbench.geometry import Camera",
            "",
            "camera = Camera(",
            f'    kind="{camera.kind}",',
            f"    focal_px={camera.focal_px:.2f},{unit}",
            f"    center_px={center},",
            f"    size_hw={camera.size_hw},",
            f"    t_camera_body_m=torch.tensor({t}),",
            ")",
            "# pixels = camera.project(points_m), points in the camera's axes about the body's origin",
        ]
    )


def _chosen(camera: Camera, kind: Any, scale: Any) -> Camera:
    if kind not in KINDS:
        raise ValueError(f"A projection is {', '.join(KINDS)}; got {shown(kind)}.")
    same = camera.as_kind(kind)
    if kind == "orthographic" and scale is not None:
        same = same.with_focal(number(scale, "scale", *FOCAL_PX))
    return same


def _rows(crop: CropCamera, camera: Camera, pelvis_z_m: float) -> list[dict[str, Any]]:
    """BLADE is told the true depth, because depth is what it predicts."""
    size_hw = camera.size_hw
    made = {name: make(crop, size_hw) for name, make in CAMERAS.items()}
    s, tx, ty = to_hmr(crop).tolist()
    romp = to_romp(crop, size_hw).tolist()
    said = dict.fromkeys(HMR_NUMBERS, f"s {s:.3f}, t {tx:+.3f}, {ty:+.3f}")
    said["ROMP"] = f"s {romp[0]:.3f}, t {romp[1]:+.3f}, {romp[2]:+.3f}, of the padded photo"
    depth_m = camera.tz_m + pelvis_z_m
    if depth_m > MIN_DEPTH_M:
        made["BLADE"] = blade_camera(crop, size_hw, depth_m, pelvis_z_m)
        focal, t = to_blade(made["BLADE"])
        said["BLADE"] = f"pelvis at {depth_m:.2f} m; f {focal:.0f}, T {t[0]:+.2f}, {t[1]:+.2f}, {t[2]:.2f}"
    return [{"name": name, "numbers": said[name], "camera": camera_data(made[name])} for name in made]
