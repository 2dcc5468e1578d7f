"""What the BLADE lab's questions are answered with, wherever they come from."""

import json
from dataclasses import replace
from typing import Any

import pytest
import torch

from workbench.app import blade_solver
from workbench.app.blade_look import Look
from workbench.app.blade_solver import blade_camera, blade_scan, seen, solvable
from workbench.body import load_body
from workbench.figures.blade_lab import mask_data
from workbench.figures.camera_lab import camera_data, camera_from
from workbench.geometry.camera import perspective_camera
from workbench.image import Person
from workbench.render import render_mask

SIZE_HW, SCALE = (160, 200), 0.5
TZ_M, FOCAL_PX = 2.0, 190.0
"""Of the reduced photo."""


@pytest.fixture(scope="module")
def question() -> dict[str, Any]:
    """Somebody whose mask is exact and whose own camera has a lens half as long as the true one."""
    body = load_body("open-smpl")
    theta = torch.zeros(body.num_joints, 3)
    theta[0, 0] = torch.pi
    mesh = body.mesh(torch.zeros(body.num_betas), theta)
    t = torch.tensor([0.2, -0.1, TZ_M]) - mesh.joints_m[0]
    true = perspective_camera(SIZE_HW, t, FOCAL_PX)
    mask = render_mask(true, mesh.vertices_m, mesh.faces)
    look = Look(SIZE_HW, SCALE, (40, 0, 200, 160))
    person = Person(torch.tensor([60.0, 0.0, 180.0, 160.0]) / SCALE, 1.0)
    own = perspective_camera(SIZE_HW, torch.tensor([0.1, 0.1, 3.0]), FOCAL_PX / 2)
    return {
        "look": look.question(),
        "person": {"body": "open-smpl", "betas": [], "expression": [], "theta": theta.tolist()},
        "own": camera_data(own),
        "found": seen(person, SCALE),
        "others": [],
        "mask": mask_data(look.cut(mask)),
    }


def asked(question: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """By way of JSON, as from a page."""
    return json.loads(json.dumps({**question, **changes}))


def test_the_solved_camera_is_the_one_that_made_the_mask(question):
    answer = blade_camera(asked(question, tz_m=TZ_M))
    solved = answer["solved"]
    assert solved["iou"] > 0.98 > answer["pose"]["iou"]
    assert solved["focal_px"] == pytest.approx(FOCAL_PX / SCALE, rel=0.02)  # in pixels of the whole photo
    assert solved["t"] == pytest.approx([0.2, -0.1, TZ_M], abs=0.02)
    assert max(answer["path"]) == pytest.approx(solved["iou"], abs=0.01)
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_stages_have_the_distance_that_was_asked_for_and_the_shown_picture(question):
    for tz_m in (1.5, 6.0):
        answer = blade_camera(asked(question, tz_m=tz_m, evaluations=2))
        assert answer["tz_m"] == answer["pose"]["t"][2] == answer["solved"]["t"][2] == tz_m
        for stage in ("distance", "pose", "solved"):
            assert camera_from(answer[stage]["camera"]).size_hw == (160, 160)


def test_the_pose_stays_on_its_ray_through_its_own_lens(question):
    near, far = (blade_camera(asked(question, tz_m=tz, evaluations=1))["pose"] for tz in (2.0, 4.0))
    assert near["focal_px"] == far["focal_px"]
    assert [2 * v for v in near["t"]] == pytest.approx(far["t"], abs=1e-3)


@pytest.mark.parametrize("tz_m", [2.0, 5.0])
def test_the_pose_is_seen_where_its_own_camera_sees_it_whatever_its_principal_point(question, tz_m):
    own = camera_from(question["own"])
    off = replace(own, center_px=(own.center_px[0] - 60.0, own.center_px[1] + 20.0))
    sent = asked(question, own=camera_data(off), tz_m=tz_m, evaluations=1)
    pose = camera_from(blade_camera(sent)["pose"]["camera"])
    pelvis_m = solvable(sent).pelvis_m
    left, top = solvable(sent).look.window_px[:2]
    seen_px = off.project(pelvis_m) - torch.tensor([left, top])
    torch.testing.assert_close(pose.project(pelvis_m), seen_px, atol=0.05, rtol=0)


def test_focal_grows_in_proportion_to_the_distance_and_the_overlap_is_flat_far_away(question):
    points = blade_scan(asked(question, row_m=[3.0, 4.5, 6.0, 8.0]))
    scales = [point["focal"] / point["tz"] for point in points]
    assert max(scales) < 1.1 * min(scales)
    near, far = (abs(points[n]["iou"] - points[n + 1]["iou"]) for n in (0, 2))
    assert far < near


def test_a_scan_goes_on_where_it_was(question):
    row = blade_scan(asked(question, row_m=[2.0, 2.2]))
    onward = blade_scan(asked(question, row_m=[2.2], known=row[0]))
    assert onward[0]["iou"] == pytest.approx(row[1]["iou"], abs=0.005)


def test_an_emptied_mask_is_told_and_stage_2_stays(question):
    mask = mask_data(torch.zeros(160, 160, dtype=torch.bool))
    answer = blade_camera(asked(question, mask=mask, tz_m=TZ_M))
    assert answer["solved"] is None and answer["pose"]["iou"] is None
    assert "empty" in answer["said"] and blade_solver.STAYS in answer["said"]
    with pytest.raises(ValueError, match="empty"):
        blade_scan(asked(question, mask=mask, row_m=[2.0]))


def test_a_lens_inside_the_body_is_refused_in_words_and_left_out_of_the_scan(question):
    theta = torch.tensor(question["person"]["theta"])
    theta[0] = torch.tensor([torch.pi / 2, 0.0, 0.0])  # lying, along the axis of the lens
    person = {**question["person"], "theta": theta.tolist()}
    assert "inside the body" in blade_camera(asked(question, person=person, tz_m=0.3))["said"]
    points = blade_scan(asked(question, person=person, row_m=[0.3, 2.0]))
    assert [point["tz"] for point in points] == [2.0]


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        ("tz_m", None, "tz_m"),
        ("tz_m", float("inf"), "tz_m"),
        ("own", {}, "own"),
        ("look", {"size_hw": [160, 200], "scale": 0.5, "window_px": [150, 0, 40, 160]}, "inside the photo"),
        ("look", {"size_hw": [10**7, 10**7], "scale": 0.5, "window_px": [0, 0, 9, 9]}, "pixels"),
        ("mask", None, "mask"),
        ("mask", {"size_hw": [160, 159], "bits": ""}, "mask"),
        ("person", {"body": "nobody", "betas": [], "theta": []}, "no body"),
        ("person", {"body": "open-smpl", "betas": [], "theta": [[0.0] * 3] * 23}, "theta"),
        ("found", {"box_px": [0, 0, 1], "keypoints_px": None}, "found"),
        ("evaluations", 10**6, "evaluations"),
        ("known", {"tz": 1.0}, "known"),
    ],
)
def test_a_question_that_is_none_is_refused(question, name, wrong, said):
    with pytest.raises(ValueError, match=said):
        blade_camera({**asked(question, tz_m=TZ_M), name: wrong})


@pytest.mark.parametrize("nothing", [None, [], {}, "x"])
def test_no_question_is_refused(nothing):
    with pytest.raises(ValueError, match="question"):
        blade_camera(nothing)
