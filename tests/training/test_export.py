"""Weights to give away: complete, with a card, and never in place of better ones by accident."""

from dataclasses import replace

import pytest
import torch

from workbench.training.export import BetterWeights, Card, export_weights, read_metadata
from workbench.weights import load_state_dict

WEIGHTS = {"layer.weight": torch.linspace(-1, 1, 6).reshape(2, 3), "count": torch.tensor(3)}
CARD = Card(
    method="toy",
    preset="open",
    metric="error",
    metrics={"error": 2.0, "other": 9.5},
    data="numbers",
    step=100,
    samples=51200,
    minutes=1.5,
    settings="batch 512",
)


def test_weights_come_back_in_half_precision(tmp_path):
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, CARD)
    held = load_state_dict(path)
    assert held["layer.weight"].dtype == torch.float16 and held["count"].dtype == torch.int64
    torch.testing.assert_close(held["layer.weight"].float(), WEIGHTS["layer.weight"], atol=1e-3, rtol=0)


def test_card_and_file_say_where_they_come_from(tmp_path):
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, CARD)
    said = read_metadata(path)
    assert (said["method"], said["metric"], float(said["value"]), said["step"]) == (
        "toy",
        "error",
        2.0,
        "100",
    )
    card = path.with_suffix(".md").read_text()
    for word in (
        "toy",
        "numbers",
        "51,200",
        "error | 2",
        "other | 9.5",
        "workbench.train",
        said["commit"],
        "batch",
    ):
        assert word in card


def with_error(value: float) -> Card:
    return replace(CARD, metrics={"error": value})


@pytest.mark.parametrize("value", [2.0, 3.0])
def test_better_or_equal_weights_stay(tmp_path, value):
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, CARD)
    before = path.read_bytes()
    with pytest.raises(BetterWeights, match=r"better weights: error 2, .*--overwrite"):
        export_weights(path, WEIGHTS, with_error(value))
    assert path.read_bytes() == before
    export_weights(path, WEIGHTS, with_error(value), overwrite=True)
    assert float(read_metadata(path)["value"]) == value


def test_worse_weights_give_way(tmp_path):
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, CARD)
    export_weights(path, WEIGHTS, with_error(1.0))
    assert float(read_metadata(path)["value"]) == 1.0


def test_weights_of_something_else_stay(tmp_path):
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, CARD)
    with pytest.raises(BetterWeights, match=r"toy.*these are of other"):
        export_weights(path, WEIGHTS, replace(with_error(1.0), method="other"))
    path.write_bytes(b"not weights at all")
    with pytest.raises(BetterWeights, match="no weights"):
        export_weights(path, WEIGHTS, with_error(1.0))
