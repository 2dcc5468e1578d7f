"""The regressor's data and losses: deterministic, independent blocks, and zero at the truth."""

import pytest
import torch

from workbench.body.light import open_light_body
from workbench.networks.guesses import Guess
from workbench.networks.landmark_regressor import STAGES, LandmarkRegressor
from workbench.networks.observations import CHANNELS
from workbench.train import launched_fabric
from workbench.training.engine import train
from workbench.training.landmark_regressor import RegressorTrainee
from workbench.training.settings import TrainSettings

SIZE = 48


@pytest.fixture(scope="module")
def trainee():
    return RegressorTrainee(bank=256, validation_people=64)


@pytest.fixture(scope="module")
def batch(trainee):
    return trainee.batch(generators(1, 2), SIZE)


def generators(*seeds):
    return [torch.Generator().manual_seed(seed) for seed in seeds]


def test_blocks_are_made_apart_and_joined(trainee, batch):
    first, second = (trainee.batch(generators(seed), SIZE) for seed in (1, 2))
    for name in ("rotations", "betas", "points_m", "xy", "in_picture"):
        apart = torch.cat([getattr(first, name), getattr(second, name)])
        torch.testing.assert_close(getattr(batch, name), apart, atol=1e-6, rtol=0)
    together = torch.cat([first.observations.landmarks, second.observations.landmarks])
    torch.testing.assert_close(batch.observations.landmarks, together)
    assert batch.observations.present.shape == (2 * SIZE, len(CHANNELS))


class Says(torch.nn.Module):
    """Always the same guess."""

    def __init__(self, guess: Guess):
        super().__init__()
        self.guess = guess

    def forward(self, *_: object) -> list[Guess]:
        return [self.guess] * (STAGES + 1)


def test_the_loss_is_zero_at_the_truth_and_only_there(trainee, batch):
    mesh = open_light_body(1)(batch.betas, batch.rotations)
    crop = torch.ones(2 * SIZE, 3)
    truth = Guess(batch.rotations, batch.betas, crop, mesh.landmarks_m, mesh.joints_m, batch.xy)
    loss, terms = trainee.loss(Says(truth), batch)
    assert loss < 1e-4
    for name, wrong in (
        ("rotations", truth._replace(rotations=truth.rotations.roll(1, 0))),
        ("joints", truth._replace(joints_m=truth.joints_m.roll(1, 0))),
        ("picture", truth._replace(xy=truth.xy + 0.1)),
        ("betas", truth._replace(betas=truth.betas + 1)),
    ):
        more, others = trainee.loss(Says(wrong), batch)
        assert more > loss and others[name] > terms[name] + 1e-3


def test_losses_of_samples_are_averaged(trainee):
    """So that halves of a batch on two processes make the gradient of the whole."""
    model = LandmarkRegressor()
    whole, first, second = (trainee.batch(generators(*seeds), SIZE) for seeds in ((1, 2), (1,), (2,)))
    losses = [float(trainee.loss(model, b)[0].detach()) for b in (whole, first, second)]
    assert losses[0] == pytest.approx((losses[1] + losses[2]) / 2, rel=1e-4)


def test_validation_is_always_the_same(trainee):
    model = trainee.model().eval()
    first, again = trainee.validate(model), trainee.validate(model)
    assert first == again and trainee.metric in first
    assert trainee.validate(model, "test") != first


def test_training_makes_it_better(trainee):
    torch.manual_seed(0)
    model = trainee.model()
    before = trainee.validate(model.eval())
    optimizer = torch.optim.AdamW(model.parameters(), lr=2e-3)
    for step in range(20):
        loss, _ = trainee.loss(model.train(), trainee.batch(generators(step), 64))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    after = trainee.validate(model.eval())
    assert after["mpjpe_mm"] < 0.85 * before["mpjpe_mm"]


def test_bfloat16_trains_and_leaves_the_body_exact(trainee, batch, tmp_path):
    settings = TrainSettings(steps=2, batch=16, precision="bf16-mixed")
    run = train(trainee, settings, tmp_path, launched_fabric("cpu", "auto", settings.precision))
    assert run.step == 2 and all(value.isfinite().all() for value in run.model.state_dict().values())
    body = open_light_body(1)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
        guess = run.model(batch.observations, body)[-1]
    assert guess.landmarks_m.dtype == torch.float32
    exact = body(guess.betas, guess.rotations)
    torch.testing.assert_close(guess.landmarks_m, exact.landmarks_m, atol=1e-6, rtol=0)
