"""How far human joints turn: a hand-written prior for fits that have no learned one.

Values are standard deviations of the parent-relative axis-angle components in the SMPL rest frame (T-pose: x
to the body's left, y up, z forward), set from the ranges of motion in anatomy textbooks, not from data.
Knees bend about +x; the left elbow bends about -y and the right one about +y; hips flex about -x.
"""

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from workbench.body.joints import SMPL_JOINTS, joint_names

_SPREAD_RAD: dict[str, tuple[float, float, float]] = {  # about x, y, z
    "hip": (1.2, 0.5, 0.5),
    "knee": (1.6, 0.25, 0.15),
    "ankle": (0.5, 0.3, 0.3),
    "foot": (0.15, 0.1, 0.1),
    "spine1": (0.35, 0.25, 0.2),
    "spine2": (0.3, 0.25, 0.2),
    "spine3": (0.25, 0.25, 0.2),
    "neck": (0.35, 0.4, 0.3),
    "head": (0.4, 0.5, 0.3),
    "collar": (0.15, 0.25, 0.25),
    "shoulder": (0.9, 1.2, 1.2),
    "elbow": (0.7, 1.5, 0.2),
    "wrist": (0.5, 0.35, 0.5),
    "hand": (0.1, 0.1, 0.1),
}
_FREE = (1e3, 1e3, 1e3)  # the root may face anywhere


_STIFF = (0.1, 0.1, 0.1)  # fingers, jaw and eyes, of which landmarks say nothing


def angle_spread_rad(num_joints: int = 24) -> Float[np.ndarray, "J 3"]:
    """Standard deviation of each pose component of SMPL's joints, or of SMPL-H's and SMPL-X's.

    Raises:
        ValueError: another number of joints.
    """
    parts = [name.removeprefix("left_").removeprefix("right_") for name in joint_names(num_joints)]
    return np.array([_FREE if part == "pelvis" else _SPREAD_RAD.get(part, _STIFF) for part in parts])


HINGES: tuple[tuple[int, int, float], ...] = (
    (SMPL_JOINTS.index("left_knee"), 0, 1.0),
    (SMPL_JOINTS.index("right_knee"), 0, 1.0),
    (SMPL_JOINTS.index("left_elbow"), 1, -1.0),
    (SMPL_JOINTS.index("right_elbow"), 1, 1.0),
)
"""Joints that bend one way only: joint, axis, sign of the allowed direction."""


def angle_residuals(
    rotations: Float[np.ndarray, "J 3 3"],
) -> tuple[Float[np.ndarray, "J3"], Float[np.ndarray, "J3 J3"]]:
    """Pose components in units of their spread; derivative by turns exp(d) on the left of each rotation."""
    turns = Rotation.from_matrix(rotations).as_rotvec()
    spread = angle_spread_rad(len(rotations))
    return (turns / spread).ravel(), _block_diagonal(inverse_left_jacobian(turns) / spread[..., None])


def hinge_residuals(
    rotations: Float[np.ndarray, "J 3 3"],
) -> tuple[Float[np.ndarray, "H"], Float[np.ndarray, "H J3"]]:
    """How far (rad) each hinge bends the wrong way, 0 where it does not; and the derivative as above."""
    turns = Rotation.from_matrix(rotations).as_rotvec()
    by_turn = _block_diagonal(inverse_left_jacobian(turns))
    rows = [3 * joint + axis for joint, axis, _ in HINGES]
    signs = np.array([sign for _, _, sign in HINGES])
    wrong = turns.ravel()[rows] * signs < 0
    return np.where(wrong, turns.ravel()[rows], 0.0), by_turn[rows] * wrong[:, None]


def inverse_left_jacobian(turns: Float[np.ndarray, "J 3"]) -> Float[np.ndarray, "J 3 3"]:
    """d log(exp(d) R) / dd at d = 0 for R = exp(turn).

    Near pi the rotation vector jumps to its opposite; the angle is held just below.
    """
    angle = np.linalg.norm(turns, axis=1).clip(1e-6, np.pi - 1e-4)[:, None, None]
    cross = np.cross(np.eye(3)[None], turns[:, None])  # rows e_i x turn: the cross matrix of turn
    factor = 1 / angle**2 - (1 + np.cos(angle)) / (2 * angle * np.sin(angle))
    return np.eye(3) - cross / 2 + factor * cross @ cross


def _block_diagonal(blocks: Float[np.ndarray, "J 3 3"]) -> Float[np.ndarray, "J3 J3"]:
    count = len(blocks)
    full = np.zeros((count, 3, count, 3))
    full[np.arange(count), :, np.arange(count)] = blocks
    return full.reshape(3 * count, 3 * count)
