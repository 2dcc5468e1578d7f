"""What a finder makes of true landmarks: they tremble, are misplaced, mixed up, missed."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body.joints import BLAZEPOSE, mirror_ids
from workbench.synth.landmarks import Landmarks
from workbench.synth.people import People

MIRRORED = list(mirror_ids(BLAZEPOSE))


@dataclass(frozen=True)
class NoiseModel:
    """How a finder errs. Lengths on the picture are shares of the person's size there."""

    jitter: float = 0.015
    """Standard deviation of a seen landmark."""
    outlier_share: float = 0.03
    outlier: float = 0.08
    """Standard deviation of an outlier."""
    world_m: float = 0.03
    """Standard deviation of the metric landmarks, per axis."""
    swap_share: float = 0.02
    """People whose left and right are exchanged."""
    outside_visibility: float = 0.1
    """The most that a landmark outside the picture gets."""


NONE = NoiseModel(0.0, 0.0, 0.0, 0.0, 0.0, 1.0)
"""The truth."""
FITTED = NoiseModel()


def swapped(landmarks: Landmarks) -> Landmarks:
    """Left and right exchanged; twice is the identity."""
    return Landmarks(landmarks.px[:, MIRRORED], landmarks.m[:, MIRRORED])


def size_px(landmarks: Landmarks) -> Float[Tensor, "N"]:
    """Diagonal of the box around all landmarks, seen or not."""
    return (landmarks.px[..., :2].amax(1) - landmarks.px[..., :2].amin(1)).norm(dim=-1)


def observed(
    landmarks: Landmarks, people: People, generator: torch.Generator, noise: NoiseModel = FITTED
) -> Landmarks:
    """The landmarks as a finder would report them.

    Args:
        landmarks: the true ones.
        people: whom they belong to.
        generator: on the landmarks' device.
        noise: how the finder errs.
    """
    device = landmarks.px.device
    shape = landmarks.px.shape[:2]
    unit = size_px(landmarks)[:, None, None]
    wild = torch.rand(shape, generator=generator, device=device) < noise.outlier_share
    sigma = torch.where(wild, noise.outlier, noise.jitter)[..., None]
    moved = sigma * unit * torch.randn(*shape, 2, generator=generator, device=device)
    xy = landmarks.px[..., :2] + moved
    m = landmarks.m + noise.world_m * torch.randn(*shape, 3, generator=generator, device=device)
    visible = landmarks.px[..., 2].clamp(0.0, 1.0)
    made = Landmarks(torch.cat((xy, visible[..., None]), -1), m)
    swap = torch.rand(shape[0], 1, 1, generator=generator, device=device) < noise.swap_share
    other = swapped(made)
    return Landmarks(torch.where(swap, other.px, made.px), torch.where(swap, other.m, made.m))
