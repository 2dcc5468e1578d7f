"""Frechet distance between two sets of pictures, the formula behind FID.

FID (Heusel et al., "GANs Trained by a Two Time-Scale Update Rule Converge to a Local Nash Equilibrium",
NeurIPS 2017) is this distance between features of ONE network: Inception-v3 trained on ImageNet, its last
pooling layer, 2,048 numbers. That network is neither shipped nor downloaded here. The distance works with any
features, and every result carries the name of those it was made with; only Inception's may be called FID, and
values of different features, or of different numbers of pictures, do not compare.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

INCEPTION = "Inception-v3 pool3 (2048)"


@dataclass(frozen=True)
class PictureFeatures:
    """What pictures are turned into before two sets of them are compared."""

    name: str
    """The network and its layer, for the table."""
    extract: Callable[[Tensor], Tensor]
    """Pictures N x H x W x 3 in 0..1 to features N x D."""


@dataclass(frozen=True)
class FrechetResult:
    """A distance that says what it was measured with."""

    distance: float
    features: str
    counts: tuple[int, int]
    """Pictures in the two sets."""

    @property
    def label(self) -> str:
        """ "FID" only where it is one."""
        return "FID" if self.features == INCEPTION else f"Frechet distance of {self.features}"


@dataclass(frozen=True, eq=False)
class FeatureStatistics:
    """Mean and covariance of a set of features."""

    mean: Float[Tensor, "D"]
    covariance: Float[Tensor, "D D"]
    count: int

    @classmethod
    def of(cls, features: Float[Tensor, "N D"]) -> "FeatureStatistics":
        """Of at least two pictures; the covariance is divided by N - 1, as numpy.cov's in FID's code.

        Raises:
            ValueError: fewer than two pictures, or features that are not finite.
        """
        if len(features) < 2:
            raise ValueError(f"A spread needs at least 2 pictures; got {len(features)}.")
        if not bool(torch.isfinite(features).all()):
            raise ValueError("Features must be finite numbers. Leave broken pictures out, and count them.")
        features = features.double()
        mean = features.mean(0)
        centred = features - mean
        return cls(mean, centred.T @ centred / (len(features) - 1), len(features))


def frechet_distance(a: FeatureStatistics, b: FeatureStatistics) -> float:
    """|mu_a - mu_b|^2 + tr(S_a + S_b - 2 (S_a S_b)^(1/2)), never below zero.

    Dowson & Landau, "The Frechet distance between multivariate normal distributions", 1982. With fewer
    pictures than features it is biased upwards, the more the fewer there are.

    Raises:
        ValueError: the two are of different features.
    """
    if a.mean.shape != b.mean.shape:
        raise ValueError(
            f"Two sets need the same features; got {len(a.mean)} and {len(b.mean)} numbers each."
        )
    # tr (S_a S_b)^(1/2) = sum of the square roots of the eigenvalues of S_a^(1/2) S_b S_a^(1/2)
    values, vectors = torch.linalg.eigh(a.covariance)
    root = (vectors * values.clamp_min(0).sqrt()) @ vectors.T
    shared = torch.linalg.eigvalsh(root @ b.covariance @ root).clamp_min(0).sqrt().sum()
    spread = a.covariance.trace() + b.covariance.trace() - 2 * shared
    return max(float((a.mean - b.mean).square().sum() + spread), 0.0)


def compare_pictures(
    predicted: Float[Tensor, "N H W 3"], true: Float[Tensor, "M h w 3"], features: PictureFeatures
) -> FrechetResult:
    """The distance between two sets of pictures, which need not be paired.

    Raises:
        ValueError: a set has fewer than two pictures, or is not finite.
    """
    statistics = [FeatureStatistics.of(features.extract(pictures)) for pictures in (predicted, true)]
    distance = frechet_distance(*statistics)
    return FrechetResult(distance, features.name, (statistics[0].count, statistics[1].count))


def on_canvas(
    pictures: Float[Tensor, "*b H W 3"], masks: Bool[Tensor, "*b H W"], brightness: float = 0.5
) -> Float[Tensor, "*b H W 3"]:
    """The people alone on a plain grey, so that no background enters the features."""
    return torch.where(masks[..., None], pictures, torch.full_like(pictures, brightness))


def thumbnail_features(size_px: int = 8) -> PictureFeatures:
    """Mean colours on a coarse grid: no network, sees layout and colour only; for lessons and tests."""

    def extract(pictures: Float[Tensor, "N H W 3"]) -> Float[Tensor, "N D"]:
        return adaptive_avg_pool2d(pictures.movedim(-1, 1), size_px).flatten(1)

    return PictureFeatures(f"colour thumbnails {size_px} x {size_px}, no network", extract)
