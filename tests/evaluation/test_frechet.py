"""The Frechet distance against closed forms and scipy, and a label that never lies."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm

from workbench.evaluation.frechet import (
    INCEPTION,
    FeatureStatistics,
    FrechetResult,
    PictureFeatures,
    compare_pictures,
    frechet_distance,
    on_canvas,
    thumbnail_features,
)


def features(count: int, size: int, seed: int = 0) -> torch.Tensor:
    random = torch.Generator().manual_seed(seed)
    mix = torch.randn(size, size, generator=random, dtype=torch.float64)
    return torch.randn(count, size, generator=random, dtype=torch.float64) @ mix + seed


@pytest.mark.parametrize(("count", "size"), [(200, 6), (5, 12)])  # the second: fewer pictures than features
def test_is_the_published_formula(count, size):
    a, b = features(count, size).numpy(), features(count + 3, size, seed=1).numpy()
    mean, cov = [x.mean(0) for x in (a, b)], [np.cov(x, rowvar=False) for x in (a, b)]
    jitter = 1e-12 * np.eye(size)  # scipy's root of a singular product is unstable
    product = sqrtm((cov[0] + jitter) @ (cov[1] + jitter))
    expected = ((mean[0] - mean[1]) ** 2).sum() + np.trace(cov[0] + cov[1] - 2 * np.real(product))
    ours = frechet_distance(*(FeatureStatistics.of(torch.from_numpy(x)) for x in (a, b)))
    assert ours == pytest.approx(float(expected), rel=1e-4)


def test_of_axis_aligned_gaussians():
    """Commuting covariances: the squared distance of means and of standard deviations."""
    mean = torch.tensor([0.0, 1.0, 2.0]).double(), torch.tensor([1.0, 1.0, 0.0]).double()
    std = torch.tensor([1.0, 2.0, 0.0]).double(), torch.tensor([2.0, 2.0, 3.0]).double()
    one, other = (FeatureStatistics(m, torch.diag(s**2), 10) for m, s in zip(mean, std, strict=True))
    assert frechet_distance(one, other) == pytest.approx(5 + 1 + 0 + 9)


def test_is_a_distance():
    a, b = (FeatureStatistics.of(features(50, 4, seed)) for seed in (0, 1))
    assert frechet_distance(a, a) == pytest.approx(0, abs=1e-6)
    assert frechet_distance(a, b) == pytest.approx(frechet_distance(b, a))
    turn = torch.linalg.qr(features(4, 4, seed=2)).Q
    turned = [FeatureStatistics.of(features(50, 4, seed) @ turn) for seed in (0, 1)]
    assert frechet_distance(*turned) == pytest.approx(frechet_distance(a, b))


def test_pictures_through_named_features():
    random = torch.Generator().manual_seed(0)
    dark, bright = (level + 0.1 * torch.rand(30, 16, 16, 3, generator=random) for level in (0.1, 0.7))
    result = compare_pictures(dark, bright, thumbnail_features(2))
    assert result.counts == (30, 30)
    assert result.distance == pytest.approx(12 * 0.6**2, rel=0.02)  # 12 features, each 0.6 apart
    assert "FID" not in result.label and "no network" in result.label
    assert compare_pictures(dark, dark, thumbnail_features(2)).distance < 1e-6


def test_only_inception_makes_an_fid():
    assert FrechetResult(1.0, INCEPTION, (10, 10)).label == "FID"
    named = PictureFeatures("mine", lambda pictures: pictures.flatten(1))
    assert "mine" in compare_pictures(torch.rand(4, 2, 2, 3), torch.rand(5, 2, 2, 3), named).label


def test_masked_background_does_not_count():
    random = torch.Generator().manual_seed(0)
    people = torch.rand(20, 16, 16, 3, generator=random)
    mask = torch.zeros(20, 16, 16, dtype=torch.bool)
    mask[:, 4:12, 6:10] = True
    elsewhere = torch.where(mask[..., None], people, torch.rand(people.shape, generator=random))
    same = [on_canvas(x, mask) for x in (people, elsewhere)]
    assert compare_pictures(same[0], same[1], thumbnail_features()).distance < 1e-6
    assert compare_pictures(people, elsewhere, thumbnail_features()).distance > 1e-3


def test_mistakes_are_explained():
    with pytest.raises(ValueError, match="at least 2"):
        FeatureStatistics.of(torch.ones(1, 4))
    with pytest.raises(ValueError, match="finite"):
        FeatureStatistics.of(torch.full((3, 4), torch.nan))
    with pytest.raises(ValueError, match="same features"):
        frechet_distance(FeatureStatistics.of(features(5, 4)), FeatureStatistics.of(features(5, 3)))
