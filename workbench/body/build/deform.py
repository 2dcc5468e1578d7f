"""Rotations and the two skinning methods, in plain numpy over leading batch axes."""

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_matrix

MIRROR = np.array([-1.0, 1.0, 1.0])


def unit(x: Float[ndarray, "*n 3"]) -> Float[ndarray, "*n 3"]:
    """Vectors scaled to length 1."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def exp(rotvec: Float[ndarray, "*n 3"]) -> Float[ndarray, "*n 3 3"]:
    """Rotation matrices of axis-angle vectors (Rodrigues)."""
    angle, k = np.linalg.norm(rotvec, axis=-1)[..., None, None], _skew(rotvec)
    # sin(t)/t and (1 - cos(t))/t^2 through sinc, which is exact at 0
    return np.eye(3) + np.sinc(angle / np.pi) * k + 0.5 * np.sinc(angle / (2 * np.pi)) ** 2 * (k @ k)


def about(axis: int, angle_rad: Float[ndarray, "*n"] | float) -> Float[ndarray, "*n 3 3"]:
    """Rotations about one coordinate axis."""
    return exp(np.multiply.outer(angle_rad, np.eye(3)[axis]))


def between(a: Float[ndarray, "*#n 3"], b: Float[ndarray, "*#n 3"]) -> Float[ndarray, "*#n 3 3"]:
    """The smallest rotation that turns direction a into direction b (not opposite)."""
    a, b = np.broadcast_arrays(unit(a), unit(b))
    k, cos = _skew(np.cross(a, b)), np.sum(a * b, -1)[..., None, None]
    return np.eye(3) + k + k @ k / (1 + cos)


def _skew(vector: Float[ndarray, "*n 3"]) -> Float[ndarray, "*n 3 3"]:
    """Matrix of the cross product with a vector."""
    x, y, z = np.moveaxis(vector, -1, 0)
    zero = np.zeros_like(x)
    return np.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).reshape(*x.shape, 3, 3)


def mirrored(rotation: Float[ndarray, "*n 3 3"]) -> Float[ndarray, "*n 3 3"]:
    """The same rotation seen in the mirror x = 0."""
    return rotation * np.outer(MIRROR, MIRROR)


def quaternion(rotation: Float[ndarray, "*n 3 3"]) -> Float[ndarray, "*n 4"]:
    """Unit quaternions (w, x, y, z) of rotation matrices; the sign is arbitrary.

    Every column of 4 q q^T is a multiple of q; the one with the largest diagonal entry is the stable one.
    """
    m = np.moveaxis(rotation, (-2, -1), (0, 1))
    a, b, c = m[2, 1] - m[1, 2], m[0, 2] - m[2, 0], m[1, 0] - m[0, 1]
    d, e, f = m[0, 1] + m[1, 0], m[0, 2] + m[2, 0], m[1, 2] + m[2, 1]
    w, x = 1 + m[0, 0] + m[1, 1] + m[2, 2], 1 + m[0, 0] - m[1, 1] - m[2, 2]
    y, z = 1 - m[0, 0] + m[1, 1] - m[2, 2], 1 - m[0, 0] - m[1, 1] + m[2, 2]
    outer = np.stack([w, a, b, c, a, x, d, e, b, d, y, f, c, e, f, z], -1).reshape(*w.shape, 4, 4)
    best = np.argmax(np.stack([w, x, y, z], -1), -1)[..., None, None]
    column = np.take_along_axis(outer, best, axis=-1)[..., 0]
    return column / np.linalg.norm(column, axis=-1, keepdims=True)


def linear_transforms(
    weights: csr_matrix, rotations: Float[ndarray, "B 3 3"], shifts: Float[ndarray, "B 3"]
) -> tuple[Float[ndarray, "V 3 3"], Float[ndarray, "V 3"]]:
    """Linear blend of the bones' rigid maps x -> R x + t, per vertex."""
    flat = weights @ np.concatenate([rotations.reshape(-1, 9), shifts], axis=1)
    return flat[:, :9].reshape(-1, 3, 3), flat[:, 9:]


def dual_quaternion_skin(
    points: Float[ndarray, "V 3"],
    weights: csr_matrix,
    rotations: Float[ndarray, "B 3 3"],
    shifts: Float[ndarray, "B 3"],
    parents: Int[ndarray, " B"],
) -> Float[ndarray, "V 3"]:
    """Skins by blending rigid motions as dual quaternions (Kavan et al., TOG 2008).

    q and -q are the same rotation; each bone takes the sign nearer to its parent's, so that bones that share
    a vertex lie on the same side.
    """
    real = quaternion(rotations)
    for bone, parent in enumerate(parents):
        if parent >= 0 and real[bone] @ real[parent] < 0:
            real[bone] = -real[bone]
    w, v = real[:, :1], real[:, 1:]
    dual = 0.5 * np.concatenate([-np.sum(shifts * v, 1, keepdims=True), w * shifts + np.cross(shifts, v)], 1)
    blended = weights @ np.concatenate([real, dual], axis=1)
    blended /= np.linalg.norm(blended[:, :4], axis=1, keepdims=True)
    w, v, dw, dv = blended[:, :1], blended[:, 1:4], blended[:, 4:5], blended[:, 5:]
    turned = points + 2 * np.cross(v, np.cross(v, points) + w * points)
    return turned + 2 * (w * dv - dw * v + np.cross(v, dv))


def blend_skin(
    points: Float[ndarray, "V 3"],
    weights: csr_matrix,
    rotations: Float[ndarray, "B 3 3"],
    shifts: Float[ndarray, "B 3"],
    parents: Int[ndarray, " B"],
) -> Float[ndarray, "V 3"]:
    """Mean of linear blend and dual quaternion skinning: one loses volume at a bend, the other bulges."""
    linear, shift = linear_transforms(weights, rotations, shifts)
    blended = np.einsum("vij,vj->vi", linear, points) + shift
    return (blended + dual_quaternion_skin(points, weights, rotations, shifts, parents)) / 2
