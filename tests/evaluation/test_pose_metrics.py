"""What each metric sees and what it is blind to."""

import math

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.evaluation.pose_metrics import (
    acceleration_error,
    auc_pct,
    distances_mm,
    g_mpjpe_mm,
    g_pve_mm,
    mpjpe_mm,
    n_mpjpe_mm,
    pa_mpjpe_mm,
    pa_pve_mm,
    pck_pct,
    pve_mm,
)

ROOT = (2, 3)
TURN = torch.from_numpy(Rotation.from_rotvec([0.3, -1.0, 0.4]).as_matrix()).float()
MOVE = torch.tensor([0.3, -0.1, 1.5])

ALL = {
    "g_mpjpe": g_mpjpe_mm,
    "mpjpe": lambda p, t: mpjpe_mm(p, t, ROOT),
    "n_mpjpe": lambda p, t: n_mpjpe_mm(p, t, ROOT),
    "pa_mpjpe": pa_mpjpe_mm,
    "pve": lambda p, t: pve_mm(p, t, p[..., 0, :], t[..., 0, :]),
    "g_pve": g_pve_mm,
    "pa_pve": pa_pve_mm,
    "pck": lambda p, t: 100 - pck_pct(p, t, ROOT),
    "auc": lambda p, t: 3000 / 31 - auc_pct(p, t, ROOT),
}
"""As errors: 0 is perfect."""
FORGIVES = {
    "moved": {"mpjpe", "n_mpjpe", "pa_mpjpe", "pve", "pa_pve", "pck", "auc"},
    "scaled about the root": {"n_mpjpe", "pa_mpjpe", "pa_pve"},
    "turned": {"pa_mpjpe", "pa_pve"},
    "mirrored": set(),
}


@pytest.fixture
def people():
    random = torch.Generator().manual_seed(0)
    true = torch.tensor([0.3, 0.6, 0.2]) * torch.randn(6, 14, 3, generator=random)
    return true + 0.05 * torch.randn(6, 14, 3, generator=random), true


def changed(true: torch.Tensor, how: str) -> torch.Tensor:
    if how == "moved":
        return true + MOVE
    if how == "scaled about the root":
        root = true[:, list(ROOT)].mean(1, keepdim=True)
        return root + 1.25 * (true - root)
    if how == "turned":
        return true @ TURN.T
    return true * torch.tensor([-1.0, 1, 1])


@pytest.mark.parametrize("how", FORGIVES)
@pytest.mark.parametrize("name", ALL)
def test_forgives_what_it_says_and_nothing_else(name, how, people):
    _, true = people
    error = ALL[name](changed(true, how), true)
    if name in FORGIVES[how]:
        assert error.max() < 1e-3
    else:
        assert error.min() > 0.1


@pytest.mark.parametrize("name", ALL)
def test_perfect_is_zero_and_motions_of_the_pair_do_not_matter(name, people):
    predicted, true = people
    assert ALL[name](true, true).max() < 1e-3
    together = ALL[name](predicted @ TURN.T + MOVE, true @ TURN.T + MOVE)
    assert torch.allclose(together, ALL[name](predicted, true), atol=1e-2)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("batch", [1, 2, 3, 4])
def test_a_batch_is_its_samples(name, batch, people):
    predicted, true = (x[:batch] for x in people)
    together = ALL[name](predicted, true)
    alone = torch.stack([ALL[name](p, t) for p, t in zip(predicted, true, strict=True)])
    assert together.shape == (batch,)
    assert torch.allclose(together, alone, atol=1e-4)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_broken_predictions_show_and_stay_alone(name, bad, people):
    predicted, true = people
    whole = ALL[name](predicted, true)
    predicted = predicted.clone()
    predicted[2, 5, 1] = bad
    error = ALL[name](predicted, true)
    assert not error[2].isfinite()
    others = [0, 1, 3, 4, 5]
    assert torch.equal(error[others], whole[others])


@pytest.mark.parametrize("name", ALL)
def test_a_broken_truth_or_another_shape_is_refused(name, people):
    predicted, true = people
    with pytest.raises(ValueError, match="same shape"):
        ALL[name](predicted, true[:1])
    true = true.clone()
    true[0, 0, 0] = torch.nan
    with pytest.raises(ValueError, match="finite"):
        ALL[name](predicted, true)


def test_in_millimetres_by_hand():
    true = torch.zeros(2, 3)
    predicted = torch.tensor([[0.003, 0.004, 0], [0, 0, 0.010]])
    assert distances_mm(predicted, true).tolist() == pytest.approx([5, 10])
    assert float(g_mpjpe_mm(predicted, true)) == pytest.approx(7.5)


def test_each_alignment_forgives_more_in_the_sum_of_squares(people):
    """Of the root mean square, of which the alignments are the minimum; the mean distance need not obey."""
    from workbench.evaluation.alignment import at_root, best_scale, procrustes

    predicted, true = people
    at, to = at_root(predicted, range(14)), at_root(true, range(14))
    rms = lambda a, b: (a - b).square().sum((-2, -1))  # noqa: E731
    similar = rms(procrustes(predicted, true).apply(predicted), true)
    scaled = rms(best_scale(at, to)[:, None, None] * at, to)
    assert (similar <= scaled + 1e-6).all()
    assert (scaled <= rms(at, to) + 1e-6).all()
    assert (rms(at, to) <= rms(predicted, true) + 1e-6).all()


def test_vertices_see_the_twist_of_a_limb_that_joints_do_not(body):
    straight, twisted = torch.zeros(24, 3), torch.zeros(24, 3)
    twisted[18, 0] = 0.8  # the left forearm about itself; the T-pose's arm lies along x
    one, other = (body.mesh(torch.zeros(10), theta) for theta in (straight, twisted))
    assert g_mpjpe_mm(other.joints_m[:22], one.joints_m[:22]) < 0.01
    assert pve_mm(other.vertices_m, one.vertices_m, other.joints_m[0], one.joints_m[0]) > 0.5


def test_pck_and_auc_of_one_joint_far_off():
    true = torch.zeros(10, 3)
    predicted = true.clone()
    predicted[9, 0] = 0.9
    assert float(pck_pct(predicted, true, (0,))) == 90
    predicted[9, 0] = 0.125  # at the threshold is not within it
    assert float(pck_pct(predicted, true, (0,), threshold_mm=125.0)) == 90
    predicted[9, 0] = 0.9
    assert float(auc_pct(true, true, (0,))) == pytest.approx(100 * 30 / 31)
    assert float(auc_pct(predicted, true, (0,))) == pytest.approx(90 * 30 / 31)


@pytest.mark.parametrize("metric", [mpjpe_mm, n_mpjpe_mm, pck_pct, auc_pct])
def test_only_measured_joints_count_but_the_root_may_be_another(metric, people):
    predicted, true = people
    measured = (5, 7, 13)
    value = metric(predicted, true, ROOT, measured)
    spoilt = predicted.clone()
    spoilt[:, 0] += 3
    assert torch.equal(metric(spoilt, true, ROOT, measured), value)
    spoilt[:, ROOT[0]] += 0.4
    assert (metric(spoilt, true, ROOT, measured) != value).all()
    assert torch.equal(metric(predicted, true, ROOT, tuple(range(14))), metric(predicted, true, ROOT))


def test_auc_is_the_area_under_pck(people):
    predicted, true = people
    steps = np.linspace(0, 150, 31)
    curve = torch.stack([pck_pct(predicted, true, ROOT, threshold_mm=float(t)) for t in steps])
    assert (curve.diff(dim=0) >= 0).all()
    assert torch.allclose(auc_pct(predicted, true, ROOT), curve.mean(0))


def test_acceleration_is_blind_to_offset_and_speed_and_scales_with_the_frame_rate():
    random = torch.Generator().manual_seed(0)
    true = torch.randn(8, 14, 3, generator=random, dtype=torch.float64)
    time = torch.arange(8).double()[:, None, None]
    assert acceleration_error(true + 2 + 0.3 * time, true, 30.0).max() < 1e-6
    falling = true.clone()
    falling[..., 1] += 0.5 * 9.81 * (time[..., 0] / 30) ** 2
    assert torch.allclose(acceleration_error(falling, true, 30.0), torch.full((6,), 9810.0).double())
    assert torch.allclose(acceleration_error(falling, true, 1.0) * 900, torch.full((6,), 9810.0).double())


def test_acceleration_loses_only_frames_near_a_broken_one():
    true = torch.zeros(2, 9, 5, 3)
    predicted = true.clone()
    predicted[1, 4, 0, 0] = torch.nan
    error = acceleration_error(predicted, true, 30.0)
    assert error.shape == (2, 7)
    assert error[1].isnan().tolist() == [False, False, True, True, True, False, False]
    assert not error[0].isnan().any()
    with pytest.raises(ValueError, match="3 frames"):
        acceleration_error(predicted[:, :2], true[:, :2], 30.0)
