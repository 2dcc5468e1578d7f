"""A light body's points are the whole body's, and so are their gradients."""

import pytest
import torch

from workbench.body import load_body
from workbench.body.landmarks import landmark_regressor
from workbench.body.light import light_body, spread_vertices
from workbench.body.model import BodyModel
from workbench.geometry.rotations import matrix_from_axis_angle


@pytest.fixture(scope="module")
def whole() -> BodyModel:
    return load_body().to(dtype=torch.float64)


@pytest.mark.parametrize("batch", [(), (1,), (5,), (2, 3)])
def test_points_and_gradients_are_the_whole_bodys(whole: BodyModel, batch: tuple[int, ...]) -> None:
    generator = torch.Generator().manual_seed(0)
    betas = torch.randn(*batch, 10, generator=generator, dtype=torch.float64).requires_grad_()
    theta = (0.5 * torch.randn(*batch, 24, 3, generator=generator, dtype=torch.float64)).requires_grad_()
    light = light_body(whole, 40)
    points = light(betas, matrix_from_axis_angle(theta))
    mesh = whole.with_shape(betas).with_pose(theta).mesh()
    expected = (
        mesh.joints_m,
        landmark_regressor(whole).points(mesh),
        mesh.vertices_m[..., light.vertex_ids, :],
    )
    for ours, theirs in zip(points, expected, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=0, atol=1e-9)
        weight = torch.randn(theirs.shape, generator=generator, dtype=torch.float64)
        grads = [
            torch.autograd.grad((x * weight).sum(), (betas, theta), retain_graph=True) for x in (ours, theirs)
        ]
        for a, b in zip(*grads, strict=True):
            torch.testing.assert_close(a, b, rtol=0, atol=1e-8)


def test_gradients_by_differences(whole: BodyModel) -> None:
    light = light_body(whole, 3)
    inputs = (
        torch.randn(2, 10, dtype=torch.float64, requires_grad=True),
        (0.3 * torch.randn(2, 24, 3, 3, dtype=torch.float64)).requires_grad_(),
    )
    assert torch.autograd.gradcheck(light, inputs, fast_mode=True)


def test_spread_vertices_are_far_apart(whole: BodyModel) -> None:
    few, more = (spread_vertices(whole.v_template, count) for count in (20, 80))
    assert torch.equal(few, more[:20]) and len(more.unique()) == 80
    gap = [torch.pdist(whole.v_template[ids]).min() for ids in (few, more)]
    assert gap[0] > gap[1] > 0.02


def test_a_body_without_landmarks_is_refused(whole: BodyModel) -> None:
    with pytest.raises(ValueError, match="33 landmarks"):
        light_body(whole.subset(torch.arange(50)))
