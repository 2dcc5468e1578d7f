"""A packed body comes back as it went in, to the quantum, and a broken file is refused with a reason."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from workbench.body.packed import FURTHER, SHAPES, TEXT, pack, unpack
from workbench.body.topology import faces_sha256

V, J, B, T, K = 40, 3, 4, 50, 5


@pytest.fixture
def arrays() -> dict[str, Any]:
    rng = np.random.default_rng(0)
    faces = rng.integers(0, V, (60, 3))
    return {
        "name": "test body",
        "licence": "CC0-1.0",
        "topology": "test-40",
        "faces_sha256": faces_sha256(faces),
        "v_template": rng.normal(size=(V, 3)),
        "shapedirs": rng.normal(size=(V, 3, B)) * [1.0, 0.1, 0.01, 0.0],
        "posedirs": rng.normal(size=(V, 3, 9 * (J - 1))) * 0.01,
        "J_regressor": rng.dirichlet(np.ones(V), J),
        "weights": rng.dirichlet(np.ones(J), V),
        "parents": np.array([-1, 0, 1]),
        "faces": faces,
        "uv": rng.uniform(size=(T, 2)),
        "uv_faces": rng.integers(0, T, (60, 3)),
        "keypoint_names": np.array([f"point {i}" for i in range(K)]),
        "keypoint_vertices": rng.integers(0, V, K),
    }


def _round_trip(folder: Path, arrays: dict[str, Any]) -> dict[str, Any]:
    pack(folder / "body.npz", arrays)
    return unpack(folder / "body.npz")


def test_a_body_survives_the_round_trip(tmp_path: Path, arrays: dict[str, Any]) -> None:
    back = _round_trip(tmp_path, arrays)
    assert back.keys() == {*TEXT, *SHAPES}
    for key in TEXT:
        assert back[key] == arrays[key]
    for key in ("parents", "faces", "uv_faces", "keypoint_vertices"):
        assert back[key].dtype == np.int64
        np.testing.assert_array_equal(back[key], arrays[key])
    assert list(back["keypoint_names"]) == list(arrays["keypoint_names"])
    quantum = {"v_template": 1e-7, "J_regressor": 1e-7, "weights": 1 / 65535, "uv": 1 / 65535}
    quantum |= {key: np.abs(arrays[key]).max() / 32767 for key in ("shapedirs", "posedirs")}
    for key, step in quantum.items():
        assert back[key].dtype == np.float32
        np.testing.assert_allclose(back[key], arrays[key], rtol=1e-6, atol=step)


def test_each_shape_direction_has_its_own_scale(tmp_path: Path, arrays: dict[str, Any]) -> None:
    """A small direction must not drown in the quantum of a large one."""
    error = np.abs(_round_trip(tmp_path, arrays)["shapedirs"] - arrays["shapedirs"]).max((0, 1))
    assert (error <= np.abs(arrays["shapedirs"]).max((0, 1)) / 32767).all()


def test_rows_of_weights_sum_to_one_again(tmp_path: Path, arrays: dict[str, Any]) -> None:
    np.testing.assert_allclose(_round_trip(tmp_path, arrays)["weights"].sum(1), 1, atol=3e-7)


def test_hands_and_face_come_along_when_there_are_any(tmp_path: Path, arrays: dict[str, Any]) -> None:
    rng = np.random.default_rng(1)
    sizes = {"hands_meanl": (9,), "hands_meanr": (9,), "lmk_bary_coords": (6, 3)}
    hands: dict[str, Any] = {key: rng.normal(size=sizes.get(key, (4, 9))) for key in FURTHER}
    hands["lmk_faces_idx"] = rng.integers(0, 60, 6)
    back = _round_trip(tmp_path, arrays | hands)
    for key, value in hands.items():
        np.testing.assert_allclose(back[key], value, rtol=1e-6)
    wrongs = {"hands_meanr": np.zeros(8), "hands_componentsl": np.full((4, 9), np.nan)}
    wrongs |= {"lmk_faces_idx": np.full(6, 60), "lmk_bary_coords": np.zeros((5, 3))}
    for key, wrong in wrongs.items():
        broken: dict[str, Any] = arrays | hands | {key: wrong}
        with pytest.raises(ValueError, match=key):
            pack(tmp_path / "body.npz", broken)
    del hands["hands_meanl"]
    with pytest.raises(ValueError, match="without hands_meanl"):
        pack(tmp_path / "body.npz", arrays | hands)


def test_equal_arrays_give_equal_bytes(tmp_path: Path, arrays: dict[str, Any]) -> None:
    pack(tmp_path / "a.npz", arrays)
    pack(tmp_path / "b.npz", arrays)
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("v_template", np.zeros((V, 2)), r"v_template of shape \(V, 3\); got shape \(40, 2\)"),
        ("weights", np.ones((V - 1, J)), r"weights of shape \(40, J\)"),
        ("posedirs", np.zeros((V, 3, 17)), "18 columns; got 17"),
        ("shapedirs", np.full((V, 3, B), np.nan), "finite"),
        ("weights", np.full((V, J), 0.5), "sum to 1"),
        ("weights", np.tile([2.0, -1.0, 0.0], (V, 1)), "between 0 and 1"),
        ("uv", np.full((T, 2), 1.5), "between 0 and 1"),
        ("parents", np.array([-1, 2, 1]), "an earlier joint"),
        ("parents", np.array([0, 0, 1]), "-1 for the root"),
        ("faces", np.full((60, 3), V), "between 0 and 39; got 40"),
        ("keypoint_vertices", np.full(K, -1), "between 0 and 39"),
        ("keypoint_vertices", np.zeros(K), "of type integer; got float64"),
        ("keypoint_names", np.arange(K), "of type str"),
        ("faces", np.zeros((60, 3), dtype=np.int64), "faces_sha256"),
        ("faces", np.zeros((0, 3), dtype=np.int64), "shape"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(
    tmp_path: Path, arrays: dict[str, Any], key: str, value: np.ndarray, reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        pack(tmp_path / "body.npz", arrays | {key: value})


def test_a_missing_array_is_named(tmp_path: Path, arrays: dict[str, Any]) -> None:
    del arrays["posedirs"]
    with pytest.raises(ValueError, match="without posedirs"):
        pack(tmp_path / "body.npz", arrays)


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"this is no zip file"),
        lambda path: path.write_bytes(path.read_bytes()[:-200]),
        lambda path: path.write_bytes(path.read_bytes()[:1500] + b"\x55" * 300 + path.read_bytes()[1800:]),
        lambda path: np.savez(path, a=np.zeros(3)),
        lambda path: np.savez(path, v_template=np.array([{"an": "object"}], dtype=object)),
    ],
    ids=["empty", "text", "truncated", "overwritten", "other npz", "pickled object"],
)
def test_damaged_files_are_refused(tmp_path: Path, arrays: dict[str, Any], damage: Any) -> None:
    path = tmp_path / "body.npz"
    pack(path, arrays)
    damage(path)
    with pytest.raises(ValueError, match="Expected an open body") as error:
        unpack(path)
    assert "body.npz" in str(error.value)


def test_a_file_with_a_changed_array_is_refused(tmp_path: Path, arrays: dict[str, Any]) -> None:
    """Sound zip, sound arrays, wrong body."""
    path = tmp_path / "body.npz"
    pack(path, arrays)
    with np.load(path) as stored:
        members = dict(stored)
    np.savez(path, **members | {"faces": members["faces"][:, ::-1]})
    with pytest.raises(ValueError, match="topology was changed"):
        unpack(path)
    np.savez(path, **{key: value for key, value in members.items() if key != "posedirs_scale"})
    with pytest.raises(ValueError, match="posedirs"):
        unpack(path)


def test_a_zip_bomb_is_not_unpacked(
    tmp_path: Path, arrays: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(tmp_path / "body.npz", arrays)
    monkeypatch.setattr("workbench.body.packed.LARGEST_BYTES", 1000)
    with pytest.raises(ValueError, match="unzip to more than"):
        unpack(tmp_path / "body.npz")


def test_a_missing_file_is_no_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        unpack(tmp_path / "nowhere.npz")
