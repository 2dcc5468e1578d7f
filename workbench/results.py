"""Recoveries on disk: recovery.json (read and written) and what lies beside it."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.body import BodyModel
from workbench.body.export import write_mesh
from workbench.body.joints import SMPL_JOINTS, SMPLH_JOINTS, SMPLX_JOINTS
from workbench.body.mesh import Mesh
from workbench.geometry import Camera
from workbench.geometry.camera import MIN_DEPTH_M
from workbench.geometry.crop import FARTHEST_PX
from workbench.image import Person
from workbench.image.photo import MAX_PIXELS
from workbench.recovery import BodyParams, Recovery, Step
from workbench.untrusted import entries, number, numbers, part, shown, text, whole

FORMAT = "hmr-workbench recovery 1"
FOCAL_PX = (1e-3, 1e9)
FARTHEST_M = 1e6
LARGEST_SCALAR = 1e30
MOST_BETAS = 300  # of any body, SMPL-X's
MOST_REMARKS, LONGEST_REMARK = 20, 1000
LARGEST_PARAMETER = 1e3  # of betas in standard deviations and of theta in rad: far beyond any person


class RecoveryFileError(ValueError):
    """A file that is not a recovery; the message says what is wrong with it."""


def recovery_to_dict(recovery: Recovery, metrics: Mapping[str, float | None]) -> dict[str, Any]:
    """As JSON-ready values, without the mask and without what a step keeps beside parameters and scalars."""
    person, camera = recovery.person, recovery.camera
    return {
        "format": FORMAT,
        "method": recovery.method,
        "weights": recovery.weights,
        "body": recovery.body,
        "camera": _camera_to_dict(camera),
        "params": _params_to_dict(recovery.params),
        "metrics": dict(metrics),
        "seconds": recovery.seconds,
        "remarks": list(recovery.remarks),
        "steps": [step.name for step in recovery.steps],
        "person": {
            "box_px": _numbers(person.box_px),
            "score": person.score,
            "keypoints_px": _numbers(person.keypoints_px),
            "keypoints_m": _numbers(person.keypoints_m),
        },
        "trace": [
            {
                "loss": step.loss,
                "params": _params_to_dict(step.params),
                "camera": _camera_to_dict(step.camera),
                "scalars": {k: round(float(v), 6) for k, v in step.tensors.items() if v.numel() == 1},
            }
            for step in recovery.steps
        ],
    }


def recovery_from_dict(data: Any, body: BodyModel | None = None) -> tuple[Recovery, dict[str, float | None]]:
    """The inverse: a recovery (without mask) and its stored metrics.

    Args:
        data: what recovery_to_dict made, or anything else: it is not trusted.
        body: the body that the recovery must be of; without one, any body of SMPL's family will do.

    Raises:
        RecoveryFileError: a key is missing, a value has the wrong type, shape or size, or the body
            is another one.
    """
    try:
        if part(data, "The recovery").get("format") != FORMAT:
            raise ValueError(f"Its format must be {FORMAT!r}; got {shown(data.get('format'))}.")
        recovery = _recovery(data)
        metrics = {
            text(name, "the name of a metric"): None if value is None else number(value, f"metrics.{name}")
            for name, value in part(data["metrics"], "metrics").items()
        }
        _check_fit(recovery, body)
    except ValueError as error:
        raise RecoveryFileError(f"Expected a recovery.json of this program. {error}") from None
    return recovery, metrics


def write_json(path: Path, data: Any) -> None:
    """Compact, readable, and never NaN (which JSON does not know)."""
    path.write_text(json.dumps(data, indent=1, allow_nan=False) + "\n")


def read_recovery(path: Path, body: BodyModel | None = None) -> tuple[Recovery, dict[str, float | None]]:
    """Read a recovery.json; `body` as in recovery_from_dict.

    Raises:
        RecoveryFileError: not JSON, or not a recovery; the message names the file.
    """
    name = Path(path).name
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:  # bad UTF-8, bad JSON, thousands of digits or brackets
        raise RecoveryFileError(f"{name} is not a JSON file that can be read ({error}).") from None
    try:
        return recovery_from_dict(data, body)
    except RecoveryFileError as error:
        raise RecoveryFileError(f"{name}: {error}") from None


def export_mesh(path: Path, recovery: Recovery, body: BodyModel) -> None:
    """Write the recovered mesh as .glb, .obj or .ply, by the suffix.

    The file's axes are glTF's (x right, y up, z towards the viewer) with the camera at the origin, so that
    people of one photo stand as they stood.
    """
    mesh, camera = recovery.mesh(body), recovery.camera
    flip = torch.tensor([1.0, -1.0, -1.0])
    placed = Mesh(
        camera.to_camera_m(mesh.vertices_m) * flip, camera.to_camera_m(mesh.joints_m) * flip, mesh.faces
    )
    write_mesh(placed, path)


def _numbers(tensor: Tensor | None) -> list | None:
    return None if tensor is None else _rounded(tensor.detach().cpu().tolist())


def _rounded(value: Any) -> Any:
    return [_rounded(v) for v in value] if isinstance(value, list) else round(value, 6)


def _params_to_dict(params: BodyParams) -> dict[str, Any]:
    return {"betas": _numbers(params.betas), "theta": _numbers(params.theta)}


def _camera_to_dict(camera: Camera) -> dict[str, Any]:
    return asdict(camera) | {"t_camera_body_m": _numbers(camera.t_camera_body_m)}


def _recovery(data: dict[str, Any]) -> Recovery:
    part(data, "The recovery", "method", "weights", "body", "person", "params", "camera")
    part(data, "The recovery", "steps", "trace", "seconds", "metrics")
    names = [text(name, "the name of a step") for name in entries(data["steps"], "steps")]
    trace = entries(data["trace"], "trace")
    if not names or len(names) != len(trace):
        raise ValueError(f"Each step needs a name and a place in the trace; got {len(names)}, {len(trace)}.")
    return Recovery(
        method=text(data["method"], "method"),
        weights=text(data["weights"], "weights"),
        body=text(data["body"], "body"),
        person=_person_from_dict(data["person"]),
        params=_params_from_dict(data["params"]),
        camera=_camera_from_dict(data["camera"]),
        steps=tuple(_step_from_dict(name, step) for name, step in zip(names, trace, strict=True)),
        seconds=number(data["seconds"], "seconds", 0.0),
        remarks=_remarks(data.get("remarks", [])),  # older files have none
    )


def _remarks(data: Any) -> tuple[str, ...]:
    remarks = entries(data, "remarks")
    if len(remarks) > MOST_REMARKS:
        raise ValueError(f"There are at most {MOST_REMARKS} remarks; got {len(remarks)}.")
    return tuple(text(each, "a remark", LONGEST_REMARK) for each in remarks)


def _step_from_dict(name: str, data: Any) -> Step:
    part(data, f"the step {name!r}", "params", "camera", "loss", "scalars")
    loss = None if data["loss"] is None else number(data["loss"], "a step's loss")
    scalars = {
        text(key, "the name of a scalar"): numbers(value, f"{key!r} of the step {name!r}", (), LARGEST_SCALAR)
        for key, value in part(data["scalars"], f"the scalars of the step {name!r}").items()
    }
    return Step(name, _params_from_dict(data["params"]), _camera_from_dict(data["camera"]), loss, scalars)


def _person_from_dict(data: Any) -> Person:
    part(data, "person", "box_px", "score", "keypoints_px", "keypoints_m")
    box = numbers(data["box_px"], "person.box_px", (4,), FARTHEST_PX)
    if not (box[0] < box[2] and box[1] < box[3]):
        raise ValueError(f"person.box_px must be x0 < x1 and y0 < y1; got {box.tolist()}.")
    px, m = (
        None if data[key] is None else numbers(data[key], f"person.{key}", (33, 3), FARTHEST_PX)
        for key in ("keypoints_px", "keypoints_m")
    )
    return Person(box, number(data["score"], "person.score", 0.0, 1.0), px, m)


def _params_from_dict(data: Any) -> BodyParams:
    part(data, "params", "betas", "theta")
    return BodyParams(
        numbers(data["betas"], "betas", (None,), LARGEST_PARAMETER),
        numbers(data["theta"], "theta", (None, 3), LARGEST_PARAMETER),
    )


def _camera_from_dict(data: Any) -> Camera:
    part(data, "camera", "kind", "focal_px", "center_px", "size_hw", "t_camera_body_m")
    if data["kind"] not in ("perspective", "weak", "orthographic"):
        raise ValueError(f"A camera is perspective, weak or orthographic; got {shown(data['kind'])}.")
    center = numbers(data["center_px"], "camera.center_px", (2,), FARTHEST_PX)
    height, width = (
        whole(n, "camera.size_hw", 1, MAX_PIXELS) for n in entries(data["size_hw"], "camera.size_hw", 2)
    )
    if height * width > MAX_PIXELS:
        raise ValueError(f"A photo has at most {MAX_PIXELS / 1e6:.0f} megapixels; got {width}×{height}.")
    t = numbers(data["t_camera_body_m"], "camera.t_camera_body_m", (3,), FARTHEST_M)
    number(data["t_camera_body_m"][2], "Tz", MIN_DEPTH_M, FARTHEST_M)
    focal = number(data["focal_px"], "camera.focal_px", *FOCAL_PX)
    return Camera(data["kind"], focal, (float(center[0]), float(center[1])), (height, width), t)


def _check_fit(recovery: Recovery, body: BodyModel | None) -> None:
    """All steps are of one photo and one body, and of `body` if there is one."""
    if body is not None and recovery.body != body.topology:
        raise ValueError(f"It is of a {recovery.body!r} body; the body in use is {body.topology!r}.")
    family = [len(names) for names in (SMPL_JOINTS, SMPLH_JOINTS, SMPLX_JOINTS)]
    joints = family if body is None else [body.num_joints]
    betas = MOST_BETAS if body is None else body.num_betas
    for at in (recovery, *recovery.steps):
        if at.camera.size_hw != recovery.camera.size_hw:
            raise ValueError("It has steps with another size of photo than its result.")
        got = len(at.params.theta)
        if got not in joints or got != len(recovery.params.theta):
            raise ValueError(f"A pose theta of {' or '.join(map(str, joints))} joints was needed; got {got}.")
        if len(at.params.betas) > betas:
            raise ValueError(f"At most {betas} betas were needed; got {len(at.params.betas)}.")
