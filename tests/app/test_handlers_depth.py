"""A visitor's depth map joins the photo, is shown, and is in the code that is copied."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from workbench.app import handlers_photo, models
from workbench.app.copied_code import code
from workbench.app.handlers_depth import add_depth, depth_shown, read_by, remove_depth
from workbench.app.handlers_scene import new_scene
from workbench.app.session import PhotoSession
from workbench.image.depth import load_depth, with_depth
from workbench.method import CHANNELS


@pytest.fixture
def depth_file(session: PhotoSession, tmp_path: Path) -> str:
    """2 m in eighths of a millimetre, with a hole."""
    assert session.photo is not None
    steps = np.full(session.photo.size_hw, 16000, np.uint16)
    steps[:10] = 0
    path = tmp_path / "it's deep.png"
    Image.fromarray(steps).save(path)
    return str(path)


def test_it_joins_the_photo_and_leaves_it(session: PhotoSession, depth_file: str):
    added = add_depth(session, depth_file, "eighth")
    assert added.depth_m is not None and added.guests == session.guests
    assert (added.depth_m[10:] == 2).all() and not added.depth_m[:10].any()
    shown = depth_shown(added)
    assert "<img" in shown and "2.00 to 2.00 m" in shown
    gone = remove_depth(added)
    assert gone.depth_m is None and not gone.depth_code and depth_shown(gone) == ""
    assert remove_depth(PhotoSession()).photo is None


@pytest.mark.parametrize("unit", ["kind", "eighth"])
def test_the_copied_code_adds_it(session: PhotoSession, method, depth_file: str, unit: str):
    (*_, done) = handlers_photo.run(add_depth(session, depth_file, unit), "smplify", "guess", None)
    assert isinstance(done, PhotoSession)
    text = code(done, 0)
    compile(text, "copied", "exec")
    lines = [line for line in text.splitlines() if "depth" in line and "import" not in line]
    folder = Path(depth_file).parent
    made: dict[str, Any] = {
        "photo": session.photo,
        "with_depth": with_depth,
        "load_depth": lambda name, **unit: load_depth(folder / name, **unit),
    }
    exec("\n".join(lines), made)
    assert done.depth_m is not None and torch.equal(made["photo"].depth_m, done.depth_m)


def test_a_depth_camera_may_measure_nothing(session: PhotoSession):
    assert session.photo is not None
    empty = replace(session, photo=replace(session.photo, depth_m=torch.zeros(session.photo.size_hw)))
    assert "measured nothing" in depth_shown(empty) and "<img" not in depth_shown(empty)


def test_what_cannot_be_is_said(session: PhotoSession, depth_file: str):
    for nothing in (PhotoSession(), replace(session, blank=True)):
        with pytest.raises(ValueError, match="Choose a photo first"):
            add_depth(nothing, depth_file, "mm")
    with pytest.raises(ValueError, match="'inch'"):
        add_depth(session, depth_file, "inch")
    with pytest.raises(ValueError, match="median depth"):
        add_depth(session, depth_file, "m")


def test_a_result_is_outdated_by_another_map_only_if_it_was_read(
    session: PhotoSession, method, depth_file: str, monkeypatch: pytest.MonkeyPatch
):
    choices = ("smplify", "guess", None)
    (*_, done) = handlers_photo.run(session, *choices)
    assert isinstance(done, PhotoSession)
    other = add_depth(session, depth_file, "eighth")
    assert handlers_photo.status_text(other, done, *choices) == "Done."
    reader = replace(models.method_infos()["smplify"], reads=CHANNELS)
    monkeypatch.setattr(models, "method_infos", lambda: {"smplify": reader})
    assert handlers_photo.status_text(other, done, *choices) == handlers_photo.OUTDATED
    assert read_by() == f"Read by {reader.title}."


def test_a_scene_with_a_depth_camera_brings_its_map(tmp_path):
    session = new_scene(0, "depth", 1.2, 4.0, "noise", tmp_path)
    assert session.scene is not None and session.depth_m is not None
    assert session.depth_m is session.scene.sensor_depth_m and "black" in depth_shown(session)
    path = tmp_path / "own.npy"
    np.save(path, np.full(session.scene.size_hw, 2.0))
    own = add_depth(session, str(path), "kind")
    assert own.depth_m is not session.depth_m and own.depth_code
    assert remove_depth(own).depth_m is session.depth_m
