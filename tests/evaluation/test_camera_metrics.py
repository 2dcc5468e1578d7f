"""Camera errors: by hand, their limits, and what they refuse."""

import math

import pytest
import torch

from workbench.evaluation.camera_metrics import e_f, e_inv_tz, e_txy_m, e_tz_m, reprojection_px

TRUE = torch.tensor([[0.1, 0.2, 2.0], [0.0, -0.3, 8.0]])


def test_by_hand():
    predicted = torch.tensor([[0.4, 0.6, 1.0], [0.0, -0.3, 10.0]])
    assert e_tz_m(predicted, TRUE).tolist() == pytest.approx([1, 2])
    assert e_inv_tz(predicted, TRUE).tolist() == pytest.approx([0.5, 0.025])
    assert e_txy_m(predicted, TRUE).tolist() == pytest.approx([0.5, 0])
    assert e_f(torch.tensor([900.0, 5000.0]), torch.tensor([1000.0, 1000.0])).tolist() == pytest.approx(
        [0.1, 4]
    )


@pytest.mark.parametrize("metric", [e_tz_m, e_inv_tz, e_txy_m])
def test_perfect_is_zero_and_symmetric(metric):
    other = TRUE + torch.tensor([0.1, -0.2, 0.3])
    assert metric(TRUE, TRUE).tolist() == [0, 0]
    assert torch.equal(metric(other, TRUE), metric(TRUE, other))


def test_depth_and_its_inverse_weigh_near_and_far_apart():
    """The same share of the depth: E_Tz grows with distance, E_1/Tz falls."""
    predicted = TRUE * torch.tensor([1, 1, 1.1])
    near, far = e_tz_m(predicted, TRUE).tolist()
    assert near < far
    near, far = e_inv_tz(predicted, TRUE).tolist()
    assert near > far


@pytest.mark.parametrize("metric", [e_tz_m, e_inv_tz, e_txy_m])
def test_broken_predictions_show(metric):
    predicted = TRUE.clone()
    predicted[0, 2] = math.nan
    value = metric(predicted, TRUE)
    assert value.isnan().tolist() == [True, False]


def test_no_inverse_at_the_lens():
    predicted = TRUE * torch.tensor([1, 1, 0])
    assert e_inv_tz(predicted, TRUE).isnan().all()
    assert e_f(torch.tensor([math.inf]), torch.tensor([1.0])).isnan().all()


def test_impossible_truths_are_refused():
    with pytest.raises(ValueError, match="in front"):
        e_inv_tz(TRUE, -TRUE)
    with pytest.raises(ValueError, match="positive"):
        e_f(torch.ones(2), torch.tensor([1.0, 0]))


@pytest.fixture
def points():
    random = torch.Generator().manual_seed(0)
    true = 100 * torch.rand(3, 14, 2, generator=random)
    return true + torch.randn(3, 14, 2, generator=random), true


def test_reprojection_counts_what_is_seen(points):
    predicted, true = points
    assert torch.equal(reprojection_px(true, true), torch.zeros(3))
    offset = torch.tensor([3.0, -4.0])
    assert reprojection_px(true + offset, true).tolist() == pytest.approx([5, 5, 5])
    visible = torch.ones(3, 14, dtype=torch.bool)
    visible[:, 7:] = False
    assert torch.allclose(
        reprojection_px(predicted, true, visible), reprojection_px(predicted[:, :7], true[:, :7])
    )


def test_reprojection_ignores_hidden_points_even_broken_ones(points):
    predicted, true = points
    visible = torch.ones(3, 14, dtype=torch.bool)
    visible[:, 0] = False
    expected = reprojection_px(predicted, true, visible)
    predicted, true = predicted.clone(), true.clone()
    predicted[0, 0], true[1, 0] = math.nan, math.nan
    assert torch.equal(reprojection_px(predicted, true, visible), expected)
    predicted[0, 1] = math.nan
    assert reprojection_px(predicted, true, visible).isnan().tolist() == [True, False, False]


def test_reprojection_refuses_what_it_cannot_compare(points):
    predicted, true = points
    with pytest.raises(ValueError, match="no visible point"):
        reprojection_px(predicted, true, torch.zeros(3, 14, dtype=torch.bool))
    with pytest.raises(ValueError, match="one entry per point"):
        reprojection_px(predicted, true, torch.ones(3, 13, dtype=torch.bool))
    with pytest.raises(ValueError, match="same shape"):
        reprojection_px(predicted, true[:2])
