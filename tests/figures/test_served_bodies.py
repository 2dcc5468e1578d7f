"""Bodies for browsers: given where that is allowed, skinned here where it is not."""

import base64
from pathlib import Path

import numpy as np
import pytest
import torch

from workbench.body import BodyModel, load_body
from workbench.body.files import OPEN_BODY, smpl_layout
from workbench.body.known import FOLDER_VARIABLE
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
    parts = np.frombuffer(base64.b64decode(mesh["parts"]), np.uint8)
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
        ({"theta": [[0.0, 0.0]] * 24}, "rotation"),
        ({"theta": None}, "theta"),
    ],
)
def test_numbers_that_make_no_body_are_said(patch, said):
    with pytest.raises(ValueError, match=said):
        ServedBodies(True).skin_stages(person("open-smpl", load_body()) | patch)


def test_something_else_than_a_person_is_said():
    with pytest.raises(ValueError, match="object"):
        ServedBodies(True).skin_stages([1, 2])  # pyright: ignore[reportArgumentType]
