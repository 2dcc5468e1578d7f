"""From the two-sided quad mesh to one triangulated half and back: the body is exactly mirror symmetric."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from workbench.body.build.sources import BaseMesh

# The left nipple and the ring of 16 vertices around it. A ladder of seven quads covers it, and the right one;
# the idea and the vertex range are Anny's (Apache-2.0, Copyright 2025 NAVER Corp.).
NIPPLE = range(8450, 8466)
RING = (*range(8439, 8450), *range(8434, 8439))


@dataclass(frozen=True)
class Half:
    """Triangles of the left half (x >= 0), in ids of the base mesh, and what the right half needs."""

    faces: Int[ndarray, "F 3"]
    uv_faces: Int[ndarray, "F 3"]
    uv_mirror: Int[ndarray, " T"]  # texture vertex of the mirrored corner

    def whole(self, mirror: Int[ndarray, " V"]) -> tuple[Int[ndarray, "G 3"], Int[ndarray, "G 3"]]:
        """Faces and texture faces of both halves; mirrored faces are reversed to keep looking outwards."""
        right, uv_right = mirror[self.faces][:, ::-1], self.uv_mirror[self.uv_faces][:, ::-1]
        return np.concatenate([self.faces, right]), np.concatenate([self.uv_faces, uv_right])


def left_half(mesh: BaseMesh) -> Half:
    """Covers the nipples, keeps the left half and triangulates it."""
    quads, uv_quads = _covered(mesh)
    side = mesh.vertices_m[quads][:, :, 0].mean(1)
    left, right = side > 0, side < 0
    uv_mirror = np.full(len(mesh.uv), -1)
    pairs = zip(quads[right].tolist(), uv_quads[right].tolist(), strict=True)
    corners = {frozenset(quad): dict(zip(quad, uv_quad, strict=True)) for quad, uv_quad in pairs}
    for other, uv_quad in zip(mesh.mirror[quads[left]].tolist(), uv_quads[left], strict=True):
        uv_mirror[uv_quad] = [corners[frozenset(other)][v] for v in other]
    faces, uv_faces = _triangulate(mesh.vertices_m, mesh.uv, quads[left], uv_quads[left])
    return Half(faces, uv_faces, uv_mirror)


def uv_islands(uv_faces: Int[ndarray, "F 3"]) -> Int[ndarray, " F"]:
    """Number of the connected piece of the texture map that each face lies in."""
    a, b = uv_faces[:, :2].ravel(), uv_faces[:, 1:].ravel()
    size = int(uv_faces.max()) + 1
    _, label = connected_components(coo_matrix((np.ones(len(a)), (a, b)), shape=(size, size)), directed=False)
    return label[uv_faces[:, 0]]


def _covered(mesh: BaseMesh) -> tuple[Int[ndarray, "Q 4"], Int[ndarray, "Q 4"]]:
    """Quads with the nipples replaced by the ladder."""
    nipples = [*NIPPLE, *mesh.mirror[list(NIPPLE)]]
    drop = np.isin(mesh.quads, nipples).any(1)
    uv_of = dict(zip(mesh.quads[drop].ravel().tolist(), mesh.uv_quads[drop].ravel().tolist(), strict=True))
    left = np.array([[RING[-2 - k], RING[-1 - k], RING[k], RING[k + 1]] for k in range(7)])
    ladder = np.concatenate([left, mesh.mirror[left][:, ::-1]])
    uv_ladder = np.array([[uv_of[v] for v in quad] for quad in ladder.tolist()])
    return np.concatenate([mesh.quads[~drop], ladder]), np.concatenate([mesh.uv_quads[~drop], uv_ladder])


def _triangulate(
    points: Float[ndarray, "V 3"],
    uv: Float[ndarray, "T 2"],
    quads: Int[ndarray, "Q 4"],
    uv_quads: Int[ndarray, "Q 4"],
) -> tuple[Int[ndarray, "F 3"], Int[ndarray, "F 3"]]:
    """Cuts quads along a diagonal: not inside the mirror plane, not folding the texture, else the shorter."""
    cuts = ([0, 1, 2, 0, 2, 3], [1, 2, 3, 1, 3, 0])
    cost = []
    for cut, (a, b) in zip(cuts, ((0, 2), (1, 3)), strict=True):
        length = np.linalg.norm(points[quads[:, a]] - points[quads[:, b]], axis=1)
        in_plane = np.abs(points[quads[:, [a, b]], 0]).max(1) < 1e-9
        t = uv[uv_quads[:, cut]].reshape(-1, 2, 3, 2)
        edge, other = t[:, :, 1] - t[:, :, 0], t[:, :, 2] - t[:, :, 0]
        folded = (edge[..., 0] * other[..., 1] - edge[..., 1] * other[..., 0]).min(1) <= 0
        cost.append(length + 10 * in_plane + folded)
    first = (cost[0] <= cost[1])[:, None]
    pick = [np.where(first, q[:, cuts[0]], q[:, cuts[1]]).reshape(-1, 3) for q in (quads, uv_quads)]
    return pick[0], pick[1]
