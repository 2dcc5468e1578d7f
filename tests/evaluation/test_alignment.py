"""Procrustes is exact for any number of points and any batch, and never mirrors."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import procrustes as scipy_procrustes
from scipy.spatial.transform import Rotation

from workbench.evaluation.alignment import at_root, best_scale, procrustes

COUNTS = [1, 2, 3, 4, 14]
BATCHES = [1, 2, 3, 4, 7]


def random_points(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, 3, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def similarity_of(points: torch.Tensor, seed: int = 0) -> torch.Tensor:
    """The points, turned, scaled and moved."""
    turn = torch.from_numpy(Rotation.from_rotvec(np.random.default_rng(seed).normal(size=3)).as_matrix())
    return 1.7 * points @ turn.T + torch.tensor([3.0, -2.0, 9.0], dtype=torch.float64)


def residual(predicted: torch.Tensor, true: torch.Tensor) -> torch.Tensor:
    return (procrustes(predicted, true).apply(predicted) - true).square().sum((-2, -1))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("batch", BATCHES)
def test_recovers_any_similarity(count, batch):
    points = random_points(batch, count)
    moved = torch.stack([similarity_of(p, seed) for seed, p in enumerate(points)])
    assert residual(points, moved).max() < 1e-20
    if count >= 3:  # fewer points leave the rotation open
        assert torch.allclose(procrustes(points, moved).scale, torch.tensor(1.7).double())


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("batch", BATCHES)
def test_a_batch_agrees_with_its_samples(count, batch):
    """Code that guesses the layout from the shape misreads batches of 2 and 3, or as many points."""
    predicted, true = random_points(batch, count), random_points(batch, count, seed=1)
    together = residual(predicted, true)
    alone = torch.stack([residual(p, t) for p, t in zip(predicted, true, strict=True)])
    assert torch.allclose(together, alone)
    nested = residual(predicted[None], true[None])
    assert torch.allclose(nested, together[None])


@pytest.mark.parametrize("count", [3, 4, 5, 24])
def test_rotation_is_scipys(count):
    for seed in range(20):
        predicted, true = random_points(count, seed=seed), random_points(count, seed=seed + 100)
        ours = procrustes(predicted, true)
        a, b = (x - x.mean(0) for x in (predicted, true))
        theirs = Rotation.align_vectors(b.numpy(), a.numpy())
        assert np.allclose(ours.rotation.numpy(), theirs[0].as_matrix(), atol=1e-6)
        rigid = procrustes(predicted, true, scaled=False)
        assert torch.allclose(rigid.scale, torch.ones(()).double())
        assert np.isclose((rigid.apply(predicted) - true).norm(), theirs[1])


def test_residual_is_scipys_where_that_does_not_mirror():
    checked = 0
    for seed in range(40):
        true = random_points(6, seed=seed)
        predicted = true + 0.3 * random_points(6, seed=seed + 100)
        *_, disparity = scipy_procrustes(true.numpy(), predicted.numpy())  # of the truth at unit size
        size = (true - true.mean(0)).square().sum()
        centred = (predicted - predicted.mean(0)).T @ (true - true.mean(0))
        if torch.det(centred) > 0:
            checked += 1
            assert torch.isclose(residual(predicted, true) / size, torch.tensor(disparity).double())
    assert checked > 30


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 8), flat=st.sampled_from([0, 1, 2, 3]))
def test_nothing_near_is_better(seed, count, flat):
    """Least squares: no nearby similarity comes closer, whatever the points' dimension."""
    predicted, true = random_points(count, seed=seed), random_points(count, seed=seed + 1)
    predicted[:, flat:] = 0
    best = procrustes(predicted, true)
    least = (best.apply(predicted) - true).square().sum()
    random = np.random.default_rng(seed)
    assert torch.isclose(torch.det(best.rotation), torch.ones(()).double())
    for _ in range(10):
        nudge = torch.from_numpy(Rotation.from_rotvec(0.05 * random.standard_normal(3)).as_matrix())
        turned = predicted @ (nudge @ best.rotation).T
        near = best.scale * (1 + 0.05 * random.standard_normal()) * turned
        near = near + (true - near).mean(0) + 0.01 * torch.from_numpy(random.standard_normal(3))
        assert (near - true).square().sum() >= least - 1e-12


def test_never_mirrors():
    points = random_points(5, 14)
    mirrored = points * torch.tensor([-1.0, 1, 1], dtype=torch.float64)
    best = procrustes(points, mirrored)
    assert torch.allclose(torch.det(best.rotation), torch.ones(5).double())
    assert residual(points, mirrored).min() > 1


@pytest.mark.parametrize("direction", [[1.0, 0, 0], [1.0, -2, 0.5]])
def test_points_on_a_line(direction):
    along = torch.tensor([[-1.0], [0.5], [0.2], [3.0]], dtype=torch.float64)
    points = along * torch.tensor(direction, dtype=torch.float64)
    assert residual(points, similarity_of(points)) < 1e-20


def test_all_points_in_one_place_move_there_and_keep_their_size():
    predicted, true = torch.ones(5, 3), random_points(5).float()
    best = procrustes(predicted, true)
    assert best.scale == 1
    assert torch.allclose(best.apply(predicted), true.mean(0).expand(5, 3), atol=1e-6)


def test_broken_predictions_do_not_spoil_their_neighbours():
    predicted, true = random_points(3, 14), random_points(3, 14, seed=1)
    whole = procrustes(predicted, true).apply(predicted)
    predicted[1, 4, 2] = torch.nan
    moved = procrustes(predicted, true).apply(predicted)
    assert moved[1].isnan().all()
    assert torch.equal(moved[[0, 2]], whole[[0, 2]])


def test_float32_far_from_the_origin():
    points = random_points(14).float()
    far = similarity_of(points.double()).float() + 50
    assert (procrustes(points, far).apply(points) - far).abs().max() < 2e-5


@pytest.mark.parametrize("wrong", ["shape", "truth"])
def test_mistakes_are_explained(wrong):
    predicted, true = random_points(2, 14), random_points(2, 14, seed=1)
    true = true[:1] if wrong == "shape" else true.fill_(torch.nan)
    with pytest.raises(ValueError, match="same shape" if wrong == "shape" else "finite"):
        procrustes(predicted, true)


def test_root_and_scale():
    points = random_points(4, 14)
    about = at_root(points, (2, 3))
    assert torch.allclose(about[:, 2], -about[:, 3])
    assert torch.allclose(at_root(points + 5, (2, 3)), about)
    assert torch.allclose(best_scale(about, 1.3 * about), torch.full((4,), 1.3).double())
    assert torch.equal(best_scale(torch.zeros_like(about), about), torch.ones(4).double())
    other = about + 0.2 * random_points(4, 14, seed=3)
    s = best_scale(about, other)
    slope = lambda f: (f[:, None, None] * about - other).square().sum((-2, -1))  # noqa: E731
    assert (slope(s) <= torch.minimum(slope(s + 1e-3), slope(s - 1e-3))).all()
