"""Two oracles for the body: SMPL's equations written out in numpy, and smplx."""

import numpy as np
import pytest
import roma
import smplx
import torch
from smplx.utils import Struct

from workbench.body import load_body
from workbench.body.files import OPEN_BODY_X, save_npz
from workbench.body.hands import hand_pose
from workbench.body.joints import SMPL_PARENTS
from workbench.body.raw import read_body_file

DOUBLE = torch.float64


def random_person(*batch):
    return torch.randn(*batch, 10, dtype=DOUBLE), 0.7 * torch.randn(*batch, 24, 3, dtype=DOUBLE)


def naive_body(arrays, betas, theta):
    """SMPL's equations one after another, one body, plain numpy."""
    shaped = arrays["v_template"] + arrays["shapedirs"] @ betas
    joints = arrays["J_regressor"] @ shaped
    local = np.stack([roma.rotvec_to_rotmat(torch.from_numpy(t)).numpy() for t in theta])
    posed = shaped + arrays["posedirs"] @ (local[1:] - np.eye(3)).ravel()
    world = []
    for joint, parent in enumerate(SMPL_PARENTS):
        step = np.eye(4)
        step[:3, :3] = local[joint]
        step[:3, 3] = joints[joint] - (joints[parent] if joint else 0)
        world.append(world[parent] @ step if joint else step)
    vertices = np.zeros_like(posed)
    for joint, transform in enumerate(world):
        moved = (posed - joints[joint]) @ transform[:3, :3].T + transform[:3, 3]
        vertices += arrays["weights"][:, [joint]] * moved
    return vertices, np.stack([transform[:3, 3] for transform in world])


def smplx_body(arrays, batch_size, dtype, **options):
    struct = Struct(**{key: np.array(value) for key, value in arrays.items()})
    return smplx.SMPL("", data_struct=struct, batch_size=batch_size, dtype=dtype, **options)


def test_equals_the_equations_written_out(toy, toy_arrays):
    betas, theta = random_person(3)
    mesh = toy.mesh(betas, theta)
    for i in range(3):
        vertices, joints = naive_body(toy_arrays, betas[i].numpy(), theta[i].numpy())
        np.testing.assert_allclose(mesh.vertices_m[i], vertices, atol=1e-12)
        np.testing.assert_allclose(mesh.joints_m[i], joints, atol=1e-12)


def test_equals_smplx_in_double(toy, toy_arrays):
    keypoints = {"reye": 1, "leye": 2, "rear": 3, "lear": 4, "nose": 0}
    fingers = ("thumb", "index", "middle", "ring", "pinky")
    keypoints |= {f"{s}{f}": 5 for s in "lr" for f in fingers}
    keypoints |= {f"{s}{f}": 6 for s in "LR" for f in ("BigToe", "SmallToe", "Heel")}
    betas, theta = random_person(4)
    oracle = smplx_body(toy_arrays, 4, DOUBLE, vertex_ids=keypoints)
    expected = oracle(betas=betas, global_orient=theta[:, 0], body_pose=theta[:, 1:].flatten(1))
    mesh = toy.mesh(betas, theta)
    # smplx adds 1e-8 to every angle, so that the axis of no rotation is defined
    torch.testing.assert_close(mesh.vertices_m, expected.vertices, atol=1e-7, rtol=0)
    torch.testing.assert_close(mesh.joints_m, expected.joints[:, :24], atol=1e-7, rtol=0)


def test_open_body_equals_smplx_in_single():
    body = load_body()
    regressor = body.joint_regressor
    assert regressor is not None
    tensors = {"v_template": body.v_template, "shapedirs": body.shapedirs, "posedirs": body.posedirs}
    tensors |= {"J_regressor": regressor, "weights": body.weights, "f": body.faces}
    arrays = {key: value.numpy() for key, value in tensors.items()}
    arrays["kintree_table"] = np.array([body.parents, range(24)])
    betas, theta = (x.float() for x in random_person(9))
    oracle = smplx_body(arrays, 9, torch.float32)
    expected = oracle(betas=betas, global_orient=theta[:, 0], body_pose=theta[:, 1:].flatten(1))
    mesh = body.mesh(betas, theta)
    torch.testing.assert_close(mesh.vertices_m, expected.vertices, atol=1e-6, rtol=0)
    torch.testing.assert_close(mesh.joints_m, expected.joints[:, :24], atol=1e-6, rtol=0)


def test_open_body_in_smplx_format_equals_smplx_in_single(smplx_file):
    body, count = load_body("open-smplx"), 5
    oracle = smplx.SMPLX(smplx_file, batch_size=count, use_pca=False, flat_hand_mean=True)
    betas, expression = torch.randn(count, 10), torch.randn(count, 10)
    theta = 0.5 * torch.randn(count, 55, 3)
    parts = {"global_orient": theta[:, 0], "body_pose": theta[:, 1:22], "jaw_pose": theta[:, 22]}
    parts |= {"leye_pose": theta[:, 23], "reye_pose": theta[:, 24]}
    parts |= {"left_hand_pose": theta[:, 25:40], "right_hand_pose": theta[:, 40:]}
    parts = {key: value.flatten(1) for key, value in parts.items()}
    expected = oracle(betas=betas, expression=expression, **parts)
    mesh = body.mesh(betas, theta, expression)
    torch.testing.assert_close(mesh.vertices_m, expected.vertices, atol=1e-6, rtol=0)
    torch.testing.assert_close(mesh.joints_m, expected.joints[:, :55], atol=1e-6, rtol=0)
    names = ("nose", "right_eye", "left_eye", "right_ear", "left_ear")  # smplx appends them in this order
    keypoints = mesh.vertices_m[:, [body.keypoints[name] for name in names]]
    torch.testing.assert_close(keypoints, expected.joints[:, 55:60], atol=1e-6, rtol=0)


def test_hand_components_equal_smplx(smplx_file):
    body, count = load_body("open-smplx"), 3
    oracle = smplx.SMPLX(smplx_file, batch_size=count, use_pca=True, num_pca_comps=6, flat_hand_mean=False)
    coefficients = torch.randn(count, 2, 6)
    expected = oracle(left_hand_pose=coefficients[:, 0], right_hand_pose=coefficients[:, 1])
    theta = torch.zeros(count, 55, 3)
    theta[:, 25:] = hand_pose(body, coefficients)
    mesh = body.mesh(torch.zeros(10), theta)
    torch.testing.assert_close(mesh.vertices_m, expected.vertices, atol=1e-6, rtol=0)


@pytest.fixture(scope="module")
def smplx_file(tmp_path_factory):
    """The open body, converted."""
    path = tmp_path_factory.mktemp("smplx") / "SMPLX_NEUTRAL.npz"
    save_npz(read_body_file(OPEN_BODY_X), path)
    return str(path)
