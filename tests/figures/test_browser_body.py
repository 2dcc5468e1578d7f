"""The browser's file holds the same body; that its JavaScript agrees is a browser test."""

import gzip
import json
from dataclasses import replace

import numpy as np
import pytest
import torch

from workbench.body import BodyModel, joints, load_body
from workbench.body.known import known_bodies
from workbench.figures.browser_body import INDEX_LIMIT, entry, fits, groups, may_leave, pack


def unpacked(data: bytes) -> tuple[dict, dict[str, np.ndarray]]:
    """Header and arrays, read as the format's description says."""
    content = gzip.decompress(data)
    offset = 4 + int.from_bytes(content[:4], "little")
    header, arrays = json.loads(content[4:offset]), {}
    for name, dtype, size in header["arrays"]:
        arrays[name] = np.frombuffer(content, f"<{dtype}", size, offset)
        offset += arrays[name].nbytes
    assert offset == len(content)
    return header, arrays


def as_model(data: bytes) -> BodyModel:
    """A body from the file alone."""
    header, arrays = unpacked(data)
    count, num_joints, num_betas = header["vertices"], len(header["parents"]), header["betas"]
    template = header["templateStep"] * arrays["template"].reshape(3, count).T
    steps = np.array(header["shapeSteps"])[:, None, None]
    poses = np.zeros((num_joints - 1, 9, 3, count))
    at = 0
    for joint, size in enumerate(header["bentCounts"]):
        ids = arrays["bent"][at : at + size].cumsum()
        moves = arrays["correctives"][27 * at : 27 * (at + size)].reshape(9, 3, size)
        poses[joint][:, :, ids] = header["poseStep"] * moves
        at += size
    weights = np.zeros((count, num_joints))
    chosen = arrays["weights"].reshape(-1, count).T.astype(np.float64)
    np.put_along_axis(weights, arrays["jointIds"].reshape(-1, count).T.astype(int), chosen, axis=1)
    directions = np.concatenate((steps * arrays["shapes"].reshape(-1, 3, count), poses.reshape(-1, 3, count)))
    moves = torch.from_numpy(arrays["jointDirections"].reshape(-1, num_joints, 3).copy())
    return BodyModel(
        name="from the file",
        topology=header["topology"],
        licence=header["licence"],
        v_template=torch.from_numpy(template).float(),
        directions=torch.from_numpy(directions).float(),
        joint_template=torch.from_numpy(arrays["jointTemplate"].reshape(-1, 3).copy()),
        joint_directions=moves[:num_betas],
        expression_joint_directions=moves[num_betas:] if header["expressions"] else None,
        weights=torch.from_numpy(weights / weights.sum(1, keepdims=True)).float(),
        parents=tuple(header["parents"]),
        faces=torch.from_numpy(arrays["faces"].reshape(3, -1).T.astype(np.int64)),
    )


@pytest.fixture(scope="module", params=["open-smpl", "open-smplx"])
def body(request: pytest.FixtureRequest) -> BodyModel:
    return load_body(request.param)


@pytest.fixture(scope="module")
def packed(body: BodyModel) -> bytes:
    return pack(body)


def test_the_file_holds_the_same_body(body, packed):
    again = as_model(packed)
    assert again.parents == body.parents
    assert torch.equal(again.faces, body.faces)
    for spread_rad in (0.1, 0.5, 1.5):
        betas, theta = 1.5 * torch.randn(body.num_betas), spread_rad * torch.randn(body.num_joints, 3)
        expression = torch.randn(body.num_expressions)
        theirs, ours = again.mesh(betas, theta, expression), body.mesh(betas, theta, expression)
        assert (theirs.vertices_m - ours.vertices_m).norm(dim=1).max() < 1e-4
        assert (theirs.joints_m - ours.joints_m).norm(dim=1).max() < 2e-6


def test_the_regressor_makes_the_rest_joints(body, packed):
    header, arrays = unpacked(packed)
    shaped = body.with_shape(torch.randn(body.num_betas))
    at = 0
    for joint, count in enumerate(header["regressorCounts"]):
        ids, weights = (arrays[f"regressor{part}"][at : at + count] for part in ("Ids", "Weights"))
        found = weights @ shaped.vertices_m[ids.astype(int)].numpy()
        assert np.abs(found - shaped.joints_m[joint].numpy()).max() < 1e-5
        at += count


def test_official_bodies_with_hundreds_of_directions_are_cut(body):
    many = 30
    grown = replace(
        body,
        directions=torch.cat((torch.randn(many, 3, len(body.v_template)), body.directions[body.num_betas :])),
        joint_directions=torch.randn(many, body.num_joints, 3),
    )
    header, arrays = unpacked(pack(grown))
    assert header["betas"] == 10 and header["expressions"] == body.num_expressions
    assert len(arrays["shapes"]) == (10 + body.num_expressions) * 3 * len(body.v_template)
    betas, theta = torch.randn(10), 0.3 * torch.randn(body.num_joints, 3)
    again = as_model(pack(grown)).mesh(betas, theta)
    largest = float(grown.directions.abs().max())
    assert (again.vertices_m - grown.mesh(betas, theta).vertices_m).abs().max() < 1e-4 * max(1, largest * 10)


def test_the_same_body_makes_the_same_bytes(body, packed):
    assert pack(body) == packed


def test_every_joint_is_in_one_group(body):
    names = joints.joint_names(body.num_joints)
    found = groups(names)
    assert sorted(n for numbers in found.values() for n in numbers) == list(range(len(names)))
    if len(names) == 55:
        assert [len(found[part]) for part in ("body", "face", "left hand", "right hand")] == [22, 3, 15, 15]


def test_an_entry_agrees_with_its_body(body):
    known = next(known for known in known_bodies().values() if known.load() is body)
    listed = entry(known, None)
    assert listed["parents"] == list(body.parents)
    assert (listed["betas"], listed["expressions"]) == (body.num_betas, body.num_expressions)
    assert listed["joints"][4] == "left knee"


def test_arrays_lie_where_a_browser_can_read_them(packed):
    content = gzip.decompress(packed)
    offset = 4 + int.from_bytes(content[:4], "little")
    for _, dtype, size in unpacked(packed)[0]["arrays"]:
        assert offset % int(dtype[1]) == 0
        offset += size * int(dtype[1])


def test_only_open_bodies_are_given_to_everybody():
    body = load_body()
    assert may_leave(body, loopback=False)
    for topology in ("smpl", "smplx", "unknown-100v-200f"):
        licensed = replace(body, topology=topology)
        assert not may_leave(licensed, loopback=False)
        assert may_leave(licensed, loopback=True)


def test_a_body_without_correctives_or_shapes_is_still_one():
    body = load_body()
    bare = replace(body, directions=torch.zeros_like(body.directions))
    header, arrays = unpacked(pack(bare))
    assert sum(header["bentCounts"]) == len(arrays["correctives"]) == 0
    assert not arrays["shapes"].any()


def test_a_body_too_large_for_16_bits_is_refused():
    count = INDEX_LIMIT + 1
    large = replace(
        load_body(),
        v_template=torch.zeros(count, 3),
        directions=torch.zeros(1, 3, count),
        weights=torch.zeros(count, 24),
        joint_regressor=None,
    )
    assert not fits(large)
    with pytest.raises(ValueError, match=str(INDEX_LIMIT)):
        pack(large)
