"""Landmarks without the mesh: positions and exact derivatives from a tensor of a few thousand numbers.

A landmark is a weighted sum of vertices and joints. Linear blend skinning is linear in the vertices, so the
sum over vertices can be done once, before the pose is known:

    x_k = sum_j  R_j m_kj + a_kj P_j        m_kj = sum_v r_kv w_vj (v - J_j)     a_kj = sum_v r_kv w_vj + q_kj

with R_j, P_j the world rotation and position of joint j, and m, J linear in beta. Pose blend shapes are left
out. A rotation w of joint a (world axes) carries everything below it around P_a:

    dx_k = w x ( C_ka - W_ka P_a )          C_ka, W_ka = the sums above over the descendants of a

so one pass gives the positions and the whole Jacobian; a fit of 85 unknowns takes milliseconds an iteration.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

Array = np.ndarray


@dataclass(frozen=True, eq=False)
class CollapsedLandmarks:
    """K landmarks of a J-joint body with B shape coefficients (B1 = B + 1); all arrays float64."""

    parents: Int[Array, "J"]
    """Parent of each joint, -1 at the root; parents come before children."""
    offsets_m: Float[Array, "B1 J 3"]
    """Joint minus parent joint at rest: the template, then the change per beta."""
    moments_m: Float[Array, "B1 K J 3"]
    """m_kj: the template's, then the change per beta."""
    shares: Float[Array, "K J"]
    """a_kj; each row sums to one."""
    descends: Float[Array, "J J"]
    """1 where the row's joint is the column's joint or hangs below it."""

    @classmethod
    def build(
        cls,
        vertices_m: Float[Array, "B1 V 3"],
        joints_m: Float[Array, "B1 J 3"],
        weights: Float[Array, "V J"],
        parents: Int[Array, "J"],
        vertex_shares: Float[Array, "K V"],
        joint_shares: Float[Array, "K J"],
    ) -> "CollapsedLandmarks":
        """Collapse a body: template and per-beta vertices and joints, weights, and what the landmarks are."""
        vertices_m, joints_m = vertices_m.astype(np.float64), joints_m.astype(np.float64)
        through_skin = np.einsum("kv,vj->kj", vertex_shares, weights)
        moments = np.einsum("kv,vj,bvc->bkjc", vertex_shares, weights, vertices_m, optimize=True)
        moments -= through_skin[None, :, :, None] * joints_m[:, None]
        offsets = joints_m.copy()
        offsets[:, 1:] -= joints_m[:, parents[1:]]
        descends = np.eye(len(parents))
        for joint in range(1, len(parents)):  # parents come first, so each row copies a finished one
            descends[joint] += descends[parents[joint]]
        return cls(parents, offsets, moments, through_skin + joint_shares, descends)

    def world_rotations(self, local: Float[Array, "J 3 3"]) -> Float[Array, "J 3 3"]:
        """Parent-relative to world rotations."""
        world = local.copy()
        for joint in range(1, len(self.parents)):
            world[joint] = world[self.parents[joint]] @ local[joint]
        return world

    def evaluate(
        self, local: Float[Array, "J 3 3"], betas: Float[Array, "B"]
    ) -> tuple[Float[Array, "K 3"], Float[Array, "K J 3 3"], Float[Array, "K 3 B"]]:
        """Landmarks about the body's origin and their derivatives.

        Returns:
            x: K x 3, metres.
            by rotation: derivative of x_k when joint a is turned by exp(d) on the left of its parent-relative
                rotation, K x J x 3 x 3 (rows x, columns d).
            by beta: K x 3 x B.
        """
        world = self.world_rotations(local)
        joints = self.offsets_m.copy()  # template and each beta are posed alike: everything is linear in them
        for joint in range(1, len(self.parents)):
            parent = self.parents[joint]
            joints[:, joint] = joints[:, parent] + self.offsets_m[:, joint] @ world[parent].T
        parts = np.einsum("jcd,bkjd->bkjc", world, self.moments_m)
        parts += self.shares[None, :, :, None] * joints[:, None]
        positions = parts.sum(axis=2)
        mix = np.concatenate(([1.0], betas))

        below = np.einsum("kjc,ja->kac", np.tensordot(mix, parts, 1), self.descends)
        share_below = self.shares @ self.descends
        lever = below - share_below[:, :, None] * np.tensordot(mix, joints, 1)
        frames = np.concatenate(
            (np.eye(3)[None], world[self.parents[1:]])
        )  # d is given in the parent's frame
        by_rotation = -_cross_matrix(lever) @ frames
        return np.tensordot(mix, positions, 1), by_rotation, positions[1:].transpose(1, 2, 0)


def _cross_matrix(v: Float[Array, "*b 3"]) -> Float[Array, "*b 3 3"]:
    matrix = np.zeros((*v.shape, 3))
    matrix[..., 2, 1], matrix[..., 0, 2], matrix[..., 1, 0] = v[..., 0], v[..., 1], v[..., 2]
    return matrix - matrix.swapaxes(-1, -2)
