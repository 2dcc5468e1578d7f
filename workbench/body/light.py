"""A body for training: the joints, the landmarks and a few hundred vertices, exactly those of the whole body.

Losses and observations of a training step look at some hundred points, so there is no reason to skin ten
thousand. Everything that does not depend on the batch is laid out once, when the light body is made.
"""

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.body.files import open_body
from workbench.body.joints import BLAZEPOSE
from workbench.body.landmarks import landmark_regressor
from workbench.body.levels import Levels, pose_many
from workbench.body.model import BodyModel


class LightMesh(NamedTuple):
    """Points of a batch of bodies, metres, in the body frame (or in the camera's axes, as the root turns)."""

    joints_m: Float[Tensor, "*b J 3"]
    landmarks_m: Float[Tensor, "*b 33 3"]
    """BlazePose's."""
    vertices_m: Float[Tensor, "*b V 3"]


@dataclass(frozen=True, eq=False)
class LightBody:
    """Made by `light_body`. Inside, the batch is the last axis of every array."""

    vertex_ids: Int[Tensor, "V"]
    """Which vertices of the whole body there are; the landmarks' own among them."""
    levels: Levels
    joint_template: Float[Tensor, "J3 1"]
    """Coordinates by axis: all x, all y, all z."""
    joint_directions: Float[Tensor, "J3 B"]
    template: Float[Tensor, "V3 1"]
    directions: Float[Tensor, "V3 K"]
    """Of the betas, then of the pose."""
    weights: Float[Tensor, "V J"]
    """Skinning weights."""
    landmarks_of_joints: Float[Tensor, "33 J"]
    """What a landmark takes from the joints."""
    landmarks_of_vertices: Float[Tensor, "33 V"]
    """And from the vertices."""

    def __call__(self, betas: Float[Tensor, "*b B"], rotations: Float[Tensor, "*b J 3 3"]) -> LightMesh:
        """Points from shape and parent-relative rotations; differentiable in both.

        Args:
            betas: in standard deviations, all that the body has.
            rotations: of all joints, the root included.

        Raises:
            ValueError: another number of betas or of joints than the body has.
        """
        num_joints, num_betas = self.weights.shape[1], self.joint_directions.shape[1]
        if betas.shape[-1] != num_betas or rotations.shape[-3] != num_joints:
            raise ValueError(
                f"Expected {num_betas} betas and {num_joints} rotations per body; got "
                f"{betas.shape[-1]} and {rotations.shape[-3]}."
            )
        batch = betas.shape[:-1]
        shape = betas.reshape(-1, num_betas).T
        local = rotations.reshape(-1, num_joints, 3, 3).permute(2, 3, 1, 0).contiguous()
        rest_joints = torch.addmm(self.joint_template, self.joint_directions, shape).unflatten(0, (3, -1))
        world = pose_many(local, rest_joints, self.levels)
        joints = world[:, 3]

        bend = local[:, :, 1:] - torch.eye(3).to(local)[:, :, None, None]
        coefficients = torch.cat((shape, bend.permute(2, 0, 1, 3).flatten(0, 2)))
        rest = torch.addmm(self.template, self.directions, coefficients).unflatten(0, (3, -1))
        offset = joints - (world[:, :3] * rest_joints).sum(1)
        transforms = torch.cat((world[:, :3], offset.unsqueeze(1)), 1)
        blended = (self.weights @ transforms.flatten(0, 1)).unflatten(0, (3, 4))  # (3, 4, V, N)
        vertices = torch.addcmul(blended[:, 3], blended[:, 0], rest[0])
        vertices = torch.addcmul(vertices, blended[:, 1], rest[1])
        vertices = torch.addcmul(vertices, blended[:, 2], rest[2])
        landmarks = self.landmarks_of_joints @ joints + self.landmarks_of_vertices @ vertices
        points = (joints, landmarks, vertices)
        return LightMesh(*(p.permute(2, 1, 0).reshape(*batch, p.shape[1], 3) for p in points))

    def rest_joints_m(self, betas: Float[Tensor, "N B"]) -> Float[Tensor, "N J 3"]:
        """Joints of people in rest pose."""
        joints = torch.addmm(self.joint_template, self.joint_directions, betas.T)
        return joints.unflatten(0, (3, -1)).permute(2, 1, 0)

    def to(self, device: torch.device | str) -> "LightBody":
        """The same body elsewhere."""
        return LightBody(**{f.name: getattr(self, f.name).to(device) for f in fields(self)})


def light_body(model: BodyModel, num_vertices: int = 256) -> LightBody:
    """Choose vertices that are spread over a body, and make it light.

    Args:
        model: a body with all of BlazePose's landmarks.
        num_vertices: how many beside those that landmarks and other named points need.

    Raises:
        ValueError: the body lacks landmarks.
    """
    landmarks = landmark_regressor(model)
    if len(landmarks.names) < len(BLAZEPOSE):
        missing = ", ".join(name for name in BLAZEPOSE if name not in landmarks.names)
        raise ValueError(f"A light body needs all 33 landmarks; body {model.name!r} has no {missing}.")
    named = torch.tensor([*landmarks.vertex_ids.tolist(), *model.keypoints.values()])
    ids = torch.cat((named, spread_vertices(model.v_template, num_vertices).cpu())).unique()
    place = torch.searchsorted(ids, landmarks.vertex_ids.cpu())
    weights = landmarks.vertex_weights.new_zeros(len(BLAZEPOSE), len(ids))
    weights[:, place] = landmarks.vertex_weights
    ids = ids.to(model.faces.device)
    few = model.subset(ids)
    used = few.directions.flatten(1)
    kept = [*range(few.num_betas), *range(few.num_betas + few.num_expressions, len(used))]
    return LightBody(
        vertex_ids=ids,
        levels=Levels.of(model.parents).to(ids.device),
        joint_template=few.joint_template.T.reshape(-1, 1),
        joint_directions=few.joint_directions.permute(2, 1, 0).flatten(0, 1).contiguous(),
        template=few.v_template.T.reshape(-1, 1),
        directions=used[kept].T.contiguous(),
        weights=few.weights,
        landmarks_of_joints=landmarks.joint_weights,
        landmarks_of_vertices=weights,
    )


def spread_vertices(vertices_m: Float[Tensor, "V 3"], count: int) -> Int[Tensor, "n"]:
    """Ids of vertices far from one another: each is the farthest from all before it (Gonzalez, 1985).

    The first are the tips of hands and feet and the crown, so that few vertices tell how far a body reaches.

    Args:
        vertices_m: where they are at rest.
        count: how many; all of them at most.
    """
    distance = (vertices_m - vertices_m.mean(0)).norm(dim=1)
    ids = torch.zeros(min(count, len(vertices_m)), dtype=torch.long, device=vertices_m.device)
    for place in range(len(ids)):
        ids[place] = distance.argmax()
        distance = torch.minimum(distance, (vertices_m - vertices_m[ids[place]]).norm(dim=1))
    return ids


@lru_cache(maxsize=4)
def open_light_body(num_vertices: int = 256, device: str = "cpu") -> LightBody:
    """The open body made light; once per process, and never changed."""
    return light_body(open_body(), num_vertices).to(device)
