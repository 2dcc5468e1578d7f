"""BlazePose's landmarks as points of a body, so that a body can be compared with what an image model found.

A landmark is a weighted sum of joints and named surface points. Shoulders, elbows, wrists, hips, knees and
ankles are the body's own joints; nothing is corrected for where MediaPipe's annotators saw them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.body.collapsed import CollapsedLandmarks
from workbench.body.joints import BLAZEPOSE, joint_names
from workbench.body.mesh import Mesh
from workbench.body.model import BodyModel

Recipe = Mapping[str, float]
"""Point name to weight; the weights sum to one."""

# By what a body offers: a vertex, SMPL-X's finger joint, or a mix of SMPL's hand joint and finger tips. The
# mixes, for bodies without knuckle vertices, are least-squares fits to the open body's. At rest, index and
# pinky come within 3 and 2 mm on average; the thumb's knuckle is not on the line wrist to tip, 19 mm off.
_KNUCKLES: dict[str, tuple[Recipe, ...]] = {
    "index": (
        {"index_knuckle": 1.0},
        {"index1": 1.0},
        {"hand": 0.9, "wrist": 0.1, "index_tip": 0.34, "pinky_tip": -0.34},
    ),
    "pinky": ({"pinky_knuckle": 1.0}, {"pinky1": 1.0}, {"hand": 1.0, "index_tip": -0.31, "pinky_tip": 0.31}),
    "thumb": ({"thumb_knuckle": 1.0}, {"thumb2": 1.0}, {"wrist": 0.45, "thumb_tip": 0.55}),
}


def recipes(landmark: str) -> tuple[Recipe, ...]:
    """Ways to make a BlazePose landmark, the best first; a body uses the first whose points it has."""
    if landmark == "nose":
        return ({"nose": 1.0},)
    if landmark.startswith("mouth_"):
        return ({f"{landmark.removeprefix('mouth_')}_mouth": 1.0},)
    side, part = landmark.split("_", 1)
    options = _KNUCKLES.get(part) or ({"big_toe" if part == "foot_index" else part: 1.0},)
    return tuple({f"{side}_{point}": weight for point, weight in option.items()} for option in options)


@dataclass(frozen=True, eq=False)
class LandmarkSet:
    """The landmarks that one body has."""

    model: BodyModel
    names: tuple[str, ...]
    """BlazePose's names."""
    ids: list[int]
    """Their places among BlazePose's 33; a list, because a tensor can be indexed with one."""
    joint_weights: Float[Tensor, "K J"]
    vertex_ids: Int[Tensor, "N"]
    """Every vertex that some landmark uses."""
    vertex_weights: Float[Tensor, "K N"]

    def points(self, mesh: Mesh) -> Float[Tensor, "*b K 3"]:
        """The landmarks of a posed body, m."""
        vertices = mesh.vertices_m[..., self.vertex_ids, :]
        return self.joint_weights @ mesh.joints_m + self.vertex_weights @ vertices

    @cached_property
    def collapsed(self) -> CollapsedLandmarks:
        """The same landmarks in closed form, for fits.

        Pose correctives are left out. On 300 random open bodies, theta from N(0, 0.8 rad) and betas from
        N(0, 1), landmarks then lie 0.06 mm away at the mean and 2 mm at most.
        """
        few = self.model.subset(self.vertex_ids)
        vertices = torch.cat((few.v_template[None], few.shapedirs.permute(2, 0, 1)))
        joints = torch.cat((few.joint_template[None], few.joint_directions))
        return CollapsedLandmarks.build(
            _numpy(vertices),
            _numpy(joints),
            _numpy(few.weights),
            np.array(few.parents),
            _numpy(self.vertex_weights),
            _numpy(self.joint_weights),
        )


def landmark_regressor(model: BodyModel) -> LandmarkSet:
    """The BlazePose landmarks that a body can show; those whose points it lacks are left out.

    Raises:
        ValueError: the body's joints are not those of SMPL, SMPL-H or SMPL-X.
    """
    joints = {name: j for j, name in enumerate(joint_names(model.num_joints))}
    chosen: dict[str, Recipe] = {}
    for landmark in BLAZEPOSE:
        possible = (r for r in recipes(landmark) if all(p in model.keypoints or p in joints for p in r))
        if recipe := next(possible, None):
            chosen[landmark] = recipe
    used = sorted({model.keypoints[p] for recipe in chosen.values() for p in recipe if p in model.keypoints})
    joint_weights = torch.zeros(len(chosen), model.num_joints)
    vertex_weights = torch.zeros(len(chosen), len(used))
    for row, recipe in enumerate(chosen.values()):
        for point, weight in recipe.items():
            if point in model.keypoints:  # before joints: SMPL-X's joint "left_eye" is inside the eyeball
                vertex_weights[row, used.index(model.keypoints[point])] = weight
            else:
                joint_weights[row, joints[point]] = weight
    return LandmarkSet(
        model=model,
        names=tuple(chosen),
        ids=[BLAZEPOSE.index(name) for name in chosen],
        joint_weights=joint_weights.to(model.v_template),
        vertex_ids=torch.tensor(used, dtype=torch.long, device=model.faces.device),
        vertex_weights=vertex_weights.to(model.v_template),
    )


def _numpy(tensor: Tensor) -> Float[np.ndarray, "..."]:
    return tensor.detach().cpu().double().numpy()
