"""The paper's first stage: which square of the photo it sees, and that its depth network stays as it is."""

import numpy as np
import pytest
import torch

from tests.networks.small_depth import small_depth_config
from workbench.image import Person, Photo
from workbench.networks.depth_anything import CROP_PX, FEATURES_PX, DepthTz, depth_crops
from workbench.networks.spin_crops import in_imagenet_units

SIZE_HW = (300, 400)


def person(x0, y0, x1, y1, masked=True):
    mask = torch.zeros(SIZE_HW, dtype=torch.bool)
    mask[y0:y1, x0:x1] = True
    box = torch.tensor([0.0, 0.0, 5.0, 5.0]) if masked else torch.tensor([x0, y0, x1, y1]).float()
    return Person(box_px=box, score=1.0, mask=mask if masked else None)


@pytest.fixture(scope="module")
def photo():
    """Red tells x, green tells y, blue is full inside."""
    y, x = np.mgrid[: SIZE_HW[0], : SIZE_HW[1]]
    rgb = np.stack((x * 255 // SIZE_HW[1], y * 255 // SIZE_HW[0], np.full(SIZE_HW, 255)), -1)
    return Photo(rgb.astype(np.uint8), None, "test")


@pytest.mark.parametrize("masked", [True, False])
def test_the_square_is_moved_into_the_photo(photo, masked):
    for box in ((10, 20, 110, 120), (300, 200, 400, 300), (150, 100, 250, 200)):
        [crop] = depth_crops(photo, [person(*box, masked=masked)])
        assert crop.shape == (1, 3, CROP_PX, CROP_PX)
        full = in_imagenet_units(torch.full((1, 1, 1, 3), 255, dtype=torch.uint8))[0, 2]
        assert (crop[0, 2, 8:-8, 8:-8] > full - 0.1).all()  # nothing of it is outside


def test_a_square_larger_than_the_photo_keeps_the_photo_in_its_middle(photo):
    [crop] = depth_crops(photo, [person(0, 0, 400, 300)])
    inside = (crop[0, 2] > 2).float()
    torch.testing.assert_close(inside, inside.flip(0).flip(1), atol=1.0, rtol=0)
    assert abs(float(inside.mean()) - 0.48) < 0.02  # 400 x 300 of 500 x 500


def test_sees_the_last_fused_map_and_learns_beside_it():
    torch.manual_seed(0)
    network = DepthTz(small_depth_config())
    crops = torch.randn(2, 3, 56, 56)
    assert network.features(crops).shape == (2, 8, FEATURES_PX, FEATURES_PX)
    network(crops).sum().backward()
    assert all(p.grad is None for p in network.depth.parameters())
    assert all(p.grad is not None for p in network.interface.parameters())
