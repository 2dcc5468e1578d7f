"""A first pose straight from 3D landmarks: each segment is turned to where its landmarks point.

Torso and head get whole frames; hips and shoulders are turned so that the limb points right and its bend lies
in the plane of knee or elbow; the joints below are turned the shortest way. Good to a few degrees where the
landmarks are, and far closer to the answer than a rest pose, from which a fit may bend limbs the wrong way.
"""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from workbench.body.joints import SMPL_JOINTS, SMPL_PARENTS

Points = Mapping[str, np.ndarray]
BODY_JOINTS = 22  # up to the wrists SMPL and SMPL-X count alike
MIN_BEND = 0.25  # sine of the bend below which a limb counts as straight, and its plane as unknown
_BEND_AT_REST = {"hip": np.array([0.0, 0.0, -1.0]), "shoulder": np.array([0.0, 0.0, 1.0])}
"""Where the lower limb goes when the joint below bends: heels to the back, hands to the front."""
_LIMBS = (("hip", "knee", "ankle", "foot"), ("shoulder", "elbow", "wrist", None))


POSED_BY = frozenset(
    ["nose", "left_ear", "right_ear"]
    + [f"{side}_{part}" for side in ("left", "right") for limb in _LIMBS for part in limb[:3]]
    + [f"{side}_{part}" for side in ("left", "right") for part in ("heel", "foot_index")]
)
"""The landmarks that a pose is read from."""


def pose_from_landmarks(points: Points, rest: Points, num_joints: int = 24) -> Float[np.ndarray, "J 3 3"]:
    """Parent-relative rotations of SMPL's joints, the root's in the axes of `points`.

    SMPL-X's further joints stay as they are at rest.

    Args:
        points: BlazePose landmarks by name, each (3,), metres, in any axes; at least those in POSED_BY.
        rest: the same landmarks of the body in rest pose, in body axes.
    """
    world = {"pelvis": _turn(_line_and_up(points, "hip"), _line_and_up(rest, "hip"))}
    chest = _turn(_line_and_up(points, "shoulder"), _line_and_up(rest, "shoulder"))
    head = _turn(_head_frame(points), _head_frame(rest))
    _spread(world, ("spine1", "spine2", "spine3"), world["pelvis"], chest)
    _spread(world, ("neck", "head"), chest, head)
    for side in ("left", "right"):
        for upper, middle, lower, end in _LIMBS:
            parent = world["pelvis"] if upper == "hip" else chest
            names = [f"{side}_{part}" for part in (upper, middle, lower)]
            world |= _limb(points, rest, names, parent, _BEND_AT_REST[upper])
            if end:
                direction, at_rest = (p[f"{side}_foot_index"] - p[f"{side}_heel"] for p in (points, rest))
                world[names[2]] = _shortest(world[names[1]] @ at_rest, direction) @ world[names[1]]
    pose = np.tile(np.eye(3), (num_joints, 1, 1))
    pose[:BODY_JOINTS] = _local(world)[:BODY_JOINTS]
    return pose


def _limb(
    points: Points, rest: Points, names: list[str], parent: np.ndarray, bend_at_rest: np.ndarray
) -> dict[str, np.ndarray]:
    """World rotations of hip and knee, or shoulder and elbow."""
    upper, lower = (points[b] - points[a] for a, b in pairwise(names))
    upper_rest, lower_rest = (rest[b] - rest[a] for a, b in pairwise(names))
    sine = np.linalg.norm(np.cross(upper, lower)) / (np.linalg.norm(upper) * np.linalg.norm(lower) + 1e-9)
    if sine > MIN_BEND:
        first = _turn(_frame(upper, lower), _frame(upper_rest, bend_at_rest))
    else:
        first = _shortest(parent @ upper_rest, upper) @ parent
    return {names[0]: first, names[1]: _shortest(first @ lower_rest, lower) @ first}


def _local(world: dict[str, np.ndarray]) -> Float[np.ndarray, "24 3 3"]:
    """Parent-relative rotations; joints that were not set follow their parents."""
    full = np.empty((len(SMPL_JOINTS), 3, 3))
    local = np.tile(np.eye(3), (len(SMPL_JOINTS), 1, 1))
    for joint, (name, parent) in enumerate(zip(SMPL_JOINTS, SMPL_PARENTS, strict=True)):
        above = full[parent] if parent >= 0 else np.eye(3)
        full[joint] = world.get(name, above)
        local[joint] = above.T @ full[joint]
    return local


def _spread(
    world: dict[str, np.ndarray], names: tuple[str, ...], first: np.ndarray, last: np.ndarray
) -> None:
    """Share the turn from one frame to another evenly among the joints between them."""
    whole = Rotation.from_matrix(first.T @ last).as_rotvec()
    for step, name in enumerate(names, start=1):
        world[name] = first @ Rotation.from_rotvec(whole * step / len(names)).as_matrix()


def _line_and_up(points: Points, joint: str) -> np.ndarray:
    up = points["left_shoulder"] + points["right_shoulder"] - points["left_hip"] - points["right_hip"]
    return _frame(up, points[f"left_{joint}"] - points[f"right_{joint}"])


def _head_frame(points: Points) -> np.ndarray:
    left, right = points["left_ear"], points["right_ear"]
    return _frame(left - right, points["nose"] - (left + right) / 2)


def _frame(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Columns: the first direction, the second made square to it, and their cross product."""
    a = _unit(first, np.array([1.0, 0.0, 0.0]))
    b = _unit(second - a * (a @ second), np.cross(a, np.eye(3)[np.argmin(np.abs(a))]))
    b = _unit(b - a * (a @ b), b)
    return np.stack((a, b, np.cross(a, b)), axis=1)


def _unit(v: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    """The direction of v, or of `otherwise` where v has none."""
    length = np.linalg.norm(v)
    return v / length if length > 1e-6 else otherwise / np.linalg.norm(otherwise)


def _turn(now: np.ndarray, at_rest: np.ndarray) -> np.ndarray:
    return now @ at_rest.T


def _shortest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest rotation that takes direction a to direction b."""
    a = _unit(a, np.array([1.0, 0.0, 0.0]))
    b = _unit(b, a)
    axis, cosine = np.cross(a, b), float(np.clip(a @ b, -1, 1))
    sine = np.linalg.norm(axis)
    if sine < 1e-6:  # same or opposite: any axis square to a will do
        axis = np.cross(a, np.eye(3)[np.argmin(np.abs(a))])
        return Rotation.from_rotvec((0.0 if cosine > 0 else np.pi) * axis / np.linalg.norm(axis)).as_matrix()
    return Rotation.from_rotvec(axis / sine * np.arctan2(sine, cosine)).as_matrix()
