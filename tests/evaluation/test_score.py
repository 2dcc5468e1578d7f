"""A score sees each mistake in the metrics that are not blind to it."""

from dataclasses import replace

import pytest
import torch

from tests.evaluation.people import FOCAL_PX, recovery_of, standing_theta, truth_of
from workbench.body import load_body
from workbench.evaluation.joint_sets import JOINT_SETS
from workbench.evaluation.metrics import METRICS
from workbench.evaluation.score import BrokenRecovery, Scorer
from workbench.recovery import BodyParams
from workbench.weights import asset

PERFECT = dict.fromkeys(METRICS, 0.0) | {"pck_pct": 100.0, "auc_pct": 3000 / 31, "miou": 1.0}


@pytest.fixture(scope="module")
def body_x():
    return load_body(asset("open_body_x.npz"))


@pytest.fixture(scope="module")
def scorer(body, body_x):
    return Scorer({body.topology: body, body_x.topology: body_x})


@pytest.fixture
def truth(body):
    return truth_of(body)


def wrong(scores: dict[str, float]) -> set[str]:
    return {name for name, value in scores.items() if abs(value - PERFECT[name]) > 0.02}


def test_the_truth_scores_perfectly(scorer, truth):
    scores = scorer.score(recovery_of(truth), truth)
    assert list(scores) == list(METRICS)
    assert scores == pytest.approx(PERFECT, abs=1e-3)


def test_farther_away_and_longer_lens(scorer, truth):
    """The dolly zoom: about the same picture, another place and lens."""
    t = truth.camera.t_camera_body_m * torch.tensor([1.0, 1, 2])
    scores = scorer.score(recovery_of(truth, t_camera_body_m=t, focal_px=2 * FOCAL_PX), truth)
    assert wrong(scores) == {
        *("g_mpjpe_mm", "g_pve_mm", "e_tz_m", "e_inv_tz", "e_f", "reprojection_px", "miou"),
    }
    assert scores["e_tz_m"] == pytest.approx(3.2, abs=1e-4)
    assert scores["e_f"] == pytest.approx(1)
    assert scores["g_mpjpe_mm"] == pytest.approx(3200, rel=1e-3)
    assert scores["miou"] > 0.8


def test_another_shape(scorer, truth):
    params = BodyParams(-truth.params.betas, truth.params.theta)
    scores = scorer.score(replace(recovery_of(truth), params=params), truth)
    assert {"mpjpe_mm", "pve_mm", "pa_pve_mm", "g_pve_mm", "miou"} <= wrong(scores)
    assert scores["n_mpjpe_mm"] < scores["mpjpe_mm"] and scores["e_tz_m"] < 0.02


def test_turned_to_the_side(scorer, truth):
    theta = standing_theta()
    theta[0] = torch.tensor([torch.pi / 2**0.5, 0, torch.pi / 2**0.5])  # sideways instead of facing
    scores = scorer.score(replace(recovery_of(truth), params=BodyParams(truth.params.betas, theta)), truth)
    assert scores["pa_mpjpe_mm"] < 1e-2 < 50 < scores["mpjpe_mm"]
    assert scores["pa_pve_mm"] < 1e-2 < 50 < scores["pve_mm"]


def test_a_monster(scorer, truth):
    theta = standing_theta()
    theta[4, 0] = -1.0  # knee the wrong way
    scores = scorer.score(replace(recovery_of(truth), params=BodyParams(truth.params.betas, theta)), truth)
    assert scores["limit_violations"] == 1 and scores["penetration_pct"] == 0
    theta = standing_theta()
    theta[1, 2], theta[2, 2] = -0.4, 0.4  # legs through one another
    scores = scorer.score(replace(recovery_of(truth), params=BodyParams(truth.params.betas, theta)), truth)
    assert scores["penetration_pct"] > 1


def test_across_bodies_joints_compare_and_vertices_do_not(scorer, truth, body, body_x):
    """The open SMPL-X body of the same shape: the same person, with its origin elsewhere."""
    other = truth_of(body_x)
    offset = (
        body_x.with_shape(other.params.betas).joints_m[0] - body.with_shape(truth.params.betas).joints_m[0]
    )
    camera = replace(other.camera, t_camera_body_m=other.camera.t_camera_body_m - offset)
    scores = scorer.score(recovery_of(replace(other, camera=camera)), truth)
    assert not any(name.endswith("pve_mm") for name in scores)
    assert scores["mpjpe_mm"] < 5 and scores["g_mpjpe_mm"] < 5 and scores["e_tz_m"] < 1e-3
    assert scores["miou"] > 0.95


def test_an_orthographic_camera_has_no_depth(scorer, truth):
    flat = replace(recovery_of(truth), camera=truth.camera.as_kind("orthographic"))
    scores = scorer.score(flat, truth)
    assert set(METRICS) - set(scores) == {"e_tz_m", "e_inv_tz", "e_f"}


def test_a_given_mask_is_used(scorer, truth):
    nothing = torch.zeros(truth.camera.size_hw, dtype=torch.bool)
    assert scorer.score(recovery_of(truth), replace(truth, mask=nothing))["miou"] == 0


@pytest.mark.parametrize("joints", JOINT_SETS)
def test_every_joint_set_scores(joints, body, truth):
    scores = Scorer({body.topology: body}, joints).score(recovery_of(truth), truth)
    assert scores == pytest.approx(PERFECT, abs=1e-3)


def test_broken_recoveries_are_told_from_wrong_calls(scorer, truth):
    theta = standing_theta()
    theta[3, 1] = torch.nan
    broken = replace(recovery_of(truth), params=BodyParams(truth.params.betas, theta))
    for recovery in (broken, recovery_of(truth, focal_px=float("inf"))):
        with pytest.raises(BrokenRecovery, match="NaN or infinity"):
            scorer.score(recovery, truth)
    absurd = BodyParams(torch.full_like(truth.params.betas, 1e38), truth.params.theta)
    for recovery in (replace(recovery_of(truth), params=absurd), recovery_of(truth, focal_px=1e300)):
        with pytest.raises(BrokenRecovery, match="so large"):
            scorer.score(recovery, truth)
    with pytest.raises(ValueError, match="whole picture") as error:
        scorer.score(recovery_of(truth, size_hw=(100, 100)), truth)
    assert not isinstance(error.value, BrokenRecovery)
    with pytest.raises(ValueError, match="No body of topology 'smpl'"):
        scorer.score(replace(recovery_of(truth), body="smpl"), truth)
