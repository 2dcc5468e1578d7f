"""How guesses are seen in their windows: the photo's perspective where it is known, weak where it is not."""

from dataclasses import replace

import pytest
import torch

from workbench.body.light import open_light_body
from workbench.geometry.conventions import from_hmr
from workbench.networks.guesses import guess_in_window, project_to_window
from workbench.networks.observations import CHANNELS, Observations

CROP = torch.tensor([[0.8, 0.05, -0.1]])
FACTS = torch.tensor([[0.1, -0.05, 0.4]])  # (cx - W/2, cy - H/2, b) / f


@pytest.fixture
def points():
    return torch.rand(1, 20, 3) - 0.5


def test_the_window_s_projection_is_that_of_the_camera(points):
    """CLIFF's conversion, once for batches and once for a `CropCamera`."""
    focal, size_hw = 600.0, (480, 640)
    x, y, side = (FACTS[0] * focal).tolist()
    center = (x + size_hw[1] / 2, y + size_hw[0] / 2)
    camera = from_hmr(CROP[0], center, side).full_frame(focal, size_hw)
    px = camera.project(points[0])
    expected = (px - torch.tensor(center)) * (2 / side)
    torch.testing.assert_close(project_to_window(points, CROP, FACTS)[0], expected, atol=1e-4, rtol=1e-4)


def test_without_camera_facts_the_window_is_seen_from_far_away(points):
    weak = project_to_window(points, CROP, None)
    torch.testing.assert_close(weak, CROP[:, None, :1] * (points[..., :2] + CROP[:, None, 1:]))
    far = project_to_window(points, CROP, torch.tensor([[0.0, 0.0, 1e-4]]))
    torch.testing.assert_close(weak, far, atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("facts", [None, FACTS])
def test_gradients_are_those_of_finite_differences(points, facts):
    facts = None if facts is None else facts.double()
    inputs = (points.double().requires_grad_(), CROP.double().requires_grad_())
    assert torch.autograd.gradcheck(lambda x, crop: project_to_window(x, crop, facts), inputs)


def test_each_sample_is_seen_as_its_camera_is_known(points):
    """Facts that are not there may be anything: they touch neither the picture nor its gradient."""
    crop = CROP.repeat(2, 1).requires_grad_()
    both = points.repeat(2, 1, 1)
    facts = torch.cat((FACTS, torch.zeros(1, 3)))
    xy = project_to_window(both, crop, facts, torch.tensor([True, False]))
    torch.testing.assert_close(xy[:1], project_to_window(points, CROP, FACTS))
    torch.testing.assert_close(xy[1:], project_to_window(points, CROP, None))
    [gradient] = torch.autograd.grad(xy.sum(), crop)
    assert gradient.isfinite().all()


def test_several_guesses_of_each_observation_are_posed_together():
    body = open_light_body(1)
    observations = Observations(torch.ones(2, len(CHANNELS), dtype=torch.bool), camera=FACTS.repeat(2, 1))
    first = replace(observations, present=torch.tensor([[True] * 6, [False] * 6]))
    rotations = torch.eye(3).expand(6, 24, 3, 3)
    betas, crop = torch.randn(6, 10), CROP.repeat(6, 1)
    together = guess_in_window(rotations, betas, crop, first, body)
    for number in range(3):
        ids = slice(2 * number, 2 * number + 2)
        alone = guess_in_window(rotations[ids], betas[ids], crop[ids], first, body)
        for got, expected in zip(together.rows(ids), alone, strict=True):
            torch.testing.assert_close(got, expected)
    seen = guess_in_window(rotations[:2], betas[:2], crop[:2], observations, body)
    assert not torch.allclose(seen.xy[1], together.xy[1])  # weak there, perspective here
