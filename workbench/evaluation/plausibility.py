"""Whether joints could turn so: no truth needed, so this also judges recoveries of real photos."""

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.evaluation.checks import broken, or_nan
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.limits import anatomical_limits

BODY_JOINTS = 22  # root, trunk and limbs: what SMPL, SMPL-H and SMPL-X share
SMPL_JOINT_COUNT = 24
TOLERANCE_RAD = 0.17  # ten degrees: textbooks differ by as much


def limit_excess_rad(theta: Float[Tensor, "*b J 3"]) -> Float[Tensor, "*b 22"]:
    """How far each joint is turned beyond its anatomical range; 0 within, NaN where theta is not finite.

    Akhter & Black, "Pose-Conditioned Joint Angle Limits for 3D Human Pose Reconstruction", CVPR 2015, learn
    such limits from motion capture; ours are textbook cones (`synth.limits`) and do not depend on the pose of
    the parent.

    Args:
        theta: parent-relative axis-angle, rad; SMPL's order, so the first 22 joints of SMPL-X's do.

    Raises:
        ValueError: fewer than 22 joints.
    """
    if theta.shape[-2] < BODY_JOINTS:
        raise ValueError(f"Joint limits need the {BODY_JOINTS} joints of SMPL's body; got {theta.shape[-2]}.")
    body = torch.zeros(*theta.shape[:-2], SMPL_JOINT_COUNT, 3, device=theta.device)
    body[..., :BODY_JOINTS, :] = theta[..., :BODY_JOINTS, :].float()
    excess = anatomical_limits().to(theta.device).excess_rad(matrix_from_axis_angle(body))[..., :BODY_JOINTS]
    return or_nan(excess.to(theta), broken(theta, 2)[..., None])


def limit_violations(
    theta: Float[Tensor, "*b J 3"], tolerance_rad: float = TOLERANCE_RAD
) -> Float[Tensor, "*b"]:
    """Number of joints turned beyond their anatomical range by more than a tolerance.

    Raises:
        ValueError: fewer than 22 joints.
    """
    excess = limit_excess_rad(theta)
    return or_nan((excess > tolerance_rad).sum(-1).to(theta), broken(excess, 1))
