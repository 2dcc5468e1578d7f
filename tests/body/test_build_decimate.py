"""Thinning a mesh: closed, symmetric, unfolded and of the wanted size, however thin the mesh is."""

import numpy as np
import pytest
import trimesh
from numpy import ndarray

from workbench.body.build.decimate import HalfMesh, decimate


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
