"""Found landmarks beside the body's own."""

import pytest
import torch

from workbench.app.residuals import landmark_pairs
from workbench.body import load_body
from workbench.body.landmarks import landmark_regressor
from workbench.evaluation.picture import picture_fit
from workbench.geometry import Camera
from workbench.geometry.camera import Projection
from workbench.image.person import Person
from workbench.recovery import BodyParams, Recovery

KINDS: tuple[Projection, ...] = ("perspective", "weak", "orthographic")


def camera(kind: Projection) -> Camera:
    focal = 150.0 if kind == "orthographic" else 450.0
    return Camera(kind, focal, (200.0, 170.0), (400, 400), torch.tensor([0.1, 0.2, 3.0]))


def fitted(kind: Projection, off_px: float) -> tuple[Recovery, torch.Tensor]:
    """A body before the camera, and a person whose landmarks were found up to `off_px` beside its own."""
    body = load_body()
    params = BodyParams(torch.randn(10), 0.3 * torch.randn(24, 3))
    landmarks = landmark_regressor(body)
    pixels = camera(kind).project(landmarks.points(body.mesh(params.betas, params.theta)))
    keypoints = torch.zeros(33, 3)
    keypoints[landmarks.ids] = torch.cat(
        (pixels + off_px * torch.randn_like(pixels), torch.ones(len(pixels), 1)), 1
    )
    keypoints[landmarks.ids[3], 2] = 0.1
    person = Person(torch.tensor([0.0, 0.0, 400.0, 400.0]), 1.0, keypoints_px=keypoints)
    return Recovery("some", "none", body.topology, person, params, camera(kind), (), 0.0), pixels


@pytest.mark.parametrize("kind", KINDS)
def test_the_distances_are_the_2d_error_and_unseen_landmarks_are_left_out(kind: Projection):
    body = load_body()
    recovery, pixels = fitted(kind, 9.0)
    pairs = landmark_pairs(recovery.person, body, recovery.mesh(body), recovery.camera)
    assert pairs is not None
    torch.testing.assert_close(pairs.model_px, pixels, atol=1e-2, rtol=0)
    assert float(pairs.distances_px.mean()) == pytest.approx(
        picture_fit(recovery, body).reprojection_px, abs=1e-3
    )
    assert len(pairs.on_photo().found_px) == len(pairs.names) - 1
    assert f"{pairs.distances_px.max():.1f} px at the " in pairs.text()


@pytest.mark.parametrize("kind", KINDS)
def test_found_landmarks_stand_on_their_rays_as_deep_as_the_bodys(kind: Projection):
    body = load_body()
    recovery, _ = fitted(kind, 9.0)
    pairs = landmark_pairs(recovery.person, body, recovery.mesh(body), recovery.camera)
    assert pairs is not None
    stands = pairs.in_world()
    again = recovery.camera.project(stands.found_m - recovery.camera.t_camera_body_m)
    torch.testing.assert_close(again, pairs.on_photo().found_px, atol=1e-2, rtol=0)
    torch.testing.assert_close(stands.found_m[:, 2], stands.model_m[:, 2])


def test_a_person_drawn_by_hand_has_no_landmarks():
    body = load_body()
    recovery, _ = fitted("perspective", 0.0)
    drawn = Person(recovery.person.box_px, 1.0)
    assert landmark_pairs(drawn, body, recovery.mesh(body), recovery.camera) is None
