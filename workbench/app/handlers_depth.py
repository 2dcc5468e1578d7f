"""What the Photo tab does with the depth map of a photo."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image

from workbench.app import models
from workbench.app.fragments import note, pictures
from workbench.app.session import PhotoSession
from workbench.figures.depth import depth_picture
from workbench.figures.picture import data_url
from workbench.image.depth import depth_text, load_depth, with_depth

UNITS: dict[str, tuple[str, float | None]] = {
    "kind": ("1 mm if whole numbers, else 1 m", None),
    "mm": ("1 mm", 1e-3),
    "eighth": ("1/8 mm (HoloLens)", 1e-3 / 8),
    "fifth": ("1/5 mm (TUM RGB-D)", 1e-3 / 5),
    "m": ("1 m", 1.0),
}
"""What one step of a map's numbers may be: title and metres."""
FORMATS = (".png", ".tif", ".tiff", ".npy", ".npz")


def add_depth(session: PhotoSession, path: str, unit: Any) -> PhotoSession:
    """Give the photo a depth map.

    Raises:
        ValueError: there is no photo, or no such unit, or the file is no depth map of this photo.
    """
    if session.photo is None or session.blank:
        raise ValueError("Choose a photo first; then add its depth map.")
    if unit not in UNITS:
        raise ValueError(f"A step of the map's numbers is one of {', '.join(UNITS)}; got {unit!r}.")
    unit_m = UNITS[unit][1]
    photo = with_depth(session.photo, load_depth(path, unit_m))
    told = "" if unit_m is None else f", unit_m={unit_m!r}"
    code = f"photo = with_depth(photo, load_depth({Path(path).name!r}{told}))"
    return replace(session, photo=photo, depth_code=code)


def remove_depth(session: PhotoSession) -> PhotoSession:
    """Take the visitor's depth map away; that of a scene's own depth camera comes back."""
    if session.photo is None:
        return session
    measured = session.scene.sensor_depth_m if session.scene else None
    return replace(session, photo=replace(session.photo, depth_m=measured), depth_code="")


def depth_shown(session: PhotoSession) -> str:
    """The map as a picture, and how far it reaches; "" without a map."""
    if session.depth_m is None:
        return ""
    if not bool((session.depth_m > 0).any()):
        return note("The depth camera measured nothing here: everything is out of its range.")
    rgb, near_m, far_m = depth_picture(session.depth_m)
    caption = f"Yellow: {near_m:.2f} m and nearer; violet: {far_m:.2f} m and farther; black: not measured"
    said = f"From {depth_text(session.depth_m)}."
    return pictures({caption: data_url(Image.fromarray(rgb))}) + note(said)


def read_by() -> str:
    """Which methods look at a depth map."""
    readers = [info.title for info in models.method_infos().values() if "depth" in info.reads]
    return f"Read by {', '.join(readers)}." if readers else "No method here reads depth yet."
