"""The stages after the model itself: a person's shape, then a pose of it. model.py tells how they follow."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body.mesh import Mesh
from workbench.body.skinning import forward_kinematics, skin
from workbench.geometry.rotations import matrix_from_axis_angle

if TYPE_CHECKING:
    from workbench.body.model import BodyModel


@dataclass(frozen=True, eq=False)
class Shaped:
    """A person in rest pose."""

    model: "BodyModel"
    betas: Float[Tensor, "*b B"]
    expression: Float[Tensor, "*c E"]
    """Batch dimensions broadcast with those of betas."""

    @cached_property
    def joints_m(self) -> Float[Tensor, "*b J 3"]:
        """Rest joints."""
        used = self.model.joint_directions[: self.betas.shape[-1]]
        joints = self.model.joint_template + (self.betas @ used.flatten(1)).unflatten(-1, (-1, 3))
        if self.model.expression_joint_directions is None or self.expression.shape[-1] == 0:
            return joints
        used = self.model.expression_joint_directions[: self.expression.shape[-1]]
        return joints + (self.expression @ used.flatten(1)).unflatten(-1, (-1, 3))

    @cached_property
    def vertices_m(self) -> Float[Tensor, "*b V 3"]:
        """Template plus shape."""
        return self._coordinates.unflatten(-1, (3, -1)).mT

    @cached_property
    def _coordinates(self) -> Float[Tensor, "*b X"]:
        batch = self.betas.shape[:-1]
        betas = self.betas.reshape(batch.numel(), self.betas.shape[-1])  # -1 would not do for no betas
        directions = self.model.directions[: betas.shape[-1]].flatten(1)
        coordinates = torch.addmm(self.model._template_row, betas, directions)
        coordinates = coordinates.reshape(*batch, directions.shape[1])
        if self.expression.shape[-1] == 0:
            return coordinates
        start = self.model.num_betas
        return coordinates + self.expression @ self.model.directions[start:][
            : self.expression.shape[-1]
        ].flatten(1)

    def with_pose(self, theta: Float[Tensor, "*b J 3"]) -> "Posed":
        """Stage 3 from parent-relative axis-angle vectors, rad; joint 0 turns the whole body.

        Raises:
            ValueError: another number of joints than the body has.
        """
        self._check_joints("theta", theta.shape, (3,))
        return self.with_rotations(matrix_from_axis_angle(theta.to(self.betas)))

    def with_rotations(self, rotations: Float[Tensor, "*b J 3 3"]) -> "Posed":
        """Stage 3 from parent-relative rotation matrices, as networks predict them.

        Raises:
            ValueError: another number of joints than the body has.
        """
        self._check_joints("rotations", rotations.shape, (3, 3))
        rotations = rotations.to(self.betas)
        batch = torch.broadcast_shapes(self.joints_m.shape[:-2], rotations.shape[:-3])
        local = rotations.expand(*batch, -1, -1, -1)
        rest = self.joints_m.expand(*batch, -1, -1)
        return Posed(self, local, *forward_kinematics(local, rest, self.model._ancestor_steps))

    def _check_joints(self, label: str, got: torch.Size, entry: tuple[int, ...]) -> None:
        expected = (self.model.num_joints, *entry)
        if tuple(got[-len(expected) :]) != expected:
            raise ValueError(
                f"{label} must end in shape {expected}, one entry per joint of body {self.model.name!r}; "
                f"got {tuple(got)}."
            )


@dataclass(frozen=True, eq=False)
class Posed:
    """A person whose joints have moved; the skin follows in mesh()."""

    shaped: Shaped
    local_rotations: Float[Tensor, "*b J 3 3"]
    """Parent-relative."""
    rotations: Float[Tensor, "*b J 3 3"]
    """In the body frame: what each joint does to its part of the rest pose."""
    joints_m: Float[Tensor, "*b J 3"]

    @cached_property
    def rest_vertices_m(self) -> Float[Tensor, "*b V 3"]:
        """Template, shape and pose correctives: the body just before skinning, still in rest pose."""
        return self._coordinates.unflatten(-1, (3, -1)).mT

    @cached_property
    def transforms(self) -> Float[Tensor, "*b J 3 4"]:
        """Rest pose to posed, per joint: [R | t] that takes the rest joint to its place."""
        moved = (self.rotations @ self.shaped.joints_m.unsqueeze(-1)).squeeze(-1)
        return torch.cat((self.rotations, (self.joints_m - moved).unsqueeze(-1)), dim=-1)

    @cached_property
    def _coordinates(self) -> Float[Tensor, "*b X"]:
        batch = self.joints_m.shape[:-2]
        model = self.shaped.model
        pose_directions = model.directions[model.num_betas + model.num_expressions :]
        bend = self.local_rotations[..., 1:, :, :] - torch.eye(3).to(self.joints_m)
        shaped = self.shaped._coordinates.expand(*batch, -1)
        posed = torch.addmm(
            shaped.reshape(-1, shaped.shape[-1]),
            bend.reshape(-1, len(pose_directions)),
            pose_directions.flatten(1),
        )
        return posed.reshape(*batch, posed.shape[-1])

    def mesh(self) -> Mesh:
        """Stage 4: linear blend skinning."""
        model = self.shaped.model
        rest = self._coordinates.unflatten(-1, (3, -1))
        transforms = self.transforms.reshape(-1, model.num_joints, 3, 4)
        vertices = skin(transforms, rest.reshape(-1, *rest.shape[-2:]), model._weights_rows)
        return Mesh(vertices.mT.reshape(rest.mT.shape).contiguous(), self.joints_m, model.faces)
