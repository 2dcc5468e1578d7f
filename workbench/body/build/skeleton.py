"""Folds MakeHuman's 163 bones into the 24 joints of the SMPL skeleton."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from .sources import Rig

JOINTS = (
    "pelvis left_hip right_hip spine1 left_knee right_knee spine2 left_ankle right_ankle spine3 left_foot "
    "right_foot neck left_collar right_collar head left_shoulder right_shoulder left_elbow right_elbow "
    "left_wrist right_wrist left_hand right_hand"
).split()
PARENTS = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21)

# Bones that start a joint; every other bone belongs to the joint of its nearest listed ancestor.
# The thumb stays with the wrist, because the hand joint pivots at the knuckles of the four fingers.
_CENTRE = {
    "root": "pelvis",
    "spine05": "pelvis",
    "spine04": "spine1",
    "spine02": "spine2",
    "spine01": "spine3",
    "neck01": "neck",
    "head": "head",
}
_SIDE = {
    "upperleg01": "hip",
    "lowerleg01": "knee",
    "foot": "ankle",
    "clavicle": "collar",
    "upperarm01": "shoulder",
    "lowerarm01": "elbow",
    "wrist": "wrist",
    **{f"toe{i}-1": "foot" for i in range(1, 6)},
    **{f"finger{i}-1": "hand" for i in range(2, 6)},
}
STARTS = _CENTRE | {
    f"{bone}.{side[0].upper()}": f"{side}_{joint}" for bone, joint in _SIDE.items() for side in ("left", "right")
}


def mirror_name(name: str) -> str:
    """The joint or bone on the other side; the same name for one in the middle."""
    swaps = (("left_", "right_"), ("right_", "left_"), (".L", ".R"), (".R", ".L"))
    return next((name.replace(a, b) for a, b in swaps if a in name), name)


def mirror_joints() -> list[int]:
    """Index of the opposite joint, for each joint."""
    return [JOINTS.index(mirror_name(name)) for name in JOINTS]


def joint_of_bone(rig: Rig) -> list[int]:
    """Index of the joint that moves each bone."""
    owner: list[int] = []
    for name, parent in zip(rig.names, rig.parents, strict=True):
        owner.append(JOINTS.index(STARTS[name]) if name in STARTS else owner[parent])
    return owner


def joint_positions(rig: Rig, heads_m: Float[ndarray, "*n B 3"]) -> Float[ndarray, "*n J 3"]:
    """Joint = mean of the heads of the bones that start it; `root` is skipped, its head is no anatomical point."""
    starts = {bone: joint for bone, joint in STARTS.items() if bone != "root"}
    rows = [[rig.index(bone) for bone, joint in starts.items() if joint == name] for name in JOINTS]
    return np.stack([heads_m[..., r, :].mean(-2) for r in rows], axis=-2)


def joint_weights(rig: Rig, weights: Float[ndarray, "V B"]) -> Float[ndarray, "V J"]:
    """Skin weights of the joints: the sum over their bones."""
    return weights @ np.eye(len(JOINTS))[joint_of_bone(rig)]
