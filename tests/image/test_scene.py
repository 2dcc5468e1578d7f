"""Scenes: squares read at the right place and size, and people painted over."""

import numpy as np
import pytest
import torch

from workbench.image.roi import Roi
from workbench.image.scene import Scene, sample


def ramp(height: int, width: int) -> np.ndarray:
    """Red grows with x and green with y, from 0 to 255 over the picture."""
    y, x = np.mgrid[:height, :width] + 0.5
    return np.stack((255 * x / width, 255 * y / height, 0 * x), axis=-1).round().astype(np.uint8)


@pytest.mark.parametrize("side", [60.0, 250.0, 900.0])
@pytest.mark.parametrize("angle", [0.0, 0.7, -2.0])
def test_what_is_read_is_what_lies_there(side: float, angle: float) -> None:
    """At every size, from every level of the pyramid, and turned."""
    height, width = 1000, 1200
    roi = Roi((620.0, 480.0), side, angle)
    picture = Scene(ramp(height, width)).read(roi, 64, "zeros")
    where = roi.grid_px(64)
    inside = ((where > 5) & (where < torch.tensor([width - 5.0, height - 5.0]))).all(dim=-1)
    expected = torch.stack((where[..., 0] / width, where[..., 1] / height))
    assert (picture[:2] - expected)[:, inside].abs().max() < 0.008  # two steps of eight bits


def test_beyond_the_photo() -> None:
    white = np.full((200, 200, 3), 255, dtype=np.uint8)
    outside = Roi((-300.0, -300.0), 100.0)
    assert Scene(white).read(outside, 32, "zeros").max() == 0
    assert Scene(white).read(outside, 32, "border").min() > 0.999
    half = Scene(white).read(Roi((0.0, 100.0), 100.0), 64, "zeros")
    assert half[:, :, :31].max() == 0
    assert half[:, :, 33:].min() > 0.999


def test_large_squares_are_read_without_aliasing() -> None:
    """Stripes finer than a pixel of the result become even grey."""
    stripes = np.zeros((1024, 1024, 3), dtype=np.uint8)
    stripes[:, ::2] = 255
    picture = Scene(stripes).read(Roi((512.0, 512.0), 900.0), 64, "zeros")
    assert (picture - 0.5).abs().max() < 0.02


def test_hidden_people_vanish_and_the_rest_stays() -> None:
    rgb = np.full((400, 600, 3), 200, dtype=np.uint8)
    rgb[100:300, 250:350] = (255, 0, 0)
    scene = Scene(rgb)
    whole = Roi((300.0, 200.0), 600.0)
    before = scene.read(whole, 150, "zeros")
    mask = np.zeros(scene.small_hw, dtype=bool)
    y, x = (
        slice(round(a * scene.small_scale), round(b * scene.small_scale)) for a, b in ((98, 302), (248, 352))
    )
    mask[y, x] = True
    scene.hide(mask)
    after = scene.read(whole, 150, "zeros")
    assert (after[:, 50:100, 60:90] - 200 / 255).abs().max() < 0.02  # no trace of red
    far = torch.ones(150, 150, dtype=torch.bool)
    far[40:110, 50:100] = False
    assert torch.equal(after[:, far], before[:, far])


def test_everything_may_be_hidden() -> None:
    scene = Scene(ramp(100, 100))
    scene.hide(np.ones(scene.small_hw, dtype=bool))
    picture = scene.read(Roi((50.0, 50.0), 100.0), 32, "border")
    assert torch.isfinite(picture).all()
    assert picture[0].std() < 0.01


def test_sample_meets_pixel_middles() -> None:
    picture = torch.rand(2, 5, 7)
    y, x = torch.meshgrid(torch.arange(5) + 0.5, torch.arange(7) + 0.5, indexing="ij")
    assert torch.allclose(sample(picture, torch.stack((x, y), dim=-1), "zeros"), picture, atol=1e-6)
