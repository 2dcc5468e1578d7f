"""Which points are measured. A number without its joint set says little: see `JointSet.protocol`.

Papers regress their joints from the vertices of SMPL with matrices fitted to a data set: HMR's to clicks of
annotators on LSP and COCO, SPIN's and METRO's to Human3.6M's markers. Those belong to SMPL's mesh and its
licence. The regressors here have the same names and order, and are made from the open body's own joints and
surface points (or those of whatever body is loaded). Nothing in them comes from SMPL or from a data set, so
they do not lie where the papers' do, and numbers made with them do not compare with published ones. With the
official body and a user's own matrix, `regressor_from_file` gives the papers'.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.body import BodyModel, Mesh, require_topology
from workbench.body.joints import SMPL_JOINTS, joint_names
from workbench.evaluation.skin_joints import skin_weights

HEAD_TOP = "head_top"
Recipe = Mapping[str, float]


@dataclass(frozen=True)
class JointSet:
    """Named points in a fixed order."""

    name: str
    joints: tuple[str, ...]
    root: tuple[int, ...]
    """Ids whose mean is the root."""
    measured: tuple[int, ...]
    """Ids that enter the errors."""
    from_skin: bool
    """Regressed from the vertices; else the posed skeleton's own joints."""
    protocol: str
    """Who measures so, in one line for the table."""


_LEG_R, _LEG_L = ("right_ankle", "right_knee", "right_hip"), ("left_hip", "left_knee", "left_ankle")
_ARM_R, _ARM_L = (
    ("right_wrist", "right_elbow", "right_shoulder"),
    ("left_shoulder", "left_elbow", "left_wrist"),
)
LSP = (*_LEG_R, *_LEG_L, *_ARM_R, *_ARM_L, "neck", HEAD_TOP)
"""LSP's 14 (Johnson & Everingham, BMVC 2010), HMR's first 14."""
H36M = (
    *("pelvis", "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("spine", "thorax", "nose", HEAD_TOP),
    *("left_shoulder", "left_elbow", "left_wrist", "right_shoulder", "right_elbow", "right_wrist"),
)
"""Human3.6M's 17 in METRO's order. The matrix that SPIN ships has the legs in the other order."""
LSP_OF_H36M = (3, 2, 1, 4, 5, 6, 16, 15, 14, 11, 12, 13, 8, 10)
"""Human3.6M's id of each LSP joint; the thorax stands for the neck."""

JOINT_SETS: dict[str, JointSet] = {
    "lsp14": JointSet(
        "lsp14", LSP, (2, 3), tuple(range(14)), True, "14 LSP-like joints, root: mid hips, as HMR measures"
    ),
    "h36m17": JointSet(
        "h36m17",
        H36M,
        (0,),
        tuple(range(17)),
        True,
        "17 Human3.6M-like joints, root: pelvis, as on Human3.6M",
    ),
    "h36m14": JointSet(
        "h36m14",
        H36M,
        (0,),
        LSP_OF_H36M,
        True,
        "14 of the 17 Human3.6M-like joints, root: pelvis, as on 3DPW",
    ),
    "smpl24": JointSet(
        "smpl24", SMPL_JOINTS, (0,), tuple(range(24)), False, "24 joints of SMPL's skeleton, root: pelvis"
    ),
    "smplx22": JointSet(
        "smplx22", SMPL_JOINTS[:22], (0,), tuple(range(22)), False, "22 body joints of SMPL-X, root: pelvis"
    ),
}
"""All of them, by name."""

# What is not simply the joint of that name; a point's weights sum to one.
_MIXED: dict[str, dict[str, Recipe]] = {
    "lsp14": {},
    "h36m17": {
        "pelvis": {"left_hip": 0.5, "right_hip": 0.5},
        "spine": {"spine2": 1.0},
        "thorax": {"left_shoulder": 0.5, "right_shoulder": 0.5},
    },
}
_MIXED["h36m14"] = _MIXED["h36m17"]


@dataclass(frozen=True, eq=False)
class JointRegressor:
    """A joint set on one body: weighted sums of its skeleton's joints and its vertices."""

    joints: JointSet
    topology: str
    """Of the body whose vertices the weights are for."""
    joint_weights: Float[Tensor, "K J"]
    vertex_ids: Int[Tensor, "N"]
    """Every vertex that some point uses."""
    vertex_weights: Float[Tensor, "K N"]

    def points(self, mesh: Mesh) -> Float[Tensor, "*b K 3"]:
        """The points of posed bodies of this topology, in the frame of the mesh, m."""
        return self.joint_weights @ mesh.joints_m + self.points_of_skin(mesh.vertices_m)

    def points_of_skin(self, vertices_m: Float[Tensor, "*b V 3"]) -> Float[Tensor, "*b K 3"]:
        """The vertices' part; all there is for sets that are `from_skin`."""
        return self.vertex_weights @ vertices_m[..., self.vertex_ids, :]

    def root(self, points: Float[Tensor, "*b K 3"]) -> Float[Tensor, "*b 3"]:
        """The root of such points."""
        return points[..., list(self.joints.root), :].mean(-2)


def joint_set(name: str) -> JointSet:
    """A joint set by name.

    Raises:
        ValueError: there is none.
    """
    if name not in JOINT_SETS:
        raise ValueError(f"No joint set is called {name!r}. There are: {', '.join(JOINT_SETS)}.")
    return JOINT_SETS[name]


def joint_regressor(model: BodyModel, name: str = "lsp14") -> JointRegressor:
    """A joint set on a body.

    Sets from the skin are weighted means of few vertices (`skin_joints`), so they measure any mesh of this
    topology, whatever made it. On 200 random open bodies, strongly posed, they lie at the mean 1 mm from the
    skeleton's wrists and ankles, 2 to 3 mm from knees and elbows, 11 to 12 mm from shoulders and neck, 20 mm
    from hips: no weighted mean of skin stays in a hip.

    Raises:
        ValueError: no such set, or the body lacks what it takes (hands for smpl24, all vertices for lsp14).
    """
    wanted = joint_set(name)
    own = {joint: i for i, joint in enumerate(joint_names(model.num_joints))}
    if wanted.from_skin:
        rows = _skin_rows(model, own, _recipes(wanted))
        used = rows.abs().sum(0).nonzero()[:, 0]
        return JointRegressor(
            wanted, model.topology, rows.new_zeros(len(rows), model.num_joints), used, rows[:, used]
        )
    if missing := [joint for joint in wanted.joints if joint not in own]:
        raise ValueError(
            f"Body {model.name!r} has {model.num_joints} joints and no {', '.join(missing)}; measure it with "
            "smplx22 or a set from the skin."
        )
    picked = torch.eye(model.num_joints).to(model.v_template)[[own[joint] for joint in wanted.joints]]
    nothing = model.faces.new_zeros(0)
    return JointRegressor(wanted, model.topology, picked, nothing, picked.new_zeros(len(picked), 0))


def regressor_from_file(path: Path, model: BodyModel, name: str, topology: str = "smpl") -> JointRegressor:
    """A joint set regressed by a user's own matrix, such as J_regressor_h36m_correct.npy for SMPL.

    Args:
        path: a .npy of one row per joint of the set, one column per vertex.
        model: the body it will be used with.
        name: the set whose joints, in this order, the rows are.
        topology: the mesh that the columns are for.

    Raises:
        ValueError: the body has another mesh, or the file is not such a matrix.
    """
    require_topology(model, topology, f"the joint regressor {Path(path).name}")
    wanted, shape = joint_set(name), (len(joint_set(name).joints), len(model.v_template))
    try:
        matrix = np.load(path, allow_pickle=False)
    except (ValueError, EOFError) as error:
        raise ValueError(f"{Path(path).name} is not a .npy array that can be read ({error}).") from None
    if not isinstance(matrix, np.ndarray) or matrix.shape != shape or not np.isfinite(matrix).all():
        got = getattr(matrix, "shape", type(matrix).__name__)
        raise ValueError(f"{Path(path).name} must be a finite array of shape {shape} for {name}; got {got}.")
    rows = torch.from_numpy(matrix.astype(np.float64)).to(model.v_template)
    used = rows.abs().sum(0).nonzero()[:, 0]
    return JointRegressor(wanted, topology, rows.new_zeros(len(rows), model.num_joints), used, rows[:, used])


def _recipes(wanted: JointSet) -> list[Recipe]:
    return [_MIXED[wanted.name].get(joint, {joint: 1.0}) for joint in wanted.joints]


def _skin_rows(model: BodyModel, own: Mapping[str, int], recipes: Sequence[Recipe]) -> Float[Tensor, "K V"]:
    """Weights of all vertices."""
    if model.joint_regressor is None:
        raise ValueError(
            f"Body {model.name!r} is a part of one and lacks vertices that its joints are regressed from. "
            "Take the whole body, or a joint set of the skeleton: smpl24 or smplx22."
        )
    made: dict[str, Tensor] = {}
    rows = torch.zeros(len(recipes), len(model.v_template)).to(model.v_template)
    for row, recipe in zip(rows, recipes, strict=True):
        for point, weight in recipe.items():
            if point == HEAD_TOP:
                row[model.v_template[:, 1].argmax()] += weight
            elif point in own:
                if point not in made:
                    made[point] = skin_weights(model, own[point])
                row += weight * made[point]
            else:
                row[model.keypoints[point]] += weight
    return rows
