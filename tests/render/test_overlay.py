"""Laws of overlays and side views."""

import math

import numpy as np
import pytest
import torch

from tests.render.shapes import KINDS, camera, figure, sphere
from workbench.geometry.camera import Camera, Projection
from workbench.render import Actor, person_color, render_layer, render_mask, render_overlay, render_side_views
from workbench.render.overlay import PERSON_COLORS
from workbench.render.shade import Color

SIZE = (60, 80)
RED, GREEN = (0.9, 0.1, 0.1), (0.1, 0.9, 0.1)


@pytest.fixture
def photo():
    return np.random.default_rng(0).integers(0, 256, (*SIZE, 3), dtype=np.uint8)


def ball(z_m: float, color: Color, x_m: float = 0.0, kind: Projection = "perspective") -> Actor:
    vertices, faces = sphere(0.5)
    t = torch.tensor([x_m, 0.0, z_m])
    return Actor(vertices, faces, Camera("perspective", 90.0, (40.0, 30.0), SIZE, t).as_kind(kind), color)


def test_without_bodies_or_opacity_the_photo_stays(photo):
    np.testing.assert_array_equal(render_overlay(photo, []), photo)
    np.testing.assert_array_equal(render_overlay(photo, [ball(3, RED)], opacity=0.0), photo)


def test_only_pixels_of_the_body_change(photo):
    actor = ball(3, RED)
    touched = (render_overlay(photo, [actor], 1.0) != photo).any(-1)
    covered = render_layer([actor], SIZE)[..., 3] > 0
    assert not touched[~covered].any()
    assert touched[covered].mean() > 0.95


def test_opacity_mixes_linearly(photo):
    actor = ball(3, RED)
    full, half = (render_overlay(photo, [actor], o).astype(float) for o in (1.0, 0.5))
    assert np.abs(half - (full + photo) / 2).max() <= 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_the_nearer_body_is_seen_whatever_the_order_and_camera(kind, other):
    near, far = ball(3, RED, kind=kind), ball(5, GREEN, x_m=0.4, kind=other)
    first, second = render_layer([near, far], SIZE), render_layer([far, near], SIZE)
    np.testing.assert_array_equal(first, second)
    alone = render_layer([near], SIZE)
    inside = alone[..., 3] == 255
    np.testing.assert_array_equal(first[inside], alone[inside])
    assert (first[..., 1] > first[..., 0]).any()  # and the far one is seen beside it


def test_bodies_that_cut_each_other_share_one_depth_buffer():
    """Two balls side by side at one depth meet in a line half-way, whichever is drawn first."""
    left, right = ball(3, RED, x_m=-0.2), ball(3, GREEN, x_m=0.2)
    layer = render_layer([left, right], SIZE)
    row = layer[30]
    red = row[..., 0] > row[..., 1]
    seen = row[..., 3] == 255
    assert red[seen & (np.arange(80) < 39)].all()
    assert not red[seen & (np.arange(80) > 41)].any()


def test_edges_are_smooth_and_say_how_much_is_covered():
    actor = ball(3, RED)
    alpha = render_layer([actor], SIZE)[..., 3] / 255
    assert set(np.round(np.unique(alpha) * 4, 1)) == {0, 1, 2, 3, 4}
    radius_px = 90 * 0.5 / math.sqrt(9 - 0.25)
    assert alpha.sum() == pytest.approx(math.pi * radius_px**2, rel=0.01)
    hard = render_mask(actor.camera, actor.vertices_body_m, actor.faces).numpy()
    assert np.abs(alpha - hard).max() < 1


def test_colour_at_the_edge_is_the_bodys_and_not_the_backgrounds():
    layer = render_layer([ball(3, RED)], SIZE).astype(int)
    edge = (layer[..., 3] > 0) & (layer[..., 3] < 255)
    assert (layer[edge][:, 0] > 3 * layer[edge][:, 1]).all()


@pytest.mark.parametrize("x_m", [-100.0, 100.0])
def test_bodies_outside_the_picture_are_no_error(photo, x_m):
    np.testing.assert_array_equal(render_overlay(photo, [ball(3, RED, x_m=x_m)]), photo)
    np.testing.assert_array_equal(render_overlay(photo, [ball(-3, RED)]), photo)
    cut = render_layer([ball(3, RED), ball(3, GREEN, x_m=1.2)], SIZE)
    assert cut[30, -1, 1] > cut[30, -1, 0]


def test_without_smoothing_for_very_large_pictures(monkeypatch):
    monkeypatch.setattr("workbench.render.overlay.MAX_SAMPLES", 1)
    actor = ball(3, RED)
    mask = render_mask(actor.camera, actor.vertices_body_m, actor.faces).numpy()
    np.testing.assert_array_equal(render_layer([actor], SIZE)[..., 3] == 255, mask)


def test_bad_input_is_refused(photo):
    actor = ball(3, RED)
    with pytest.raises(ValueError, match="Opacity"):
        render_overlay(photo, [actor], 1.5)
    with pytest.raises(ValueError, match="camera of the whole photo"):
        render_overlay(photo, [actor._replace(camera=camera(size_hw=(10, 10)))])
    with pytest.raises(ValueError, match="NaN"):
        render_overlay(photo, [actor._replace(vertices_body_m=actor.vertices_body_m * math.nan)])
    with pytest.raises(ValueError, match="NaN"):
        render_side_views(actor.vertices_body_m * math.nan, actor.faces)


def test_every_person_has_a_colour_of_their_own():
    colors = np.array([person_color(i) for i in range(len(PERSON_COLORS))])
    apart = np.linalg.norm(colors[:, None] - colors[None], axis=-1)
    assert apart[~np.eye(len(colors), dtype=bool)].min() > 0.2
    assert person_color(len(PERSON_COLORS)) == person_color(0)


def test_side_views_share_one_scale():
    vertices, faces = figure()
    vertices = vertices * torch.tensor([1.0, 2.0, 0.5]) + torch.tensor([3.0, -1.0, 7.0])
    extent = {}
    for name, view in render_side_views(vertices, faces, size_px=200).items():
        rows, columns = np.nonzero(view[..., 3])
        extent[name] = np.array([np.ptp(columns), np.ptp(rows)]) + 1
        assert view.shape == (200, 200, 4)
    assert abs(extent["front"][1] - extent["side"][1]) <= 1
    assert abs(extent["front"][0] - extent["top"][0]) <= 1
    assert abs(extent["side"][0] - extent["top"][1]) <= 1
    size = (vertices.amax(0) - vertices.amin(0)).numpy()
    np.testing.assert_allclose(extent["front"] / size[:2], 0.92 * 200 / size.max(), rtol=0.03)


def test_side_views_look_where_they_say():
    """A body whose nose points at the camera looks left from the side and down from the top."""
    body, faces = sphere(1.0, 3)
    nose, nose_faces = sphere(0.3, 2)
    nose = nose + torch.tensor([0.0, 0.0, -1.1])
    paint = torch.cat((torch.tensor(GREEN).expand(len(body), 3), torch.tensor(RED).expand(len(nose), 3)))
    views = render_side_views(
        torch.cat((body, nose)), torch.cat((faces, nose_faces + len(body))), paint, size_px=100
    )
    where = {}
    for name, view in views.items():
        rows, columns = np.nonzero((view[..., 0] > view[..., 1]) & (view[..., 3] == 255))
        where[name] = (columns.mean(), rows.mean())
    assert where["front"] == pytest.approx((49.5, 49.5), abs=1)
    assert where["side"][0] < 30
    assert where["side"][1] == pytest.approx(49.5, abs=1)
    assert where["top"][1] > 70
    assert where["top"][0] == pytest.approx(49.5, abs=1)
