"""Every check accepts a right answer, names every mistake it knows, and survives everything else."""

import math

import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench import lessons
from workbench.body.joints import SMPL_JOINTS, mirror_ids
from workbench.geometry.rotations import matrix_from_6d, matrix_from_axis_angle
from workbench.lessons import (
    blade_checks,
    body_checks,
    camera_checks,
    checking,
    hmr_checks,
    measuring_checks,
    pose_checks,
)

CHECKS = {name: getattr(lessons, name) for name in lessons.__all__ if name.startswith("check_")}
MODULES = (blade_checks, body_checks, camera_checks, hmr_checks, measuring_checks, pose_checks)


def exercise(name: str) -> checking.Exercise:
    make = name.replace("check", "", 1)
    return next(getattr(module, make)() for module in MODULES if hasattr(module, make))


MISTAKES = [(name, number) for name in CHECKS for number in range(len(exercise(name).mistakes))]


def rodrigues(axis_angle):
    return torch.tensor(Rotation.from_rotvec(axis_angle.numpy()).as_matrix())


def from_6d(six):
    first = six[:3] / six[:3].norm()
    second = six[3:] - (first @ six[3:]) * first
    second = second / second.norm()
    return torch.stack((first, second, torch.linalg.cross(first, second)), dim=1)


def joint_position(body, betas, theta, joint):
    rest = body.with_shape(betas).joints_m
    turns, places = [], []
    for j, parent in enumerate(body.parents):
        turn = rodrigues(theta[j]).float()
        turns.append(turn if parent < 0 else turns[parent] @ turn)
        bone = rest[j] if parent < 0 else turns[parent] @ (rest[j] - rest[parent])
        places.append(bone if parent < 0 else places[parent] + bone)
    return places[joint]


def mirror(theta):
    out = theta[list(mirror_ids(SMPL_JOINTS))]
    out[:, 1:] *= -1
    return out


def skin(rest_m, transforms, weights):
    moved = torch.zeros_like(rest_m)
    for j in range(weights.shape[1]):
        moved += weights[:, j : j + 1] * (rest_m @ transforms[j, :, :3].T + transforms[j, :, 3])
    return moved


def project(points_m, focal_px, center_px, t_m):
    x, y, z = (points_m + t_m).unbind(1)
    return torch.stack((focal_px * x / z + center_px[0], focal_px * y / z + center_px[1]), dim=1)


def weak(points_m, focal_px, center_px, t_m):
    return focal_px / t_m[2] * (points_m + t_m)[:, :2] + torch.tensor(center_px)


def full_frame(crop_numbers, box_center_px, box_side_px, focal_px, size_hw):
    s, tx, ty = crop_numbers.tolist()
    half = 2 / (box_side_px * s)
    return [
        tx + half * (box_center_px[0] - size_hw[1] / 2),
        ty + half * (box_center_px[1] - size_hw[0] / 2),
        focal_px * half,
    ]


def mpjpe(predicted_m, true_m, root):
    gaps = [a - predicted_m[root] - b + true_m[root] for a, b in zip(predicted_m, true_m, strict=True)]
    return 1000 * sum(float(gap.norm()) for gap in gaps) / len(gaps)


def fit(predicted, true):
    p, t = predicted - predicted.mean(0), true - true.mean(0)
    turn = Rotation.align_vectors(t.numpy(), p.numpy())[0]
    turned = torch.tensor(turn.apply(p.numpy())).float()
    return (turned * t).sum() / p.square().sum() * turned + true.mean(0)


def summary(errors):
    good = [error for error in errors.tolist() if math.isfinite(error)]
    return sum(good) / len(good), len(errors) - len(good)


def window(points_m, crop):
    s, tx, ty = crop.tolist()
    return [[s * (x + tx), s * (y + ty)] for x, y, _ in points_m.tolist()]


def feedback(correct, start, times):
    return start if times == 0 else feedback(correct, start + correct(start), times - 1)


def reprojection(xy, found):
    off = [
        abs(a - b)
        for point, (x, y, seen) in zip(xy.tolist(), found.tolist(), strict=True)
        for a, b in zip(point, (x, y), strict=True)
        if seen
    ]
    return sum(off) / len(off)


def critic(real, made_up):
    return ((1 - real) ** 2).sum() / len(real) + (made_up**2).sum() / len(made_up)


def match(mask, outline):
    sides = [(each.nonzero().float().mean(0), each.sum()) for each in (mask, outline)]
    (to, large), (at, small) = sides
    return [math.sqrt(large / small), float(to[1] - at[1]), float(to[0] - at[0])]


RIGHT = {
    "check_rotation_matrix": rodrigues,
    "check_matrix_from_6d": from_6d,
    "check_joint_position": joint_position,
    "check_mirror": mirror,
    "check_skin": skin,
    "check_project": project,
    "check_weak": weak,
    "check_focal_from_fov": lambda fov_deg, side_px: side_px / (2 * math.tan(math.radians(fov_deg / 2))),
    "check_depth_from_height": lambda height_px, height_m, focal_px: height_m / height_px * focal_px,
    "check_full_frame": full_frame,
    "check_mpjpe": mpjpe,
    "check_fit": fit,
    "check_iou": lambda predicted, true: (predicted * true).sum() / (predicted + true).sum(),
    "check_summary": summary,
    "check_window": window,
    "check_feedback": feedback,
    "check_reprojection": reprojection,
    "check_critic": critic,
    "check_distortion": lambda z_m, tz_m: [tz_m / (tz_m + z) for z in z_m.tolist()],
    "check_match": match,
    "check_same_size": lambda focal_px, tz_m, other_tz_m: focal_px / tz_m * other_tz_m,
    "check_relative": lambda tz_m, true_m: (tz_m / true_m - 1).abs().mean(),
}


@pytest.mark.parametrize("name", CHECKS)
def test_a_right_answer_written_by_hand_passes(name: str):
    verdict = CHECKS[name](RIGHT[name])
    assert verdict.state == "right", verdict


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("check_joint_position", body_checks.joint_by_walking),
        ("check_skin", body_checks.skin_at_once),
        ("check_focal_from_fov", camera_checks.focal_from_fov_px),
        ("check_depth_from_height", camera_checks.depth_from_height_m),
        ("check_rotation_matrix", matrix_from_axis_angle),
        ("check_matrix_from_6d", matrix_from_6d),
        ("check_fit", measuring_checks.fitted),
        ("check_summary", measuring_checks.mean_and_failed),
        ("check_window", hmr_checks.seen_in_window),
        ("check_feedback", hmr_checks.corrected),
        ("check_reprojection", hmr_checks.mean_of_seen),
        ("check_distortion", blade_checks.seen_larger),
        ("check_match", blade_checks.matched),
        ("check_same_size", blade_checks.lens_of_same_size_px),
        ("check_relative", blade_checks.relative_error),
    ],
)
def test_the_model_answers_are_right(name: str, answer):
    assert CHECKS[name](answer).state == "right"


@pytest.mark.parametrize(("name", "number"), MISTAKES)
def test_every_known_mistake_is_named(name: str, number: int):
    mistake = exercise(name).mistakes[number]
    verdict = CHECKS[name](mistake.answers)
    assert verdict.state == "wrong"
    assert mistake.says in verdict.text


@pytest.mark.parametrize("name", CHECKS)
def test_mistakes_can_be_told_apart(name: str):
    says = [mistake.says for mistake in exercise(name).mistakes]
    assert len(set(says)) == len(says)


def unfinished(*given):
    raise NotImplementedError


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize("stub", [lambda *given: None, lambda *given: ..., unfinished])
def test_an_empty_answer_is_not_done_yet(name: str, stub):
    verdict = CHECKS[name](stub)
    assert verdict.state == "open"
    assert "not done yet" in repr(verdict)


def crash(*given):
    raise KeyError("left_knee")


@pytest.mark.parametrize("name", CHECKS)
@pytest.mark.parametrize(
    ("garbage", "told"),
    [
        (lambda *given: "soon", "must return numbers"),
        (lambda *given: torch.zeros(5, 7), "must return"),
        (lambda: 3, "TypeError"),
        (crash, "KeyError"),
        (7, "without brackets"),
        (None, "without brackets"),
    ],
)
def test_garbage_gets_a_clear_message(name: str, garbage, told: str):
    verdict = CHECKS[name](garbage)
    assert verdict.state == "wrong"
    assert told in verdict.text


def test_division_by_zero_is_pointed_at():
    def without_care(axis_angle):
        angle = axis_angle.norm()
        return rodrigues(axis_angle) if angle > 0 else torch.zeros(3, 3) / 0

    verdict = lessons.check_rotation_matrix(without_care)
    assert "divided by zero" in verdict.text and "[0.0, 0.0, 0.0]" in verdict.text


def test_an_unknown_mistake_is_measured():
    verdict = lessons.check_depth_from_height(lambda height_px, height_m, focal_px: 3.0)
    assert "largest difference" in verdict.text and "9.667 m" in verdict.text


def test_half_right_is_said():
    seen = []

    def first_time_only(*given):
        seen.append(given)
        return RIGHT["check_depth_from_height"](*given) + (len(seen) > 1)

    assert "1 of 2 cases are right" in lessons.check_depth_from_height(first_time_only).text


def test_answers_may_come_from_numpy_and_inputs_may_be_overwritten():
    def in_place(theta):
        theta[:, 1:] *= -1
        return theta.numpy()[list(mirror_ids(SMPL_JOINTS))]

    assert lessons.check_mirror(in_place).state == "right"
    assert lessons.check_mirror(in_place).state == "right"
