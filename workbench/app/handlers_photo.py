"""What the upper half of the Photo tab does, without the page: photo, people, method."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Any

import torch
from jaxtyping import Float
from PIL import Image
from torch import Tensor

from workbench.app import models
from workbench.app.background import steps
from workbench.app.session import Guest, PhotoSession, Result
from workbench.app.zero_gpu import on_gpu
from workbench.body.joints import BLAZEPOSE_BONES
from workbench.evaluation.picture import picture_fit
from workbench.figures.picture import Box, Landmarks, picture
from workbench.figures.world import css_color
from workbench.geometry.camera import diagonal_focal_px
from workbench.image import Person, Photo, load_photo
from workbench.image.people import default_finder, find_people
from workbench.pipeline import recover, with_focal
from workbench.recovery import Recovery
from workbench.render import person_color

SHOWN_SIDE_PX = 1280
"""Longest side of the copy of a photo that the page shows."""
MIN_BOX_PX = 8
OUTDATED = "The result below is from before this change; press Run to update."
WITHOUT_PHOTO = "The result below is from before this change. Its photo is not here: open that to run anew."
FOCAL_CHOICES = ("exif", "guess", "own")
"""Where a focal length may come from: the file, the picture's diagonal, the visitor."""


def open_photo(path: str | Path, folder: Path) -> PhotoSession:
    """Read a photo and find its people.

    Args:
        path: the visitor's file.
        folder: where the copy for the page is written.

    Raises:
        PhotoError: the file is no picture that can be used.
        WeightsMissing: the finder's files are not here.
    """
    photo = load_photo(path)
    people = find_people(photo)
    return PhotoSession(photo, shown_copy(photo, folder), guests=found_guests(people))


def found_guests(people: Sequence[Person]) -> tuple[Guest, ...]:
    """Those who were found, in the order in which they were."""
    return tuple(Guest(person, found=place) for place, person in enumerate(people))


def people_text(session: PhotoSession) -> str:
    """Who is in the photo, and what can be done about it."""
    count = len(session.guests)
    if count == 0:
        return "Nobody was found. Draw a box around a person: press “Draw a box”, then drag over the photo."
    chosen = sum(guest.chosen for guest in session.guests)
    people = "1 person" if count == 1 else f"{count} people"
    return f"{people}, {chosen} chosen. Tap a box to leave someone out or in; drag a corner to correct it."


def focal_choices(photo: Photo) -> list[tuple[str, str]]:
    """What the focal length can be taken from, and its value: label and key."""
    guess = diagonal_focal_px(photo.size_hw)
    labels = {"guess": f"Guess: the picture's diagonal, {guess:.0f} px", "own": "My own value"}
    if photo.focal_px is not None:
        labels = {"exif": f"The photo's EXIF, {photo.focal_px:.0f} px", **labels}
    return [(label, key) for key, label in labels.items()]


def toggle(session: PhotoSession, index: int) -> PhotoSession:
    """Leave a person out, or take them in again."""
    guest = _guest(session, index)
    return _with_guest(session, index, replace(guest, chosen=not guest.chosen))


def draw_box(session: PhotoSession, box: Sequence[float | int | None]) -> PhotoSession:
    """Add a person by their box.

    Raises:
        ValueError: there is no photo, or the box is not in it.
    """
    guest = Guest(_describe(session, box), drawn=True)
    return replace(session, guests=(*session.guests, guest))


def edit_box(session: PhotoSession, index: int, box: Sequence[float | int | None]) -> PhotoSession:
    """Give a person another box.

    Raises:
        ValueError: there is no such person, or the box is not in the photo.
    """
    _guest(session, index)
    return _with_guest(session, index, Guest(_describe(session, box), drawn=True))


def remove(session: PhotoSession, index: int) -> PhotoSession:
    """Forget a person.

    Raises:
        ValueError: there is no such person.
    """
    _guest(session, index)
    guests = tuple(guest for place, guest in enumerate(session.guests) if place != index)
    return replace(session, guests=guests)


def people_picture(session: PhotoSession) -> dict[str, Any] | None:
    """The photo with its boxes."""
    if session.photo is None:
        return None
    boxes = [
        Box(
            guest.person.box_px,
            str(place + 1),
            f"Person {place + 1}" + (", drawn by hand" if guest.drawn else ""),
            color_of(place),
            guest.chosen,
        )
        for place, guest in enumerate(session.guests)
    ]
    description = f"Your photo with {len(boxes)} boxes around people"
    return picture(shown_file(session), session.photo.size_hw, description, boxes, landmarks_of(session))


def landmarks_of(session: PhotoSession) -> list[Landmarks]:
    """The stick figures of everybody who has landmarks."""
    return [
        Landmarks(guest.person.keypoints_px, BLAZEPOSE_BONES, color_of(place))
        for place, guest in enumerate(session.guests)
        if guest.person.keypoints_px is not None
    ]


def color_of(place: int) -> str:
    """The colour of a person, as a page writes it."""
    return css_color(person_color(place))


def shown_file(session: PhotoSession) -> dict[str, Any] | str:
    """Gradio's way to name a file that a page may fetch."""
    return {"path": session.shown, "meta": {"_type": "gradio.FileData"}}


def settle_focal(photo: Photo, choice: str, own_px: float | int | None) -> tuple[Photo, str, str]:
    """The photo with the focal length the visitor wants, where it is from, and Python that says the same.

    Raises:
        ValueError: the choice is unknown, or their own value is missing or not positive.
    """
    if choice not in FOCAL_CHOICES:
        raise ValueError(f"The focal length comes from {', '.join(FOCAL_CHOICES)}; got {choice!r}.")
    if choice == "exif" and photo.focal_px is not None:
        return *with_focal(photo, None), "with_focal(photo, None)"
    ignoring = ", ignore_exif=True" if photo.focal_px is not None else ""  # there is something to ignore
    if choice != "own":
        return *with_focal(photo, None, ignore_exif=True), f"with_focal(photo, None{ignoring})"
    if own_px is None or not math.isfinite(own_px):
        raise ValueError("Type your focal length in pixels, or choose another source for it.")
    code = f"with_focal(photo, {float(own_px)}{ignoring})"
    return *with_focal(photo, float(own_px), ignore_exif=True), code


def run(
    session: PhotoSession, method: str, focal_choice: str, own_px: float | int | None
) -> Iterator[tuple[float, str] | PhotoSession]:
    """Recover everybody who is chosen: reports of the progress, then the session with its results.

    Raises:
        ValueError: no photo, nobody chosen, no such method, or a person whom the method cannot use.
    """
    if session.photo is None:
        raise ValueError("Choose a photo first.")
    if session.blank:
        raise ValueError("This is a saved result without its photo. Choose the photo to run a method on it.")
    chosen = [place for place, guest in enumerate(session.guests) if guest.chosen]
    if not chosen:
        raise ValueError("Nobody is chosen. Tap a person's box, or draw one.")
    photo, source, code = settle_focal(session.photo, focal_choice, own_px)
    people = [session.guests[place].person for place in chosen]
    for report in _recoveries(photo, people, method):
        if isinstance(report, tuple):
            yield report
            continue
        recoveries, reasons = report
        used = [(place, session.guests[place]) for i, place in enumerate(chosen) if i not in reasons]
        results = tuple(
            Result(recovery, metrics_of(recovery), place, guest.drawn, guest.found)
            for recovery, (place, guest) in zip(recoveries, used, strict=True)
        )
        left_out = {chosen[i]: reason for i, reason in reasons.items()}
        skipped = tuple(f"Person {place + 1} is left out: {reason}" for place, reason in left_out.items())
        if not results:
            raise ValueError(" ".join(skipped))
        yield replace(
            session,
            results=results,
            focal_source=source,
            code_focal=code,
            choices=_choices(method, focal_choice, own_px),
            left_out=left_out,
            said=" ".join(("Done.", *skipped)),
        )


def status_text(
    current: PhotoSession, shown: PhotoSession, method: str, focal_choice: str, own_px: float | int | None
) -> str:
    """What to say of the results on the page, now that people or choices may have changed; "" without any."""
    if not shown.results:
        return ""
    same_people = [(guest.person, guest.chosen) for guest in current.guests] == [
        (guest.person, guest.chosen) for guest in shown.guests
    ]
    same_choices = shown.choices in (None, _choices(method, focal_choice, own_px))
    info = models.method_infos().get(method)
    same_depth = info is None or "depth" not in info.reads or current.depth_m is shown.depth_m
    if same_people and same_choices and same_depth:
        return shown.said
    return WITHOUT_PHOTO if current.blank else OUTDATED


def _choices(
    method: str, focal_choice: str, own_px: float | int | None
) -> tuple[str, str, float | int | None]:
    """An own focal length counts only where it is asked for."""
    return method, focal_choice, own_px if focal_choice == "own" else None


@on_gpu
def _recoveries(photo: Photo, people: list[Person], method: str) -> Iterator[tuple[float, str] | list]:
    """Reports, then [recoveries, reasons by place of those left out].

    A generator throughout, so that a lent GPU is given back on a stop.
    """
    reasons: dict[int, str] = {}
    recoveries = yield from steps(
        lambda report: recover(photo, models.method(method), people, report, reasons.__setitem__)
    )
    yield [recoveries, reasons]


def metrics_of(recovery: Recovery) -> dict[str, float | None]:
    """How well a recovery explains its photo."""
    return picture_fit(recovery, models.body()).as_dict()


def _describe(session: PhotoSession, box: Sequence[float | int | None]) -> Person:
    if session.photo is None:
        raise ValueError("Choose a photo first.")
    return default_finder().describe(session.photo, _checked_box(box, session.photo.size_hw))


def _checked_box(box: Sequence[float | int | None], size_hw: tuple[int, int]) -> Float[Tensor, "4"]:
    height, width = size_hw
    numbers = [float("nan") if value is None else float(value) for value in box]
    if len(numbers) != 4 or not all(map(math.isfinite, numbers)):
        raise ValueError("A box needs four numbers: left, top, right and bottom in pixels.")
    x0, y0, x1, y1 = numbers
    x0, x1 = (min(max(x, 0.0), width) for x in (x0, x1))
    y0, y1 = (min(max(y, 0.0), height) for y in (y0, y1))
    if x1 - x0 < MIN_BOX_PX or y1 - y0 < MIN_BOX_PX:
        raise ValueError(
            f"That box is too small or outside the photo. Left must be less than right and top less than "
            f"bottom, within 0 to {width} and 0 to {height} px."
        )
    return torch.tensor([x0, y0, x1, y1])


def _guest(session: PhotoSession, index: int) -> Guest:
    if not 0 <= index < len(session.guests):
        raise ValueError(f"There is no person {index + 1}; the photo has {len(session.guests)}.")
    return session.guests[index]


def _with_guest(session: PhotoSession, index: int, guest: Guest) -> PhotoSession:
    guests = (*session.guests[:index], guest, *session.guests[index + 1 :])
    return replace(session, guests=guests)


def shown_copy(photo: Photo, folder: Path) -> str:
    """A smaller copy without metadata, under a name that cannot be guessed."""
    image = Image.fromarray(photo.rgb)
    image.thumbnail((SHOWN_SIDE_PX, SHOWN_SIDE_PX))
    place = folder / token_hex(16)
    place.mkdir(parents=True)
    image.save(place / "photo.jpg", quality=90)
    return str(place / "photo.jpg")
