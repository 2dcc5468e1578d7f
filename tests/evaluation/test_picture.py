"""Measures of how well a recovery explains its photo."""

from dataclasses import replace

import pytest
import torch

from workbench.body import load_body
from workbench.body.landmarks import landmark_regressor
from workbench.evaluation.picture import off_at_each_step, picture_fit
from workbench.geometry.camera import perspective_camera
from workbench.image import Person
from workbench.recovery import BodyParams, Recovery, Step
from workbench.render import render_mask


@pytest.fixture
def exact():
    """A recovery that is its own truth."""
    body = load_body()
    theta = torch.zeros(24, 3)
    theta[0, 0] = torch.pi
    params = BodyParams(torch.zeros(10), theta)
    camera = perspective_camera((200, 160), torch.tensor([0.0, 0.2, 3.0]), 220.0)
    mesh = body.mesh(params.betas, params.theta)
    landmarks = landmark_regressor(body)
    keypoints = torch.zeros(33, 3)
    keypoints[landmarks.ids] = torch.cat(
        (camera.project(landmarks.points(mesh)), torch.ones(len(landmarks.ids), 1)), dim=1
    )
    mask = render_mask(camera, mesh.vertices_m, mesh.faces)
    person = Person(torch.tensor([0.0, 0.0, 160.0, 200.0]), 1.0, keypoints, None, mask)
    return Recovery("test", "none", body.topology, person, params, camera, (), 0.0), body


def test_truth_is_perfect(exact):
    fit = picture_fit(*exact)
    assert fit.mask_iou == 1
    assert fit.reprojection_px == pytest.approx(0, abs=1e-4)


def test_error_is_the_shift(exact):
    recovery, body = exact
    keypoints = recovery.person.keypoints_px + torch.tensor([3.0, 4.0, 0.0])
    fit = picture_fit(replace(recovery, person=replace(recovery.person, keypoints_px=keypoints)), body)
    assert fit.reprojection_px == pytest.approx(5, abs=1e-3)


def test_percent_knows_no_resolution(exact):
    recovery, body = exact
    keypoints = recovery.person.keypoints_px + torch.tensor([2.0, 0.0, 0.0])
    small = replace(recovery, person=replace(recovery.person, keypoints_px=keypoints, mask=None))
    camera = perspective_camera((400, 320), small.camera.t_camera_body_m, 440.0)
    large = replace(
        small,
        camera=camera,
        person=replace(small.person, keypoints_px=keypoints * torch.tensor([2.0, 2.0, 1.0])),
    )
    errors = [picture_fit(r, body).reprojection_pct for r in (small, large)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-4)


def test_unseen_landmarks_do_not_count(exact):
    recovery, body = exact
    keypoints = recovery.person.keypoints_px.clone()
    keypoints[5:15, :2] += 100
    keypoints[5:15, 2] = 0.1
    fit = picture_fit(replace(recovery, person=replace(recovery.person, keypoints_px=keypoints)), body)
    assert fit.reprojection_px == pytest.approx(0, abs=1e-4)


def test_says_nothing_without_evidence(exact):
    recovery, body = exact
    bare = replace(recovery, person=replace(recovery.person, keypoints_px=None, mask=None))
    assert set(picture_fit(bare, body).as_dict().values()) == {None}


def test_each_step_is_measured_as_a_result_would_be(exact):
    recovery, body = exact
    bent = replace(recovery.params, theta=recovery.params.theta + 0.2)
    steps = tuple(
        Step(name, params, recovery.camera) for name, params in (("a", bent), ("b", recovery.params))
    )
    first, last = off_at_each_step(replace(recovery, steps=steps), body)
    assert first == picture_fit(replace(recovery, params=bent), body).reprojection_pct
    assert last == pytest.approx(0, abs=1e-4)
    assert first is not None and first > 1
