"""The real finder on made-up scenes, and how its reports compare with the noise model's."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import roma
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.body.joints import BLAZEPOSE
from workbench.body.light import open_light_body
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.fit_noise import FEWEST, Finds, fit
from workbench.synth.found import Match, in_view, matches
from workbench.synth.kinds import SceneKind
from workbench.synth.landmarks import Landmarks, occluded, true_landmarks
from workbench.synth.misses import chance_found
from workbench.synth.noise import observed
from workbench.synth.noise_model import GROUP_OF, GROUPS, OUTSIDE, STATES, NoiseModel
from workbench.synth.people import OUTLINE_VERTICES, People
from workbench.synth.seen import SeenByFinder, seen_by_finder
from workbench.synth.sets import make_scene

FITTED_TO = SceneKind("train", "train")
"""Scenes in the poses of training."""
COMPARED_ON = "validation"
"""The set, in other poses, that a model is compared on."""
ONE_IN = 4
"""For so many scenes to fit to, one to compare with."""
QUANTILES = (0.5, 0.8, 0.95, 0.99)
OF_PEOPLE = ("of landmarks in the picture, % of size", "of metric landmarks aligned with the truth, mm")
"""What is said of each person, in `_of_people`'s order."""


def finds_in_scenes(
    seeds: range, kind: SceneKind | str, on_scene: Callable[[int], object] = lambda done: None
) -> Finds:
    """Draw scenes, and look for everybody in view with the default finder.

    Args:
        seeds: which scenes.
        kind: of what kind.
        on_scene: told how many are done, for a progress bar.

    Raises:
        ValueError: there is no scene to look at.
        WeightsMissing: the finder's two model files are not on this machine.
    """
    if not seeds:
        raise ValueError("Nobody can be found in no scene; there is nothing to fit. Take more scenes.")
    rows: list[tuple[People, Tensor, Tensor, Tensor]] = []
    nothing = torch.full((len(BLAZEPOSE), 3), torch.nan)
    for done, seed in enumerate(seeds, start=1):
        for match in matches([make_scene(seed, kind)], expected=in_view):
            report, person = match.found, match.person
            px = None if report is None else report.keypoints_px
            m = None if report is None else report.keypoints_m
            hidden = occluded(person.landmarks_px[:, :2], person.full_mask, person.visible_mask)
            rows.append(
                (_as_people(match), nothing if px is None else px, nothing if m is None else m, hidden)
            )
        on_scene(done)
    people, px, m, hidden = zip(*rows, strict=True)
    return Finds(_together(people), Landmarks(torch.stack(px), torch.stack(m)), torch.stack(hidden))


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


def fitted_to(shown: Finds, others: Finds, out: Path, about: str) -> str:
    """Write a model fitted to some people; Markdown that compares it on others.

    Raises:
        OSError: the file cannot be written.
        ValueError: too few people were found to fit anything to.
    """
    about = f"{about}: fitted to {len(shown.people)} people, {int(shown.found.sum())} of them found"
    fit(shown, about).write(out)
    return f"{about}. Written to {out}.\n\n" + comparison(others, NoiseModel.read(out))


def comparison(shown: Finds, noise: NoiseModel, seed: int = 0) -> str:
    """Markdown: what the finder reported of these people, beside what the model makes of them."""
    draw = torch.Generator().manual_seed(seed)
    everybody = observed(true_landmarks(shown.people), shown.people, draw, noise, shown.occluded)
    found = shown.found.nonzero()[:, 0]
    finds, made = shown.rows(found), everybody.rows(found)
    truth = true_landmarks(finds.people)
    scene = seen_by_finder(truth, finds.people, noise.bias_m, finds.occluded)
    group = torch.tensor(GROUP_OF)
    lines = [
        f"Of {len(shown.people)} people in view, {len(found)} were found; the model finds "
        f"{int(everybody.found.sum())}, {_agreement(shown, noise)}.",
        "",
        "| landmarks | state | n | error, % of size: 50, 80, 95, 99 % | model | visibility: 10 %, median | "
        "model | metric error, mm: median, 90 % | model |",
        "|---" * 9 + "|",
    ]
    cells = [("all", group >= 0)] + [(name, group == index) for index, name in enumerate(GROUPS)]
    for name, rows in cells:
        for state, state_name in enumerate(STATES):
            cell = (scene.state == state) & rows
            if int(cell.sum()) < FEWEST:
                continue
            pairs = zip(*(_numbers(each, truth, scene, cell) for each in (finds.reported, made)), strict=True)
            texts = [name, state_name, str(int(cell.sum())), *(text for pair in pairs for text in pair)]
            lines.append("| " + " | ".join(texts) + " |")
    lines += ["", "| each person's mean error: 50, 80, 95, 99 % | found | model |", "|---|---|---|"]
    both = [_of_people(each, truth, scene) for each in (finds.reported, made)]
    for name, *texts in zip(OF_PEOPLE, *both, strict=True):
        lines.append("| " + " | ".join((name, *texts)) + " |")
    return "\n".join(lines)


def _agreement(shown: Finds, noise: NoiseModel) -> str:
    """How well the chances tell who was found: the shares found of those likely and unlikely to be."""
    scene = seen_by_finder(true_landmarks(shown.people), shown.people, noise.bias_m, shown.occluded)
    chance = chance_found(scene, shown.people, noise.found)
    parts = []
    for low, high in ((0.0, 0.25), (0.25, 0.75), (0.75, 1.0)):
        cell = (chance >= low) & (chance <= high)
        if cell.any():
            share = 100 * shown.found[cell].float().mean()
            parts.append(f"{share:.0f} % where it expects {100 * chance[cell].mean():.0f} %")
    return "and the finder finds " + ", ".join(parts)


def _of_people(reported: Landmarks, truth: Landmarks, scene: SeenByFinder) -> tuple[str, str]:
    """Quantiles of the two errors; the second is PA-MPJPE over the 33 landmarks."""
    far = (reported.px - truth.px)[..., :2].norm(dim=-1) / scene.size_px[:, None]
    far = torch.where(scene.state == OUTSIDE, torch.nan, far).nanmean(1)
    best: Any = roma.rigid_points_registration(reported.m, truth.m, compute_scaling=True)
    turn, shift, scale = best
    aligned = scale[:, None, None] * (reported.m @ turn.mT) + shift[:, None]
    apart_mm = 1000 * (aligned - truth.m).norm(dim=-1).mean(1)

    def quantiles(values: Float[Tensor, "N"]) -> str:
        return ", ".join(f"{v:.3g}" for v in values.nanquantile(torch.tensor(QUANTILES)).tolist())

    return quantiles(100 * far), quantiles(apart_mm)


def _numbers(
    reported: Landmarks, truth: Landmarks, scene: SeenByFinder, cell: Bool[Tensor, "N 33"]
) -> tuple[str, str, str]:
    far = (reported.px - truth.px)[..., :2].norm(dim=-1) / scene.size_px[:, None]
    metric = (reported.m - truth.m).norm(dim=-1)

    def quantiles(values: Float[Tensor, "N 33"], factor: float, *shares: float) -> str:
        return ", ".join(f"{factor * v:.3g}" for v in values[cell].quantile(torch.tensor(shares)).tolist())

    return (
        quantiles(far, 100.0, *QUANTILES),
        quantiles(reported.px[..., 2], 1.0, 0.1, 0.5),
        quantiles(metric, 1000.0, 0.5, 0.9),
    )
