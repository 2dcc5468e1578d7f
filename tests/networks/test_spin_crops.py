"""SPIN's window around a person, and the pixels in it."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from workbench.image import Person, Photo
from workbench.networks.spin_crops import LANDMARKS, MARGIN, SIZE, crops_of, spin_window


@pytest.fixture
def person():
    keypoints = torch.cat((200 + 100 * torch.rand(33, 2), torch.ones(33, 1)), 1)
    return Person(torch.tensor([140.0, 20, 200, 162]), 1.0, keypoints)


def test_around_a_box_alone(person):
    window = spin_window(replace(person, keypoints_px=None))
    assert (window.center_px, window.side_px, window.size) == ((170, 91), 142, SIZE)


def test_around_landmarks(person):
    window = spin_window(person)
    used = person.keypoints_px[LANDMARKS, :2]
    assert window.center_px == pytest.approx(used.mean(0).tolist())
    assert window.side_px == pytest.approx(MARGIN * float((used.amax(0) - used.amin(0)).max()))


def test_landmarks_that_openpose_lacks_or_that_are_not_seen_do_not_count(person):
    window = spin_window(person)
    wild = person.keypoints_px.clone()
    others = [n for n in range(33) if n not in LANDMARKS]
    assert 0 < len(others) < 33
    wild[others, :2] += 500
    unseen = wild.clone()
    unseen[LANDMARKS[0]] = torch.tensor([900.0, 900.0, 0.1])
    assert spin_window(replace(person, keypoints_px=wild)).center_px == window.center_px
    assert spin_window(replace(person, keypoints_px=unseen)).center_px[0] < 300
    assert spin_window(replace(person, keypoints_px=wild * 0)).side_px == 142  # back to the box


def test_pixels_are_in_imagenet_s_units(person):
    grey = np.full((300, 400, 3), (124, 116, 104), np.uint8)  # about ImageNet's mean
    crops = crops_of(Photo(grey, None, "test"), [spin_window(replace(person, keypoints_px=None))] * 2)
    assert crops.shape == (2, 3, SIZE, SIZE) and crops.abs().max() < 0.02
    white = crops_of(Photo(grey * 0 + 255, None, "test"), [spin_window(person)])
    assert (white > 2).any() and white.flatten(2).amax(2).argmax() == 2  # blue has the lowest mean
