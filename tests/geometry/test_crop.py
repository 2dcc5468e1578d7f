"""Laws of crops."""

import math
import tracemalloc

import numpy as np
import pytest
import torch
from PIL import Image

from workbench.geometry import Camera, Crop

CROPS = [
    Crop((50.0, 40.0), 32.0, 32),  # one to one
    Crop((50.3, 41.7), 25.4, 64),  # enlarged, off the grid
    Crop((48.9, 43.1), 60.0, 17),  # reduced
]


@pytest.mark.parametrize("crop", CROPS)
def test_map_and_inverse(crop):
    points = torch.rand(4, 5, 2, dtype=torch.float64) * 100
    torch.testing.assert_close(crop.to_photo_px(crop.from_photo_px(points)), points)
    torch.testing.assert_close(crop.from_photo_px(crop.to_photo_px(points)), points)


@pytest.mark.parametrize("crop", CROPS)
def test_corners_and_middle_map_to_the_window(crop):
    size, half = float(crop.size), crop.side_px / 2
    got = crop.to_photo_px(torch.tensor([[0.0, 0.0], [size / 2, size / 2], [size, 0.0]]))
    x, y = crop.center_px
    torch.testing.assert_close(got, torch.tensor([[x - half, y - half], [x, y], [x + half, y - half]]))


@pytest.mark.parametrize("margin", [1.0, 1.2, 2.0])
def test_around_keeps_the_middle_and_holds_the_box(margin):
    box = torch.tensor([10.0, 20.0, 40.0, 100.0])
    crop = Crop.around(box, 64, margin)
    assert crop.center_px == (25, 60)
    assert crop.side_px == pytest.approx(80 * margin)
    inside = crop.from_photo_px(box.reshape(2, 2))
    assert inside.min() >= -1e-4
    assert inside.max() <= 64 + 1e-4


@pytest.mark.parametrize(
    "box",
    [(5.0, 5.0, 5.0, 9.0), (9.0, 5.0, 5.0, 9.0), (math.nan, 0.0, 1.0, 1.0), (0.0, 0.0, math.inf, 1.0)],
)
def test_impossible_boxes_are_refused(box):
    with pytest.raises(ValueError, match="x0 < x1 and y0 < y1"):
        Crop.around(torch.tensor(box), 64)


@pytest.mark.parametrize("box", [(0.0, 0.0, 1e9, 1e9), (-1e30, 0.0, 1e30, 10.0), (2e6, 5.0, 2e6 + 8, 9.0)])
def test_boxes_far_from_any_photo_are_refused(box):
    with pytest.raises(ValueError, match="in or near its photo"):
        Crop.around(torch.tensor(box), 64)


def coordinates(crop):
    """Where the crop says that its pixel centres lie in the photo."""
    grid = torch.arange(crop.size) + 0.5
    return crop.to_photo_px(torch.stack(torch.meshgrid(grid, grid, indexing="xy"), -1))


@pytest.mark.parametrize("crop", CROPS)
@pytest.mark.parametrize("axis", [0, 1])
def test_the_cut_shows_exactly_the_coordinates_it_claims(crop, axis):
    """A picture whose every pixel holds its own coordinate; cut out, it must still tell the truth."""
    centers = torch.arange(100) + 0.5
    photo = centers.expand(100, 100) if axis == 0 else centers[:, None].expand(100, 100)
    torch.testing.assert_close(crop.cut_mask(photo), coordinates(crop)[..., axis], atol=0.02, rtol=0)


@pytest.mark.parametrize("crop", CROPS)
def test_colours_are_cut_like_masks(crop):
    ramp = np.clip(np.arange(100)[None, :] * 2.0 + np.arange(100)[:, None] * 0.5, 0, 255)
    rgb = np.repeat(ramp.astype(np.uint8)[..., None], 3, axis=2)
    mask = crop.cut_mask(torch.from_numpy(rgb[..., 0].astype(np.float32)))
    assert np.abs(crop.cut(rgb)[..., 1] - mask.numpy()).max() <= 1


def test_a_whole_pixel_cut_is_a_slice():
    photo = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    np.testing.assert_array_equal(Crop((30.0, 24.0), 20.0, 20).cut(photo), photo[14:34, 20:40])


def test_outside_the_photo_is_black():
    photo = np.full((60, 80, 3), 200, np.uint8)
    cut = Crop((0.0, 30.0), 40.0, 40).cut(photo)
    assert not cut[:, :19].any()
    assert (cut[:, 21:] == 200).all()
    assert not Crop((-500.0, 900.0), 40.0, 40).cut(photo).any()


def test_reducing_averages_instead_of_picking():
    checks = np.indices((80, 80)).sum(0) % 2 * 255
    cut = Crop((40.0, 40.0), 64.0, 8).cut(np.repeat(checks.astype(np.uint8)[..., None], 3, 2))
    assert np.abs(cut.astype(int) - 127).max() <= 4


@pytest.mark.parametrize(
    "crop", [*CROPS, Crop((3.3, 70.2), 48.7, 20), Crop((50.0, 40.0), 333.0, 24), Crop((-8.1, 2.0), 21.5, 96)]
)
def test_pillow_cuts_the_same_from_a_padded_photo(crop):
    """It rounds to eight bits between the axes and after them."""
    photo = np.random.default_rng(0).integers(0, 256, (90, 100, 3), dtype=np.uint8)
    left, top = (c - crop.side_px / 2 + 500 for c in crop.center_px)
    padded = Image.fromarray(np.pad(photo, ((500, 500), (500, 500), (0, 0))))
    box = (left, top, left + crop.side_px, top + crop.side_px)
    expected = padded.resize((crop.size, crop.size), Image.Resampling.BILINEAR, box=box)
    assert np.abs(crop.cut(photo).astype(int) - np.array(expected)).max() <= 1


@pytest.mark.parametrize("side", [3e4, 1e6])
def test_a_window_far_larger_than_the_photo_keeps_its_light(side):
    """And costs no more than the photo: padded, even the smaller of these windows would have 900 MP."""
    crop, photo = Crop((47.0, 44.0), side, 31), torch.rand(90, 100)
    tracemalloc.start()
    cut = crop.cut_mask(photo)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000
    pixel_area = (side / crop.size) ** 2
    assert float(cut.double().sum()) * pixel_area == pytest.approx(float(photo.double().sum()), rel=0.02)
    assert cut.argmax() == 31 * 15 + 15
    assert not crop.cut(np.full((90, 100, 3), 1, np.uint8)).any()


@pytest.mark.parametrize("crop", CROPS)
@pytest.mark.parametrize("kind", ["perspective", "weak", "orthographic"])
def test_the_crops_camera_shows_what_the_cut_shows(crop, kind):
    camera = Camera("perspective", 120.0, (55.0, 45.0), (90, 100), torch.tensor([0.1, 0.2, 3.0])).as_kind(
        kind
    )
    points = torch.rand(20, 3) - 0.5
    seen = crop.camera(camera)
    assert seen.size_hw == (crop.size, crop.size)
    torch.testing.assert_close(seen.project(points), crop.from_photo_px(camera.project(points)))
