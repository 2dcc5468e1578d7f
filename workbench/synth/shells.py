"""What hangs on a body without being skin: skirts, long hair, brims. Tubes that move with the skin nearby."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.body import BodyModel, open_body

SIDES = 36
"""Points around a tube."""
NEIGHBOURS = 6
"""Vertices of the body that each point of a shell follows."""


@dataclass(frozen=True, eq=False)
class Ring:
    """One ellipse around a tube."""

    center_m: tuple[float, float, float]
    radius_x_m: float
    radius_z_m: float
    tilt_m: float = 0.0
    """How much higher its front is than its middle."""


@dataclass(frozen=True, eq=False)
class Shell:
    """A surface in rest pose, on the mean person."""

    rest_m: Float[Tensor, "S 3"]
    faces: Int[Tensor, "G 3"]
    anchor: Int[Tensor, "S K"]
    """Vertices of the body that each point follows."""
    share: Float[Tensor, "S K"]


def tube(rings: tuple[Ring, ...], part: Int[Tensor, "N"]) -> Shell:
    """A tube through rings from the top down, carried by the nearest of these vertices of the open body."""
    angle = torch.arange(SIDES) / SIDES * 2 * torch.pi
    around = torch.stack((angle.sin(), torch.zeros(SIDES), angle.cos()), 1)
    points = []
    for ring in rings:
        radius = torch.tensor([ring.radius_x_m, 0.0, ring.radius_z_m])
        lifted = torch.tensor([0.0, ring.tilt_m, 0.0]) * angle.cos()[:, None]
        points.append(torch.tensor(ring.center_m) + around * radius + lifted)
    rest = torch.cat(points)
    here = torch.arange(SIDES)
    after = (here + 1) % SIDES
    faces = []
    for ring in range(len(rings) - 1):
        upper, lower = ring * SIDES, (ring + 1) * SIDES
        faces.append(torch.stack((upper + here, lower + here, lower + after), 1))
        faces.append(torch.stack((upper + here, lower + after, upper + after), 1))
    distance = torch.cdist(rest, open_body().v_template[part])
    near = distance.topk(NEIGHBOURS, largest=False)
    share = (near.values + 0.01) ** -1
    return Shell(rest, torch.cat(faces), part[near.indices], share / share.sum(1, keepdim=True))


def posed(
    shell: Shell, body: BodyModel, shaped_m: Float[Tensor, "V 3"], transforms: Float[Tensor, "J 3 4"]
) -> Float[Tensor, "S 3"]:
    """Where the shell is on a person of this shape whose joints have moved."""
    moved = (shaped_m - body.v_template)[shell.anchor]
    rest = shell.rest_m + (shell.share[..., None] * moved).sum(1)
    weights = (shell.share[..., None] * body.weights[shell.anchor]).sum(1)
    blended = torch.einsum("sj,jrc->src", weights, transforms)
    return (blended[:, :, :3] @ rest[..., None])[..., 0] + blended[:, :, 3]


@lru_cache(maxsize=16)
def near_skin(body: BodyModel, joints: tuple[int, ...]) -> Int[Tensor, "N"]:
    """Vertices that some joints move most."""
    return torch.isin(body.weights.argmax(1), torch.tensor(joints)).nonzero()[:, 0]
