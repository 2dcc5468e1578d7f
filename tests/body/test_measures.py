"""Sizes of a mesh; trimesh is the oracle."""

import torch

from workbench.body import load_body
from workbench.body.export import to_trimesh
from workbench.body.measures import arm_span_m, height_m, volume_litres


def test_volume_is_trimeshs_and_independent_of_place_and_facing():
    body = load_body()
    mesh = body.mesh(torch.randn(10).clamp(-2, 2), 0.3 * torch.randn(24, 3))
    volume = volume_litres(mesh.vertices_m.double(), mesh.faces)
    assert abs(float(volume) / 1000 - to_trimesh(mesh).volume) < 1e-6
    theta = torch.zeros(2, 24, 3)
    theta[1, 0] = torch.tensor([0.4, 1.0, -0.3])
    turned = body.mesh(torch.zeros(2, 10), theta)
    volumes = volume_litres(turned.vertices_m.double() + 2.0, mesh.faces)
    torch.testing.assert_close(volumes[0], volumes[1], atol=1e-3, rtol=0)


def test_sizes_grow_with_the_body_and_are_those_of_people():
    vertices = load_body().v_template
    assert 1.5 < height_m(vertices) < 1.9 and 1.5 < arm_span_m(vertices) < 1.9
    torch.testing.assert_close(height_m(2 * vertices), 2 * height_m(vertices))
    volume = volume_litres(vertices, load_body().faces)
    assert 45 < volume < 85
    torch.testing.assert_close(volume_litres(2 * vertices, load_body().faces), 8 * volume)
