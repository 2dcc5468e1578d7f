"""Every kind of body file gives the same body."""

import os

import numpy as np
import pytest
import smplx
import torch
from scipy import sparse

from tests.body.saving import write
from workbench.body import BodyFileError, load_body, open_body, require_topology
from workbench.body.files import OPEN_BODY, OPEN_BODY_X, model_of, save_npz, save_pkl
from workbench.body.model import BodyModel
from workbench.body.raw import read_body_file
from workbench.body.topology import KEYPOINTS, OPEN, OPEN_X, topology_of

DOUBLE = torch.float64
TENSORS = (
    "v_template",
    "directions",
    "joint_template",
    "joint_directions",
    "weights",
    "faces",
    "joint_regressor",
)


def assert_same_body(a: BodyModel, b: BodyModel):
    for name in TENSORS:
        torch.testing.assert_close(
            getattr(a, name), getattr(b, name), msg=lambda text, name=name: f"{name}: {text}"
        )
    assert a.parents == b.parents


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
def test_smpl_layout_is_read_in_full_precision(toy, toy_arrays, tmp_path, suffix):
    body = load_body(write(tmp_path / f"SMPL_TOY{suffix}", toy_arrays), dtype=DOUBLE)
    assert_same_body(body, toy)
    assert (body.name, body.topology) == ("SMPL_TOY", "unknown-162v-320f")


def test_the_content_decides_and_not_the_name(toy, toy_arrays, tmp_path):
    misnamed = write(tmp_path / "a.npz", toy_arrays).rename(tmp_path / "a.pkl")
    assert_same_body(load_body(misnamed, dtype=DOUBLE), toy)


def test_a_sparse_regressor_is_read(toy, toy_arrays, tmp_path):
    arrays = toy_arrays | {"J_regressor": sparse.csc_matrix(toy_arrays["J_regressor"])}
    assert_same_body(load_body(write(tmp_path / "a.pkl", arrays), dtype=DOUBLE), toy)


def test_objects_that_no_body_needs_are_not_looked_at(toy, toy_arrays, tmp_path):
    extra = np.array([{"left": 1}, None], dtype=object)  # SMPL-X's joint2num and part2num
    path = tmp_path / "a.npz"
    np.savez(path, allow_pickle=True, **(toy_arrays | {"joint2num": extra}))
    assert_same_body(load_body(path, dtype=DOUBLE), toy)


@pytest.mark.parametrize("save", [save_npz, save_pkl])
def test_converted_files_keep_body_and_origin(toy_arrays, tmp_path, save):
    text = {"name": "toy", "topology": "toy-162", "licence": "CC0-1.0"}
    original = write(tmp_path / "a.pkl", toy_arrays | text)
    save(read_body_file(original), tmp_path / "converted")
    converted = read_body_file(tmp_path / "converted")
    assert_same_body(model_of(converted, DOUBLE), load_body(original, dtype=DOUBLE))
    assert (converted.name, converted.topology, converted.licence) == ("toy", "toy-162", "CC0-1.0")


@pytest.mark.parametrize("save", [save_npz, save_pkl])
def test_the_open_body_stays_the_open_body(tmp_path, save):
    save(read_body_file(OPEN_BODY), tmp_path / "open")
    body, converted = load_body(), load_body(tmp_path / "open")
    assert_same_body(converted, body)
    assert converted.topology == body.topology == OPEN
    assert converted.keypoints == body.keypoints
    torch.testing.assert_close(converted.uv, body.uv)


def test_smplx_reads_our_pickle(tmp_path, capsys):
    save_pkl(read_body_file(OPEN_BODY), tmp_path / "SMPL_NEUTRAL.pkl")
    oracle = smplx.SMPL(str(tmp_path / "SMPL_NEUTRAL.pkl"))
    torch.testing.assert_close(oracle().vertices[0], load_body().v_template, atol=1e-5, rtol=0)


def test_expressions_of_smplx_are_not_shapes(toy_arrays, tmp_path):
    """A file of SMPL-X's size, otherwise zeros: the older release has 10 shapes, then 10 expressions."""
    v, j = 10475, 55
    parents = np.maximum(np.arange(j) - 1, 0)
    weights = np.zeros((v, j), np.float32)
    weights[:, 0] = 1
    arrays = {
        "v_template": np.linspace(0, 1, v * 3, dtype=np.float32).reshape(v, 3),
        "shapedirs": np.zeros((v, 3, 20), np.float32),
        "posedirs": np.zeros((v, 3, 486), np.float32),
        "J_regressor": np.full((j, v), 1 / v, np.float32),
        "weights": weights,
        "kintree_table": np.array([parents, range(j)], np.int64),
        "f": np.zeros((20908, 3), np.int64),
    }
    arrays["kintree_table"][0, 0] = -1
    body = load_body(write(tmp_path / "SMPLX_NEUTRAL.npz", arrays))
    assert (body.topology, body.num_betas, body.num_expressions, body.num_joints) == ("smplx", 10, 10, 55)
    assert body.keypoints == KEYPOINTS["smplx"]


def test_the_bodies_that_come_along_have_short_names(monkeypatch):
    assert load_body("open-smpl") is load_body(OPEN_BODY)
    assert load_body("open-smplx") is load_body(OPEN_BODY_X)
    monkeypatch.setenv("WORKBENCH_BODY", "open-smplx")
    assert load_body().topology == OPEN_X
    assert open_body() is load_body("open-smpl")


def test_expressions_and_hands_survive_conversion(tmp_path):
    save_npz(read_body_file(OPEN_BODY_X), tmp_path / "x.npz")
    body, converted = load_body(OPEN_BODY_X), load_body(tmp_path / "x.npz")
    assert_same_body(converted, body)
    assert (converted.num_betas, converted.num_expressions) == (10, 10)
    torch.testing.assert_close(converted.expression_joint_directions, body.expression_joint_directions)
    torch.testing.assert_close(converted.hand_means, body.hand_means)
    torch.testing.assert_close(converted.hand_components, body.hand_components)


@pytest.mark.parametrize("wrong", [np.zeros(44), np.full(45, np.nan), np.array(["fist"] * 45)])
def test_hands_of_another_size_or_kind_are_named(toy_arrays, tmp_path, wrong):
    file = read_body_file(write(tmp_path / "a.npz", toy_arrays | {"hands_meanl": wrong}))
    assert len(file.problems) == 1 and "hands_meanl" in file.problems[0]


def test_a_file_is_read_once_until_it_changes(toy_arrays, tmp_path):
    path = write(tmp_path / "a.npz", toy_arrays)
    first = load_body(path)
    assert load_body(str(path)) is first
    write(path, toy_arrays | {"v_template": 1.1 * toy_arrays["v_template"]})
    os.utime(path, ns=(0, 10**18))
    assert load_body(path) is not first


def test_the_default_is_the_open_body_unless_the_environment_says_otherwise(
    toy_arrays, tmp_path, monkeypatch
):
    monkeypatch.delenv("WORKBENCH_BODY", raising=False)
    assert load_body().topology == OPEN
    monkeypatch.setenv("WORKBENCH_BODY", str(write(tmp_path / "a.npz", toy_arrays)))
    assert load_body().topology == "unknown-162v-320f"
    monkeypatch.setenv("WORKBENCH_BODY", str(tmp_path / "none.npz"))
    with pytest.raises(BodyFileError, match="WORKBENCH_BODY"):
        load_body()


def test_data_of_one_mesh_is_not_laid_over_another(toy):
    require_topology(toy, "toy-162")
    with pytest.raises(ValueError, match=r"DensePose is indexed .* 'smpl'; body 'toy' has 'toy-162'"):
        require_topology(toy, "smpl", "DensePose")
    assert topology_of(6890, 13776) == "smpl"
    body = load_body()
    assert topology_of(len(body.v_template), len(body.faces)) != "smpl"
    with pytest.raises(ValueError, match=OPEN):
        require_topology(body, "smpl")
    require_topology(toy.subset(torch.arange(5)), "toy-162-subset")


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_weights_of_few_digits_sum_to_one_again(toy_arrays, tmp_path, dtype):
    rough = (toy_arrays["weights"] * 1.009).astype(dtype)
    rough[5, :2] -= 5e-5  # at most this far below zero
    path = write(tmp_path / "a.npz", toy_arrays | {"weights": rough})
    weights = load_body(path, dtype=DOUBLE).weights
    assert read_body_file(path).arrays["weights"].dtype == dtype
    torch.testing.assert_close(weights.sum(1), torch.ones(162, dtype=DOUBLE), atol=3e-7, rtol=0)
    assert weights.min() >= 0
    torch.testing.assert_close(weights, torch.from_numpy(toy_arrays["weights"]), atol=1e-4, rtol=0)
