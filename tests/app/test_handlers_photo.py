"""Photo, people and runs, without the page."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from workbench.app import handlers_photo as handlers
from workbench.app import handlers_result
from workbench.app.session import PhotoSession
from workbench.image import PhotoError
from workbench.pipeline import with_focal


def run(session: PhotoSession, *choices) -> tuple[list, PhotoSession]:
    """All reports, and the session at the end."""
    *reports, done = handlers.run(session, *choices)
    assert isinstance(done, PhotoSession)
    return reports, done


def test_a_photo_is_read_its_people_found_and_its_copy_carries_no_exif(tmp_path: Path, finder):
    image = Image.fromarray(np.full((64, 64, 3), 90, np.uint8))
    exif = image.getexif()
    exif[0x010F] = "Some maker"
    image.save(tmp_path / "photo.jpg", exif=exif)
    session = handlers.open_photo(tmp_path / "photo.jpg", tmp_path / "cache")
    assert len(session.guests) == 1
    assert session.shown is not None
    with Image.open(session.shown) as shown:
        assert not dict(shown.getexif())


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n broken"])
def test_a_bad_file_is_refused_in_words(tmp_path: Path, finder, content: bytes):
    path = tmp_path / "bad.png"
    path.write_bytes(content)
    with pytest.raises(PhotoError, match="bad"):
        handlers.open_photo(path, tmp_path)


def test_toggling_twice_changes_nothing(session: PhotoSession):
    again = handlers.toggle(handlers.toggle(session, 1), 1)
    assert [guest.chosen for guest in again.guests] == [guest.chosen for guest in session.guests]


def test_a_drawn_box_becomes_a_person_inside_the_photo(session: PhotoSession, finder):
    drawn = handlers.draw_box(session, [-50, 10, 5000, 200])
    assert len(drawn.guests) == 3
    assert drawn.guests[-1].drawn
    assert drawn.guests[-1].person.box_px.tolist() == [0, 10, 320, 200]


@pytest.mark.parametrize(
    "box",
    [
        [10, 10, 10, 90],
        [90, 90, 10, 10],
        [1, 2, 3],
        [None, 1, 2, 3],
        [float("nan"), 0, 50, 50],
        [900, 0, 990, 50],
    ],
)
def test_a_box_that_is_none_is_refused_and_changes_nothing(session: PhotoSession, finder, box):
    with pytest.raises(ValueError, match="box"):
        handlers.draw_box(session, box)
    assert len(session.guests) == 2


def test_an_edited_box_moves_the_person(session: PhotoSession, finder):
    edited = handlers.edit_box(session, 0, [50, 50, 120, 160])
    assert edited.guests[0].person.box_px.tolist() == [50, 50, 120, 160]
    assert edited.guests[1] is session.guests[1]


def test_there_is_no_person_99(session: PhotoSession, finder):
    for change in (
        lambda: handlers.toggle(session, 99),
        lambda: handlers.edit_box(session, 99, [0, 0, 50, 50]),
        lambda: handlers.remove(session, -1),
    ):
        with pytest.raises(ValueError, match="no person"):
            change()


def test_a_run_recovers_exactly_those_who_are_chosen(session: PhotoSession, method):
    reports, done = run(handlers.toggle(session, 0), "smplify", "guess", None)
    assert [result.guest for result in done.results] == [1]
    assert all(0 <= fraction <= 1 for fraction, _ in reports)


def test_somebody_who_cannot_be_recovered_is_named_and_the_others_come_out(session: PhotoSession, method):
    method.cannot = (session.guests[0].person,)
    _, done = run(session, "smplify", "guess", None)
    assert [result.guest for result in done.results] == [1]
    assert done.said == "Done. Person 1 is left out: Their feet are missing."
    assert done.left_out == {0: "Their feet are missing."}
    shown = handlers_result.left_out(done)
    assert "Person 1: left out" in shown and "Their feet are missing." in shown and "Person 2" not in shown
    method.cannot = ()
    assert handlers_result.left_out(run(done, "smplify", "guess", None)[1]) == ""
    method.cannot = tuple(guest.person for guest in session.guests)
    with pytest.raises(ValueError, match=r"Person 1 .*Person 2 "):
        run(session, "smplify", "guess", None)


def test_a_result_of_other_inputs_is_called_outdated_until_they_are_back(session, method, finder):
    choices = ("smplify", "guess", 400)
    _, done = run(session, *choices)
    out = handlers.toggle(session, 0)
    assert handlers.status_text(session, done, *choices) == done.said == "Done."
    assert handlers.status_text(handlers.toggle(out, 0), done, *choices) == done.said
    assert handlers.status_text(session, done, "smplify", "guess", 500) == done.said  # not asked for
    for current, others in (
        (out, choices),
        (handlers.edit_box(session, 0, [50, 50, 120, 160]), choices),
        (handlers.remove(session, 1), choices),
        (session, ("smplify", "own", 400)),
        (session, ("another", "guess", 400)),
    ):
        assert "before this change" in handlers.status_text(current, done, *others)
    assert "open that to run anew" in handlers.status_text(replace(out, blank=True), done, *choices)
    assert handlers.status_text(out, session, *choices) == ""  # nothing was run yet


def test_a_run_without_photo_or_people_says_what_to_do(session: PhotoSession, method):
    with pytest.raises(ValueError, match="photo"):
        run(PhotoSession(), "smplify", "guess", None)
    nobody = handlers.toggle(handlers.toggle(session, 0), 1)
    with pytest.raises(ValueError, match="box"):
        run(nobody, "smplify", "guess", None)


def test_the_focal_length_comes_from_where_the_visitor_says(photo):
    with_exif = replace(photo, focal_px=300.0)
    assert handlers.settle_focal(with_exif, "exif", None)[0].focal_px == 300
    assert handlers.settle_focal(with_exif, "guess", None)[0].focal_px is None
    assert handlers.settle_focal(with_exif, "own", 512.0)[0].focal_px == 512
    assert len(handlers.focal_choices(with_exif)) == len(handlers.focal_choices(photo)) + 1


@pytest.mark.parametrize("exif_px", [None, 300.0])
@pytest.mark.parametrize("choice", ["exif", "guess", "own"])
def test_the_python_for_the_focal_length_does_the_same_and_ignores_exif_only_where_there_is_some(
    photo, exif_px, choice
):
    photo = replace(photo, focal_px=exif_px)
    settled, source, code = handlers.settle_focal(photo, choice, 512)
    again, said = eval(code, {"with_focal": with_focal, "photo": photo})
    assert (again.focal_px, said) == (settled.focal_px, source)
    assert ("ignore_exif" in code) == (exif_px is not None and choice != "exif")


@pytest.mark.parametrize(
    ("choice", "own"), [("own", None), ("own", float("nan")), ("own", -3.0), ("magic", None)]
)
def test_a_focal_length_that_is_none_is_refused(photo, choice, own):
    with pytest.raises(ValueError, match=r"focal|Type"):
        handlers.settle_focal(photo, choice, own)


def test_boxes_on_the_picture_are_those_of_the_people(session: PhotoSession):
    drawn = handlers.people_picture(handlers.toggle(session, 1))
    assert drawn is not None
    assert [box["selected"] for box in drawn["boxes"]] == [True, False]
    torch.testing.assert_close(torch.tensor(drawn["boxes"][0]["box"]), session.guests[0].person.box_px)
    assert len(drawn["landmarks"]) == 2
