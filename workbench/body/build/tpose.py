"""Brings the modelled A-pose into the T-pose, for many people at once.

Every angle is solved from the person's own bones, so that all arms are straight and all legs lean alike,
whatever the proportions. Only the left side is solved; the right side is its mirror image.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.sparse import csr_matrix

from workbench.body.build.deform import about, between, blend_skin, mirrored
from workbench.body.build.skeleton import mirror_name
from workbench.body.build.sources import Rig

CLAVICLE_RAD, SHOULDER_RAD = np.deg2rad(10.0), np.deg2rad(18.0)  # as in MakeHuman's own CC0 t-pose.json
LEG_SPREAD_RAD = np.deg2rad(2.0)
FINGER_CURL_KEPT = 0.3
X = np.array([1.0, 0.0, 0.0])


@dataclass(frozen=True)
class TPose:
    """Rigid map of every bone from the A-pose to the T-pose: x -> rotations x + shifts."""

    rotations: Float[ndarray, "N B 3 3"]
    shifts: Float[ndarray, "N B 3"]
    heads_m: Float[ndarray, "N B 3"]  # in the T-pose


def solve(rig: Rig, heads_m: Float[ndarray, "N B 3"], tails_m: Float[ndarray, "N B 3"]) -> TPose:
    """T-pose of people given by the ends of their bones."""
    left = _left_rotations(rig, heads_m, tails_m)
    chosen = left | {mirror_name(name): mirrored(r) for name, r in left.items()}
    rotations, shifts, moved = np.empty((*heads_m.shape, 3)), np.empty_like(heads_m), np.empty_like(heads_m)
    for b, (name, parent) in enumerate(zip(rig.names, rig.parents, strict=True)):
        if parent < 0:
            rotations[:, b], moved[:, b] = np.eye(3), heads_m[:, b]
        else:
            rotations[:, b] = chosen.get(name, rotations[:, parent])
            arm = heads_m[:, b] - heads_m[:, parent]
            moved[:, b] = moved[:, parent] + _apply(rotations[:, parent], arm)
        shifts[:, b] = moved[:, b] - _apply(rotations[:, b], heads_m[:, b])
    return TPose(rotations, shifts, moved)


def apply(
    rig: Rig, pose: TPose, person: int, points: Float[ndarray, "V 3"], weights: csr_matrix
) -> Float[ndarray, "V 3"]:
    """One person's vertices in the T-pose."""
    return blend_skin(points, weights, pose.rotations[person], pose.shifts[person], rig.parents)


def _apply(rotation: Float[ndarray, "N 3 3"], vector: Float[ndarray, "N 3"]) -> Float[ndarray, "N 3"]:
    return np.einsum("nij,nj->ni", rotation, vector)


def _left_rotations(
    rig: Rig, heads_m: Float[ndarray, "N B 3"], tails_m: Float[ndarray, "N B 3"]
) -> dict[str, Float[ndarray, "N 3 3"]]:
    """World rotation of each left bone that does not simply follow its parent."""

    def head(bone: str) -> Float[ndarray, "N 3"]:
        return heads_m[:, rig.index(f"{bone}.L")]

    count = len(heads_m)
    upper, fore = head("lowerarm01") - head("upperarm01"), head("wrist") - head("lowerarm01")
    arm = between(upper, X)
    hinge = np.cross(X, _apply(arm, fore))  # the elbow's axis; it must point straight down
    arm = about(0, _roll_to_down(hinge)) @ arm
    forearm = between(_apply(arm, fore), X) @ arm
    index, pinky = head("finger2-1") - head("wrist"), head("finger5-1") - head("wrist")
    palm = np.cross(_apply(forearm, pinky), _apply(forearm, index))
    roll = _roll_to_down(palm)
    hand = about(0, roll) @ forearm
    leg = head("foot") - head("upperleg01")
    lean = np.arctan2(leg[:, 0], -leg[:, 1])
    turns = {
        "clavicle": np.broadcast_to(about(2, CLAVICLE_RAD), (count, 3, 3)),
        "shoulder01": np.broadcast_to(about(2, SHOULDER_RAD), (count, 3, 3)),
        "upperarm01": arm,
        "lowerarm01": about(0, roll / 3) @ forearm,
        "lowerarm02": about(0, roll * 2 / 3) @ forearm,
        "wrist": hand,
        "upperleg01": about(2, LEG_SPREAD_RAD - lean),
        "foot": np.broadcast_to(np.eye(3), (count, 3, 3)),
    }
    for finger in range(2, 6):
        for phalanx in range(1, 4):
            bone = rig.index(f"finger{finger}-{phalanx}.L")
            direction = _apply(hand, tails_m[:, bone] - heads_m[:, bone])
            flat = direction * [1, FINGER_CURL_KEPT, 1]
            turns[f"finger{finger}-{phalanx}"] = between(direction, flat) @ hand
    return {f"{bone}.L": rotation for bone, rotation in turns.items()}


def _roll_to_down(direction: Float[ndarray, "N 3"]) -> Float[ndarray, " N"]:
    """Angle about x that turns a direction into the plane z = 0, y < 0."""
    return -np.arctan2(-direction[:, 2], -direction[:, 1])
