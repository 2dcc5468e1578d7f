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
    costs = {"cost of angles": torch.tensor(2.5), "a map": torch.rand(3, 3)}
    steps = (Step("start", params, camera, 12.5, costs), Step("landmarks 1", params, camera, None))
    return Recovery("smplify", "none", "open-smpl-6890", person, params, camera, steps, 0.25)


METRICS = {"reprojection_px": 1.5, "reprojection_pct": 0.4, "mask_iou": None}


def test_round_trip(recovery, tmp_path):
    write_json(tmp_path / "recovery.json", recovery_to_dict(recovery, METRICS))
    again, metrics = read_recovery(tmp_path / "recovery.json")
    assert metrics == METRICS
    assert recovery_to_dict(again, metrics) == recovery_to_dict(recovery, METRICS)
    torch.testing.assert_close(again.params.theta, recovery.params.theta, atol=1e-6, rtol=0)
    assert [step.name for step in again.steps] == ["start", "landmarks 1"]
    assert again.steps[0].tensors == {"cost of angles": torch.tensor(2.5)}  # maps are not kept


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


NONSENSE = (float("nan"), float("inf"), 10**400, 1e30, -1e30, "text", True, {}, [], [[]], {"a": 1})
"""No number of a recovery is one of these (but a metric, a loss and the seconds may be large)."""

FOR_SCALARS = {
    f"{place} {value!r:.12}": (place, value)
    for place in (
        "camera.focal_px",
        "camera.center_px.0",
        "camera.size_hw.1",
        "camera.t_camera_body_m.2",
        "trace.0.camera.focal_px",
        "trace.1.params.betas.9",
        "person.box_px.3",
        "person.score",
        "person.keypoints_px.3.1",
        "person.keypoints_m.32.2",
        "params.betas.0",
        "params.theta.0.2",
        "seconds",
        "trace.0.loss",
        "metrics.mask_iou",
    )
    for value in NONSENSE
    if not (place in ("seconds", "trace.0.loss", "metrics.mask_iou") and value in (1e30, -1e30))
}
TOO_MUCH = {
    "size of 1e18 pixels": ("camera.size_hw", [10**9, 10**9]),
    "negative size": ("camera.size_hw", [-5, 0]),
    "no width": ("camera.size_hw", [5, 0]),
    "three sizes": ("camera.size_hw", [5, 5, 5]),
    "half a pixel": ("camera.size_hw", [480.5, 640]),
    "another size in a step": ("trace.0.camera.size_hw", [100, 100]),
    "behind the camera": ("camera.t_camera_body_m", [0.0, 0.0, -3.0]),
    "in the lens": ("trace.1.camera.t_camera_body_m", [0.0, 0.0, 0.0]),
    "negative time": ("seconds", -1.0),
    "box without width": ("person.box_px", [5.0, 5.0, 5.0, 9.0]),
    "sure beyond doubt": ("person.score", 1.5),
    "loss is text": ("trace.0.loss", "small"),
    "loss is a list": ("trace.0.loss", [1.0]),
    "3 joints": ("params.theta", [[0.0] * 3] * 3),
    "no joints": ("params.theta", []),
    "another skeleton in a step": ("trace.0.params.theta", [[0.0] * 3] * 55),
    "1000 betas": ("params.betas", [0.0] * 1000),
    "1000 betas in a step": ("trace.0.params.betas", [0.0] * 1000),
    "method is a dictionary": ("method", {"name": "smplify"}),
    "endless method": ("method", "x" * 10_000),
    "weights is null": ("weights", None),
    "body is a number": ("body", 6890),
    "step name is a list": ("steps.0", ["start"]),
    "step is text": ("trace.0", "start"),
    "params is text": ("trace.0.params", "mean"),
    "kind is a list": ("camera.kind", ["weak"]),
    "format is huge": ("format", 10**5000),
}


@pytest.mark.parametrize("damage", [*FOR_SCALARS, *TOO_MUCH])
def test_nonsense_is_refused_in_words(recovery, damage):
    place, value = (FOR_SCALARS | TOO_MUCH)[damage]
    data = json.loads(json.dumps(recovery_to_dict(recovery, METRICS)))
    put(data, place, value)
    with pytest.raises(RecoveryFileError, match=r"^Expected a recovery.json of this program. \w+") as caught:
        recovery_from_dict(data)
    assert len(str(caught.value)) < 600


def put(data, place, value):
    """By the path of keys."""
    *parents, key = place.split(".")
    for parent in parents:
        data = data[int(parent) if isinstance(data, list) else parent]
    data[int(key) if isinstance(data, list) else key] = value


def test_a_recovery_without_steps_is_refused(recovery):
    data = recovery_to_dict(recovery, METRICS) | {"steps": [], "trace": []}
    with pytest.raises(RecoveryFileError, match="step"):
        recovery_from_dict(data)


@pytest.mark.parametrize(
    "place", ["format", "person", "person.box_px", "params.theta", "trace", "metrics.mask_iou"]
)
def test_deep_nests_are_refused(recovery, tmp_path, place):
    nested = []
    for _ in range(100_000):
        nested = [nested]
    data = json.loads(json.dumps(recovery_to_dict(recovery, METRICS)))
    put(data, place, nested)
    with pytest.raises(RecoveryFileError):
        recovery_from_dict(data)


def test_a_recovery_of_the_given_body_only(recovery):
    data = recovery_to_dict(recovery, METRICS)
    body = load_body()
    recovery_from_dict(data, body)
    few = {"params": data["params"] | {"betas": []}}
    recovery_from_dict(data | few, body)
    for wrong in (
        {"body": "smpl"},
        {"params": data["params"] | {"theta": [[0.0] * 3] * 55}},
        {"params": data["params"] | {"betas": [0.0] * (body.num_betas + 1)}},
    ):
        with pytest.raises(RecoveryFileError):
            recovery_from_dict(data | wrong, body)


def test_the_largest_photo_is_read(recovery):
    data = json.loads(json.dumps(recovery_to_dict(recovery, METRICS)))
    for at in (data, *data["trace"]):
        at["camera"]["size_hw"] = [8000, 8000]
    assert recovery_from_dict(data)[0].camera.size_hw == (8000, 8000)


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_is_explained(recovery, damage):
    data = recovery_to_dict(recovery, METRICS)
    DAMAGE[damage](data)
    with pytest.raises(RecoveryFileError):
        recovery_from_dict(data)


HOSTILE = (b"[" * 100_000, b"9" * 5000, b'{"format": ' + b"9" * 5000 + b"}")


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8\xff", b"[1, 2", b"null", b"[]", b'"text"', b"7", *HOSTILE]
)
def test_other_files_are_refused(content, tmp_path):
    path = tmp_path / "recovery.json"
    path.write_bytes(content)
    with pytest.raises(RecoveryFileError, match=r"^recovery\.json"):
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
