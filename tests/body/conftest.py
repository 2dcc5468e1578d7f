"""A toy body made in code: a closed surface of 162 vertices on SMPL's skeleton, in SMPL's layout."""

from typing import Any

import numpy as np
import pytest
import torch
import trimesh

from workbench.body.joints import SMPL_JOINTS, SMPL_PARENTS
from workbench.body.model import BodyModel
from workbench.body.topology import KEYPOINTS

# Rest positions of the middle and left joints, m; roughly a person in T-pose.
_REST = {
    "pelvis": (0, -0.1, 0),
    "left_hip": (0.1, -0.15, 0),
    "spine1": (0, 0.0, 0),
    "left_knee": (0.12, -0.5, 0.02),
    "spine2": (0, 0.15, 0.01),
    "left_ankle": (0.14, -0.9, -0.02),
    "spine3": (0, 0.25, 0),
    "left_foot": (0.15, -0.95, 0.1),
    "neck": (0, 0.42, -0.02),
    "left_collar": (0.05, 0.35, 0),
    "head": (0, 0.5, 0),
    "left_shoulder": (0.18, 0.36, -0.02),
    "left_elbow": (0.44, 0.36, -0.03),
    "left_wrist": (0.67, 0.36, 0),
    "left_hand": (0.76, 0.35, 0.01),
}
_REST |= {f"right_{name[5:]}": (-x, y, z) for name, (x, y, z) in _REST.items() if name.startswith("left_")}


def make_toy_arrays(seed: int = 0) -> dict[str, Any]:
    """SMPL's arrays under SMPL's names, in double precision."""
    rng = np.random.default_rng(seed)
    ball = trimesh.creation.icosphere(subdivisions=2)
    v_template = np.asarray(ball.vertices) * (0.8, 0.9, 0.15)
    joints = np.array([_REST[name] for name in SMPL_JOINTS])
    near = np.exp(-20 * ((v_template[:, None] - joints) ** 2).sum(-1))  # (V, J)
    weights = np.where(near >= np.sort(near, axis=1)[:, [-4]], near, 0)
    regressor = near.T**2 * rng.uniform(0.5, 1, near.T.shape)
    return {
        "v_template": v_template,
        "shapedirs": rng.normal(0, 0.02, (len(v_template), 3, 10)),
        "posedirs": rng.normal(0, 0.003, (len(v_template), 3, 207)),
        "J_regressor": regressor / regressor.sum(1, keepdims=True),
        "weights": weights / weights.sum(1, keepdims=True),
        "kintree_table": np.array([SMPL_PARENTS, range(24)]).astype(np.uint32),
        "f": np.asarray(ball.faces).astype(np.uint32),
    }


@pytest.fixture(scope="session")
def toy_arrays() -> dict[str, Any]:
    return make_toy_arrays()


@pytest.fixture(scope="session")
def toy(toy_arrays: dict[str, Any]) -> BodyModel:
    """In double precision; its keypoints are on arbitrary vertices."""
    tensors = {
        key: torch.from_numpy(toy_arrays[key]) for key in ("v_template", "shapedirs", "posedirs", "weights")
    }
    return BodyModel.from_arrays(
        **tensors,
        joint_regressor=torch.from_numpy(toy_arrays["J_regressor"]),
        parents=SMPL_PARENTS,
        faces=torch.from_numpy(toy_arrays["f"].astype(np.int64)),
        name="toy",
        topology="toy-162",
        licence="CC0-1.0",
        keypoints={name: 7 * i for i, name in enumerate(KEYPOINTS["smpl"])},
    )
