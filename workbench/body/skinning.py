"""The two sums behind every SMPL-like body, on plain tensors: along the skeleton, and from joints to skin."""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

# Skinning blends a 3x4 transform per vertex, twelve numbers for every three that come out. Eight bodies at a
# time stay in the processor's cache; a batch of 64 in one piece takes a third longer.
SKIN_CHUNK = 8


def ancestor_steps(parents: Sequence[int]) -> Int[Tensor, "S J1"]:
    """The 1st, 2nd, 4th, 8th, ... ancestor of each joint, until nobody has one.

    Joints are 0..J-1 and J, one past the last, stands for "none": the root's parent (-1) and its own.

    Raises:
        ValueError: not a tree with its root first.
    """
    if not parents or parents[0] != -1 or not all(0 <= p < j for j, p in enumerate(parents) if j > 0):
        raise ValueError(f"parents must be -1 and then, per joint, the id of an earlier one; got {parents}.")
    none = len(parents)
    step = torch.tensor([*(p if p >= 0 else none for p in parents), none])
    steps = [step]
    while bool((step[step] != none).any()):
        step = step[step]
        steps.append(step)
    return torch.stack(steps)


def forward_kinematics(
    local: Float[Tensor, "*b J 3 3"], rest_joints_m: Float[Tensor, "*b J 3"], steps: Int[Tensor, "S J1"]
) -> tuple[Float[Tensor, "*b J 3 3"], Float[Tensor, "*b J 3"]]:
    """Rotations and positions of the joints in the body frame, from parent-relative rotations.

    Each round doubles how much of its chain a joint has multiplied up, so SMPL's nine levels take four
    products (Hillis and Steele's parallel prefix, Communications of the ACM 1986).
    """
    pad = torch.nn.functional.pad
    parents = steps[0][:-1]
    bones = (
        rest_joints_m - pad(rest_joints_m, (0, 0, 0, 1))[..., parents, :]
    )  # the root's parent is the origin
    world = torch.cat((local, bones.unsqueeze(-1)), dim=-1)  # (*b, J, 3, 4)
    rows = torch.zeros(len(parents) + 1, 4, 4).to(local)  # what makes them 4x4, and the identity for "none"
    rows[:, 3, 3] = 1
    rows[-1].fill_diagonal_(1)
    world = pad(world, (0, 0, 0, 1, 0, 1)) + rows  # (*b, J + 1, 4, 4)
    for ancestors in steps:
        world = world[..., ancestors, :, :] @ world
    return world[..., :-1, :3, :3], world[..., :-1, :3, 3]


def skin(
    transforms: Float[Tensor, "n J 3 4"], rest_m: Float[Tensor, "n 3 V"], weights: Float[Tensor, "J V"]
) -> Float[Tensor, "n 3 V"]:
    """Linear blend skinning: each vertex goes where the weighted mean of its joints' transforms takes it."""
    pieces = zip(transforms.split(SKIN_CHUNK), rest_m.split(SKIN_CHUNK), strict=True)
    return torch.cat([_skin_together(some, vertices, weights) for some, vertices in pieces])


def _skin_together(
    transforms: Float[Tensor, "n J 3 4"], rest_m: Float[Tensor, "n 3 V"], weights: Float[Tensor, "J V"]
) -> Float[Tensor, "n 3 V"]:
    n, num_joints = transforms.shape[:2]
    blended = transforms.permute(0, 2, 3, 1).reshape(n * 12, num_joints) @ weights  # (n 12, V)
    blended = blended.reshape(n, 3, 4, weights.shape[1])
    x, y, z = rest_m.unsqueeze(1).unbind(2)  # each (n, 1, V)
    moved = torch.addcmul(blended[:, :, 3], blended[:, :, 0], x)
    moved = torch.addcmul(moved, blended[:, :, 1], y)
    return torch.addcmul(moved, blended[:, :, 2], z)
