"""HMR's training: deterministic, independent blocks, exact when interrupted, and both parts learn."""

from dataclasses import fields, replace

import pytest
import torch

from workbench.body.light import open_light_body
from workbench.methods.hmr import OpenHmr
from workbench.networks.discriminator import FACTORS
from workbench.networks.observation_encoder import EncoderSettings
from workbench.networks.observations import CHANNELS
from workbench.train import launched_fabric
from workbench.training import hmr as module
from workbench.training.engine import train
from workbench.training.hmr import HmrTrainee
from workbench.training.hmr_experiments import FILES
from workbench.training.hmr_losses import WEIGHTS
from workbench.training.settings import TrainSettings
from workbench.weights import assets_dir

SIZE = 32


def small():
    return OpenHmr(
        EncoderSettings(channels=CHANNELS[:5], width=64, blocks=1, planes=(8, 8)), hidden=64, prior=32
    )


def trainee(**more):
    return HmrTrainee(bank=256, validation_people=64, network=small, **more)


def generators(*seeds):
    return [torch.Generator().manual_seed(seed) for seed in seeds]


@pytest.fixture(scope="module", autouse=True)
def few_pictures():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNKS", 1)
        yield


@pytest.fixture(scope="module")
def batch():
    return trainee().batch(generators(1, 2), SIZE)


def test_blocks_are_made_apart_and_joined(batch):
    parts = [trainee().batch(generators(seed), SIZE) for seed in (1, 2)]
    for name in (f.name for f in fields(batch) if f.name != "known"):
        assert torch.equal(getattr(batch, name), torch.cat([getattr(part, name) for part in parts]))
    for name in ("rotations", "xy", "in_picture"):
        apart = torch.cat([getattr(part.known, name) for part in parts])
        torch.testing.assert_close(getattr(batch.known, name), apart, atol=1e-6, rtol=0)


def test_everybody_is_seen_somehow(batch):
    seen = batch.known.observations
    assert (seen.has("landmarks") | seen.has("mask") | seen.has("rgb")).all()
    assert not seen.has("landmarks").all() and seen.has("mask").any() and seen.has("rgb").any()


def test_channels_left_out_are_never_seen():
    seen = trainee(channels=("landmarks", "camera")).batch(generators(1), SIZE).known.observations
    assert seen.has("landmarks").all() and not seen.present[:, [1, 3, 4, 5]].any()
    assert seen.mask is None and seen.rgb is None


def test_spoiled_poses_are_real_but_for_what_is_wrong(batch):
    assert batch.wrong.shape == (2 * SIZE, len(FACTORS))
    turned = batch.wrong[:, :23]
    assert torch.equal(batch.wrong[:, 23], turned.amax(1))
    assert 0.02 < float(turned.mean()) < 0.4
    torch.testing.assert_close(batch.spoiled.det(), torch.ones(2 * SIZE, 23))


def gradients(weights, batch):
    model = small()
    trainee(weights=weights).loss(model, batch)[0].backward()
    return {
        part: [p.grad for p in getattr(model, part).parameters() if p.grad is not None]
        for part in ("network", "discriminator")
    }


def test_each_part_goes_down_its_own_loss(batch, monkeypatch):
    """The discriminator does not learn to please the network, nor the network from critical."""

    def of(part, weights=WEIGHTS, critical=0.05):
        torch.manual_seed(0)
        monkeypatch.setattr(module, "CRITICAL", critical)
        return gradients(weights, batch)[part]

    for part, other in (
        ("discriminator", of("discriminator", {**WEIGHTS, "adversarial": 100.0})),
        ("network", of("network", critical=50.0)),
    ):
        assert other
        for one, same in zip(of(part), other, strict=True):
            torch.testing.assert_close(one, same)
    assert not of("discriminator", {**WEIGHTS, "adversarial": 0.0})


def test_errors_are_the_last_iterations_and_realism_is_everyones(batch):
    """Seen by what the mean's own gradient goes through: bodies of iterations that nothing looks at."""
    model = small().eval()
    seen = []

    class Spy(OpenHmr):
        def forward(self, observations, body, iterations=3):
            guesses = OpenHmr.forward(model, observations, body, iterations)
            for guess in guesses:
                guess.rotations.retain_grad()
                guess.xy.retain_grad()
            seen.extend(guesses)
            return guesses

    spy = Spy(model.settings, hidden=64, prior=32)
    spy.discriminator = model.discriminator
    trainee().loss(spy, batch)[0].backward()
    assert [guess.xy.grad is not None for guess in seen] == [False, False, False, True]
    assert [guess.rotations.grad is not None for guess in seen] == [False, True, True, True]


def test_without_3d_nothing_of_it_is_learned_from(batch):
    """Any other 3D truth gives the same loss."""
    flat = {name: weight * (name == "reprojection") for name, weight in WEIGHTS.items()}
    model = small().eval()
    known = batch.known
    wrong = replace(
        known, rotations=known.rotations.roll(1, 0), points_m=known.points_m + 1, betas=known.betas + 1
    )
    other = replace(batch, known=wrong)
    losses = [trainee(weights=flat).loss(model, each)[0].detach() for each in (batch, other)]
    assert losses[0] == losses[1]


class Interrupted(HmrTrainee):
    """Somebody presses Ctrl-C in the third step."""

    calls = 0

    def loss(self, model, batch):
        self.calls += 1
        if self.calls > 2:
            raise KeyboardInterrupt
        return super().loss(model, batch)


def test_interrupted_and_resumed_is_bitwise_the_same(tmp_path):
    """Network, discriminator and what the optimiser knows of both."""
    settings = TrainSettings(steps=4, batch=SIZE, blocks=2, checkpoint_s=0.0)
    fabric = launched_fabric("cpu", "auto", settings.precision)
    whole = train(trainee(), settings, tmp_path / "whole", fabric)
    with pytest.raises(KeyboardInterrupt):
        train(Interrupted(256, 64, network=small), settings, tmp_path / "cut", fabric)
    resumed = train(trainee(), settings, tmp_path / "cut", fabric, resume=True)
    assert resumed.step == 4
    for one, other in (
        (whole.model.state_dict(), resumed.model.state_dict()),
        (whole.average.values, resumed.average.values),
    ):
        assert all(torch.equal(other[name], value) for name, value in one.items())
    moments = [run.optimizer.state_dict()["state"] for run in (whole, resumed)]
    assert moments[0].keys() == moments[1].keys()
    for key, held in moments[0].items():
        assert all(torch.equal(moments[1][key][name], value) for name, value in held.items())


def test_training_makes_it_better():
    torch.manual_seed(0)
    student = trainee(channels=("landmarks", "metric", "camera"))
    model = student.model()
    before = student.validate(model.eval())
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for step in range(25):
        loss, _ = student.loss(model.train(), student.batch(generators(step), 64))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    after = student.validate(model.eval())
    assert after["mpjpe_mm"] < 0.85 * before["mpjpe_mm"]


def test_the_start_is_the_mean_pose():
    student = trainee()
    model = student.model()
    guess = model(student.batch(generators(1), SIZE).known.observations, open_light_body(1), 0)[0]
    torch.testing.assert_close(guess.rotations[0, 1:], module.mean_rotations(256), atol=1e-5, rtol=0)


def test_shipped_weights_are_small():
    weights = assets_dir() / "weights"
    assert (weights / "hmr.safetensors").stat().st_size <= 12e6
    assert all((weights / f"{name}.safetensors").stat().st_size <= 3e6 for name in FILES.values())
