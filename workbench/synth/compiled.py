"""Key poses as rotations that stand on the floor, in tables that a sampler can index."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.synth.anatomy import KeyPose, rotations_of
from workbench.synth.contact import contact_weights, flat_parts, floor_height_m, planted
from workbench.synth.figure import Figure, open_figure

PLANTING_STEPS = 10


@dataclass(frozen=True, eq=False)
class KeyTable:
    """Key poses, one per row."""

    names: tuple[str, ...]
    rotations: Float[Tensor, "K 24 3 3"]
    floor: Float[Tensor, "K E"]
    """Capsule ends that touch the floor."""
    support: Float[Tensor, "K E"]
    """Those, and all others that carry weight."""
    flat: Bool[Tensor, "K 6"]
    moving: Bool[Tensor, "K"]


def compile_keys(keys: tuple[KeyPose, ...], figure: Figure | None = None) -> KeyTable:
    """Angles in words to rotations; each pose is turned until what touches the floor is level."""
    figure = figure or open_figure()
    floor = torch.stack([contact_weights(key.floor) for key in keys])
    held = torch.stack([contact_weights(key.held) for key in keys])
    flat = torch.stack([flat_parts(key.floor) for key in keys])
    written = torch.tensor([rotations_of(key).tolist() for key in keys])
    return KeyTable(
        names=tuple(key.name for key in keys),
        rotations=planted(figure, written, floor, flat, PLANTING_STEPS),
        floor=floor,
        support=torch.maximum(floor, held),
        flat=flat,
        moving=torch.tensor([key.moving for key in keys]),
    )


def floor_of(figure: Figure, rotations: Float[Tensor, "N 24 3 3"], floor: Float[Tensor, "N E"]) -> Tensor:
    """Height of the floor (m) under poses in the body frame."""
    return floor_height_m(figure.heights_m(figure.ends(figure.posed(rotations))), floor)
