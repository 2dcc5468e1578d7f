"""How far guesses are from the truth: what validations of trainees share."""

from functools import lru_cache

from jaxtyping import Float
from torch import Tensor

from workbench.body import BodyModel, open_body
from workbench.evaluation.joint_sets import JointRegressor, joint_regressor
from workbench.evaluation.plausibility import limit_violations
from workbench.evaluation.pose_metrics import mpjpe_mm, pa_mpjpe_mm
from workbench.geometry.rotations import axis_angle_from_matrix
from workbench.training.made_up import KnownPeople


def body_errors(
    rotations: Float[Tensor, "N 24 3 3"], betas: Float[Tensor, "N 10"], truth: KnownPeople
) -> dict[str, float]:
    """Mean errors of 14 LSP-like joints, and joints per person beyond their range.

    Args:
        rotations, betas: of the guesses, on any device.
        truth: of the same people.
    """
    body, joints = _measuring_body()
    found, true = (
        joints.vertex_weights @ body.with_shape(b.cpu()).with_rotations(r.cpu()).mesh().vertices_m
        for b, r in ((betas, rotations), (truth.betas, truth.rotations))
    )
    return {
        "pa_mpjpe_mm": float(pa_mpjpe_mm(found, true).mean()),
        "mpjpe_mm": float(mpjpe_mm(found, true, joints.joints.root).mean()),
        "limit_violations": float(limit_violations(axis_angle_from_matrix(rotations.cpu())).mean()),
    }


def landmark_error_pct(xy: Float[Tensor, "N 33 2"], truth: KnownPeople) -> float:
    """Mean distance of landmarks in the picture from the true ones, in percent of the window's side."""
    off = (xy - truth.xy).norm(dim=-1)[truth.in_picture]
    return float(50 * off.mean())  # a window is 2 wide


@lru_cache(maxsize=1)
def _measuring_body() -> tuple[BodyModel, JointRegressor]:
    """The vertices that LSP's joints are made of, as a body."""
    whole = open_body()
    joints = joint_regressor(whole, "lsp14")
    return whole.subset(joints.vertex_ids), joints
