"""Every kind of wrong body file gets a message that helps."""

import os
import pickle
import shutil
import zipfile

import numpy as np
import pytest

from tests.body.saving import write
from workbench.body import BodyFileError, load_body
from workbench.body.files import OPEN_BODY
from workbench.body.raw import read_body_file


def test_everything_wrong_is_reported_at_once(toy_arrays, tmp_path):
    wrong = {
        "shapedirs": toy_arrays["shapedirs"].reshape(162, 30),
        "posedirs": toy_arrays["posedirs"][..., :200],
        "J_regressor": toy_arrays["J_regressor"][:, :100],
        "v_template": np.where(np.arange(162)[:, None] == 5, np.nan, toy_arrays["v_template"]),
        "f": toy_arrays["f"].astype(float),
    }
    with pytest.raises(BodyFileError) as caught:
        load_body(write(tmp_path / "a.npz", toy_arrays | wrong))
    for expected in (
        "shapedirs: expected shape (162, 3, betas), got (162, 30)",
        "posedirs: expected shape (162, 3, 207), got (162, 3, 200)",
        "J_regressor: expected shape (24, 162), got (24, 100)",
        "v_template: expected finite numbers, got NaN or infinity",
        "f: expected whole numbers, got float64",
    ):
        assert expected in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("f", lambda f: f + 1, r"f: expected ids 0\.\.161, got 1\.\.162"),
        ("weights", lambda w: 2 * w, "weights: expected a sum of 1 for each vertex, got 2..2"),
        ("v_template", lambda v: 1000 * v, "expected a body in metres, got one of 1.8e"),
        ("kintree_table", lambda k: k[:, ::-1].copy(), "expected -1 and then earlier joints"),
        ("v_template", lambda v: v[:0], r"expected shape \(0, 3\), got \(0, 3\)|shape"),
        ("weights", lambda w: np.float64(1), r"weights: expected shape"),
        ("v_template", lambda v: v.astype(str), "expected numbers, got <U"),
        ("weights", lambda w: np.eye(24)[np.arange(162) % 24] * 2 - w, "weights: expected no negative ones"),
        ("J_regressor", lambda r: 100 * r, "J_regressor: expected a sum of 1 for each joint, got 100..100"),
        ("kintree_table", lambda k: k[:0], r"kintree_table: expected shape \(24\), got \(0, 24\)"),
        ("kintree_table", lambda k: k.astype(str), "kintree_table: expected"),
        ("kintree_table", lambda k: k[0].astype(str), "kintree_table: expected whole numbers, got <U"),
        ("kintree_table", lambda k: np.array("root"), "kintree_table: expected shape"),
    ],
)
def test_values_that_make_no_body(toy_arrays, tmp_path, key, value, message):
    with pytest.raises(BodyFileError, match=message):
        load_body(write(tmp_path / "a.npz", toy_arrays | {key: value(toy_arrays[key])}))


EXTRAS = {
    "vt": np.linspace(0, 1, 80).reshape(40, 2),
    "ft": np.arange(960).reshape(320, 3) % 40,
    "keypoint_names": np.array(["nose", "chin"]),
    "keypoint_vertices": np.array([3, 161]),
}


@pytest.mark.parametrize("suffix", [".npz", ".pkl"])
@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("vt", np.zeros((40, 3)), r"vt: expected shape \(texture vertices, 2\), got \(40, 3\)"),
        ("vt", np.zeros(0), r"vt: expected shape"),
        ("vt", np.full((40, 2), np.nan), "vt: expected finite numbers"),
        ("ft", np.zeros((319, 3), int), r"ft: expected shape \(320, 3\), got \(319, 3\)"),
        ("ft", np.zeros((320, 3)), "ft: expected whole numbers, got float64"),
        ("ft", EXTRAS["ft"] + 1, r"ft: expected ids 0\.\.39, got 1\.\.40"),
        ("ft", EXTRAS["ft"] - 1, r"ft: expected ids 0\.\.39, got -1\.\.38"),
        ("keypoint_vertices", np.zeros(0, int), "keypoint_vertices: expected shape"),
        ("keypoint_vertices", np.arange(3), r"keypoint_vertices: expected shape \(2\), got \(3,\)"),
        ("keypoint_vertices", np.zeros((2, 1), int), "keypoint_vertices: expected shape"),
        ("keypoint_vertices", np.array([1, np.nan]), "keypoint_vertices: expected whole numbers"),
        ("keypoint_vertices", np.array(["1", "2"]), "keypoint_vertices: expected whole numbers"),
        ("keypoint_vertices", np.array([0, 162]), r"keypoint_vertices: expected ids 0\.\.161, got 0\.\.162"),
        ("keypoint_names", np.arange(2), "keypoint_names: expected text, got int64"),
        ("keypoint_names", np.array("nose"), "keypoint_names: expected shape"),
    ],
)
def test_texture_and_keypoints_are_checked_as_the_rest(toy_arrays, tmp_path, suffix, key, value, message):
    assert load_body(write(tmp_path / f"sound{suffix}", toy_arrays | EXTRAS)).keypoints["chin"] == 161
    with pytest.raises(BodyFileError, match=message):
        load_body(write(tmp_path / f"a{suffix}", toy_arrays | EXTRAS | {key: value}))


def test_whatever_a_pickle_holds_is_explained(toy_arrays, tmp_path):
    """Errors that only looking at an array raises."""
    for value in ({}, [{}], [10**400], "text", None, [[1], [2, 3]], float("nan"), b"bytes", -1, [None] * 24):
        for key in (*toy_arrays, *EXTRAS):
            with pytest.raises(BodyFileError, match=r"expected|cannot be read"):
                load_body(write(tmp_path / "a.pkl", toy_arrays | EXTRAS | {key: value}))


def test_missing_arrays_are_named(toy_arrays, tmp_path):
    some = {key: value for key, value in toy_arrays.items() if key not in ("weights", "f")}
    with pytest.raises(BodyFileError, match="missing: weights, f"):
        load_body(write(tmp_path / "a.pkl", some))


def test_a_wrong_claim_of_topology_is_a_problem(toy_arrays, tmp_path):
    with pytest.raises(BodyFileError, match="the file says 'smpl', but its size says 'unknown-162v-320f'"):
        load_body(write(tmp_path / "a.npz", toy_arrays | {"topology": "smpl"}))


def test_what_is_no_body_file(tmp_path):
    with pytest.raises(BodyFileError, match="got a folder"):
        load_body(tmp_path)
    with pytest.raises(BodyFileError, match="There is no body file at"):
        load_body(tmp_path / "missing.npz")
    for content in (b"", b"<html>Please sign in</html>", b"\x93NUMPY"):
        (tmp_path / "page.npz").write_bytes(content)
        with pytest.raises(BodyFileError, match="is neither"):
            read_body_file(tmp_path / "page.npz")


@pytest.mark.parametrize("share", [0.01, 0.5, 0.99])
def test_a_cut_file_is_damaged(toy_arrays, tmp_path, share):
    sources = [write(tmp_path / "a.npz", toy_arrays), write(tmp_path / "a.pkl", toy_arrays)]
    for source in [*sources, OPEN_BODY]:
        data = source.read_bytes()
        cut = tmp_path / f"cut{source.suffix}"
        cut.write_bytes(data[: int(share * len(data))])
        with pytest.raises(BodyFileError, match=r"cannot be read|was not loaded|damaged"):
            read_body_file(cut)


def test_a_pickle_that_runs_code_is_refused(tmp_path):
    class Attack:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path / 'ran'}",)

    (tmp_path / "SMPL_NEUTRAL.pkl").write_bytes(pickle.dumps({"v_template": Attack()}))
    with pytest.raises(BodyFileError, match=r"system' ?, which is not data; nothing of it was run"):
        load_body(tmp_path / "SMPL_NEUTRAL.pkl")
    assert not (tmp_path / "ran").exists()


def test_pickles_inside_npz_are_refused(toy_arrays, tmp_path):
    path = tmp_path / "a.npz"
    np.savez(path, allow_pickle=True, **(toy_arrays | {"weights": np.array([os.system, None], dtype=object)}))
    with pytest.raises(BodyFileError, match="Object arrays cannot be loaded"):
        load_body(path)


def test_zip_bombs_are_refused(toy_arrays, tmp_path, monkeypatch):
    monkeypatch.setattr("workbench.body.raw.LARGEST_BYTES", 1 << 20)
    bomb = toy_arrays | {"shapedirs": np.zeros((162, 3, 1000))}
    np.savez_compressed(tmp_path / "a.npz", **bomb)
    assert (tmp_path / "a.npz").stat().st_size < 1 << 20
    with pytest.raises(BodyFileError, match="would unzip to more than 1 MB"):
        load_body(tmp_path / "a.npz")


def test_an_array_that_lies_about_its_size_is_damaged(toy_arrays, tmp_path):
    honest, liar = write(tmp_path / "a.npz", toy_arrays), tmp_path / "liar.npz"
    with zipfile.ZipFile(honest) as source, zipfile.ZipFile(liar, "w") as target:
        for entry in source.infolist():
            data = source.read(entry)
            if entry.filename == "weights.npy":
                data = data.replace(b"(162, 24), }        ", b"(162, 24000000), }  ")
            target.writestr(entry.filename, data)
    with pytest.raises(BodyFileError, match="cannot be read"):
        load_body(liar)


def test_a_changed_open_body_is_refused(tmp_path):
    """Its faces carry a fingerprint."""
    changed = tmp_path / "open.npz"
    shutil.copy(OPEN_BODY, changed)
    arrays = dict(np.load(changed))
    arrays["faces"] = arrays["faces"][:, ::-1]
    np.savez(changed, **arrays)
    with pytest.raises(BodyFileError, match="faces"):
        load_body(changed)
