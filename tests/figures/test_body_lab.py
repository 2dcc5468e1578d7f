"""What Python answers to the Body lab."""

import base64
import io
import json

import numpy as np
import pytest
import torch
import trimesh

from workbench.body import load_body
from workbench.body.files import BODY_VARIABLE, OPEN_BODY, save_npz
from workbench.body.joints import SMPLX_JOINTS
from workbench.body.known import known_bodies
from workbench.body.measures import arm_span_m, height_m, volume_litres
from workbench.body.presets import mirror
from workbench.body.raw import read_body_file
from workbench.figures import body_lab, person_state
from workbench.figures.browser_body import shown
from workbench.figures.served_bodies import ServedBodies

BAD = (
    None,
    [],
    "person",
    {},
    {"body": "open-smpl"},
    {"body": "open-smpl", "betas": 1, "expression": [], "theta": []},
)


def person(tag: str = "open-smplx") -> dict:
    """As the lab sends it."""
    state = person_state.rest(known_bodies()[tag])
    random = [0.5 * torch.randn_like(p) for p in (state.betas, state.expression, state.theta)]
    data = person_state.to_dict(person_state.PersonState(state.body, *random))
    return {key: value for key, value in data.items() if key != "format"}


def state(data: dict) -> person_state.PersonState:
    return person_state.from_dict({"format": person_state.FORMAT, **data}, known_bodies())


def test_the_configuration_is_plain_json_and_speaks_of_joints_that_exist():
    config = body_lab.config(ServedBodies(loopback=True).entries())
    assert json.loads(json.dumps(config, allow_nan=False))
    known = {joint for entry in config["bodies"] for joint in entry["joints"]}
    for turns in config["presets"].values():
        assert set(turns) <= known
    for move in config["moves"]:
        assert set(move["turns"]) <= known and move["low"] < 0 < move["high"]
    assert set(config["random"]["hinges"]) <= set(config["random"]["spread"]) <= known | {"left hand"}
    assert state(config["person"])


@pytest.mark.parametrize("tag", ["open-smpl", "open-smplx"])
def test_the_copied_code_makes_the_same_mesh(tag, capsys):
    given = person(tag)
    names: dict = {}
    exec(body_lab.person_code(given), names)
    torch.testing.assert_close(names["mesh"].vertices_m, state(given).mesh().vertices_m, atol=1e-5, rtol=0)
    assert "3])" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name", ["my body.npz", 'a "quoted" one.npz', "back\\slash.npz", "it's.npz", "körper 🧍.npz"]
)
def test_the_copied_code_opens_your_file_whatever_its_name(name, tmp_path, monkeypatch):
    save_npz(read_body_file(OPEN_BODY), tmp_path / name)
    monkeypatch.setenv(BODY_VARIABLE, str(tmp_path / name))
    monkeypatch.chdir(tmp_path)
    [own, *_] = known_bodies().values()
    code = body_lab.code(person_state.rest(own))
    assert 'load_body("' in code
    names: dict = {}
    exec(code, names)
    assert len(names["mesh"].vertices_m) == 6890


@pytest.mark.parametrize("kind", ["glb", "obj", "ply"])
def test_meshes_are_those_of_the_person(kind):
    given = person()
    file = body_lab.person_file(given, kind)
    assert file["name"].endswith(f".{kind}")
    content = io.BytesIO(base64.b64decode(file["content"]))
    mesh = trimesh.load_mesh(content, file_type=kind, process=False)
    expected = state(given).mesh()
    assert len(mesh.faces) == len(expected.faces)
    np.testing.assert_allclose(
        mesh.bounds, np.stack([v.numpy() for v in expected.vertices_m.aminmax(dim=0)]), atol=1e-4
    )


@pytest.mark.parametrize("kind", ["json", "npz"])
def test_saved_persons_are_opened_again(kind):
    given = person()
    file = body_lab.person_file(given, kind)
    opened = body_lab.opened_person(file["name"], file["content"])
    assert opened == {"format": person_state.FORMAT, **given}


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_is_no_person_is_refused(bad):
    for ask in (body_lab.person_code, lambda data: body_lab.person_file(data, "json")):
        with pytest.raises(ValueError, match=r"person|must"):
            ask(bad)
    content = base64.b64encode(json.dumps(bad).encode()).decode()
    with pytest.raises(ValueError, match=r"mine\.json"):
        body_lab.opened_person("mine.json", content)


def test_files_of_no_kind_and_content_that_is_none_are_refused():
    with pytest.raises(ValueError, match="glb"):
        body_lab.person_file(person(), "exe")
    for content in ("%%%", "é", "A" * 10_000_000, 7):
        with pytest.raises(ValueError, match="file"):
            body_lab.opened_person("x", content)


def test_a_mirrored_pose_and_body_switch_in_the_browser_are_pythons(javascript):
    given = person()
    joints = [shown(name) for name in SMPLX_JOINTS]
    got = javascript("person.js", "m.mirroredTheta(given.theta, given.joints)", {**given, "joints": joints})
    expected = mirror(torch.tensor(given["theta"]), SMPLX_JOINTS)
    torch.testing.assert_close(torch.tensor(got), expected)
    entries = {entry["tag"]: entry for entry in ServedBodies(loopback=True).entries()}
    ask = {"person": given, "from": entries["open-smplx"], "to": entries["open-smpl"]}
    there = javascript("person.js", "m.asBody(given.person, given.from, given.to)", ask)
    assert there["theta"][:22] == given["theta"][:22] and there["theta"][22:] == [[0, 0, 0]] * 2
    assert there["betas"] == given["betas"] and there["expression"] == []
    assert state(there)


def test_random_persons_in_the_browser_are_within_limits_and_hinges_bend_one_way(javascript):
    config = body_lab.config(ServedBodies(loopback=True).entries())
    for entry in config["bodies"]:
        ask = {"random": config["random"], "joints": entry["joints"]}
        made = javascript(
            "person.js", "[...Array(50)].map(() => m.randomTheta(given.random, given.joints))", ask
        )
        theta = torch.tensor(made)
        assert not theta[:, 0].any() and theta[:, 1:].any(dim=0).all() and theta.abs().max() <= np.pi + 1e-6
        for joint, (axis, sign) in config["random"]["hinges"].items():
            assert (sign * theta[:, entry["joints"].index(joint), axis] >= 0).all()
    betas = torch.tensor(javascript("person.js", "m.randomCoefficients(2000, 2)"))
    assert betas.abs().max() <= 2 and abs(float(betas.mean())) < 0.1 and 0.75 < float(betas.std()) < 1


def test_a_movement_is_read_back_and_changes_nothing_else(javascript):
    config = body_lab.config(ServedBodies(loopback=True).entries())
    smpl, smplx = (
        next(e for e in config["bodies"] if e["tag"] == tag) for tag in ("open-smpl", "open-smplx")
    )
    ask = {"moves": config["moves"], "smpl": smpl, "smplx": smplx, "theta": person()["theta"]}
    reads = "given.moves.map((move) => m.amountOf(move, THETA, given.smplx.joints))"
    assert set(
        javascript("person.js", reads.replace("THETA", "given.theta").replace("smplx", "smpl"), ask)
    ) == {None}
    before = javascript("person.js", reads.replace("THETA", "given.theta"), ask)
    moved = "m.withAmount(given.moves[1], 40, given.theta, given.smplx.joints)"
    after = javascript("person.js", reads.replace("THETA", moved), ask)
    assert after[1] == pytest.approx(40)
    assert after[:1] + after[2:] == pytest.approx(before[:1] + before[2:], abs=1e-6)


def test_sizes_in_the_browser_are_pythons(javascript):
    body = load_body()
    betas = torch.randn(10)
    shaped = body.with_shape(betas).vertices_m
    mesh = body.mesh(betas, 0.3 * torch.randn(24, 3))
    ask = {
        "shaped": shaped.T.flatten().tolist(),
        "skinned": mesh.vertices_m.T.flatten().tolist(),
        "corners": mesh.faces.T.tolist(),
    }
    stages = "{shaped: Float32Array.from(given.shaped), skinned: Float32Array.from(given.skinned)}"
    call = f"m.bodySizes({stages}, given.corners)"
    got = javascript("body_facts.js", call, ask)
    assert got["height_m"] == pytest.approx(float(height_m(shaped)), abs=1e-6)
    assert got["arm_span_m"] == pytest.approx(float(arm_span_m(shaped)), abs=1e-6)
    volume = float(volume_litres(mesh.vertices_m.double(), mesh.faces))
    assert got["volume_litres"] == pytest.approx(volume, abs=1e-3)
    moved = javascript(
        "body_facts.js",
        "m.maxAndMean(m.offsetsMm(Float32Array.from(given.shaped), Float32Array.from(given.skinned)))",
        ask,
    )
    gaps = 1000 * (mesh.vertices_m - shaped).norm(dim=1)
    assert moved["max"] == pytest.approx(float(gaps.max()), rel=1e-4)
    assert moved["mean"] == pytest.approx(float(gaps.mean()), rel=1e-4)
