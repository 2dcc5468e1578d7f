"""Poses in the words of anatomy, and what they are as rotations of SMPL's joints.

Everything is in degrees and zero when standing upright with hanging arms, palms on the thighs. Positive is what
the field's name says, on either side: `out=20` spreads the leg away from the middle, the left as the right one.
An arm's direction is given as Wu et al. (J. Biomech. 2005) do: how far it is lifted, and in which plane.
"""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from workbench.body.joints import SMPL_JOINTS, mirror_ids

GIRDLE_HANGING_DEG = -13.0
"""How far the collar bones of hanging arms lie below their place in the T-pose, where arms are lifted 90."""
SPINE_SHARES = {"flex": (0.30, 0.35, 0.35), "side": (0.30, 0.35, 0.35), "twist": (0.20, 0.40, 0.40)}
"""How a bend of the trunk is shared out from the lowest spine joint to the highest: ribs and loins differ."""


@dataclass(frozen=True)
class Trunk:
    """Pelvis, spine and head."""

    lean: float = 0.0
    """The whole body forward, from the hips' point of view: 90 lies on the belly, -90 on the back."""
    roll: float = 0.0
    """The whole body to its left: 90 lies on the left side."""
    flex: float = 0.0
    """The spine forward."""
    side: float = 0.0
    """The spine to the left."""
    twist: float = 0.0
    """The chest to the left."""
    nod: float = 0.0
    """Head and neck forward."""
    tip: float = 0.0
    """Head and neck to the left."""
    look: float = 0.0
    """The face to the left."""


@dataclass(frozen=True)
class Leg:
    """One leg."""

    flex: float = 0.0
    """The thigh forward."""
    out: float = 2.0
    """The thigh away from the middle."""
    turn: float = 0.0
    """Knee and toes away from the middle."""
    knee: float = 3.0
    """The heel towards the seat."""
    ankle: float = 0.0
    """Toes towards the shin; negative points the foot. A foot that stands on the floor is laid flat on it."""
    toes: float = 0.0
    """Toes upwards, against the foot."""


@dataclass(frozen=True)
class Arm:
    """One arm."""

    lift: float = 8.0
    """Of the upper arm: 0 hangs, 90 is level, 180 points up."""
    plane: float = 20.0
    """The way it is lifted: 0 sideways, 90 forward, 130 across the chest, -60 behind the back."""
    turn: float = 0.0
    """The upper arm about itself, inwards: a bent forearm swings towards the belly."""
    elbow: float = 15.0
    """The hand towards the shoulder."""
    palm: float = 0.0
    """The forearm about itself: 80 turns the palm down when the forearm points forward, -80 up."""
    wrist: float = 0.0
    """The hand towards its palm."""
    thumbward: float = 0.0
    """The hand towards its thumb."""
    curl: float = 20.0
    """The fingers towards the palm."""
    shrug: float = 0.0
    """The shoulder upwards, beyond what the lifted arm takes along."""
    reach: float = 0.0
    """The shoulder forward."""


@dataclass(frozen=True)
class KeyPose:
    """One pose written by hand."""

    name: str
    trunk: Trunk = field(default_factory=Trunk)
    left_leg: Leg = field(default_factory=Leg)
    right_leg: Leg = field(default_factory=Leg)
    left_arm: Arm = field(default_factory=Arm)
    right_arm: Arm = field(default_factory=Arm)
    floor: tuple[str, ...] = ("left_foot", "right_foot")
    """What touches the floor: names in `figure.CONTACTS`. None of it: in the air."""
    held: tuple[str, ...] = ()
    """What else carries weight: on a chair, a step, a rung, a wall."""
    moving: bool = False
    """A moment of a movement, which need not be in balance."""


def both(leg: Leg) -> dict[str, Leg]:
    """The same for both legs: `KeyPose("squat", **both(Leg(...)))`."""
    return {"left_leg": leg, "right_leg": leg}


def arms(arm: Arm) -> dict[str, Arm]:
    """The same for both arms."""
    return {"left_arm": arm, "right_arm": arm}


def rotations_of(pose: KeyPose) -> Float[np.ndarray, "24 3 3"]:
    """Parent-relative rotations of SMPL's joints; the root's is `lean` and `roll` from facing +z."""
    turns = _trunk(pose.trunk)
    turns |= {f"left_{part}": turn for part, turn in (_leg(pose.left_leg) | _arm(pose.left_arm)).items()}
    for part, turn in (_leg(pose.right_leg) | _arm(pose.right_arm)).items():
        turns[f"right_{part}"] = _mirrored(turn)
    return np.stack([turns[name].as_matrix() for name in SMPL_JOINTS])


def mirror(rotations: Float[np.ndarray, "*b J 3 3"], order: list[int] | None = None) -> np.ndarray:
    """The pose in a mirror: left and right change places, and every turn about y and z its sign."""
    sign = np.array([1.0, -1.0, -1.0])
    return rotations[..., order or list(MIRROR_IDS), :, :] * sign[:, None] * sign


MIRROR_IDS = mirror_ids(SMPL_JOINTS)


def _about(axis: str, degrees: float) -> Rotation:
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
    """The left leg's: flexion about x, then abduction, then rotation of the thigh (Grood and Suntay, 1983)."""
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
        "wrist": _about("x", arm.palm / 2) * Rotation.from_rotvec((0, -arm.thumbward, -arm.wrist), degrees=True),
        "hand": _about("z", -arm.curl),
    }


def arm_direction(lift: float, plane: float) -> Rotation:
    """The left upper arm relative to the chest, without a turn about itself."""
    toward = np.deg2rad(plane)
    hanging = _about("z", -90)
    return Rotation.from_rotvec(lift * np.array([-np.sin(toward), 0, np.cos(toward)]), degrees=True) * hanging
