"""Hair and brims that leave the head: shells for the styles and hats that need one."""

from functools import lru_cache

from workbench.body import open_body
from workbench.body.joints import SMPL_JOINTS
from workbench.synth.appearance import HAIR_STYLES, HATS
from workbench.synth.shells import Ring, Shell, near_skin, tube

_HEAD = tuple(SMPL_JOINTS.index(name) for name in ("head",))
_BACK = tuple(SMPL_JOINTS.index(name) for name in ("head", "neck", "spine3", "left_collar", "right_collar"))

_STYLES = {
    "bob": (
        Ring((0.0, 0.60, -0.03), 0.083, 0.072),
        Ring((0.0, 0.54, -0.04), 0.098, 0.072),
        Ring((0.0, 0.48, -0.045), 0.1, 0.066),
        Ring((0.0, 0.445, -0.045), 0.092, 0.06),
    ),
    "long": (
        Ring((0.0, 0.60, -0.03), 0.083, 0.072),
        Ring((0.0, 0.54, -0.04), 0.098, 0.072),
        Ring((0.0, 0.47, -0.055), 0.1, 0.062),
        Ring((0.0, 0.40, -0.085), 0.112, 0.045),
        Ring((0.0, 0.30, -0.115), 0.112, 0.03),
        Ring((0.0, 0.2, -0.125), 0.095, 0.022),
    ),
    "bun": (
        Ring((0.0, 0.625, -0.085), 0.001, 0.001),
        Ring((0.0, 0.622, -0.095), 0.03, 0.025),
        Ring((0.0, 0.6, -0.112), 0.042, 0.036),
        Ring((0.0, 0.575, -0.112), 0.032, 0.027),
        Ring((0.0, 0.567, -0.105), 0.001, 0.001),
    ),
    "ponytail": (
        Ring((0.0, 0.605, -0.085), 0.012, 0.012),
        Ring((0.0, 0.6, -0.125), 0.03, 0.024),
        Ring((0.0, 0.53, -0.145), 0.036, 0.026),
        Ring((0.0, 0.45, -0.14), 0.03, 0.02),
        Ring((0.0, 0.37, -0.135), 0.006, 0.006),
    ),
}
_BRIMS = {
    "cap": (Ring((0.0, 0.622, 0.045), 0.079, 0.07, 0.0), Ring((0.0, 0.612, 0.085), 0.075, 0.105, -0.012)),
    "brimmed hat": (Ring((0.0, 0.622, 0.0), 0.09, 0.11), Ring((0.0, 0.614, 0.0), 0.165, 0.185)),
}


@lru_cache(maxsize=len(HAIR_STYLES))
def hair_shell(style: int) -> Shell | None:
    """Hair that hangs, for the styles that have any."""
    rings = _STYLES.get(HAIR_STYLES[style])
    return None if rings is None else tube(rings, near_skin(open_body(), _BACK))


@lru_cache(maxsize=len(HATS))
def brim_shell(hat: int) -> Shell | None:
    """The brim, for the hats that have one."""
    rings = _BRIMS.get(HATS[hat])
    return None if rings is None else tube(rings, near_skin(open_body(), _HEAD))
