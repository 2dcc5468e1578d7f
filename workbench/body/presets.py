"""Poses with names, mirror images and random poses, for SMPL's joints and those of SMPL-H and SMPL-X.

A pose is written down as what each joint turns from the T-pose, in degrees, as the Euler angles that the Body
lab shows: XYZ intrinsic, so that z acts first in the parent's axes, then y, then x. Of an arm, that reads:
lowered by z, brought forward by y, swung by x. Hips bend forward about -x, knees backward about +x; the left
elbow bends about -y and the right one about +y.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np
import torch
from jaxtyping import Float
from scipy.spatial.transform import Rotation
from torch import Tensor

from workbench.body.joints import mirror_ids
from workbench.body.limits import angle_spread_rad

EULER_ORDER = "XYZ"
"""As scipy writes it: intrinsic."""
Angles = tuple[int, int, int]
RANDOM_SHARE = 0.5
"""Random poses use half of what joints can do, or they would look broken."""


def _both(**left: Angles) -> dict[str, Angles]:
    """The same on both sides, from the left one; y and z change their sign in a mirror."""
    right = {f"right_{joint}": (x, -y, -z) for joint, (x, y, z) in left.items()}
    return {f"left_{joint}": angles for joint, angles in left.items()} | right


_ARMS_DOWN = _both(collar=(0, 0, -8), shoulder=(0, 0, -66), elbow=(0, -14, 0))

PRESETS_DEG: Mapping[str, Mapping[str, Angles]] = MappingProxyType(
    {
        "T-pose": {},
        "A-pose": _both(collar=(0, 0, -4), shoulder=(0, 0, -42)),
        "standing": _ARMS_DOWN,
        "walking": {
            "left_hip": (-26, 0, 0), "left_knee": (10, 0, 0), "left_ankle": (4, 0, 0),
            "right_hip": (18, 0, 0), "right_knee": (22, 0, 0), "right_ankle": (8, 0, 0),
            "right_foot": (-14, 0, 0), "spine2": (2, 5, 0),
            "left_collar": (0, 0, -8), "left_shoulder": (26, 0, -68), "left_elbow": (0, -16, 0),
            "right_collar": (0, 0, 8), "right_shoulder": (-28, 0, 68), "right_elbow": (0, 30, 0),
        },
        "running": {
            "spine1": (10, 0, 0), "spine2": (2, 8, 0), "neck": (-8, 0, 0),
            "left_hip": (-62, 0, 0), "left_knee": (84, 0, 0), "left_ankle": (-4, 0, 0),
            "right_hip": (26, 0, 0), "right_knee": (14, 0, 0), "right_ankle": (26, 0, 0),
            "right_foot": (-20, 0, 0),
            "left_collar": (0, 0, -8), "left_shoulder": (46, 0, -66), "left_elbow": (0, -88, 0),
            "right_collar": (0, 0, 8), "right_shoulder": (-34, 0, 68), "right_elbow": (0, 95, 0),
        },
        "sitting": _both(
            hip=(-88, 0, 6), knee=(88, 0, 0),
            collar=(0, 0, -8), shoulder=(14, -20, -61), elbow=(34, -79, 21), wrist=(41, 13, 28),
        ),
        "squat": {"pelvis": (8, 0, 0), "spine1": (20, 0, 0), "spine2": (10, 0, 0), "neck": (-22, 0, 0)}
        | _both(hip=(-106, 0, 18), knee=(128, 0, 0), ankle=(-24, 0, 0))
        | _both(shoulder=(0, -82, -6), elbow=(0, -8, 0)),
        "lunge": _ARMS_DOWN
        | {
            "left_hip": (-82, 0, 4), "left_knee": (84, 0, 0),
            "right_hip": (22, 0, -4), "right_knee": (58, 0, 0), "right_ankle": (-26, 0, 0),
            "right_foot": (-42, 0, 0),
        },
        "kneeling": _ARMS_DOWN | _both(hip=(-2, 0, 5), knee=(94, 0, 0), ankle=(62, 0, 0)),
        "arms crossed": {
            "left_collar": (0, -15, -3), "left_shoulder": (5, -35, -76), "left_elbow": (13, -108, 10),
            "left_wrist": (3, -6, -16),
            "right_collar": (-7, 14, 14), "right_shoulder": (11, 47, 55), "right_elbow": (-3, 90, 2),
            "right_wrist": (-9, 18, 22),
        },
        "hands on hips": _both(
            collar=(0, 0, -6), shoulder=(54, -23, -54), elbow=(-1, -89, 6), wrist=(-18, -18, 1)
        ),
        "handstand": {"pelvis": (180, 0, 0)}
        | _both(collar=(0, 0, 24), shoulder=(-55, -57, 33), elbow=(-7, -7, 1), wrist=(-7, 3, 86))
        | _both(ankle=(45, 0, 0)),
        "reaching": {"left_collar": (0, -10, 0), "left_shoulder": (0, -80, 6)}
        | {joint: angles for joint, angles in _ARMS_DOWN.items() if joint.startswith("right")},
        "waving": _ARMS_DOWN
        | {"right_collar": (0, 0, -6), "right_shoulder": (0, 0, -22), "right_elbow": (0, 0, -74)},
        "cheering": _both(collar=(0, 0, 18), shoulder=(0, 0, 48), elbow=(0, 0, 12), hip=(0, 0, 8)),
    }
)  # fmt: skip
"""Degrees per joint; joints that are not named stay as they are at rest."""


def preset(name: str, joints: Sequence[str]) -> Float[Tensor, "J 3"]:
    """A named pose as axis-angle vectors, rad.

    Args:
        name: one of PRESETS_DEG.
        joints: names of the body's joints, in order; those it lacks are left out.

    Raises:
        ValueError: no such pose.
    """
    if name not in PRESETS_DEG:
        raise ValueError(f"Expected one of the poses {', '.join(PRESETS_DEG)}; got {name!r}.")
    angles = np.array([PRESETS_DEG[name].get(joint, (0, 0, 0)) for joint in joints], dtype=float)
    turns = Rotation.from_euler(EULER_ORDER, angles, degrees=True).as_rotvec()
    return torch.from_numpy(turns).float()


def mirror(theta: Float[Tensor, "*b J 3"], joints: Sequence[str]) -> Float[Tensor, "*b J 3"]:
    """What a mirror shows of a pose: left and right change places, and turns about y and z their sense."""
    return theta[..., mirror_ids(joints), :] * theta.new_tensor([1.0, -1.0, -1.0])


def random_spread_rad(num_joints: int) -> Float[np.ndarray, "J 3"]:
    """Standard deviations of the pose components of random poses, which face ahead: nothing for the root."""
    spread = RANDOM_SHARE * angle_spread_rad(num_joints)
    spread[0] = 0
    return spread
