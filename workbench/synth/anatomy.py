"""Poses in the words of anatomy, and what they are as rotations of SMPL's joints.

Everything is in degrees and zero when standing upright with hanging arms, palms on the thighs. Positive is
what the field's name says, on either side: `out=20` spreads a leg away from the middle, left or right. An
arm's direction is given as by Wu et al. (J. Biomech. 2005): how far it is lifted, and in which plane.
"""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from workbench.body.joints import SMPL_JOINTS, mirror_ids

GIRDLE_HANGING_DEG = -13.0
"""How far the collar bones of hanging arms lie below their place in the T-pose, where arms are lifted 90."""
SPINE_SHARES = {"flex": (0.30, 0.35, 0.35), "side": (0.30, 0.35, 0.35), "twist": (0.20, 0.40, 0.40)}
"""How a bend of the trunk is shared out from the lowest spine joint to the highest: ribs and loins differ."""


MIRROR_IDS = mirror_ids(SMPL_JOINTS)
"""Where each joint's mirror image is."""


Degrees = int | float


@dataclass(frozen=True)
class Trunk:
    """Pelvis, spine and head."""

    lean: Degrees = 0
    """The whole body forward, from the hips' point of view: 90 lies on the belly, -90 on the back."""
    roll: Degrees = 0
    """The whole body to its left: 90 lies on the left side."""
    flex: Degrees = 0
    """The spine forward."""
    side: Degrees = 0
    """The spine to the left."""
    twist: Degrees = 0
    """The chest to the left."""
    nod: Degrees = 0
    """Head and neck forward."""
    tip: Degrees = 0
    """Head and neck to the left."""
    look: Degrees = 0
    """The face to the left."""


@dataclass(frozen=True)
class Leg:
    """One leg."""

    flex: Degrees = 0
    """The thigh forward."""
    out: Degrees = 2
    """The thigh away from the middle."""
    turn: Degrees = 0
    """Knee and toes away from the middle."""
    knee: Degrees = 3
    """The heel towards the seat."""
    ankle: Degrees = 0
    """Toes towards the shin; negative points the foot. A foot that stands on the floor is laid flat on it."""
    toes: Degrees = 0
    """Toes upwards, against the foot."""


@dataclass(frozen=True)
class Arm:
    """One arm."""

    lift: Degrees = 8
    """Of the upper arm: 0 hangs, 90 is level, 180 points up."""
    plane: Degrees = 20
    """The way it is lifted: 0 sideways, 90 forward, 130 across the chest, -60 behind the back."""
    turn: Degrees = 0
    """The upper arm about itself, inwards: a bent forearm swings towards the belly."""
    elbow: Degrees = 15
    """The hand towards the shoulder."""
    palm: Degrees = 0
    """The forearm about itself: 80 turns the palm down when the forearm points forward, -80 up."""
    wrist: Degrees = 0
    """The hand towards its palm."""
    thumbward: Degrees = 0
    """The hand towards its thumb."""
    curl: Degrees = 20
    """The fingers towards the palm."""
    shrug: Degrees = 0
    """The shoulder upwards, beyond what the lifted arm takes along."""
    reach: Degrees = 0
    """The shoulder forward."""


Limb = TypeVar("Limb", Leg, Arm)


@dataclass(frozen=True)
class KeyPose:
    """One pose written by hand."""

    name: str
    trunk: Trunk = Trunk()
    legs: tuple[Leg, Leg] = (Leg(), Leg())
    """Left and right."""
    arms: tuple[Arm, Arm] = (Arm(), Arm())
    floor: tuple[str, ...] = ("left_foot", "right_foot")
    """What touches the floor: names in `figure.CONTACTS`. None of it: in the air."""
    held: tuple[str, ...] = ()
    """What else carries weight: on a chair, a step, a rung, a wall."""
    moving: bool = False
    """A moment of a movement, which need not be in balance."""


def both(limb: Limb) -> tuple[Limb, Limb]:
    """The same on both sides: `legs=both(Leg(flex=90))`."""
    return limb, limb


def rotations_of(pose: KeyPose) -> Float[np.ndarray, "24 3 3"]:
    """Parent-relative rotations of SMPL's joints; the root's is `lean` and `roll` from facing +z."""
    turns = _trunk(pose.trunk)
    turns |= {f"left_{part}": turn for part, turn in (_leg(pose.legs[0]) | _arm(pose.arms[0])).items()}
    for part, turn in (_leg(pose.legs[1]) | _arm(pose.arms[1])).items():
        turns[f"right_{part}"] = _mirrored(turn)
    return np.stack([turns[name].as_matrix() for name in SMPL_JOINTS])


def _about(axis: str, degrees: Degrees) -> Rotation:
    return Rotation.from_euler(axis, degrees, degrees=True)


def _mirrored(turn: Rotation) -> Rotation:
    return Rotation.from_rotvec(turn.as_rotvec() * (1, -1, -1))


def _trunk(t: Trunk) -> dict[str, Rotation]:
    turns = {"pelvis": _about("x", t.lean) * _about("z", -t.roll)}
    for i in range(3):
        bend = (
            t.flex * SPINE_SHARES["flex"][i],
            t.twist * SPINE_SHARES["twist"][i],
            -t.side * SPINE_SHARES["side"][i],
        )
        turns[f"spine{i + 1}"] = Rotation.from_rotvec(bend, degrees=True)
    half = Rotation.from_rotvec((t.nod / 2, t.look / 2, -t.tip / 2), degrees=True)
    return turns | {"neck": half, "head": half}


def _leg(leg: Leg) -> dict[str, Rotation]:
    """The left leg's: flexion, then abduction, then rotation of the thigh (Grood and Suntay, 1983)."""
    return {
        "hip": _about("x", -leg.flex) * _about("z", leg.out) * _about("y", leg.turn),
        "knee": _about("x", leg.knee),
        "ankle": _about("x", -leg.ankle),
        "foot": _about("x", -leg.toes),
    }


def _arm(arm: Arm) -> dict[str, Rotation]:
    """The left arm's. The collar bone takes its part of the lift, the shoulder does the rest."""
    girdle = GIRDLE_HANGING_DEG * (1 - arm.lift / 90) + arm.shrug
    collar = _about("z", girdle) * _about("y", -arm.reach)
    wanted = arm_direction(arm.lift, arm.plane) * _about("x", arm.turn)
    return {
        "collar": collar,
        "shoulder": collar.inv() * wanted,
        "elbow": _about("y", -arm.elbow) * _about("x", arm.palm / 2),
        "wrist": _about("x", arm.palm / 2)
        * Rotation.from_rotvec((0, -arm.thumbward, -arm.wrist), degrees=True),
        "hand": _about("z", -arm.curl),
    }


def arm_direction(lift: Degrees, plane: Degrees) -> Rotation:
    """The left upper arm relative to the chest, without a turn about itself."""
    toward = np.deg2rad(plane)
    hanging = _about("z", -90)
    return Rotation.from_rotvec(lift * np.array([-np.sin(toward), 0, np.cos(toward)]), degrees=True) * hanging
