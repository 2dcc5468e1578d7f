"""Recoveries survive the way to disk and back; damaged files say what is wrong."""

import json

import pytest
import torch
import trimesh

from workbench.body import load_body
from workbench.geometry.camera import perspective_camera
from workbench.image import Person
from workbench.recovery import BodyParams, Recovery, Step
from workbench.results import (
    RecoveryFileError,
    export_mesh,
    read_recovery,
    recovery_from_dict,
    recovery_to_dict,
    write_json,
)


@pytest.fixture
def recovery():
    params = BodyParams(torch.randn(10), 0.3 * torch.randn(24, 3))
    camera = perspective_camera((480, 640), torch.tensor([0.1, -0.2, 3.0]), 700.0)
    person = Person(torch.tensor([1.0, 2.0, 30.0, 40.0]), 0.9, torch.rand(33, 3), torch.rand(33, 3), None)
    steps = (Step("start", params, camera, 12.5), Step("lm 1", params, camera, None))
    return Recovery("smplify", "none", "open-smpl-6890", person, params, camera, steps, 0.25)


METRICS = {"reprojection_px": 1.5, "reprojection_pct": 0.4, "mask_iou": None}


def test_round_trip(recovery, tmp_path):
    write_json(tmp_path / "recovery.json", recovery_to_dict(recovery, METRICS))
    again, metrics = read_recovery(tmp_path / "recovery.json")
    assert metrics == METRICS
    assert recovery_to_dict(again, metrics) == recovery_to_dict(recovery, METRICS)
    torch.testing.assert_close(again.params.theta, recovery.params.theta, atol=1e-6, rtol=0)
    assert [step.name for step in again.steps] == ["start", "lm 1"]


@pytest.mark.parametrize("key", ["method", "params", "camera", "person", "trace", "metrics", "seconds"])
def test_missing_keys_are_named(recovery, key):
    data = recovery_to_dict(recovery, METRICS)
    del data[key]
    with pytest.raises(RecoveryFileError, match=key):
        recovery_from_dict(data)


DAMAGE = {
    "another program's file": lambda d: d.update(format="something else"),
    "NaN pose": lambda d: d["params"]["theta"][3].__setitem__(0, float("nan")),
    "short pose vector": lambda d: d["params"]["theta"].__setitem__(3, [0.0]),
    "words for numbers": lambda d: d["params"].update(betas=["tall"]),
    "no focal": lambda d: d["camera"].update(focal_px=0),
    "unknown projection": lambda d: d["camera"].update(kind="fisheye"),
    "center is a number": lambda d: d["camera"].update(center_px=3),
    "steps and trace differ": lambda d: d["steps"].pop(),
    "person is a list": lambda d: d.update(person=[]),
    "landmarks of another finder": lambda d: d["person"].update(keypoints_px=[[0, 0, 1]] * 17),
    "trace is text": lambda d: d.update(trace="xy"),
    "seconds is null": lambda d: d.update(seconds=None),
    "metrics is a list": lambda d: d.update(metrics=[1]),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_explained(recovery, damage):
    data = recovery_to_dict(recovery, METRICS)
    DAMAGE[damage](data)
    with pytest.raises(RecoveryFileError):
        recovery_from_dict(data)


@pytest.mark.parametrize("content", [b"", b"\xff\xd8\xff", b"[1, 2", b"null", b"[]", b'"text"', b"7"])
def test_other_files_are_refused(content, tmp_path):
    path = tmp_path / "recovery.json"
    path.write_bytes(content)
    with pytest.raises(RecoveryFileError):
        read_recovery(path)


def test_not_a_number_is_never_written(tmp_path):
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "x.json", {"value": float("nan")})
    assert not (tmp_path / "x.json").exists() or json.loads((tmp_path / "x.json").read_text())


@pytest.mark.parametrize("suffix", ["glb", "obj", "ply"])
def test_mesh_stands_where_the_person_stood(recovery, suffix, tmp_path):
    body = load_body()
    export_mesh(tmp_path / f"mesh.{suffix}", recovery, body)
    mesh = trimesh.load_mesh(tmp_path / f"mesh.{suffix}", process=False)
    assert mesh.is_watertight and len(mesh.vertices) == len(body.v_template)
    in_camera = recovery.camera.to_camera_m(recovery.mesh(body).vertices_m)
    got = torch.tensor(mesh.vertices) * torch.tensor([1.0, -1.0, -1.0])
    torch.testing.assert_close(got.float(), in_camera, atol=1e-5, rtol=0)


def test_another_body_is_refused(recovery):
    body = load_body()
    some = body.subset(torch.arange(100))
    with pytest.raises(ValueError, match="open-smpl-6890"):
        recovery.mesh(some)
