"""Folds MakeHuman's 163 bones into the 24 joints of the SMPL skeleton."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from workbench.body.build.sources import Rig
from workbench.body.joints import SMPL_JOINTS

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
STARTS = dict(_CENTRE)
STARTS |= {f"{bone}.L": f"left_{joint}" for bone, joint in _SIDE.items()}
STARTS |= {f"{bone}.R": f"right_{joint}" for bone, joint in _SIDE.items()}


def mirror_name(name: str) -> str:
    """The joint or bone on the other side; the same name for one in the middle."""
    swaps = (("left_", "right_"), ("right_", "left_"), (".L", ".R"), (".R", ".L"))
    return next((name.replace(a, b) for a, b in swaps if a in name), name)


def bone_ends(
    rig: Rig, field: Float[ndarray, "*n W 3"]
) -> tuple[Float[ndarray, "*n B 3"], Float[ndarray, "*n B 3"]]:
    """Heads and tails of the bones; of vertices of the whole base mesh or, being linear, of their offsets."""
    heads, tails = (
        np.stack([field[..., i, :].mean(-2) for i in ids], axis=-2) for ids in (rig.head_ids, rig.tail_ids)
    )
    return heads, tails


def joint_of_bone(rig: Rig) -> list[int]:
    """Index of the joint that moves each bone."""
    owner: list[int] = []
    for name, parent in zip(rig.names, rig.parents, strict=True):
        owner.append(SMPL_JOINTS.index(STARTS[name]) if name in STARTS else owner[parent])
    return owner


def joint_positions(rig: Rig, heads_m: Float[ndarray, "*n B 3"]) -> Float[ndarray, "*n J 3"]:
    """Joint = mean head of the bones that start it; not of `root`, whose head is no anatomical point."""
    starts = {bone: joint for bone, joint in STARTS.items() if bone != "root"}
    rows = [[rig.index(bone) for bone, joint in starts.items() if joint == name] for name in SMPL_JOINTS]
    return np.stack([heads_m[..., r, :].mean(-2) for r in rows], axis=-2)


def joint_weights(rig: Rig, weights: Float[ndarray, "V B"]) -> Float[ndarray, "V J"]:
    """Skin weights of the joints: the sum over their bones."""
    return weights @ np.eye(len(SMPL_JOINTS))[joint_of_bone(rig)]
