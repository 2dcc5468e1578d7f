"""What "Solve the camera" does, without the page."""

import math
from dataclasses import replace

from workbench.app import models
from workbench.app.handlers_photo import metrics_of
from workbench.app.session import PhotoSession, Result, Solved
from workbench.recovery import Recovery
from workbench.solver.of_recovery import with_solved_camera

NO_PHOTO = (
    "This is a saved result without its photo. The camera is solved from a mask, and that is not saved."
)


def solve(session: PhotoSession, place: int, tz_m: float | int | None) -> PhotoSession:
    """Solve the camera of one result; the camera that its method had is kept beside it.

    Args:
        session: with results.
        place: whose.
        tz_m: the pelvis' distance; None for that of the method.

    Raises:
        ValueError: there is no such result, its mask cannot be used, or nobody stands at this distance.
    """
    result = _result(session, place)
    if session.blank or session.photo is None:
        raise ValueError(NO_PHOTO)
    if tz_m is not None and not math.isfinite(tz_m):
        raise ValueError("Type a distance in metres, or leave it empty for that of the method.")
    own = own_recovery(result)
    others = [guest.person for number, guest in enumerate(session.guests) if number != result.guest]
    asked_m = None if tz_m is None else float(tz_m)
    after = with_solved_camera(own, models.body(), session.photo, tz_m=asked_m, others=others)
    return _with_result(session, place, replace(result, recovery=after, solved=Solved(own, asked_m)))


def undo(session: PhotoSession, place: int) -> PhotoSession:
    """The camera that the method had.

    Raises:
        ValueError: there is no such result.
    """
    result = _result(session, place)
    return _with_result(session, place, replace(result, recovery=own_recovery(result), solved=None))


def own_recovery(result: Result) -> Recovery:
    """As the method made it."""
    return result.recovery if result.solved is None else result.solved.before


def solved_text(session: PhotoSession, place: int) -> str:
    """What the solver changed, for people to read; "" of a result that it has not touched."""
    result = _result(session, place)
    if result.solved is None:
        return ""
    before, after = result.solved.before, result.recovery
    overlaps = (metrics_of(each)["mask_iou"] for each in (before, after))
    iou = " → ".join("—" if each is None else f"{each:.3f}" for each in overlaps)
    lens = f"{before.camera.focal_px:.0f} → {after.camera.focal_px:.0f} px"
    distance = f"{_pelvis_tz_m(before):.2f} → {_pelvis_tz_m(after):.2f} m"
    kept = "Tz was kept" if result.solved.tz_m is None else f"Tz {distance}"
    return f"Outline overlap (IoU) {iou}; focal length {lens}; {kept}."


def _pelvis_tz_m(recovery: Recovery) -> float:
    """What a visitor types; Tz of the camera is that of the body's origin."""
    pelvis_m = recovery.mesh(models.body()).joints_m[0]
    return float(recovery.camera.as_kind("perspective").to_camera_m(pelvis_m)[2])


def _result(session: PhotoSession, place: int) -> Result:
    if not 0 <= place < len(session.results):
        raise ValueError(f"There is no result {place + 1}; there are {len(session.results)}.")
    return session.results[place]


def _with_result(session: PhotoSession, place: int, result: Result) -> PhotoSession:
    result = replace(result, metrics=metrics_of(result.recovery))
    return replace(session, results=(*session.results[:place], result, *session.results[place + 1 :]))
