"""What networks see: windows that follow the person, and flags for what is missing."""

from dataclasses import replace

import pytest
import torch

from workbench.image import Person, Photo
from workbench.networks.observations import (
    CHANNELS,
    Observations,
    landmark_windows,
    observations_of_landmarks,
    observe_people,
)


@pytest.fixture
def landmarks():
    xy = 300 + 100 * torch.rand(5, 33, 2)
    return torch.cat((xy, torch.ones(5, 33, 1)), -1)


def seen(landmarks_px, focal=500.0):
    n = len(landmarks_px)
    return observations_of_landmarks(
        landmarks_px,
        torch.randn(n, 33, 3),
        torch.full((n,), focal),
        torch.tensor([480.0, 640.0]).expand(n, 2),
    )


def moved(landmarks, scale, shift):
    return torch.cat((landmarks[..., :2] * scale + torch.tensor(shift), landmarks[..., 2:]), -1)


def test_landmarks_in_the_window_do_not_depend_on_place_and_size(landmarks):
    here, there = (seen(x)[0].landmarks for x in (landmarks, moved(landmarks, 3.0, (40.0, -90.0))))
    assert here is not None
    torch.testing.assert_close(here, there, atol=1e-4, rtol=0)
    assert here[..., :2].abs().max() <= 1


def test_camera_facts_do(landmarks):
    near, _ = seen(moved(landmarks, 2.0, (0.0, 0.0)))
    far, _ = seen(landmarks)
    assert near.camera is not None and far.camera is not None
    torch.testing.assert_close(near.camera[:, 2], 2 * far.camera[:, 2])
    zoomed, _ = seen(landmarks, focal=1000.0)
    torch.testing.assert_close(zoomed.camera, far.camera / 2)


def test_guesses_outside_the_photo_do_not_widen_the_window(landmarks):
    wild = landmarks.clone()
    wild[:, 3, :2], wild[:, 3, 2] = 5000.0, 0.1
    plain = landmarks.clone()
    plain[:, 3] = plain[:, 4]
    torch.testing.assert_close(landmark_windows(wild), landmark_windows(plain))


@pytest.mark.parametrize("visibility", [0.0, 0.2])
def test_windows_of_people_hardly_seen_are_finite(landmarks, visibility):
    landmarks[..., 2] = visibility
    windows = landmark_windows(landmarks)
    assert windows.center_px.isfinite().all() and (windows.side_px >= 1).all()


def test_channels_off_and_back(landmarks):
    observations, _ = seen(landmarks)
    assert observations.has("metric").all() and not observations.has("rgb").any()
    less = observations.only(["landmarks"])
    assert less.has("landmarks").all() and not less.has("metric").any()
    assert less.only(CHANNELS).present.equal(less.present)  # what is off stays off
    with pytest.raises(ValueError, match=r"'smell'.*landmarks"):
        observations.only(["smell"])


def test_channels_drop_as_often_as_asked(landmarks):
    observations = Observations(torch.ones(4000, len(CHANNELS), dtype=torch.bool))
    dropped = observations.dropped({"metric": 0.3}, torch.Generator().manual_seed(0))
    assert abs(float(dropped.has("metric").float().mean()) - 0.7) < 0.03
    assert dropped.has("landmarks").all()
    again = observations.dropped({"metric": 0.3}, torch.Generator().manual_seed(0))
    assert again.present.equal(dropped.present)


def test_a_photo_gives_what_its_numbers_give(landmarks):
    import numpy as np

    photo = Photo(np.full((480, 640, 3), 128, np.uint8), 500.0, "test")
    mask = torch.zeros(480, 640, dtype=torch.bool)
    people = [
        Person(torch.tensor([0.0, 0, 9, 9]), 1.0, landmarks[0], torch.randn(33, 3), mask),
        Person(torch.tensor([0.0, 0, 9, 9]), 1.0, landmarks[1], None, None),
    ]
    observations, windows = observe_people(photo, people, ("mask", "rgb"))
    expected, same = seen(landmarks[:2])
    torch.testing.assert_close(observations.landmarks, expected.landmarks)
    torch.testing.assert_close(observations.camera, expected.camera)
    torch.testing.assert_close(windows, same)
    assert observations.has("metric").tolist() == observations.has("mask").tolist() == [True, False]
    assert observations.rgb is not None and observations.mask is not None
    assert observations.rgb.shape == (2, 3, 64, 64) and not observations.mask.any()


def test_depth_is_there_for_those_of_whom_some_was_measured(landmarks):
    import numpy as np

    landmarks[1, :, 0] += 1000
    people = [Person(torch.tensor([0.0, 0, 9, 9]), 1.0, each) for each in landmarks[:2]]
    depth_m = torch.zeros(480, 1640)
    depth_m[:, :800] = 2.5
    photo = Photo(np.zeros((480, 1640, 3), np.uint8), 500.0, "test", depth_m=depth_m)
    observations, _ = observe_people(photo, people, ("depth",))
    assert observations.has("depth").tolist() == [True, False]
    assert observations.depth_m is not None and observations.depth_m.shape == (2, 1, 64, 64)
    assert (observations.depth_m[0] == 2.5).all() and not observations.depth_m[1].any()
    blind, _ = observe_people(replace(photo, depth_m=None), people, ("depth",))
    assert not blind.has("depth").any()


def test_a_box_alone_is_not_enough():
    import numpy as np

    photo = Photo(np.zeros((48, 64, 3), np.uint8), None, "test")
    with pytest.raises(ValueError, match="only a box"):
        observe_people(photo, [Person(torch.tensor([0.0, 0, 9, 9]), 1.0)])
    with pytest.raises(ValueError, match="nobody"):
        observe_people(photo, [])


@pytest.mark.parametrize(
    ("shown", "spread", "said"),
    [(0, 1.0, "0 visible landmarks"), (1, 1.0, "1 visible landmarks"), (33, 0.001, "1 px large")],
)
def test_too_little_to_make_a_window_of(landmarks, shown, spread, said):
    import numpy as np

    photo = Photo(np.zeros((48, 64, 3), np.uint8), None, "test")
    known = landmarks[0].clone()
    known[shown:, 2] = 0
    known[:, :2] *= spread
    whole, poor = (Person(torch.tensor([0.0, 0, 9, 9]), 1.0, px) for px in (landmarks[1], known))
    with pytest.raises(ValueError, match=f"Person 2 of 2 .*{said}"):
        observe_people(photo, [whole, poor])
