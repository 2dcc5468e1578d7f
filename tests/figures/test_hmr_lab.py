"""What Python gives to the HMR lab besides people."""

import json

import pytest
import torch

from workbench.body.joints import SMPL_JOINTS
from workbench.figures import hmr_lab
from workbench.figures.served_bodies import ServedBodies
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.networks.discriminator import FACTORS, Discriminator


def test_the_configuration_is_plain_json_and_names_every_factor_once():
    config = hmr_lab.config(ServedBodies(loopback=True).entries(), "open-smpl")
    assert json.loads(json.dumps(config, allow_nan=False)) == config
    [body] = config["bodies"]
    assert config["joint"] in body["joints"]
    factors = config["factors"]
    assert len(factors) == len(FACTORS) == len({factor["place"] for factor in factors})
    judged = [factor["joint"] for factor in factors if factor["joint"] is not None]
    assert sorted(judged) == list(range(1, len(SMPL_JOINTS)))  # nobody judges where people face
    for factor in factors:
        assert factor["joint"] is None or body["joints"][factor["joint"]] == factor["name"]


def test_a_browser_scores_joints_as_the_prior_does(javascript):
    prior, theta = Discriminator(), torch.randn(24, 3)
    given = {"critic": hmr_lab.critic(prior), "theta": theta.tolist()}
    scores = javascript("hmr_critic.js", "m.jointScores(given.critic, given.theta)", given)
    expected = prior(matrix_from_axis_angle(theta)[None, 1:], torch.zeros(1, 10))[0, : len(scores)]
    torch.testing.assert_close(torch.tensor(scores), expected, atol=1e-3, rtol=0)
    assert len(scores) == len(SMPL_JOINTS) - 1


@pytest.mark.parametrize("score", [-0.2, 0.0, 0.36, 0.4, 0.9])
def test_a_factor_objects_wherever_its_bar_is_not_empty(javascript, score):
    bar, objects = javascript("hmr_scene.js", "[m.objection(given), m.objects(given)]", score)
    assert objects == (bar > 0) == (score < 0.4)


def test_errors_in_3d_have_a_scale_of_their_own():
    figure = hmr_lab.error_curves([9.0, 4.0, 2.0], {"MPJPE, mm": [200.0, 90.0, 60.0]}, 1).to_plotly_json()
    picture, solid = figure["data"]
    assert picture["yaxis"] != solid["yaxis"] and list(solid["y"]) == [200.0, 90.0, 60.0]
    assert figure["layout"]["shapes"][0]["x0"] == 1.5


def test_a_loop_that_runs_away_leaves_the_others_to_be_seen():
    def end(*values: float) -> float:
        bars = hmr_lab.loss_bars([{"joints": value} for value in values], {"joints": 1.0}, 1)
        return bars.to_plotly_json()["layout"]["yaxis"]["range"][1]

    assert 40 < end(20.0, 5.0, 9e4) < 50
    assert 20 < end(20.0, 5.0, 8.0) < 22
    layout = hmr_lab.error_curves([20.0, 5.0, 9e4], {"MPJPE, mm": [1.0, 1.0, 1.0]}, 1).to_plotly_json()[
        "layout"
    ]
    assert layout["yaxis"]["type"] == layout["yaxis2"]["type"] == "log"


def test_bars_add_up_to_the_weighted_sum():
    losses = [{"reprojection": 2.0, "adversarial": 10.0}, {"reprojection": 1.0, "adversarial": 5.0}]
    weights = {"reprojection": 5.0, "adversarial": 0.1, "betas": 7.0}
    figure = hmr_lab.loss_bars(losses, weights, 1).to_plotly_json()
    sums = [sum(values) for values in zip(*(bar["y"] for bar in figure["data"]), strict=True)]
    assert sums == pytest.approx([11.0, 5.5])
    assert figure["layout"]["barmode"] == "stack"
