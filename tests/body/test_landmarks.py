"""BlazePose landmarks on bodies that offer more and fewer points."""

from dataclasses import replace

import numpy as np
import pytest
import roma
import torch

from workbench.body import load_body
from workbench.body.joints import BLAZEPOSE, SMPL_JOINTS, mirror_ids
from workbench.body.landmarks import landmark_regressor, recipes

DOUBLE = torch.float64


def test_weights_of_every_recipe_sum_to_one():
    for landmark in BLAZEPOSE:
        for recipe in recipes(landmark):
            assert sum(recipe.values()) == pytest.approx(1)


def test_mirrored_landmarks_have_mirrored_recipes():
    swap = {"left": "right", "right": "left"}
    for landmark, other in zip(BLAZEPOSE, mirror_ids(BLAZEPOSE), strict=True):
        mirrored = [
            {
                "_".join(swap.get(part, part) for part in point.split("_")): weight
                for point, weight in r.items()
            }
            for r in recipes(landmark)
        ]
        assert mirrored == list(recipes(BLAZEPOSE[other]))


def test_joints_and_surface_points_are_where_the_mesh_has_them(toy):
    landmarks = landmark_regressor(toy)
    mesh = toy.mesh(torch.randn(3, 10), torch.randn(3, 24, 3))
    points = dict(zip(landmarks.names, landmarks.points(mesh).unbind(1), strict=True))
    torch.testing.assert_close(points["left_knee"], mesh.joints_m[:, SMPL_JOINTS.index("left_knee")])
    torch.testing.assert_close(points["nose"], mesh.vertices_m[:, toy.keypoints["nose"]])
    torch.testing.assert_close(points["right_foot_index"], mesh.vertices_m[:, toy.keypoints["right_big_toe"]])
    assert [BLAZEPOSE[i] for i in landmarks.ids] == list(landmarks.names)


def test_a_body_with_smpls_21_points_lacks_mouth_and_eye_corners(toy):
    assert set(BLAZEPOSE) - set(landmark_regressor(toy).names) == {
        *(
            "mouth_left",
            "mouth_right",
            "left_eye_inner",
            "left_eye_outer",
            "right_eye_inner",
            "right_eye_outer",
        )
    }


def test_a_body_without_points_still_has_its_joints(toy):
    landmarks = landmark_regressor(replace(toy, keypoints={}))
    assert len(landmarks.names) == 12
    assert landmarks.points(toy.mesh(torch.zeros(10), torch.zeros(24, 3))).shape == (12, 3)


def test_landmarks_turn_and_move_with_the_body(toy):
    landmarks = landmark_regressor(toy)
    theta = torch.randn(24, 3, dtype=DOUBLE)
    still = theta.clone()
    still[0] = 0
    before, after = toy.mesh(torch.zeros(10), still), toy.mesh(torch.zeros(10), theta)
    pivot, rotation = before.joints_m[0], roma.rotvec_to_rotmat(theta[0])
    expected = (landmarks.points(before) - pivot) @ rotation.T + pivot
    torch.testing.assert_close(landmarks.points(after), expected)


def test_collapsed_landmarks_are_exact_without_pose_correctives(toy):
    directions = toy.directions.clone()
    directions[toy.num_betas :] = 0
    plain = replace(toy, directions=directions)
    landmarks = landmark_regressor(plain)
    betas, theta = torch.randn(10, dtype=DOUBLE), torch.randn(24, 3, dtype=DOUBLE)
    x, _, _ = landmarks.collapsed.evaluate(roma.rotvec_to_rotmat(theta).numpy(), betas.numpy())
    np.testing.assert_allclose(x, landmarks.points(plain.mesh(betas, theta)).numpy(), atol=1e-12)


def test_a_subset_of_the_landmarks_vertices_is_enough(toy):
    landmarks = landmark_regressor(toy)
    person = torch.randn(10, dtype=DOUBLE), torch.randn(24, 3, dtype=DOUBLE)
    few = toy.subset(landmarks.vertex_ids)
    expected = landmarks.points(toy.mesh(*person))
    torch.testing.assert_close(landmark_regressor(few).points(few.mesh(*person)), expected)


def test_open_body_has_all_and_is_symmetric():
    body = load_body()
    landmarks = landmark_regressor(body)
    assert landmarks.names == BLAZEPOSE
    points = landmarks.points(body.mesh(torch.zeros(10), torch.zeros(24, 3)))
    mirrored = points[list(mirror_ids(BLAZEPOSE))] * torch.tensor([-1.0, 1, 1])
    torch.testing.assert_close(points, mirrored, atol=1e-3, rtol=0)
    assert (points[[i for i, name in enumerate(BLAZEPOSE) if "left" in name], 0] > 0).all()


def test_mixed_knuckles_are_near_the_open_bodys_own():
    body = load_body()
    as_smpl = replace(body, keypoints={k: v for k, v in body.keypoints.items() if "knuckle" not in k})
    mesh = body.mesh(torch.randn(20, 10), 0.3 * torch.randn(20, 24, 3))
    own, mixed = landmark_regressor(body), landmark_regressor(as_smpl)
    distance = (own.points(mesh) - mixed.points(mesh)).norm(dim=-1).mean(0)
    for name, mean_m in zip(own.names, distance.tolist(), strict=True):
        knuckle = name.removeprefix("left_").removeprefix("right_")
        assert mean_m < {"index": 0.012, "pinky": 0.012, "thumb": 0.03}.get(knuckle, 1e-6)
