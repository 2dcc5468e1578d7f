"""Laws of the differentiable silhouette."""

import pytest
import torch

from tests.render.shapes import KINDS, camera, figure, sphere
from workbench.render.rasterize import is_linear, project_for_raster, rasterize
from workbench.render.silhouette import silhouette_iou

SIZE = (120, 160)


def target_of(xy, depth, faces, linear=False):
    return rasterize(xy, depth, faces, SIZE, linear=linear).mask


def iou(a, b):
    return ((a & b).sum() / (a | b).sum()).item()


@pytest.mark.parametrize("kind", KINDS)
def test_value_is_the_iou_of_the_hard_masks(kind):
    vertices, faces = figure()
    view = camera(kind, SIZE)
    xy, depth = project_for_raster(view, vertices)
    target = target_of(xy * 1.1 - 5, depth, faces, is_linear(view))
    value = silhouette_iou(xy, depth, faces, target, linear=is_linear(view))
    assert value.item() == pytest.approx(iou(target_of(xy, depth, faces, is_linear(view)), target), abs=1e-6)


@pytest.mark.parametrize("direction", ["x", "y", "size", "turn"])
def test_gradient_equals_finite_differences_of_a_finer_picture(direction):
    vertices, faces = figure()
    xy, depth = project_for_raster(camera("perspective", SIZE), vertices)
    center = torch.tensor([SIZE[1] / 2, SIZE[0] / 2])
    target = target_of((xy - center) * 1.25 + center + torch.tensor([6.0, 4.0]), depth, faces)
    motion = {
        "x": torch.tensor([1.0, 0.0]).expand_as(xy),
        "y": torch.tensor([0.0, 1.0]).expand_as(xy),
        "size": (xy - center) / 20,
        "turn": (xy - center).flip(1) * torch.tensor([-1.0, 1.0]) / 20,
    }[direction]
    xy.requires_grad_()
    silhouette_iou(xy, depth, faces, target).backward()
    assert xy.grad is not None
    slope = (xy.grad * motion).sum().item()

    fine = 8
    fine_target = target.repeat_interleave(fine, 0).repeat_interleave(fine, 1)

    def value(step):
        moved = (xy.detach() + step * motion) * fine
        return iou(rasterize(moved, depth, faces, (SIZE[0] * fine, SIZE[1] * fine)).mask, fine_target)

    expected = (value(0.5) - value(-0.5)) / 1.0
    assert abs(slope - expected) < 0.03 * abs(expected) + 2e-4


def test_climbing_the_gradient_finds_the_mask():
    vertices, faces = figure()
    xy, depth = project_for_raster(camera("perspective", SIZE), vertices)
    target = target_of(xy, depth, faces)
    shift = torch.tensor([12.0, -9.0], requires_grad=True)
    optimiser = torch.optim.Adam([shift], lr=1.0)
    for step in range(60):
        optimiser.param_groups[0]["lr"] = 1.0 - step / 60
        optimiser.zero_grad()
        (1 - silhouette_iou(xy + shift, depth, faces, target)).backward()
        optimiser.step()
    assert silhouette_iou(xy + shift, depth, faces, target).item() > 0.97


def test_gradient_is_zero_at_a_perfect_match():
    vertices, faces = figure()
    xy, depth = project_for_raster(camera("perspective", SIZE), vertices)
    target = target_of(xy, depth, faces)
    xy.requires_grad_()
    value = silhouette_iou(xy, depth, faces, target)
    value.backward()
    assert value.item() == 1
    assert xy.grad is not None
    assert xy.grad.abs().max() < 1e-8


@pytest.mark.parametrize("filled", [False, True])
def test_nothing_visible_gives_zero_and_no_gradient(filled):
    vertices, faces = sphere()
    xy, depth = project_for_raster(camera("perspective", SIZE), vertices + 1000)
    xy.requires_grad_()
    value = silhouette_iou(xy, depth, faces, torch.full(SIZE, filled))
    value.backward()
    assert value.item() == 0
    assert xy.grad is not None
    assert not xy.grad.any()


def test_a_body_that_fills_the_frame_has_no_outline_to_move():
    vertices, faces = sphere()
    xy, depth = project_for_raster(camera("orthographic", (20, 20), tz_m=3.0), vertices * 10)
    xy.requires_grad_()
    silhouette_iou(xy, depth, faces, torch.arange(20).expand(20, 20) < 10).backward()
    assert xy.grad is not None
    assert not xy.grad.any()


def test_only_the_outline_receives_gradient():
    vertices, faces = sphere()
    view = camera("orthographic", SIZE)
    xy, depth = project_for_raster(view, vertices)
    target = target_of(xy * 1.1, depth, faces, linear=True)
    xy.requires_grad_()
    silhouette_iou(xy, depth, faces, target, linear=True).backward()
    assert xy.grad is not None
    inner = vertices[:, :2].norm(dim=1) < 0.9
    assert not xy.grad[inner].any()
    assert xy.grad[~inner].any()


def test_weights_restrict_it_to_a_window():
    """Zero weight outside a window is the same as rendering only that window."""
    vertices, faces = figure()
    xy, depth = project_for_raster(camera("perspective", SIZE), vertices)
    xy = (xy * 64).round() / 64  # so that moving the window is exact
    target = target_of(xy * 1.1 - 4, depth, faces)
    top, left, height, width = 30, 40, 50, 64
    window = torch.zeros(SIZE)
    window[top : top + height, left : left + width] = 1
    whole = silhouette_iou(xy, depth, faces, target, weights=window)
    part = silhouette_iou(
        xy - torch.tensor([left, top]), depth, faces, target[top : top + height, left : left + width]
    )
    assert whole.item() == pytest.approx(part.item(), abs=1e-6)
    assert whole.item() != pytest.approx(silhouette_iou(xy, depth, faces, target).item(), abs=1e-4)


def test_equal_weights_change_nothing():
    vertices, faces = figure()
    xy, depth = project_for_raster(camera("perspective", SIZE), vertices)
    target = target_of(xy * 1.1 - 4, depth, faces)
    gradients = []
    for weights in (None, torch.full(SIZE, 3.0)):
        points = xy.clone().requires_grad_()
        silhouette_iou(points, depth, faces, target, weights=weights).backward()
        gradients.append(points.grad)
    torch.testing.assert_close(*gradients)


def test_bad_input_is_refused():
    vertices, faces = sphere()
    xy, depth = project_for_raster(camera("perspective", SIZE), vertices)
    with pytest.raises(ValueError, match="NaN"):
        silhouette_iou(xy * torch.nan, depth, faces, torch.ones(SIZE))
