"""The body in four stages: model -> shaped -> posed -> mesh (SMPL: Loper et al., SIGGRAPH Asia 2015).

    model.with_shape(betas)      Shaped   template + shape and expression directions, and the joints then
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
from workbench.body.skinning import ancestor_steps
from workbench.body.stages import Shaped


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
    """Shape, then expression, then pose directions, m per unit; one matrix product applies any of them."""
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
    expression_joint_directions: Float[Tensor, "E J 3"] | None = None
    """How each expression coefficient moves the rest joints; None in a body without expressions."""
    hand_means: Float[Tensor, "2 H"] | None = None
    """Relaxed pose of the left and the right hand, axis-angle of 15 joints one after another, rad."""
    hand_components: Float[Tensor, "2 C H"] | None = None
    """Principal components of hand poses; see hands.py."""

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
        expressiondirs: Float[Tensor, "V 3 E"] | None = None,
        hand_means: Float[Tensor, "2 H"] | None = None,
        hand_components: Float[Tensor, "2 C H"] | None = None,
    ) -> "BodyModel":
        """A body from arrays in the layout of SMPL's files, expressions apart from shape.

        Raises:
            ValueError: posedirs do not fit the number of joints.
        """
        num_joints = weights.shape[1]
        if posedirs.shape[2] != 9 * (num_joints - 1):
            raise ValueError(
                f"posedirs must have 9 columns per joint but the root, {9 * (num_joints - 1)} for "
                f"{num_joints} joints; got {posedirs.shape[2]}."
            )
        smooth = shapedirs if expressiondirs is None else torch.cat((shapedirs, expressiondirs), dim=2)
        directions = torch.cat((smooth, posedirs), dim=2).permute(2, 1, 0).contiguous()
        # In double: a float32 sum over thousands of vertices would cost a micrometre.
        regress = joint_regressor.double()
        moves = torch.einsum("jv,vcb->bjc", regress, smooth.double()).to(v_template).contiguous()
        num_betas = shapedirs.shape[2]
        return cls(
            name=name,
            topology=topology,
            licence=licence,
            v_template=v_template,
            directions=directions,
            joint_template=(regress @ v_template.double()).to(v_template),
            joint_directions=moves[:num_betas],
            weights=weights,
            parents=tuple(int(p) for p in parents),
            faces=faces.long(),
            joint_regressor=joint_regressor,
            uv=uv,
            uv_faces=None if uv_faces is None else uv_faces.long(),
            keypoints=dict(keypoints or {}),
            expression_joint_directions=None if expressiondirs is None else moves[num_betas:],
            hand_means=hand_means,
            hand_components=hand_components,
        )

    @property
    def num_betas(self) -> int:
        """Shape coefficients the body has."""
        return self.joint_directions.shape[0]

    @property
    def num_expressions(self) -> int:
        """Expression coefficients the body has."""
        return 0 if self.expression_joint_directions is None else len(self.expression_joint_directions)

    @property
    def num_joints(self) -> int:
        """Joints, the root included."""
        return len(self.parents)

    @property
    def shapedirs(self) -> Float[Tensor, "V 3 B"]:
        """Shape directions in the layout of SMPL's files (a view)."""
        return self.directions[: self.num_betas].permute(2, 1, 0)

    @property
    def expressiondirs(self) -> Float[Tensor, "V 3 E"]:
        """Expression directions in the layout of SMPL's files (a view)."""
        return self.directions[self.num_betas :][: self.num_expressions].permute(2, 1, 0)

    @property
    def posedirs(self) -> Float[Tensor, "V 3 P"]:
        """Pose directions in the layout of SMPL's files (a view)."""
        return self.directions[self.num_betas + self.num_expressions :].permute(2, 1, 0)

    def to(self, device: torch.device | str | None = None, dtype: torch.dtype | None = None) -> "BodyModel":
        """The same body elsewhere, or in another precision."""
        moved = {}
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, Tensor):
                moved[f.name] = value.to(device=device, dtype=dtype if value.is_floating_point() else None)
        return replace(self, **moved)

    def with_shape(
        self, betas: Float[Tensor, "*b B"], expression: Float[Tensor, "*c E"] | None = None
    ) -> Shaped:
        """Stage 2. Fewer coefficients than the body has, or none, means that the others are zero.

        Raises:
            ValueError: more betas, or more expression coefficients, than the body has.
        """
        if expression is None:
            expression = betas.new_zeros(0)
        counts = {"betas": (betas, self.num_betas), "expression": (expression, self.num_expressions)}
        for label, (values, most) in counts.items():
            if values.shape[-1] > most:
                raise ValueError(
                    f"{label} must have at most {most} entries in the last dimension, as many as body "
                    f"{self.name!r} has; got shape {tuple(values.shape)}. Leave the surplus out."
                )
        return Shaped(self, betas.to(self.v_template), expression.to(self.v_template))

    def mesh(
        self,
        betas: Float[Tensor, "*b B"],
        theta: Float[Tensor, "*c J 3"],
        expression: Float[Tensor, "*d E"] | None = None,
    ) -> Mesh:
        """All stages at once, for numbers that come from outside: they are checked to be finite.

        Args:
            betas: shape, in standard deviations.
            theta: parent-relative axis-angle per joint, rad; joint 0 turns the whole body.
            expression: of the face, in standard deviations, for a body that has expressions.

        Raises:
            ValueError: too many coefficients, another number of joints, NaN or infinity.
        """
        given = {"betas": betas, "theta": theta} | ({} if expression is None else {"expression": expression})
        for label, values in given.items():
            if not bool(torch.isfinite(values).all()):
                bad = torch.nonzero(~torch.isfinite(values))[0].tolist()
                raise ValueError(f"{label} must be finite; got {float(values[tuple(bad)])} at index {bad}.")
        return self.with_shape(betas, expression).with_pose(theta).mesh()

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
