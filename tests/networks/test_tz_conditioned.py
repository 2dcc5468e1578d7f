"""BLADE's second stage: it begins as its base, learns beside it, and sees from the distance it is told."""

import pytest
import torch

from workbench.body.light import open_light_body
from workbench.geometry.conventions import from_hmr
from workbench.networks.guesses import project_to_window
from workbench.networks.landmark_regressor import LandmarkRegressor
from workbench.networks.observation_encoder import EncoderSettings
from workbench.networks.observations import CHANNELS, Observations
from workbench.networks.tz_conditioned import NEAREST_M, TzPose, facts_at

N = 4


@pytest.fixture(scope="module")
def body():
    return open_light_body(1)


@pytest.fixture(scope="module")
def base():
    torch.manual_seed(0)
    network = LandmarkRegressor(EncoderSettings(width=32, blocks=2), hidden=24).eval().requires_grad_(False)
    network.head[-1].get_parameter("weight").data.normal_(0, 0.02)
    return network


@pytest.fixture(scope="module")
def seen():
    generator = torch.Generator().manual_seed(0)
    landmarks = torch.rand(N, 33, 3, generator=generator) * 2 - 1
    return Observations(
        torch.tensor([name in ("landmarks", "metric", "camera") for name in CHANNELS]).repeat(N, 1),
        landmarks=torch.cat((landmarks[..., :2], landmarks[..., 2:].abs()), 2),
        metric_m=torch.rand(N, 33, 3, generator=generator) - 0.5,
        camera=torch.tensor([[0.1, -0.05, 0.6]]).repeat(N, 1),
    )


@pytest.fixture
def awake(base):
    """A copy whose linear layers have left zero."""
    torch.manual_seed(1)
    network = TzPose(base)
    for layer in (network.to_base, network.tz_to_features, *network.tz_to_blocks):
        layer.get_parameter("weight").data.normal_(0, 0.1)
    return network


@pytest.mark.parametrize("with_tz", [True, False])
def test_at_first_it_answers_as_its_base_bit_for_bit(base, seen, body, with_tz):
    for tz_m in (0.4, 2.0, 9.0):
        ours = TzPose(base, with_tz)(base, seen, body, torch.full((N,), tz_m))
        for guess, plain in zip(ours, base(seen, body), strict=True):
            for name in ("rotations", "betas", "crop", "landmarks_m", "joints_m"):
                assert torch.equal(getattr(guess, name), getattr(plain, name)), name


def test_distance_matters_once_it_has_learned_but_not_to_the_twin(base, seen, body, awake):
    near, far = (awake(base, seen, body, torch.full((N,), tz))[-1].rotations for tz in (0.6, 5.0))
    assert not torch.allclose(near, far, atol=1e-3)
    awake.with_tz = False
    near, far = (awake(base, seen, body, torch.full((N,), tz))[-1] for tz in (0.6, 5.0))
    assert all(torch.equal(one, other) for one, other in zip(near, far, strict=True))


def test_distances_nearer_than_possible_count_as_the_nearest(base, seen, body, awake):
    nearest = awake._features(seen, torch.full((N,), NEAREST_M))
    for tz_m in (0.0, 0.03):
        assert torch.equal(awake._features(seen, torch.full((N,), tz_m)), nearest)
        assert awake(base, seen, body, torch.full((N,), tz_m))[-1].rotations.isfinite().all()


def test_the_copy_learns_and_the_base_does_not(base, seen, body, awake):
    before = [p.clone() for p in base.parameters()]
    optimizer = torch.optim.SGD([p for p in awake.parameters() if p.requires_grad], 0.1)
    awake(base, seen, body, torch.full((N,), 1.0))[-1].landmarks_m.square().sum().backward()
    optimizer.step()
    assert all(torch.equal(p, q) for p, q in zip(base.parameters(), before, strict=True))
    assert all(p.grad is None for p in base.parameters())
    learned = {name for name, p in awake.named_parameters() if p.grad is not None and p.grad.any()}
    for layer in ("to_base", "tz_to_features", "tz_to_blocks.0", "copy.of_state", "copy.head.1"):
        assert f"{layer}.weight" in learned, layer


def test_twins_have_the_same_parameters(base):
    one, other = (TzPose(base, with_tz).state_dict() for with_tz in (True, False))
    assert {k: v.shape for k, v in one.items()} == {k: v.shape for k, v in other.items()}


def test_facts_at_a_distance_are_those_of_the_photos_camera(body):
    """The oracle: the camera of the whole photo with the focal length that scale and distance imply."""
    size_hw, center_px, side_px, tz_m = (480, 640), (250.0, 260.0), 300.0, 0.9
    crop = torch.tensor([[0.8, 0.05, -0.1]])
    points = body(torch.zeros(1, 10), torch.eye(3).repeat(1, 24, 1, 1)).landmarks_m
    focal_px = float(crop[0, 0]) * side_px * tz_m / 2
    camera = from_hmr(crop[0], center_px, side_px).full_frame(focal_px, size_hw)
    assert abs(camera.tz_m - tz_m) < 1e-5
    offset = torch.tensor([center_px[0] - 320, center_px[1] - 240, side_px])
    seen = project_to_window(points, crop, facts_at(torch.tensor([tz_m]), crop, (offset / 800)[None]))
    px = seen[0] * side_px / 2 + torch.tensor(center_px)
    torch.testing.assert_close(px, camera.project(points[0]), rtol=0, atol=1e-2)
