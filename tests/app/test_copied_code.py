"""The code on the page makes what the page shows."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from workbench.app import handlers_photo
from workbench.app.copied_code import code
from workbench.app.handlers_scene import new_scene
from workbench.app.session import PhotoSession, Result


def test_it_is_python_and_names_the_right_person(recovered: PhotoSession):
    text = code(recovered, 1)
    compile(text, "copied", "exec")
    assert "find_people(photo)[1]  # person 2 on the page\n" in text and "import torch" not in text


def test_drawn_boxes_are_in_it(recovered: PhotoSession):
    drawn = replace(recovered, results=tuple(replace(result, drawn=True) for result in recovered.results))
    text = code(drawn, 0)
    compile(text, "copied", "exec")
    assert "import torch\n" in text and "describe(photo, torch.tensor([100.0, 40.0, 200.0, 220.0]))" in text


def test_it_names_the_same_person_after_somebody_was_removed(session: PhotoSession, method):
    second = session.guests[1].person
    (*_, shown) = handlers_photo.run(handlers_photo.remove(session, 0), "smplify", "guess", None)
    assert isinstance(shown, PhotoSession) and shown.results[0].recovery.person is second
    assert "find_people(photo)[1]  # person 1 on the page" in code(shown, 0)


def test_people_of_a_saved_recovery_are_read_from_it(recovered: PhotoSession):
    saved = replace(recovered, results=tuple(replace(result, found=None) for result in recovered.results))
    text = code(saved, 1)
    compile(text, "copied", "exec")
    assert 'person = read_recovery("recovery.json")[0].person' in text and "find_people" not in text


NAMES = ('a"); import os; ("', "it's.jpg", "two\nlines.jpg", "C:\\new\\a.jpg", '"""')


@pytest.mark.parametrize("name", NAMES)
def test_files_of_any_name_are_asked_for(recovered: PhotoSession, name: str):
    assert recovered.photo is not None
    text = code(replace(recovered, photo=replace(recovered.photo, source=name)), 0)
    compile(text, "copied", "exec")
    asked: list[str] = []
    exec(text.split("\n\n")[1].split("person = ")[0], {"load_photo": asked.append})
    assert asked == [name]


def test_saved_results_are_read_from_their_file(recovered: PhotoSession):
    assert "read_recovery" in code(replace(recovered, code_focal=""), 0)


def test_a_scene_and_its_person_are_made_again(tmp_path, recovered: PhotoSession):
    session = new_scene(1, "close", 0.8, 2.0, "noise", tmp_path)
    assert session.photo is not None
    recovery = replace(recovered.results[0].recovery, person=session.guests[0].person)
    shown = replace(
        session, results=(Result(recovery, {}, 0, found=0),), code_focal="with_focal(photo, None)"
    )
    until_recovered = code(shown, 0).split("recovery = recover(")[0]
    made: dict[str, Any] = {}
    exec(until_recovered, made)
    seen = session.guests[0].person.keypoints_px
    assert seen is not None and torch.equal(made["person"].keypoints_px, seen)
    assert (made["photo"].rgb == session.photo.rgb).all()
    assert made["photo"].focal_px == session.photo.focal_px
    found = replace(shown, people_of_scene=False)
    compile(code(found, 0), "copied", "exec")
    assert "find_people(photo)[0]" in code(found, 0) and "make_scene(1, kind)" in code(found, 0)
