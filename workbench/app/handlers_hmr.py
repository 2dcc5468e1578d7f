"""What the HMR tab does, without the page: one person's guesses, iteration by iteration."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor

from workbench.app import hmr_verdicts, models
from workbench.app.handlers_photo import color_of, people_text
from workbench.app.handlers_scene import distances_m, new_scene
from workbench.app.handlers_truth import TRACED, pair_of
from workbench.app.hmr_networks import METHOD, answering, shipped
from workbench.app.hmr_verdicts import Evidence, Verdict
from workbench.app.session import PhotoSession, Result
from workbench.figures import hmr_lab
from workbench.figures.camera_lab import camera_data
from workbench.figures.picture import data_url
from workbench.geometry import Camera
from workbench.geometry.crop import Crop
from workbench.image import Person
from workbench.methods.hmr import STAGES, THETA, Hmr
from workbench.networks.observations import landmark_windows
from workbench.networks.theta import HMR, JOINTS
from workbench.networks.traces import CROP_CAMERA
from workbench.recovery import BodyParams, Recovery, Step
from workbench.training.hmr_losses import WEIGHTS

SCENE, NOTHING = "scene", "nothing"
NO_PHOTO = "Whoever is in the Photo tab is looked at here: choose a photo there, or use a scene."
NO_PIXELS = "A saved result has no photo to look at: choose one in the Photo tab, or use a scene."
FIRST_SEED = 8
PICTURE_PX = 512
ROOM = 1.25
"""Side of the picture that is shown, to that of what the network sees."""
ABOUT_ERRORS = (
    "The same weights run again and again: nothing but the number of iterations changes. Shaded is what "
    "training never saw. Scales are logarithmic."
)
ABOUT_LOSSES = (
    "Without a 3D truth, training sees the picture and the prior alone. Bars are losses times their weights; "
    "what leaves the chart is more than twice the mean body's."
)
ABOUT_LOSSES_3D = (
    "Held against {}. Bars are losses times their weights in training; what leaves the chart is more than "
    "twice the mean body's."
)
OTHER_BODY = (
    "This answer is of another body ({}), so its numbers cannot be compared with HMR's. Choose another truth."
)


@dataclass(frozen=True, eq=False)
class Reference:
    """An answer about the same person to hold guesses against."""

    name: str
    """In a sentence: "show ..."."""
    params: BodyParams
    camera: Camera
    """Of the whole photo."""


@dataclass(frozen=True, eq=False)
class Watched:
    """What a visitor has on the HMR tab."""

    session: PhotoSession = field(default_factory=PhotoSession)
    references: Mapping[tuple[int, str], Reference] = field(default_factory=dict)
    """Those made so far, by person and choice: other methods take their time."""


def a_scene(folder: Path) -> PhotoSession:
    """A made-up photo to begin with: one person in full view, whose answer is known.

    Args:
        folder: where the copy for the page is written.
    """
    return new_scene(FIRST_SEED, "one", *distances_m("one"), "noise", folder)


def why_empty(session: PhotoSession) -> str:
    """Why there is nobody to look at; empty when there is somebody."""
    if session.photo is None:
        return NO_PHOTO
    if session.blank:
        return NO_PIXELS
    return "" if session.guests else f"In the Photo tab: {people_text(session)}"


def people(session: PhotoSession) -> list[tuple[str, int]]:
    """Whom one can look at: title and place."""
    return [(f"Person {place + 1}", place) for place in range(len(session.guests))]


def references(session: PhotoSession) -> list[tuple[str, str]]:
    """What guesses can be held against: title and key, the best known first.

    Of methods, those that need nothing more from their user.
    """
    nothing = ("Nothing: 2D alone", NOTHING)
    infos = models.method_infos()
    others = [(f"The answer of {info.title}", name) for name, info in infos.items() if _offered(name)]
    known = [("The scene's truth", SCENE), nothing] if session.scene is not None else [nothing]
    return [*known, *others]


def watch(
    watched: Watched, who: int, channels: Sequence[str], reference: str, network: str = METHOD
) -> tuple[Watched, dict[str, Any]]:
    """Let the network look at a person, and show every iteration.

    Args:
        watched: the photo, and what has been made for it.
        who: place of the person.
        channels: what the network may read.
        reference: a key of `references`.
        network: a key of `networks`; the prior that judges is the shipped one's whoever answers.

    Returns:
        The same with the reference that was made, and what the lab loads.

    Raises:
        ValueError: there is no such person, reference or network, or the network cannot use the person.
        WeightsMissing: the network's weights are not here.
    """
    session = watched.session
    if session.photo is None or session.blank:
        raise ValueError("Choose a photo in the Photo tab first, or use a scene.")
    if not 0 <= who < len(session.guests):
        raise ValueError(f"There is no person {who + 1}; the photo has {len(session.guests)}.")
    person = session.guests[who].person
    hmr = shipped()
    iterations = hmr_lab.ITERATIONS[-1]
    asked = answering(network)
    order = [channel for channel in asked.reads if channel in channels]  # small networks read less
    [recovery] = asked.recover(session.photo, [person], iterations=iterations, channels=order)
    truth = watched.references.get((who, reference)) or _reference(session, who, reference, recovery)
    if truth is not None:
        watched = replace(watched, references={**watched.references, (who, reference): truth})
    return watched, _data(session, who, hmr, recovery, truth)


def hmr_verdict(question: Any) -> dict[str, Any]:
    """What the prior and the losses say of a pose that the lab's visitor made; the lab calls it by this name.

    Raises:
        ValueError: the question is none.
        WeightsMissing: the network's weights are not here.
    """
    return hmr_verdicts.answer(shipped(), question)


def _offered(name: str) -> bool:
    """Whether a method is another one, and need not wait for its user's files."""
    return name != METHOD and not models.missing(name)


def _reference(session: PhotoSession, who: int, key: str, recovery: Recovery) -> Reference | None:
    if key == NOTHING:
        return None
    if key == SCENE:
        pair = pair_of(replace(session, results=(Result(recovery, {}, who),)), 0)
        if pair is None:
            raise ValueError("No one of this scene is where this person's box is: there is no truth to show.")
        return Reference("the truth", pair.truth.params, pair.truth.camera)
    infos = models.method_infos()
    if key not in infos or key == METHOD or session.photo is None:
        raise ValueError(f"There is no truth {key!r}. Choose one of the list.")
    [other] = models.method(key).recover(session.photo, [session.guests[who].person])
    if other.body != recovery.body:
        raise ValueError(OTHER_BODY.format(other.body))
    return Reference(f"the answer of {infos[key].title}", other.params, other.camera)


def _data(
    session: PhotoSession, who: int, hmr: Hmr, recovery: Recovery, truth: Reference | None
) -> dict[str, Any]:
    """What hmr_lab.js loads."""
    assert session.photo is not None
    person = recovery.person
    crop = _shown(person)
    evidence = _evidence(person, crop, truth)
    cameras = [crop.camera(step.camera) for step in recovery.steps]
    guesses = [(step.params, camera) for step, camera in zip(recovery.steps, cameras, strict=True)]
    said = hmr_verdicts.verdicts(hmr, guesses, evidence)
    inner = (PICTURE_PX - 2 * evidence.half_window_px) / 2
    picture = data_url(Image.fromarray(crop.cut(session.photo.rgb)), "JPEG", quality=88)
    return {
        "asked": f"{session.shown} {who}",
        "person": f"Person {who + 1}",
        "color": color_of(who),
        "picture": {"url": picture, "size": PICTURE_PX},
        "found": evidence.question()["found"],
        "window": [inner, inner, PICTURE_PX - inner, PICTURE_PX - inner],
        "trained": STAGES,
        "steps": [_step(*parts) for parts in zip(recovery.steps, cameras, said, strict=True)],
        "truth": None if truth is None else _truth(truth, crop),
        "question": evidence.question(),
        "critic": hmr_lab.critic(hmr.network.discriminator),
        "weights": {name: WEIGHTS[name] for name in said[0].losses},
        **_charts(recovery, said, truth),
    }


def _shown(person: Person) -> Crop:
    """The square of the photo that is shown: what the network sees, and some room around it."""
    assert person.keypoints_px is not None  # or there would be no recovery
    (center,), (side,) = (values.tolist() for values in landmark_windows(person.keypoints_px[None]))
    return Crop((center[0], center[1]), ROOM * side, PICTURE_PX)


def _evidence(person: Person, crop: Crop, truth: Reference | None) -> Evidence:
    assert person.keypoints_px is not None
    xy = crop.from_photo_px(person.keypoints_px[:, :2])
    found = torch.cat((xy, person.keypoints_px[:, 2:]), 1)
    return Evidence(found, PICTURE_PX / ROOM / 2, None if truth is None else truth.params)


def _step(step: Step, camera: Camera, said: Verdict) -> dict[str, Any]:
    _, pose, _ = step.tensors[THETA].split(list(HMR.sizes.values()))  # goes on where a turn passes pi
    return {
        "name": step.name.capitalize(),
        "betas": _rounded(step.params.betas),
        "theta": _rounded(pose.unflatten(0, (JOINTS, 3))),
        "crop": _rounded(step.tensors[CROP_CAMERA]),
        "camera": camera_data(camera),
        "verdict": said.as_data(),
    }


def _truth(truth: Reference, crop: Crop) -> dict[str, Any]:
    person = {"betas": truth.params.betas.tolist(), "expression": [], "theta": truth.params.theta.tolist()}
    return {"name": truth.name, "person": person, "camera": camera_data(crop.camera(truth.camera))}


def _charts(recovery: Recovery, said: Sequence[Verdict], truth: Reference | None) -> dict[str, Any]:
    """Errors and losses over the iterations, and what to see in them."""
    errors = {} if truth is None else _errors_mm(recovery, truth)
    curves = hmr_lab.error_curves([verdict.off_pct for verdict in said], errors, STAGES)
    bars = hmr_lab.loss_bars([verdict.losses for verdict in said], WEIGHTS, STAGES)
    return {
        "errors": curves.to_plotly_json(),
        "errors_text": ABOUT_ERRORS,
        "losses": bars.to_plotly_json(),
        "losses_text": ABOUT_LOSSES if truth is None else ABOUT_LOSSES_3D.format(truth.name),
    }


def _errors_mm(recovery: Recovery, truth: Reference) -> dict[str, list[float]]:
    """Of every step, to a reference."""
    scorer = models.scorer("lsp14")
    true = scorer.place(recovery.body, truth.params, truth.camera)
    placed = [scorer.place(recovery.body, step.params, step.camera) for step in recovery.steps]
    errors = [scorer.pose_errors(found, true) for found in placed]
    return {
        f"{title}, mm": [float(at[key]) for at in errors] for key, title in TRACED.items() if key != "pve_mm"
    }


def _rounded(values: Tensor) -> list[Any]:
    return [round(v, 5) if isinstance(v, float) else [round(x, 5) for x in v] for v in values.tolist()]
