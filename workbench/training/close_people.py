"""People near the camera, whom BLADE is made for: drawn for training, and the same ones for measuring.

No focal length is told, neither in training nor in measuring: networks get the picture's diagonal.
"""

from dataclasses import fields, replace
from typing import Any, NamedTuple

import torch

from workbench.synth.cameras import Views
from workbench.synth.people import People, sample_people
from workbench.synth.poses import seeded
from workbench.training.made_up import (
    KnownPeople,
    Seen,
    joined,
    new_people_as_seen,
    people_as_seen,
    pose_bank,
)
from workbench.training.pictured import with_masks

CLOSE = Views(tz_m=(0.4, 3.0), lens_mm=(13.0, 50.0))
"""Half of training's people, and all that are measured, through lenses that phones have. Limbs keep their
distance to the lens, so that few have the pelvis nearer than 0.6 m."""
ALL = Views(tz_m=(0.4, 10.0), lens_mm=(13.0, 200.0))
"""The other half of training's people."""
MASKED = 0.8
"""Share of training's people with masks."""


class ClosePeople(NamedTuple):
    """What is seen and true of people, their places before the camera among it."""

    known: KnownPeople
    people: People


def draw(bank_size: int, generator: torch.Generator, size: int, masked: float = MASKED) -> ClosePeople:
    """New people for training: half of them near.

    Args:
        bank_size: number of poses.
        generator: the only source of chance.
        size: how many.
        masked: share of those with masks.
    """
    bank = pose_bank(bank_size, str(generator.device))
    halves = [
        _masked(new_people_as_seen(bank, generator, count, views, unknown_focal=1.0), masked, generator)
        for count, views in ((size - size // 2, CLOSE), (size // 2, ALL))
        if count
    ]
    return ClosePeople(joined([half.known for half in halves]), _joined_people([h.people for h in halves]))


def to_measure(n: int, split: str, views: Views = CLOSE, masks: bool = True) -> ClosePeople:
    """Those of n people whom the finder finds; the same each time."""
    generator = seeded(0, split)  # pyright: ignore[reportArgumentType]
    people = sample_people(n, 0, split, views)  # pyright: ignore[reportArgumentType]
    return _masked(people_as_seen(people, generator, for_training=False), float(masks), generator)


def _masked(seen: Seen, share: float, generator: torch.Generator) -> ClosePeople:
    count = round(share * len(seen.known))
    if not count:
        return ClosePeople(seen.known, seen.people)
    return ClosePeople(with_masks(seen, slice(0, count), generator), seen.people)


def _joined_people(parts: list[People]) -> People:
    """One batch; its `actions` are those of every part, since poses of a bank have but one, "any"."""
    names = [f.name for f in fields(People) if f.name != "actions"]
    columns: dict[str, Any] = {name: torch.cat([getattr(part, name) for part in parts]) for name in names}
    return replace(parts[0], **columns)
