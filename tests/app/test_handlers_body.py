"""The Body tab without its page."""

import math

import pytest
import torch

from workbench.app import handlers_body as handlers
from workbench.app import models
from workbench.body.limits import HINGES

JOINT = "left knee"


def numbers(state: handlers.BodyState, joint: str = JOINT) -> list[float]:
    return [*state.betas.tolist(), *handlers.angles_deg(state, joint)]


@pytest.mark.parametrize("index", range(13))
def test_every_slider_changes_the_mesh_and_only_its_own_number(index):
    first = handlers.rest()
    values = numbers(first)
    values[index] += 2.0
    moved = handlers.changed(first, JOINT, values)
    assert not torch.equal(handlers.pose(moved).vertices_m, handlers.pose(first).vertices_m)
    difference = torch.tensor(numbers(moved)) - torch.tensor(numbers(first))
    assert (difference.abs() > 1e-4).nonzero().tolist() == [[index]]


def test_angles_read_back_as_they_were_set():
    values = numbers(handlers.rest())
    values[-3:] = [30.0, -45.0, 90.0]
    assert handlers.angles_deg(handlers.changed(handlers.rest(), JOINT, values), JOINT) == [30, -45, 90]


def test_turning_one_joint_leaves_the_angles_of_others():
    values = numbers(handlers.rest())
    values[-1] = 40.0
    bent = handlers.changed(handlers.rest(), JOINT, values)
    again = handlers.changed(bent, "right knee", numbers(bent, "right knee"))
    torch.testing.assert_close(again.theta, bent.theta)


@pytest.mark.parametrize("bad", [None, math.nan, math.inf])
def test_a_slider_without_a_number_is_refused(bad):
    values: list = numbers(handlers.rest())
    values[4] = bad
    with pytest.raises(ValueError, match="number"):
        handlers.changed(handlers.rest(), JOINT, values)


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
    scene, facts = handlers.show(handlers.rest())
    assert scene["bodies"][0]["topology"] == models.body().topology
    assert len(models.topology(models.body().topology)["joints"]) == models.body().num_joints
    assert "height" in facts


def test_another_body_than_the_page_knows_is_refused():
    with pytest.raises(ValueError, match="other"):
        models.topology("other")
