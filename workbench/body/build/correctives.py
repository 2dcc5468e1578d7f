"""Pose blend shapes: what SMPL-style skinning must add to move like MakeHuman's own, finer rig.

The reference deforms the modelled A-pose with all 163 bones, spreads every twist along its limb, and skins
half linearly and half by dual quaternions. What SMPL's linear blend skinning lacks, carried back to the
rest pose, is regressed on the entries of R - I of the joints around each vertex (ridge regression; SMPL,
Loper et al., SIGGRAPH Asia 2015, eq. 9).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.sparse import csr_matrix

from workbench.body.build import tpose
from workbench.body.build.deform import MIRROR, blend_skin, exp, linear_transforms, quaternion, unit
from workbench.body.build.skeleton import Skeleton, bone_ends, joint_of_bone, joint_weights
from workbench.body.build.sources import Rig
from workbench.body.joints import mirror_ids

RIDGE = 1e-3
SMALLEST_M = 2e-5  # smaller entries are dropped; nine in ten are

# How much of a joint's twist (about the line to its child) a bone has taken up; 1 for bones not listed.
# Before the joint's own bones, the twist of the wrist is already felt along the forearm.
TWIST = {
    "upperarm01": {"shoulder": 0.4},
    "lowerarm01": {"elbow": 0.35, "wrist": 0.2},
    "lowerarm02": {"elbow": 0.8, "wrist": 0.65},
    "upperleg01": {"hip": 0.4},
    "lowerleg01": {"knee": 0.4},
    "neck01": {"neck": 0.4, "head": 0.1},
    "neck02": {"neck": 0.7, "head": 0.3},
    "neck03": {"neck": 1.0, "head": 0.6},
    "spine04": {"spine1": 0.5},
    "spine02": {"spine2": 0.8, "spine3": 0.3},
}
TWIST_END = {
    "shoulder": ("shoulder", "elbow"),
    "elbow": ("elbow", "wrist"),
    "wrist": ("elbow", "wrist"),
    "hip": ("hip", "knee"),
    "knee": ("knee", "ankle"),
    "neck": ("neck", "head"),
    "head": ("neck", "head"),
    "spine1": ("spine1", "spine2"),
    "spine2": ("spine2", "spine3"),
    "spine3": ("spine2", "spine3"),
}

# Range of the axis-angle vectors drawn for each left joint, degrees: (lowest, highest) about x, y and z.
RANGE_DEG = {
    "hip": ((-110, 30), (-45, 45), (-25, 60)),
    "knee": ((-5, 135), (-20, 20), (-8, 8)),
    "ankle": ((-30, 40), (-25, 25), (-20, 20)),
    "foot": ((-40, 20), (-5, 5), (-5, 5)),
    "spine1": ((-20, 40), (-25, 25), (-20, 20)),
    "spine2": ((-15, 30), (-25, 25), (-20, 20)),
    "spine3": ((-15, 25), (-20, 20), (-15, 15)),
    "neck": ((-30, 35), (-45, 45), (-25, 25)),
    "head": ((-25, 30), (-40, 40), (-20, 20)),
    "collar": ((-10, 10), (-20, 20), (-20, 25)),
    "shoulder": ((-70, 60), (-90, 40), (-90, 70)),
    "elbow": ((-85, 85), (-140, 5), (-10, 10)),
    "wrist": ((-60, 60), (-30, 30), (-70, 70)),
    "hand": ((-5, 5), (-10, 10), (-70, 25)),
    "jaw": ((-5, 30), (-10, 10), (-5, 5)),
    "eye": ((-25, 25), (-35, 35), (-5, 5)),
}
_THUMB_DEG = {
    "thumb1": ((-30, 50), (-40, 40), (-40, 40)),
    "thumb2": ((-15, 55), (-15, 55), (-10, 10)),
    "thumb3": ((-15, 60), (-15, 60), (-10, 10)),
}
_FINGERS = ("index", "middle", "ring", "pinky")
_FINGER_DEG = {f"{finger}1": ((-10, 10), (-20, 20), (-95, 25)) for finger in _FINGERS}
_FINGER_DEG |= {f"{finger}{k}": ((-5, 5), (-5, 5), (-105, 5)) for finger in _FINGERS for k in (2, 3)}
RANGE_DEG |= _THUMB_DEG | _FINGER_DEG
ALONG_X = ("shoulder", "elbow", "wrist", "hand", *_THUMB_DEG, *_FINGER_DEG)
"""Joints that twist about x; the others twist about y."""


@dataclass(frozen=True)
class Subject:
    """The person whose deformation is imitated: vertices in the A-pose and T-pose, and their skinning."""

    a_pose_m: Float[ndarray, "V 3"]
    t_pose_m: Float[ndarray, "V 3"]
    joints_m: Float[ndarray, "J 3"]
    rig: Rig
    skeleton: Skeleton
    bone_weights: csr_matrix
    joint_weights: Float[ndarray, "V J"]
    a_to_t_rotations: Float[ndarray, "B 3 3"]
    a_to_t_shifts: Float[ndarray, "B 3"]


def average_subject(
    rig: Rig,
    skeleton: Skeleton,
    average_m: Float[ndarray, "1 W 3"],
    ids: Int[ndarray, " V"],
    template_m: Float[ndarray, "V 3"],
    joints_m: Float[ndarray, "J 3"],
) -> Subject:
    """The average adult, the A-pose nudged so that the T-pose is the template (to some 0.02 mm)."""
    weights = csr_matrix(rig.weights[ids])
    pose = tpose.solve(rig, *bone_ends(rig, average_m))
    posed = tpose.apply(rig, pose, 0, average_m[0, ids], weights)
    linear, _ = linear_transforms(weights, pose.rotations[0], pose.shifts[0])
    difference = template_m - (posed - posed.mean(0))
    return Subject(
        a_pose_m=average_m[0, ids] + np.linalg.solve(linear, difference[..., None])[..., 0],
        t_pose_m=template_m,
        joints_m=joints_m,
        rig=rig,
        skeleton=skeleton,
        bone_weights=weights,
        joint_weights=joint_weights(rig, skeleton, rig.weights[ids]),
        a_to_t_rotations=pose.rotations[0],
        a_to_t_shifts=pose.shifts[0] - posed.mean(0),
    )


def random_rotations(
    joints: Sequence[str], count: int, rng: np.random.Generator
) -> Float[ndarray, "N J 3 3"]:
    """Poses for the fit: each joint first twists, then swings, uniformly in its range; half of them rest."""
    rotations = np.tile(np.eye(3), (count, len(joints), 1, 1))
    for j, name in enumerate(joints[1:], start=1):
        part = name.split("_")[-1]
        low, high = np.deg2rad(RANGE_DEG[part]).T
        drawn = rng.uniform(low, high, (count, 3)) * (rng.uniform(size=(count, 1)) < 0.5)
        drawn *= -MIRROR if name.startswith("right_") else 1
        twist = drawn * np.eye(3)[0 if part in ALONG_X else 1]
        rotations[:, j] = exp(drawn - twist) @ exp(twist)
    return rotations


def pose_shapes(
    subject: Subject, rotations: Float[ndarray, "N J 3 3"], mirror: Int[ndarray, " V"]
) -> Float[ndarray, "V 3 P"]:
    """Pose blend shapes in metres, P = 9 (J - 1), symmetric and sparse."""
    features = (rotations[:, 1:] - np.eye(3)).reshape(len(rotations), -1)
    offsets = np.stack([_unposed_error(subject, r) for r in rotations])
    shapes = np.zeros((subject.t_pose_m.size // 3, 3, features.shape[1]))
    felt = _joints_felt(subject.joint_weights, subject.skeleton.parents)
    for pattern in np.unique(felt, axis=0):
        columns = np.flatnonzero(np.repeat(pattern[1:], 9))
        vertices = np.flatnonzero((felt == pattern).all(1))
        if len(columns) == 0:
            continue
        f = features[:, columns]
        gram = f.T @ f / len(f) + RIDGE * np.eye(len(columns))
        target = f.T @ offsets[:, vertices].reshape(len(f), -1) / len(f)
        solved = np.linalg.solve(gram, target).reshape(len(columns), len(vertices), 3)
        shapes[vertices[:, None], :, columns] = np.moveaxis(solved, 0, 1)
    mirrored = _mirrored(shapes, mirror, mirror_ids(subject.skeleton.joints))
    shapes = (shapes + mirrored) / 2
    return np.where(np.abs(shapes) < SMALLEST_M, 0, shapes)


def joint_transforms(
    parents: Sequence[int], joints_m: Float[ndarray, "J 3"], rotations: Float[ndarray, "J 3 3"]
) -> tuple[Float[ndarray, "J 3 3"], Float[ndarray, "J 3"]]:
    """World rotation and position of every joint (forward kinematics)."""
    world, position = rotations.copy(), joints_m.copy()
    for j, parent in enumerate(parents[1:], start=1):
        world[j] = world[parent] @ rotations[j]
        position[j] = position[parent] + world[parent] @ (joints_m[j] - joints_m[parent])
    return world, position


def reference(subject: Subject, rotations: Float[ndarray, "J 3 3"]) -> Float[ndarray, "V 3"]:
    """The subject posed by the full rig from the A-pose: half linear, half dual quaternion skinning."""
    world, position = joint_transforms(subject.skeleton.parents, subject.joints_m, rotations)
    owner = joint_of_bone(subject.rig, subject.skeleton)
    turn = world[owner]
    for bone, name in enumerate(subject.rig.names):
        stem, _, side = name.partition(".")
        for joint, share in TWIST.get(stem, {}).items():
            j, axis = _twist_axis(subject, joint, side)
            angle = _twist_angle(rotations[j], axis)
            # Its own joint's twist is already in full in `turn`; a later joint's is not in it at all.
            turn[bone] = turn[bone] @ exp(axis * angle * (share - 1 if j == owner[bone] else share))
    pivot, there = subject.joints_m[owner], position[owner]
    rotation = turn @ subject.a_to_t_rotations
    moved = there + np.einsum("bij,bj->bi", turn, subject.a_to_t_shifts - pivot)
    return blend_skin(subject.a_pose_m, subject.bone_weights, rotation, moved, subject.rig.parents)


def _unposed_error(subject: Subject, rotations: Float[ndarray, "J 3 3"]) -> Float[ndarray, "V 3"]:
    """What must be added to the rest pose so that skinning with the joints alone gives the reference."""
    world, position = joint_transforms(subject.skeleton.parents, subject.joints_m, rotations)
    shift = position - np.einsum("jab,jb->ja", world, subject.joints_m)
    flat = subject.joint_weights @ np.concatenate([world.reshape(-1, 9), shift], axis=1)
    linear = flat[:, :9].reshape(-1, 3, 3)
    error = reference(subject, rotations) - flat[:, 9:]
    return np.linalg.solve(linear, error[..., None])[..., 0] - subject.t_pose_m


def _twist_axis(subject: Subject, joint: str, side: str) -> tuple[int, Float[ndarray, " 3"]]:
    prefix = {"L": "left_", "R": "right_", "": ""}[side]
    names = subject.skeleton.joints
    start, end = (subject.joints_m[names.index(prefix + name)] for name in TWIST_END[joint])
    return names.index(prefix + joint), unit(end - start)


def _twist_angle(rotation: Float[ndarray, "3 3"], axis: Float[ndarray, " 3"]) -> float:
    """Angle of the part of a rotation about an axis (swing-twist decomposition), in (-pi, pi]."""
    q = quaternion(rotation)
    return float(2 * np.arctan2(q[1:] @ axis * np.sign(q[0] or 1), abs(q[0])))


def _joints_felt(weights: Float[ndarray, "V J"], parents: Sequence[int]) -> Bool[ndarray, "V J"]:
    """Joints whose rotation may bend the skin at a vertex: those that move it, and their children."""
    moves = weights > 1e-3
    children = np.zeros_like(moves)
    children[:, 1:] = moves[:, list(parents[1:])]
    return moves | children


def _mirrored(
    shapes: Float[ndarray, "V 3 P"], mirror: Int[ndarray, " V"], mirror_joint: Sequence[int]
) -> Float[ndarray, "V 3 P"]:
    """The blend shapes of the mirrored body: vertices, offsets, joints and rotations all swap sides."""
    grid = shapes.reshape(*shapes.shape[:2], -1, 3, 3)
    order = [j - 1 for j in mirror_joint[1:]]
    flipped = grid[mirror][:, :, order] * np.outer(MIRROR, MIRROR) * MIRROR[:, None, None, None]
    return flipped.reshape(shapes.shape)
