"""One recovery against the truth: every metric that the two allow, by name."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import torch
from jaxtyping import Bool
from torch import Tensor

from workbench.body import BodyModel, Mesh
from workbench.body.penetration import BodyParts
from workbench.evaluation.camera_metrics import e_f, e_inv_tz, e_txy_m, e_tz_m, reprojection_px
from workbench.evaluation.image_metrics import mask_iou
from workbench.evaluation.joint_sets import JointRegressor, joint_regressor, joint_set
from workbench.evaluation.metrics import METRICS
from workbench.evaluation.plausibility import limit_violations
from workbench.evaluation.pose_metrics import (
    auc_pct,
    g_mpjpe_mm,
    g_pve_mm,
    mpjpe_mm,
    n_mpjpe_mm,
    pa_mpjpe_mm,
    pa_pve_mm,
    pck_pct,
    pve_mm,
)
from workbench.geometry import Camera
from workbench.recovery import BodyParams, Recovery
from workbench.render import render_mask


@dataclass(frozen=True, eq=False)
class Truth:
    """What is known of one person in a picture."""

    body: str
    """Topology tag of the body model that params belong to."""
    params: BodyParams
    camera: Camera
    """Of the whole picture."""
    mask: Bool[Tensor, "H W"] | None = None
    """Pixels that the person would cover if nothing stood in front; None: those of the bare body."""


class BrokenRecovery(ValueError):
    """A recovery that is not finite: a failure of the method, to be counted."""


@dataclass(frozen=True, eq=False)
class Placed:
    """A posed body before its camera."""

    topology: str
    mesh: Mesh
    """In the body's frame, as cameras take it."""
    camera: Camera

    @cached_property
    def in_camera(self) -> Mesh:
        """The mesh in the camera's frame."""
        to_camera = self.camera.to_camera_m
        return replace(
            self.mesh, vertices_m=to_camera(self.mesh.vertices_m), joints_m=to_camera(self.mesh.joints_m)
        )

    @property
    def mask(self) -> Bool[Tensor, "H W"]:
        """Pixels that the body covers."""
        return render_mask(self.camera, self.mesh.vertices_m, self.mesh.faces)


@dataclass(frozen=True, eq=False)
class Scorer:
    """Scores recoveries on one joint set."""

    bodies: Mapping[str, BodyModel]
    """Models by topology: those of the truths and of the recoveries."""
    joints: str = "lsp14"
    """Name of the joint set."""

    @cached_property
    def regressors(self) -> dict[str, JointRegressor]:
        """The joint set on each body."""
        return {name: joint_regressor(body, self.joints) for name, body in self.bodies.items()}

    @cached_property
    def parts(self) -> dict[str, BodyParts]:
        """The parts of each body, which must not enter one another."""
        return {name: BodyParts.of(body) for name, body in self.bodies.items()}

    def score(self, recovery: Recovery, truth: Truth) -> dict[str, float]:
        """All metrics that make sense for the pair, with the keys of `metrics.METRICS`.

        Vertex errors are left out between bodies of different topology, and E_Tz, E_1/Tz and E_f where a
        camera is orthographic, for it has neither a place nor a lens.

        Raises:
            BrokenRecovery: the recovery is not finite.
            ValueError: a body is missing, the pictures have different sizes, or the truth is not finite.
        """
        if not is_finite(recovery):
            raise BrokenRecovery("The recovery has NaN or infinity in its parameters or its camera.")
        if recovery.camera.size_hw != truth.camera.size_hw:
            raise ValueError(
                f"The recovery is of a picture of {recovery.camera.size_hw} (height, width), the truth of "
                f"{truth.camera.size_hw}. Both must be of the whole picture."
            )
        found = self.place(recovery.body, recovery.params, recovery.camera)
        real = self.place(truth.body, truth.params, truth.camera)
        values = self.pose_errors(found, real) | _camera_errors(found, real)
        values["miou"] = mask_iou(found.mask, real.mask if truth.mask is None else truth.mask)
        values["limit_violations"] = limit_violations(recovery.params.theta)
        numbers = {name: float(value) for name, value in values.items()}
        numbers["penetration_pct"] = self.parts[found.topology].penetration_pct(found.mesh.vertices_m)
        return {name: numbers[name] for name in METRICS if name in numbers}

    def place(self, topology: str, params: BodyParams, camera: Camera) -> Placed:
        """A body before its camera.

        Raises:
            ValueError: no body of this topology is at hand.
        """
        if topology not in self.bodies:
            raise ValueError(
                f"No body of topology {topology!r} is at hand, only {', '.join(self.bodies)}. "
                "Give the scorer the bodies of all recoveries and truths."
            )
        return Placed(topology, self.bodies[topology].mesh(params.betas, params.theta), camera)

    def pose_errors(self, found: Placed, real: Placed) -> dict[str, Tensor]:
        """Errors of joints, and of vertices where the two bodies are of one topology."""
        errors = self._joint_errors(found, real)
        if found.topology == real.topology:
            errors |= _vertex_errors(found.in_camera, real.in_camera)
        return errors

    def _joint_errors(self, found: Placed, real: Placed) -> dict[str, Tensor]:
        joints = joint_set(self.joints)
        root, measured = joints.root, list(joints.measured)
        p, t = (self.regressors[placed.topology].points(placed.in_camera) for placed in (found, real))
        p_px, t_px = (
            placed.camera.project(self.regressors[placed.topology].points(placed.mesh)[measured])
            for placed in (found, real)
        )
        return {
            "mpjpe_mm": mpjpe_mm(p, t, root, measured),
            "pa_mpjpe_mm": pa_mpjpe_mm(p[measured], t[measured]),
            "g_mpjpe_mm": g_mpjpe_mm(p[measured], t[measured]),
            "n_mpjpe_mm": n_mpjpe_mm(p, t, root, measured),
            "pck_pct": pck_pct(p, t, root, measured),
            "auc_pct": auc_pct(p, t, root, measured),
            "reprojection_px": reprojection_px(p_px, t_px),
        }


def is_finite(recovery: Recovery) -> bool:
    """Whether its parameters and camera are numbers."""
    camera, params = recovery.camera, recovery.params
    tensors = (params.betas, params.theta, camera.t_camera_body_m)
    return math.isfinite(camera.focal_px) and all(bool(torch.isfinite(x).all()) for x in tensors)


def _vertex_errors(found: Mesh, real: Mesh) -> dict[str, Tensor]:
    p, t = found.vertices_m, real.vertices_m
    return {
        "pve_mm": pve_mm(p, t, found.joints_m[0], real.joints_m[0]),
        "pa_pve_mm": pa_pve_mm(p, t),
        "g_pve_mm": g_pve_mm(p, t),
    }


def _camera_errors(found: Placed, real: Placed) -> dict[str, Tensor]:
    pelvis = found.in_camera.joints_m[0], real.in_camera.joints_m[0]
    errors = {"e_txy_m": e_txy_m(*pelvis)}
    if "orthographic" in (found.camera.kind, real.camera.kind):
        return errors
    focal = (torch.tensor(float(placed.camera.focal_px)) for placed in (found, real))
    return errors | {"e_tz_m": e_tz_m(*pelvis), "e_inv_tz": e_inv_tz(*pelvis), "e_f": e_f(*focal)}
