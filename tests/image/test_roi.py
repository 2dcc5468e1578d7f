"""Regions: the map to the photo and back, and masks pasted where they belong."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.image.roi import Roi, paste_mask

rois = st.builds(
    Roi,
    center_px=st.tuples(st.floats(-500, 500), st.floats(-500, 500)),
    side_px=st.floats(1, 2000),
    angle_rad=st.floats(-math.pi, math.pi),
)


@given(rois)
def test_there_and_back(roi: Roi) -> None:
    points = np.random.default_rng(0).uniform(-1, 2, (7, 2))
    assert np.allclose(roi.from_photo_px(roi.to_photo_px(points)), points, atol=1e-9)
    assert np.allclose(roi.to_photo_px(np.array([0.5, 0.5])), roi.center_px)
    corners = roi.to_photo_px(np.array([[0.0, 0.0], [1, 0], [1, 1], [0, 1]]))
    assert np.allclose(np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1), roi.side_px)
    x0, y0, x1, y1 = roi.bounds_px()
    assert np.allclose([corners.min(axis=0), corners.max(axis=0)], [[x0, y0], [x1, y1]])


@given(rois)
def test_a_region_is_rebuilt_from_two_of_its_points(roi: Roi) -> None:
    """The detector's way to say a region: its centre, and the top of the circle in it."""
    center, top = roi.to_photo_px(np.array([[0.5, 0.5], [0.5, 0.5 - 0.5 / 1.25]]))
    rebuilt = Roi.upright_from(center, top, margin=1.25)
    assert np.allclose(rebuilt.to_photo_px(np.eye(2)), roi.to_photo_px(np.eye(2)), atol=1e-6)


def test_up_stays_up_and_angles_go_clockwise() -> None:
    center = np.array([100.0, 100.0])
    assert Roi.upright_from(center, np.array([100.0, 60.0]), 1.0) == Roi((100.0, 100.0), 80.0, 0.0)
    lying = Roi.upright_from(center, np.array([140.0, 100.0]), 1.0)  # the head to the right
    assert lying.angle_rad == pytest.approx(math.pi / 2)
    assert np.allclose(lying.to_photo_px(np.array([0.5, 0.0])), [140, 100])


def test_grid_is_the_middles_of_the_pixels() -> None:
    grid = Roi((30.0, 40.0), 8.0).grid_px(4).numpy()
    assert np.allclose(grid[0, 0], [27, 37])
    assert np.allclose(grid[-1, -1], [33, 43])


def test_touching() -> None:
    a = Roi((50.0, 50.0), 20.0)
    assert a.touches(Roi((65.0, 50.0), 20.0))
    assert not a.touches(Roi((75.0, 50.0), 20.0))


@pytest.mark.parametrize("angle", [0.0, 0.4, math.pi / 2, -2.5])
@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_mask_lands_where_its_region_is(angle: float, scale: float) -> None:
    """A disc beside the middle of the region becomes a disc at the mapped place, of the mapped area."""
    roi = Roi((120.0, 90.0), 100.0, angle)
    y, x = (np.mgrid[:256, :256] + 0.5) / 256
    inside = (np.hypot(x - 0.6, y - 0.4) < 0.2).astype(float)
    mask = paste_mask(inside, roi, (round(180 * scale), round(240 * scale)), scale)
    center = roi.to_photo_px(np.array([0.6, 0.4])) * scale
    rows, columns = np.nonzero(mask)
    assert np.allclose([columns.mean() + 0.5, rows.mean() + 0.5], center, atol=0.2)
    assert mask.sum() == pytest.approx(math.pi * (20 * scale) ** 2, rel=0.03)


def test_a_mask_is_cut_by_region_and_photo() -> None:
    everything = np.ones((64, 64))
    assert paste_mask(everything, Roi((0.0, 0.0), 20.0), (50, 50)).sum() == pytest.approx(100, abs=21)
    assert not paste_mask(everything, Roi((-100.0, 0.0), 20.0), (50, 50)).any()
    assert not paste_mask(np.zeros((64, 64)), Roi((25.0, 25.0), 20.0), (50, 50)).any()
