"""The BLADE tab shows the Photo tab's person with any method's body, and the truth where there is one."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from workbench.app import handlers_blade as handlers
from workbench.app import models
from workbench.app.blade_solver import blade_camera, solvable
from workbench.app.handlers_photo import found_guests
from workbench.app.session import PhotoSession
from workbench.body import load_body
from workbench.figures.blade_lab import mask_from
from workbench.figures.camera_lab import camera_from
from workbench.image import Photo
from workbench.methods.blade import PAPER_WEIGHTS
from workbench.recovery import Recovery, Step


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> PhotoSession:
    return handlers.a_scene(tmp_path_factory.mktemp("scene"))


def test_the_true_body_of_a_scene_solves_to_its_true_camera(scene):
    _, data = handlers.watch(handlers.Watched(scene), 0, handlers.SCENE)
    question = {**data["question"], "mask": data["mask"], "tz_m": data["tz_m"]}
    solved = blade_camera(json.loads(json.dumps(question)))["solved"]
    assert data["tz_m"] == pytest.approx(data["truth"]["t"][2], abs=1e-3)
    assert solved["iou"] > 0.8  # the mask is a finder's, and of somebody in clothes
    assert solved["focal_px"] == pytest.approx(data["truth"]["focal_px"], rel=0.1)


def test_a_method_is_asked_once_for_each_person(session, method, monkeypatch):
    asked = []
    recover = type(method).recover
    monkeypatch.setattr(type(method), "recover", lambda *given: asked.append(given) or recover(*given))
    watched, _ = handlers.watch(handlers.Watched(session), 0, "smplify")
    watched, data = handlers.watch(watched, 0, "smplify")
    assert len(asked) == 1 and data["truth"] is None
    handlers.watch(watched, 1, "smplify")
    assert len(asked) == 2


def test_the_photo_tabs_result_can_be_looked_at_as_long_as_it_is_of_this_photo(recovered, method):
    watched = handlers.Watched(replace(recovered, results=()), recovered)
    assert handlers.answers(watched, 0)[-1][1] == handlers.PHOTO_TAB
    _, data = handlers.watch(watched, 0, handlers.PHOTO_TAB)
    own = recovered.results[0].recovery
    body = load_body(own.body.removesuffix("-6890"))
    pelvis_m = body.mesh(own.params.betas, own.params.theta).joints_m[0]
    assert data["tz_m"] == pytest.approx(own.camera.tz_m + float(pelvis_m[2]), abs=1e-3)
    other = replace(watched, results=replace(recovered, shown="another photo"))
    assert handlers.PHOTO_TAB not in dict(handlers.answers(other, 0)).values()
    with pytest.raises(ValueError, match="no result"):
        handlers.watch(other, 0, handlers.PHOTO_TAB)


def test_a_pose_is_taken_before_a_camera_was_solved_for_it(recovered):
    recovery: Recovery = recovered.results[0].recovery
    first = recovery.steps[0]
    assert handlers.posed_stage(recovery) == (recovery.params, recovery.camera)
    staged = replace(
        recovery, steps=(replace(first, name="pose"), Step("camera 0", recovery.params, recovery.camera))
    )
    assert handlers.posed_stage(staged) == (first.params, first.camera)


def test_without_a_mask_there_is_one_to_paint(session, method):
    _, data = handlers.watch(handlers.Watched(session), 0, "smplify")
    assert data["mask_text"] == handlers.NO_MASK
    mask = mask_from(data["mask"])
    width, height = data["picture"]["size"]
    assert mask.shape == (height, width) and not mask.any()


def test_a_large_photo_is_reduced_and_all_that_is_of_it(photo, session, method):
    large = Photo(np.repeat(np.repeat(photo.rgb, 8, 0), 8, 1), None, "large")
    person = session.guests[0].person
    mask = torch.zeros(large.size_hw, dtype=torch.bool)
    mask[400:1700, 900:1500] = True
    grown = replace(person, box_px=8 * person.box_px, mask=mask)
    guests = found_guests([grown])
    _, data = handlers.watch(handlers.Watched(replace(session, photo=large, guests=guests)), 0, "smplify")
    asked = solvable({**data["question"], "mask": data["mask"]})
    assert max(data["picture"]["size"]) <= handlers.SHOWN_PX + 2
    assert int(asked.mask.sum()) == pytest.approx(int(mask.sum()) * asked.look.scale**2, rel=0.02)
    assert camera_from(data["question"]["own"]).size_hw == asked.look.size_hw


def test_methods_are_offered_by_their_files_and_none_is_loaded(session, tmp_path, monkeypatch):
    monkeypatch.setattr(models, "method", lambda name: pytest.fail(f"{name} was loaded"))
    monkeypatch.setenv("WORKBENCH_WEIGHTS_DIR", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    def offered() -> list[str]:
        return [key for _, key in handlers.answers(handlers.Watched(session), 0)]

    before = offered()
    assert before[0] == handlers.METHOD and "blade-paper" not in before
    (tmp_path / PAPER_WEIGHTS.filename).touch()
    assert set(offered()) == {*before, "blade-paper"}


@pytest.mark.parametrize("size_hw", [(2000, 20), (20, 2000), (10, 10)])
def test_a_photo_too_narrow_to_be_shown_is_refused_in_words(session, method, size_hw):
    height, width = size_hw
    narrow = Photo(np.zeros((*size_hw, 3), np.uint8), None, "narrow")
    person = replace(session.guests[0].person, box_px=torch.tensor([0.0, 0.0, width, height]), mask=None)
    looked_at = replace(session, photo=narrow, guests=found_guests([person]))
    with pytest.raises(ValueError, match=f"{width} x {height} px is too narrow"):
        handlers.watch(handlers.Watched(looked_at), 0, "smplify")


def test_what_cannot_be_shown_is_told(session, method):
    assert handlers.why_empty(PhotoSession()) == handlers.NO_PHOTO
    assert handlers.why_empty(session) == ""
    with pytest.raises(ValueError, match="Photo tab"):
        handlers.watch(handlers.Watched(), 0, "smplify")
    with pytest.raises(ValueError, match="person 3"):
        handlers.watch(handlers.Watched(session), 2, "smplify")
    with pytest.raises(ValueError, match="answer"):
        handlers.watch(handlers.Watched(session), 0, "magic")
    with pytest.raises(ValueError, match="no body"):
        handlers.tag_of("nobody's")
