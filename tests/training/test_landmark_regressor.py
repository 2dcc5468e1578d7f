"""The regressor's data and losses: deterministic, independent blocks, and zero at the truth."""

import pytest
import torch

from workbench.body.light import open_light_body
from workbench.methods.landmark_regressor import STAGES, Guess, LandmarkRegressor
from workbench.networks.observations import CHANNELS
from workbench.synth.landmarks import true_landmarks
from workbench.synth.people import sample_people
from workbench.train import launched_fabric
from workbench.training import landmark_regressor
from workbench.training.engine import train
from workbench.training.landmark_regressor import (
    BEHIND_SOMETHING,
    MOST_HIDDEN,
    UNKNOWN_FOCAL,
    RegressorTrainee,
    behind_something,
    people_as_seen,
)
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
    for name in ("rotations", "betas", "points_m", "xy", "weights"):
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


def test_channels_are_taken_away_in_training_alone():
    people = sample_people(600, 0, "validation")
    training, measuring = (
        people_as_seen(people, *generators(0), for_training=flag).observations for flag in (True, False)
    )
    assert 0.05 < float((~training.has("metric")).float().mean()) < 0.4
    assert measuring.has("metric").all() and measuring.has("camera").all()


def test_the_focal_length_is_told_as_often_as_said(monkeypatch):
    people = sample_people(600, 0, "validation")
    facts = []
    for share in (1.0, UNKNOWN_FOCAL):
        monkeypatch.setattr(landmark_regressor, "UNKNOWN_FOCAL", share)
        facts.append(people_as_seen(people, generators(0)[0]).observations.camera)
    assert abs(float((facts[0] == facts[1]).all(1).float().mean()) - UNKNOWN_FOCAL) < 0.06


def test_an_edge_hides_what_is_beyond_it():
    landmarks = true_landmarks(sample_people(400, 0, "validation"))
    hidden = behind_something(landmarks, *generators(0))
    assert 0.15 < float(hidden.any(1).float().mean()) < BEHIND_SOMETHING + 0.06
    assert hidden.float().mean(1).max() <= MOST_HIDDEN + 1 / 33
    for xy, beyond in zip(landmarks.px[..., :2], hidden, strict=True):
        if beyond.any():  # a line parts the two: the hulls' farthest points along some direction
            turns = torch.linspace(0, 2 * torch.pi, 721)
            along = xy @ torch.stack((turns.cos(), turns.sin()))
            assert (along[beyond].amax(0) < along[~beyond].amin(0) + 1.0).any()
