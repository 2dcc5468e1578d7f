"""Facial expressions: principal components of MakeHuman's face units (CC0, by Mika Suominen).

A face unit is one move of ARKit's list (smile left, pucker, blink right, ...), as offsets of vertices. Each
is taken to be active on its own, except that the two sides of a face mostly move together. That is enough for
the components in closed form, as singular vectors of the units: nobody has to be drawn.
"""

from pathlib import Path

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from workbench.body.build.deform import MIRROR
from workbench.body.build.sources import read_offsets

# Left out: what a pose does (jaw and gaze), lips closed over an open jaw, and a tongue that the body has not.
LEFT_OUT = ("jaw", "eyeLook", "mouthClose", "tongue")
ACTIVITY = 0.3  # standard deviation of a unit that is anything between 0 and 1
TOGETHER = 0.9  # correlation of a unit's left and right side
SMALLEST_M = 2e-5  # smaller entries are dropped, so that what is still stays exactly still


def read_face_units(data: Path, mirror: Int[ndarray, " W"]) -> Float[ndarray, "U W 3"]:
    """Moves of the base mesh, m: middle ones, pairs as a whole, and pairs as left against right.

    Each is even or odd under the mirror, and scaled to one standard deviation of its activity.
    """
    folder = data.parent / "faceunits01" / "targets" / "faceunits"
    names = sorted(path.stem for path in folder.glob("*.target") if not path.stem.startswith(LEFT_OUT))
    units = []
    for name in names:
        offsets = read_offsets((folder / f"{name}.target").read_text(), len(mirror))
        flipped = offsets[mirror] * MIRROR
        if name.removesuffix("Left") + "Right" in names:
            together = 0.0 if name == "mouthLeft" else TOGETHER  # the whole mouth goes one way or the other
            units.append((offsets + flipped) * ((1 + together) / 2) ** 0.5)
            units.append((offsets - flipped) * ((1 - together) / 2) ** 0.5)
        elif not name.endswith("Right"):
            units.append((offsets + flipped) / 2)
    return ACTIVITY * np.stack(units)


def principal_expressions(units_m: Float[ndarray, "U V 3"], count: int) -> Float[ndarray, "V 3 E"]:
    """`count` expression directions in metres per standard deviation; 0 is the neutral face.

    The sign of a component is free: the larger part of its units is active when it is positive.
    """
    flat = units_m.reshape(len(units_m), -1)
    _, vectors = np.linalg.eigh(flat @ flat.T)
    share = vectors[:, ::-1][:, :count]  # of each unit in each component, orthonormal
    share = share * np.where(share.sum(0) < 0, -1, 1)
    directions = (flat.T @ share).reshape(*units_m.shape[1:], count)
    return np.where(np.abs(directions) < SMALLEST_M, 0, directions)
