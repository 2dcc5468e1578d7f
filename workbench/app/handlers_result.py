"""What the lower half of the Photo tab does, without the page: results and their trace."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

from workbench.app import models
from workbench.app.fragments import facts, note, pictures, table, unavailable
from workbench.app.handlers_photo import SHOWN_SIDE_PX, color_of, shown_file
from workbench.app.residuals import LandmarkPairs, landmark_pairs
from workbench.app.session import PhotoSession, Result
from workbench.body.joints import BLAZEPOSE_BONES
from workbench.body.mesh import Mesh
from workbench.evaluation.picture import off_at_each_step
from workbench.figures.charts import error_curve, loss_curve
from workbench.figures.picture import Landmarks, data_url, picture
from workbench.figures.world import WorldBody, display_bounds_m, world
from workbench.geometry import Camera
from workbench.recovery import BodyParams, Recovery, Step
from workbench.render import Actor, person_color, render_layer, render_side_views
from workbench.solver.of_recovery import FOCAL_SOURCE, has_solved_camera

FOUND_COLOR = "#facc15"
"""Of found landmarks, over photos and bodies of every colour."""
LAST = -1
"""The step that stands for the result itself."""
SIDE_VIEW_PX = 320
GROUND = "The grid lies under the lowest point of all bodies. It is not recovered: methods know no floor."
SIDES = {"front": "From the camera", "side": "From its right", "top": "From above"}
"""What the renderer's views are called here: they are the camera's sides, not the body's."""


@dataclass(frozen=True, eq=False)
class Pose:
    """One person at one step."""

    result: Result
    params: BodyParams
    camera: Camera
    mesh: Mesh
    """Axes of the camera, about the body's origin."""

    @property
    def vertices_camera_m(self) -> Float[Tensor, "V 3"]:
        """Where the skin is in front of the camera."""
        return self.camera.to_camera_m(self.mesh.vertices_m)


def names(session: PhotoSession) -> list[tuple[str, int]]:
    """The people with results, for a list to pick from: title and place."""
    return [(f"Person {result.guest + 1}", place) for place, result in enumerate(session.results)]


def left_out(session: PhotoSession) -> str:
    """The people without a result, and why they have none."""
    reasons = {f"Person {guest + 1}: left out": reason for guest, reason in session.left_out.items()}
    return unavailable(reasons) if reasons else ""


def last_step(session: PhotoSession, place: int) -> int:
    """Number of the last step of a person's trace."""
    return max(len(_result(session, place).recovery.steps) - 1, 0)


def moment(
    session: PhotoSession, place: int, step: int
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any], str, str]:
    """Everything that moves with the trace: overlay, 3D view, loss or error, what the step says, parameters.

    Args:
        session: with results.
        place: whose trace is looked at; all others are shown as they ended.
        step: number of the step, LAST for the result.

    Raises:
        ValueError: no such person or step.
    """
    recovery = _result(session, place).recovery
    if not LAST <= step < max(len(recovery.steps), 1):
        raise ValueError(f"There is no step {step}; the trace has {len(recovery.steps)}.")
    poses = [_pose(result, step if other == place else LAST) for other, result in enumerate(session.results)]
    current = step if step != LAST else last_step(session, place)
    pairs = [
        landmark_pairs(pose.result.recovery.person, models.body(), pose.mesh, pose.camera) for pose in poses
    ]
    return (
        _overlay(session, poses, pairs, place),
        _world(session, poses, pairs, place),
        _curve(recovery, current),
        _step_text(recovery, current),
        _parameters(poses[place]),
    )


def _curve(recovery: Recovery, step: int) -> dict[str, Any]:
    """What the steps brought: the method's own loss, or the error in the picture if it minimises nothing."""
    steps = recovery.steps
    if any(each.loss is not None for each in steps):
        return loss_curve(steps, step).to_plotly_json()
    return error_curve(steps, off_at_each_step(recovery, models.body()), step).to_plotly_json()


def summary(session: PhotoSession, place: int) -> str:
    """How well the result fits, and where the person stands."""
    result = _result(session, place)
    camera, metrics = result.recovery.camera, result.metrics
    pixels, percent, overlap = (
        metrics.get(key) for key in ("reprojection_px", "reprojection_pct", "mask_iou")
    )
    values = {
        "method": _title(result.recovery.method),
        "2D error, to the landmarks found": "—"
        if pixels is None or percent is None
        else f"{pixels:.1f} px, {percent:.1f} % of the person",
        "outline overlap (IoU), to the mask found": "—" if overlap is None else f"{overlap:.2f}",
        "distance Tz": f"{camera.tz_m:.2f} m",
        "focal length": f"{camera.focal_px:.0f} px{' per m' if camera.kind == 'orthographic' else ''}, "
        f"{FOCAL_SOURCE if has_solved_camera(result.recovery) else session.focal_source}",
        "time": f"{result.recovery.seconds:.1f} s",
    }
    return facts(values) + "".join(map(note, result.recovery.remarks))


def side_views(session: PhotoSession, place: int) -> str:
    """The body alone from the camera's sides."""
    pose = _pose(_result(session, place), LAST)
    color = person_color(pose.result.guest)
    views = render_side_views(pose.vertices_camera_m, pose.mesh.faces, color, SIDE_VIEW_PX)
    return pictures({SIDES[name]: data_url(Image.fromarray(view)) for name, view in views.items()})


def actors(poses: list[Pose], scale: float, size_hw: tuple[int, int]) -> list[Actor]:
    """What the renderer draws, in a picture `scale` times the photo's size."""
    return [
        Actor(
            pose.mesh.vertices_m,
            pose.mesh.faces,
            pose.camera.window(0.0, 0.0, size_hw, scale),
            person_color(pose.result.guest),
        )
        for pose in poses
    ]


def final_poses(session: PhotoSession) -> list[Pose]:
    """Everybody as they ended."""
    return [_pose(result, LAST) for result in session.results]


def _result(session: PhotoSession, place: int) -> Result:
    if not 0 <= place < len(session.results):
        raise ValueError(
            f"There is no result {place + 1}; there are {len(session.results)}. Press Run first."
        )
    return session.results[place]


def _pose(result: Result, step: int) -> Pose:
    recovery = result.recovery
    at: Recovery | Step = recovery if step == LAST or not recovery.steps else recovery.steps[step]
    mesh = recovery.mesh(models.body(), None if isinstance(at, Recovery) else at)
    return Pose(result, at.params, at.camera, mesh)


def _overlay(
    session: PhotoSession, poses: list[Pose], pairs: list[LandmarkPairs | None], place: int
) -> dict[str, Any]:
    assert session.photo is not None  # there are results
    size_hw = session.photo.size_hw
    found = [pose.result.recovery.person.keypoints_px for pose in poses]
    own = pairs[place]
    return picture(
        shown_file(session),
        size_hw,
        f"Your photo with {len(poses)} recovered bodies laid over it",
        landmarks=[Landmarks(points, BLAZEPOSE_BONES, FOUND_COLOR) for points in found if points is not None],
        layer=_layer(poses, size_hw),
        residuals=[pair.on_photo() for pair in pairs if pair],
        residuals_text=own.text() if own else "",
    )


def _layer(poses: list[Pose], size_hw: tuple[int, int]) -> UInt8[np.ndarray, "h w 4"]:
    height, width = size_hw
    scale = min(1.0, SHOWN_SIDE_PX / max(size_hw))
    small = (max(1, round(height * scale)), max(1, round(width * scale)))
    return render_layer(actors(poses, small[1] / width, small), small)


def _world(
    session: PhotoSession, poses: list[Pose], pairs: list[LandmarkPairs | None], place: int
) -> dict[str, Any]:
    topology = models.body().topology
    shown = [_world_body(pose, topology) for pose in poses]
    ends = [_world_body(pose, topology) for pose in final_poses(session)]
    bounds = display_bounds_m(ends, "camera", margin_m=0.25)
    return world(
        shown,
        "camera",
        bounds_m=bounds,
        camera=poses[place].camera,
        landmarks=[pair.in_world() for pair in pairs if pair],
        focus=place,
    )


def _world_body(pose: Pose, topology: str) -> WorldBody:
    joints = pose.camera.to_camera_m(pose.mesh.joints_m)
    name = f"Person {pose.result.guest + 1}"
    return WorldBody(name, pose.vertices_camera_m, joints, topology, color_of(pose.result.guest))


def _step_text(recovery: Recovery, step: int) -> str:
    if not recovery.steps:
        return note("This recovery has no trace.")
    at = recovery.steps[step]
    values = {"step": f"{step} of {len(recovery.steps) - 1}: {at.name}"}
    if at.loss is not None:
        values["loss"] = f"{at.loss:.4g}"
    for name, value in at.tensors.items():
        if value.numel() == 1:
            values[name.replace("_", " ")] = f"{float(value):.4g}"
    return facts(values)


def _parameters(pose: Pose) -> str:
    camera, params = pose.camera, pose.params
    t = camera.t_camera_body_m.tolist()
    if camera.kind == "orthographic":
        lens = [("scale", f"{camera.focal_px:.0f} px per metre")]
    else:
        lens = [
            ("focal length", f"{camera.focal_px:.0f} px"),
            ("as a 35 mm lens", f"{camera.focal_mm:.0f} mm"),
            ("field of view, vertical", f"{math.degrees(camera.fov_rad):.0f}°"),
        ]
    view = [
        *lens,
        ("principal point", f"{camera.center_px[0]:.0f}, {camera.center_px[1]:.0f} px"),
        ("projection", camera.kind),
        *((f"T{axis}", f"{value:.3f} m") for axis, value in zip("xyz", t, strict=True)),
    ]
    shape = [(f"β{index}", f"{value:+.2f}") for index, value in enumerate(params.betas.tolist())]
    joints = zip(models.joint_names(models.body()), params.theta.rad2deg().tolist(), strict=True)
    turns = [(name, *(_degrees(value) for value in angles)) for name, angles in joints]
    tables = (
        table(("quantity", "value"), view, "Camera"),
        table(("β", "standard deviations"), shape, "Shape β"),
        table(("θ of joint", "x", "y", "z"), turns, "Pose θ: axis-angle, relative to the parent joint"),
    )
    return f'<div class="hmr-tables">{"".join(tables)}</div>'


def _title(method: str) -> str:
    """As the list of methods has it; a saved file may name one that is not here."""
    info = models.method_infos().get(method)
    return info.title if info else method


def _degrees(value: float) -> str:
    """Whole degrees with their sign; none for zero."""
    return f"{round(value):+d}°" if round(value) else "0°"
