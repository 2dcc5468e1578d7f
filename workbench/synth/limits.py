"""How far each joint can go: a cone for where the bone points, and a range for its twist about itself.

A rotation is split into a twist about the bone and a swing of it (Grassia, J. Graphics Tools 1998), measured
from the middle of the joint's range. Angles are those of a supple adult in textbooks of anatomy, not data's.
`body.limits` is the soft, Gaussian cousin for fits; these are hard bounds for making people.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any

import roma
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.body.joints import SMPL_JOINTS
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.anatomy import MIRROR_IDS, Degrees, arm_direction


@dataclass(frozen=True)
class Cone:
    """The range of a joint of the left side or of the middle; degrees about the axes of the rest pose."""

    bone: str
    """The axis that the bone lies along; the other two are swung about, in the order x, y, z."""
    middle: tuple[Degrees, Degrees, Degrees]
    """Rotation vector of the middle of the range."""
    swing: tuple[tuple[Degrees, Degrees], tuple[Degrees, Degrees]]
    """Least and most about each of the other two axes, from the middle; between them it is an ellipse."""
    twist: tuple[Degrees, Degrees]
    """About the bone."""
    carried: bool = False
    """The swing's axes are carried along by the twist: pronation in the forearm turns the wrist's hinge."""


_X, _Y, _Z = (float(v) for v in arm_direction(75, 50).as_rotvec(degrees=True))

CONES: dict[str, Cone] = {
    "hip": Cone("y", (-50, 0, 5), ((-85, 80), (-45, 65)), (-50, 65)),
    "knee": Cone("y", (75, 0, 0), ((-80, 80), (-9, 9)), (-30, 30)),
    "ankle": Cone("y", (15, 0, 0), ((-52, 50), (-32, 25)), (-30, 30)),
    "foot": Cone("y", (-15, 0, 0), ((-54, 45), (-10, 10)), (-10, 10)),
    "spine": Cone("y", (0, 0, 0), ((-23, 34), (-17, 17)), (-22, 22)),
    "neck": Cone("y", (0, 0, 0), ((-34, 30), (-24, 24)), (-42, 42)),
    "collar": Cone("x", (0, 0, 0), ((-30, 22), (-22, 36)), (-15, 15)),
    "shoulder": Cone("x", (_X, _Y, _Z), ((-112, 112), (-112, 112)), (-100, 100)),
    "elbow": Cone("x", (0, -75, 0), ((-80, 80), (-9, 9)), (-48, 48)),
    "wrist": Cone("x", (0, 0, 0), ((-38, 32), (-88, 88)), (-48, 48), carried=True),
    "hand": Cone("x", (0, 0, 0), ((-12, 12), (-95, 30)), (-12, 12)),
}  # fmt: skip
"""The spine's is for each of its three joints, the neck's for neck and head each."""

_OF = {"spine1": "spine", "spine2": "spine", "spine3": "spine", "head": "neck"}
_FREE = Cone("y", (0, 0, 0), ((-181, 181), (-181, 181)), (-181, 181))


@dataclass(frozen=True, eq=False)
class Limits:
    """The cones as tensors, one row per joint; right ones are measured on their mirror images."""

    mirrored: Float[Tensor, "J 3"]
    """Signs that take a rotation vector of this joint to the left side."""
    middle: Float[Tensor, "J 3 3"]
    bone: Float[Tensor, "J 3"]
    """Unit axis."""
    swing_axes: Float[Tensor, "J 2 3"]
    swing_rad: Float[Tensor, "J 2 2"]
    """Least and most about each swing axis."""
    twist_rad: Float[Tensor, "J 2"]
    carried: Bool[Tensor, "J 1 1"]
    """Joints whose twist comes before the swing: their inverse is measured, with limits turned round."""

    def to(self, device: torch.device | str) -> "Limits":
        """The same limits elsewhere."""
        moved: dict[str, Any] = {f.name: getattr(self, f.name).to(device) for f in fields(self)}
        return replace(self, **moved)

    def of(self, joints: Sequence[int]) -> "Limits":
        """Of some joints only, in that order."""
        kept: dict[str, Any] = {f.name: getattr(self, f.name)[list(joints)] for f in fields(self)}
        return replace(self, **kept)

    def excess_rad(self, rotations: Float[Tensor, "*b J 3 3"]) -> Float[Tensor, "*b J"]:
        """How far each joint is turned beyond its range; 0 within. The root may face anywhere."""
        swing, twist = self._split(rotations)
        over = swing.norm(dim=-1) * (1 - 1 / self._fill(swing).clamp_min(1))
        return over + (twist - twist.clamp(self.twist_rad[:, 0], self.twist_rad[:, 1])).abs()

    def within(self, rotations: Float[Tensor, "*b J 3 3"]) -> Float[Tensor, "*b J 3 3"]:
        """The nearest pose in range along each joint's swing and twist; poses in range stay as they are."""
        swing, twist = self._split(rotations)
        swing = swing / self._fill(swing).clamp_min(1)[..., None]
        twist = twist.clamp(self.twist_rad[:, 0], self.twist_rad[:, 1])
        turn_swing = matrix_from_axis_angle((swing[..., None] * self.swing_axes).sum(-2))
        turn_twist = matrix_from_axis_angle(twist[..., None] * self.bone)
        turn = turn_swing @ turn_twist
        return self._unmirror(self.middle @ torch.where(self.carried, turn.mT, turn))

    def _split(self, rotations: Tensor) -> tuple[Tensor, Tensor]:
        """Swing about its two axes, and twist: R = middle swing twist."""
        turn = self.middle.mT @ self._unmirror(rotations)
        turn = torch.where(self.carried, turn.mT, turn)
        quat = roma.rotmat_to_unitquat(turn)  # x, y, z, w
        along = (quat[..., :3] * self.bone).sum(-1)
        sign = torch.where(quat[..., 3] < 0, -1.0, 1.0)
        twist = 2 * torch.atan2(along * sign, quat[..., 3] * sign)
        untwist = torch.cat(((-twist / 2).sin()[..., None] * self.bone, (twist / 2).cos()[..., None]), dim=-1)
        swing = roma.unitquat_to_rotvec(roma.quat_product(quat, untwist))
        return (swing.unsqueeze(-2) * self.swing_axes).sum(-1), twist

    def _fill(self, swing: Tensor) -> Tensor:
        """How much of its cone a swing uses: 1 on the edge."""
        limit = torch.where(swing < 0, self.swing_rad[..., 0], self.swing_rad[..., 1])
        return (swing / limit).norm(dim=-1)

    def _unmirror(self, rotations: Tensor) -> Tensor:
        return rotations * self.mirrored[:, :, None] * self.mirrored[:, None, :]


@lru_cache(maxsize=1)
def anatomical_limits() -> Limits:
    """Of SMPL's 24 joints."""
    rows = []
    for name in SMPL_JOINTS:
        part = name.removeprefix("left_").removeprefix("right_")
        rows.append(CONES.get(_OF.get(part, part), _FREE))
    axes = {axis: torch.eye(3)[i] for i, axis in enumerate("xyz")}
    others = {"x": "yz", "y": "xz", "z": "xy"}
    right = torch.tensor([i > j for i, j in enumerate(MIRROR_IDS)])[:, None]
    carried = torch.tensor([cone.carried for cone in rows])[:, None, None]
    swing = torch.tensor([cone.swing for cone in rows]).deg2rad()
    twist = torch.tensor([cone.twist for cone in rows]).deg2rad()
    return Limits(
        mirrored=torch.where(right, torch.tensor([1.0, -1.0, -1.0]), 1.0),
        middle=matrix_from_axis_angle(torch.tensor([cone.middle for cone in rows]).deg2rad()),
        bone=torch.stack([axes[cone.bone] for cone in rows]),
        swing_axes=torch.stack([torch.stack([axes[a] for a in others[cone.bone]]) for cone in rows]),
        swing_rad=torch.where(carried, -swing.flip(-1), swing),
        twist_rad=torch.where(carried[..., 0], -twist.flip(-1), twist),
        carried=carried,
    )
