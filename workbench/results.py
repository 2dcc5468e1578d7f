"""Recoveries on disk: recovery.json (read and written) and what lies beside it."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.body import BodyModel
from workbench.body.export import write_mesh
from workbench.body.mesh import Mesh
from workbench.geometry import Camera
from workbench.image import Person
from workbench.recovery import BodyParams, Recovery, Step

FORMAT = "hmr-workbench recovery 1"


class RecoveryFileError(ValueError):
    """A file that is not a recovery; the message says what is wrong with it."""


def recovery_to_dict(recovery: Recovery, metrics: Mapping[str, float | None]) -> dict[str, Any]:
    """Everything but the mask, as JSON-ready values; the trace keeps each step's parameters."""
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
            }
            for step in recovery.steps
        ],
    }


def recovery_from_dict(data: Any) -> tuple[Recovery, dict[str, float | None]]:
    """The inverse: a recovery (without mask) and its stored metrics.

    Raises:
        RecoveryFileError: a key is missing, or a value has the wrong type, shape or is not finite.
    """
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        got = data.get("format") if isinstance(data, dict) else type(data).__name__
        raise RecoveryFileError(f"Expected a recovery.json of this program ({FORMAT!r}); got {got!r}.")
    try:
        names, trace = [str(name) for name in data["steps"]], data["trace"]
        if len(names) != len(trace):
            raise RecoveryFileError(f"{len(names)} step names for {len(trace)} steps in the trace.")
        person = data["person"]
        recovery = Recovery(
            method=str(data["method"]),
            weights=str(data["weights"]),
            body=str(data["body"]),
            person=Person(
                box_px=_tensor(person["box_px"], (4,), "person.box_px"),
                score=float(person["score"]),
                keypoints_px=_tensor(person["keypoints_px"], (33, 3), "person.keypoints_px", optional=True),
                keypoints_m=_tensor(person["keypoints_m"], (33, 3), "person.keypoints_m", optional=True),
            ),
            params=_params_from_dict(data["params"]),
            camera=_camera_from_dict(data["camera"]),
            steps=tuple(
                Step(name, _params_from_dict(step["params"]), _camera_from_dict(step["camera"]), step["loss"])
                for name, step in zip(names, trace, strict=True)
            ),
            seconds=float(data["seconds"]),
        )
        metrics = {str(k): None if v is None else float(v) for k, v in data["metrics"].items()}
    except RecoveryFileError:
        raise
    except KeyError as error:
        raise RecoveryFileError(f"The recovery file has no {error.args[0]!r}.") from None
    except (TypeError, ValueError, AttributeError) as error:
        raise RecoveryFileError(f"The recovery file has a value of the wrong kind: {error}.") from None
    return recovery, metrics


def write_json(path: Path, data: Any) -> None:
    """Compact, readable, and never NaN (which JSON does not know)."""
    path.write_text(json.dumps(data, indent=1, allow_nan=False) + "\n")


def read_recovery(path: Path) -> tuple[Recovery, dict[str, float | None]]:
    """Read a recovery.json.

    Raises:
        RecoveryFileError: not JSON, or not a recovery.
    """
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RecoveryFileError(f"{Path(path).name} is not a JSON file ({error}).") from None
    return recovery_from_dict(data)


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


def _params_from_dict(data: Mapping[str, Any]) -> BodyParams:
    return BodyParams(_tensor(data["betas"], (None,), "betas"), _tensor(data["theta"], (None, 3), "theta"))


def _camera_from_dict(data: Mapping[str, Any]) -> Camera:
    if data["kind"] not in ("perspective", "weak", "orthographic"):
        raise RecoveryFileError(f"A camera is perspective, weak or orthographic; got {data['kind']!r}.")
    focal, (cx, cy), (height, width) = float(data["focal_px"]), data["center_px"], data["size_hw"]
    if not (math.isfinite(focal) and focal > 0):
        raise RecoveryFileError(f"A focal length must be positive; got {focal}.")
    t = _tensor(data["t_camera_body_m"], (3,), "camera.t_camera_body_m")
    return Camera(data["kind"], focal, (float(cx), float(cy)), (int(height), int(width)), t)


def _tensor(value: Any, shape: Sequence[int | None], name: str, optional: bool = False) -> Any:
    if value is None and optional:
        return None
    tensor = torch.tensor(value, dtype=torch.float32)
    fits = tensor.ndim == len(shape) and all(
        want in (None, got) for want, got in zip(shape, tensor.shape, strict=True)
    )
    if not fits or not tensor.isfinite().all():
        wanted = " x ".join("any" if n is None else str(n) for n in shape)
        got = "numbers that are not finite" if fits else " x ".join(map(str, tensor.shape))
        raise RecoveryFileError(f"{name} must be {wanted} finite numbers; got {got}.")
    return tensor
