"""One recovery against the truth: every metric that the two allow, by name."""

import math
from collections.abc import Hashable, Iterable, Mapping, Sequence
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
    """A recovery that is not finite, or whose body is not: a failure of the method, to be counted."""


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
            BrokenRecovery: the recovery is not finite, or so large that its body is not.
            ValueError: a body is missing, the pictures have different sizes, or the truth is not finite.
        """
        return self.score_all([recovery], [truth])[0]

    def score_all(self, recoveries: Sequence[Recovery], truths: Sequence[Truth]) -> list[dict[str, float]]:
        """The same of several pairs, in less time each: those of the same two bodies are measured together.

        Raises:
            BrokenRecovery, ValueError: see `score`; one bad pair spoils all.
        """
        pairs = list(zip(recoveries, truths, strict=True))
        for recovery, truth in pairs:
            _check(recovery, truth)
        found = self.place_all([(r.body, r.params, r.camera) for r in recoveries])
        real = self.place_all([(t.body, t.params, t.camera) for t in truths])
        scores: list[dict[str, float]] = [{} for _ in pairs]
        for ids in _alike([(f.topology, r.topology) for f, r in zip(found, real, strict=True)]):
            errors = self._pose_errors([found[i] for i in ids], [real[i] for i in ids])
            theta = torch.stack([recoveries[i].params.theta for i in ids])
            errors["limit_violations"] = limit_violations(theta)
            for name, values in errors.items():
                for i, value in zip(ids, values.tolist(), strict=True):
                    scores[i][name] = value
        for (recovery, truth), own, f, r in zip(pairs, scores, found, real, strict=True):
            own |= {name: float(value) for name, value in _camera_errors(f, r).items()}
            own["miou"] = float(mask_iou(_outline(f), r.mask if truth.mask is None else truth.mask))
            own["penetration_pct"] = self.parts[recovery.body].penetration_pct(f.mesh.vertices_m)
        return [{name: own[name] for name in METRICS if name in own} for own in scores]

    def place(self, topology: str, params: BodyParams, camera: Camera) -> Placed:
        """A body before its camera.

        Raises:
            ValueError: no body of this topology is at hand.
        """
        return self.place_all([(topology, params, camera)])[0]

    def place_all(self, people: Sequence[tuple[str, BodyParams, Camera]]) -> list[Placed]:
        """Bodies before their cameras, from topology, parameters and camera of each.

        Raises:
            ValueError: no body of some topology is at hand.
        """
        for topology, _, _ in people:
            if topology not in self.bodies:
                raise ValueError(
                    f"No body of topology {topology!r} is at hand, only {', '.join(self.bodies)}. "
                    "Give the scorer the bodies of all recoveries and truths."
                )
        placed: dict[int, Placed] = {}
        for ids in _alike([(topology, len(params.betas)) for topology, params, _ in people]):
            topology = people[ids[0]][0]
            betas, theta = (
                torch.stack([getattr(people[i][1], name) for i in ids]) for name in ("betas", "theta")
            )
            mesh = self.bodies[topology].mesh(betas, theta)
            for i, vertices, joints in zip(ids, mesh.vertices_m, mesh.joints_m, strict=True):
                own = replace(mesh, vertices_m=vertices, joints_m=joints)
                placed[i] = Placed(topology, own, people[i][2])
        return [placed[i] for i in range(len(people))]

    def pose_errors(self, found: Placed, real: Placed) -> dict[str, Tensor]:
        """Errors of joints, and of vertices where the two bodies are of one topology."""
        return {name: values[0] for name, values in self._pose_errors([found], [real]).items()}

    def _pose_errors(self, found: Sequence[Placed], real: Sequence[Placed]) -> dict[str, Tensor]:
        """The same of several; those found have one topology, and so have the real ones."""
        errors = self._joint_errors(found, real)
        if found[0].topology == real[0].topology:
            errors |= _vertex_errors(_together(found), _together(real))
        return errors

    def _joint_errors(self, found: Sequence[Placed], real: Sequence[Placed]) -> dict[str, Tensor]:
        joints = joint_set(self.joints)
        root, measured = joints.root, list(joints.measured)
        p, t = (self.regressors[side[0].topology].points(_together(side)) for side in (found, real))
        p_px, t_px = (
            torch.stack([self._joints_px(placed)[measured] for placed in side]) for side in (found, real)
        )
        return {
            "mpjpe_mm": mpjpe_mm(p, t, root, measured),
            "pa_mpjpe_mm": pa_mpjpe_mm(p[:, measured], t[:, measured]),
            "g_mpjpe_mm": g_mpjpe_mm(p[:, measured], t[:, measured]),
            "n_mpjpe_mm": n_mpjpe_mm(p, t, root, measured),
            "pck_pct": pck_pct(p, t, root, measured),
            "auc_pct": auc_pct(p, t, root, measured),
            "reprojection_px": reprojection_px(p_px, t_px),
        }

    def _joints_px(self, placed: Placed) -> Tensor:
        return placed.camera.project(self.regressors[placed.topology].points(placed.mesh))


def _is_finite(recovery: Recovery) -> bool:
    camera, params = recovery.camera, recovery.params
    tensors = (params.betas, params.theta, camera.t_camera_body_m)
    return math.isfinite(camera.focal_px) and all(bool(torch.isfinite(x).all()) for x in tensors)


def _check(recovery: Recovery, truth: Truth) -> None:
    if not _is_finite(recovery):
        raise BrokenRecovery("The recovery has NaN or infinity in its parameters or its camera.")
    if recovery.camera.size_hw != truth.camera.size_hw:
        raise ValueError(
            f"The recovery is of a picture of {recovery.camera.size_hw} (height, width), the truth of "
            f"{truth.camera.size_hw}. Both must be of the whole picture."
        )


def _outline(found: Placed) -> Bool[Tensor, "H W"]:
    """Mask of a recovered body; parameters may be finite and what they make of it not."""
    try:
        return found.mask
    except ValueError as error:
        raise BrokenRecovery("The recovery is so large that its body has NaN or infinity.") from error


def _alike(keys: Sequence[Hashable]) -> Iterable[list[int]]:
    """Places of equal keys."""
    places: dict[Hashable, list[int]] = {}
    for place, key in enumerate(keys):
        places.setdefault(key, []).append(place)
    return places.values()


def _together(placed: Sequence[Placed]) -> Mesh:
    """Bodies of one topology as a batch, in their cameras' frames."""
    meshes = [each.in_camera for each in placed]
    vertices, joints = (
        torch.stack([getattr(m, name) for m in meshes]) for name in ("vertices_m", "joints_m")
    )
    return Mesh(vertices, joints, meshes[0].faces)


def _vertex_errors(found: Mesh, real: Mesh) -> dict[str, Tensor]:
    p, t = found.vertices_m, real.vertices_m
    return {
        "pve_mm": pve_mm(p, t, found.joints_m[:, 0], real.joints_m[:, 0]),
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
