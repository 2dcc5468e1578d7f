"""Thins one half of a symmetric mesh by removing vertices only: what is known at a vertex stays true there.

Half-edge collapses in the order of the quadric error (Garland and Heckbert, SIGGRAPH 1997): vertex u is
merged into a neighbour v, which does not move. Weights, morph targets and texture coordinates of the vertices
that stay are then simply indexed. Collapses that would tear a texture seam, fold the surface or the texture,
make a sliver or pull the mirror plane apart are refused.
"""

import heapq
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

SHORT_EDGES = 0.01  # on flat ground, an edge of 1 cm counts like an error of 0.1 mm
SKIN_M = 0.004  # vertices whose skin weights differ by 1 count like an error of 4 mm
MIN_TURN_COS = 0.3  # a face may not turn by more than 73 degrees at once
MIN_QUALITY = 0.12  # 1 for an equilateral triangle, 0 for a needle
MIN_UV_AREA = 1e-9  # of a parallelogram on the texture square; negative when folded over


@dataclass(frozen=True)
class HalfMesh:
    """Input of `decimate`: the side x >= 0 of a mesh that is symmetric about x = 0."""

    points_m: Float[ndarray, "V 3"]
    uv: Float[ndarray, "T 2"]
    faces: Int[ndarray, "F 3"]
    uv_faces: Int[ndarray, "F 3"]
    skin: Float[ndarray, "V J"]
    importance: Float[ndarray, " F"]  # an error at a face counts this many times
    locked: Bool[ndarray, " V"]  # must stay


def decimate(half: HalfMesh, target: int) -> tuple[Int[ndarray, "F 3"], Int[ndarray, "F 3"]]:
    """Faces and texture faces left when the whole (two-sided) mesh has `target` vertices.

    Raises:
        ValueError: no further vertex can be removed.
    """
    state = _State(half)
    queue = [entry for entry in map(state.best, state.around) if entry]
    heapq.heapify(queue)
    while state.count > target:
        if not queue:
            raise ValueError(
                f"Expected a mesh that can be thinned to {target} vertices; got stuck at {state.count}. "
                "Ask for more vertices or lock fewer."
            )
        _, u, v, version = heapq.heappop(queue)
        if state.version.get(u) != version:
            continue
        if state.count == target + 1 and not state.on_plane[u]:
            continue  # it would take its mirror image along
        corners = state.legal(u, v)
        touched = state.collapse(u, v, corners) if corners is not None else [u]
        for entry in map(state.best, touched):
            if entry:
                heapq.heappush(queue, entry)
    return np.array(list(state.faces.values())), np.array(list(state.uv_faces.values()))


class _State:
    """The mesh while it shrinks. Plain Python numbers: faces are tiny and numpy calls would dominate."""

    def __init__(self, half: HalfMesh) -> None:
        self.points, self.uv = half.points_m.tolist(), half.uv.tolist()
        self.faces = dict(enumerate(half.faces.tolist()))
        self.uv_faces = dict(enumerate(half.uv_faces.tolist()))
        self.on_plane = (np.abs(half.points_m[:, 0]) < 1e-9).tolist()
        self.locked, self.skin = half.locked.tolist(), half.skin
        self.around: dict[int, set[int]] = {}
        for f, face in self.faces.items():
            for v in face:
                self.around.setdefault(v, set()).add(f)
        self.version = dict.fromkeys(self.around, 0)
        self.count = sum(1 if self.on_plane[v] else 2 for v in self.around)
        self.quadrics, self.area = _quadrics(half, self.on_plane)

    def neighbours(self, u: int) -> set[int]:
        return {v for f in self.around[u] for v in self.faces[f]} - {u}

    def best(self, u: int) -> tuple[float, int, int, int] | None:
        """Cheapest allowed collapse of u, as a heap entry; None when there is none."""
        self.version[u] += 1
        if self.locked[u]:
            return None
        for cost, v in sorted((self.cost(u, v), v) for v in self.neighbours(u)):
            if self.legal(u, v) is not None:
                return cost, u, v, self.version[u]
        return None

    def cost(self, u: int, v: int) -> float:
        x, y, z = self.points[v]
        xx, xy, xz, xw, yy, yz, yw, zz, zw, ww = (
            a + b for a, b in zip(self.quadrics[u], self.quadrics[v], strict=True)
        )
        error = xx * x * x + yy * y * y + zz * z * z + ww
        error += 2 * (xy * x * y + xz * x * z + yz * y * z + xw * x + yw * y + zw * z)
        length2 = sum((a - b) ** 2 for a, b in zip(self.points[u], self.points[v], strict=True))
        skin = self.skin[u] - self.skin[v]
        return error + self.area[u] * (SHORT_EDGES**2 * length2 + SKIN_M**2 * float(skin @ skin))

    def legal(self, u: int, v: int) -> dict[int, int] | None:
        """Where u's texture corners go if u may be merged into v; None if it may not."""
        shared = self.around[u] & self.around[v]
        if self.on_plane[u] and not (self.on_plane[v] and len(shared) == 1):
            return None
        near_v = self.neighbours(v)
        opposite = {w for f in shared for w in self.faces[f]} - {u, v}
        near_u = self.neighbours(u)
        if near_u & near_v != opposite or len(opposite) != len(shared):
            return None
        if self.on_plane[v] and not self.on_plane[u] and any(self.on_plane[n] for n in near_u - near_v - {v}):
            return None
        corners: dict[int, int] = {}
        for f in shared:
            face, uv_face = self.faces[f], self.uv_faces[f]
            old, new = uv_face[face.index(u)], uv_face[face.index(v)]
            if corners.setdefault(old, new) != new:
                return None
        for f in self.around[u] - shared:
            if not self._face_stays_good(f, u, v, corners):
                return None
        return corners

    def _face_stays_good(self, f: int, u: int, v: int, corners: dict[int, int]) -> bool:
        face, uv_face = self.faces[f], self.uv_faces[f]
        if uv_face[face.index(u)] not in corners:
            return False
        moved = [v if w == u else w for w in face]
        if all(self.on_plane[w] for w in moved):
            return False
        old, new = _normal(*(self.points[w] for w in face)), _normal(*(self.points[w] for w in moved))
        sizes = _dot(old, old) ** 0.5, _dot(new, new) ** 0.5
        if _dot(old, new) < MIN_TURN_COS * sizes[0] * sizes[1]:
            return False
        if _quality(sizes[1], *(self.points[w] for w in moved)) < MIN_QUALITY:
            return False
        after = _uv_area(*(self.uv[corners.get(t, t)] for t in uv_face))
        return after > MIN_UV_AREA

    def collapse(self, u: int, v: int, corners: dict[int, int]) -> list[int]:
        """Merges u into v; returns the vertices whose best collapse may have changed."""
        touched = self.neighbours(u)
        for f in self.around.pop(u):
            face, uv_face = self.faces[f], self.uv_faces[f]
            if v in face:
                for w in face:
                    if w != u:
                        self.around[w].discard(f)
                del self.faces[f], self.uv_faces[f]
            else:
                corner = face.index(u)
                face[corner], uv_face[corner] = v, corners[uv_face[corner]]
                self.around[v].add(f)
        self.quadrics[v] = [a + b for a, b in zip(self.quadrics[u], self.quadrics[v], strict=True)]
        del self.version[u]
        self.count -= 1 if self.on_plane[u] else 2
        return sorted(touched)


def _quadrics(half: HalfMesh, on_plane: list[bool]) -> tuple[list[list[float]], list[float]]:
    """Error quadric (10 numbers) and weighted area around each vertex."""
    corners = half.points_m[half.faces]
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    size = np.linalg.norm(normal, axis=1)
    plane = np.concatenate([normal, -np.sum(normal * corners[:, 0], 1, keepdims=True)], axis=1)
    plane /= np.maximum(size, 1e-30)[:, None]
    weight = size / 2 * half.importance
    i, j = np.triu_indices(4)
    quadrics, area = np.zeros((len(half.points_m), 10)), np.zeros(len(half.points_m))
    for corner in range(3):
        np.add.at(quadrics, half.faces[:, corner], weight[:, None] * plane[:, i] * plane[:, j])
        np.add.at(area, half.faces[:, corner], weight / 3)
    # The mirrored faces of a vertex on the plane: the terms odd in x cancel, the others double.
    quadrics[np.array(on_plane)] *= [2, 0, 0, 0, 2, 2, 2, 2, 2, 2]
    return quadrics.tolist(), area.tolist()


def _dot(a: list[float], b: list[float]) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _normal(a: list[float], b: list[float], c: list[float]) -> list[float]:
    ux, uy, uz, vx, vy, vz = b[0] - a[0], b[1] - a[1], b[2] - a[2], c[0] - a[0], c[1] - a[1], c[2] - a[2]
    return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx]


def _quality(twice_area: float, a: list[float], b: list[float], c: list[float]) -> float:
    sides = sum((p - q) ** 2 for s, t in ((a, b), (b, c), (c, a)) for p, q in zip(s, t, strict=True))
    return 2 * 3**0.5 * twice_area / max(sides, 1e-30)


def _uv_area(a: list[float], b: list[float], c: list[float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
