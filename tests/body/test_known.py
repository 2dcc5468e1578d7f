"""Bodies by name: the open ones always, official files where the machine has them."""

from pathlib import Path

import pytest

from workbench.body import load_body
from workbench.body.files import BODY_VARIABLE, OPEN_BODY, OPEN_BODY_X, save_npz, save_pkl
from workbench.body.known import FOLDER_VARIABLE, OWN, known_bodies
from workbench.body.raw import read_body_file


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(BODY_VARIABLE, raising=False)
    monkeypatch.delenv(FOLDER_VARIABLE, raising=False)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files as they lie after unpacking the downloads; none is opened before it is wanted."""
    for name in ("smpl/SMPL_NEUTRAL.pkl", "a/b/basicModel_f_lbs_10_207_0_v1.0.0.pkl", "SMPLX_MALE.npz"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"not opened")
    for name in ("SMPLH_MALE.pkl", "SMPL_MALE.txt", "readme.md"):
        (tmp_path / name).write_bytes(b"something else")
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    return tmp_path


def test_the_open_bodies_are_always_there():
    bodies = known_bodies()
    assert list(bodies) == ["open-smpl", "open-smplx"]
    for body in bodies.values():
        model = body.load()
        assert (body.num_joints, body.num_betas) == (model.num_joints, model.num_betas)
        assert body.num_expressions == model.num_expressions
        assert body.open
    assert bodies["open-smpl"].load() is load_body()


def test_official_files_are_found_by_their_names(folder):
    bodies = known_bodies()
    assert list(bodies)[2:] == ["smpl-neutral", "smpl-female", "smplx-male"]
    assert bodies["smplx-male"].label == "SMPL-X, male"
    assert (bodies["smpl-female"].num_joints, bodies["smplx-male"].num_joints) == (24, 55)
    assert not any(bodies[tag].open for tag in list(bodies)[2:])


def test_npz_is_preferred_and_read_when_wanted(folder):
    save_pkl(read_body_file(OPEN_BODY), folder / "smpl" / "SMPL_NEUTRAL.pkl")
    save_npz(read_body_file(OPEN_BODY), folder / "SMPL_NEUTRAL.npz")
    body = known_bodies()["smpl-neutral"]
    assert body.source.endswith(".npz")
    assert body.load().num_joints == 24


def test_a_broken_file_is_said_when_it_is_wanted(folder):
    with pytest.raises(ValueError, match="SMPLX_MALE"):
        known_bodies()["smplx-male"].load()


def test_the_body_of_the_variable_comes_first(folder, tmp_path, monkeypatch):
    monkeypatch.setenv(BODY_VARIABLE, "open-smplx")
    assert list(known_bodies())[:2] == ["open-smplx", "open-smpl"]
    monkeypatch.setenv(BODY_VARIABLE, str(OPEN_BODY_X))
    assert next(iter(known_bodies())) == "open-smplx"
    monkeypatch.setenv(BODY_VARIABLE, str(folder / "SMPLX_MALE.npz"))
    assert next(iter(known_bodies())) == "smplx-male"
    save_npz(read_body_file(OPEN_BODY), tmp_path / "somebody.npz")
    monkeypatch.setenv(BODY_VARIABLE, str(tmp_path / "somebody.npz"))
    own = next(iter(known_bodies().values()))
    assert own.tag == OWN and "somebody" in own.label


def test_a_folder_that_is_none_is_said(monkeypatch):
    monkeypatch.setenv(FOLDER_VARIABLE, "/nowhere")
    with pytest.raises(ValueError, match=FOLDER_VARIABLE):
        known_bodies()
