"""SMPLify against people whose landmarks, mask and camera are known exactly."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.body.joints import SMPLX_PARENTS
from workbench.body.limits import angle_residuals, hinge_residuals
from workbench.evaluation.picture import picture_fit
from workbench.methods.smplify import Smplify, SmplifySettings


def fit_of(recovery, body):
    """2D error in percent and outline IoU, which these people all have."""
    fit = picture_fit(recovery, body)
    assert fit.reprojection_pct is not None and fit.mask_iou is not None
    return fit.reprojection_pct, fit.mask_iou


TURNS = {
    "facing": Rotation.identity(),
    "from behind": Rotation.from_euler("y", 170, degrees=True),
    "upside down": Rotation.from_euler("z", 180, degrees=True),
    "lying": Rotation.from_euler("z", 85, degrees=True),
}


@pytest.mark.parametrize("name", TURNS)
def test_recovers_known_people(body, person_in, name):
    photo, person, mesh, camera = person_in(TURNS[name])
    [got] = Smplify(body).recover(photo, [person])
    error_pct, iou = fit_of(got, body)
    assert error_pct < 1 and iou > 0.9
    error_m = (
        got.mesh(body).joints_m + got.camera.t_camera_body_m - mesh.joints_m - camera.t_camera_body_m
    ).norm(dim=1)
    assert error_m.mean() < 0.12  # distance along the line of sight is the one thing a picture hardly tells


def test_works_from_2d_alone(body, person_in):
    photo, person, *_ = person_in(TURNS["facing"])
    [got] = Smplify(body).recover(photo, [replace(person, keypoints_m=None, mask=None)])
    assert fit_of(replace(got, person=person), body)[0] < 1.5
    toward = Rotation.from_rotvec(got.params.theta[0].numpy()).apply([0, 0, 1])
    assert toward[2] < 0  # faces the camera, as the person does


def test_landmark_fit_never_climbs(body, person_in):
    photo, person, *_ = person_in(TURNS["from behind"])
    [got] = Smplify(body).recover(photo, [person])
    losses = [
        step.loss or 0.0 for step in got.steps if step.name == "start" or step.name.startswith("landmarks")
    ]
    assert len(losses) > 3 and all(b < a for a, b in pairwise(losses))


def test_silhouette_stage_improves_the_outline(body, person_in):
    photo, person, *_ = person_in(TURNS["facing"])
    ious = []
    for iterations in (0, 60):
        settings = SmplifySettings(silhouette_iterations=iterations)
        ious.append(fit_of(Smplify(body, settings).recover(photo, [person])[0], body)[1])
    assert ious[1] > ious[0]


def test_the_same_twice(body, person_in):
    photo, person, *_ = person_in(TURNS["facing"])
    first, second = (
        Smplify(body, SmplifySettings(silhouette_iterations=8)).recover(photo, [person])[0] for _ in range(2)
    )
    assert torch.equal(first.params.theta, second.params.theta)


def test_people_do_not_influence_each_other(body, person_in):
    photo, one, *_ = person_in(TURNS["facing"])
    _, other, *_ = person_in(TURNS["from behind"], (-0.3, 0.0, 4.0))
    method = Smplify(body, SmplifySettings(silhouette_iterations=0))
    together = method.recover(photo, [one, other])
    assert torch.equal(together[1].params.theta, method.recover(photo, [other])[0].params.theta)


@pytest.mark.parametrize("missing", ["none", "invisible", "in one point"])
def test_says_what_it_needs(body, person_in, missing):
    photo, person, *_ = person_in(TURNS["facing"])
    known = person.keypoints_px
    in_one_point = torch.cat((known[:, :2] * 0 + 50, known[:, 2:]), dim=1)
    keypoints = {"none": None, "invisible": known * 0, "in one point": in_one_point}[missing]
    with pytest.raises(ValueError, match="landmarks"):
        Smplify(body).recover(photo, [replace(person, keypoints_px=keypoints)])


def test_a_mask_of_another_photo_is_refused(person_in, body):
    photo, person, *_ = person_in(TURNS["facing"])
    with pytest.raises(ValueError, match="mask"):
        Smplify(body).recover(photo, [replace(person, mask=person.mask[:-5])])


def test_a_body_without_landmarks_is_refused(body):
    with pytest.raises(ValueError, match="left_ear"):
        Smplify(replace(body, topology="unknown", keypoints={}))


def test_fits_a_body_with_more_joints(person_in, body):
    """SMPL-X's joints: the further ones hang on head and wrists and have nothing to follow."""
    parents = (*body.parents[:22], *SMPLX_PARENTS[22:])
    weights = torch.cat((body.weights[:, :22], torch.zeros(len(body.weights), 33)), dim=1)
    weights[:, 20] += body.weights[:, 22]
    weights[:, 21] += body.weights[:, 23]
    rest = body.joint_template[[*range(22), 15, 15, 15, *[20] * 15, *[21] * 15]]
    moves = body.joint_directions[:, [*range(22), 15, 15, 15, *[20] * 15, *[21] * 15]]
    pose_columns = torch.zeros(9 * 54, *body.directions.shape[1:])
    grown = replace(
        body,
        parents=parents,
        weights=weights,
        joint_template=rest,
        joint_directions=moves,
        joint_regressor=None,
        directions=torch.cat((body.directions[: body.num_betas], pose_columns)),
    )
    photo, person, *_ = person_in(TURNS["facing"])
    [got] = Smplify(grown, SmplifySettings(silhouette_iterations=2)).recover(photo, [person])
    assert got.params.theta.shape == (55, 3)
    assert fit_of(got, grown)[0] < 1.5


@pytest.mark.parametrize("residuals", [angle_residuals, hinge_residuals])
def test_prior_derivatives(residuals):
    rotations = Rotation.from_rotvec(np.random.default_rng(0).normal(size=(24, 3))).as_matrix()
    _, jacobian = residuals(rotations)
    eps = 1e-6
    for column in range(0, 72, 5):
        moved = []
        for sign in (1, -1):
            turn = np.zeros(72)
            turn[column] = sign * eps
            moved.append(residuals(Rotation.from_rotvec(turn.reshape(24, 3)).as_matrix() @ rotations)[0])
        np.testing.assert_allclose(jacobian[:, column], (moved[0] - moved[1]) / (2 * eps), atol=1e-5)
