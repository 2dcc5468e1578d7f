"""The experiments, with very small networks: every condition is there, and nothing is done twice."""

import json

import pytest
import torch

from workbench.methods.hmr import OpenHmr, load_network
from workbench.training import hmr as trainee_module
from workbench.training import hmr_experiments as experiments
from workbench.weights import load_state_dict

PARTS = {"pa_mpjpe_mm", "mpjpe_mm", "limit_violations", "reprojection_pct"}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(experiments, "_shipped", lambda: OpenHmr().eval())
    monkeypatch.setattr(trainee_module, "BANK", 64)
    real = experiments.HmrTrainee
    monkeypatch.setattr(experiments, "HmrTrainee", lambda **more: real(bank=64, validation_people=16, **more))
    monkeypatch.setattr(experiments, "BATCH", 16)


def test_every_condition_has_every_number(tmp_path, capsys):
    file = tmp_path / "numbers.json"
    words = ["--json", str(file), "--out", str(tmp_path), "--steps", "2", "--people", "16"]
    assert experiments.main(words) == 0
    told = json.loads(file.read_text())
    assert told["samples"] == 32 and "--steps 2" in told["command"]
    found = told["experiments"]
    assert list(found["iterations"]) == ["0", "1", "2", "3", "6", "10"]
    assert list(found["supervision"]) == list(experiments.FILES)
    assert list(found["channels"]) == list(experiments.CHANNELS)
    assert all(set(errors) == PARTS for each in found.values() for errors in each.values())
    assert capsys.readouterr().out.count("\n") == 2 + sum(map(len, found.values()))


def test_the_small_networks_are_kept_and_not_trained_again(tmp_path, monkeypatch):
    first = experiments.by_supervision(tmp_path, 2, 16)

    def refuse(*_):
        raise AssertionError("trained again")

    monkeypatch.setattr(trainee_module.HmrTrainee, "loss", refuse)
    assert experiments.by_supervision(tmp_path, 2, 16) == first
    for name in experiments.FILES.values():
        file = tmp_path / f"{name}.safetensors"
        assert file.stat().st_size < 3e6
        load_network(load_state_dict(file))


def test_all_start_alike_and_losses_change_what_is_learned(tmp_path):
    students = [
        experiments.HmrTrainee(weights=weights, network=experiments.small_network)
        for weights in experiments.SUPERVISION.values()
    ]
    starts = []
    for student in students:
        torch.manual_seed(0)
        starts.append(student.model().state_dict())
    for other in starts[1:]:
        assert all(torch.equal(other[name], value) for name, value in starts[0].items())
    found = experiments.by_supervision(tmp_path, 2, 16)
    assert len({errors["pa_mpjpe_mm"] for errors in found.values()}) == len(found)


@pytest.mark.parametrize("steps", [1, 4])
def test_a_network_trained_otherwise_is_not_taken_for_this_one(tmp_path, steps):
    losses = experiments.SUPERVISION["2D"]
    experiments.trained(losses, tmp_path, 2)
    with pytest.raises(ValueError, match="another training"):
        experiments.trained(losses, tmp_path, steps)
    with pytest.raises(ValueError, match="another training"):
        experiments.trained(experiments.SUPERVISION["2D + prior"], tmp_path, 2)
    (tmp_path / "training.json").unlink()
    with pytest.raises(ValueError, match="something unknown"):
        experiments.trained(losses, tmp_path, 2)


def test_the_network_without_a_prior_is_judged_by_the_other_s(tmp_path):
    experiments.by_supervision(tmp_path, 2, 16)
    judges = [
        load_network(load_state_dict(tmp_path / f"{name}.safetensors")).discriminator.state_dict()
        for name in ("hmr_2d", "hmr_2d_prior")
    ]
    assert all(torch.equal(judges[0][name], value) for name, value in judges[1].items())


def test_a_card_holds_the_table_once(tmp_path):
    card = tmp_path / "card.md"
    card.write_text("# Weights\n\n**Licence.** Free.\n")
    for text in ("| old |", "| new |"):
        experiments.write_section(card, text)
    held = card.read_text()
    assert held.startswith("# Weights\n") and held.endswith("| new |\n\n**Licence.** Free.\n")
    assert held.count("**Experiments**") == 1 and "old" not in held
    card.write_text("something else")
    with pytest.raises(ValueError, match="no model card"):
        experiments.write_section(card, "| new |")


def test_unknown_experiments_are_refused(capsys):
    with pytest.raises(SystemExit):
        experiments.main(["--only", "nothing"])
    assert "invalid choice" in capsys.readouterr().err
