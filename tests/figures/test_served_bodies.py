"""Bodies for browsers: given where that is allowed, skinned here where it is not."""

import base64
from pathlib import Path

import numpy as np
import pytest
import torch
import trimesh

from workbench.body import BodyModel, load_body
from workbench.body.files import BODY_VARIABLE, KEPT, OPEN_BODY, smpl_layout
from workbench.body.known import FOLDER_VARIABLE, OWN, known_bodies
from workbench.body.raw import read_body_file
from workbench.figures.browser_body import pack
from workbench.figures.served_bodies import STAGES, ServedBodies

Person = dict


@pytest.fixture
def licensed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that passes for an official one."""
    arrays = smpl_layout(read_body_file(OPEN_BODY))
    unmarked = {name: array for name, array in arrays.items() if name not in ("topology", "licence")}
    np.savez(tmp_path / "SMPL_NEUTRAL.npz", **unmarked)  # pyright: ignore[reportArgumentType]
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))


def person(tag: str, body: BodyModel) -> Person:
    return {
        "body": tag,
        "betas": torch.randn(10).tolist(),
        "expression": torch.randn(body.num_expressions).tolist(),
        "theta": (0.5 * torch.randn(body.num_joints, 3)).tolist(),
    }


def points_m(sent: dict) -> torch.Tensor:
    steps = np.frombuffer(base64.b64decode(sent["points"]), "<u2").reshape(3, -1).T.astype(np.float64)
    return torch.from_numpy(sent["low"] + steps * sent["step"])


@pytest.mark.parametrize("tag", ["open-smpl", "open-smplx"])
def test_every_stage_is_the_models(tag):
    body = load_body(tag)
    given = person(tag, body)
    sent = ServedBodies(loopback=False).skin_stages(given)
    shaped = body.with_shape(torch.tensor(given["betas"]), torch.tensor(given["expression"]))
    posed = shaped.with_pose(torch.tensor(given["theta"]))
    wanted = (body.v_template, shaped.vertices_m, posed.rest_vertices_m, posed.mesh().vertices_m)
    for stage, expected in zip(STAGES, wanted, strict=True):
        assert (points_m(sent[stage]) - expected).norm(dim=1).max() < 5e-5, stage
    joints = torch.tensor(sent["joints"]).reshape(3, -1).T
    assert torch.allclose(joints, posed.joints_m, atol=1e-6)


def test_only_wanted_stages_are_sent():
    sent = ServedBodies(True).skin_stages(person("open-smpl", load_body()) | {"stages": ["skinned"]})
    assert set(sent) == {"skinned", "joints", "restJoints"}


def test_licensed_bodies_are_given_to_this_machine_only(licensed, tmp_path):
    here, public = ServedBodies(loopback=True), ServedBodies(loopback=False)
    assert [entry["file"] for entry in here.entries()] == ["open-smpl", "open-smplx", "smpl-neutral"]
    assert [entry["file"] for entry in public.entries()] == ["open-smpl", "open-smplx", None]
    assert here.packed("smpl-neutral") == pack(load_body(tmp_path / "SMPL_NEUTRAL.npz"))
    with pytest.raises(ValueError, match="stays on the server"):
        public.packed("smpl-neutral")
    assert public.packed("open-smpl") == pack(load_body())


def test_the_mesh_of_a_served_body_has_no_licensed_numbers(licensed):
    mesh = ServedBodies(loopback=False).body_mesh("smpl-neutral")
    assert set(mesh) == {"faces", "parts", "parents", "joints", "keypoints"}
    parts = np.frombuffer(base64.b64decode(mesh["parts"]), "<u2")
    assert len(parts) == 6890 and parts.max() < 24


@pytest.mark.parametrize(
    ("patch", "said"),
    [
        ({"body": "nobody"}, "no body"),
        ({"betas": [float("nan")]}, "betas"),
        ({"betas": [0.0] * 11}, "betas"),
        ({"betas": "tall"}, "betas"),
        ({"betas": [1e9]}, "betas"),
        ({"expression": [1.0]}, "expression"),
        ({"theta": [[0.0, 0.0, 0.0]]}, "theta must be 24"),
        ({"theta": [[0.0, 0.0]] * 24}, "theta"),
        ({"theta": None}, "theta"),
        ({"theta": [[7.0, 0.0, 0.0]] * 24}, "theta"),
        ({"betas": [10**400]}, "betas"),
        ({"betas": [True]}, "betas"),
        ({"betas": 3}, "betas"),
        ({"body": ["open-smpl"]}, "no body"),
        ({"stages": 3}, "stages"),
    ],
)
def test_numbers_that_make_no_body_are_said(patch, said):
    with pytest.raises(ValueError, match=said):
        ServedBodies(True).skin_stages(person("open-smpl", load_body()) | patch)


def test_bodies_are_looked_for_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    served, given = ServedBodies(True), person("open-smpl", load_body())
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "gone since"))
    assert served.skin_stages(given) and served.entries() and served.packed("open-smpl")


def test_all_bodies_that_can_be_known_stay_in_memory():
    official = 2 * 3  # formats, sexes
    assert len(known_bodies()) + official + 1 <= KEPT


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A body file of more vertices than 16 bits can number."""
    ball = trimesh.creation.uv_sphere(count=[260, 260])
    count = len(ball.vertices)
    rest = known_bodies()["open-smpl"].load()
    regressor = np.zeros((24, count), np.float32)
    regressor[np.arange(24), np.arange(24)] = 1
    weights = np.zeros((count, 24), np.float32)
    weights[:, 23] = 1
    path = tmp_path_factory.mktemp("large") / "large.npz"
    np.savez(
        path,
        v_template=ball.vertices.astype(np.float32),
        shapedirs=np.zeros((count, 3, 1), np.float32),
        posedirs=np.zeros((count, 3, 207), np.float32),
        J_regressor=regressor,
        weights=weights,
        kintree_table=np.stack((np.array(rest.parents), np.arange(24))),
        f=ball.faces,
    )
    return path


def test_a_body_too_large_for_a_browsers_file_is_posed_here(large: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(BODY_VARIABLE, str(large))
    served = ServedBodies(loopback=True)
    [first, *_] = served.entries()
    assert (first["tag"], first["file"]) == (OWN, None)
    faces = np.frombuffer(base64.b64decode(served.body_mesh(OWN)["faces"]), "<u4").reshape(3, -1).T
    model = load_body()
    assert len(model.v_template) > 65_536
    np.testing.assert_array_equal(faces, model.faces.numpy())
    sent = served.skin_stages({"body": OWN, "theta": [[0.0] * 3] * 24})
    assert (points_m(sent["skinned"]) - model.v_template).norm(dim=1).max() < 5e-5


def test_the_page_reads_faces_and_parts_of_any_body(large: Path, monkeypatch, javascript):
    monkeypatch.setenv(BODY_VARIABLE, str(large))
    ask = {"mesh": ServedBodies(loopback=True).body_mesh(OWN)}
    opened = """await m.openBody({ tag: "own", file: null }, { call: async () => given.mesh }).then(
      ({ mesh, parts }) => ({ most: mesh.corners.map((c) => c.reduce((a, b) => Math.max(a, b))),
        count: parts.length, part: parts[0], bytes: mesh.corners[0].BYTES_PER_ELEMENT }))"""
    count = len(load_body().v_template)
    got = javascript("bodies.js", opened, ask)
    assert max(got["most"]) == count - 1 and got["bytes"] == 4
    assert (got["count"], got["part"]) == (count, 23)


def test_something_else_than_a_person_is_said():
    with pytest.raises(ValueError, match="person"):
        ServedBodies(True).skin_stages([1, 2])  # pyright: ignore[reportArgumentType]
