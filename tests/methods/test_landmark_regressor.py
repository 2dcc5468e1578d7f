"""The landmark regressor: what it promises whatever its weights, and that they were trained."""

from dataclasses import replace

import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.body.light import light_body
from workbench.evaluation.picture import picture_fit
from workbench.methods import load_method
from workbench.methods.landmark_regressor import Regressor
from workbench.networks.landmark_regressor import STAGES, LandmarkRegressor, load_network
from workbench.networks.observations import observe_people
from workbench.weights import WeightsUnreadable

TURN = Rotation.from_euler("y", 25, degrees=True)


@pytest.fixture(scope="module")
def trained():
    return load_method("regressor")


def test_recovers_known_people(trained, body, person_in):
    for turn, t_m in (
        (TURN, (0.1, 0.1, 3.2)),
        (Rotation.from_euler("y", 165, degrees=True), (-0.4, 0.0, 4.0)),
    ):
        photo, person, mesh, camera = person_in(turn, t_m)
        [got] = trained.recover(photo, [person])
        fit = picture_fit(got, body)
        assert fit.reprojection_pct is not None and fit.reprojection_pct < 6
        found, true = (m.joints_m - m.joints_m[:1] for m in (got.mesh(body), mesh))
        assert (found - true).norm(dim=1).mean() < 0.12
        assert abs(got.camera.tz_m / camera.tz_m - 1) < 0.2


def test_each_guess_is_better_than_the_mean_body(trained, person_in):
    photo, person, mesh, _ = person_in(TURN)
    [got] = trained.recover(photo, [person])
    assert len(got.steps) == STAGES + 1
    errors = []
    for step in got.steps:
        found = got.mesh(trained.body, step).joints_m
        errors.append(float(((found - found[:1]) - (mesh.joints_m - mesh.joints_m[:1])).norm(dim=1).mean()))
    assert max(errors[1:]) < errors[0]


def test_works_without_metric_landmarks(trained, body, person_in):
    photo, person, *_ = person_in(TURN)
    [got] = trained.recover(photo, [replace(person, keypoints_m=None)])
    fit = picture_fit(got, body)
    assert fit.reprojection_pct is not None and fit.reprojection_pct < 8


def test_a_shift_of_the_photo_moves_the_body_with_it(trained, person_in):
    """The window follows the person; far from wide-angle the body itself hardly changes."""
    photo, person, *_ = person_in(TURN, (0.0, 0.0, 6.0))
    far = replace(photo, focal_px=4 * photo.focal_px)
    shifted = replace(person, keypoints_px=person.keypoints_px + torch.tensor([7.0, 0, 0]))
    here, there = (trained.recover(far, [p])[0] for p in (person, shifted))
    moved_px = far.focal_px * (
        there.camera.t_camera_body_m[0] / there.camera.tz_m
        - here.camera.t_camera_body_m[0] / here.camera.tz_m
    )
    assert abs(float(moved_px) - 7) < 0.5


def test_people_do_not_influence_each_other(trained, person_in):
    photo, one, *_ = person_in(TURN)
    _, other, *_ = person_in(Rotation.identity(), (-0.3, 0.0, 4.0))
    alone, together = trained.recover(photo, [one])[0], trained.recover(photo, [other, one])[1]
    torch.testing.assert_close(alone.params.theta, together.params.theta, atol=1e-4, rtol=0)


def test_a_box_alone_is_refused(trained, person_in):
    photo, person, *_ = person_in(TURN)
    with pytest.raises(ValueError, match="no 2D landmarks"):
        trained.recover(photo, [replace(person, keypoints_px=None)])


def test_an_untrained_network_begins_near_the_mean_body(body, person_in):
    photo, person, *_ = person_in(TURN)
    [got] = Regressor(LandmarkRegressor(), body).recover(photo, [person])
    turns = [step.params.theta for step in got.steps]
    assert (turns[-1] - turns[0])[1:].abs().max() < 0.3
    facing = Rotation.from_rotvec(turns[0][0].numpy()).apply([0, 0, 1])
    assert facing[2] < -0.99


def test_gradients_reach_every_weight(body, person_in):
    photo, person, *_ = person_in(TURN)
    network = LandmarkRegressor()
    guesses = network(observe_people(photo, [person, person])[0], light_body(body, 1))
    sizes = [torch.cat((g.xy.flatten(), g.joints_m.flatten(), g.betas.flatten())) for g in guesses]
    torch.cat(sizes).square().sum().backward()
    silent = {n for n, p in network.named_parameters() if p.grad is None}
    assert not silent


def test_weights_of_another_network_are_refused():
    with pytest.raises(WeightsUnreadable, match="not of the landmark regressor"):
        load_network({"something": torch.zeros(3)})
