"""Expression coefficients: to the model, directions like those of shape."""

from dataclasses import replace

import pytest
import torch

from workbench.body import BodyModel

DOUBLE = torch.float64


@pytest.fixture(scope="module")
def expressive(toy: BodyModel) -> BodyModel:
    """The toy with its last four shape directions called expressions."""
    moves = toy.joint_directions
    return replace(toy, joint_directions=moves[:6], expression_joint_directions=moves[6:])


def test_an_expression_acts_as_the_same_directions_of_shape(toy, expressive):
    assert (expressive.num_betas, expressive.num_expressions) == (6, 4)
    torch.testing.assert_close(
        torch.cat((expressive.shapedirs, expressive.expressiondirs), dim=2), toy.shapedirs
    )
    torch.testing.assert_close(expressive.posedirs, toy.posedirs)
    both, theta = torch.randn(5, 10, dtype=DOUBLE), torch.randn(5, 24, 3, dtype=DOUBLE)
    mesh, expected = expressive.mesh(both[:, :6], theta, both[:, 6:]), toy.mesh(both, theta)
    torch.testing.assert_close(mesh.vertices_m, expected.vertices_m)
    torch.testing.assert_close(mesh.joints_m, expected.joints_m)


def test_missing_coefficients_are_zero(expressive):
    betas, theta = torch.randn(6, dtype=DOUBLE), torch.randn(24, 3, dtype=DOUBLE)
    one = torch.tensor([0.7], dtype=DOUBLE)
    full = torch.cat((one, one.new_zeros(3)))
    for short, long in ((None, torch.zeros(4)), (torch.zeros(0), torch.zeros(4)), (one, full)):
        mesh, expected = (expressive.mesh(betas, theta, e) for e in (short, long))
        torch.testing.assert_close(mesh.vertices_m, expected.vertices_m)


def test_one_person_takes_many_expressions_and_one_expression_many_people(expressive):
    betas, expression = torch.randn(6, dtype=DOUBLE), torch.randn(3, 4, dtype=DOUBLE)
    theta = torch.zeros(24, 3, dtype=DOUBLE)
    together = expressive.mesh(betas, theta, expression)
    assert together.vertices_m.shape == (3, 162, 3)
    for i in range(3):
        alone = expressive.mesh(betas, theta, expression[i])
        torch.testing.assert_close(together.vertices_m[i], alone.vertices_m)
        torch.testing.assert_close(together.joints_m[i], alone.joints_m)
    people = torch.randn(2, 1, 6, dtype=DOUBLE)
    grid = expressive.with_shape(people, expression)
    assert grid.vertices_m.shape == (2, 3, 162, 3)
    torch.testing.assert_close(
        grid.vertices_m[1, 2], expressive.with_shape(people[1, 0], expression[2]).vertices_m
    )


def test_gradients_reach_the_expression(expressive):
    expression = torch.zeros(4, dtype=DOUBLE, requires_grad=True)
    expressive.mesh(torch.zeros(6), torch.zeros(24, 3), expression).vertices_m.square().sum().backward()
    assert expression.grad is not None and bool((expression.grad != 0).all())


def test_a_part_of_the_body_and_a_copy_keep_the_expressions(expressive):
    kept = torch.tensor([3, 50, 7])
    betas, expression, theta = torch.randn(6), torch.randn(4), torch.randn(24, 3)
    whole, part = (m.mesh(betas, theta, expression) for m in (expressive, expressive.subset(kept)))
    torch.testing.assert_close(part.vertices_m, whole.vertices_m[kept])
    single = expressive.to(dtype=torch.float32)
    assert single.expression_joint_directions is not None
    assert single.expression_joint_directions.dtype == torch.float32


def test_more_coefficients_than_there_are_and_no_numbers_are_refused(toy, expressive):
    with pytest.raises(ValueError, match="expression must have at most 4"):
        expressive.with_shape(torch.zeros(6), torch.zeros(5))
    with pytest.raises(ValueError, match="expression must have at most 0"):
        toy.with_shape(torch.zeros(10), torch.zeros(1))
    with pytest.raises(ValueError, match="expression must be finite"):
        expressive.mesh(torch.zeros(6), torch.zeros(24, 3), torch.tensor([0.0, torch.nan]))
