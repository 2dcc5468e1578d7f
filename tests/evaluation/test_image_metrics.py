"""Pictures and masks against scikit-image, and the white canvas that flatters everyone."""

import math
from typing import Any

import numpy as np
import pytest
import torch
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

from workbench.evaluation.image_metrics import RADIUS_PX, mask_iou, part_iou, psnr_db, ssim, ssim_map

SKIMAGE = {
    "gaussian_weights": True,
    "sigma": 1.5,
    "use_sample_covariance": False,
    "data_range": 1.0,
    "channel_axis": -1,
}


@pytest.fixture
def pictures():
    random = torch.Generator().manual_seed(0)
    smooth = torch.nn.functional.interpolate(
        torch.rand(4, 3, 6, 7, generator=random), size=(40, 48), mode="bilinear"
    ).movedim(1, -1)
    return (smooth + 0.1 * torch.randn(smooth.shape, generator=random)).clamp(0, 1), smooth


def test_psnr_and_ssim_are_scikit_images(pictures):
    predicted, true = pictures
    for p, t, noise, similarity in zip(
        predicted, true, psnr_db(predicted, true), ssim(predicted, true), strict=True
    ):
        a, b = p.double().numpy(), t.double().numpy()
        assert float(noise) == pytest.approx(peak_signal_noise_ratio(b, a, data_range=1.0), rel=1e-5)
        theirs: Any = structural_similarity(b, a, full=True, **SKIMAGE)
        assert float(similarity) == pytest.approx(theirs[0], abs=1e-5)
        inner = slice(RADIUS_PX, -RADIUS_PX)
        assert np.allclose(ssim_map(p, t).numpy(), theirs[1][inner, inner].mean(-1), atol=1e-4)


@pytest.mark.parametrize("metric", [psnr_db, ssim])
def test_a_full_mask_changes_nothing_and_a_part_sees_only_itself(metric, pictures):
    predicted, true = pictures
    everything = torch.ones(4, 40, 48, dtype=torch.bool)
    assert torch.allclose(metric(predicted, true, everything), metric(predicted, true))
    part = torch.zeros_like(everything)
    part[:, 12:20, 12:20] = True
    value = metric(predicted, true, part)
    spoilt = predicted.clone()
    spoilt[:, 30:, 30:] = 0  # farther from the part than the window's radius
    assert torch.equal(metric(spoilt, true, part), value)
    assert (metric(spoilt, true) < metric(predicted, true)).all()


def test_equal_pictures(pictures):
    _, true = pictures
    assert torch.allclose(ssim(true, true), torch.ones(4))
    assert psnr_db(true, true).isinf().all()


def test_a_white_canvas_flatters_a_blank_prediction():
    """A person of 6 % of the picture: predicting nothing at all looks fine unless only the person counts."""
    true, person = torch.ones(96, 96, 3), torch.zeros(96, 96, dtype=torch.bool)
    person[30:66, 40:55] = True
    true[person] = torch.rand(int(person.sum()), 3, generator=torch.Generator().manual_seed(0))
    blank = torch.ones_like(true)
    assert ssim(blank, true) > 0.85 and ssim(blank, true, person) < 0.15
    assert psnr_db(blank, true) > psnr_db(blank, true, person) + 10


@pytest.mark.parametrize("metric", [psnr_db, ssim])
def test_broken_pictures_show_and_wrong_ones_are_refused(metric, pictures):
    predicted, true = pictures
    broken = predicted.clone()
    broken[1, 20, 20, 0] = math.nan
    assert metric(broken, true).isnan().tolist() == [False, True, False, False]
    with pytest.raises(ValueError, match="no pixel"):
        metric(predicted, true, torch.zeros(4, 40, 48, dtype=torch.bool))
    with pytest.raises(ValueError, match="one entry per pixel"):
        metric(predicted, true, torch.ones(4, 48, 40, dtype=torch.bool))
    with pytest.raises(ValueError, match="same shape"):
        metric(predicted, true[:1])


def test_ssim_needs_a_window():
    with pytest.raises(ValueError, match="at least 11 px"):
        ssim(torch.ones(10, 30, 3), torch.ones(10, 30, 3))


def square(row: int, column: int, size: int = 10) -> torch.Tensor:
    mask = torch.zeros(40, 40, dtype=torch.bool)
    mask[row : row + size, column : column + size] = True
    return mask


def test_mask_iou_of_squares():
    one, nothing = square(5, 5), torch.zeros(40, 40, dtype=torch.bool)
    assert mask_iou(one, one) == 1
    assert mask_iou(one, square(5, 10)) == pytest.approx(50 / 150)
    assert mask_iou(one, square(20, 20)) == 0
    assert mask_iou(one, nothing) == 0 and mask_iou(nothing, nothing) == 1
    batch = torch.stack((one, nothing, one)), torch.stack((square(5, 10), nothing, one))
    assert torch.allclose(mask_iou(*batch), torch.tensor([1 / 3, 1, 1]))
    assert torch.equal(mask_iou(*batch), mask_iou(*reversed(batch)))


def test_part_iou_sees_swapped_parts_that_the_mask_does_not():
    true = square(5, 5).int() + 2 * square(5, 15).int()
    swapped = 2 * square(5, 5).int() + square(5, 15).int()
    assert mask_iou(true > 0, swapped > 0) == 1
    assert part_iou(true, true) == 1 and part_iou(swapped, true) == 0
    merged = (true > 0).int()
    assert part_iou(merged, true) == pytest.approx(100 / 300)  # part 1: 100 of 200, part 2: 0 of 100
    assert part_iou(torch.zeros_like(true), torch.zeros_like(true)) == 1


def test_part_iou_of_one_part_is_mask_iou():
    random = torch.Generator().manual_seed(0)
    a, b = (torch.rand(3, 20, 20, generator=random) > 0.5 for _ in range(2))
    assert torch.allclose(part_iou(a.int(), b.int()), mask_iou(a, b))
