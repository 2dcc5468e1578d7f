"""A joint as a few vertices of the skin around it, good in every pose.

A body's own rest regressor finds joints in the REST mesh. On a bent arm it is centimetres off, because the
vertices on either side of the elbow turn with different bones. Under linear blend skinning a weighted mean of
vertices stays at joint b, child of a, however both turn, if for each of the two bones

    sum_v  r_v w_va (v - J_b) = 0        sum_v  r_v w_vb (v - J_b) = 0        sum_v r_v = 1

for the template and for each direction of shape. That is linear in r and solved with r >= 0, so that a point
stays within the flesh. It cannot be met everywhere: see `joint_sets` for how far the points are off.
"""

import numpy as np
from jaxtyping import Float
from scipy.optimize import nnls
from torch import Tensor

from workbench.body import BodyModel

NEAREST = 400  # vertices tried
OWN = 0.9  # of a vertex' skinning weight must be the two bones'
SUM_TO_ONE = 10.0  # metres: how much an error of the sum counts
OTHERS_M = 0.3  # the same of what other bones carry


def skin_weights(model: BodyModel, joint: int) -> Float[Tensor, "V"]:
    """Weights of all vertices, >= 0 and of sum 1, zero for all but ten at most or so.

    Args:
        model: a whole body.
        joint: not the root.

    Raises:
        ValueError: the joint is the root, or no vertex follows it.
    """
    bones = (model.parents[joint], joint)
    if bones[0] < 0:
        raise ValueError("The root has no parent to bend against; take the middle of the hips.")
    weights = model.weights.detach().cpu().double().numpy()[:, list(bones)]
    offsets = (model.v_template - model.joint_template[joint])[..., None]
    by_shape = model.shapedirs - model.joint_directions[:, joint].T
    directions = np.concatenate([x.detach().cpu().double().numpy() for x in (offsets, by_shape)], axis=2)

    ids = np.flatnonzero(weights.sum(1) > OWN)
    if len(ids) == 0:
        raise ValueError(f"No vertex of body {model.name!r} follows joint {joint} and its parent.")
    ids = ids[np.argsort(np.linalg.norm(directions[ids, :, 0], axis=1))[:NEAREST]]
    moments = [(weights[ids, i, None, None] * directions[ids]).reshape(len(ids), -1).T for i in (0, 1)]
    others = OTHERS_M * (1 - weights[ids].sum(1))
    system = np.vstack((*moments, others, np.full(len(ids), SUM_TO_ONE)))
    wanted = np.append(np.zeros(len(system) - 1), SUM_TO_ONE)
    shares = nnls(system, wanted)[0]
    row = np.zeros(len(weights))
    row[ids] = shares / shares.sum()
    return model.v_template.new_tensor(row)
