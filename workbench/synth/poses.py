"""People in plausible poses, as many as wanted: what the synthetic scenes and all training start from.

    key poses (keys/) -> mixed, scaled, disturbed (mixing) -> within the joints' ranges (limits)
        -> feet on the floor (contact) -> kept if no limb is in the body and nobody falls over (figure)

This is a prior made by hand. It knows the key poses and the noise around them, and no statistics of people.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.geometry.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from workbench.synth.compiled import mirror_pose
from workbench.synth.contact import FLAT, balance_margin_m, floor_height_m, planted
from workbench.synth.figure import Figure, open_figure
from workbench.synth.keys import ACTIONS
from workbench.synth.limits import Limits, anatomical_limits
from workbench.synth.mixing import Draft, Repertoire, draft, repertoire

Split = Literal["train", "validation", "test", "ood"]
SPLITS: tuple[Split, ...] = get_args(Split)
"""Training, validation and test differ in their random numbers alone; "ood" has actions of its own."""

CHUNK = 512
"""Poses drafted at once, whatever is asked for: a seed's first poses do not depend on their number."""
HOVER_M, SINK_M = 0.04, 0.035
"""How far a contact may be from the floor, and anything below it."""
NOISE_SHARES = (1.0, 0.35)
"""A pose that fails with all of its noise is tried again with less, before it is given up."""
MARGIN_M = 0.0
"""How far inside its support the weight of somebody at rest must be."""


@dataclass(frozen=True, eq=False)
class Poses:
    """A batch of poses."""

    rotations: Float[Tensor, "N 24 3 3"]
    """Parent-relative; the root turns the body about the vertical, any way, and leans it."""
    floor_m: Float[Tensor, "N"]
    """Height of the floor in the body frame, for the mean person; the lowest vertex of another is near it. Of
    somebody who jumps or hangs it is the lowest point."""
    action: Int[Tensor, "N"]
    """Which of `actions`."""
    actions: tuple[str, ...]
    """Names of the split's actions."""

    @property
    def theta(self) -> Float[Tensor, "N 24 3"]:
        """Axis-angle, as in `BodyParams`, in the body frame."""
        return axis_angle_from_matrix(self.rotations)


def sample_poses(
    n: int, seed: int | torch.Generator = 0, split: Split = "train", noise: float = 1.0
) -> Poses:
    """Draw poses; the same seed and split give the same poses.

    Args:
        n: how many. The first of a seed are the same, however many are drawn.
        seed: a number, or a generator, which is used up and decides the device; with one, splits that share
            their actions differ only by its state.
        split: "train", "validation", "test", or "ood" for left-out actions.
        noise: how far joints are off the key poses and what lies between them; 1 for as far as people are.

    Raises:
        ValueError: n is negative, or there is no such split.
    """
    if n < 0:
        raise ValueError(f"Expected a number of poses of at least 0; got {n}.")
    generator = seed if isinstance(seed, torch.Generator) else seeded(seed, split)
    source, figure, limits = _tools(_is_left_out(split), str(generator.device))
    chunks: list[tuple[Tensor, ...]] = []
    while sum(len(chunk[1]) for chunk in chunks) < n or not chunks:
        chunks.append(_chunk(source, figure, limits, generator, noise))
    rotations, floor, action = (torch.cat(parts)[:n] for parts in zip(*chunks, strict=True))
    return Poses(rotations, floor, action, source.names)


def seeded(seed: int, split: Split) -> torch.Generator:
    """A generator of its own for each split of each seed.

    Raises:
        ValueError: there is no such split, or the seed is negative.
    """
    _is_left_out(split)
    if seed < 0:
        raise ValueError(f"Expected a seed of at least 0; got {seed}.")
    state = np.random.SeedSequence((seed, SPLITS.index(split))).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state >> np.uint64(1)))


def settle(
    source: Draft, figure: Figure, limits: Limits, noise_share: float = 1.0
) -> tuple[Float[Tensor, "N 24 3 3"], Float[Tensor, "N"], Bool[Tensor, "N"]]:
    """Drafts brought within limits and onto the floor, the floor's height, and which are believable."""
    poses = limits.within(source.rotations(noise_share))
    poses = planted(figure, poses, source.key.floor, source.key.flat, steps=1)
    laid = list(FLAT.values())
    poses[:, laid] = limits.of(laid).within(poses[:, laid])
    ends = figure.ends(figure.posed(poses))
    heights = figure.heights_m(ends)
    floor = floor_height_m(heights, source.key.floor)
    above = heights - floor[:, None]
    touches = ((above.abs() < HOVER_M) | (source.key.floor == 0)).all(-1) & (above.amin(-1) > -SINK_M)
    balanced = source.key.moving | (balance_margin_m(figure, ends, source.key.support) > MARGIN_M)
    return poses, floor, touches & balanced & ~figure.penetrates(ends)


def _chunk(
    source: Repertoire, figure: Figure, limits: Limits, generator: torch.Generator, noise: float
) -> tuple[Tensor, Tensor, Tensor]:
    """What is left of CHUNK drafts, half of them in a mirror, each facing anywhere."""
    drafts = draft(source, CHUNK, generator)
    poses, floor, good = settle(drafts, figure, limits, noise * NOISE_SHARES[0])
    for share in NOISE_SHARES[1:]:
        again = (~good).nonzero()[:, 0]
        poses[again], floor[again], good[again] = settle(drafts.rows(again), figure, limits, noise * share)
    device = generator.device
    mirrored = torch.rand(CHUNK, generator=generator, device=device) < 0.5
    heading = torch.rand(CHUNK, generator=generator, device=device) * (2 * torch.pi)
    poses = torch.where(mirrored[:, None, None, None], mirror_pose(poses), poses)
    turn = torch.zeros(CHUNK, 3, device=device)
    turn[:, 1] = heading
    poses[:, 0] = matrix_from_axis_angle(turn) @ poses[:, 0]
    return poses[good], floor[good], drafts.action[good]


def _is_left_out(split: str) -> bool:
    if split not in SPLITS:
        raise ValueError(f"There is no split {split!r}; there are {', '.join(SPLITS)}.")
    return split == "ood"


@lru_cache(maxsize=4)
def _tools(left_out: bool, device: str) -> tuple[Repertoire, Figure, Limits]:
    """Made once per process and device, and never changed."""
    source = repertoire([action for action in ACTIONS if action.left_out == left_out])
    return source.to(device), open_figure().to(device), anatomical_limits().to(device)
