"""Named vertices of the body, and the order of vertices that puts them where SMPL tools look for them.

SMPL code (smplx, ROMP and others) reads nose, eyes, ears, fingertips and feet from 21 fixed vertex numbers.
The vertices of the open body are numbered so that its own nose is vertex 332, or 9120 in SMPL-X format, etc.
"""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Int
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
