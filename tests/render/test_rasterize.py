"""Laws of the z-buffer."""

import math

import numpy as np
import pytest
import torch

from tests.render.shapes import KINDS, camera, figure, sphere
from workbench.geometry.camera import Camera
from workbench.render import spans
from workbench.render.rasterize import (
    barycentric_px,
    covered,
    is_linear,
    nearest_m,
    pixel_centers_px,
    project_for_raster,
    rasterize,
)


def draw(view, vertices, faces, cull=True):
    return rasterize(*project_for_raster(view, vertices), faces, view.size_hw, cull, is_linear(view))


def brute_force(xy, near, faces, size_hw):
    """Every face at every pixel centre, in float64: face id, nearness, and whether nothing was near a tie."""
    rows, columns = np.mgrid[: size_hw[0], : size_hw[1]]
    point = np.stack((columns, rows), -1).reshape(-1, 1, 2) + 0.5
    a, b, c = (xy[faces[:, i]][None] for i in range(3))

    def cross(p, q):
        return p[..., 0] * q[..., 1] - p[..., 1] * q[..., 0]

    area = cross(b - a, c - a)
    area = np.where(area == 0, np.inf, area)
    share = np.stack([cross(p - point, q - point) for p, q in ((b, c), (c, a), (a, b))], -1)
    share = share / area[..., None]
    inside = (share.min(-1) >= 0) & (area < 0)
    value = np.where(inside, (share * near[faces]).sum(-1), -np.inf)
    order = np.sort(value, axis=1)
    with np.errstate(invalid="ignore"):
        gap = order[:, -1] - order[:, -2]
    sure = ((np.abs(share).min(-1) > 1e-4) | np.isinf(area)).all(1) & (np.isnan(gap) | (gap > 1e-5))
    face = np.where(inside.any(1), value.argmax(1), -1)
    return face.reshape(size_hw), value.max(1).reshape(size_hw), sure.reshape(size_hw)


@pytest.mark.parametrize("kind", KINDS)
def test_agrees_with_brute_force(kind):
    vertices, faces = figure()
    view = camera(kind, (40, 52))
    seen = draw(view, vertices, faces)
    xy, depth = project_for_raster(view, vertices)
    depth = depth.double().numpy()
    face, near, sure = brute_force(
        xy.double().numpy(), -depth if is_linear(view) else 1 / depth, faces.numpy(), view.size_hw
    )
    assert sure.mean() > 0.95
    assert (face >= 0).sum() > 100
    np.testing.assert_array_equal(seen.face_id.numpy()[sure], face[sure])
    covered = (face >= 0) & sure
    expected = -near[covered] if is_linear(view) else 1 / near[covered]
    np.testing.assert_allclose(seen.depth_m.numpy()[covered], expected, rtol=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_every_drawn_face_contains_its_pixel(kind):
    vertices, faces = figure()
    view = camera(kind)
    seen = draw(view, vertices, faces)
    rows, columns = seen.mask.nonzero(as_tuple=True)
    xy = view.project(vertices)
    corners = faces[seen.face_id[rows, columns]]
    points = pixel_centers_px(rows, columns)
    share = barycentric_px(xy, corners, points)
    torch.testing.assert_close((share[..., None] * xy[corners]).sum(1), points, atol=1e-3, rtol=0)


def test_area_of_a_sphere_tends_to_a_disc():
    vertices, faces = sphere(subdivisions=5)
    for size, tolerance in ((64, 0.01), (512, 0.001)):
        view = camera("orthographic", (size, size))
        radius_px = view.focal_px
        area = int(draw(view, vertices, faces).mask.sum())
        assert abs(area / (math.pi * radius_px**2) - 1) < tolerance


def test_perspective_shows_a_larger_disc_than_weak_perspective():
    """A sphere's outline is the cone of tangents: radius f R / sqrt(Tz^2 - R^2)."""
    vertices, faces = sphere(radius=0.8, subdivisions=5)
    view = camera("perspective", (400, 400), tz_m=2.0)
    t = torch.tensor([0.0, 0.0, 2.0])
    view = Camera("perspective", view.focal_px, view.center_px, view.size_hw, t)
    radius_px = view.focal_px * 0.8 / math.sqrt(2.0**2 - 0.8**2)
    assert abs(int(draw(view, vertices, faces).mask.sum()) / (math.pi * radius_px**2) - 1) < 0.002


@pytest.mark.parametrize("kind", KINDS)
def test_depth_of_a_slanted_plane_is_exact(kind):
    """The plane z = 3 + x / 2 seen by a ray: its depth follows from the pixel alone."""
    corner = torch.tensor([[-4.0, -4.0], [4.0, -4.0], [4.0, 4.0], [-4.0, 4.0]])
    vertices = torch.cat((corner, corner[:, :1] / 2), dim=1)
    faces = torch.tensor([[0, 2, 1], [0, 3, 2]])
    view = camera(kind, (40, 60))
    t = torch.tensor([0.0, 0.0, 3.0])
    view = Camera(kind, view.focal_px, view.center_px, view.size_hw, t)
    seen = draw(view, vertices, faces)
    assert seen.mask.all()
    tangent = (torch.arange(60) + 0.5 - view.center_px[0]) / view.focal_px
    depth = {
        "perspective": 3 / (1 - tangent / 2),
        "weak": 3 + tangent * 3 / 2,
        "orthographic": 3 + tangent / 2,
    }[kind]
    torch.testing.assert_close(seen.depth_m, depth.expand(40, 60), rtol=1e-5, atol=0)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("swap", [False, True])
def test_the_nearer_mesh_occludes(kind, swap):
    vertices, faces = sphere(0.4, 3)
    behind = vertices * 1.5 + torch.tensor([0.0, 0.0, 2.0])
    first, second = (behind, vertices) if swap else (vertices, behind)
    both = draw(camera(kind), torch.cat((first, second)), torch.cat((faces, faces + len(vertices))))
    alone = draw(camera(kind), vertices, faces)
    near_id = both.face_id - len(faces) if swap else both.face_id
    assert torch.equal(near_id[alone.mask], alone.face_id[alone.mask])
    assert both.mask.sum() >= alone.mask.sum()


@pytest.mark.parametrize("kind", KINDS)
def test_culling_changes_nothing_on_closed_meshes(kind):
    vertices, faces = figure()
    culled, full = (draw(camera(kind), vertices, faces, cull) for cull in (True, False))
    assert torch.equal(culled.mask, full.mask)
    assert (culled.face_id == full.face_id).float().mean() > 0.999  # rims: front and back meet at one depth


def test_culling_removes_faces_seen_from_behind():
    vertices, faces = sphere()
    inside_out = faces.flip(1)
    view = camera("orthographic")
    front, back = draw(view, vertices, faces), draw(view, vertices, inside_out)
    assert torch.equal(front.mask, back.mask)
    assert (back.depth_m - front.depth_m)[front.mask].min() >= 0
    assert (back.depth_m - front.depth_m)[front.mask].max() > 1.9  # the far side of a ball of radius 1


def test_faces_that_share_edges_leave_no_crack_and_no_pixel_twice():
    """A random triangulation of a square covers each pixel exactly once, whatever its slivers."""
    from scipy.spatial import Delaunay

    rng = np.random.default_rng(0)
    points = np.concatenate((rng.uniform(0, 50, (120, 2)), [[0, 0], [50, 0], [0, 50], [50, 50]]))
    points[:30] = np.round(points[:30]) + 0.5  # vertices exactly on pixel centres
    points = torch.tensor(np.unique(points, axis=0), dtype=torch.float32)
    faces = torch.tensor(Delaunay(points.numpy()).simplices, dtype=torch.int64)
    depth = torch.ones(len(points))
    together = rasterize(points, depth, faces, (50, 50), cull=False)
    assert together.mask.all()
    single = sum(int(rasterize(points, depth, face[None], (50, 50), cull=False).mask.sum()) for face in faces)
    assert single == 50 * 50


def test_shift_by_whole_pixels_shifts_the_picture():
    vertices, faces = figure()
    xy, depth = project_for_raster(camera(), vertices)
    xy = (xy * 64).round() / 64  # so that adding whole pixels is exact
    here = rasterize(xy, depth, faces, (60, 80)).face_id
    there = rasterize(xy + torch.tensor([7.0, -5.0]), depth, faces, (60, 80)).face_id
    assert torch.equal(there[:-5, 7:], here[5:, :-7])


def test_cutting_the_window_does_not_change_what_is_seen():
    vertices, faces = figure()
    xy, depth = project_for_raster(camera(), vertices)
    xy = (xy * 64).round() / 64
    whole = rasterize(xy, depth, faces, (60, 80))
    part = rasterize(xy - torch.tensor([30.0, 20.0]), depth, faces, (15, 18))
    assert torch.equal(part.face_id, whole.face_id[20:35, 30:48])


def test_a_batch_is_its_pictures():
    vertices, faces = figure()
    poses = torch.stack([vertices, vertices.flip(1), vertices * 0.5, vertices + 0.1]).reshape(2, 2, -1, 3)
    view = camera()
    together = draw(view, poses, faces)
    assert together.face_id.shape == (2, 2, 60, 80)
    for i in range(2):
        for j in range(2):
            alone = draw(view, poses[i, j], faces)
            assert torch.equal(together.face_id[i, j], alone.face_id)
            assert torch.equal(together.depth_m[i, j], alone.depth_m)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_covered_and_how_near_it_is_are_those_of_what_is_seen(kind):
    vertices, faces = figure()
    view = camera(kind)
    xy, depth = project_for_raster(view, torch.stack((vertices, 3 * vertices)))  # one is cut
    how = {"size_hw": view.size_hw, "linear": is_linear(view)}
    for cull in (True, False):
        seen = rasterize(xy, depth, faces, cull=cull, **how)
        assert seen.mask.any() and torch.equal(covered(xy, depth, faces, cull=cull, **how), seen.mask)
        assert torch.equal(nearest_m(xy, depth, faces, cull=cull, **how), seen.depth_m)
    assert not covered(xy + 1e4, depth, faces, **how).any()
    assert torch.isinf(nearest_m(xy + 1e4, depth, faces, **how)).all()


def test_small_blocks_give_the_same_picture(monkeypatch):
    vertices, faces = figure()
    whole = draw(camera(), vertices, faces)
    monkeypatch.setattr(spans, "CANDIDATES_PER_BLOCK", 50)
    assert torch.equal(draw(camera(), vertices, faces).face_id, whole.face_id)


def test_faces_at_or_behind_the_lens_are_left_out():
    vertices, faces = sphere()
    around = camera(tz_m=0.0)
    for tz_m in (0.0, -3.0):
        t = torch.tensor([0.0, 0.0, tz_m])
        seen = draw(Camera("perspective", 50.0, around.center_px, (60, 80), t), vertices, faces, cull=False)
        assert (seen.depth_m > 0).all()
        assert seen.mask.any() == (tz_m == 0)  # inside the ball, the wall ahead remains


def test_orthographic_depth_may_be_negative():
    vertices, faces = sphere(0.5)
    view = Camera("orthographic", 30.0, (40.0, 30.0), (60, 80), torch.zeros(3))
    seen = draw(view, vertices, faces)
    assert abs(float(seen.depth_m[30, 40]) + 0.5) < 0.01


def test_nothing_to_see():
    vertices, faces = sphere()
    empty = (draw(camera(), vertices + 1000, faces), draw(camera(), vertices, faces[:0]))
    for seen in (*empty, rasterize(torch.zeros(3, 2), torch.ones(3), torch.tensor([[0, 1, 2]]), (4, 5))):
        assert not seen.mask.any()
        assert (seen.face_id == -1).all()
        assert torch.isinf(seen.depth_m).all()
    assert rasterize(torch.zeros(0, 2), torch.zeros(0), faces[:0], (4, 5)).face_id.shape == (4, 5)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_broken_vertices_are_refused(bad):
    vertices, faces = sphere()
    xy, depth = project_for_raster(camera(), vertices)
    xy[3, 1] = bad
    with pytest.raises(ValueError, match="1 of 2562 vertices"):
        rasterize(xy, depth, faces, (60, 80))
    with pytest.raises(ValueError, match="at least one pixel"):
        rasterize(xy, depth, faces, (0, 80))
