"""Key poses as rotations that stand on the floor, in tables that a sampler can index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.body.joints import SMPL_JOINTS, SMPL_PARENTS, mirror_ids
from workbench.synth.anatomy import MIRROR_IDS, KeyPose, rotations_of
from workbench.synth.contact import FLAT, contact_weights, flat_parts, floor_height_m, planted
from workbench.synth.figure import CONTACTS, NAMES, SLABS, Figure, open_figure
from workbench.synth.keys import Action

PLANTING_STEPS = 10
STEADY_SHARE = 0.55
"""How much noise is left in the joints between the pelvis and a hand, knee or foot that touches something."""
MIXABLE_RAD = 1.0
"""Two poses are only mixed if the pelvis is turned by less than this between them."""


@dataclass(frozen=True, eq=False)
class KeyTable:
    """Key poses, one per row."""

    rotations: Float[Tensor, "K 24 3 3"]
    floor: Float[Tensor, "K E"]
    """Capsule ends that touch the floor."""
    support: Float[Tensor, "K E"]
    """Those, and all others that carry weight."""
    flat: Bool[Tensor, "K 6"]
    moving: Bool[Tensor, "K"]
    steady: Float[Tensor, "K 24"]
    """How much noise each joint takes."""

    def to(self, device: torch.device | str) -> "KeyTable":
        """The same table elsewhere."""
        return self._each(lambda column: column.to(device))

    def rows(self, ids: Int[Tensor, "N"]) -> "KeyTable":
        """Some of the poses."""
        return self._each(lambda column: column[ids])

    def _each(self, change: Callable[[Tensor], Tensor]) -> "KeyTable":
        changed: dict[str, Any] = {f.name: change(getattr(self, f.name)) for f in fields(self)}
        return replace(self, **changed)


def compile_keys(keys: Sequence[KeyPose], figure: Figure | None = None) -> KeyTable:
    """Angles in words to rotations; each pose is turned until what touches the floor is level."""
    figure = figure or open_figure()
    floor = torch.stack([contact_weights(key.floor) for key in keys])
    held = torch.stack([contact_weights(key.held) for key in keys])
    flat = torch.stack([flat_parts(key.floor) for key in keys])
    written = torch.tensor([rotations_of(key).tolist() for key in keys])
    return KeyTable(
        rotations=planted(figure, written, floor, flat, PLANTING_STEPS),
        floor=floor,
        support=torch.maximum(floor, held),
        flat=flat,
        moving=torch.tensor([key.moving for key in keys]),
        steady=torch.stack([_steadiness(figure, key.floor + key.held) for key in keys]),
    )


def with_mirrored(table: KeyTable) -> KeyTable:
    """The poses, then their mirror images."""
    ends = _mirrored_ends()
    parts = torch.tensor([i ^ 1 for i in range(len(FLAT))])  # left and right alternate
    mirrored = KeyTable(
        mirror_pose(table.rotations),
        table.floor[:, ends],
        table.support[:, ends],
        table.flat[:, parts],
        table.moving,
        table.steady[:, list(MIRROR_IDS)],
    )
    pairs = {f.name: (getattr(table, f.name), getattr(mirrored, f.name)) for f in fields(table)}
    both: dict[str, Any] = {name: torch.cat(pair) for name, pair in pairs.items()}
    return replace(table, **both)


def mirror_pose(rotations: Float[Tensor, "*b 24 3 3"]) -> Float[Tensor, "*b 24 3 3"]:
    """The pose in a mirror: left and right change places, and every turn about y and z its sign."""
    sign = rotations.new_tensor((1, -1, -1))
    return rotations[..., list(MIRROR_IDS), :, :] * sign[:, None] * sign


def partners(actions: Sequence[Action], table: KeyTable) -> list[list[int]]:
    """For each key pose, in the order of the actions, those it may be mixed with; itself if there is none.

    Ids of the second half are mirror images, as in `with_mirrored`.
    """
    count = len(table.floor) // 2
    found, start = [], 0
    for action in actions:
        ids = range(start, start + len(action.keys))
        for key in ids:
            if action.path:
                after = key + 1 if key + 1 in ids else (start + count if action.cycle else key - 1)
                found.append([after if len(ids) > 1 or action.cycle else key])
            else:
                found.append([other for other in ids if _mixable(table, key, other)])
        start += len(action.keys)
    return found


def _mixable(table: KeyTable, a: int, b: int) -> bool:
    apart = table.rotations[a, 0].mT @ table.rotations[b, 0]
    angle = torch.arccos(((apart.trace() - 1) / 2).clamp(-1, 1))
    return bool((table.floor[a] == table.floor[b]).all()) and float(angle) < MIXABLE_RAD


def _steadiness(figure: Figure, contacts: Sequence[str]) -> Float[Tensor, "24"]:
    steady = torch.ones(len(SMPL_JOINTS))
    for contact in contacts:
        joint = int(figure.joint[CONTACTS[contact][0] // 2])
        while joint > 0:
            steady[joint] = STEADY_SHARE
            joint = SMPL_PARENTS[joint]
    return steady


def _mirrored_ends() -> list[int]:
    """Where each capsule end's mirror image is; a slab's two ends change places."""
    others = mirror_ids(NAMES)
    return [
        2 * others[i] + (1 - end if name in SLABS else end) for i, name in enumerate(NAMES) for end in (0, 1)
    ]


def floor_of(
    figure: Figure, rotations: Float[Tensor, "N 24 3 3"], floor: Float[Tensor, "N E"]
) -> Float[Tensor, "N"]:
    """Height of the floor (m) under poses in the body frame."""
    return floor_height_m(figure.heights_m(figure.ends(figure.posed(rotations))), floor)
