"""What the Camera tab needs of the Photo tab, without the page."""

from secrets import token_hex
from typing import Any

from workbench.app.handlers_photo import color_of, shown_file
from workbench.app.session import PhotoSession
from workbench.body.known import known_bodies
from workbench.figures.camera_lab import camera_data


def photo_people(session: PhotoSession, chosen: int | None = None) -> dict[str, Any] | None:
    """The recovered people of a photo as the Camera lab loads them; None if there are none.

    Args:
        session: with results.
        chosen: place of the person to look at now; None leaves the visitor where they are.

    Raises:
        ValueError: there is no such person.
    """
    if not session.results:
        return None
    if chosen is not None and not 0 <= chosen < len(session.results):
        raise ValueError(f"There is no person {chosen + 1}; there are {len(session.results)}.")
    usual = next(iter(known_bodies()))  # the body that methods fit
    people = [
        {
            "name": f"Person {result.guest + 1}",
            "color": color_of(result.guest),
            "camera": camera_data(result.recovery.camera),
            "person": {
                "body": usual,
                "betas": result.recovery.params.betas.tolist(),
                "expression": [],
                "theta": result.recovery.params.theta.tolist(),
            },
        }
        for result in session.results
    ]
    return {"photo": shown_file(session), "people": people, "chosen": chosen, "asked": token_hex(4)}
