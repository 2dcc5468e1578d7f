"""Laws of the camera solver on people whose camera is known."""

import math

import pytest
import torch

from tests.solver.people import drawn, known
from workbench.body import open_body
from workbench.recovery import BodyParams
from workbench.render import rasterize
from workbench.solver.camera import STARTS, best, solve_camera
from workbench.solver.objective import CameraGuess, Objective, Terms, Unknowns
from workbench.solver.posed_body import PosedBody
from workbench.solver.scan import tz_scan
from workbench.solver.starts import moments_start
from workbench.solver.window import Window

PEOPLE = drawn(24)


def objective_of(person, **options) -> Objective:
    return Objective(
        person.body, Window.around(person.mask), tuple(person.mask.shape), person.tz_m, **options
    )


def off_pct(guess: CameraGuess, person) -> float:
    return 100 * abs(guess.focal_px / person.focal_px - 1)


@pytest.mark.parametrize("index", range(6))
def test_the_true_camera_is_found_from_an_exact_mask(index):
    person = known(PEOPLE, index)
    guess = best(solve_camera(person.body, person.mask, person.tz_m))
    assert guess.iou > 0.995
    assert off_pct(guess, person) < 0.3
    assert (guess.t_pelvis_m - person.t_pelvis_m).norm() < 3e-3
    assert guess.t_pelvis_m[2].item() == pytest.approx(person.tz_m)


def test_at_the_true_camera_there_is_nothing_left_to_do():
    """Zero residual: the outline is the mask, and nothing pulls."""
    person = known(PEOPLE, 0)
    objective = objective_of(person)
    at = objective.unknowns(person.focal_px, person.t_pelvis_m)
    at.lens.requires_grad_()
    loss, iou = objective(at)
    loss.backward()
    assert iou.item() > 0.9999
    assert at.lens.grad is not None
    assert at.lens.grad.abs().max() < 0.01
    guess = objective.guess(at, 0.0, 1.0)
    assert guess.focal_px == pytest.approx(person.focal_px, rel=1e-5)
    assert torch.allclose(guess.t_pelvis_m, person.t_pelvis_m, atol=1e-5)


@pytest.mark.parametrize("direction", range(3), ids=["log f", "u", "v"])
def test_gradient_is_that_of_finite_differences_in_a_finer_picture(direction):
    person = known(PEOPLE, 2)
    objective = objective_of(person)
    at = objective.unknowns(1.15 * person.focal_px, person.t_pelvis_m + torch.tensor([0.05, -0.04, 0.0]))
    at.lens.requires_grad_()
    _, iou = objective(at)
    slope = torch.autograd.grad(iou, at.lens)[0][direction].item()
    fine, step = 8, 0.01
    target = objective.window.target.repeat_interleave(fine, 0).repeat_interleave(fine, 1)

    def value(sign: int) -> float:
        moved = at.lens.detach().clone()
        moved[direction] += sign * step / 2
        now = Unknowns(moved, at.tz_m)
        xy = objective.window.to_window_px(objective._project(person.body.vertices_m, now)) * fine
        depth = person.body.vertices_m[:, 2] + at.tz_m
        drawn_mask = rasterize(xy, depth, person.body.faces, (target.shape[0], target.shape[1])).mask
        return float((drawn_mask & target).sum() / (drawn_mask | target).sum())

    expected = (value(1) - value(-1)) / step
    assert slope == pytest.approx(expected, rel=0.1, abs=0.02)


def test_the_moments_always_overlap_and_blades_start_does_not():
    overlaps = {"moments": [], "blade": []}
    for index in range(len(PEOPLE)):
        person = known(PEOPLE, index)
        for start, found in overlaps.items():
            objective = objective_of(person)
            found.append(float(objective(STARTS[start](objective))[1]))
    assert min(overlaps["moments"]) > 0.3
    assert min(overlaps["blade"]) < 0.1


@pytest.mark.parametrize("seed", range(3))
def test_somebody_whom_the_frame_cuts_is_found_too(seed):
    person = known(drawn(1, seed, cut=1.0), 0)
    assert off_pct(best(solve_camera(person.body, person.mask, person.tz_m)), person) < 5


def test_the_result_does_not_depend_on_the_pictures_resolution():
    small, large = known(PEOPLE, 3), known(PEOPLE, 3, scale=5)
    guesses = [best(solve_camera(each.body, each.mask, each.tz_m)) for each in (small, large)]
    assert guesses[1].focal_px / guesses[0].focal_px == pytest.approx(5, rel=5e-3)
    assert torch.allclose(guesses[0].t_pelvis_m, guesses[1].t_pelvis_m, atol=5e-3)


@pytest.mark.parametrize("times", [0.8, 1.5])
def test_a_distance_that_is_wrong_is_made_up_for_by_the_lens(times):
    """The dolly zoom: of somebody far away, a mask says f / Tz and neither of the two."""
    person = known(PEOPLE, 1, away=4.0)
    guess = best(solve_camera(person.body, person.mask, times * person.tz_m))
    assert guess.focal_px == pytest.approx(times * person.focal_px, rel=0.03)
    assert guess.iou > 0.9


def test_a_scan_has_its_best_at_the_true_distance_and_f_follows_it():
    person = known(PEOPLE, 4, away=2.0)
    row = [person.tz_m * times for times in (1.4, 1.2, 1.0, 0.8)]
    points = list(tz_scan(person.body, person.mask, row))
    assert [point.tz_m for point in points] == row
    assert max(points, key=lambda point: point.guess.iou).tz_m == person.tz_m
    lenses = [point.guess.focal_px for point in points]
    assert lenses == sorted(lenses, reverse=True)


def test_every_evaluation_is_told_and_the_best_is_kept():
    person = known(PEOPLE, 5)
    guesses = solve_camera(person.body, person.mask, person.tz_m, evaluations=9)
    assert len(guesses) == 9
    assert best(guesses).iou == max(guess.iou for guess in guesses)
    assert all(guess.loss == pytest.approx(1 - guess.iou) for guess in guesses)
    start = moments_start(objective_of(person))
    assert guesses[0].focal_px == pytest.approx(objective_of(person).guess(start, 1.0, 0.0).focal_px)


def test_nelder_mead_agrees_with_adam():
    person = known(PEOPLE, 0)
    adam, free = (
        best(solve_camera(person.body, person.mask, person.tz_m, evaluations=90, method=name))
        for name in ("adam", "nelder-mead")
    )
    assert adam.focal_px == pytest.approx(free.focal_px, rel=3e-3)
    assert torch.allclose(adam.t_pelvis_m, free.t_pelvis_m, atol=3e-3)


def test_landmarks_alone_give_the_camera_where_they_are_exact():
    person = known(PEOPLE, 6)
    guess = solve_camera(
        person.body, person.mask, person.tz_m, evaluations=1, start="landmarks", keypoints=person.keypoints_px
    )[0]
    assert off_pct(guess, person) < 1e-2


def test_a_known_camera_is_where_the_solver_begins():
    person = known(PEOPLE, 7)
    true = CameraGuess(person.focal_px, person.t_pelvis_m, 1.0)
    first = solve_camera(person.body, person.mask, person.tz_m, evaluations=1, known=[true])[0]
    assert first.focal_px == pytest.approx(person.focal_px, rel=1e-5)


def test_the_landmarks_term_pulls_the_lens_where_the_mask_is_wrong():
    person = known(PEOPLE, 8)
    lacking = person.mask.clone()
    rows = person.mask.any(1).nonzero()[:, 0]
    lacking[int(rows.float().mean()) :] = False  # no legs
    with_landmarks = {"keypoints": person.keypoints_px, "start": "landmarks"}
    alone, pulled = (
        solve_camera(person.body, lacking, person.tz_m, **with_landmarks, terms=terms)[-1]
        for terms in (Terms(), Terms(keypoints=8.0))
    )
    assert off_pct(pulled, person) < 0.2 * off_pct(alone, person)


def test_tz_and_pose_move_only_when_they_are_free():
    body = open_body()
    params = BodyParams(torch.zeros(10), torch.zeros(body.num_joints, 3))
    params.theta[0, 0] = math.pi
    person = known(PEOPLE, 9)
    posed = PosedBody.of_params(body, params)
    still = solve_camera(posed, person.mask, 2.0, evaluations=4)[-1]
    free = solve_camera(posed, person.mask, 2.0, evaluations=4, terms=Terms(free_tz=True, free_pose=True))[-1]
    assert still.turns_rad is None
    assert float(still.t_pelvis_m[2]) == 2.0
    assert free.turns_rad is not None
    assert free.turns_rad.any()
    assert float(free.t_pelvis_m[2]) != 2.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tz_m": 0.0}, "Tz is the distance"),
        ({"tz_m": float("nan")}, "Tz is the distance"),
        ({"tz_m": 0.2}, "inside the body.* larger Tz"),
        ({"mask": torch.zeros(256, 256, dtype=torch.bool)}, "empty"),
        ({"evaluations": 0}, "evaluation"),
        ({"start": "landmarks"}, "two landmarks"),
        ({"terms": Terms(free_pose=True)}, "cannot be turned"),
        ({"terms": Terms(free_tz=True), "method": "nelder-mead"}, "Nelder-Mead moves"),
    ],
)
def test_what_cannot_be_solved_is_said(change, said):
    person = known(PEOPLE, 0)
    given = {"body": person.body, "mask": person.mask, "tz_m": person.tz_m} | change
    with pytest.raises(ValueError, match=said):
        solve_camera(**given)
