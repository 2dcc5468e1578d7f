"""What a result of a made-up scene is held against: the truth about the same person."""

import math
from dataclasses import dataclass
from typing import Any

import torch

from workbench.app import models
from workbench.app.fragments import note, swatches, table
from workbench.app.handlers_photo import shown_file
from workbench.app.session import PhotoSession, Result
from workbench.evaluation.joint_sets import joint_set
from workbench.evaluation.matching import box_of_mask_px, match
from workbench.evaluation.metrics import METRICS, MetricInfo
from workbench.evaluation.score import BrokenRecovery, Placed, Truth
from workbench.evaluation.sets import truth_of
from workbench.evaluation.summary import rounded
from workbench.evaluation.vertex_errors import ALIGNMENTS, Alignment
from workbench.figures.picture import picture
from workbench.figures.scene_truth import (
    BOTH,
    ONLY_FOUND,
    ONLY_TRUE,
    TruthPlace,
    error_steps,
    error_world,
    regions,
)
from workbench.recovery import Recovery, Step
from workbench.synth.scene import ScenePerson

TRACED = {"mpjpe_mm": "MPJPE", "pa_mpjpe_mm": "PA-MPJPE", "pve_mm": "PVE"}
"""Errors that are shown at every step."""
BETTER = {"low": "↓", "high": "↑"}
"""Which way a metric should go, as tables write it."""
MM_PER_M = 1000
OTHER_SKIN = (
    "The recovery has another skin than the true body, so no vertex of one belongs to a vertex of the other: "
    "both are drawn as they stand before the camera, without colours, and there are no vertex errors."
)
MISSED = (
    "A finder would have missed this person: the landmarks are what it might report if told where to look. "
    "The benchmark counts such people as not found, and no method sees them."
)


@dataclass(frozen=True, eq=False)
class Pair:
    """One result and the truth about the same person."""

    result: Result
    place: int
    """Of the person in the scene."""
    person: ScenePerson
    truth: Truth

    @property
    def comparable(self) -> bool:
        """Whether both skins have the same vertices."""
        return self.result.recovery.body == self.truth.body


def pair_of(session: PhotoSession, place: int) -> Pair | None:
    """The truth about the person of a result; None if there is none, or the box shows nobody.

    People are told apart by their boxes, so that it does not matter who found them.
    """
    if session.scene is None or not 0 <= place < len(session.results):
        return None
    seen = [(n, p) for n, p in enumerate(session.scene.people) if bool(p.visible_mask.any())]
    boxes = torch.stack([result.recovery.person.box_px.float() for result in session.results])
    partner = match(boxes, torch.stack([box_of_mask_px(person.visible_mask) for _, person in seen]))[place]
    if partner is None:
        return None
    number, person = seen[partner]
    return Pair(session.results[place], number, person, truth_of(person))


def about(session: PhotoSession, place: int) -> str:
    """Who is held against whom."""
    pair = pair_of(session, place)
    if pair is None:
        return note("No one of this scene is where this person's box is, so there is nothing to measure by.")
    count = len(session.scene.people) if session.scene else 0
    text = (
        f"Person {pair.result.guest + 1} of the result is person {pair.place + 1} of {count} in this scene "
        f"({pair.person.action.replace('_', ' ')}), told by where the boxes are. True distance Tz "
        f"{pair.truth.camera.tz_m:.2f} m, true focal length {pair.truth.camera.focal_px:.0f} px."
    )
    if session.people_of_scene and not pair.person.found:
        text += f" {MISSED}"
    return note(text if pair.comparable else f"{text} {OTHER_SKIN}")


def metrics_table(session: PhotoSession, place: int, joints: str) -> str:
    """Every metric of the benchmark for this one person.

    Raises:
        ValueError: there is no such joint set.
    """
    pair = pair_of(session, place)
    if pair is None:
        return ""
    scorer = models.scorer(joints)
    try:
        numbers = scorer.score(pair.result.recovery, pair.truth)
    except BrokenRecovery as error:
        return note(f"{error} The benchmark counts this as a failure.")
    except ValueError as error:  # the body lacks joints of the set
        return note(str(error))
    rows = [
        (
            f"{info.title_of_one or info.title} {BETTER[info.better]}",
            _measured(numbers[key], info),
            info.blind_to,
        )
        for key, info in METRICS.items()
        if key in numbers
    ]
    caption = f"To the truth. Joints: {joint_set(joints).protocol}, of our own regressor ({joints})"
    return table(("metric", "value", "blind to"), rows, caption)


def error_view(
    session: PhotoSession, place: int, alignment: Alignment, truth: TruthPlace
) -> dict[str, Any] | None:
    """The found body coloured by its error, and the true one.

    Raises:
        ValueError: no such alignment.
    """
    pair = pair_of(session, place)
    if pair is None:
        return None
    if alignment not in ALIGNMENTS:
        raise ValueError(f"The alignments are {', '.join(ALIGNMENTS)}; got {alignment!r}.")
    found, true = _placed(pair.result.recovery, pair.result.recovery), _true(pair)
    return error_world(found, true, alignment, truth)


def outlines(session: PhotoSession, place: int) -> dict[str, Any] | None:
    """The photo, and over it where the found and the true outline agree."""
    pair = pair_of(session, place)
    if pair is None or session.photo is None:
        return None
    found = _placed(pair.result.recovery, pair.result.recovery).mask
    true = _true(pair).mask if pair.truth.mask is None else pair.truth.mask
    description = "The photo with the found and the true outline laid over each other"
    return picture(shown_file(session), session.photo.size_hw, description, layer=regions(found, true))


OUTLINE_LEGEND = swatches(
    {"both outlines": BOTH, "only the recovery": ONLY_FOUND, "only the truth": ONLY_TRUE}
)


def step_errors(session: PhotoSession, place: int, joints: str) -> dict[str, Any] | None:
    """How far each step of the trace was from the truth; None where a body lacks the joints.

    Raises:
        ValueError: there is no such joint set.
    """
    pair = pair_of(session, place)
    if pair is None:
        return None
    recovery, scorer, true = pair.result.recovery, models.scorer(joints), _true(pair)
    try:
        values = [scorer.pose_errors(_placed(recovery, step), true) for step in recovery.steps]
    except ValueError:  # said by the table
        return None
    lines = {title: [float(v[key]) for v in values if key in v] for key, title in TRACED.items()}
    return error_steps({title: line for title, line in lines.items() if line}).to_plotly_json()


def _placed(recovery: Recovery, at: Recovery | Step) -> Placed:
    return models.scorer("lsp14").place(recovery.body, at.params, at.camera)


def _true(pair: Pair) -> Placed:
    truth = pair.truth
    return models.scorer("lsp14").place(truth.body, truth.params, truth.camera)


def _measured(value: float, info: MetricInfo) -> str:
    """With its unit; a length that other rows give in another unit, in that one too."""
    if math.isnan(value):
        return "not a number"
    text = f"{value:.0f}" if info.counts else rounded(value)
    if info.unit == "mm" and value >= MM_PER_M:
        return f"{text} mm ({rounded(value / MM_PER_M)} m)"
    if info.unit == "m" and 0 < value < 1:
        return f"{text} m ({rounded(value * MM_PER_M)} mm)"
    return f"{text} {info.unit}"
