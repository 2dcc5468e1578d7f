"""What HMR's discriminator takes for real, and what it learns to tell from that besides the network's poses.

Real poses are those that people are made up with. Some are calmer than these, next to exact key poses, and
some are the Body lab's named poses: a network that guesses hits the middle of what may be, and has little of
the noise that people have, so a discriminator would soon take every calm pose for a guess.

Spoiled poses are real ones with some joints turned at random: once the network is good, none of its poses is
bad, and the discriminator would forget what bad ones look like.
"""

from functools import lru_cache

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body.joints import SMPL_JOINTS
from workbench.body.presets import PRESETS_DEG, mirror, preset
from workbench.geometry.rotations import matrix_from_6d, matrix_from_axis_angle, sixd_from_matrix
from workbench.synth.poses import sample_poses
from workbench.synth.shapes import betas_from_uniform

CALM_SHARE, NAMED_SHARE = 0.25, 0.1
"""Shares of real poses that are calm, and that are named ones."""
CALM, CALM_NOISE = 20_000, 0.25
"""Calm poses, and their noise as a share of other poses'."""
NAMED_RAD = 0.06
"""How far named poses are turned at random (standard deviation, each axis)."""
SPOILED, SPOILED_RAD = 0.15, 1.0
"""Share of joints that are turned in spoiled poses, and by how much (standard deviation, each axis)."""
SPOILED_BETAS = 3.0
"""Spoiled shapes are so many times as far from the mean."""

Drawn = tuple[Float[Tensor, "N 23 3 3"], Float[Tensor, "N 10"]]
"""Poses and shapes of people whom nobody sees."""


def real_people(bank: Float[Tensor, "B 24 6"], generator: torch.Generator, size: int) -> Drawn:
    """Some of the bank's poses, of calm ones and of named ones, each with another shape.

    Args:
        bank: poses that people are made up with.
        generator: decides the device.
        size: how many.
    """
    device = generator.device
    kind = torch.rand(size, 1, 1, generator=generator, device=device)
    calm = kind < CALM_SHARE
    named = ~calm & (kind < CALM_SHARE + NAMED_SHARE)
    sixd = torch.where(calm, _some(calm_poses(str(device)), generator, size), _some(bank, generator, size))
    sixd = torch.where(named, _some(named_poses(str(device)), generator, size), sixd)
    noise = NAMED_RAD * torch.randn(size, 23, 3, generator=generator, device=device)
    rotations = matrix_from_6d(sixd[:, 1:].float()) @ matrix_from_axis_angle(noise * named)
    betas = betas_from_uniform(torch.rand(size, 10, generator=generator, device=device), 1.0)
    return rotations, betas


def spoiled_people(
    bank: Float[Tensor, "B 24 6"], generator: torch.Generator, size: int
) -> tuple[Float[Tensor, "N 23 3 3"], Float[Tensor, "N 10"], Float[Tensor, "N 25"]]:
    """The like with some joints turned and some shapes exaggerated, and 1 for what is wrong with them."""
    rotations, betas = real_people(bank, generator, size)
    device = generator.device
    turned = torch.rand(rotations.shape[:2], generator=generator, device=device) < SPOILED
    turn = SPOILED_RAD * torch.randn(*rotations.shape[:2], 3, generator=generator, device=device)
    shaped = torch.rand(size, 1, generator=generator, device=device) < 0.5
    rotations = torch.where(turned[..., None, None], rotations @ matrix_from_axis_angle(turn), rotations)
    betas = torch.where(shaped, SPOILED_BETAS * betas, betas)
    return rotations, betas, torch.cat((turned, turned.any(1, keepdim=True), shaped), 1).float()


@lru_cache(maxsize=2)
def calm_poses(device: str) -> Float[Tensor, "C 24 6"]:
    """As 6D in half precision."""
    return sixd_from_matrix(sample_poses(CALM, noise=CALM_NOISE).rotations).half().to(device)


@lru_cache(maxsize=2)
def named_poses(device: str) -> Float[Tensor, "P 24 6"]:
    """The named poses and their mirror images, as 6D in half precision."""
    theta = torch.stack([preset(name, SMPL_JOINTS) for name in PRESETS_DEG])
    theta = torch.cat((theta, mirror(theta, SMPL_JOINTS)))
    return sixd_from_matrix(matrix_from_axis_angle(theta)).half().to(device)


def _some(bank: Tensor, generator: torch.Generator, size: int) -> Tensor:
    ids = torch.randint(len(bank), (size,), generator=generator, device=generator.device)
    return bank[ids]
