"""From key poses to endless ones: neighbours mixed, strides scaled, arms exchanged, every joint a bit off."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.body.joints import SMPL_JOINTS
from workbench.geometry.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from workbench.synth.anatomy import Degrees
from workbench.synth.compiled import KeyTable, compile_keys, mirror_pose, partners, with_mirrored
from workbench.synth.keys import GESTURES, Action
from workbench.synth.keys.standing import standing

MIXED_SHARE = 0.7
"""How many poses lie between two key poses; the others start from one."""
GESTURE_SHARE = 0.6
"""How many free pairs of arms do something of their own."""
TWO_GESTURES_SHARE = 0.3
"""How many of those take the left arm from one gesture and the right arm from another."""
STRIDE_SPREAD = 0.15
"""Standard deviation of a stride's length, arms and legs together."""
LIVELINESS_SPREAD = 0.5
"""Of the logarithm of how far a whole pose is from its keys: some are exact, a few far away."""

_NOISE_DEG: dict[str, tuple[Degrees, Degrees, Degrees]] = {  # about x, y, z of the rest pose
    "pelvis": (4, 0, 3),
    "hip": (7, 5, 5),
    "knee": (8, 1.5, 1),
    "ankle": (6, 4, 3),
    "foot": (5, 1, 1),
    "spine1": (4, 3, 3),
    "spine2": (4, 4, 3),
    "spine3": (3, 4, 3),
    "neck": (6, 9, 4),
    "head": (6, 10, 5),
    "collar": (2, 4, 4),
    "shoulder": (12, 10, 10),
    "elbow": (12, 13, 2),
    "wrist": (12, 6, 12),
    "hand": (2, 3, 14),
}
_ARM_PARTS = ("collar", "shoulder", "elbow", "wrist", "hand")
ARMS = {side: [SMPL_JOINTS.index(f"{side}_{part}") for part in _ARM_PARTS] for side in ("left", "right")}
HEAD = [SMPL_JOINTS.index(name) for name in ("neck", "head")]


@dataclass(frozen=True, eq=False)
class Repertoire:
    """Everything that one split draws from."""

    names: tuple[str, ...]
    """Of the actions."""
    keys: KeyTable
    """Key poses of all actions, then their mirror images."""
    action_share: Float[Tensor, "A"]
    first_key: Int[Tensor, "A"]
    num_keys: Int[Tensor, "A"]
    action_of: Int[Tensor, "K"]
    """The action of each key pose that is not a mirror image."""
    partner: Int[Tensor, "K M"]
    """Key poses to mix with; a row's ids repeat from its number of partners on."""
    middle: Float[Tensor, "A 24 3 3"]
    """The mean pose of a cycle, from which strides are scaled."""
    cycle: Bool[Tensor, "A"]
    free_arms: Bool[Tensor, "A"]
    gestures: Float[Tensor, "G 24 3 3"]
    gesture_share: Float[Tensor, "G"]
    noise_rad: Float[Tensor, "24 3"]

    def to(self, device: torch.device | str) -> "Repertoire":
        """The same repertoire elsewhere."""
        held: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return replace(self, **{k: v.to(device) for k, v in held.items() if k != "names"})


class Draft(NamedTuple):
    """Poses before they are set on the floor and judged."""

    calm: Float[Tensor, "N 24 3 3"]
    """Without noise."""
    noise_rad: Float[Tensor, "N 24 3"]
    """Turns of each joint on top of it."""
    action: Int[Tensor, "N"]
    key: KeyTable
    """Whose contacts each pose keeps: the nearer of the two it was mixed from."""

    def rotations(self, share: float) -> Float[Tensor, "N 24 3 3"]:
        """The poses with some of the noise."""
        return self.calm @ matrix_from_axis_angle(self.noise_rad * share)

    def rows(self, ids: Int[Tensor, "M"]) -> "Draft":
        """Some of the poses."""
        return Draft(self.calm[ids], self.noise_rad[ids], self.action[ids], self.key.rows(ids))


def repertoire(actions: Sequence[Action]) -> Repertoire:
    """Compile actions, and the gestures that free arms may make."""
    keys = with_mirrored(compile_keys([key for action in actions for key in action.keys]))
    allowed = partners(actions, keys)
    most = max(map(len, allowed))
    sizes = torch.tensor([len(action.keys) for action in actions])
    weights = torch.tensor([action.weight for action in actions])
    used = [gesture for gesture in GESTURES if not gesture.left_out]
    first = sizes.cumsum(0) - sizes
    count = len(keys.floor) // 2
    ids = [[*range(f, f + n), *range(f + count, f + n + count)] for f, n in zip(first, sizes, strict=True)]
    noise = [_NOISE_DEG[name.removeprefix("left_").removeprefix("right_")] for name in SMPL_JOINTS]
    shares = torch.tensor([gesture.weight for gesture in used])
    return Repertoire(
        names=tuple(action.name for action in actions),
        keys=keys,
        action_share=weights / weights.sum(),
        first_key=first,
        num_keys=sizes,
        action_of=torch.arange(len(actions)).repeat_interleave(sizes),
        partner=torch.tensor([(row * most)[:most] for row in allowed]),
        middle=torch.stack([_mean(keys.rotations[row]) for row in ids]),
        cycle=torch.tensor([action.cycle for action in actions]),
        free_arms=torch.tensor([action.free_arms for action in actions]),
        gestures=compile_keys([standing(gesture) for gesture in used]).rotations,
        gesture_share=shares / shares.sum(),
        noise_rad=torch.tensor(noise).deg2rad(),
    )


def draft(source: Repertoire, count: int, generator: torch.Generator) -> Draft:
    """Poses that mean something; whether a body can take them is decided elsewhere."""
    draw = _Draw(generator)
    action = torch.multinomial(source.action_share, count, replacement=True, generator=generator)
    first = source.first_key[action] + (draw.uniform(count) * source.num_keys[action]).long()
    second = source.partner[first, (draw.uniform(count) * source.partner.shape[1]).long()]
    share = torch.where(draw.uniform(count) < MIXED_SHARE, draw.uniform(count), 0.0)
    nearer = torch.where(share < 0.5, first, second)
    poses = slerp(source.keys.rotations[first], source.keys.rotations[second], share[:, None])
    stride = (1 + STRIDE_SPREAD * draw.normal(count)).clamp(0.5, 1.35)
    stride = torch.where(source.cycle[action], stride, 1.0)
    poses = slerp(source.middle[action], poses, stride[:, None])
    poses = _with_gestures(source, poses, source.free_arms[action], draw)
    key = source.keys.rows(nearer)
    lively = (LIVELINESS_SPREAD * draw.normal(count)).exp()[:, None, None]
    noise = draw.normal(count, len(SMPL_JOINTS), 3) * source.noise_rad * lively * key.steady[..., None]
    return Draft(poses, noise, action, key)


def slerp(
    a: Float[Tensor, "*b 3 3"], b: Float[Tensor, "*b 3 3"], share: Float[Tensor, "*c"]
) -> Float[Tensor, "*b 3 3"]:
    """The rotation on the shortest way from a (share 0) to b (share 1), or beyond."""
    return a @ matrix_from_axis_angle(axis_angle_from_matrix(a.mT @ b) * share[..., None])


class _Draw:
    """Random numbers on the generator's device."""

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator

    def uniform(self, *shape: int) -> Tensor:
        return torch.rand(*shape, generator=self.generator, device=self.generator.device)

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(*shape, generator=self.generator, device=self.generator.device)


def _with_gestures(source: Repertoire, poses: Tensor, free: Tensor, draw: _Draw) -> Tensor:
    """Exchange free arms, and the head with them, for those of gestures, mirrored half of the time."""
    count = len(poses)
    use = free & (draw.uniform(count) < GESTURE_SHARE)
    mirrored = draw.uniform(count) < 0.5
    picks = torch.multinomial(source.gesture_share, 2 * count, replacement=True, generator=draw.generator)
    one, other = picks[:count], picks[count:]
    other = torch.where(draw.uniform(count) < TWO_GESTURES_SHARE, other, one)
    both = torch.cat((source.gestures, mirror_pose(source.gestures)))
    one, other = (ids + mirrored * len(source.gestures) for ids in (one, other))
    poses = poses.clone()
    for joints, ids in ((ARMS["left"] + HEAD, one), (ARMS["right"], other)):
        taken = both[:, joints][ids]
        poses[:, joints] = torch.where(use[:, None, None, None], taken, poses[:, joints])
    return poses


def _mean(rotations: Float[Tensor, "N 24 3 3"]) -> Float[Tensor, "24 3 3"]:
    """The rotations nearest to all of these in the sense of least squares."""
    u, _, vh = torch.linalg.svd(rotations.mean(0))
    sign = torch.linalg.det(u @ vh).sign()
    return torch.cat((u[..., :2], u[..., 2:] * sign[:, None, None]), dim=-1) @ vh
