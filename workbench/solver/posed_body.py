"""What the solver is given of a body: its surface about the pelvis, in the axes of the camera."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.body import BodyModel, Mesh
from workbench.body.landmarks import landmark_regressor
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.recovery import BodyParams


@dataclass(frozen=True, eq=False)
class PosedBody:
    """A posed body without a place: the pelvis is the origin."""

    vertices_m: Float[Tensor, "V 3"]
    faces: Int[Tensor, "F 3"]
    landmarks_m: Float[Tensor, "K 3"] | None = None
    """Points to compare with landmarks of the picture."""
    turned: Callable[[Float[Tensor, "J 3"]], "PosedBody"] | None = None
    """The same body with each joint turned further, by axis-angle, rad; None of a body that is rigid."""
    num_joints: int = 0
    """How many can be turned."""

    @classmethod
    def of_mesh(cls, mesh: Mesh, landmarks_m: Float[Tensor, "K 3"] | None = None) -> "PosedBody":
        """From a body in its own frame; joint 0 is the pelvis."""
        pelvis_m = mesh.joints_m[0]
        points_m = None if landmarks_m is None else landmarks_m - pelvis_m
        return cls(mesh.vertices_m - pelvis_m, mesh.faces, points_m)

    @classmethod
    def of_params(cls, body: BodyModel, params: BodyParams) -> "PosedBody":
        """From shape and pose, with BlazePose's landmarks as far as the body has them; can be turned."""
        landmarks, shaped = landmark_regressor(body), body.with_shape(params.betas)
        rotations = matrix_from_axis_angle(params.theta)

        def turned(turns_rad: Float[Tensor, "J 3"]) -> "PosedBody":
            mesh = shaped.with_rotations(matrix_from_axis_angle(turns_rad) @ rotations).mesh()
            at = cls.of_mesh(mesh, landmarks.points(mesh))
            return cls(at.vertices_m, at.faces, at.landmarks_m, turned, body.num_joints)

        return turned(torch.zeros_like(params.theta))
