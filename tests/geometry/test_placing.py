"""A shape is put back where it was photographed."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from workbench.geometry.camera import perspective_camera
from workbench.geometry.placing import translation_from_points


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(1.5, 30), st.integers(0, 1000))
def test_exact_points_give_the_exact_place(tx, ty, tz, seed):
    points = np.random.default_rng(seed).uniform(-0.8, 0.8, (12, 3))
    camera = perspective_camera((480, 640), torch.tensor([tx, ty, tz], dtype=torch.float64), 700.0)
    xy = camera.project(torch.from_numpy(points)).numpy()
    got = translation_from_points(points, xy, np.ones(12), 700.0, np.array(camera.center_px))
    np.testing.assert_allclose(got, [tx, ty, tz], rtol=1e-6, atol=1e-6)


def test_points_without_weight_do_not_matter():
    points = np.random.default_rng(0).uniform(-0.8, 0.8, (12, 3))
    camera = perspective_camera((480, 640), torch.tensor([0.1, 0.2, 3.0], dtype=torch.float64), 700.0)
    xy = camera.project(torch.from_numpy(points)).numpy()
    xy[:3] += 500
    weights = np.ones(12)
    weights[:3] = 0
    got = translation_from_points(points, xy, weights, 700.0, np.array(camera.center_px))
    np.testing.assert_allclose(got, [0.1, 0.2, 3.0], atol=1e-9)
