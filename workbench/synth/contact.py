"""Feet on the floor, and the weight above them: a pose is turned, soles and palms laid flat, until it stands.

What touches the floor is given per pose as weights of the figure's capsule ends (`figure.CONTACTS`).
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.body.joints import SMPL_JOINTS, SMPL_PARENTS
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.figure import CONTACTS, NAMES, SIDES, Figure

STIFFNESS_M2 = 0.003
"""How much the body resists being tilted: far below the spread of hands and feet, like that of one foot."""
DIRECTIONS = 16
FLAT = {
    f"{side}_{part}": SMPL_JOINTS.index(f"{side}_{joint}")
    for part, joint in (("foot", "ankle"), ("toes", "foot"), ("hand", "wrist"))
    for side in SIDES
}
"""Contacts that lie flat on the floor, sole, toes or palm down, and the joints that lay them so."""


def contact_weights(names: Sequence[str]) -> Float[Tensor, "E"]:
    """One per capsule end, 1 where it is one of these contacts.

    Raises:
        ValueError: there is no such contact.
    """
    weights = torch.zeros(2 * len(NAMES))
    for name in names:
        if name not in CONTACTS:
            raise ValueError(f"There is no contact {name!r}; there are {', '.join(CONTACTS)}.")
        weights[list(CONTACTS[name])] = 1
    return weights


def flat_parts(names: Sequence[str]) -> Bool[Tensor, "6"]:
    """Which parts, in the order of FLAT, lie flat."""
    return torch.tensor([part in names for part in FLAT])


def planted(
    figure: Figure,
    rotations: Float[Tensor, "N 24 3 3"],
    floor: Float[Tensor, "N E"],
    flat: Bool[Tensor, "N 6"],
    steps: int,
) -> Float[Tensor, "N 24 3 3"]:
    """The poses with flat soles and palms, turned as a whole until their contacts are level.

    Args:
        figure: whose limbs decide; the mean person's will do for others but for millimetres.
        rotations: parent-relative.
        floor: weights of capsule ends that touch the floor; all zero leaves a pose as it is.
        flat: which of FLAT's parts lie flat on it.
        steps: Gauss-Newton steps; one does for a disturbed key pose, ten for a new one.
    """
    tilt = rotations.new_zeros(len(rotations), 3)
    for _ in range(steps):
        rotations = _flattened(rotations, figure.posed(rotations).rotations, flat)
        change = _leveling(figure, rotations, floor, flat, tilt)
        tilt = tilt + change
        rotations = torch.cat(
            (matrix_from_axis_angle(change)[:, None] @ rotations[:, :1], rotations[:, 1:]), dim=1
        )
    return _flattened(rotations, figure.posed(rotations).rotations, flat)


def floor_height_m(heights: Float[Tensor, "N E"], floor: Float[Tensor, "N E"]) -> Float[Tensor, "N"]:
    """Where the floor is: at the contacts, or at the lowest point of a pose that has none."""
    total = floor.sum(-1)
    mean = (heights * floor).sum(-1) / total.clamp_min(1)
    return torch.where(total > 0, mean, heights.amin(-1))


def balance_margin_m(
    figure: Figure, ends: Float[Tensor, "N C 2 3"], support: Float[Tensor, "N E"]
) -> Float[Tensor, "N"]:
    """How far inside its support the centre of mass is, seen from above; negative is falling over.

    The support is the hull of everything that carries weight, and its edge is met in 16 directions. Nothing
    that carries: minus infinity.
    """
    angle = torch.arange(DIRECTIONS, device=ends.device) * (2 * math.pi / DIRECTIONS)
    ways = torch.stack((angle.cos(), torch.zeros_like(angle), angle.sin()))  # (3, K)
    reach = ends.flatten(-3, -2) @ ways + figure.radius_m.repeat_interleave(2)[:, None]
    reach = reach.masked_fill(support.unsqueeze(-1) == 0, -torch.inf).amax(-2)
    return (reach - figure.center_of_mass(ends) @ ways).amin(-1)


def _flattened(rotations: Tensor, turned: Tensor, flat: Tensor) -> Tensor:
    """Ankles and wrists turned the shortest way that makes soles and palms level.

    `turned` are the same rotations in the body frame.
    """
    rotations = rotations.clone()
    for part, joint in enumerate(FLAT.values()):
        level = _shortest_to_up(turned[:, joint, :, 1]) @ turned[:, joint]
        local = turned[:, SMPL_PARENTS[joint]].mT @ level
        rotations[:, joint] = torch.where(flat[:, part, None, None], local, rotations[:, joint])
    return rotations


def _leveling(
    figure: Figure, rotations: Tensor, floor: Tensor, flat: Tensor, tilt: Float[Tensor, "N 3"]
) -> Float[Tensor, "N 3"]:
    """The turn about the horizontal axes that makes the contacts level, in the least-squares sense.

    `tilt` is how far the body was turned before, from where it wants to be.
    """
    posed = figure.posed(rotations)
    ends = figure.ends(posed)
    height = figure.heights_m(ends)
    place = ends.flatten(1, 2).clone()
    for part, (contact, joint) in enumerate(FLAT.items()):
        # What is flat stays flat while the body tilts: it goes where its joint goes.
        ids = list(CONTACTS[contact])
        place[:, ids] = torch.where(flat[:, part, None, None], posed.joints_m[:, joint, None], place[:, ids])
    place = place - posed.joints_m[:, :1]
    by = torch.stack(
        (-place[..., 2], place[..., 0], torch.ones_like(height)), dim=-1
    )  # of tilt x, tilt z, up
    weighted = by * floor[..., None]
    resist = height.new_tensor((STIFFNESS_M2, STIFFNESS_M2, 1e-6))
    wanted = (weighted.mT @ height[..., None])[..., 0] + resist * tilt[:, (0, 2, 1)]  # tilt's y is zero
    change = -torch.linalg.solve(weighted.mT @ by + torch.diag(resist), wanted)
    return torch.stack((change[:, 0], torch.zeros_like(change[:, 0]), change[:, 1]), dim=-1).clamp(-0.5, 0.5)


def _shortest_to_up(direction: Float[Tensor, "N 3"]) -> Float[Tensor, "N 3 3"]:
    """The smallest rotation that takes a unit direction to +y; any for its opposite."""
    x, y, z = direction.unbind(-1)
    axis = torch.stack((-z, torch.zeros_like(y), x), dim=-1)  # direction x up
    sine = axis.norm(dim=-1).clamp_min(1e-7)
    return matrix_from_axis_angle(axis / sine[..., None] * torch.atan2(sine, y)[..., None])
