"""The whole program: photo -> people -> method -> recoveries."""

from collections.abc import Sequence
from dataclasses import replace

from workbench.image import Person, Photo
from workbench.image.people import find_people
from workbench.method import Method, Progress
from workbench.recovery import Recovery


def recover(
    photo: Photo, method: Method, people: Sequence[Person] | None = None, progress: Progress | None = None
) -> list[Recovery]:
    """Recover every person in a photo with one method; people None means find them first."""
    people = find_people(photo) if people is None else people
    return method.recover(photo, people, progress)


def with_focal(photo: Photo, focal_px: float | None, ignore_exif: bool = False) -> tuple[Photo, str]:
    """Settle the focal length: EXIF, else the user's value, else the diagonal that methods fall back to.

    Args:
        photo: its focal_px is EXIF's or None.
        focal_px: the user's value in pixels of the full photo, if any.
        ignore_exif: the user knows better than the file.

    Returns:
        The photo with its focal set, and where it came from, for people to read.

    Raises:
        ValueError: the user's value is not a positive number.
    """
    if focal_px is not None and not 1 <= focal_px <= 1e6:
        raise ValueError(
            f"The focal length must be 1 to 1,000,000 px; got {focal_px:g}. Leave it empty if unknown."
        )
    if photo.focal_px is not None and not ignore_exif:
        return photo, "EXIF"
    if focal_px is not None:
        return replace(photo, focal_px=float(focal_px)), "given"
    return replace(photo, focal_px=None), "guessed (picture diagonal)"
