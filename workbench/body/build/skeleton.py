"""Folds MakeHuman's 163 bones into the 24 joints of the SMPL skeleton, or the 55 of SMPL-X's."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from workbench.body.build.sources import Rig
from workbench.body.joints import SMPL_JOINTS, SMPL_PARENTS, SMPLX_JOINTS, SMPLX_PARENTS


@dataclass(frozen=True)
class Skeleton:
    """The joints of a format, and where they sit in the rig."""

    joints: tuple[str, ...]
    parents: tuple[int, ...]
    starts: Mapping[str, str]
    """Bones that start a joint; every other bone belongs to the joint of its nearest listed ancestor."""


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
}
# SMPL's thumb stays with the wrist, because the hand joint pivots at the knuckles of the four fingers.
_KNUCKLES = {f"finger{i}-1": "hand" for i in range(2, 6)}
_FINGERS = {
    f"finger{i}-{k}": f"{finger}{k}"
    for i, finger in enumerate(("thumb", "index", "middle", "ring", "pinky"), start=1)
    for k in (1, 2, 3)
}


def _starts(centre: dict[str, str], side: dict[str, str]) -> dict[str, str]:
    left = {f"{bone}.L": f"left_{joint}" for bone, joint in side.items()}
    return centre | left | {f"{bone}.R": f"right_{joint}" for bone, joint in side.items()}


SMPL = Skeleton(SMPL_JOINTS, SMPL_PARENTS, _starts(_CENTRE, _SIDE | _KNUCKLES))
SMPLX = Skeleton(
    SMPLX_JOINTS, SMPLX_PARENTS, _starts(_CENTRE | {"jaw": "jaw"}, _SIDE | {"eye": "eye"} | _FINGERS)
)


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


def joint_of_bone(rig: Rig, skeleton: Skeleton) -> list[int]:
    """Index of the joint that moves each bone."""
    owner: list[int] = []
    for name, parent in zip(rig.names, rig.parents, strict=True):
        starts = skeleton.starts.get(name)
        owner.append(skeleton.joints.index(starts) if starts else owner[parent])
    return owner


def joint_positions(
    rig: Rig, skeleton: Skeleton, heads_m: Float[ndarray, "*n B 3"]
) -> Float[ndarray, "*n J 3"]:
    """Joint = mean head of the bones that start it; not of `root`, whose head is no anatomical point."""
    starts = {bone: joint for bone, joint in skeleton.starts.items() if bone != "root"}
    rows = [[rig.index(bone) for bone, joint in starts.items() if joint == name] for name in skeleton.joints]
    return np.stack([heads_m[..., r, :].mean(-2) for r in rows], axis=-2)


def joint_weights(rig: Rig, skeleton: Skeleton, weights: Float[ndarray, "V B"]) -> Float[ndarray, "V J"]:
    """Skin weights of the joints: the sum over their bones."""
    return weights @ np.eye(len(skeleton.joints))[joint_of_bone(rig, skeleton)]
