"""A stick figure of capsules inside the skin: fast answers to what touches what, and where the weight is.

A capsule is a segment with a radius, fixed to one joint. Twenty of them instead of 6,890 vertices: whole
batches are tested for limbs inside the body, for feet on the floor and for balance in milliseconds.
"""

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.body import BodyModel, open_body
from workbench.body.joints import SMPL_JOINTS, SMPL_PARENTS
from workbench.body.levels import Levels, pose_many

SIDES = ("left", "right")
MASS_SHARE = {
    "head": 0.069, "neck": 0.01, "shoulders": 0.06, "chest": 0.11, "belly": 0.14, "pelvis": 0.12,
    "upper_arm": 0.027, "forearm": 0.016, "hand": 0.006,
    "thigh": 0.085, "knee": 0.057, "shin": 0.043, "foot": 0.013, "toes": 0.001,
}  # fmt: skip
"""Of the body's mass: de Leva (J. Biomech. 1996), the mean of women and men."""

NAMES: tuple[str, ...] = (
    *("pelvis", "belly", "chest", "shoulders", "neck", "head"),
    *(
        f"{side}_{part}"
        for side in SIDES
        for part in ("thigh", "knee", "shin", "foot", "toes", "upper_arm", "forearm", "hand")
    ),
)
"""The capsules, in order."""

SLABS: tuple[str, ...] = ("pelvis", "belly", "chest", "shoulders")
"""Capsules of the trunk that lie from left to right; the others lie along a bone."""

_ENDS = {  # contact -> ends of capsules, 0 the one nearer to the pelvis (of the trunk: the left one)
    "foot": (("foot", 0), ("foot", 1)),
    "toes": (("foot", 1), ("toes", 1)),
    "instep": (("toes", 1),),
    "knee": (("shin", 0),),
    "hand": (("hand", 0), ("hand", 1)),
    "fingers": (("hand", 1),),
    "forearm": (("forearm", 0), ("forearm", 1)),
    "elbow": (("forearm", 0),),
    "shoulder": (("upper_arm", 0),),
    "heel": (("foot", 0),),
    "calf": (("shin", 1),),
}
CONTACTS: dict[str, tuple[int, ...]] = {
    f"{side}_{name}": tuple(2 * NAMES.index(f"{side}_{part}") + end for part, end in ends)
    for side in SIDES
    for name, ends in _ENDS.items()
} | {
    "seat": (2 * NAMES.index("pelvis"), 2 * NAMES.index("pelvis") + 1),
    "left_hip": (2 * NAMES.index("pelvis"),),
    "right_hip": (2 * NAMES.index("pelvis") + 1,),
    "chest": (2 * NAMES.index("chest"), 2 * NAMES.index("chest") + 1),
    "shoulders": (2 * NAMES.index("shoulders"), 2 * NAMES.index("shoulders") + 1),
    "head": (2 * NAMES.index("head") + 1,),
}
"""What may touch the floor, as ids of capsule ends."""


class World(NamedTuple):
    """A posed skeleton in the body frame."""

    rotations: Float[Tensor, "*b 24 3 3"]
    joints_m: Float[Tensor, "*b 24 3"]


@dataclass(frozen=True, eq=False)
class Figure:
    """The capsules of one person in rest pose."""

    body: BodyModel
    rest_joints_m: Float[Tensor, "24 3"]
    levels: Levels
    joint: Int[Tensor, "C"]
    """The joint that carries each capsule."""
    ends_m: Float[Tensor, "C 2 3"]
    """From that joint."""
    radius_m: Float[Tensor, "C"]
    mass: Float[Tensor, "C"]
    """Share of the body's mass, summing to one."""
    pairs: Int[Tensor, "P 2"]
    """Capsules that must not enter each other."""
    slack_m: Float[Tensor, "P"]
    """How deep they still may: flesh gives way, and a capsule is not quite the limb."""

    def to(self, device: torch.device | str) -> "Figure":
        """The same figure elsewhere."""
        moved: dict[str, Any] = {f.name: getattr(self, f.name).to(device) for f in fields(self)}
        return replace(self, **moved)

    def posed(self, rotations: Float[Tensor, "*b 24 3 3"]) -> "World":
        """The mean person in these poses."""
        batch = rotations.shape[:-3]
        local = rotations.to(self.rest_joints_m).reshape(-1, *rotations.shape[-3:]).permute(2, 3, 1, 0)
        world = pose_many(local, self.rest_joints_m.T.unsqueeze(-1), self.levels).permute(3, 2, 0, 1)
        turned, places = world.contiguous().reshape(*batch, -1, 3, 4).split((3, 1), dim=-1)
        return World(turned.contiguous(), places.squeeze(-1).contiguous())

    def ends(self, posed: "World") -> Float[Tensor, "*b C 2 3"]:
        """Where the capsules are."""
        turned = posed.rotations[..., self.joint, :, :] @ self.ends_m.mT  # (*b, C, 3, 2)
        return turned.mT + posed.joints_m[..., self.joint, :].unsqueeze(-2)

    def heights_m(self, ends: Float[Tensor, "*b C 2 3"]) -> Float[Tensor, "*b E"]:
        """Of the lowest point of each end, in the order of CONTACTS' ids; zero is the body's origin."""
        return (ends[..., 1] - self.radius_m[:, None]).flatten(-2)

    def overlap_m(self, ends: Float[Tensor, "*b C 2 3"]) -> Float[Tensor, "*b P"]:
        """How deep each pair of capsules is in each other, beyond its slack; negative is apart."""
        first, second = ends[..., self.pairs[:, 0], :, :], ends[..., self.pairs[:, 1], :, :]
        reach = self.radius_m[self.pairs].sum(1)
        return reach - self.slack_m - segment_distance(first, second)

    def penetrates(self, ends: Float[Tensor, "*b C 2 3"]) -> Bool[Tensor, "*b"]:
        """Whether any part is inside another."""
        return (self.overlap_m(ends) > 0).any(-1)

    def center_of_mass(self, ends: Float[Tensor, "*b C 2 3"]) -> Float[Tensor, "*b 3"]:
        """Where the weight is."""
        return (ends.mean(-2) * self.mass[:, None]).sum(-2)


def segment_distance(a: Float[Tensor, "*b 2 3"], b: Float[Tensor, "*b 2 3"]) -> Float[Tensor, "*b"]:
    """Distance of two segments (Ericson, Real-Time Collision Detection, 2005, section 5.1.9).

    Segments without length are points.
    """
    start = a[..., 0, :] - b[..., 0, :]
    along_a, along_b = a[..., 1, :] - a[..., 0, :], b[..., 1, :] - b[..., 0, :]
    aa, bb, ab = _dot(along_a, along_a) + 1e-9, _dot(along_b, along_b) + 1e-9, _dot(along_a, along_b)
    sa, sb = _dot(along_a, start), _dot(along_b, start)
    s = ((ab * sb - sa * bb) / (aa * bb - ab * ab).clamp_min(1e-12)).clamp(0, 1)
    t = ((ab * s + sb) / bb).clamp(0, 1)
    s = ((ab * t - sa) / aa).clamp(0, 1)
    return (start + s[..., None] * along_a - t[..., None] * along_b).norm(dim=-1)


def _dot(a: Tensor, b: Tensor) -> Tensor:
    return (a * b).sum(-1)


@lru_cache(maxsize=2)
def open_figure() -> Figure:
    """The figure of the mean open body; made once, and never changed."""
    return figure_of(open_body())


def figure_of(body: BodyModel) -> Figure:
    """Capsules fitted to a body of SMPL's 24 joints at rest."""
    joints = {name: body.joint_template[i] for i, name in enumerate(SMPL_JOINTS)}
    part = body.weights.argmax(1)
    capsules = {}
    for name in SLABS:
        capsules[name] = _slab(body.v_template, part, name)
    head = body.v_template[part == SMPL_JOINTS.index("head")]
    capsules["neck"] = ("neck", joints["neck"], joints["head"], 0.055)
    radius = float(head[:, 0].max()) * 0.95
    top = joints["head"] * torch.tensor([0.0, 1, 0]) + torch.tensor([0.0, 0.0, float(head[:, 2].mean())])
    crown = torch.tensor([0.0, float(head[:, 1].max()) - radius, float(head[:, 2].min()) + radius])
    capsules["head"] = ("head", top + torch.tensor([0.0, 0.01, 0.02]), crown, radius)
    for side in SIDES:
        capsules |= _limbs(body, joints, side)
    made = [capsules[name] for name in NAMES]
    at = torch.tensor([SMPL_JOINTS.index(joint) for joint, *_ in made])
    ends = torch.stack([torch.stack((a, b)) for _, a, b, _ in made]) - body.joint_template[at, None]
    mass = torch.tensor([MASS_SHARE[name.removeprefix("left_").removeprefix("right_")] for name in NAMES])
    pairs, slack = _pairs()
    levels = Levels.of(SMPL_PARENTS)
    return Figure(
        body,
        body.joint_template,
        levels,
        at,
        ends,
        torch.tensor([c[3] for c in made]),
        mass / mass.sum(),
        pairs,
        slack,
    )


SLACK_M, SOFT_SLACK_M = 0.008, 0.02
"""How far two hard parts may overlap, and how much more each soft one allows: a belly gives way, and so does
the thigh that is pressed into it."""


def _softness(part: str) -> float:
    return SOFT_SLACK_M if part in SLABS or part.endswith(("thigh", "knee")) else 0.0


_Capsule = tuple[str, Tensor, Tensor, float]


def _slab(vertices: Tensor, part: Tensor, name: str) -> _Capsule:
    """A part of the trunk: as thick as it is deep, and lying from side to side."""
    of = dict(zip(SLABS, ("pelvis", "spine1", "spine2", "spine3"), strict=True))[name]
    skin = vertices[part == SMPL_JOINTS.index(of)]
    low, high = skin.quantile(0.1, dim=0), skin.quantile(0.9, dim=0)
    radius = 0.5 * float(high[2] - low[2])
    middle = (low + high) / 2 * torch.tensor([0.0, 1, 1])
    half = torch.tensor([max(float(skin[:, 0].max()) - radius, 0.02), 0, 0])
    return of, middle + half, middle - half, radius


def _limbs(body: BodyModel, joints: dict[str, Tensor], side: str) -> dict[str, _Capsule]:
    at = {name.removeprefix(f"{side}_"): place for name, place in joints.items()}
    floor = float(body.v_template[:, 1].min())
    heel = body.v_template[body.keypoints[f"{side}_heel"]]
    toe = body.v_template[body.keypoints[f"{side}_big_toe"]]
    tip = body.v_template[body.keypoints[f"{side}_middle_tip"]]
    sole, nail = 0.035, 0.018
    ball = torch.stack((at["foot"][0], torch.tensor(floor + sole), at["foot"][2] - 0.01))
    back = torch.stack((heel[0], torch.tensor(floor + sole), heel[2] + sole))
    front = torch.stack((at["foot"][0], torch.tensor(floor + nail), toe[2] - nail))
    knuckles = torch.stack((at["foot"][0], torch.tensor(floor + nail + 0.005), at["foot"][2] + 0.01))
    # Flesh lies in front of the thigh bone, and towards the other thigh.
    inward = torch.tensor([-0.012 if side == "left" else 0.012, 0.0, 0.018])
    thigh = [at["hip"] + share * (at["knee"] - at["hip"]) + inward for share in (0.2, 0.5, 0.9)]
    palm = at["wrist"] + 0.25 * (at["hand"] - at["wrist"])
    return {
        f"{side}_thigh": (f"{side}_hip", thigh[0], thigh[1], 0.083),
        f"{side}_knee": (f"{side}_hip", thigh[1], thigh[2], 0.066),
        f"{side}_shin": (f"{side}_knee", at["knee"], at["ankle"], 0.047),
        f"{side}_foot": (f"{side}_ankle", back, ball, sole),
        f"{side}_toes": (f"{side}_foot", knuckles, front, nail),
        f"{side}_upper_arm": (f"{side}_shoulder", at["shoulder"], at["elbow"], 0.043),
        f"{side}_forearm": (f"{side}_elbow", at["elbow"], at["wrist"], 0.033),
        f"{side}_hand": (f"{side}_wrist", palm, at["hand"] + 0.55 * (tip - at["hand"]), 0.022),
    }


def _pairs() -> tuple[Int[Tensor, "P 2"], Float[Tensor, "P"]]:
    """All pairs but those that a joint holds together."""
    trunk = (*SLABS, "neck", "head")
    joined = {frozenset((a, b)) for a in trunk for b in trunk}
    for side in SIDES:
        leg = [f"{side}_{part}" for part in ("thigh", "knee", "shin", "foot", "toes")]
        joined |= {frozenset((a, b)) for a in leg for b in leg}
        joined |= {frozenset(("pelvis", f"{side}_thigh")), frozenset(("belly", f"{side}_thigh"))}
        joined |= {frozenset((part, f"{side}_upper_arm")) for part in ("chest", "shoulders", "neck", "head")}
        joined |= {frozenset((f"{side}_forearm", f"{side}_{part}")) for part in ("upper_arm", "hand")}
    pairs, slack = [], []
    for i, a in enumerate(NAMES):
        for j in range(i + 1, len(NAMES)):
            if frozenset((a, NAMES[j])) not in joined:
                pairs.append((i, j))
                # A hand is wider than its capsule, so nothing gives way to it.
                hand = a.endswith("hand") or NAMES[j].endswith("hand")
                slack.append(SLACK_M + (0 if hand else _softness(a) + _softness(NAMES[j])))
    return torch.tensor(pairs), torch.tensor(slack)
