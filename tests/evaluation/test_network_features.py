"""Features of a user's network: its own, named, refused where there is none. Networks are tiny and random."""

import pytest
import torch
from transformers import ConvNextConfig, ConvNextModel, Dinov2Config, Dinov2Model

from workbench.evaluation.frechet import compare_pictures
from workbench.evaluation.network_features import AT_ONCE, network_features
from workbench.weights import WeightsMissing

DINO = Dinov2Config(
    image_size=28, patch_size=14, hidden_size=16, num_hidden_layers=1, num_attention_heads=2, mlp_ratio=2
)
CONVNEXT = ConvNextConfig(hidden_sizes=[4, 8, 8, 12], depths=[1, 1, 1, 1], image_size=32)


@pytest.fixture(scope="module", params=["dinov2", "convnext"])
def folder(request, tmp_path_factory):
    torch.manual_seed(0)
    model = Dinov2Model(DINO) if request.param == "dinov2" else ConvNextModel(CONVNEXT)
    path = tmp_path_factory.mktemp("net") / request.param
    model.save_pretrained(path)
    return path


def pictures(count: int) -> torch.Tensor:
    return torch.rand(count, 40, 30, 3, generator=torch.Generator().manual_seed(0))


def test_one_row_per_picture_whatever_the_batch(folder):
    features = network_features(folder)
    some = pictures(AT_ONCE + 3)
    rows = features.extract(some)
    assert rows.shape == (AT_ONCE + 3, 16 if folder.name == "dinov2" else 12)
    assert torch.allclose(rows[-1:], features.extract(some[-1:]), atol=1e-5)
    assert not rows.requires_grad


def test_the_result_is_named_after_the_network(folder):
    result = compare_pictures(pictures(6), pictures(6), network_features(folder))
    assert result.distance == pytest.approx(0, abs=1e-5)
    assert folder.name in result.label and "FID" not in result.label


def test_features_see_the_picture(folder):
    features = network_features(folder)
    dark = compare_pictures(pictures(6), 0.3 * pictures(6), features)
    assert dark.distance > 1e-3


def test_nothing_is_downloaded(tmp_path):
    with pytest.raises(WeightsMissing, match="must be a folder"):
        network_features(tmp_path / "nothing")
    with pytest.raises(WeightsMissing, match="must be a folder"):
        network_features(tmp_path)
