"""What a method reads of a person lines up with the photo, whatever the crop."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from workbench.image import Person, Photo, observe

SIZE = 64


@pytest.fixture
def seen():
    """A photo whose red is x and whose green is y, and a person in it."""
    y, x = np.mgrid[0:150, 0:200]
    photo = Photo(np.stack((x, y, 0 * x), axis=-1).astype(np.uint8), 321.0, "test")
    keypoints = torch.zeros(33, 3)
    keypoints[:, 0], keypoints[:, 1], keypoints[:, 2] = (
        torch.linspace(70, 110, 33),
        torch.linspace(40, 120, 33),
        torch.linspace(0, 1, 33),
    )
    mask = torch.zeros(150, 200, dtype=torch.bool)
    mask[40:120, 70:110] = True
    return photo, Person(torch.tensor([70.0, 40.0, 110.0, 120.0]), 1.0, keypoints, None, mask)


@pytest.mark.parametrize("margin", [1.0, 1.5])
def test_landmarks_lie_on_the_pixels_they_lay_on(seen, margin):
    photo, person = seen
    observation = observe(photo, person, SIZE, margin)
    assert observation.keypoints is not None and person.keypoints_px is not None
    crop_px = (observation.keypoints[:, :2] + 1) * SIZE / 2
    torch.testing.assert_close(observation.crop.to_photo_px(crop_px), person.keypoints_px[:, :2])
    for point, where in zip(crop_px[4:-4], person.keypoints_px[4:-4], strict=True):
        column, row = (int(v) for v in point)
        red, green = (float(v) for v in observation.rgb[row, column, :2])
        assert abs(red - float(where[0])) < 2.5 and abs(green - float(where[1])) < 2.5


def test_margin_one_fits_the_longer_side(seen):
    photo, person = seen
    observation = observe(photo, person, SIZE, 1.0)
    assert observation.crop.side_px == pytest.approx(80) and observation.mask is not None
    assert observation.mask[:, 0].sum() == 0 and observation.mask[:, SIZE // 2].all()


def test_what_was_not_seen_is_not_invented(seen):
    photo, person = seen
    observation = observe(photo, Person(person.box_px, 1.0))
    assert observation.keypoints is None and observation.mask is None and observation.depth_m is None
    assert observation.focal_px == 321.0


def test_depth_is_that_of_the_nearest_pixel_and_holes_stay(seen):
    photo, person = seen
    depth_m = torch.arange(150 * 200).reshape(150, 200) % 7 * 0.5  # unlike its neighbours; 0: holes
    observation = observe(replace(photo, depth_m=depth_m), person, SIZE)
    assert observation.depth_m is not None
    centers = torch.arange(SIZE) + 0.5
    x, y = observation.crop.to_photo_px(torch.stack((centers, centers), -1)).floor().long().unbind(-1)
    assert torch.equal(observation.depth_m, depth_m[y[:, None], x])
    outside = replace(person, box_px=person.box_px + 1000)
    cut = observe(replace(photo, depth_m=depth_m + 1), outside, SIZE).depth_m
    assert cut is not None and not cut.any()
