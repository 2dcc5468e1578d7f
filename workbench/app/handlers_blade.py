"""What the BLADE tab does, without the page: a person, some method's body, and the mask to solve a camera for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Bool
from PIL import Image
from torch import Tensor

from workbench.app import models
from workbench.app.blade_solver import Look
from workbench.app.handlers_hmr import why_empty as why_nobody
from workbench.app.handlers_photo import color_of
from workbench.app.handlers_scene import new_scene
from workbench.app.handlers_truth import pair_of
from workbench.app.session import PhotoSession, Result
from workbench.body.known import known_bodies
from workbench.figures.blade_lab import TZ_M, mask_data
from workbench.figures.camera_lab import camera_data
from workbench.figures.picture import data_url
from workbench.geometry import Camera
from workbench.image import Person
from workbench.recovery import BodyParams, Recovery
from workbench.weights import WeightsMissing

FIRST_SEED, FIRST_DISTANCES_M = 15, (0.6, 1.4)
PHOTO_TAB = "photo tab"
METHOD = "blade"
SHOWN_PX = 512
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
    """Whose body the camera can be solved for: title and key; of methods, those that load here."""
    infos = models.method_infos()
    loaded = [(f"{info.title}", name) for name, info in infos.items() if _loads(name)]
    loaded.sort(key=lambda choice: choice[1] != METHOD)
    result = watched.result_of(who)
    if result is None:
        return loaded
    title = infos[result.method].title if result.method in infos else result.method
    return [*loaded, (f"The Photo tab's result ({title})", PHOTO_TAB)]


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
    return watched, _data(session, who, answer, recovery)


def _loads(name: str) -> bool:
    try:
        models.method(name)
    except (ValueError, WeightsMissing):  # no weights, not its own, or not with this body
        return False
    return True


def _recovery(watched: Watched, who: int, answer: str) -> Recovery:
    if answer == PHOTO_TAB:
        result = watched.result_of(who)
        if result is None:
            raise ValueError(
                "The Photo tab has no result of this person. Run a method there, or choose one here."
            )
        return result
    if answer not in models.method_infos() or watched.session.photo is None:
        raise ValueError(f"There is no answer {answer!r}. Choose one of the list.")
    [recovery] = models.method(answer).recover(watched.session.photo, [watched.session.guests[who].person])
    return recovery


def _data(session: PhotoSession, who: int, answer: str, recovery: Recovery) -> dict[str, Any]:
    """What blade_lab.js loads."""
    assert session.photo is not None
    person = session.guests[who].person
    params, own = posed_stage(recovery)
    look = _look(person, session.photo.size_hw)
    left, top, right, bottom = look.window_px
    height, width = look.shown_hw
    picture = Image.fromarray(session.photo.rgb[top:bottom, left:right]).resize(
        (width, height), Image.Resampling.LANCZOS
    )
    tz_m = own.tz_m + pelvis_z_m(recovery.body, params)
    low, high = TZ_M
    return {
        "asked": f"{session.shown} {who} {answer}",
        "person": f"Person {who + 1}",
        "title": models.method_infos()[recovery.method].title if answer != PHOTO_TAB else "the Photo tab",
        "color": color_of(who),
        "picture": {"url": data_url(picture, "JPEG", quality=88), "size": [width, height]},
        "mask": mask_data(_shown_mask(person, look)),
        "mask_text": "" if person.mask is not None and bool(person.mask.any()) else NO_MASK,
        "tz_m": round(min(max(tz_m, low), high), 3),
        "mean": _mean_person(recovery.body),
        "truth": _truth(session, who, recovery, look),
        "question": {
            "look": look.question(),
            "person": _person(recovery.body, params),
            "own": camera_data(own.as_kind("perspective")),
            "middle_px": _middle(person),
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
    """The person's box and mask with some room, as far as the photo goes."""
    height, width = size_hw
    x0, y0, x1, y1 = person.box_px.tolist()
    if person.mask is not None and bool(person.mask.any()):
        rows, columns = (person.mask.any(axis).nonzero()[:, 0] for axis in (1, 0))
        x0, x1 = min(x0, float(columns[0])), max(x1, float(columns[-1]) + 1)
        y0, y1 = min(y0, float(rows[0])), max(y1, float(rows[-1]) + 1)
    room = ROOM * max(x1 - x0, y1 - y0)
    left, right = _inside(x0 - room, x1 + room, width)
    top, bottom = _inside(y0 - room, y1 + room, height)
    scale = min(1.0, SHOWN_PX / max(right - left, bottom - top))
    shown = (max(1, round((bottom - top) * scale)), max(1, round((right - left) * scale)))
    return Look(size_hw, (left, top, right, bottom), shown)


def _inside(low: float, high: float, length: int) -> tuple[int, int]:
    """Whole pixels of the photo, at least a few of them."""
    start = min(max(int(low), 0), max(length - 16, 0))
    return start, max(min(int(high) + 1, length), min(start + 16, length))


def _shown_mask(person: Person, look: Look) -> Bool[Tensor, "h w"]:
    if person.mask is None:
        return torch.zeros(look.shown_hw, dtype=torch.bool)
    left, top, right, bottom = look.window_px
    inside = person.mask[None, None, top:bottom, left:right].float()
    return torch.nn.functional.interpolate(inside, size=look.shown_hw, mode="area")[0, 0] > 0.5


def _middle(person: Person) -> list[float]:
    x0, y0, x1, y1 = person.box_px.tolist()
    return [(x0 + x1) / 2, (y0 + y1) / 2]


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


def _truth(session: PhotoSession, who: int, recovery: Recovery, look: Look) -> dict[str, Any] | None:
    """Of a made-up scene."""
    alone = Result(replace(recovery, person=session.guests[who].person), {}, who)
    pair = pair_of(replace(session, results=(alone,)), 0)
    if pair is None:
        return None
    truth = pair.truth
    body = known_bodies()[tag_of(truth.body)].load()
    pelvis_m = body.mesh(truth.params.betas, truth.params.theta).joints_m[0]
    return {
        "person": _person(truth.body, truth.params),
        "camera": camera_data(look.camera(truth.camera)),
        "focal_px": truth.camera.focal_px,
        "t": (truth.camera.t_camera_body_m + pelvis_m).tolist(),
    }


def persons(session: PhotoSession) -> Sequence[tuple[str, int]]:
    """Whom one can look at: title and place."""
    return [(f"Person {place + 1}", place) for place in range(len(session.guests))]
