"""Training that is killed goes on as if nothing had happened; two processes do what one does."""

import importlib.util
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from workbench.training.checkpoint import CheckpointError
from workbench.training.data import mixed_seed
from workbench.training.settings import TrainSettings, learning_rate_share

HERE = Path(__file__).parent


def _toy():
    spec = importlib.util.spec_from_file_location("toy", HERE / "toy.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


toy = _toy()


def run_program(*arguments: object) -> subprocess.CompletedProcess[str]:
    root = str(HERE.parent.parent)
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": root}
    words = [sys.executable, *map(str, arguments)]
    return subprocess.run(words, env=environment, capture_output=True, text=True, check=False, timeout=120)


def same(a, b) -> bool:
    return all(torch.equal(a[name], b[name]) for name in a) and a.keys() == b.keys()


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    return toy.train_toy(tmp_path_factory.mktemp("whole"))


@pytest.mark.parametrize("moment", ["step", "write"])
def test_killed_and_resumed_is_bitwise_the_same(tmp_path, uninterrupted, moment):
    killed = run_program(HERE / "toy.py", tmp_path, 20, 10, moment)
    assert killed.returncode == -9, killed.stderr
    resumed = toy.train_toy(tmp_path, resume=True)
    assert resumed.step == 20
    assert same(resumed.model.state_dict(), uninterrupted.model.state_dict())
    assert same(resumed.average.values, uninterrupted.average.values)
    losses = [[row["loss"] for row in run.rows if "loss" in row] for run in (resumed, uninterrupted)]
    assert losses[0] == losses[1]
    assert not list(tmp_path.glob(".partial*"))


def test_resuming_is_not_just_starting_anew(tmp_path, uninterrupted):
    other = toy.train_toy(tmp_path, replace(toy.SETTINGS, seed=1))
    assert not same(other.model.state_dict(), uninterrupted.model.state_dict())


def test_two_processes_do_what_one_does(tmp_path):
    """By Fabric's own launcher, as a user would; without dropout, which differs by process."""
    shared, alone = tmp_path / "shared", tmp_path / "alone"
    for folder in (shared, alone):
        folder.mkdir()
    launcher = ("-m", "lightning_fabric.cli", "--accelerator=cpu", "--strategy=ddp", "--devices=2")
    told = run_program(*launcher, HERE / "toy.py", shared, 10)
    assert told.returncode == 0, told.stderr
    run = toy.train_toy(alone, replace(toy.SETTINGS, steps=10), toy=toy.Toy(dropout=0.0))
    together = torch.load(shared / "result.pt", weights_only=True)
    for name, value in run.model.state_dict().items():
        torch.testing.assert_close(together[name], value, atol=1e-5, rtol=0)


def test_it_learns_and_the_curves_say_so(uninterrupted, tmp_path):
    longer = toy.train_toy(tmp_path, replace(toy.SETTINGS, steps=300, average_steps=20), toy=toy.Toy(0.0))
    assert longer.best < 0.1 < uninterrupted.best
    assert [row["step"] for row in longer.rows if "error" in row][-1] == 300


@pytest.mark.slow
def test_data_made_by_workers_is_the_same_data(tmp_path, uninterrupted):
    told = run_program(HERE / "toy.py", tmp_path, 20, 0, "workers")
    assert told.returncode == 0, told.stderr
    assert same(torch.load(tmp_path / "result.pt", weights_only=True), uninterrupted.model.state_dict())


def test_weights_that_were_not_kept_are_not_the_best(tmp_path):
    answers = iter([False, False])
    offered = []

    def on_best(run, metrics):
        offered.append(run.step)
        return next(answers, True)

    run = toy.train_toy(tmp_path, replace(toy.SETTINGS, steps=4), on_best=on_best)
    assert offered[:3] == [1, 2, 3] and run.best_step == offered[-1] >= 3


def test_minutes_end_a_training(tmp_path):
    run = toy.train_toy(tmp_path, replace(toy.SETTINGS, steps=None, minutes=0.01, checkpoint_s=60.0))
    assert run.step > 0 and run.seconds >= 0.6
    assert toy.train_toy(tmp_path, replace(toy.SETTINGS, minutes=0.01), resume=True).step == run.step


def test_an_earlier_checkpoint_is_not_overwritten_by_accident(tmp_path):
    toy.train_toy(tmp_path, replace(toy.SETTINGS, steps=2))
    with pytest.raises(CheckpointError, match="--resume"):
        toy.train_toy(tmp_path)


def test_going_on_with_other_data_is_refused(tmp_path):
    toy.train_toy(tmp_path, replace(toy.SETTINGS, steps=2))
    with pytest.raises(CheckpointError, match=r"batch 8 \(now 16\)"):
        toy.train_toy(tmp_path, replace(toy.SETTINGS, batch=16), resume=True)


def test_a_full_disk_costs_a_warning_first_and_an_error_last(tmp_path, monkeypatch):
    toy.train_toy(tmp_path, replace(toy.SETTINGS, steps=5))
    before = (tmp_path / "checkpoint.pt").read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    said = []
    with pytest.raises(CheckpointError, match=r"No space left on device.*intact"):
        toy.train_toy(tmp_path, resume=True, on_trouble=said.append)
    assert said and "Training goes on" in said[0]
    assert (tmp_path / "checkpoint.pt").read_bytes() == before
    assert not list(tmp_path.glob(".partial*"))


def test_a_loss_that_is_not_finite_ends_training(tmp_path, monkeypatch):
    monkeypatch.setattr(toy, "TRUTH", toy.TRUTH * float("nan"))
    with pytest.raises(FloatingPointError, match=r"step 0\. There is no checkpoint yet"):
        toy.train_toy(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(toy, "TRUTH", toy.TRUTH.nan_to_num())
        toy.train_toy(tmp_path, replace(toy.SETTINGS, steps=2))
    with pytest.raises(FloatingPointError, match=r"step 2\. The last checkpoint is intact"):
        toy.train_toy(tmp_path, resume=True)


def test_with_steps_alone_the_clock_does_not_say_when_to_validate():
    settings = TrainSettings(steps=100)
    due = [step for step in range(1, 101) if settings.validation_is_due(step, seconds=1e9)]
    assert due == list(range(5, 101, 5))
    for by_clock in (TrainSettings(steps=100, minutes=1.0), TrainSettings(steps=100, validate_s=60.0)):
        assert by_clock.validation_is_due(1, seconds=1e9) and not by_clock.validation_is_due(5, seconds=1.0)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"steps": None}, "how long"),
        ({"steps": 0}, "positive"),
        ({"minutes": -1.0}, "positive"),
        ({"batch": 10, "blocks": 4}, "blocks"),
    ],
)
def test_settings_that_cannot_be(wrong, said):
    with pytest.raises(ValueError, match=said):
        TrainSettings(**{"steps": 10, **wrong})


def test_the_learning_rate_rises_stays_and_falls():
    shares = [learning_rate_share(done / 100) for done in range(101)]
    top = shares.index(1.0)
    assert shares[0] > 0 and shares[:top] == sorted(shares[:top])
    assert shares[top:] == sorted(shares[top:], reverse=True)
    assert shares[-1] == 0


def test_seeds_of_neighbours_differ():
    seeds = {
        mixed_seed(seed, step, block) for seed in range(5) for step in range(50) for block in range(-4, 4)
    }
    assert len(seeds) == 5 * 50 * 8
