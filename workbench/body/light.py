"""A body for training: the joints, the landmarks and a few hundred vertices, exactly those of the whole body.

Losses and observations of a training step look at some hundred points, so there is no reason to skin ten
thousand. Everything that does not depend on the batch is laid out once, when the light body is made.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.body.files import load_body
from workbench.body.joints import BLAZEPOSE
from workbench.body.landmarks import landmark_regressor
from workbench.body.model import BodyModel


class LightMesh(NamedTuple):
    """Points of a batch of bodies, metres, in the body frame (or in the camera's axes, as the root turns)."""

    joints_m: Float[Tensor, "*b J 3"]
    landmarks_m: Float[Tensor, "*b 33 3"]
    """BlazePose's."""
    vertices_m: Float[Tensor, "*b V 3"]


@dataclass(frozen=True, eq=False)
class LightBody:
    """Made by `light_body`."""

    few: BodyModel
    """The vertices kept, as a body; the landmarks' own among them."""
    vertex_ids: Int[Tensor, "V"]
    """Which vertices of the whole body they are."""
    joint_weights: Float[Tensor, "33 J"]
    """What a landmark takes from the joints."""
    vertex_weights: Float[Tensor, "33 V"]
    """And from the vertices."""

    def __call__(self, betas: Float[Tensor, "*b B"], rotations: Float[Tensor, "*b J 3 3"]) -> LightMesh:
        """Points from shape and parent-relative rotations; differentiable in both.

        Args:
            betas: in standard deviations; fewer than the body has means that the others are zero.
            rotations: of all joints, the root included.

        Raises:
            ValueError: too many betas, or another number of joints.
        """
        mesh = self.few.with_shape(betas).with_rotations(rotations).mesh()
        landmarks = self.joint_weights @ mesh.joints_m + self.vertex_weights @ mesh.vertices_m
        return LightMesh(mesh.joints_m, landmarks, mesh.vertices_m)

    def to(self, device: torch.device | str) -> "LightBody":
        """The same body elsewhere."""
        return LightBody(
            self.few.to(device),
            self.vertex_ids.to(device),
            self.joint_weights.to(device),
            self.vertex_weights.to(device),
        )


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
    return LightBody(model.subset(ids), ids, landmarks.joint_weights, weights)


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
    return light_body(load_body(), num_vertices).to(device)
