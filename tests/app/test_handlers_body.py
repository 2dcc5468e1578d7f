"""The Body tab without its page."""

import base64
import math
from dataclasses import replace

import pytest
import torch

from workbench.app import handlers_body as handlers
from workbench.app import models
from workbench.app.__main__ import is_loopback
from workbench.body.limits import HINGES

BAD = (None, "1", math.nan, math.inf, 1e9, [0.0])


def test_the_page_gives_back_what_it_was_given():
    state = handlers.random_pose(handlers.random_shape(handlers.rest()))
    again = handlers.state_of(handlers.parameters(state))
    torch.testing.assert_close(again.betas, state.betas)
    torch.testing.assert_close(again.theta, state.theta)


@pytest.mark.parametrize("bad", BAD)
def test_numbers_that_make_no_body_are_refused(bad):
    for key, place in (("betas", lambda p: p["betas"]), ("theta", lambda p: p["theta"][3])):
        parameters = handlers.parameters(handlers.rest())
        place(parameters)[1] = bad
        with pytest.raises(ValueError, match=key):
            handlers.state_of(parameters)


@pytest.mark.parametrize("parameters", [None, [], {}, {"betas": [0.0] * 10}, {"betas": [], "theta": []}])
def test_missing_numbers_are_refused(parameters):
    with pytest.raises(ValueError, match="must be"):
        handlers.state_of(parameters)


def test_an_unknown_joint_is_refused_with_the_names_that_exist():
    with pytest.raises(ValueError, match="left knee"):
        handlers.angles_deg(handlers.rest(), "tail")


def test_a_random_pose_bends_knees_and_elbows_only_forwards_and_keeps_the_shape():
    first = handlers.random_shape(handlers.rest())
    moved = handlers.random_pose(first)
    assert torch.equal(moved.betas, first.betas)
    assert not moved.theta[0].any()
    for joint, axis, sign in HINGES:
        assert sign * moved.theta[joint, axis] >= 0


def test_a_random_shape_stays_within_what_the_sliders_show():
    for _ in range(50):
        assert handlers.random_shape(handlers.rest()).betas.abs().max() <= handlers.BETA_LIMIT


def test_the_copied_code_makes_the_same_mesh(capsys):
    state = handlers.random_pose(handlers.random_shape(handlers.rest()))
    names: dict = {}
    exec(handlers.code(state), names)
    torch.testing.assert_close(names["mesh"].vertices_m, handlers.pose(state).vertices_m, atol=1e-3, rtol=0)
    assert "6890" in capsys.readouterr().out.replace(",", "")


def test_the_view_knows_the_body_it_shows():
    scene = handlers.view(handlers.rest(), None)
    assert scene["bodies"][0]["topology"] == models.body().topology
    assert len(models.topology(models.body().topology)["joints"]) == models.body().num_joints
    assert "height" in handlers.facts_of(handlers.rest())


def test_a_body_skinned_here_has_every_vertex_and_joint():
    drawn = handlers.skin(handlers.parameters(handlers.rest()))
    assert len(base64.b64decode(drawn["vertices"])) == 6 * len(models.body().v_template)
    assert len(drawn["joints"]) == models.body().num_joints


def test_licensed_bodies_only_leave_for_a_browser_on_this_machine(monkeypatch: pytest.MonkeyPatch):
    assert models.body_for_browsers(loopback=False) is not None
    licensed = replace(models.body(), topology="smpl")
    monkeypatch.setattr(models, "body", lambda: licensed)
    assert models.body_for_browsers(loopback=False) is None
    assert models.body_for_browsers(loopback=True) is not None


@pytest.mark.parametrize(
    ("host", "loopback"),
    [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False), ("my-machine", False)],
)
def test_who_can_reach_an_address(host, loopback, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("SPACE_ID", raising=False)
    assert is_loopback(host) is loopback
    monkeypatch.setenv("SPACE_ID", "someone/space")  # its proxy is not on this machine
    assert not is_loopback(host)


def test_another_body_than_the_page_knows_is_refused():
    with pytest.raises(ValueError, match="other"):
        models.topology("other")
