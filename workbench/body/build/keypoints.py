"""Named vertices of the body, and the order of vertices that puts them where SMPL tools look for them.

SMPL code (smplx, ROMP and others) reads nose, eyes, ears, fingertips and feet from 21 fixed vertex numbers.
The vertices of the open body are numbered so that its own nose is vertex 332, or 9120 in SMPL-X format, etc.
"""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from workbench.body.build.skeleton import mirror_name

# Vertex of the hm08 base mesh, middle and left side; chosen by eye on renderings.
HM08 = {
    "nose": 5054,
    "left_eye": 14616,
    "left_eye_inner": 7795,
    "left_eye_outer": 7782,
    "left_ear": 12136,
    "left_mouth": 7272,
    "left_thumb_tip": 9348,
    "left_index_tip": 8595,
    "left_middle_tip": 8787,
    "left_ring_tip": 8979,
    "left_pinky_tip": 9171,
    "left_thumb_knuckle": 10307,
    "left_index_knuckle": 9803,
    "left_pinky_knuckle": 9792,
    "left_big_toe": 11551,
    "left_small_toe": 13280,
    "left_heel": 12453,
}


# The 51 face landmarks of SMPL-X, in its order (iBUG's 68 without the contour, the person's right first);
# -v is the mirror image of v. Chosen by eye on renderings, too.
FACE_LANDMARKS = (
    *(-7030, -6982, -6952, -6956, -6984, 6984, 6956, 6952, 6982, 7030),  # brows
    *(134, 5063, 291, 5054, -7119, -7077, 317, 7077, 7119),  # bridge and base of the nose
    *(-6808, -6790, -6785, -7769, -13368, -7760),  # right eye, from its outer corner over the top
    *(7769, 6785, 6790, 6808, 7760, 13368),  # left eye, from its inner corner over the top
    *(-7129, -7170, -7210, 455, 7210, 7170, 7129, 7166, 7241, 492, -7241, -7166),  # lips, outside
    *(-7249, -7213, 468, 7213, 7249, 7265, 493, -7265),  # lips, inside
)


def face_landmarks(
    ids: Int[ndarray, " V"], mirror: Int[ndarray, " V"], faces: Int[ndarray, "F 3"]
) -> tuple[Int[ndarray, " L"], Float[ndarray, "L 3"]]:
    """A face with each landmark in one of its corners, and its barycentric coordinates there."""
    number = {int(vertex): i for i, vertex in enumerate(ids)}
    vertices = [number[v] if v > 0 else mirror[number[-v]] for v in FACE_LANDMARKS]
    face, corner = np.array([np.argwhere(faces == v)[0] for v in vertices]).T
    return face, np.eye(3)[corner]


def base_vertices(mirror: Int[ndarray, " V"]) -> dict[str, int]:
    """Base-mesh vertex of every keypoint, both sides."""
    return HM08 | {mirror_name(name): int(mirror[v]) for name, v in HM08.items()}


def numbered(
    kept: Int[ndarray, " n"], keypoints: dict[str, int], numbers: Mapping[str, int]
) -> Int[ndarray, " n"]:
    """Base-mesh vertex that takes each number: keypoints at their `numbers`, the others in base order.

    Raises:
        ValueError: the mesh is too small for these numbers.
    """
    last = max(numbers.values())
    if len(kept) <= last:
        raise ValueError(
            f"Expected vertices up to keypoint number {last}; got {len(kept)} in all. Thin less."
        )
    fixed = {number: keypoints[name] for name, number in numbers.items()}
    order = np.empty(len(kept), dtype=np.int64)
    free = np.setdiff1d(np.arange(len(kept)), list(fixed))
    order[free] = np.setdiff1d(kept, list(fixed.values()))
    order[list(fixed)] = list(fixed.values())
    return order
