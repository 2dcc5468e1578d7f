"""Weights to give away: complete, with a card, and never in place of better ones by accident."""

import subprocess
from dataclasses import replace

import pytest
import torch

from workbench.training import export
from workbench.training.export import (
    BetterWeights,
    Card,
    OtherWeights,
    export_weights,
    read_metadata,
    require_own,
    told_history,
)
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
    licence="Free for all.",
    command="python -m workbench.train toy --steps 100",
    machine="an abacus",
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
        "`python -m workbench.train toy --steps 100`",
        "on an abacus",
        "**Licence.** Free for all.",
        said["commit"],
        "batch",
    ):
        assert word in card


def test_trainings_before_are_told_by_card_and_file(tmp_path):
    first = export_weights(tmp_path / "first" / "toy.safetensors", WEIGHTS, CARD)
    assert "started from" not in first.with_suffix(".md").read_text()
    second = replace(CARD, command="python -m workbench.train toy --start first", earlier=told_history(first))
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, second)
    lines = told_history(path).splitlines()
    assert [line.split("`")[1] for line in lines] == [CARD.command, second.command]
    card = path.with_suffix(".md").read_text()
    assert f"1. {lines[0]}" in card and "51,200 samples in 100 steps" in lines[0]


def with_error(value: float) -> Card:
    """Of another training."""
    return replace(CARD, metrics={"error": value}, step=101)


@pytest.mark.parametrize(("value", "held"), [(2.0, "weights that are as good"), (3.0, "better weights")])
def test_better_or_equal_weights_stay(tmp_path, value, held):
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, CARD)
    before = path.read_bytes()
    with pytest.raises(BetterWeights, match=rf"{held}: error 2, .*--overwrite"):
        export_weights(path, WEIGHTS, with_error(value))
    assert path.read_bytes() == before
    export_weights(path, WEIGHTS, with_error(value), overwrite=True)
    assert float(read_metadata(path)["value"]) == value


def test_worse_weights_give_way(tmp_path):
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, CARD)
    export_weights(path, WEIGHTS, with_error(1.0))
    assert float(read_metadata(path)["value"]) == 1.0


def test_a_card_that_was_lost_is_written_again(tmp_path):
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, CARD)
    card = path.with_suffix(".md")
    before = card.read_text()
    card.write_text("of older weights")
    export_weights(path, WEIGHTS, CARD)
    assert card.read_text() == before


def test_weights_of_something_else_stay(tmp_path):
    path = export_weights(tmp_path / "toy.safetensors", WEIGHTS, CARD)
    with pytest.raises(OtherWeights, match=r"toy.*these are of other"):
        export_weights(path, WEIGHTS, replace(with_error(1.0), method="other"))
    path.write_bytes(b"not weights at all")
    with pytest.raises(OtherWeights, match="no weights"):
        export_weights(path, WEIGHTS, with_error(1.0))
    with pytest.raises(OtherWeights, match="no weights"):
        require_own(path, "toy", "open", "error")
    require_own(tmp_path / "nothing.safetensors", "toy", "open", "error")


def test_a_copy_in_somebody_s_checkout_has_no_commit(tmp_path, monkeypatch):
    """As an installed package has, whose folder lies in another project's."""
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    monkeypatch.setattr(export, "__file__", str(tmp_path / "export.py"))
    export.commit.cache_clear()
    try:
        assert export.commit() == "unknown"
    finally:
        export.commit.cache_clear()
