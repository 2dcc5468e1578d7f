"""Who is in a picture, and where they stand: all on one floor, before one camera, apart.

The first person brings the camera. The others are posed people from the same draw, turned into its axes and
put on its floor. Two of them may stand behind one another in the picture, but what they cover of the floor
stays apart, so that their bodies cannot touch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float, Int
from scipy.spatial import ConvexHull, QhullError
from torch import Tensor

from workbench.body import open_body
from workbench.body.stages import Posed
from workbench.synth.appearance import sample_looks
from workbench.synth.cameras import NEAREST_M, Views
from workbench.synth.clothing import SOLE_M
from workbench.synth.dressing import surfaces_of
from workbench.synth.people import People, sample_people
from workbench.synth.poses import Split
from workbench.synth.surfaces import Surface

CANDIDATES = 16
"""People drawn for each scene, most of whom stay at home."""
BLOCK = 64
"""Scenes whose people are drawn together: sampling few costs as much as sampling hundreds."""
TRIES = 10
"""Places tried for each further person."""
GAP_M = 0.06
"""Kept between what two people cover of the floor."""
MAX_AWAY_M = 18.0
_ANGLES_RAD = np.arange(16) / 16 * 2 * np.pi
_AROUND = np.stack((np.cos(_ANGLES_RAD), np.sin(_ANGLES_RAD)), 1)
"""Directions in which extreme points are looked for, counter-clockwise."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """One person of the draw, before their own camera."""

    row: int
    """Of the draw."""
    pose: Posed
    skin_m: Float[Tensor, "V 3"]
    """The bare body about its origin."""

    @classmethod
    def of(cls, people: People, row: int) -> "Candidate":
        """Somebody posed."""
        pose = open_body().with_shape(people.betas[row]).with_rotations(people.rotations[row])
        return cls(row, pose, pose.mesh().vertices_m)


@dataclass(frozen=True, eq=False)
class Actor:
    """One dressed person in the camera's axes."""

    candidate: int
    """Row of the draw."""
    rotations: Float[Tensor, "24 3 3"]
    place_m: Float[Tensor, "3"]
    """The body's origin, from the lens."""
    joints_m: Float[Tensor, "24 3"]
    """From the lens."""
    surfaces: tuple[Surface, ...]
    hull_m: Float[np.ndarray, "K 2"]
    """What the person covers of the floor: corners of its convex hull, axes of gravity."""
    lowest_m: float
    """Height of the floor under this person."""
    depth_m: Float[Tensor, "H W"] | None = None
    """What the camera would see if the person were alone, inf where nothing; known once all are in place."""


def pool(views: Views, split: Split, seed: int) -> tuple[People, Int[Tensor, "C"]]:
    """The people drawn for a seed's block of scenes, and which of them are this scene's."""
    people = _block(views, split, seed // BLOCK)
    start = seed % BLOCK * CANDIDATES
    return people, torch.arange(start, start + CANDIDATES)


@lru_cache(maxsize=4)
def _block(views: Views, split: Split, block: int) -> People:
    return sample_people(BLOCK * CANDIDATES, block, split, views)


def dress(
    people: People,
    candidate: Candidate,
    camera_from_world: Float[Tensor, "3 3"],
    place_m: Float[Tensor, "3"],
    generator: torch.Generator,
) -> Actor:
    """A candidate before a given camera, with clothes on."""
    row, pose = candidate.row, candidate.pose
    turn = camera_from_world @ people.camera_from_world[row].T  # from their own camera's axes
    rotations = people.rotations[row].clone()
    rotations[0] = turn @ rotations[0]
    pelvis = pose.joints_m[0]

    def put(points_m: Float[Tensor, "N 3"]) -> Float[Tensor, "N 3"]:
        return (points_m - pelvis) @ turn.T + (pelvis + place_m)

    worn = surfaces_of(pose, sample_looks(1, generator), torch.zeros(3), person=1)
    surfaces = tuple(replace(surface, vertices_m=put(surface.vertices_m)) for surface in worn)
    points = torch.cat([surface.vertices_m for surface in surfaces]) @ camera_from_world
    skin = float((put(candidate.skin_m) @ camera_from_world[:, 1]).min())
    return Actor(
        candidate=row,
        rotations=rotations,
        place_m=place_m,
        joints_m=put(pose.joints_m),
        surfaces=surfaces,
        hull_m=hull_of(points[:, [0, 2]]),
        lowest_m=max(skin - SOLE_M, float(points[:, 1].min())),  # cloth that is lain on has no thickness
    )


def moved(actor: Actor, by_m: Float[Tensor, "3"], camera_from_world: Float[Tensor, "3 3"]) -> Actor:
    """The same actor elsewhere; `by_m` is in the axes of gravity."""
    shift = camera_from_world @ by_m
    surfaces = tuple(replace(s, vertices_m=s.vertices_m + shift) for s in actor.surfaces)
    return replace(
        actor,
        place_m=actor.place_m + shift,
        joints_m=actor.joints_m + shift,
        surfaces=surfaces,
        hull_m=_hull_moved(actor, by_m),
        lowest_m=actor.lowest_m + float(by_m[1]),
    )


def _hull_moved(actor: Actor, by_m: Float[Tensor, "3"]) -> Float[np.ndarray, "K 2"]:
    return actor.hull_m + by_m[[0, 2]].double().numpy()


def nearest_depth_m(actor: Actor) -> float:
    """Of whatever belongs to a person."""
    return min(float(surface.vertices_m[:, 2].min()) for surface in actor.surfaces)


def others(
    people: People,
    candidates: Iterator[Candidate],
    first: Actor,
    count: int,
    camera_from_world: Float[Tensor, "3 3"],
    tan_half_view: float,
    generator: torch.Generator,
) -> list[Actor]:
    """Up to `count` further people, on the first one's floor and within the camera's view."""
    cast, patience = [first], 2 * count
    origin = first.place_m @ camera_from_world
    flat = camera_from_world[2] * torch.tensor([1.0, 0.0, 1.0])
    ahead = flat / flat.norm().clamp_min(1e-3)
    right = torch.stack((-ahead[2], torch.zeros(()), ahead[0]))
    distance = float(origin @ ahead)
    while len(cast) <= count and patience and (candidate := next(candidates, None)) is not None:
        patience -= 1
        actor = dress(people, candidate, camera_from_world, first.place_m, generator)
        here, nearest_m = actor.place_m @ camera_from_world, nearest_depth_m(actor)
        for _ in range(TRIES):
            draw = torch.rand(4, generator=generator)
            if draw[0] < 0.55:  # beside the first
                depth = distance + float(1.6 * draw[1] - 0.6)
                aside = float(origin @ right) + float(0.4 + 1.1 * draw[2]) * (1 if draw[3] < 0.5 else -1)
            else:  # anywhere behind
                depth = min(distance + float(0.3 + 6 * draw[1] ** 2), MAX_AWAY_M)
                aside = depth * tan_half_view * float(1.7 * draw[2] - 0.85)
            goal = depth * ahead + aside * right
            by = goal - here
            by[1] = first.lowest_m - actor.lowest_m
            if nearest_m + float(camera_from_world[2] @ by) <= NEAREST_M:
                continue
            hull = _hull_moved(actor, by)
            if all(apart(hull, other.hull_m) for other in cast):
                cast.append(moved(actor, by, camera_from_world))
                break
    return cast[1:]


def hull_of(points: Float[Tensor, "N 2"]) -> Float[np.ndarray, "K 2"]:
    """Corners of the convex hull, counter-clockwise."""
    flat = _outer(points.double().numpy())
    try:
        return flat[ConvexHull(flat).vertices]
    except QhullError:  # all in one line
        return flat


def _outer(flat: Float[np.ndarray, "N 2"]) -> Float[np.ndarray, "M 2"]:
    """Without most of the points inside the hull: those within a polygon of extreme ones.

    Akl and Toussaint, "A fast convex hull algorithm", Information Processing Letters 1978.
    """
    corners = flat[(_AROUND @ flat.T).argmax(1)]
    edges = np.roll(corners, -1, axis=0) - corners
    sides = edges.any(1)
    if not sides.any():  # all in one place
        return flat
    inwards = (edges[:, ::-1] * (-1, 1))[sides]
    depth = inwards @ flat.T - (inwards * corners[sides]).sum(1, keepdims=True)
    return flat[~(depth > 1e-9).all(0)]


def apart(one: Float[np.ndarray, "K 2"], other: Float[np.ndarray, "L 2"], gap_m: float = GAP_M) -> bool:
    """Whether some line has the two convex shapes on its two sides, and a gap between them."""
    for shape in (one, other):
        edges = np.roll(shape, -1, axis=0) - shape
        normals = np.stack((edges[:, 1], -edges[:, 0]), 1)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True).clip(1e-9)
        a, b = one @ normals.T, other @ normals.T
        if ((a.min(0) - b.max(0) > gap_m) | (b.min(0) - a.max(0) > gap_m)).any():
            return True
    return False
