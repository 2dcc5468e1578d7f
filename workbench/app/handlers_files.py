"""Files of the Photo tab, without the page: results out, saved recoveries in."""

import re
from dataclasses import replace
from pathlib import Path, PurePosixPath
from secrets import token_hex

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from workbench.app import models
from workbench.app.handlers_photo import shown_copy
from workbench.app.handlers_result import actors, final_poses
from workbench.app.session import Guest, PhotoSession, Result
from workbench.body.export import FORMATS
from workbench.image import Person, Photo
from workbench.render import render_overlay
from workbench.results import RecoveryFileError, export_mesh, read_recovery, recovery_to_dict, write_json

BLANK_GRAY = 208
MAX_FILE_BYTES = 30_000_000
MAX_STEM = 40
AS_SAVED_PX = 1e-3
"""By how much pixels may differ once they were written and read."""
KINDS = (*FORMATS, "json", "png")
"""What can be downloaded for a person."""


def write_files(session: PhotoSession, place: int, folder: Path) -> list[str]:
    """Write a person's result in a folder of its own, in the order of KINDS; returns the paths."""
    result = session.results[place]
    target = folder / token_hex(16)
    target.mkdir(parents=True)
    assert session.photo is not None  # there are results
    stem = file_stem(session.photo.source)
    person = f"{stem}_person_{result.guest + 1}"
    paths = [target / f"{person}.{kind}" for kind in (*FORMATS, "json")]
    for path in paths[:-1]:
        export_mesh(path, result.recovery, models.body())
    write_json(paths[-1], recovery_to_dict(result.recovery, result.metrics))
    drawn = render_overlay(session.photo.rgb, actors(final_poses(session), 1.0, session.photo.size_hw))
    paths.append(target / f"{stem}_overlay.png")
    Image.fromarray(drawn).save(paths[-1], compress_level=1)
    return [str(path) for path in paths]


def file_stem(source: str) -> str:
    """What the files of a photo start with: letters, digits, "_" and "-" of its name, without folders."""
    stem = PurePosixPath(source.replace("\\", "/")).stem
    return re.sub(r"[^\w-]+", "_", stem)[:MAX_STEM].strip("_") or "photo"


def load_saved(session: PhotoSession, paths: list[str], folder: Path) -> PhotoSession:
    """Show saved recoveries again, over the photo if it is still here, else over a blank one.

    A made-up scene stays the truth about them only if its people are theirs.

    Raises:
        RecoveryFileError: a file is not a recovery, or does not fit the body or the others.
    """
    results = []
    for place, path in enumerate(paths):
        if Path(path).stat().st_size > MAX_FILE_BYTES:
            raise RecoveryFileError(f"{Path(path).name} is larger than any recovery.json of this program.")
        recovery, metrics = read_recovery(Path(path), models.body())
        results.append(Result(recovery, metrics, place))
    if not results:
        raise RecoveryFileError("Choose one or more recovery.json files, all of one photo.")
    sizes = {result.recovery.camera.size_hw for result in results}
    if len(sizes) > 1:
        raise RecoveryFileError(
            "These recoveries come from photos of different sizes. Load those of one photo."
        )
    size_hw = sizes.pop()
    guests = tuple(Guest(result.recovery.person) for result in results)
    said = _opened_text(len(guests), session)
    if session.photo is not None and session.photo.size_hw == size_hw:
        known = all(_is_here(result.recovery.person, session) for result in results)
        return replace(
            session if known else replace(session, scene=None, scene_code=(), people_of_scene=False),
            guests=guests,
            results=tuple(results),
            focal_source="as saved",
            code_focal="",
            choices=None,
            left_out={},
            said=said,
        )
    source = re.sub(r"_person_\d+$", "", Path(paths[0]).stem)  # as write_files named it
    photo = Photo(np.full((*size_hw, 3), BLANK_GRAY, np.uint8), None, source)
    shown = shown_copy(photo, folder)
    return PhotoSession(photo, shown, blank=True, guests=guests, results=tuple(results), said=said)


def _is_here(person: Person, session: PhotoSession) -> bool:
    """Whether someone on the page is seen just so: pictures of one size may still be of other people."""
    return any(
        _same(person.box_px, guest.person.box_px) and _same(person.keypoints_px, guest.person.keypoints_px)
        for guest in session.guests
    )


def _same(saved: Tensor | None, here: Tensor | None) -> bool:
    """As far as a file tells."""
    if saved is None or here is None:
        return saved is here
    return saved.shape == here.shape and torch.allclose(saved, here.to(saved), atol=AS_SAVED_PX)


def _opened_text(count: int, before: PhotoSession) -> str:
    """What was opened, and what it replaced."""
    opened = "Opened 1 person" if count == 1 else f"Opened {count} people"
    boxes = len(before.guests)
    if boxes == 0:
        return f"{opened}."
    gone = "the box of before is gone" if boxes == 1 else f"the {boxes} boxes of before are gone"
    return f"{opened}; {gone}."
