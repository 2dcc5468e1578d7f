"""Which landmarks somebody's own body hides from the camera, by the figure's capsules instead of pixels."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.synth.figure import NAMES, SIDES, SLABS, Figure, World

HIDING = [
    *(NAMES.index(name) for name in (*SLABS, "head")),
    *(
        NAMES.index(f"{side}_{part}")
        for side in SIDES
        for part in ("thigh", "knee", "shin", "upper_arm", "forearm")
    ),
]
"""Capsules thick enough to hide something."""
COVER = 0.95
"""A ray that comes nearer to a capsule's axis than this share of its radius goes through it."""
AHEAD_M = 0.06
"""And hides what lies so much, and half the radius, behind it: a joint is not hidden by its own limb."""


def hidden_by_body(
    figure: Figure, posed: World, t_camera_body_m: Float[Tensor, "N 3"], points_m: Float[Tensor, "N K 3"]
) -> Bool[Tensor, "N K"]:
    """Whether a limb or the trunk lies on the way from the lens to each point.

    On 1,000 sampled people this agrees with a z-buffer of the whole mesh (a surface 15 cm or more before the
    landmark) on 91 % of the landmarks.

    Args:
        figure: the capsules.
        posed: the figure in everybody's pose, the root turned into the camera's axes.
        t_camera_body_m: of the body's origin.
        points_m: the landmarks in the camera frame.
    """
    ends = figure.ends(posed)[:, HIDING] + t_camera_body_m[:, None, None]
    radius = figure.radius_m[HIDING]
    away = points_m.norm(dim=-1, keepdim=True)
    ray = points_m / away
    start, along = ends[:, :, 0], ends[:, :, 1] - ends[:, :, 0]  # each (N, C, 3)
    ray_along, ray_start = ray @ along.mT, ray @ start.mT  # (N, K, C)
    length2, across, start2 = (
        (a * b).sum(-1)[:, None] for a, b in ((along, along), (start, along), (start, start))
    )
    share = (ray_along * ray_start - across) / (length2 - ray_along**2).clamp_min(1e-6)
    reached = torch.minimum((ray_start + share.clamp(0, 1) * ray_along).clamp_min(0), away)
    share = ((reached * ray_along - across) / length2.clamp_min(1e-9)).clamp(0, 1)
    nearest = ray_start + share * ray_along  # along the ray, of that point of the axis
    reached = torch.minimum(nearest.clamp_min(0), away)
    gap2 = reached**2 - 2 * reached * nearest + start2 + 2 * share * across + share**2 * length2
    return ((gap2 < (COVER * radius) ** 2) & (away - reached > radius / 2 + AHEAD_M)).any(-1)
