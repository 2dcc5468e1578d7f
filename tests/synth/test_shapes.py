"""Shapes: normal, but never extreme, and the mean person in the middle."""

import torch

from workbench.body import load_body
from workbench.body.measures import height_m
from workbench.synth.shapes import LARGEST, LARGEST_NORM_SHARE, betas_from_uniform


def test_betas_are_normal_and_cut_off() -> None:
    betas = betas_from_uniform(torch.rand(20_000, 10, generator=torch.Generator().manual_seed(0)))
    assert betas.abs().max() <= LARGEST
    assert betas.norm(dim=1).max() <= LARGEST_NORM_SHARE * 10**0.5 + 1e-5
    assert betas.mean().abs() < 0.01 and 0.9 < betas.std() < 1.0
    far = torch.corrcoef(betas.T) - torch.eye(10)
    assert far.abs().max() < 0.05  # no two betas go together


def test_the_middle_is_the_mean_person_and_no_spread_too() -> None:
    assert betas_from_uniform(torch.full((3, 10), 0.5)).abs().max() < 1e-6
    assert betas_from_uniform(torch.rand(3, 10), spread=0.0).abs().max() == 0


def test_larger_numbers_are_larger_betas() -> None:
    steps = torch.linspace(0, 0.999, 50)
    one = torch.full((50, 10), 0.5)
    one[:, 3] = steps
    assert (betas_from_uniform(one)[:, 3].diff() > 0).all()


def test_people_are_as_tall_as_people_are() -> None:
    betas = betas_from_uniform(torch.rand(300, 10, generator=torch.Generator().manual_seed(1)))
    heights = height_m(load_body().with_shape(betas).vertices_m)
    assert 1.3 < heights.min() and heights.max() < 2.2
    assert 0.05 < heights.std() < 0.15
