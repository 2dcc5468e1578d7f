"""The whole program: photo -> people -> method -> recoveries."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.geometry.camera import FOCAL_RANGE, diagonal_focal_px
from workbench.image import Person, Photo
from workbench.image.people import find_people
from workbench.method import Method, Progress
from workbench.recovery import Recovery


def recover(
    photo: Photo,
    method: Method,
    people: Sequence[Person] | None = None,
    progress: Progress | None = None,
    on_skip: Callable[[int, str], object] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> list[Recovery]:
    """Recover every person in a photo with one method.

    Args:
        photo: where to look.
        method: who does it.
        people: whom to recover; None means find them first.
        progress: told how far it is.
        on_skip: told the place and the reason of a person whom the method cannot use, who is then left out.
            Without it, such a person raises.
        settings: of this method alone, such as HMR's iterations.

    Raises:
        ValueError: the method cannot use a person, and there is no on_skip.
    """
    people = find_people(photo) if people is None else people
    settings = settings or {}
    if on_skip is None or not people:
        return method.recover(photo, people, progress, **settings)
    progress = _onward(progress)
    try:
        return method.recover(photo, people, progress, **settings)
    except ValueError as error:
        if len(people) == 1:
            on_skip(0, str(error))
            return []
    # Somebody cannot be used. Who it is shows when each is alone.
    recoveries: list[Recovery] = []
    for place, person in enumerate(people):
        try:
            recoveries += method.recover(photo, [person], _part(progress, place, len(people)), **settings)
        except ValueError as error:
            on_skip(place, str(error))
    return recoveries


def _onward(progress: Progress | None) -> Progress | None:
    """Progress that never goes back, for work that may begin again."""
    if progress is None:
        return None
    furthest = 0.0

    def report(fraction: float, doing: str) -> None:
        nonlocal furthest
        furthest = max(furthest, fraction)
        progress(furthest, doing)

    return report


def _part(progress: Progress | None, place: int, count: int) -> Progress | None:
    """Progress of one person as a part of all; the method, which sees one person only, cannot count them."""
    if progress is None:
        return None
    return lambda fraction, _: progress((place + fraction) / count, f"person {place + 1} of {count}")


def with_focal(photo: Photo, focal_px: float | None, ignore_exif: bool = False) -> tuple[Photo, str]:
    """Settle the focal length: EXIF, else the user's value, else the diagonal that methods fall back to.

    Args:
        photo: its focal_px is EXIF's or None.
        focal_px: the user's value in pixels of this picture, if any.
        ignore_exif: the user knows better than the file.

    Returns:
        The photo with its focal set, and where it came from, for people to read.

    Raises:
        ValueError: the user's value cannot be a lens for this picture.
    """
    diagonal_px = diagonal_focal_px(photo.size_hw)
    low, high = (share * diagonal_px for share in FOCAL_RANGE)
    if focal_px is not None and not low <= focal_px <= high:
        raise ValueError(
            f"A focal length for this picture lies between {low:.0f} and {high:.0f} px (its diagonal, a "
            f"usual guess, is {diagonal_px:.0f}); got {focal_px:g}. Leave it out if you do not know it."
        )
    if photo.focal_px is not None and not ignore_exif:
        return photo, "EXIF"
    if focal_px is not None:
        return replace(photo, focal_px=float(focal_px)), "given"
    return replace(photo, focal_px=None), "guessed (picture diagonal)"
