"""The real finder on made-up scenes, and how its reports compare with the noise model's."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import roma
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.body.light import open_light_body
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.fit_noise import FEWEST, Finds, fit
from workbench.synth.found import Match, matches
from workbench.synth.landmarks import Landmarks, occluded, true_landmarks
from workbench.synth.noise import SeenByFinder, observed, seen_by_finder
from workbench.synth.noise_model import GROUP_OF, GROUPS, OUTSIDE, STATES, NoiseModel
from workbench.synth.people import OUTLINE_VERTICES, People
from workbench.synth.sets import make_scene, set_seeds

HELD_OUT = 5
"""One in so many scenes is kept to compare with, and nobody in it is fitted to."""
OF_PEOPLE = ("of landmarks in the picture, % of size", "of metric landmarks aligned with the truth, mm")
"""What is said of each person, in `_of_people`'s order."""


def finds_in_scenes(scenes: int, on_scene: Callable[[int], object] = lambda done: None) -> Finds:
    """Draw scenes of the validation set, and look for people with the default finder.

    Args:
        scenes: how many.
        on_scene: told how many are done, for a progress bar.

    Raises:
        ValueError: nobody was found.
        WeightsMissing: the finder's two model files are not on this machine.
    """
    rows: list[tuple[People, Tensor, Tensor, Tensor, int]] = []
    asked = 0
    for done, seed in enumerate(set_seeds("validation", scenes), start=1):
        for match in matches([make_scene(seed, "validation")]):
            asked += 1
            report, person = match.found, match.person
            if report is None or report.keypoints_px is None or report.keypoints_m is None:
                continue
            hidden = occluded(person.landmarks_px[:, :2], person.full_mask, person.visible_mask)
            rows.append((_as_people(match), report.keypoints_px, report.keypoints_m, hidden, seed))
        on_scene(done)
    if not rows:
        raise ValueError(f"Nobody was found in {scenes} scenes; there is nothing to fit. Take more scenes.")
    people, px, m, hidden, seeds = zip(*rows, strict=True)
    found = Landmarks(torch.stack(px), torch.stack(m))
    return Finds(_together(people), found, torch.stack(hidden), torch.tensor(seeds), asked)


def _as_people(match: Match) -> People:
    """One person of a scene in the form of sampled people."""
    person, betas = match.person, match.person.betas[None]
    return People(
        betas=betas,
        rotations=matrix_from_axis_angle(person.theta)[None],
        camera_from_world=match.scene.camera_from_world[None],
        floor_m=torch.zeros(1),  # of no meaning to a finder
        pelvis_m=open_light_body(OUTLINE_VERTICES).rest_joints_m(betas)[:, 0],
        t_camera_body_m=person.camera.t_camera_body_m[None],
        focal_px=torch.tensor([float(person.camera.focal_px)]),
        size_hw=torch.tensor([person.camera.size_hw]),
        action=torch.zeros(1, dtype=torch.long),
        actions=(person.action,),
    )


def _together(people: Sequence[People]) -> People:
    columns = ("betas", "rotations", "camera_from_world", "floor_m", "pelvis_m", "t_camera_body_m")
    columns += ("focal_px", "size_hw", "action")
    return People(**{c: torch.cat([getattr(p, c) for p in people]) for c in columns}, actions=("any",))


def fitted_to(finds: Finds, out: Path) -> str:
    """Write a model fitted to the people of most scenes; Markdown that compares it on the other scenes.

    Raises:
        OSError: the file cannot be written.
        ValueError: too few people were found to fit anything to.
    """
    held_out = finds.scene.unique(return_inverse=True)[1] % HELD_OUT == 0
    fitted, others = (finds.rows(rows.nonzero()[:, 0]) for rows in (~held_out, held_out))
    if len(fitted.people) < FEWEST:
        raise ValueError(
            f"A noise model needs {FEWEST} people or more to be fitted to; there are {len(fitted.people)} of "
            f"{finds.asked} in the scenes. Take more scenes."
        )
    fit(fitted).write(out)
    return (
        f"{len(finds.people)} of {finds.asked} people found; fitted to {len(fitted.people)} of them, "
        f"compared on the other {len(others.people)}, who are in other scenes. Written to {out}.\n\n"
        + comparison(others, NoiseModel.read(out))
    )


def comparison(finds: Finds, noise: NoiseModel, seed: int = 0) -> str:
    """Markdown: what the finder reported of these people, beside what the model makes of them."""
    truth = true_landmarks(finds.people)
    made = observed(truth, finds.people, torch.Generator().manual_seed(seed), noise, finds.occluded)
    scene = seen_by_finder(truth, finds.people, noise.bias_m, finds.occluded)
    group = torch.tensor(GROUP_OF)
    lines = [
        "| landmarks | state | n | error, % of size: median, 90 %, 98 % | model | visibility: 10 %, median | "
        "model | metric error, mm: median, 90 % | model |",
        "|---" * 9 + "|",
    ]
    for index, name in enumerate(GROUPS):
        for state, state_name in enumerate(STATES):
            cell = (scene.state == state) & (group == index)
            if int(cell.sum()) < FEWEST:
                continue
            pairs = zip(*(_numbers(each, truth, scene, cell) for each in (finds.found, made)), strict=True)
            cells = [name, state_name, str(int(cell.sum())), *(text for pair in pairs for text in pair)]
            lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "| each person's mean error: median, 95 % | found | model |", "|---|---|---|"]
    both = [_of_people(each, truth, scene) for each in (finds.found, made)]
    for name, *texts in zip(OF_PEOPLE, *both, strict=True):
        lines.append("| " + " | ".join((name, *texts)) + " |")
    return "\n".join(lines)


def _of_people(reported: Landmarks, truth: Landmarks, scene: SeenByFinder) -> tuple[str, str]:
    """Median and 95 % of the two errors; the second is PA-MPJPE over the 33 landmarks."""
    far = (reported.px - truth.px)[..., :2].norm(dim=-1) / scene.size_px[:, None]
    far = torch.where(scene.state == OUTSIDE, torch.nan, far).nanmean(1)
    best: Any = roma.rigid_points_registration(reported.m, truth.m, compute_scaling=True)
    turn, shift, scale = best
    aligned = scale[:, None, None] * (reported.m @ turn.mT) + shift[:, None]
    apart_mm = 1000 * (aligned - truth.m).norm(dim=-1).mean(1)

    def quantiles(values: Float[Tensor, "N"]) -> str:
        return ", ".join(f"{v:.3g}" for v in values.nanquantile(torch.tensor([0.5, 0.95])).tolist())

    return quantiles(100 * far), quantiles(apart_mm)


def _numbers(
    reported: Landmarks, truth: Landmarks, scene: SeenByFinder, cell: Bool[Tensor, "N 33"]
) -> tuple[str, str, str]:
    far = (reported.px - truth.px)[..., :2].norm(dim=-1) / scene.size_px[:, None]
    metric = (reported.m - truth.m).norm(dim=-1)

    def quantiles(values: Float[Tensor, "N 33"], factor: float, *shares: float) -> str:
        return ", ".join(f"{factor * v:.3g}" for v in values[cell].quantile(torch.tensor(shares)).tolist())

    return (
        quantiles(far, 100.0, 0.5, 0.9, 0.98),
        quantiles(reported.px[..., 2], 1.0, 0.1, 0.5),
        quantiles(metric, 1000.0, 0.5, 0.9),
    )
