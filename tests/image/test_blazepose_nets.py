"""BlazePose's decoding: anchors, detections, and landmarks refined by heat maps."""

import math

import numpy as np
import pytest

from workbench.image.blazepose_nets import (
    DETECTOR_SIZE,
    Landmarks,
    anchors,
    decode_detections,
    refine_by_heatmap,
    sigmoid,
)
from workbench.image.roi import Roi


def test_anchors_are_the_middles_of_the_cells() -> None:
    anchor = anchors()
    assert anchor.shape == (2 * 28**2 + 2 * 14**2 + 6 * 7**2, 2) == (2254, 2)
    for start, stride, per_cell in ((0, 8, 2), (1568, 16, 2), (1960, 32, 6)):
        first = anchor[start : start + per_cell] * DETECTOR_SIZE
        assert (first == stride / 2).all()
        assert np.allclose(
            anchor[start + per_cell] * DETECTOR_SIZE, [1.5 * stride, stride / 2]
        )  # x runs first
    for part in (anchor[:1568], anchor[1568:1960], anchor[1960:]):
        assert np.allclose(part.mean(axis=0), 0.5)


def test_detections_are_offsets_in_pixels_from_their_anchors() -> None:
    anchor = anchors()
    boxes, scores = np.zeros((2254, 12), dtype=np.float32), np.full((2254, 1), -20.0, dtype=np.float32)
    scores[[7, 1600], 0] = 0.0, 300.0
    boxes[7, 4:8] = 22.4, -44.8, 0.0, -112.0
    seen = decode_detections(boxes, scores, anchor, min_score=0.4)
    assert np.allclose(seen.score, [0.5, 1.0])
    assert np.allclose(seen.hips[0], anchor[7] + [0.1, -0.2])
    assert np.allclose(seen.top[0], anchor[7] + [0.0, -0.5])
    assert np.allclose(seen.hips[1], anchor[1600])
    assert len(decode_detections(boxes, scores - 600, anchor, 0.4).score) == 0


@pytest.mark.parametrize("at", [(0.5, 0.5), (0.313, 0.721), (0.02, 0.97)])
@pytest.mark.parametrize("shift", [(0.0, 0.0), (0.02, -0.03)])
def test_a_point_moves_to_the_middle_of_its_peak(at: tuple[float, float], shift: tuple[float, float]) -> None:
    """A Gaussian heat map on 64 x 64 cells, a first guess up to two cells off."""
    middles = (np.arange(64) + 0.5) / 64
    x, y = np.meshgrid(middles, middles)
    heat = np.exp(-((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * (0.8 / 64) ** 2))
    guess = np.clip(np.array(at) + shift, 0.001, 0.999)
    refined = refine_by_heatmap(guess[None], heat[..., None])[0]
    near_edge = min(*at, 1 - at[0], 1 - at[1]) < 3 / 64  # the peak is cut there
    assert np.abs(refined - at).max() < (0.5 if near_edge else 0.02) / 64 * 1.01
    assert np.abs(refined - at).max() <= max(np.abs(guess - at).max(), 0.5 / 64)


def test_points_stay_where_the_map_is_unsure_or_absent() -> None:
    heat = np.full((64, 64, 3), 0.3)
    heat[10, 10, 1] = 1.0
    points = np.array([[0.4, 0.6], [-0.2, 0.5], [0.5, 1.3]])
    assert np.array_equal(refine_by_heatmap(points, heat), points)
    assert np.array_equal(points, [[0.4, 0.6], [-0.2, 0.5], [0.5, 1.3]])  # and the input is left alone


def test_sigmoid() -> None:
    x = np.array([-1e4, -2.0, 0.0, 2.0, 1e4])
    assert np.allclose(sigmoid(x), [0, 1 / (1 + math.exp(2)), 0.5, 1 / (1 + math.exp(-2)), 1])


def test_the_next_region_and_the_mask_are_in_the_regions_frame() -> None:
    roi = Roi((200.0, 100.0), 80.0, 0.6)
    inside = np.tile([0.5, 0.5], (39, 1))
    inside[34] = [0.5, 0.5 - 0.5 / 1.25]
    inside[0], inside[1] = [0.25, 0.75], [1.5, 0.5]
    mask = np.zeros((256, 256))
    mask[128:, :128] = 1
    read = Landmarks(roi, 1.0, roi.to_photo_px(inside), np.ones(39), np.zeros((39, 3)), mask)
    again = read.next_roi()
    assert np.allclose(again.to_photo_px(np.eye(2)), roi.to_photo_px(np.eye(2)))
    assert read.on_mask()[0]
    assert not read.on_mask()[1]
