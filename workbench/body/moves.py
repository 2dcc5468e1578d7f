"""Single movements of hands and face as directions in pose space: a finger's curl, a glance.

A movement by some amount turns each of its joints by amount times its axis-angle vector. Movements that
share a joint turn it about axes at right angles, so the amounts can be read from a pose again.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from workbench.body.joints import joint_names
from workbench.body.model import BodyModel

FINGERS = ("thumb", "index", "middle", "ring", "pinky")
CURL_DEG = (68.0, 84.0, 52.0)
"""How a finger's three joints turn together in a fist."""
THUMB_DEG = (20.0, 38.0, 56.0)
SPREAD_DEG = {"index": -15.0, "middle": -5.0, "ring": 6.0, "pinky": 15.0}
"""About y, of the left hand whose palm looks down: the fingers fan out."""


@dataclass(frozen=True, eq=False)
class Move:
    """One movement."""

    name: str
    group: str
    """"left hand", "right hand" or "face"."""
    turns_rad: Mapping[str, Float[np.ndarray, "3"]]
    """What each joint turns per unit."""
    unit: str
    low: float
    high: float


def moves(model: BodyModel) -> list[Move]:
    """The movements of the fingers, jaw and eyes that a body has; of SMPL's, none."""
    names = joint_names(model.num_joints)
    rest = dict(zip(names, model.joint_template.double().cpu().numpy(), strict=True))
    hands = [move for side in ("left", "right") for move in _hand(rest, side) if f"{side}_index1" in rest]
    return hands + (_face() if "jaw" in rest else [])


def _hand(rest: Mapping[str, Float[np.ndarray, "3"]], side: str) -> list[Move]:
    """In percent of a fist, or of a wide spread."""
    group = f"{side} hand"
    curls = [
        Move(f"{finger} curl", group, _curl(rest, side, finger), "%", -20.0, 120.0)
        for finger in FINGERS
        if f"{side}_{finger}1" in rest
    ]
    sense = 1 if side == "left" else -1
    spread = {
        f"{side}_{finger}1": np.array([0, sense * np.deg2rad(turn) / 100, 0])
        for finger, turn in SPREAD_DEG.items()
    }
    return [*curls, Move("spread", group, spread, "%", -60.0, 120.0)]


def _curl(
    rest: Mapping[str, Float[np.ndarray, "3"]], side: str, finger: str
) -> dict[str, Float[np.ndarray, "3"]]:
    """A finger bends about the line across it, towards the palm, which looks down; the thumb across it."""
    along = rest[f"{side}_{finger}3"] - rest[f"{side}_{finger}1"]
    towards = np.array([0.0, 0.0, -1.0] if finger == "thumb" else [0.0, -1.0, 0.0])
    hinge = np.cross(along, towards)
    hinge /= np.linalg.norm(hinge)
    angles = THUMB_DEG if finger == "thumb" else CURL_DEG
    return {f"{side}_{finger}{k}": hinge * np.deg2rad(a) / 100 for k, a in enumerate(angles, start=1)}


def _face() -> list[Move]:
    degree = np.deg2rad(1.0)
    eyes = ("left_eye", "right_eye")
    return [
        Move("jaw opens", "face", {"jaw": np.array([degree, 0, 0])}, "°", -5.0, 35.0),
        Move("eyes look left", "face", {eye: np.array([0, degree, 0]) for eye in eyes}, "°", -35.0, 35.0),
        Move("eyes look up", "face", {eye: np.array([-degree, 0, 0]) for eye in eyes}, "°", -25.0, 25.0),
    ]
