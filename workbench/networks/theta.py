"""The vector that HMR's loop corrects: a camera, a pose and a shape, as two systems write them.

    system   numbers   order                        pose
    HMR      85        camera 3, pose 72, betas 10  axis-angle, rad
    SPIN     157       pose 144, betas 10, camera 3 6D, interleaved

The camera is weak perspective in a window, (s, tx, ty) of x = s (X + t); the pose begins with the root. The
two differ in more than order: axis-angle jumps where a joint has turned by pi, as the root of everybody who
faces the camera has; 6D (Zhou et al., CVPR 2019) does not.

Sources: akanazawa/hmr src/RunModel.py; nkolot/SPIN models/hmr.py.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.geometry.rotations import (
    axis_angle_from_matrix,
    contiguous_from_interleaved,
    interleaved_from_contiguous,
    matrix_from_6d,
    matrix_from_axis_angle,
    nearest_turn,
    sixd_from_matrix,
)

JOINTS, BETAS, CAMERA = 24, 10, 3


class Parts(NamedTuple):
    """What the numbers say."""

    rotations: Float[Tensor, "N 24 3 3"]
    """Parent-relative; the root's turns the body's axes to the camera's."""
    betas: Float[Tensor, "N 10"]
    crop: Float[Tensor, "N 3"]
    """(s, tx, ty); s is what the network said, and may be negative."""


@dataclass(frozen=True)
class Layout:
    """How a system writes a body and its camera as one vector."""

    name: str
    order: tuple[str, ...]
    """Of "camera", "pose" and "betas"."""
    rotation: Literal["axis-angle", "6D interleaved"]

    @property
    def sizes(self) -> dict[str, int]:
        """How many numbers each part has, in order."""
        pose = JOINTS * (3 if self.rotation == "axis-angle" else 6)
        sizes = {"camera": CAMERA, "pose": pose, "betas": BETAS}
        return {part: sizes[part] for part in self.order}

    @property
    def size(self) -> int:
        """How many numbers in all."""
        return sum(self.sizes.values())

    def parts(self, theta: Float[Tensor, "N P"]) -> Parts:
        """Read the numbers, in float32 whatever the network computes in."""
        part = dict(zip(self.order, theta.float().split(list(self.sizes.values()), 1), strict=True))
        pose = part["pose"].unflatten(1, (JOINTS, -1))
        with torch.autocast(theta.device.type, enabled=False):  # bfloat16 moves landmarks by millimetres
            if self.rotation == "axis-angle":
                rotations = matrix_from_axis_angle(pose)
            else:
                rotations = matrix_from_6d(contiguous_from_interleaved(pose))
        return Parts(rotations, part["betas"], part["camera"])

    def vector(
        self,
        rotations: Float[Tensor, "N 24 3 3"],
        betas: Float[Tensor, "N 10"],
        crop: Float[Tensor, "N 3"],
    ) -> Float[Tensor, "N P"]:
        """Write the numbers; the inverse of `parts`, with turns of at most pi."""
        if self.rotation == "axis-angle":
            pose = axis_angle_from_matrix(rotations)
        else:
            pose = interleaved_from_contiguous(sixd_from_matrix(rotations))
        part = {"camera": crop, "pose": pose.flatten(1), "betas": betas}
        return torch.cat([part[name] for name in self.order], 1)

    def as_hmr(self, theta: Float[Tensor, "N P"]) -> Float[Tensor, "N 85"]:
        """The same in HMR's 85 numbers, which people can read."""
        return theta if self == HMR else HMR.vector(*self.parts(theta))

    def trace(self, thetas: Sequence[Float[Tensor, "N P"]]) -> list[Float[Tensor, "N 85"]]:
        """A loop's iterations as HMR's numbers; no joint seems to jump where it turns past pi."""
        if self == HMR:
            return list(thetas)
        whole = self.as_hmr(torch.cat(list(thetas))).split([len(theta) for theta in thetas])
        smooth = [whole[0]]
        for numbers in whole[1:]:
            camera, pose, betas = numbers.split((CAMERA, 3 * JOINTS, BETAS), 1)
            before = smooth[-1][:, CAMERA:-BETAS]
            pose = nearest_turn(pose.unflatten(1, (JOINTS, 3)), before.unflatten(1, (JOINTS, 3)))
            smooth.append(torch.cat((camera, pose.flatten(1), betas), 1))
        return smooth


HMR = Layout("HMR", ("camera", "pose", "betas"), "axis-angle")
SPIN = Layout("SPIN", ("pose", "betas", "camera"), "6D interleaved")


def mean_person(scale: float = 0.9) -> Parts:
    """Where a loop may begin: the rest pose facing the camera in the middle of its window (N = 1)."""
    rotations = torch.eye(3).repeat(1, JOINTS, 1, 1)
    rotations[:, 0] = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    return Parts(rotations, torch.zeros(1, BETAS), torch.tensor([[scale, 0.0, 0.0]]))
