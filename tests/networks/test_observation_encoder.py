"""The encoder: what is missing or off has no influence, what is there has."""

from dataclasses import replace

import pytest
import torch

from workbench.networks.observation_encoder import EncoderSettings, ObservationEncoder, depth_planes
from workbench.networks.observations import CHANNELS, Observations

SMALL = EncoderSettings(CHANNELS, width=32, blocks=2, per_landmark=4, planes=(8, 8))


@pytest.fixture
def encoder():
    encoder = ObservationEncoder(SMALL)
    for parameter in encoder.parameters():  # nothing at zero, where it could not show
        torch.nn.init.normal_(parameter, std=0.3)
    return encoder


def observations(n=3):
    landmarks = torch.cat((torch.rand(n, 33, 2) * 2 - 1, torch.rand(n, 33, 1) * 0.9 + 0.1), -1)
    return Observations(
        torch.ones(n, len(CHANNELS), dtype=torch.bool),
        landmarks,
        torch.randn(n, 33, 3) * 0.3,
        torch.rand(n, 3),
        torch.rand(n, 1, 16, 16),
        torch.rand(n, 3, 16, 16),
        torch.rand(n, 1, 16, 16) + 2,
    )


FIELDS = dict(zip(CHANNELS, ("landmarks", "metric_m", "camera", "mask", "rgb", "depth_m"), strict=True))


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_channel_matters_if_it_is_on(encoder, channel):
    one = observations()
    other = replace(one, **{FIELDS[channel]: getattr(observations(), FIELDS[channel])})
    assert not torch.allclose(encoder(one), encoder(other), atol=1e-3)
    rest = [name for name in CHANNELS if name != channel]
    # Visibilities of landmarks tell which metric ones were found, whether landmarks themselves are on or not.
    if channel == "landmarks":
        assert one.landmarks is not None
        other = replace(one, landmarks=one.landmarks * torch.tensor([0.5, -1.0, 1.0]))
    off = encoder(one.only(rest))
    torch.testing.assert_close(off, encoder(other.only(rest)))
    assert not torch.allclose(off, encoder(one), atol=1e-3)


@pytest.mark.parametrize("channel", CHANNELS)
def test_off_is_the_same_as_absent(encoder, channel):
    one = observations()
    rest = [name for name in CHANNELS if name != channel]
    absent = replace(one.only(rest), **{FIELDS[channel]: None})
    torch.testing.assert_close(encoder(one.only(rest)), encoder(absent))


def test_landmarks_that_were_not_found_do_not_matter(encoder):
    one = observations()
    assert one.landmarks is not None and one.metric_m is not None
    lost = torch.ones(33, 3)
    lost[5] = 0.0
    elsewhere = (1 - lost) * torch.tensor([7.0, -7.0, 0.0])
    other = replace(one, landmarks=one.landmarks * lost + elsewhere, metric_m=one.metric_m * lost + elsewhere)
    torch.testing.assert_close(encoder(replace(one, landmarks=one.landmarks * lost)), encoder(other))


def test_samples_do_not_influence_each_other(encoder):
    batch = observations(4)
    torch.testing.assert_close(encoder(batch)[2:3], encoder(batch.rows(slice(2, 3))), atol=1e-5, rtol=1e-4)


def test_a_network_without_a_channel_ignores_it():
    encoder = ObservationEncoder(replace(SMALL, channels=("landmarks", "camera")))
    one = observations()
    torch.testing.assert_close(encoder(one), encoder(replace(one, rgb=None, mask=None, metric_m=None)))


def test_every_weight_learns(encoder):
    batch = observations(8).dropped(dict.fromkeys(CHANNELS, 0.5), torch.Generator().manual_seed(3))
    encoder(batch).square().mean().backward()
    silent = [name for name, p in encoder.named_parameters() if p.grad is None or not p.grad.any()]
    assert not silent


def test_holes_in_depth_are_neither_near_nor_far():
    depth = torch.full((1, 1, 4, 4), 3.0)
    depth[0, 0, 0, 0], depth[0, 0, 1, 1] = 0.0, 3.5
    planes = depth_planes(depth)
    assert planes[0, 0, 0, 0] == 0 and planes[0, 1, 0, 0] == 0 and planes[0, 1].sum() == 15
    torch.testing.assert_close(planes[0, 0, 1, 1], torch.tensor(0.5))
    further = depth_planes(torch.where(depth > 0, depth + 5, depth))
    torch.testing.assert_close(further[:, :2], planes[:, :2])  # only the third plane knows how far
    assert depth_planes(torch.zeros(1, 1, 4, 4)).isfinite().all()
