"""Named vertices of the body, and the order of vertices that puts them where SMPL tools look for them.

SMPL code (smplx, ROMP and others) reads nose, eyes, ears, fingertips and feet from 21 fixed vertex numbers. The
vertices of the open body are numbered so that its own nose is vertex 332, and so on.
"""

import numpy as np
from jaxtyping import Int
from numpy import ndarray

from .skeleton import mirror_name

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

# Vertex numbers of SMPL's extra joints 24 to 44, in that order (listed in ROMP, MIT licence, among others).
SMPL_VERTEX = {
    "nose": 332,
    "right_eye": 6260,
    "left_eye": 2800,
    "right_ear": 4071,
    "left_ear": 583,
    "left_big_toe": 3216,
    "left_small_toe": 3226,
    "left_heel": 3387,
    "right_big_toe": 6617,
    "right_small_toe": 6624,
    "right_heel": 6787,
    "left_thumb_tip": 2746,
    "left_index_tip": 2319,
    "left_middle_tip": 2445,
    "left_ring_tip": 2556,
    "left_pinky_tip": 2673,
    "right_thumb_tip": 6191,
    "right_index_tip": 5782,
    "right_middle_tip": 5905,
    "right_ring_tip": 6016,
    "right_pinky_tip": 6133,
}


def base_vertices(mirror: Int[ndarray, " V"]) -> dict[str, int]:
    """Base-mesh vertex of every keypoint, both sides; SMPL's 21 come first and in SMPL's order."""
    both = HM08 | {mirror_name(name): int(mirror[v]) for name, v in HM08.items()}
    return {name: both[name] for name in (*SMPL_VERTEX, *both)}


def numbered(kept: Int[ndarray, " n"], keypoints: dict[str, int]) -> Int[ndarray, " n"]:
    """Base-mesh vertex that takes each number: SMPL's keypoints at SMPL's numbers, the others in base order.

    Raises:
        ValueError: the mesh is too small for SMPL's vertex numbers.
    """
    if len(kept) <= max(SMPL_VERTEX.values()):
        raise ValueError(
            f"expected more than {max(SMPL_VERTEX.values())} vertices, so that SMPL's keypoint numbers exist, "
            f"got {len(kept)}; decimate less"
        )
    fixed = {number: keypoints[name] for name, number in SMPL_VERTEX.items()}
    order = np.empty(len(kept), dtype=np.int64)
    free = np.setdiff1d(np.arange(len(kept)), list(fixed))
    order[free] = np.setdiff1d(kept, list(fixed.values()))
    order[list(fixed)] = list(fixed.values())
    return order
