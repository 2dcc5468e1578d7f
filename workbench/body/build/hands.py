"""A pose space of the hand, designed and not learned: a relaxed mean and orthonormal directions.

The first six directions are one movement each: fist, thumb, point, spread, ring finger with pinky, and the
opposition of the thumb. They share no joint or cancel over the fingers, so that only the last has to be made
square to the others. What they cannot do, 39 further directions can.
"""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from workbench.body.build.deform import MIRROR, unit
from workbench.body.joints import SMPLX_JOINTS

PROFILE_RAD = (0.9, 1.0, 0.65)  # how a finger's three joints curl together
THUMB_RAD = (0.3, 0.6, 0.9)
RELAXED = {"index": 0.25, "middle": 0.32, "ring": 0.38, "pinky": 0.42}  # of a full curl
RELAXED_THUMB = 0.2
FINGERS = tuple(RELAXED)
SPREAD = {"index": -1.0, "middle": -0.3, "ring": 0.4, "pinky": 1.0}  # about y, which points up


def hand_space(joints_m: Float[ndarray, "55 3"]) -> tuple[Float[ndarray, " 45"], Float[ndarray, "45 45"]]:
    """Mean pose and pose directions (rows) of the left hand, axis-angle, rad, in SMPL-X's order of joints."""
    curls = {finger: _curl(joints_m, finger) for finger in FINGERS}
    thumb = _thumb(joints_m)
    opposition = _pose({"left_thumb1": np.array([1.0, 0.0, 0.0])})
    movements = [
        _mix(curls, (1, 1, 1, 1)),
        thumb,
        _mix(curls, (-3, 1, 1, 1)),
        _pose({f"left_{finger}1": np.array([0, turn, 0]) for finger, turn in SPREAD.items()}),
        _mix(curls, (0, -2, 1, 1)),
        opposition,
    ]
    q, r = np.linalg.qr(np.concatenate([np.stack(movements, 1), np.eye(45)], axis=1))
    components = (q * np.where(np.diag(r) < 0, -1, 1)).T
    mean = sum((RELAXED[f] * curls[f] for f in FINGERS), RELAXED_THUMB * (thumb + opposition))
    return mean, components


def mirrored(pose: Float[ndarray, "*n 45"]) -> Float[ndarray, "*n 45"]:
    """The same pose of the other hand."""
    return (pose.reshape(*pose.shape[:-1], 15, 3) * -MIRROR).reshape(pose.shape)


def _curl(joints_m: Float[ndarray, "55 3"], finger: str) -> Float[ndarray, " 45"]:
    """A finger bent about the line across it, towards the palm, which looks down."""
    first, last = (joints_m[SMPLX_JOINTS.index(f"left_{finger}{k}")] for k in (1, 3))
    hinge = unit(np.cross(last - first, [0.0, -1.0, 0.0]))
    return _pose({f"left_{finger}{k}": hinge * a for k, a in enumerate(PROFILE_RAD, start=1)})


def _thumb(joints_m: Float[ndarray, "55 3"]) -> Float[ndarray, " 45"]:
    """The thumb bent about the axis that takes it across the palm."""
    first, last = (joints_m[SMPLX_JOINTS.index(f"left_thumb{k}")] for k in (1, 3))
    hinge = unit(np.cross(last - first, [0.0, 0.0, -1.0]))
    return _pose({f"left_thumb{k}": hinge * a for k, a in enumerate(THUMB_RAD, start=1)})


def _mix(curls: dict[str, Float[ndarray, " 45"]], amounts: tuple[int, ...]) -> Float[ndarray, " 45"]:
    return np.sum([a * curls[f] for f, a in zip(FINGERS, amounts, strict=True)], axis=0)


def _pose(turns: dict[str, Float[ndarray, " 3"]]) -> Float[ndarray, " 45"]:
    pose = np.zeros((len(SMPLX_JOINTS), 3))
    for joint, turn in turns.items():
        pose[SMPLX_JOINTS.index(joint)] = turn
    return pose[25:40].ravel()
