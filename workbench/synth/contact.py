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
"""How much the body resists being tilted: below the spread of two feet, above that of one."""
DIRECTIONS = 16
FLAT = {
    f"{side}_{part}": SMPL_JOINTS.index(f"{side}_{joint}")
    for part, joint in (("foot", "ankle"), ("hand", "wrist"))
    for side in SIDES
}
"""Contacts that lie flat on the floor, sole or palm down, and the joints that lay them so."""


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


def flat_parts(names: Sequence[str]) -> Bool[Tensor, "4"]:
    """Which feet and hands, in the order of FLAT, lie flat."""
    return torch.tensor([part in names for part in FLAT])


def planted(
    figure: Figure,
    rotations: Float[Tensor, "N 24 3 3"],
    floor: Float[Tensor, "N E"],
    flat: Bool[Tensor, "N 4"],
    steps: int = 2,
) -> Float[Tensor, "N 24 3 3"]:
    """The poses with flat soles and palms, turned as a whole until their contacts are level.

    Args:
        figure: whose limbs decide; the mean person's will do for others but for millimetres.
        rotations: parent-relative.
        floor: weights of capsule ends that touch the floor; all zero leaves a pose as it is.
        flat: feet and hands, in the order of FLAT, whose whole sole or palm does.
        steps: Gauss-Newton steps; a noisy pose needs two, one written by hand up to ten.
    """
    for _ in range(steps):
        rotations = _tilted(figure, _flattened(figure, rotations, flat), floor, flat)
    return _flattened(figure, rotations, flat)


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


def _flattened(figure: Figure, rotations: Tensor, flat: Tensor) -> Tensor:
    """Ankles and wrists turned the shortest way that makes soles and palms level."""
    turned = figure.posed(rotations).rotations
    rotations = rotations.clone()
    for part, joint in enumerate(FLAT.values()):
        level = _shortest_to_up(turned[:, joint, :, 1]) @ turned[:, joint]
        local = turned[:, SMPL_PARENTS[joint]].mT @ level
        rotations[:, joint] = torch.where(flat[:, part, None, None], local, rotations[:, joint])
    return rotations


def _tilted(figure: Figure, rotations: Tensor, floor: Tensor, flat: Tensor) -> Tensor:
    """The root turned about the horizontal axes so that the contacts are level, in the least-squares sense."""
    posed = figure.posed(rotations)
    ends = figure.ends(posed)
    height = figure.heights_m(ends)
    place = ends.flatten(1, 2).clone()
    for part, (contact, joint) in enumerate(FLAT.items()):
        # What is flat stays flat while the body tilts: it goes where its joint goes.
        ids = list(CONTACTS[contact])
        place[:, ids] = torch.where(flat[:, part, None, None], posed.joints_m[:, joint, None], place[:, ids])
    place = place - posed.joints_m[:, :1]
    by = torch.stack((-place[..., 2], place[..., 0], torch.ones_like(height)), dim=-1)  # of tilt x, tilt z, up
    weighted = by * floor[..., None]
    resist = torch.diag(height.new_tensor((STIFFNESS_M2, STIFFNESS_M2, 1e-6)))
    # Heights from the pelvis, so that poses without contacts ask for no tilt.
    normal = weighted.mT @ by + resist
    tilt = -torch.linalg.solve(normal, (weighted.mT @ height[..., None]))[..., 0]
    turn = torch.stack((tilt[:, 0], torch.zeros_like(tilt[:, 0]), tilt[:, 1]), dim=-1).clamp(-0.5, 0.5)
    rotations = rotations.clone()
    rotations[:, 0] = matrix_from_axis_angle(turn) @ rotations[:, 0]
    return rotations


def _shortest_to_up(direction: Float[Tensor, "N 3"]) -> Float[Tensor, "N 3 3"]:
    """The smallest rotation that takes a unit direction to +y; any for its opposite."""
    x, y, z = direction.unbind(-1)
    axis = torch.stack((-z, torch.zeros_like(y), x), dim=-1)  # direction x up
    sine = axis.norm(dim=-1).clamp_min(1e-7)
    return matrix_from_axis_angle(axis / sine[..., None] * torch.atan2(sine, y)[..., None])
