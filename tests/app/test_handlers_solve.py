"""Solve the camera, without the page."""

from dataclasses import replace

import pytest
import torch

from workbench.app import handlers_result, models
from workbench.app import handlers_solve as handlers
from workbench.app.copied_code import code
from workbench.app.session import PhotoSession
from workbench.body.landmarks import landmark_regressor
from workbench.render import render_mask


@pytest.fixture
def masked(recovered: PhotoSession) -> PhotoSession:
    """The first result with a mask that another lens makes of its own body."""
    result, body = recovered.results[0], models.body()
    mesh = result.recovery.mesh(body)
    camera = replace(result.recovery.camera, focal_px=260.0, center_px=(160.0, 120.0))
    landmarks, keypoints = landmark_regressor(body), torch.zeros(33, 3)
    seen = camera.project(landmarks.points(mesh))
    keypoints[landmarks.ids] = torch.cat((seen, torch.ones(len(seen), 1)), 1)
    mask = render_mask(camera, mesh.vertices_m, mesh.faces)
    person = replace(result.recovery.person, mask=mask, keypoints_px=keypoints)
    own = replace(result, recovery=replace(result.recovery, person=person))
    guests = (replace(recovered.guests[0], person=person), *recovered.guests[1:])
    return replace(recovered, guests=guests, results=(own, *recovered.results[1:]))


def test_it_changes_this_persons_camera_and_nothing_else(masked: PhotoSession):
    after = handlers.solve(masked, 0, None)
    before, solved = masked.results[0].recovery, after.results[0].recovery
    assert solved.camera.focal_px == pytest.approx(260.0, rel=0.02)
    assert solved.params is before.params
    assert after.results[1] is masked.results[1]
    assert (after.results[0].metrics["mask_iou"] or 0) > 0.97
    assert "400 → 2" in handlers.solved_text(after, 0)
    assert handlers.solved_text(after, 1) == ""
    assert "solved from the mask" in handlers_result.summary(after, 0)
    assert handlers_result.last_step(after, 0) > handlers_result.last_step(masked, 0)


def test_a_method_that_solves_the_camera_itself_is_said_to(masked: PhotoSession):
    [first, *_] = handlers.solve(masked, 0, None).results
    own = replace(masked, results=(replace(first, solved=None), *masked.results[1:]))
    assert "solved from the mask" in handlers_result.summary(own, 0)
    assert "EXIF" in handlers_result.summary(own, 1)


def test_another_distance_begins_at_the_methods_camera_again(masked: PhotoSession):
    once = handlers.solve(masked, 0, None)
    twice = handlers.solve(once, 0, 6)
    camera = twice.results[0].recovery.camera
    assert camera.focal_px > once.results[0].recovery.camera.focal_px
    assert handlers.own_recovery(twice.results[0]) is masked.results[0].recovery
    assert "→ 6.00 m" in handlers.solved_text(twice, 0)


def test_undone_it_is_as_the_method_made_it(masked: PhotoSession):
    again = handlers.undo(handlers.solve(masked, 0, 3.0), 0)
    assert again.results[0].recovery is masked.results[0].recovery
    assert handlers.solved_text(again, 0) == ""


@pytest.mark.parametrize(
    ("place", "tz_m", "said"),
    [(0, -1.0, "Tz"), (0, 0.0, "got 0"), (0, float("nan"), "metres"), (7, None, "no result")],
)
def test_what_cannot_be_done_is_said(masked: PhotoSession, place, tz_m, said):
    with pytest.raises(ValueError, match=said):
        handlers.solve(masked, place, tz_m)


def test_without_a_mask_or_a_photo_it_is_said(masked: PhotoSession):
    with pytest.raises(ValueError, match="no mask"):
        handlers.solve(masked, 1, None)
    with pytest.raises(ValueError, match="saved"):
        handlers.solve(replace(masked, blank=True), 0, None)


@pytest.mark.parametrize(("tz_m", "told"), [(None, "photo)"), (2.5, "photo, tz_m=2.5)")])
def test_the_copied_python_solves_it_too(masked: PhotoSession, tz_m, told):
    text = code(handlers.solve(masked, 0, tz_m), 0)
    compile(text, "copied", "exec")
    assert f"with_solved_camera(recovery, load_body(), {told}" in text
    assert "with_solved_camera" not in code(masked, 0)
