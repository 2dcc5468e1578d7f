"""The camera of a recovery: solved from a good mask, kept with a bad one."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.solver.people import drawn
from workbench.body import open_body
from workbench.body.landmarks import landmark_regressor
from workbench.evaluation.picture import picture_fit
from workbench.image import Person, Photo
from workbench.recovery import BodyParams, Recovery, Step
from workbench.render import render_mask
from workbench.solver.masks import MaskProblem
from workbench.solver.of_recovery import (
    NOT_SOLVED,
    SAYS,
    has_solved_camera,
    solved_or_kept,
    with_solved_camera,
)

PEOPLE = drawn(4, sizes_hw=((240, 320),))
PHOTO = Photo(np.zeros((240, 320, 3), np.uint8), None, "test")


def recovery_of(index: int = 0, focal: float = 1.0, shift_m: float = 0.0) -> Recovery:
    """A true body before a camera whose f and Tz, or Tx, are wrong by so much; the mask is true."""
    body, camera = open_body(), PEOPLE.camera(index)
    params = BodyParams(PEOPLE.betas[index], PEOPLE.theta[index])
    mesh = body.mesh(params.betas, params.theta)
    mask = render_mask(camera, mesh.vertices_m, mesh.faces)
    person = Person(torch.tensor([0.0, 0.0, 320.0, 240.0]), 1.0, mask=mask)
    t = camera.t_camera_body_m + torch.tensor([shift_m, 0.0, 0.0])
    wrong = replace(camera, focal_px=focal * camera.focal_px, t_camera_body_m=t)
    steps = (Step("start", params, wrong, 3.0), Step("silhouette 0", params, wrong, 2.0))
    return Recovery("test", "none", body.topology, person, params, wrong, steps, 1.0)


def test_a_wrong_lens_is_put_right_and_every_step_is_told():
    before, true = recovery_of(focal=1.3, shift_m=0.2), PEOPLE.camera(0)
    after = with_solved_camera(before, open_body(), PHOTO)
    assert after.camera.focal_px == pytest.approx(true.focal_px, rel=5e-3)
    assert torch.allclose(after.camera.t_camera_body_m, true.t_camera_body_m, atol=5e-3)
    assert after.steps[:2] == before.steps
    assert [step.name for step in after.steps[2:5]] == ["camera 0", "camera 1", "camera 2"]
    assert len(after.steps) >= 52
    assert {"iou", "focal_px", "tz_m"} <= after.steps[-1].tensors.keys()
    assert after.camera is after.steps[-1].camera
    assert after.params is before.params
    assert after.seconds > before.seconds


def test_it_is_never_worse_than_the_camera_it_began_with():
    for index in range(len(PEOPLE)):
        before = recovery_of(index)
        after = with_solved_camera(before, open_body(), PHOTO, evaluations=3)
        fits = [picture_fit(each, open_body()).mask_iou or 0 for each in (before, after)]
        assert fits[1] >= fits[0] - 5e-3  # as exact as a window of 256 px is


@pytest.mark.parametrize("kind", ["weak", "orthographic"])
def test_any_camera_will_do_to_begin_with(kind):
    before = recovery_of()
    before = replace(before, camera=before.camera.as_kind(kind))
    after = with_solved_camera(before, open_body(), PHOTO)
    assert after.camera.kind == "perspective"
    assert (picture_fit(after, open_body()).mask_iou or 0) > 0.98


def test_the_given_distance_is_that_of_the_pelvis():
    before = recovery_of()
    after = with_solved_camera(before, open_body(), PHOTO, tz_m=2.5)
    assert float(after.camera.to_camera_m(after.mesh(open_body()).joints_m[0])[2]) == pytest.approx(2.5)


def test_solving_again_takes_the_place_of_the_first():
    once = with_solved_camera(recovery_of(), open_body(), PHOTO, tz_m=2.0)
    twice = with_solved_camera(once, open_body(), PHOTO, tz_m=3.0)
    assert [step.name for step in twice.steps].count("camera 0") == 1
    assert twice.steps[:2] == once.steps[:2]


def test_with_a_bad_mask_the_camera_is_kept_and_it_is_said():
    before = recovery_of()
    empty = replace(before, person=replace(before.person, mask=torch.zeros(240, 320, dtype=torch.bool)))
    with pytest.raises(MaskProblem, match="empty"):
        with_solved_camera(empty, open_body(), PHOTO)
    kept = solved_or_kept(empty, open_body(), PHOTO)
    assert kept.camera is empty.camera
    assert kept.steps == empty.steps
    assert "not solved" in kept.remarks[0] and "empty" in kept.remarks[0]


@pytest.mark.parametrize(("tz_m", "said"), [(277.0, "got 277"), (0.2, "inside the body")])
def test_a_distance_that_cannot_be_costs_the_camera_alone(tz_m, said):
    """A method's own distance too: it is nobody's fault, and the others of the photo must not suffer."""
    before = recovery_of()
    pelvis_z_m = before.mesh(open_body()).joints_m[0, 2]
    t = torch.cat((before.camera.t_camera_body_m[:2], (tz_m - pelvis_z_m)[None]))
    far = replace(before, camera=replace(before.camera, t_camera_body_m=t))
    with pytest.raises(ValueError, match=said):
        with_solved_camera(far, open_body(), PHOTO)
    kept = solved_or_kept(far, open_body(), PHOTO)
    assert kept.camera is far.camera and not has_solved_camera(kept)
    [remark] = kept.remarks
    assert remark.startswith(NOT_SOLVED) and said in remark


def test_what_the_solver_said_earlier_does_not_stay():
    before = replace(recovery_of(), remarks=("The method's own words.",))
    bar, body = torch.zeros(240, 320, dtype=torch.bool), open_body()
    bar[115:125, 40:280] = True
    lost = replace(before, person=replace(before.person, mask=None))
    failed = solved_or_kept(lost, body, PHOTO)
    assert solved_or_kept(failed, body, PHOTO).remarks == failed.remarks
    assert [remark.startswith(NOT_SOLVED) for remark in failed.remarks] == [False, True]
    doubted = with_solved_camera(failed, body, PHOTO, mask=bar, evaluations=3)
    assert any("trusted" in remark for remark in doubted.remarks)
    assert not any(remark.startswith(NOT_SOLVED) for remark in doubted.remarks)
    assert doubted.remarks[0] == before.remarks[0] and doubted.remarks[1].startswith(SAYS)
    good = with_solved_camera(doubted, body, PHOTO, mask=before.person.mask)
    assert not any("trusted" in remark for remark in good.remarks)
    assert has_solved_camera(good) and not has_solved_camera(before)


def test_a_mask_of_shares_is_cut_at_one_half():
    before = recovery_of()
    assert before.person.mask is not None
    shares = torch.where(before.person.mask, 0.9, 0.3)
    one, other = (
        with_solved_camera(before, open_body(), PHOTO, mask=mask, evaluations=4)
        for mask in (before.person.mask, shares)
    )
    assert one.camera.focal_px == other.camera.focal_px


def test_a_mask_of_the_visitors_own_is_taken_instead():
    before = recovery_of()
    assert before.person.mask is not None
    lost = replace(before, person=replace(before.person, mask=None))
    after = with_solved_camera(lost, open_body(), PHOTO, mask=before.person.mask)
    assert after.camera.focal_px == pytest.approx(PEOPLE.camera(0).focal_px, rel=5e-3)


def test_a_body_that_is_not_in_the_mask_is_doubted():
    before = recovery_of()
    bar = torch.zeros(240, 320, dtype=torch.bool)
    bar[115:125, 40:280] = True
    after = with_solved_camera(before, open_body(), PHOTO, mask=bar, evaluations=10)
    assert any("trusted" in remark for remark in after.remarks)


def test_landmarks_hold_the_body_where_the_mask_holds_more_than_it():
    before, body = recovery_of(), open_body()
    assert before.person.mask is not None
    hair = before.person.mask.clone()
    rows, columns = hair.nonzero(as_tuple=True)
    top, middle = int(rows.min()), int(columns[rows == rows.min()].float().mean())
    hair[max(0, top - 10) : top + 25, max(0, middle - 25) : middle + 25] = True
    landmarks, keypoints = landmark_regressor(body), torch.zeros(33, 3)
    seen = before.camera.project(landmarks.points(before.mesh(body)))
    keypoints[landmarks.ids] = torch.cat((seen, torch.ones(len(seen), 1)), 1)
    person = replace(before.person, mask=hair, keypoints_px=keypoints)
    with_hair = replace(before, person=person)
    off = [
        abs(
            with_solved_camera(with_hair, body, PHOTO, keypoints=weight).camera.focal_px
            / before.camera.focal_px
            - 1
        )
        for weight in (0.0, 8.0)
    ]
    assert off[1] < 0.01
    assert off[1] < off[0]


def test_another_photo_is_refused():
    with pytest.raises(ValueError, match="recovery is of a photo"):
        with_solved_camera(recovery_of(), open_body(), Photo(np.zeros((64, 64, 3), np.uint8), None, "test"))
