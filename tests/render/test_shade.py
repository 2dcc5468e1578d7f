"""Laws of shading."""

import numpy as np
import pytest
import torch
import trimesh

from tests.render.shapes import KINDS, camera, figure, mesh, sphere
from workbench.geometry.camera import Camera
from workbench.render.maps import render_depth, render_mask
from workbench.render.shade import draw, face_normals, shade, vertex_normals


def decode(srgb):
    return torch.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def test_normals_of_a_ball_point_outward():
    vertices, faces = sphere(radius=0.7)
    torch.testing.assert_close(vertex_normals(vertices, faces), vertices / 0.7, atol=1e-2, rtol=0)


def test_face_normals_agree_with_trimesh():
    box = trimesh.creation.box((1, 2, 3))
    torch.testing.assert_close(
        face_normals(*mesh(box)),
        torch.tensor(np.array(box.face_normals), dtype=torch.float32),
        atol=1e-6,
        rtol=0,
    )


def test_faces_without_area_have_no_normal():
    vertices = torch.zeros(3, 3)
    faces = torch.tensor([[0, 1, 2]])
    assert not face_normals(vertices, faces).any()
    assert not vertex_normals(vertices, faces).any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("smooth", [True, False])
def test_alpha_is_the_mask_and_colours_are_colours(kind, smooth):
    vertices, faces = figure()
    view = camera(kind)
    picture = draw(view, vertices, faces, smooth=smooth)
    assert torch.equal(picture[..., 3] > 0, render_mask(view, vertices, faces))
    seen = shade(view, vertices, faces, smooth=smooth)
    assert torch.equal(seen.depth_m, render_depth(view, vertices, faces)[seen.rows, seen.columns])
    assert picture.min() >= 0
    assert picture.max() <= 1
    assert not picture[picture[..., 3] == 0].any()


def test_light_comes_from_the_upper_left():
    vertices, faces = sphere()
    picture = draw(camera("orthographic", (101, 101)), vertices, faces)
    left, right, up, down = picture[45, 20], picture[45, 80], picture[20, 50], picture[70, 50]
    assert left[:3].sum() > right[:3].sum()
    assert up[:3].sum() > down[:3].sum()


def test_a_darker_paint_looks_darker_and_black_stays_black():
    vertices, faces = sphere()
    bright, dim, black = (draw(camera(), vertices, faces, (c, c, c))[..., 0] for c in (0.8, 0.4, 0.0))
    seen = render_mask(camera(), vertices, faces)
    assert (bright[seen] > dim[seen]).all()
    assert not black.any()


def test_one_colour_is_that_colour_at_every_vertex():
    vertices, faces = figure()
    color = (0.2, 0.5, 0.9)
    plain = draw(camera(), vertices, faces, color)
    painted = draw(camera(), vertices, faces, torch.tensor(color).expand(len(vertices), 3))
    torch.testing.assert_close(plain, painted)


@pytest.mark.parametrize("kind", KINDS)
def test_paint_sticks_to_the_surface(kind):
    """On a slanted wall painted by its x, each pixel shows the x that its ray meets (perspective-correct)."""
    corner = torch.tensor([[-4.0, -4.0], [4.0, -4.0], [4.0, 4.0], [-4.0, 4.0]])
    vertices = torch.cat((corner, corner[:, :1] / 2), dim=1)
    faces = torch.tensor([[0, 2, 1], [0, 3, 2]])
    focal, depth = (20.0, 1.0) if kind == "orthographic" else (60.0, 3.0)
    view = Camera(kind, focal, (30.0, 20.0), (40, 60), torch.tensor([0.0, 0.0, 3.0]))
    paint = ((vertices[:, :1] + 4) / 8).expand(-1, 3)
    white = draw(view, vertices, faces, (0.7, 0.7, 0.7))
    painted = draw(view, vertices, faces, paint)
    albedo = decode(painted[..., 0]) / decode(white[..., 0]) * decode(torch.tensor(0.7))
    tangent = (torch.arange(60) + 0.5 - 30) / focal
    x = {"perspective": 3 * tangent / (1 - tangent / 2)}.get(kind, depth * tangent)
    clipped = (painted[..., 0] == 1) | (white[..., 0] == 1)
    expected = decode((x + 4) / 8).expand(40, 60)
    assert (~clipped).float().mean() > 0.5
    torch.testing.assert_close(albedo[~clipped], expected[~clipped], atol=2e-3, rtol=0)


def test_facets_disappear_as_the_mesh_gets_finer():
    difference = []
    for subdivisions in (1, 3, 5):
        vertices, faces = sphere(subdivisions=subdivisions)
        smooth, flat = (draw(camera(), vertices, faces, smooth=s) for s in (True, False))
        difference.append(float((smooth - flat).abs().mean()))
    assert difference[0] > 3 * difference[1] > 6 * difference[2]


def test_nothing_to_see():
    vertices, faces = sphere()
    assert not draw(camera(), vertices + 1000, faces).any()
    assert not len(shade(camera(), vertices + 1000, faces, color=vertices).rows)
