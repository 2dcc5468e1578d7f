"""BLADE's cameras against those that everyone assumes: people in scenes, measured as the benchmark does.

People are near, alone, with nothing before them; what is found of them is a finder's landmarks, and outlines
are true. BLADE's second stage is followed by its solver, whose mask and distance are spoiled on purpose.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool
from torch import Tensor

from workbench.body import BodyModel
from workbench.evaluation.score import Scorer, Truth
from workbench.evaluation.sets import sample_of, true_body
from workbench.geometry.conventions import CAMERAS, from_hmr
from workbench.geometry.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.methods import load_method
from workbench.methods.blade import STAGE_TWO, Blade
from workbench.networks.observations import observe_people
from workbench.networks.traces import CROP_CAMERA
from workbench.recovery import Recovery
from workbench.solver.camera import DistanceProblem, solve_camera
from workbench.solver.masks import MaskProblem
from workbench.solver.objective import CameraGuess, Terms
from workbench.solver.of_recovery import with_solved_camera
from workbench.solver.posed_body import PosedBody
from workbench.synth.kinds import SceneKind
from workbench.synth.ragged import ragged
from workbench.synth.sets import make_scene
from workbench.training.close_people import CLOSE

Errors = Mapping[str, float]

NEAR = SceneKind("near", "test", CLOSE, people=(1.0,), occluder_share=0.0)
"""One person, near, with nothing before them."""
REFINED = Terms(keypoints=2.0, free_pose=True)
"""Landmarks count a quarter of what they do in the released code: chosen on the split validation."""
MEASURED = ("e_tz_m", "e_inv_tz", "e_txy_m", "e_f", "pve_mm", "miou")


@dataclass(frozen=True, eq=False)
class Case:
    """One person who was found, and the truth."""

    photo: Photo
    person: Person
    truth: Truth


def cases(count: int) -> Iterator[Case]:
    """The people found in so many scenes; the same each time."""
    for seed in range(count):
        sample = sample_of(make_scene(seed, NEAR), ("landmarks", "mask"), at_most=1, with_missed=False)
        for person, truth in zip(sample.people, sample.truths, strict=True):
            yield Case(sample.photo, person, truth)


def by_heuristic(people: int) -> dict[str, Errors]:
    """Errors of one body before six cameras, and of BLADE."""
    base, blade = load_method("regressor"), load_method("blade")
    assert isinstance(blade, Blade)
    body, found, truths = true_body(), {}, []
    for case in cases(people):
        [plain] = base.recover(case.photo, [case.person])
        [whole] = blade.recover(case.photo, [case.person])
        [told] = blade.recover(case.photo, [case.person], tz_m=true_tz_m(case.truth, body))
        crop = from_hmr(plain.steps[-1].tensors[CROP_CAMERA], *_window(case))
        answers = {
            name: replace(plain, camera=camera(crop, case.photo.size_hw)) for name, camera in CAMERAS.items()
        }
        answers |= {
            "BLADE, stages 1 and 2": second_stage(whole),
            "BLADE": whole,
            "BLADE, pose refined": refined(second_stage(whole), body, case),
            "BLADE, true Tz": told,
        }
        for name, answer in answers.items():
            found.setdefault(name, []).append(answer)
        truths.append(case.truth)
    return {name: means(body, answers, truths) for name, answers in found.items()}


def by_solver(people: int) -> dict[str, Errors]:
    """Errors of the third stage when mask or distance is off; a mask that is no use changes nothing."""
    blade, body = load_method("blade"), true_body()
    posed = [(case, second_stage(blade.recover(case.photo, [case.person])[0])) for case in cases(people)]
    truths = [case.truth for case, _ in posed]
    found = {"not solved": [recovery for _, recovery in posed]}
    for name, (mask, share) in SOLVER.items():
        found[name] = [_solved(case, recovery, body, mask, share) for case, recovery in posed]
    return {name: means(body, answers, truths) for name, answers in found.items()}


def second_stage(recovery: Recovery) -> Recovery:
    """BLADE's answer before its camera is solved."""
    place = [step.name for step in recovery.steps].index(STAGE_TWO)
    return replace(recovery, steps=recovery.steps[: place + 1], camera=recovery.steps[place].camera)


def refined(posed: Recovery, body: BodyModel, case: Case) -> Recovery:
    """The third stage as the released code can do it: joints may turn, landmarks count besides the mask."""
    assert case.person.mask is not None
    pelvis_m = posed.mesh(body).joints_m[0]
    tz_m = float(posed.camera.to_camera_m(pelvis_m)[2])
    own = CameraGuess(posed.camera.focal_px, posed.camera.to_camera_m(pelvis_m), 0.0)
    try:
        guess = solve_camera(
            PosedBody.of_params(body, posed.params),
            case.person.mask,
            tz_m,
            keypoints=case.person.keypoints_px,
            terms=REFINED,
            known=[own],
        )[-1]
    except DistanceProblem:
        return posed
    assert guess.turns_rad is not None
    rotations = matrix_from_axis_angle(guess.turns_rad) @ matrix_from_axis_angle(posed.params.theta)
    params = replace(posed.params, theta=axis_angle_from_matrix(rotations))
    return replace(posed, params=params, camera=guess.camera(case.photo.size_hw, pelvis_m))


def means(body: BodyModel, answers: Sequence[Recovery], truths: Sequence[Truth]) -> Errors:
    """Mean errors, how many people they are of, and the median of E_f, which some very long lenses rule."""
    scores = Scorer({body.topology: body}).score_all(answers, truths)
    columns = {name: torch.tensor([score[name] for score in scores]) for name in MEASURED}
    told = {name: float(values.mean()) for name, values in columns.items()}
    return told | {"e_f_median": float(columns["e_f"].median()), "people": float(len(scores))}


def true_tz_m(truth: Truth, body: BodyModel) -> float:
    """Depth of the pelvis, m."""
    mesh = body.mesh(truth.params.betas, truth.params.theta)
    return float(truth.camera.to_camera_m(mesh.joints_m[0])[2])


def _window(case: Case) -> tuple[tuple[float, float], float]:
    return observe_people(case.photo, [case.person])[1].of(0)


def _solved(
    case: Case, recovery: Recovery, body: BodyModel, change: Callable[[Tensor], Tensor], share: float
) -> Recovery:
    assert case.person.mask is not None
    tz_m = share * true_tz_m(case.truth, body)
    try:
        return with_solved_camera(recovery, body, case.photo, change(case.person.mask), tz_m)
    except (MaskProblem, DistanceProblem):
        return recovery


def _as_it_is(mask: Bool[Tensor, "H W"]) -> Bool[Tensor, "H W"]:
    return mask


def _ragged(mask: Bool[Tensor, "H W"]) -> Bool[Tensor, "H W"]:
    return ragged(mask, torch.Generator().manual_seed(int(mask.sum())))


def _lower_part_lost(mask: Bool[Tensor, "H W"]) -> Bool[Tensor, "H W"]:
    """Without the lowest fifth of its rows."""
    rows = mask.any(1).nonzero()[:, 0]
    lost = mask.clone()
    lost[int(rows[0] + 0.8 * (rows[-1] - rows[0])) :] = False
    return lost


SOLVER: Mapping[str, tuple[Callable[[Tensor], Tensor], float]] = {
    "true mask, true Tz": (_as_it_is, 1.0),
    "ragged mask": (_ragged, 1.0),
    "lowest fifth of the mask lost": (_lower_part_lost, 1.0),
    "Tz 20 % too near": (_as_it_is, 0.8),
    "Tz 20 % too far": (_as_it_is, 1.2),
}
"""What is done to the mask, and what the true Tz is multiplied by."""
