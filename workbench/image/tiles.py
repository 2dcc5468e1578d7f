"""Where to look, and which of many overlapping answers to keep."""

import math

import numpy as np
from jaxtyping import Float

from workbench.image.roi import Roi


def whole(size_hw: tuple[int, int]) -> Roi:
    """The square that holds the whole photo."""
    height, width = size_hw
    return Roi((width / 2, height / 2), float(max(height, width)))


def tiles(size_hw: tuple[int, int], side_px: float, overlap: float = 0.5) -> list[Roi]:
    """Squares of one size that cover a photo evenly, neighbours sharing at least `overlap` of their side."""
    rows, columns = (_middles(length, side_px, overlap) for length in size_hw)
    return [Roi((x, y), side_px) for y in rows for x in columns]


def _middles(length: int, side: float, overlap: float) -> list[float]:
    if length <= side:
        return [length / 2]
    count = 1 + math.ceil((length - side) / (side * (1 - overlap)) - 1e-9)
    return [float(v) for v in np.linspace(side / 2, length - side / 2, count)]


def circle_overlap(a: Float[np.ndarray, "3"], b: Float[np.ndarray, "N 3"]) -> Float[np.ndarray, "N"]:
    """Intersection over union of the squares around circles (x, y, radius)."""
    sides = np.minimum(a[:2] + a[2], b[:, :2] + b[:, 2:]) - np.maximum(a[:2] - a[2], b[:, :2] - b[:, 2:])
    both = sides.clip(min=0).prod(axis=1)
    together = 4 * a[2] ** 2 + 4 * b[:, 2] ** 2 - both
    return both / together.clip(min=1e-12)


def weighted_nms(
    score: Float[np.ndarray, "N"],
    hips: Float[np.ndarray, "N 2"],
    top: Float[np.ndarray, "N 2"],
    overlap: float,
) -> tuple[Float[np.ndarray, "M"], Float[np.ndarray, "M 2"], Float[np.ndarray, "M 2"]]:
    """Merge candidates whose circles overlap: points are averaged by score, the best score is kept.

    Best first. BlazePose's own choice, because averaged points are steadier than the best one's.
    """
    circles = np.column_stack((hips, np.hypot(*(top - hips).T)))
    left = np.argsort(-score, kind="stable")
    merged: list[tuple[float, np.ndarray, np.ndarray]] = []
    while len(left):
        same = circle_overlap(circles[left[0]], circles[left]) > overlap
        same[0] = True
        group, left = left[same], left[~same]
        weight = score[group] / score[group].sum()
        merged.append((float(score[group[0]]), weight @ hips[group], weight @ top[group]))
    if not merged:
        return score[:0], hips[:0], top[:0]
    return (
        np.array([m[0] for m in merged]),
        np.stack([m[1] for m in merged]),
        np.stack([m[2] for m in merged]),
    )
