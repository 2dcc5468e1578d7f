"""What is inside what: winding numbers against solid angles, and bodies whose parts enter one another."""

import math

import numpy as np
import pytest
import torch
import trimesh

from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.body.penetration import PARTS, BodyParts, faces_around, normals_and_areas, winding_numbers
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.weights import asset


@pytest.fixture(scope="module")
def body():
    return load_body()


@pytest.fixture(scope="module")
def parts(body):
    return BodyParts.of(body)


def posed(body, **turns: tuple[float, float, float]) -> torch.Tensor:
    theta = torch.zeros(24, 3)
    for joint, turn in turns.items():
        theta[SMPL_JOINTS.index(joint)] = torch.tensor(turn)
    return body.mesh(torch.zeros(10), theta).vertices_m


def by_solid_angles(points: np.ndarray, vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Van Oosterom and Strackee, 1983: signed solid angles of all faces, over 4 pi."""
    a, b, c = (vertices[faces[:, i]][None] - points[:, None] for i in range(3))
    x, y, z = (np.linalg.norm(v, axis=-1) for v in (a, b, c))
    top = (a * np.cross(b, c)).sum(-1)
    bottom = x * y * z + (a * b).sum(-1) * z + (b * c).sum(-1) * x + (c * a).sum(-1) * y
    return 2 * np.arctan2(top, bottom).sum(1) / (4 * np.pi)


@pytest.mark.parametrize("shape", ["sphere", "torus", "two overlapping spheres", "inside out"])
def test_winding_numbers_are_the_solid_angles(shape):
    ball = trimesh.creation.icosphere(subdivisions=3)
    if shape == "torus":
        ball = trimesh.creation.torus(1, 0.4)
    if shape == "two overlapping spheres":
        ball = ball + trimesh.creation.icosphere(subdivisions=2).apply_translation([0.8, 0.1, 0])
    if shape == "inside out":
        ball.invert()
    points = np.random.default_rng(0).uniform(-2, 2, (400, 3))
    expected = by_solid_angles(points, ball.vertices, ball.faces)
    assert np.abs(expected - expected.round()).max() < 1e-6
    assert np.array_equal(winding_numbers(points, ball.vertices, ball.faces), expected.round())
    assert len(np.unique(expected.round())) >= 2


def test_winding_number_of_a_body(body):
    vertices = posed(body, left_knee=(1.5, 0, 0)).double().numpy()
    points = np.random.default_rng(0).uniform(vertices.min(0), vertices.max(0), (60, 3))
    expected = by_solid_angles(points, vertices, body.faces.numpy())
    assert np.array_equal(winding_numbers(points, vertices, body.faces.numpy()), expected.round())


def test_normals_point_outwards_and_areas_add_up():
    ball = trimesh.creation.icosphere(subdivisions=3)
    faces = np.asarray(ball.faces)
    around = faces_around(faces, len(ball.vertices))
    normals, areas = normals_and_areas(np.asarray(ball.vertices), faces, around)
    assert np.allclose(normals, ball.vertices, atol=2e-2)
    assert areas.sum() == pytest.approx(ball.area)


@pytest.mark.parametrize("name", ["open_body.npz", "open_body_x.npz"])
def test_parts_are_closed_and_make_the_whole(name):
    body = load_body(asset(name))
    parts, vertices = BodyParts.of(body), body.v_template.double().numpy()
    volume = 0.0
    for closed in parts.closed:
        part = trimesh.Trimesh(closed.surface(vertices), closed.faces, process=False)
        assert part.is_watertight and part.is_winding_consistent and part.volume > 0
        volume += part.volume
    whole = trimesh.Trimesh(vertices, body.faces.numpy(), process=False)
    assert volume == pytest.approx(whole.volume, rel=1e-6)
    assert len(set(PARTS)) == len(PARTS) == len(parts.closed)


POSSIBLE = {
    "T-pose": {},
    "arms hanging": {"left_shoulder": (0, 0, -1.2), "right_shoulder": (0, 0, 1.2)},
    "sitting": {"left_hip": (-1.5, 0, 0), "left_knee": (1.5, 0, 0)},
    "bent elbow": {"left_elbow": (0, -2.2, 0)},
}
IMPOSSIBLE = {
    "legs through one another": {"left_hip": (0, 0, -0.5), "right_hip": (0, 0, 0.5)},
    "arms through the thighs": {"left_shoulder": (0, 0, -1.65), "right_shoulder": (0, 0, 1.65)},
}


@pytest.mark.parametrize("name", POSSIBLE)
def test_what_people_do_is_free(name, body, parts):
    assert parts.penetration_pct(posed(body, **POSSIBLE[name])) == 0


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_they_cannot_do_is_not(name, body, parts):
    assert 1 < parts.penetration_pct(posed(body, **IMPOSSIBLE[name])) < 50


def test_deeper_is_more(body, parts):
    depth = [
        parts.penetration_pct(posed(body, left_hip=(0, 0, -a), right_hip=(0, 0, a))) for a in (0, 0.12, 0.25)
    ]
    assert depth[0] == 0 < depth[1] < depth[2]


def test_a_touch_is_forgiven_up_to_softness(body, parts):
    """Legs closed until they overlap a little: flesh of two centimetres gives way, hard skin does not."""
    touching = posed(body, left_hip=(0, 0, -0.12), right_hip=(0, 0, 0.12))
    assert parts.penetration_pct(touching, 0.02) < parts.penetration_pct(touching, 0.0)


def test_motions_of_the_whole_do_not_matter(body, parts):
    vertices = posed(body, **IMPOSSIBLE["legs through one another"])
    turn = matrix_from_axis_angle(torch.tensor([0.4, 1.0, -0.2]))
    moved = vertices @ turn.T + torch.tensor([1.0, -2.0, 5.0])
    assert parts.penetration_pct(moved) == pytest.approx(parts.penetration_pct(vertices), rel=0.02)


def test_broken_vertices_show(body, parts):
    vertices = posed(body)
    vertices[7, 1] = math.inf
    assert math.isnan(parts.penetration_pct(vertices))
