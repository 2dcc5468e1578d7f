"""Joint sets name what they measure, and their regressors stay with the body however it is posed."""

import numpy as np
import pytest
import torch

from workbench.body import BodyModel, load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.body.limits import angle_spread_rad
from workbench.evaluation.joint_sets import (
    H36M,
    JOINT_SETS,
    LSP,
    LSP_OF_H36M,
    joint_regressor,
    joint_set,
    regressor_from_file,
)
from workbench.evaluation.skin_joints import skin_weights
from workbench.geometry.rotations import axis_angle_from_matrix, matrix_from_axis_angle
from workbench.weights import asset

SKIN = [name for name, joints in JOINT_SETS.items() if joints.from_skin]
FAR_MM = {"hip": 45, "shoulder": 30, "neck": 32, "spine2": 22}
"""How far from the skeleton's joint a regressed one may be in a wild pose; 12 mm for the others."""


@pytest.fixture(scope="module")
def body_x():
    return load_body(asset("open_body_x.npz"))


def wild(body: BodyModel, count: int = 60):
    random = torch.Generator().manual_seed(0)
    spread = torch.from_numpy(angle_spread_rad(body.num_joints)).float().clamp(max=1.2)
    theta = 0.6 * spread * torch.randn(count, body.num_joints, 3, generator=random)
    return body.with_shape(torch.randn(count, 10, generator=random)).with_pose(theta).mesh()


@pytest.mark.parametrize(("name", "count"), [("lsp14", 14), ("h36m17", 17), ("smpl24", 24), ("smplx22", 22)])
def test_have_the_points_they_say(name, count, body):
    regressor = joint_regressor(body, name)
    mesh = wild(body, 3)
    assert len(joint_set(name).joints) == count
    assert regressor.points(mesh).shape == (3, count, 3)
    assert torch.allclose(regressor.joint_weights.sum(1) + regressor.vertex_weights.sum(1), torch.ones(count))
    assert (regressor.vertex_weights >= 0).all()


def test_orders_agree():
    assert LSP[:6] == tuple(H36M[i] for i in LSP_OF_H36M[:6])
    assert all(
        a == b or (a, b) == ("neck", "thorax")
        for a, b in zip(LSP, (H36M[i] for i in LSP_OF_H36M), strict=True)
    )
    assert joint_set("h36m14").measured == LSP_OF_H36M
    for joints in JOINT_SETS.values():
        assert all(0 <= i < len(joints.joints) for i in (*joints.root, *joints.measured))


@pytest.mark.parametrize("which", ["body", "body_x"])
def test_skin_follows_the_skeleton(which, request):
    """The same bounds on both bodies: the rest regressor, by comparison, is 100 mm off at a bent elbow."""
    body = request.getfixturevalue(which)
    mesh = wild(body)
    points = joint_regressor(body, "lsp14").points(mesh)
    for i, name in enumerate(LSP[:13]):
        off = 1000 * (points[:, i] - mesh.joints_m[:, SMPL_JOINTS.index(name)]).norm(dim=-1)
        assert off.max() < FAR_MM.get(name.split("_")[-1], 12), name


def test_beats_the_rest_regressor_on_a_bent_elbow(body):
    theta = torch.zeros(24, 3)
    theta[18, 1] = -1.6
    mesh, elbow = body.mesh(torch.zeros(10), theta), SMPL_JOINTS.index("left_elbow")
    ours = skin_weights(body, elbow) @ mesh.vertices_m
    rest = body.joint_regressor[elbow] @ mesh.vertices_m
    assert (ours - mesh.joints_m[elbow]).norm() < 0.01 < 0.05 < (rest - mesh.joints_m[elbow]).norm()


@pytest.mark.parametrize("name", SKIN)
def test_from_skin_needs_no_skeleton_and_moves_with_the_mesh(name, body):
    regressor, mesh = joint_regressor(body, name), wild(body, 4)
    assert torch.equal(regressor.points(mesh), regressor.points_of_skin(mesh.vertices_m))
    turn = matrix_from_axis_angle(torch.tensor([0.4, 1.0, -0.2]))
    moved = 1.2 * mesh.vertices_m @ turn.T + torch.tensor([1.0, 2.0, 3.0])
    expected = 1.2 * regressor.points(mesh) @ turn.T + torch.tensor([1.0, 2.0, 3.0])
    assert torch.allclose(regressor.points_of_skin(moved), expected, atol=1e-5)


@pytest.mark.parametrize("name", SKIN)
def test_left_and_right_are_alike(name, body):
    """On the symmetric rest body, each point's mirror image is the point of the other side."""
    points = joint_regressor(body, name).points(body.mesh(torch.zeros(10), torch.zeros(24, 3)))
    names = joint_set(name).joints
    for i, joint in enumerate(names):
        other = joint.replace("left", "!").replace("right", "left").replace("!", "right")
        assert torch.allclose(points[i] * torch.tensor([-1.0, 1, 1]), points[names.index(other)], atol=2e-3)


def test_both_bodies_have_the_same_points(body, body_x):
    """The open SMPL-X body is the same person: its joints lie where the SMPL one's do, about the pelvis."""
    for name in ("lsp14", "h36m17", "smplx22"):
        points = []
        for model in (body, body_x):
            regressor = joint_regressor(model, name)
            at = regressor.points(model.mesh(torch.zeros(10), torch.zeros(model.num_joints, 3)))
            points.append(at - regressor.root(at))
        assert (points[0] - points[1]).norm(dim=1).max() < 0.003


def test_skeleton_sets_are_the_skeleton(body, body_x):
    mesh = wild(body, 3)
    assert torch.equal(joint_regressor(body, "smpl24").points(mesh), mesh.joints_m)
    mesh = wild(body_x, 3)
    assert torch.equal(joint_regressor(body_x, "smplx22").points(mesh), mesh.joints_m[:, :22])
    with pytest.raises(ValueError, match="left_hand, right_hand"):
        joint_regressor(body_x, "smpl24")


def test_root_is_the_mean_of_the_roots(body):
    regressor, mesh = joint_regressor(body, "lsp14"), wild(body, 2)
    points = regressor.points(mesh)
    assert torch.allclose(regressor.root(points), (points[:, 2] + points[:, 3]) / 2)


def test_a_part_of_a_body_is_refused(body):
    part = body.subset(torch.arange(500))
    with pytest.raises(ValueError, match="smpl24 or smplx22"):
        joint_regressor(part, "lsp14")
    assert joint_regressor(part, "smpl24").points(wild(body, 1)).shape == (1, 24, 3)


def test_the_root_has_no_skin_of_its_own(body):
    with pytest.raises(ValueError, match="middle of the hips"):
        skin_weights(body, 0)


def test_unknown_set_is_explained(body):
    with pytest.raises(ValueError, match="lsp14"):
        joint_regressor(body, "coco17")


class TestRegressorFromFile:
    def test_is_the_matrix(self, body, tmp_path):
        matrix = np.random.default_rng(0).dirichlet(np.ones(6890), 17)
        np.save(tmp_path / "mine.npy", matrix)
        regressor = regressor_from_file(tmp_path / "mine.npy", body, "h36m14", body.topology)
        mesh = wild(body, 2)
        expected = np.einsum("kv,bvc->bkc", matrix, mesh.vertices_m.numpy())
        assert np.allclose(regressor.points(mesh).numpy(), expected, atol=1e-5)

    def test_smpls_is_not_laid_over_the_open_body(self, body, tmp_path):
        np.save(tmp_path / "J_regressor_h36m.npy", np.zeros((17, 6890)))
        with pytest.raises(ValueError, match="indexed by the vertices of topology 'smpl'"):
            regressor_from_file(tmp_path / "J_regressor_h36m.npy", body, "h36m17")

    @pytest.mark.parametrize("array", [np.zeros((14, 6890)), np.full((17, 6890), np.nan), np.zeros(3)])
    def test_another_shape_is_explained(self, array, body, tmp_path):
        np.save(tmp_path / "mine.npy", array)
        with pytest.raises(ValueError, match=r"\(17, 6890\)"):
            regressor_from_file(tmp_path / "mine.npy", body, "h36m17", body.topology)

    @pytest.mark.parametrize("content", [b"", b"not numpy", b"\x93NUMPY\x01\x00"])
    def test_a_broken_file_is_explained(self, content, body, tmp_path):
        (tmp_path / "mine.npy").write_bytes(content)
        with pytest.raises(ValueError, match=r"mine\.npy"):
            regressor_from_file(tmp_path / "mine.npy", body, "h36m17", body.topology)


def test_turning_the_root_turns_the_points(body):
    regressor = joint_regressor(body, "lsp14")
    turn = matrix_from_axis_angle(torch.tensor([0.4, 1.0, -0.2]))
    theta = torch.zeros(24, 3)
    theta[16, 2] = -1.0
    still = body.mesh(torch.zeros(10), theta)
    theta = theta.clone()
    theta[0] = axis_angle_from_matrix(turn)
    turned = body.mesh(torch.zeros(10), theta)
    about = regressor.points(still) - still.joints_m[0]
    assert torch.allclose(regressor.points(turned) - turned.joints_m[0], about @ turn.T, atol=1e-5)
