"""Hulls of what people cover of the floor."""

import numpy as np
import pytest
import torch

from workbench.synth.cast import hull_of


@pytest.mark.parametrize("shape", ["cloud", "square", "line", "one point"])
def test_a_hull_reaches_as_far_as_its_points(shape):
    points = torch.randn(500, 2, generator=torch.Generator().manual_seed(0))
    if shape == "square":
        points = points.sign()
    if shape == "line":
        points = points[:, :1] * torch.tensor([1.0, 0.5])
    if shape == "one point":
        points = points[:1].expand(500, 2)
    hull, flat = hull_of(points), points.double().numpy()
    assert {tuple(corner) for corner in hull} <= {tuple(point) for point in flat}
    angles = np.linspace(0, 2 * np.pi, 100)
    ways = np.stack((np.cos(angles), np.sin(angles)))
    assert np.allclose((hull @ ways).max(0), (flat @ ways).max(0))
