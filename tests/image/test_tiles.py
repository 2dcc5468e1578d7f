"""Tiles cover the photo; suppression merges what is the same and nothing else."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.image.tiles import circle_overlap, tiles, weighted_nms, whole


@given(st.integers(32, 3000), st.integers(32, 3000), st.floats(100, 800))
def test_tiles_cover_the_photo_and_overlap(height: int, width: int, side: float) -> None:
    squares = tiles((height, width), side)
    for length, axis in ((width, 0), (height, 1)):
        middles = sorted({square.center_px[axis] for square in squares})
        if side >= length:
            assert middles == [length / 2]
            continue
        assert middles[0] == pytest.approx(side / 2)
        assert middles[-1] == pytest.approx(length - side / 2)
        assert all(b - a <= side / 2 + 1e-6 for a, b in pairwise(middles))


def test_whole_holds_the_photo() -> None:
    assert whole((200, 300)).bounds_px() == (0, -50, 300, 250)


def test_overlap_of_circles() -> None:
    one = np.array([10.0, 10.0, 5.0])
    others = np.array([[10.0, 10.0, 5.0], [15.0, 10.0, 5.0], [40.0, 10.0, 5.0], [10.0, 10.0, 2.5]])
    assert np.allclose(circle_overlap(one, others), [1, 1 / 3, 0, 1 / 4])
    assert (circle_overlap(np.zeros(3), np.zeros((2, 3))) == 0).all()  # points overlap nothing


def test_two_clusters_become_two() -> None:
    rng = np.random.default_rng(0)
    centers = np.array([[100.0, 100.0]] * 6 + [[300.0, 120.0]] * 4)
    hips = centers + rng.normal(0, 2, centers.shape)
    top = hips + np.array([0.0, -50.0])
    score = rng.uniform(0.5, 1, len(hips))
    merged_score, merged_hips, merged_top = weighted_nms(score, hips, top, 0.3)
    assert len(merged_score) == 2
    assert (np.diff(merged_score) <= 0).all()
    order = np.argsort(merged_hips[:, 0])
    for k, group in enumerate((slice(0, 6), slice(6, 10))):
        assert merged_score[order[k]] == score[group].max()
        expected = np.average(hips[group], axis=0, weights=score[group])
        assert np.allclose(merged_hips[order[k]], expected)
        assert np.allclose(merged_top[order[k]] - merged_hips[order[k]], [0, -50])


def test_a_small_person_before_a_large_one_stays() -> None:
    hips, top = np.array([[100.0, 100.0], [110.0, 120.0]]), np.array([[100.0, 20.0], [110.0, 100.0]])
    assert len(weighted_nms(np.array([0.9, 0.8]), hips, top, 0.3)[0]) == 2


def test_nobody() -> None:
    score, hips, top = weighted_nms(np.zeros(0), np.zeros((0, 2)), np.zeros((0, 2)), 0.3)
    assert (score.shape, hips.shape, top.shape) == ((0,), (0, 2), (0, 2))
