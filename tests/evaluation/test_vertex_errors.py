"""Errors on the skin are those whose means the tables show."""

from dataclasses import replace

import pytest
import torch

from tests.evaluation.people import recovery_of, truth_of
from workbench.body import Mesh
from workbench.evaluation.score import Scorer
from workbench.evaluation.vertex_errors import ALIGNMENTS, aligned, vertex_errors_mm
from workbench.geometry.rotations import matrix_from_axis_angle


@pytest.fixture(scope="module")
def pair(body):
    """A truth and a wrong recovery, the scorer, and both as meshes before the camera."""
    scorer, truth = Scorer({body.topology: body}), truth_of(body)
    recovery = recovery_of(truth, t_camera_body_m=truth.camera.t_camera_body_m + torch.tensor([0.1, 0, 0.5]))
    theta = truth.params.theta + 0.1 * torch.randn(24, 3, generator=torch.Generator().manual_seed(1))
    recovery = replace(recovery, params=replace(truth.params, theta=theta))
    found = scorer.place(recovery.body, recovery.params, recovery.camera).in_camera
    return (
        scorer.score(recovery, truth),
        found,
        scorer.place(truth.body, truth.params, truth.camera).in_camera,
    )


@pytest.mark.parametrize("alignment", ALIGNMENTS)
def test_their_mean_is_the_metric(alignment, pair):
    metrics, found, true = pair
    errors = vertex_errors_mm(found, true, alignment)
    assert float(errors.mean()) == pytest.approx(metrics[ALIGNMENTS[alignment].metric], rel=1e-4)
    assert torch.equal(vertex_errors_mm(true, true, "none"), torch.zeros(len(errors)))


def moved(mesh: Mesh, scale: float, turn: torch.Tensor, way: torch.Tensor) -> Mesh:
    def there(points: torch.Tensor) -> torch.Tensor:
        return scale * points @ turn.T + way

    return replace(mesh, vertices_m=there(mesh.vertices_m), joints_m=there(mesh.joints_m))


def test_each_alignment_forgives_its_own(pair):
    _, _, true = pair
    turn, way = matrix_from_axis_angle(torch.tensor([0.3, 0.8, -0.2])), torch.tensor([0.3, -0.2, 1.5])
    still = torch.eye(3)
    shifted = moved(true, 1.0, still, way)
    assert float(vertex_errors_mm(shifted, true, "none").mean()) == pytest.approx(
        1000 * float(way.norm()), rel=1e-4
    )
    assert float(vertex_errors_mm(shifted, true, "root").max()) < 0.1
    other = moved(true, 1.2, turn, way)
    assert float(vertex_errors_mm(other, true, "similarity").max()) < 0.1
    assert float(vertex_errors_mm(other, true, "root").mean()) > 50


def test_other_bodies_do_not_compare(pair):
    _, found, true = pair
    with pytest.raises(ValueError, match="vertices do not compare"):
        aligned(replace(found, vertices_m=found.vertices_m[:-1]), true, "none")
