"""How exactly the camera solver finds the camera, and what a solve costs.

Made-up people whose pose, Tz and mask are known; then one of the three is made wrong at a time.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor

from workbench.bench.measure import Row
from workbench.body import open_body
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.render import render_mask
from workbench.solver.camera import best, solve_camera
from workbench.solver.posed_body import PosedBody
from workbench.synth.cameras import Views
from workbench.synth.people import sample_people
from workbench.synth.ragged import ragged

NOTE = (
    "random people of the set test, 0.9 to 5 m away (close: 0.4 to 0.9 m), pictures of 256 x 256, 50 "
    "evaluations; ragged mask: outline off by 2 % of the person's size; poses wrong: by 4 degrees at every "
    "joint; CPU time, {threads} thread(s)"
)
PEOPLE_PER_RUN = 40
"""The five runs of the default are 200 people."""
SIZE_HW = (256, 256)
NO_START = 0.01
"""A start with less overlap has nothing to climb."""
VIEWS = Views(tz_m=(0.9, 5.0), fill=(0.45, 0.85), cut=0.0, sizes_hw=(SIZE_HW,))
CLOSE = Views(tz_m=(0.4, 0.9), fill=(0.45, 0.85), cut=0.0, sizes_hw=(SIZE_HW,))
CUT = Views(tz_m=(0.9, 5.0), cut=1.0, sizes_hw=(SIZE_HW,))


@dataclass(frozen=True, eq=False)
class Case:
    """One person, and what the solver is told of them."""

    body: PosedBody
    mask: Tensor
    tz_m: float
    focal_px: float
    t_pelvis_m: Tensor


class Outcome(NamedTuple):
    """Of one solve."""

    iou: float
    focal_error_pct: float
    txy_error_mm: float
    first_iou: float
    cost_s: float


def run(photo_path: Path | None, runs: int) -> list[Row]:
    """Measure 40 people for each run; `photo_path` has no meaning here."""
    count = PEOPLE_PER_RUN * runs
    exact = cases(count)
    some = exact[: max(1, count // 4)]
    few = len(some)
    ways: dict[str, tuple[Sequence[Case], dict[str, Any]]] = {
        "exact": (exact, {}),
        "exact, BLADE's start": (some, {"start": "blade"}),
        "exact, Nelder-Mead, 85 evaluations": (some, {"method": "nelder-mead", "evaluations": 85}),
        "exact, close": (cases(few, CLOSE), {}),
        "exact, cut by the frame": (cases(few, CUT), {}),
        "ragged mask": (cases(few, mask=ragged_mask), {}),
        "Tz 5 % too large": (cases(few, tz=1.05), {}),
        "poses wrong": (cases(few, turn_rad=0.07), {}),
        "mask, Tz and poses wrong": (cases(few, mask=ragged_mask, tz=1.05, turn_rad=0.07), {}),
    }
    return [row for name, (people, how) in ways.items() for row in _rows(name, people, how)]


def cases(
    count: int,
    views: Views = VIEWS,
    mask: Callable[[Tensor], Tensor] | None = None,
    tz: float = 1.0,
    turn_rad: float = 0.0,
) -> list[Case]:
    """People, the same for the same count and views.

    Args:
        count: how many.
        views: what their cameras are drawn from.
        mask: makes their masks worse.
        tz: what their true Tz is multiplied with.
        turn_rad: standard deviation of each joint's error about each axis.
    """
    people, body = sample_people(count, 7, "test", views), open_body()
    draw, made = torch.Generator().manual_seed(0), []
    for i in range(count):
        shaped, camera = body.with_shape(people.betas[i]), people.camera(i)
        mesh = shaped.with_rotations(people.rotations[i]).mesh()
        seen = render_mask(camera, mesh.vertices_m, mesh.faces)
        wrong = turn_rad * torch.randn(body.num_joints, 3, generator=draw)
        told = shaped.with_rotations(matrix_from_axis_angle(wrong) @ people.rotations[i]).mesh()
        place = people.pelvis_camera_m[i]
        given = seen if mask is None else mask(seen)
        made.append(Case(PosedBody.of_mesh(told), given, tz * float(place[2]), camera.focal_px, place))
    return made


def ragged_mask(mask: Tensor) -> Tensor:
    """A mask whose outline is wrong by 2 % of the person's size, always in the same way."""
    return ragged(mask, torch.Generator().manual_seed(int(mask.sum())))


def solved(case: Case, **how: Any) -> Outcome:
    """Solve one case and compare."""
    began = time.process_time()
    guesses = solve_camera(case.body, case.mask, case.tz_m, **how)
    cost_s = time.process_time() - began
    result = best(guesses)
    return Outcome(
        result.iou,
        100 * abs(result.focal_px / case.focal_px - 1),
        1e3 * float((result.t_pelvis_m - case.t_pelvis_m)[:2].norm()),
        guesses[0].iou,
        cost_s,
    )


def _rows(name: str, people: Sequence[Case], how: dict[str, Any]) -> list[Row]:
    outcomes = [solved(case, **how) for case in people]
    ious = [outcome.iou for outcome in outcomes]
    off_pct = [outcome.focal_error_pct for outcome in outcomes]
    promised = name == "exact"

    def row(what: str, value: float, unit: str = "", goal: str = "") -> Row:
        return Row(f"{name}: {what}", value, unit, goal if promised else "", len(people))

    rows = [
        row("1 - IoU, median", 1 - statistics.median(ious), goal="<= 0.001"),
        row("1 - IoU, largest", 1 - min(ious)),
        row("error of f, median", statistics.median(off_pct), "%", "<= 0.1"),
        row("error of f, largest", max(off_pct), "%"),
    ]
    if how or promised:
        costs_s = [outcome.cost_s for outcome in outcomes]
        without = sum(outcome.first_iou < NO_START for outcome in outcomes)
        rows.append(row("starts without overlap", float(without), goal="0"))
        rows.append(row("a solve", statistics.median(costs_s), "cpu-s", "<= 0.35"))
    if promised:
        txy_mm = statistics.median(outcome.txy_error_mm for outcome in outcomes)
        rows.append(row("error of Tx and Ty, median", txy_mm, "mm"))
    return rows
