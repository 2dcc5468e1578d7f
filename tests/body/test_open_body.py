"""Laws of the shipped assets: whatever is rebuilt must still be a well-formed, symmetric human body."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from scipy.spatial import KDTree
from scipy.spatial.transform import Rotation

from workbench.body.joints import SMPL_PARENTS, SMPLX_JOINTS, SMPLX_PARENTS, joint_names, mirror_ids
from workbench.body.packed import unpack
from workbench.body.topology import KEYPOINTS, OPEN, OPEN_X

ASSETS = Path(__file__).parents[2] / "assets"
MIRROR = np.array([-1, 1, 1])
SIZES = {
    OPEN: (6890, 10, SMPL_PARENTS, KEYPOINTS["smpl"]),
    OPEN_X: (10475, 20, SMPLX_PARENTS, KEYPOINTS["smplx"]),
}


@pytest.fixture(scope="module", params=["open_body.npz", "open_body_x.npz"])
def body(request: pytest.FixtureRequest) -> dict[str, Any]:
    return unpack(ASSETS / request.param)


@pytest.fixture(scope="module")
def mirror(body: dict[str, Any]) -> np.ndarray:
    """The vertex on the other side of each."""
    distance, other = KDTree(body["v_template"]).query(body["v_template"] * MIRROR)
    assert distance.max() < 1e-6
    return np.asarray(other)


def _joints(body: dict[str, Any]) -> tuple[str, ...]:
    return joint_names(len(body["parents"]))


def _volume(mesh: np.ndarray, faces: np.ndarray) -> float:
    return float(trimesh.Trimesh(mesh, faces, process=False).volume)


def _posed(body: dict[str, Any], degrees: Mapping[str, Sequence[float]], correct: bool) -> np.ndarray:
    """Plain numpy SMPL (Loper et al., 2015, eq. 2 to 10) with or without pose blend shapes."""
    vector = np.zeros((len(body["parents"]), 3))
    for name, angles in degrees.items():
        vector[_joints(body).index(name)] = np.deg2rad(angles)
    local = Rotation.from_rotvec(vector).as_matrix()
    rest = body["v_template"] + correct * body["posedirs"] @ (local[1:] - np.eye(3)).ravel()
    joints = body["J_regressor"] @ body["v_template"]
    world, place = local.copy(), joints.copy()
    for j, parent in enumerate(body["parents"][1:], start=1):
        world[j] = world[parent] @ local[j]
        place[j] = place[parent] + world[parent] @ (joints[j] - joints[parent])
    moved = np.einsum("jab,vjb->vja", world, rest[:, None] - joints) + place
    return np.einsum("vj,vja->va", body["weights"], moved)


def test_it_is_of_the_formats_size_on_the_formats_skeleton(body: dict[str, Any]) -> None:
    vertices, shapes, parents, _ = SIZES[body["topology"]]
    assert body["v_template"].shape == (vertices, 3)
    assert body["shapedirs"].shape == (vertices, 3, shapes)
    assert body["posedirs"].shape == (vertices, 3, 9 * (len(parents) - 1))
    assert tuple(body["parents"]) == parents


def test_each_piece_is_closed_and_looks_outwards(body: dict[str, Any]) -> None:
    mesh = trimesh.Trimesh(body["v_template"], body["faces"], process=False)
    pieces = mesh.split(only_watertight=False)
    assert len(pieces) == 3  # skin and two eyeballs
    assert all(piece.is_watertight and piece.is_winding_consistent and piece.volume > 0 for piece in pieces)
    assert all(piece.euler_number == 2 for piece in pieces)
    assert len(np.unique(body["faces"])) == len(body["v_template"])
    assert len(np.unique(np.sort(body["faces"], axis=1), axis=0)) == len(body["faces"])


def test_it_is_mirror_symmetric(body: dict[str, Any], mirror: np.ndarray) -> None:
    assert (mirror[mirror] == np.arange(len(mirror))).all()
    np.testing.assert_allclose(body["v_template"][mirror] * MIRROR, body["v_template"], atol=1e-7)
    other = list(mirror_ids(_joints(body)))
    np.testing.assert_allclose(body["weights"][mirror][:, other], body["weights"], atol=1e-7)
    np.testing.assert_allclose(body["J_regressor"][other][:, mirror], body["J_regressor"], atol=1e-7)
    betas = body["shapedirs"][:, :, :10]
    flipped = betas[mirror] * MIRROR[:, None]
    assert (np.abs(flipped - betas) <= np.abs(betas).max((0, 1)) / 32767 * 1.01).all()
    faces = {frozenset(face) for face in body["faces"].tolist()}
    assert {frozenset(face) for face in mirror[body["faces"]].tolist()} == faces


def test_a_mirrored_pose_gives_the_mirrored_body(body: dict[str, Any], mirror: np.ndarray) -> None:
    pose = {
        "left_knee": (90, 10, 0),
        "right_elbow": (20, 100, 0),
        "spine2": (10, 20, 5),
        "left_collar": (0, 5, 9),
    }
    swap = {"left": "right", "right": "left"}
    other = {
        "_".join(swap.get(part, part) for part in name.split("_")): (x, -y, -z)
        for name, (x, y, z) in pose.items()
    }
    expected = _posed(body, pose, correct=True)[mirror] * MIRROR
    np.testing.assert_allclose(_posed(body, other, correct=True), expected, atol=2e-5)


def test_rows_of_weights_and_regressor_are_convex_combinations(body: dict[str, Any]) -> None:
    for key in ("weights", "J_regressor"):
        assert body[key].min() >= 0
        np.testing.assert_allclose(body[key].sum(1), 1, atol=1e-6)


def test_joints_lie_where_anatomy_has_them(body: dict[str, Any]) -> None:
    joints = dict(zip(_joints(body), body["J_regressor"] @ body["v_template"], strict=True))
    for name, (x, *_) in joints.items():
        assert {"l": x > 0, "r": x < 0}.get(name[0] if "_" in name else "", abs(x) < 1e-6)
    upwards = [
        "left_foot",
        "left_ankle",
        "left_knee",
        "left_hip",
        "spine1",
        "spine2",
        "spine3",
        "neck",
        "head",
    ]
    heights = [joints[name][1] for name in upwards]
    assert heights == sorted(heights)
    arm = np.array([joints[f"left_{part}"] for part in ("shoulder", "elbow", "wrist")])
    np.testing.assert_allclose(arm[:, 1:], arm[[0, 0, 0], 1:], atol=0.01)  # a T-pose


def test_the_first_betas_are_height_and_weight(body: dict[str, Any]) -> None:
    for beta, measure in enumerate((lambda v: np.ptp(v[:, 1]), lambda v: _volume(v, body["faces"]))):
        sizes = [measure(body["v_template"] + s * body["shapedirs"][:, :, beta]) for s in (-2, -1, 0, 1, 2)]
        assert sizes == sorted(sizes)
    betas = body["shapedirs"][:, :, :10]
    spread = np.linalg.norm(betas, axis=(0, 1))
    assert (np.diff(spread) < 0).all()  # principal components come in order
    flat = betas.reshape(-1, 10) / spread
    np.testing.assert_allclose(flat.T @ flat, np.eye(10), atol=1e-2)


def test_the_origin_is_the_mean_vertex_for_everybody(body: dict[str, Any]) -> None:
    np.testing.assert_allclose(body["v_template"].mean(0), 0, atol=1e-6)
    np.testing.assert_allclose(body["shapedirs"][:, :, :10].mean(0), 0, atol=1e-6)


def test_the_texture_map_is_unfolded(body: dict[str, Any]) -> None:
    corner = body["uv"][body["uv_faces"]]
    edge, other = corner[:, 1] - corner[:, 0], corner[:, 2] - corner[:, 0]
    folded = edge[:, 0] * other[:, 1] - edge[:, 1] * other[:, 0] <= 0
    # One sliver at the right corner of the mouth; with fewer vertices it is gone.
    assert folded.sum() <= (body["topology"] == OPEN_X)
    vertex_of = np.full(len(body["uv"]), -1)
    vertex_of[body["uv_faces"]] = body["faces"]
    np.testing.assert_array_equal(vertex_of[body["uv_faces"]], body["faces"])
    assert vertex_of.min() >= 0


def test_keypoints_have_the_formats_numbers_and_places(body: dict[str, Any], mirror: np.ndarray) -> None:
    vertex = dict(zip(body["keypoint_names"].tolist(), body["keypoint_vertices"].tolist(), strict=True))
    assert SIZES[body["topology"]][3].items() <= vertex.items()
    for name, v in vertex.items():
        if name.startswith("left_"):
            assert vertex[f"right_{name[5:]}"] == mirror[v]
            assert body["v_template"][v, 0] > 0
    at = {name: body["v_template"][v] for name, v in vertex.items()}
    assert at["nose"][0] == 0
    assert at["left_eye_inner"][0] < at["left_eye"][0] < at["left_eye_outer"][0] < at["left_ear"][0]
    assert at["left_eye"][1] > at["nose"][1] > at["left_mouth"][1]
    assert at["left_big_toe"][2] > at["left_small_toe"][2] > at["left_heel"][2]
    assert at["left_big_toe"][0] < at["left_small_toe"][0]
    for finger in ("thumb", "index", "pinky"):
        assert at[f"left_{finger}_tip"][0] > at[f"left_{finger}_knuckle"][0]
    assert at["left_thumb_tip"][2] > at["left_index_tip"][2] > at["left_pinky_tip"][2]  # palms down


@pytest.mark.parametrize(
    "pose",
    [
        {"left_hip": (-90, 0, 0), "right_hip": (-90, 0, 0)},
        {"left_knee": (90, 0, 0), "right_knee": (90, 0, 0)},
        {"left_shoulder": (60, 0, 0), "right_shoulder": (60, 0, 0)},
        {"left_shoulder": (0, 0, -70), "right_shoulder": (0, 0, 70)},
    ],
    ids=["hips", "knees", "twisted shoulders", "arms down"],
)
def test_pose_blend_shapes_save_volume(body: dict[str, Any], pose: dict[str, Any]) -> None:
    """What linear blend skinning is known to lose at a bend or a twist, they give back in part."""
    rest = _volume(body["v_template"], body["faces"])
    plain, corrected = (_volume(_posed(body, pose, correct=c), body["faces"]) for c in (False, True))
    assert plain < corrected < rest


@pytest.fixture(scope="module")
def with_face() -> dict[str, Any]:
    return unpack(ASSETS / "open_body_x.npz")


def test_an_expression_is_the_same_or_the_opposite_in_a_mirror(with_face: dict[str, Any]) -> None:
    template, moves = with_face["v_template"], with_face["shapedirs"][:, :, 10:]
    _, mirror = KDTree(template).query(template * MIRROR)
    flipped, quantum = moves[mirror] * MIRROR[:, None], np.abs(moves).max((0, 1)) / 32767
    even, odd = ((np.abs(flipped - sign * moves) <= quantum * 1.01).all((0, 1)) for sign in (1, -1))
    assert (even ^ odd).all()
    assert even.sum() > odd.sum()  # the sides of a face mostly move together


def test_an_expression_moves_the_face_and_no_joint(with_face: dict[str, Any]) -> None:
    moves = with_face["shapedirs"][:, :, 10:]
    assert not (with_face["J_regressor"] @ moves.reshape(len(moves), -1)).any()
    size = np.linalg.norm(moves, axis=1)
    assert ((size.max(0) > 0.001) & (size.max(0) < 0.02)).all()
    assert not size[with_face["weights"][:, SMPLX_JOINTS.index("spine3")] > 0.5].any()


def test_a_jaw_that_drops_opens_the_mouth(with_face: dict[str, Any]) -> None:
    chin = np.argmax(with_face["weights"][:, SMPLX_JOINTS.index("jaw")] * with_face["v_template"][:, 2])
    moved = _posed(with_face, {"jaw": (20, 0, 0)}, correct=True) - with_face["v_template"]
    assert moved[chin, 1] < -0.02
    still = [SIZES[OPEN_X][3][name] for name in ("nose", "left_eye", "right_eye", "left_ear", "right_ear")]
    assert np.linalg.norm(moved[still], axis=1).max() < 5e-4


@pytest.mark.parametrize("side", ["left", "right"])
def test_eyes_turn_without_the_face(with_face: dict[str, Any], side: str) -> None:
    """About +y, so that both look to the person's left."""
    eye = with_face["weights"][:, SMPLX_JOINTS.index(f"{side}_eye")] > 0.99
    front = np.flatnonzero(eye)[np.argmax(with_face["v_template"][eye, 2])]
    moved = _posed(with_face, {f"{side}_eye": (0, 30, 0)}, correct=True) - with_face["v_template"]
    assert moved[front, 0] > 0.004
    assert np.abs(moved[with_face["weights"][:, SMPLX_JOINTS.index(f"{side}_eye")] == 0]).max() < 5e-4


def test_face_landmarks_are_where_a_face_has_them(with_face: dict[str, Any], mirror_x: np.ndarray) -> None:
    """In SMPL-X's order: brows, nose, eyes, lips outside, lips inside, each from the person's right."""
    corners = with_face["v_template"][with_face["faces"][with_face["lmk_faces_idx"]]]
    points = np.einsum("lc,lca->la", with_face["lmk_bary_coords"], corners)
    np.testing.assert_allclose(points[mirror_x] * MIRROR, points, atol=1e-6)
    assert len(points) == 51
    x, y, z = points.T
    for row in (slice(0, 10), slice(14, 19), slice(31, 38), slice(43, 48)):
        assert (np.diff(x[row]) > 0).all()
    assert (np.diff(y[10:14]) < 0).all() and z[13] == z.max()  # down the bridge to the tip
    assert y[:10].min() > y[19:31].max() > y[14:19].max() > y[31:].max()
    assert y[[26, 27]].min() > y[[25, 28]].max() > y[[29, 30]].max()  # upper lid, corners, lower lid
    assert y[34] > y[45] > y[49] > y[40]  # upper lip and lower lip, outside and inside


@pytest.fixture(scope="module")
def mirror_x() -> np.ndarray:
    """The landmark on the other side of each."""
    brows, nose, eyes = [*range(9, -1, -1)], [10, 11, 12, 13, 18, 17, 16, 15, 14], [28, 27, 26, 25, 30, 29]
    left_eye = [22, 21, 20, 19, 24, 23]
    outside = [37, 36, 35, 34, 33, 32, 31, 42, 41, 40, 39, 38]
    return np.array([*brows, *nose, *eyes, *left_eye, *outside, 47, 46, 45, 44, 43, 50, 49, 48])


def test_the_readme_has_the_checksums() -> None:
    rows = re.findall(
        r"^\| `(\S+)` .* `([0-9a-f]{64})` \|$", (ASSETS / "README.md").read_text(), re.MULTILINE
    )
    assert {"open_body.npz", "open_body_x.npz"} <= dict(rows).keys()
    for name, checksum in rows:
        assert hashlib.sha256((ASSETS / name).read_bytes()).hexdigest() == checksum
