"""Laws of depth maps and masks."""

import math

import pytest
import torch

from tests.render.shapes import KINDS, camera, figure, sphere
from workbench.render import render_depth, render_mask


@pytest.mark.parametrize("kind", KINDS)
def test_mask_is_where_depth_is_not_zero(kind):
    vertices, faces = figure()
    view = camera(kind)
    assert torch.equal(render_depth(view, vertices, faces) > 0, render_mask(view, vertices, faces))


def test_depth_of_a_ball_by_ray_casting():
    """Every ray meets the unit ball where the quadratic says."""
    vertices, faces = sphere(subdivisions=5)
    view = camera("perspective", (60, 80))
    depth = render_depth(view, vertices, faces)
    rows, columns = torch.meshgrid(torch.arange(60) + 0.5, torch.arange(80) + 0.5, indexing="ij")
    cx, cy = view.center_px
    ray = torch.stack(((columns - cx) / view.focal_px, (rows - cy) / view.focal_px, torch.ones(60, 80)), -1)
    center = view.t_camera_body_m
    a, b, c = (ray * ray).sum(-1), ray @ center, center @ center - 1
    root = b**2 - a * c
    near = (b - root.clamp_min(0).sqrt()) / a
    inside = root > 0.2  # away from the rim, where facets and ball differ
    torch.testing.assert_close(depth[inside], near[inside], atol=2e-3, rtol=0)
    assert not depth[root < -0.05].any()


@pytest.mark.parametrize("scale", [0.5, 2.0, 3.0])
def test_a_camera_window_is_a_piece_of_the_picture(scale):
    """Drawn larger or smaller, a window sees the same depth along the same rays."""
    vertices, faces = sphere(subdivisions=5)
    view = camera("perspective", (120, 160))
    size = (int(40 * scale), int(60 * scale))
    window = render_depth(view.window(50.0, 30.0, size, scale), vertices, faces)
    whole = render_depth(view, vertices, faces)[30:70, 50:110]
    if scale < 1:
        window = window.repeat_interleave(2, 0).repeat_interleave(2, 1)
    else:
        middle = int(scale) // 2
        window = window[middle :: int(scale), middle :: int(scale)]
    both = (window > 0) & (whole > 0)
    assert (window > 0).sum() / (whole > 0).sum() == pytest.approx(1, abs=0.05)
    assert (window - whole)[both].abs().median() < (0.02 if scale < 1 else 0.01)


def test_batches():
    vertices, faces = figure()
    masks = render_mask(camera(), torch.stack((vertices, -vertices)), faces.flip(0))
    assert masks.shape == (2, 60, 80)


def test_broken_vertices_are_refused():
    vertices, faces = figure()
    with pytest.raises(ValueError, match="NaN"):
        render_mask(camera(), vertices * math.nan, faces)
