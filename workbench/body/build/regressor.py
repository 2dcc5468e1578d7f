"""Joints as convex combinations of a few vertices, fitted to many people by non-negative least squares."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray
from scipy.optimize import nnls

SUM_TO_ONE = 100.0  # metres; an error of the sum counts like so large an error of everybody's joint
CANDIDATES = 200
MOST_VERTICES = 32  # per joint


def joint_regressor(
    meshes_m: Float[ndarray, "N V 3"],
    joints_m: Float[ndarray, "N J 3"],
    mirror: Int[ndarray, " V"],
    mirror_joint: Sequence[int],
    usable: Bool[ndarray, " V"] | None = None,
) -> Float[ndarray, "J V"]:
    """Regressor J x V with rows >= 0 that sum to 1, and exactly symmetric.

    Left joints are fitted and mirrored. A joint in the middle is fitted (y and z) on one half; each weight is
    then shared with the mirrored vertex, which makes x zero.

    Args:
        meshes_m: everybody's vertices.
        joints_m: everybody's joints.
        mirror: vertex on the other side.
        mirror_joint: joint on the other side.
        usable: vertices that may be used; by default all.
    """
    mean, result = meshes_m.mean(0), np.zeros((joints_m.shape[1], meshes_m.shape[1]))
    usable = np.ones(len(mean), dtype=bool) if usable is None else usable
    left = mean[:, 0] >= 0
    for j, other in enumerate(mirror_joint):
        if other < j:  # the right one of a pair that is done
            result[j] = result[other][mirror]
            continue
        middle = other == j
        axes = [1, 2] if middle else [0, 1, 2]
        pool = np.flatnonzero(usable & left if middle else usable)
        ids = _candidates(mean, joints_m[:, j].mean(0), pool)
        weights = _fit(meshes_m[:, ids][..., axes], joints_m[:, j, axes])
        result[j, ids] = weights
        if middle:
            result[j] = (result[j] + result[j][mirror]) / 2
    return result


def _candidates(
    mean: Float[ndarray, "V 3"], joint: Float[ndarray, " 3"], pool: Int[ndarray, " n"]
) -> Int[ndarray, " m"]:
    """Spread-out vertices around a joint: farthest-point sampling within a distance.

    The nearest ones alone would all lie on one side of it.
    """
    distance = np.linalg.norm(mean[pool] - joint, axis=1)
    near = pool[distance < 4 * distance.min() + 0.08]
    points = mean[near]
    picked = [int(np.linalg.norm(points - joint, axis=1).argmin())]
    gap = np.full(len(near), np.inf)
    while len(picked) < min(CANDIDATES, len(near)):
        gap = np.minimum(gap, np.linalg.norm(points - points[picked[-1]], axis=1))
        picked.append(int(gap.argmax()))
    return near[picked]


def _fit(vertices: Float[ndarray, "N m a"], joint: Float[ndarray, "N a"]) -> Float[ndarray, " m"]:
    """Weights of one joint; solved twice, the second time on the heaviest vertices only."""
    count = vertices.shape[1]
    a = np.moveaxis(vertices, 1, 2).reshape(-1, count)
    one = SUM_TO_ONE * len(a) ** 0.5
    ids, weights = np.arange(count), np.zeros(count)
    for _ in range(2):
        rows = np.concatenate([a[:, ids], np.full((1, len(ids)), one)])
        solution, _ = nnls(rows, np.append(joint.ravel(), one))
        weights = np.zeros(count)
        weights[ids] = solution / solution.sum()
        ids = np.sort(np.argsort(-weights, kind="stable")[:MOST_VERTICES])
    return weights
