"""BLADE's trainings: nobody is told a focal length, blocks stand apart, and losses know what they are of."""

from dataclasses import replace

import pytest
import torch

from workbench.networks.landmark_regressor import LandmarkRegressor
from workbench.networks.observation_encoder import EncoderSettings
from workbench.networks.tz_conditioned import TzPose
from workbench.networks.tz_open import READS, OpenTz
from workbench.training import blade_pose, load_trainee
from workbench.training.blade_pose import TZ_NOISE, BladePoseTrainee
from workbench.training.blade_tz import BladeTzTrainee, tz_errors
from workbench.training.close_people import ALL, CLOSE, draw, to_measure

SIZE = 24


def generators(*seeds):
    return [torch.Generator().manual_seed(seed) for seed in seeds]


@pytest.fixture(scope="module", autouse=True)
def small_base():
    """Instead of the shipped regressor."""
    torch.manual_seed(0)
    base = LandmarkRegressor(EncoderSettings(width=32, blocks=1), hidden=32).eval().requires_grad_(False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blade_pose, "frozen_base", lambda device: base)
        yield


@pytest.fixture(scope="module")
def tz():
    return BladeTzTrainee(bank=256, validation_people=32)


@pytest.fixture(scope="module")
def pose():
    return BladePoseTrainee(bank=256, validation_people=32)


def test_blocks_are_made_apart_and_joined(tz, pose):
    for trainee in (tz, pose):
        both = trainee.batch(generators(1, 2), SIZE)
        apart = [trainee.batch(generators(seed), SIZE) for seed in (1, 2)]
        assert torch.equal(both.tz_m, torch.cat([part.tz_m for part in apart]))
        assert len(both.tz_m) == 2 * SIZE


def test_nobody_is_told_a_focal_length():
    """Camera facts are by the diagonal: the window's side over the photo's, whatever the lens."""
    drawn = draw(256, generators(3)[0], 400)
    told = drawn.known.observations
    has = told.has("camera")
    diagonal = drawn.people.size_hw.float().norm(dim=1)
    lens = drawn.people.focal_px / diagonal
    assert told.camera is not None and lens.max() / lens.min() > 3
    offset_px, side_px = (diagonal[:, None] * told.camera)[has].split((2, 1), 1)
    window_px = (drawn.people.center_px[has] + offset_px)[:, None]
    seen = window_px + drawn.known.xy[has] * side_px[:, None] / 2
    inside = drawn.known.in_picture[has]
    width_height = drawn.people.size_hw[has].flip(-1)[:, None]
    assert (((seen >= -1) & (seen <= width_height + 1)).all(-1) == inside)[inside].all()


def test_half_are_near_and_some_have_masks():
    drawn = draw(256, generators(4)[0], 200)
    tz_m = drawn.people.pelvis_camera_m[:, 2]
    assert (tz_m[:100] <= CLOSE.tz_m[1] + 0.1).all() and tz_m.max() > CLOSE.tz_m[1] + 1
    assert tz_m.max() <= ALL.tz_m[1] + 0.1
    masked = drawn.known.observations.has("mask")
    assert 0.6 < float(masked.float().mean()) < 0.95 and masked[:100].any() and masked[100:].any()


def test_those_measured_are_always_the_same():
    one, same = (to_measure(12, "test", masks=False) for _ in range(2))
    other = to_measure(12, "validation", masks=False)
    assert torch.equal(one.known.xy, same.known.xy)
    assert one.known.xy.shape != other.known.xy.shape or not torch.equal(one.known.xy, other.known.xy)
    assert (one.people.pelvis_camera_m[:, 2] < CLOSE.tz_m[1] + 0.1).all()


def test_tz_loss_is_the_share_that_it_is_off_by(tz):
    batch = tz.batch(generators(5), SIZE)

    class Off(torch.nn.Module):
        def __init__(self, factor):
            super().__init__()
            self.factor = factor

        def forward(self, observations):
            return self.factor * batch.tz_m

    for factor, expected in ((1.0, 0.0), (1.5, 0.5), (0.8, 0.2)):
        loss, _ = tz.loss(Off(factor), batch)
        assert float(loss) == pytest.approx(expected, abs=1e-6)


def test_tz_errors_are_those_of_a_known_guess():
    truth = to_measure(16, "validation", masks=False)

    class Twice(OpenTz):
        def forward(self, observations):
            return 2 * truth.people.pelvis_camera_m[:, 2]

    errors = tz_errors(Twice(), truth, READS)
    tz_m = truth.people.pelvis_camera_m[:, 2]
    assert errors["relative"] == pytest.approx(1.0)
    assert errors["e_tz_m"] == pytest.approx(float(tz_m.mean()), rel=1e-5)
    assert errors["e_inv_tz"] == pytest.approx(float((0.5 / tz_m).mean()), rel=1e-5)


def test_tz_is_told_with_the_errors_of_a_first_stage(pose):
    told = pose.batch(generators(6), 600).tz_m
    true = draw(256, generators(6)[0], 600, masked=0.0).people.pelvis_camera_m[:, 2]
    off = (told / true).log()
    assert abs(float(off.std()) - TZ_NOISE) < 0.02 and abs(float(off.mean())) < 0.03


@pytest.mark.parametrize("name", ["blade_tz", "blade_pose"])
def test_training_lowers_the_loss(name, tz, pose):
    trainee = {"blade_tz": tz, "blade_pose": pose}[name]
    assert type(load_trainee(name)) is type(trainee)
    torch.manual_seed(0)
    model, batch = trainee.model(), trainee.batch(generators(7), SIZE)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], 1e-3)
    losses = []
    for _ in range(12):
        loss, terms = trainee.loss(model, batch)
        assert all(value.isfinite() for value in terms.values())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(float(loss.detach()))
    assert losses[-1] < losses[0]
    assert trainee.metric in trainee.validate(model)


def test_the_twin_does_not_learn_from_tz(pose):
    twin = BladePoseTrainee(bank=256, validation_people=32, with_tz=False)
    batch = twin.batch(generators(8), SIZE)
    other = replace(batch, tz_m=3 * batch.tz_m)
    torch.manual_seed(0)
    model = twin.model()
    assert isinstance(model, TzPose)
    torch.nn.init.normal_(model.to_base.weight, std=0.1)
    assert twin.loss(model, batch)[0] == twin.loss(model, other)[0]
    model.with_tz = True
    assert pose.loss(model, batch)[0] != pose.loss(model, other)[0]
