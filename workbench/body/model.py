"""The body in four stages: model -> shaped -> posed -> mesh (SMPL: Loper et al., SIGGRAPH Asia 2015).

    model.with_shape(betas)      Shaped   template + shape directions, and the joints that go with them
         .with_pose(theta)       Posed    + pose correctives, and where every joint went
         .mesh()                 Mesh     skinned: each vertex follows its joints

Nothing here has state: each stage is a frozen value that can be looked at, kept and differentiated. A stage
works out its vertices only when asked, so whoever needs just the joints never pays for the skin.
Batch dimensions come first, may be missing, and broadcast between shape and pose.
Body frame: x to the body's left, y up, z forward, metres.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.body.mesh import Mesh
from workbench.body.skinning import ancestor_steps, forward_kinematics, skin
from workbench.geometry.rotations import matrix_from_axis_angle


@dataclass(frozen=True, eq=False)
class BodyModel:
    """The arrays of one SMPL-format body, laid out for speed; from_arrays or files.load_body makes one."""

    name: str
    topology: str
    """What data indexed by vertex may be applied: "smpl", "smplx", "open-smpl-6890", ... See topology.py."""
    licence: str
    v_template: Float[Tensor, "V 3"]
    """The mean body in rest pose, m."""
    directions: Float[Tensor, "K 3 V"]
    """Shape directions, then pose directions, m per unit; one matrix product applies either."""
    joint_template: Float[Tensor, "J 3"]
    """Rest joints of the mean body, m."""
    joint_directions: Float[Tensor, "B J 3"]
    """How each beta moves them, so that joints need no vertices."""
    weights: Float[Tensor, "V J"]
    """Skinning weights; rows sum to one."""
    parents: tuple[int, ...]
    """Parent of each joint, always an earlier one; -1 for the root."""
    faces: Int[Tensor, "F 3"]
    joint_regressor: Float[Tensor, "J V"] | None = None
    """Rest joints from shaped vertices; joint_template and joint_directions come from it."""
    uv: Float[Tensor, "U 2"] | None = None
    uv_faces: Int[Tensor, "F 3"] | None = None
    keypoints: Mapping[str, int] = field(default_factory=dict)
    """Vertex ids of named surface points (nose, eyes, ears, finger tips, toes, heels)."""

    @classmethod
    def from_arrays(
        cls,
        *,
        v_template: Float[Tensor, "V 3"],
        shapedirs: Float[Tensor, "V 3 B"],
        posedirs: Float[Tensor, "V 3 P"],
        joint_regressor: Float[Tensor, "J V"],
        weights: Float[Tensor, "V J"],
        parents: Sequence[int],
        faces: Int[Tensor, "F 3"],
        name: str = "unnamed",
        topology: str = "unknown",
        licence: str = "unknown",
        uv: Float[Tensor, "U 2"] | None = None,
        uv_faces: Int[Tensor, "F 3"] | None = None,
        keypoints: Mapping[str, int] | None = None,
    ) -> "BodyModel":
        """A body from arrays in the layout of SMPL's files.

        Raises:
            ValueError: posedirs do not fit the number of joints.
        """
        num_joints = weights.shape[1]
        if posedirs.shape[2] != 9 * (num_joints - 1):
            raise ValueError(
                f"posedirs must have 9 columns per joint but the root, {9 * (num_joints - 1)} for "
                f"{num_joints} joints; got {posedirs.shape[2]}."
            )
        directions = torch.cat((shapedirs, posedirs), dim=2).permute(2, 1, 0).contiguous()
        # In double: a float32 sum over thousands of vertices would cost a micrometre.
        regress = joint_regressor.double()
        joint_directions = torch.einsum("jv,vcb->bjc", regress, shapedirs.double())
        return cls(
            name=name,
            topology=topology,
            licence=licence,
            v_template=v_template,
            directions=directions,
            joint_template=(regress @ v_template.double()).to(v_template),
            joint_directions=joint_directions.to(v_template).contiguous(),
            weights=weights,
            parents=tuple(int(p) for p in parents),
            faces=faces.long(),
            joint_regressor=joint_regressor,
            uv=uv,
            uv_faces=None if uv_faces is None else uv_faces.long(),
            keypoints=dict(keypoints or {}),
        )

    @property
    def num_betas(self) -> int:
        """Shape coefficients the body has."""
        return self.joint_directions.shape[0]

    @property
    def num_joints(self) -> int:
        """Joints, the root included."""
        return len(self.parents)

    @property
    def shapedirs(self) -> Float[Tensor, "V 3 B"]:
        """Shape directions in the layout of SMPL's files (a view)."""
        return self.directions[: self.num_betas].permute(2, 1, 0)

    @property
    def posedirs(self) -> Float[Tensor, "V 3 P"]:
        """Pose directions in the layout of SMPL's files (a view)."""
        return self.directions[self.num_betas :].permute(2, 1, 0)

    def to(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> "BodyModel":
        """The same body elsewhere, or in another precision."""
        moved = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Tensor):
                moved[f.name] = value.to(device=device, dtype=dtype if value.is_floating_point() else None)
        return replace(self, **moved)

    def with_shape(self, betas: Float[Tensor, "*b B"]) -> "Shaped":
        """Stage 2. Fewer betas than the body has, or none, means that the others are zero.

        Raises:
            ValueError: more betas than the body has.
        """
        if betas.shape[-1] > self.num_betas:
            raise ValueError(
                f"betas must have at most {self.num_betas} entries in the last dimension, as many as body "
                f"{self.name!r} has; got shape {tuple(betas.shape)}. Leave the surplus out."
            )
        return Shaped(self, betas.to(self.v_template))

    def mesh(self, betas: Float[Tensor, "*b B"], theta: Float[Tensor, "*c J 3"]) -> Mesh:
        """All stages at once, for numbers that come from outside: they are checked to be finite.

        Args:
            betas: shape, in standard deviations.
            theta: parent-relative axis-angle per joint, rad; joint 0 turns the whole body.

        Raises:
            ValueError: too many betas, another number of joints, NaN or infinity.
        """
        for label, values in (("betas", betas), ("theta", theta)):
            if not bool(torch.isfinite(values).all()):
                bad = torch.nonzero(~torch.isfinite(values))[0].tolist()
                raise ValueError(f"{label} must be finite; got {float(values[tuple(bad)])} at index {bad}.")
        return self.with_shape(betas).with_pose(theta).mesh()

    def subset(self, vertex_ids: Int[Tensor, "N"], faces: Int[Tensor, "G 3"] | None = None) -> "BodyModel":
        """A body of some of the vertices, which move exactly as in the whole one; the joints are untouched.

        Args:
            vertex_ids: the vertices to keep, in the new order.
            faces: triangles in the new numbering; by default those whose three corners were kept.
        """
        new_id = self.faces.new_full((len(self.v_template),), -1)
        new_id[vertex_ids] = torch.arange(len(vertex_ids), device=new_id.device)
        if faces is None:
            renumbered = new_id[self.faces]
            faces = renumbered[(renumbered >= 0).all(dim=1)]
        kept = {name: int(new_id[v]) for name, v in self.keypoints.items() if new_id[v] >= 0}
        return replace(
            self,
            topology=f"{self.topology}-subset",
            v_template=self.v_template[vertex_ids],
            directions=self.directions[..., vertex_ids].contiguous(),
            weights=self.weights[vertex_ids],
            faces=faces.long(),
            joint_regressor=None,
            uv=None,
            uv_faces=None,
            keypoints=kept,
        )

    @cached_property
    def _template_row(self) -> Float[Tensor, "1 X"]:
        """All x, all y, all z."""
        return self.v_template.T.reshape(1, -1)

    @cached_property
    def _weights_rows(self) -> Float[Tensor, "J V"]:
        return self.weights.T.contiguous()

    @cached_property
    def _ancestor_steps(self) -> Int[Tensor, "S J1"]:
        return ancestor_steps(self.parents).to(self.faces.device)


@dataclass(frozen=True, eq=False)
class Shaped:
    """A person in rest pose."""

    model: BodyModel
    betas: Float[Tensor, "*b B"]

    @cached_property
    def joints_m(self) -> Float[Tensor, "*b J 3"]:
        """Rest joints."""
        used = self.model.joint_directions[: self.betas.shape[-1]]
        return self.model.joint_template + (self.betas @ used.flatten(1)).unflatten(-1, (-1, 3))

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
        return coordinates.reshape(*batch, directions.shape[1])

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
        batch = torch.broadcast_shapes(self.betas.shape[:-1], rotations.shape[:-3])
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
        bend = self.local_rotations[..., 1:, :, :] - torch.eye(3).to(self.joints_m)
        shaped = self.shaped._coordinates.expand(*batch, -1)
        posed = torch.addmm(
            shaped.reshape(-1, shaped.shape[-1]),
            bend.reshape(-1, model.directions.shape[0] - model.num_betas),
            model.directions[model.num_betas :].flatten(1),
        )
        return posed.reshape(*batch, posed.shape[-1])

    def mesh(self) -> Mesh:
        """Stage 4: linear blend skinning."""
        model = self.shaped.model
        rest = self._coordinates.unflatten(-1, (3, -1))
        transforms = self.transforms.reshape(-1, model.num_joints, 3, 4)
        vertices = skin(transforms, rest.reshape(-1, *rest.shape[-2:]), model._weights_rows)
        return Mesh(vertices.mT.reshape(rest.mT.shape).contiguous(), self.joints_m, model.faces)
