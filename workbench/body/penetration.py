"""How much of the skin has gone into another part of the body."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from jaxtyping import Float, Int
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial.transform import Rotation
from torch import Tensor

from workbench.body import BodyModel
from workbench.body.joints import joint_names

Array = np.ndarray
SOFT_M = 0.01  # flesh gives way by so much
SLABS = np.array(
    [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, -1, 0), (1, 0, 1), (1, 0, -1), (0, 1, 1), (0, 1, -1)]
)
"""Directions along which it is told cheaply that a point is beyond a part: a box with its edges cut off."""

PARTS = (
    "trunk",
    "head",
    *(f"{s}_{p}" for s in ("left", "right") for p in ("upper_arm", "arm", "thigh", "leg")),
)
"""Parts that may touch but not enter one another; hands belong to the (lower) arms, feet to the legs."""
_TRUNK = ("pelvis", "spine1", "spine2", "spine3", "left_collar", "right_collar")
_HEAD = ("neck", "head", "jaw", "left_eye", "right_eye")
_LIMBS = {"hip": "thigh", "knee": "leg", "ankle": "leg", "foot": "leg", "shoulder": "upper_arm"}
_JOINED = {("trunk", "head")} | {
    pair
    for s in ("left", "right")
    for pair in (
        ("trunk", f"{s}_upper_arm"),
        ("trunk", f"{s}_thigh"),
        (f"{s}_upper_arm", f"{s}_arm"),
        (f"{s}_thigh", f"{s}_leg"),
    )
}


@dataclass(frozen=True, eq=False)
class ClosedPart:
    """A part of the skin, made a closed surface of its own by a fan over every cut."""

    faces: Int[Array, "F 3"]
    """Ids from the number of vertices on are the middles of the cuts."""
    cuts: tuple[Array, ...]
    """Vertices around each cut."""

    def surface(self, vertices: Float[Array, "V 3"]) -> Float[Array, "W 3"]:
        """The body's vertices and the middles of the cuts."""
        return np.concatenate((vertices, *(vertices[cut].mean(0, keepdims=True) for cut in self.cuts)))


@dataclass(frozen=True, eq=False)
class BodyParts:
    """A body's skin cut into parts."""

    part: Int[Array, "V"]
    """Place in PARTS of each vertex."""
    faces: Int[Array, "F 3"]
    closed: tuple[ClosedPart, ...]
    """In the order of PARTS."""

    @classmethod
    def of(cls, body: BodyModel) -> "BodyParts":
        """Each vertex belongs to the part of the joint that moves it most.

        Raises:
            ValueError: the body's joints are not those of SMPL, SMPL-H or SMPL-X.
        """
        of_joint = np.array([PARTS.index(_part_of(name)) for name in joint_names(body.num_joints)])
        part = of_joint[body.weights.argmax(1).cpu().numpy()]
        faces = body.faces.cpu().numpy()
        owner = np.sort(part[faces], axis=1)[:, 1]  # the part of two of three corners, if two agree
        closed = tuple(_closed(faces[owner == i], len(part)) for i in range(len(PARTS)))
        return cls(part, faces, closed)

    @cached_property
    def strangers(self) -> tuple[Int[Array, "N"], ...]:
        """Vertices of the parts that must not enter each part."""
        return tuple(np.flatnonzero(np.isin(self.part, _strangers(i))) for i in range(len(PARTS)))

    @cached_property
    def around(self) -> csr_array:
        """See `faces_around`."""
        return faces_around(self.faces, len(self.part))

    @cached_property
    def _outlines(self) -> tuple[Int[Array, "N"], Int[Array, "P"]]:
        """The vertices of every part, one part after another, and where each part begins."""
        ids = [np.unique(closed.faces[closed.faces < len(self.part)]) for closed in self.closed]
        return np.concatenate(ids), np.cumsum([0, *map(len, ids[:-1])])

    def penetration_pct(self, vertices_m: Float[Tensor, "V 3"], soft_m: float = SOFT_M) -> float:
        """Percent of the skin's area that lies inside another part, deeper than flesh gives way.

        A vertex of a part made `soft_m` thinner counts when the winding number of another part around it is
        not zero (Jacobson et al., "Robust Inside-Outside Segmentation using Generalized Winding Numbers",
        SIGGRAPH 2013; used on bodies by Müller et al., "On Self-Contact and Human Pose", CVPR 2021). Parts
        that are joined, such as thigh and trunk, do not count against each other: skin at a bent joint folds
        into itself in every model of this kind.

        Args:
            vertices_m: the posed body, any frame.
            soft_m: depth that is forgiven.

        Returns:
            0..100; NaN where a vertex is not finite.
        """
        vertices = vertices_m.detach().cpu().double().numpy()
        if not np.isfinite(vertices).all():
            return float("nan")
        normals, areas = normals_and_areas(vertices, self.faces, self.around)
        points = vertices - soft_m * normals
        entered = np.zeros(len(points), dtype=bool)
        for closed, ids in zip(self.closed, self._near(points, vertices), strict=True):
            ids = ids[~entered[ids]]
            if ids.size:
                entered[ids] = winding_numbers(points[ids], closed.surface(vertices), closed.faces) != 0
        return float(100 * areas[entered].sum() / areas.sum())

    def _near(self, points: Float[Array, "V 3"], vertices: Float[Array, "V 3"]) -> Iterator[Int[Array, "N"]]:
        """For each part, the strangers that no slab around its vertices tells to be outside."""
        outline, starts = self._outlines
        along, reached = SLABS @ points.T, SLABS @ vertices.T.take(outline, axis=1)
        low, high = (edge.reduceat(reached, starts, axis=1) for edge in (np.minimum, np.maximum))
        for part, ids in enumerate(self.strangers):
            for slab, least, most in zip(along, low[:, part], high[:, part], strict=True):
                at = slab.take(ids)
                ids = ids.compress((at > least) & (at < most))
            yield ids


def winding_numbers(
    points: Float[Array, "N 3"], vertices: Float[Array, "V 3"], faces: Int[Array, "F 3"]
) -> Int[Array, "N"]:
    """How often a closed surface winds around each point: 0 outside, 1 inside, more where it overlaps itself.

    Counts the faces above a point, those that face up as +1 and those that face down as -1. The surface is
    turned by an arbitrary angle first, so that no point lies exactly under an edge.
    """
    turn = _generic_turn()
    points = turn @ points.T  # by coordinate, as all below
    corners = (turn @ vertices.T).take(faces.T, axis=1)
    point, face = _candidates(points, corners)
    a, b, c = (corners.take(face, axis=2) - points.take(point, axis=1)[:, None]).swapaxes(0, 1)
    weights = np.stack([_cross(b, c), _cross(c, a), _cross(a, b)])
    area = weights.sum(0)
    over = (weights * np.sign(area) >= 0).all(0) & (area != 0)
    height = (weights * np.stack([a[2], b[2], c[2]])).sum(0) / np.where(area == 0, 1, area)
    sign = np.where(over & (height > 0), np.sign(area), 0)
    return np.bincount(point, weights=sign, minlength=points.shape[1]).round().astype(np.int64)


def faces_around(faces: Int[Array, "F 3"], vertex_count: int) -> csr_array:
    """V x F: 1 where a vertex is a corner of a face, so that a product adds up what faces say."""
    ones, face = np.ones(faces.size), np.repeat(np.arange(len(faces)), 3)
    return csr_array((ones, (faces.ravel(), face)), shape=(vertex_count, len(faces)))


def normals_and_areas(
    vertices: Float[Array, "V 3"], faces: Int[Array, "F 3"], around: csr_array
) -> tuple[Float[Array, "V 3"], Float[Array, "V"]]:
    """Outward unit normals, and each vertex' share of the area; `around` is `faces_around` of the faces."""
    a, b, c = vertices.T.take(faces.T, axis=1).swapaxes(0, 1)  # each (3, F)
    (ux, uy, uz), (vx, vy, vz) = b - a, c - a
    normal = np.stack((uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx))
    area = np.sqrt((normal**2).sum(0)) / 6
    sums = np.ascontiguousarray((around @ np.concatenate((normal, area[None])).T).T)
    normals, areas = sums[:3], sums[3]
    return (normals / np.sqrt((normals**2).sum(0)).clip(1e-12)).T, areas


def _part_of(joint: str) -> str:
    if joint in _TRUNK or joint in _HEAD:
        return "trunk" if joint in _TRUNK else "head"
    side, place = joint.split("_", 1)
    return f"{side}_{_LIMBS.get(place, 'arm')}"  # elbow, wrist, hand and fingers


def _strangers(part: int) -> Sequence[int]:
    """Parts that must not enter this one."""
    this = PARTS[part]
    joined = {this} | {b if a == this else a for a, b in _JOINED if this in (a, b)}
    return [i for i, name in enumerate(PARTS) if name not in joined]


def _closed(faces: Int[Array, "F 3"], vertex_count: int) -> ClosedPart:
    """The triangles and a fan over each cut."""
    edges = faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    code = edges @ (vertex_count, 1)
    open_edges = edges[~np.isin(code, edges[:, ::-1] @ (vertex_count, 1))]
    if len(open_edges) == 0:
        return ClosedPart(faces, ())
    graph = coo_array((np.ones(len(open_edges)), open_edges.T), shape=(vertex_count, vertex_count))
    label = connected_components(graph, directed=False)[1][open_edges[:, 0]]
    names, which = np.unique(label, return_inverse=True)
    fans = np.column_stack((open_edges[:, ::-1], vertex_count + which))
    cuts = tuple(np.unique(open_edges[label == name]) for name in names)
    return ClosedPart(np.concatenate((faces, fans)), cuts)


def _candidates(
    points: Float[Array, "3 N"], corners: Float[Array, "3 3 F"]
) -> tuple[Int[Array, "P"], Int[Array, "P"]]:
    """Pairs of a point and a face above it, as far as boxes around the faces tell."""
    low, high = corners.min(1), corners.max(1)
    order = points[0].argsort()
    first, end = (points[0, order].searchsorted(edge[0]) for edge in (low, high))
    face, nth = _counted(end - first)
    point = order[first[face] + nth]
    y, z = points[1:, point]
    kept = np.flatnonzero((low[1, face] <= y) & (y <= high[1, face]) & (z < high[2, face]))
    return point[kept], face[kept]


def _counted(counts: Int[Array, "N"]) -> tuple[Int[Array, "P"], Int[Array, "P"]]:
    """Each place as often as its count says, and the running number of each repetition."""
    place = np.repeat(np.arange(len(counts)), counts)
    return place, np.arange(len(place)) - np.repeat(counts.cumsum() - counts, counts)


def _cross(u: Float[Array, "3 P"], v: Float[Array, "3 P"]) -> Float[Array, "P"]:
    return u[0] * v[1] - u[1] * v[0]


@lru_cache(maxsize=1)
def _generic_turn() -> Float[Array, "3 3"]:
    return Rotation.from_rotvec([0.4321, 0.8765, 0.1357]).as_matrix().T
