"""What the BLADE tab does, without the page: a person, a body, and a mask to solve a camera for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Bool
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

from workbench.app import models
from workbench.app.blade_look import Look
from workbench.app.blade_solver import seen
from workbench.app.handlers_hmr import why_empty as why_nobody
from workbench.app.handlers_photo import color_of
from workbench.app.handlers_scene import new_scene
from workbench.app.session import PhotoSession
from workbench.body.known import known_bodies
from workbench.evaluation.matching import box_of_mask_px, match
from workbench.evaluation.score import Truth
from workbench.evaluation.sets import truth_of
from workbench.figures.blade_lab import TZ_M, mask_data
from workbench.figures.camera_lab import camera_data
from workbench.figures.picture import data_url
from workbench.geometry import Camera
from workbench.image import Person, Photo
from workbench.recovery import BodyParams, Recovery

FIRST_SEED, FIRST_DISTANCES_M = 15, (0.6, 1.4)
PHOTO_TAB, SCENE = "photo tab", "scene"
METHOD = "blade"
SHOWN_PX, SMALLEST_PX = 512, 16
ROOM = 0.14
"""Around the person in the shown picture, in sides of their box."""
NO_PHOTO = (
    "Whoever is in the Photo tab is looked at here: choose a photo there, or use a scene with somebody close."
)
NO_MASK = "The finder gave no mask of this person. Paint one, and the camera is solved."


@dataclass(frozen=True, eq=False)
class Watched:
    """What a visitor has on the BLADE tab."""

    session: PhotoSession = field(default_factory=PhotoSession)
    results: PhotoSession = field(default_factory=PhotoSession)
    """The Photo tab's, of this photo or of an earlier one."""
    answers: Mapping[tuple[int, str], Recovery] = field(default_factory=dict)
    """Those made so far, by person and method."""

    def result_of(self, who: int) -> Recovery | None:
        """What the Photo tab has of a person; None if it has nothing, or another photo's."""
        if self.results.shown is None or self.results.shown != self.session.shown:
            return None
        person = self.session.guests[who].person
        found = [result for result in self.results.results if result.recovery.person is person]
        return found[0].recovery if found else None


def a_scene(folder: Path) -> PhotoSession:
    """A made-up photo to begin with: somebody at arm's length and a half, whose answer is known.

    Args:
        folder: where the copy for the page is written.
    """
    return new_scene(FIRST_SEED, "close", *FIRST_DISTANCES_M, "noise", folder)


def why_empty(session: PhotoSession) -> str:
    """Why there is nobody to look at; empty when there is somebody."""
    return NO_PHOTO if session.photo is None else why_nobody(session)


def answers(watched: Watched, who: int) -> list[tuple[str, str]]:
    """Whose body the camera can be solved for: title and key; of methods, those that need nothing more."""
    infos = models.method_infos()
    offered = [(info.title, name) for name, info in infos.items() if not models.missing(name)]
    offered.sort(key=lambda choice: choice[1] != METHOD)
    if watched.session.scene is not None:
        offered.append(("The scene's true body", SCENE))
    result = watched.result_of(who)
    if result is None:
        return offered
    title = infos[result.method].title if result.method in infos else result.method
    return [*offered, (f"The Photo tab's result ({title})", PHOTO_TAB)]


def watch(watched: Watched, who: int, answer: str) -> tuple[Watched, dict[str, Any]]:
    """Recover a person, and show what a camera can be solved from.

    Args:
        watched: the photo, and what has been made for it.
        who: place of the person.
        answer: a key of `answers`.

    Returns:
        The same with the recovery that was made, and what the lab loads.

    Raises:
        ValueError: there is no such person or answer, or the method cannot use the person.
        WeightsMissing: the method's weights are not here.
    """
    session = watched.session
    if session.photo is None or session.blank:
        raise ValueError("Choose a photo in the Photo tab first, or use a scene.")
    if not 0 <= who < len(session.guests):
        raise ValueError(f"There is no person {who + 1}; the photo has {len(session.guests)}.")
    recovery = watched.answers.get((who, answer)) or _recovery(watched, who, answer)
    watched = replace(watched, answers={**watched.answers, (who, answer): recovery})
    return watched, _data(session, who, recovery)


def _recovery(watched: Watched, who: int, answer: str) -> Recovery:
    if answer == PHOTO_TAB:
        result = watched.result_of(who)
        if result is None:
            raise ValueError(
                "The Photo tab has no result of this person. Run a method there, or choose one here."
            )
        return result
    if answer == SCENE:
        return _true_recovery(watched.session, who)
    if answer not in models.method_infos() or watched.session.photo is None:
        raise ValueError(f"There is no answer {answer!r}. Choose one of the list.")
    [recovery] = models.method(answer).recover(watched.session.photo, [watched.session.guests[who].person])
    return recovery


def _data(session: PhotoSession, who: int, recovery: Recovery) -> dict[str, Any]:
    """What blade_lab.js loads."""
    assert session.photo is not None
    person = session.guests[who].person
    params, own = posed_stage(recovery)
    look = _look(person, session.photo.size_hw)
    others = [guest.person for guest in session.guests if guest.person is not person]
    tz_m = own.tz_m + pelvis_z_m(recovery.body, params)
    low, high = TZ_M
    return {
        "asked": f"{session.shown} {who}",
        "person": f"Person {who + 1}",
        "color": color_of(who),
        "picture": {"url": _picture(session.photo, look), "size": list(look.shown_hw[::-1])},
        "mask": mask_data(_shown_mask(person, look)),
        "mask_text": "" if person.mask is not None and bool(person.mask.any()) else NO_MASK,
        "tz_m": round(min(max(tz_m, low), high), 3),
        "mean": _mean_person(recovery.body),
        "truth": _truth(session, who, look),
        "question": {
            "look": look.question(),
            "person": _person(recovery.body, params),
            "own": camera_data(look.reduced(own.as_kind("perspective"))),
            "found": seen(person, look.scale),
            "others": [seen(other, look.scale) for other in others],
        },
    }


def posed_stage(recovery: Recovery) -> tuple[BodyParams, Camera]:
    """The body before any camera was solved for it: the step "pose" where there is one, else the result."""
    poses = [step for step in recovery.steps if step.name == "pose"]
    return (poses[-1].params, poses[-1].camera) if poses else (recovery.params, recovery.camera)


def tag_of(topology: str) -> str:
    """The page's body that has a topology.

    Raises:
        ValueError: there is none.
    """
    for tag, known in known_bodies().items():
        if known.load().topology == topology:
            return tag
    raise ValueError(f"This page has no body {topology!r}, so this answer cannot be shown. Choose another.")


def pelvis_z_m(topology: str, params: BodyParams) -> float:
    """Depth of the pelvis from the body model's origin."""
    body = known_bodies()[tag_of(topology)].load()
    return float(body.mesh(params.betas, params.theta).joints_m[0, 2])


def _look(person: Person, size_hw: tuple[int, int]) -> Look:
    """The person's box and mask with some room, as far as the photo goes.

    Raises:
        ValueError: the photo is too narrow.
    """
    height, width = size_hw
    x0, y0, x1, y1 = person.box_px.tolist()
    if person.mask is not None and bool(person.mask.any()):
        rows, columns = (person.mask.any(axis).nonzero()[:, 0] for axis in (1, 0))
        x0, x1 = min(x0, float(columns[0])), max(x1, float(columns[-1]) + 1)
        y0, y1 = min(y0, float(rows[0])), max(y1, float(rows[-1]) + 1)
    room = ROOM * max(x1 - x0, y1 - y0)
    x0, x1 = max(x0 - room, 0.0), min(x1 + room, float(width))
    y0, y1 = max(y0 - room, 0.0), min(y1 + room, float(height))
    scale = min(1.0, SHOWN_PX / max(x1 - x0, y1 - y0, 1.0))
    rows, columns = round(height * scale), round(width * scale)
    if min(rows, columns) < SMALLEST_PX:
        raise ValueError(
            f"This photo of {width} x {height} px is too narrow to be shown here: {SMALLEST_PX} px must "
            f"be left where its person is {SHOWN_PX} px long. Choose a wider one."
        )
    left, right = _inside(x0 * scale, x1 * scale, columns)
    top, bottom = _inside(y0 * scale, y1 * scale, rows)
    return Look((rows, columns), scale, (left, top, right, bottom))


def _inside(low: float, high: float, length: int) -> tuple[int, int]:
    """Whole pixels of a side, at least a few of them."""
    start = min(max(int(low), 0), length - SMALLEST_PX)
    return start, max(min(int(high) + 1, length), start + SMALLEST_PX)


def _picture(photo: Photo, look: Look) -> str:
    """What is shown of the photo."""
    height, width = look.shown_hw
    left, top, right, bottom = (place / look.scale for place in look.window_px)
    rows, columns = photo.size_hw
    box = (left, top, min(right, columns), min(bottom, rows))
    whole = Image.fromarray(photo.rgb)
    shown = whole.resize((width, height), Image.Resampling.LANCZOS, box, reducing_gap=3.0)
    return data_url(shown, "JPEG", quality=88)


def _shown_mask(person: Person, look: Look) -> Bool[Tensor, "h w"]:
    """Empty where the finder gave none."""
    if person.mask is None:
        return torch.zeros(look.shown_hw, dtype=torch.bool)
    mask = interpolate(person.mask[None, None].float(), size=look.size_hw, mode="area")[0, 0] > 0.5
    return look.cut(mask)


def _person(topology: str, params: BodyParams) -> dict[str, Any]:
    return {
        "body": tag_of(topology),
        "betas": params.betas.tolist(),
        "expression": [],
        "theta": params.theta.tolist(),
    }


def _mean_person(topology: str) -> dict[str, Any]:
    """The body of nobody in particular, facing the camera."""
    tag = tag_of(topology)
    theta = torch.zeros(known_bodies()[tag].num_joints, 3)
    theta[0, 0] = torch.pi
    return {"body": tag, "betas": [], "expression": [], "theta": theta.tolist()}


def _truth(session: PhotoSession, who: int, look: Look) -> dict[str, Any] | None:
    """Of a made-up scene."""
    truth = _truth_of(session, who)
    if truth is None:
        return None
    body = known_bodies()[tag_of(truth.body)].load()
    pelvis_m = body.mesh(truth.params.betas, truth.params.theta).joints_m[0]
    return {
        "person": _person(truth.body, truth.params),
        "camera": camera_data(look.camera(look.reduced(truth.camera))),
        "focal_px": truth.camera.focal_px,
        "t": (truth.camera.t_camera_body_m + pelvis_m).tolist(),
    }


def _truth_of(session: PhotoSession, who: int) -> Truth | None:
    """What is known of a person, told by where their box is; None of photos."""
    if session.scene is None:
        return None
    seen_people = [person for person in session.scene.people if bool(person.visible_mask.any())]
    boxes = torch.stack([box_of_mask_px(person.visible_mask) for person in seen_people])
    [place] = match(session.guests[who].person.box_px.float()[None], boxes)
    return None if place is None else truth_of(seen_people[place])


def _true_recovery(session: PhotoSession, who: int) -> Recovery:
    """The true pose as if a method had found it."""
    truth = _truth_of(session, who)
    if truth is None:
        raise ValueError("No one of this scene is where this person's box is: there is no truth to show.")
    person = session.guests[who].person
    return Recovery(SCENE, "none", truth.body, person, truth.params, truth.camera, (), 0.0)


def persons(session: PhotoSession) -> Sequence[tuple[str, int]]:
    """Whom one can look at: title and place."""
    return [(f"Person {place + 1}", place) for place in range(len(session.guests))]
