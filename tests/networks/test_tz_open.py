"""BLADE's first stage: each person apart, any mix of channels."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from workbench.networks.observations import CHANNELS, Observations
from workbench.networks.tz_open import READS, OpenTz

N = 5


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return OpenTz().eval()


@pytest.fixture
def seen():
    generator = torch.Generator().manual_seed(0)
    draw = lambda *shape: torch.rand(*shape, generator=generator)  # noqa: E731
    return Observations(
        torch.tensor([name in READS for name in CHANNELS]).repeat(N, 1),
        landmarks=draw(N, 33, 3) * 2 - torch.tensor([1.0, 1.0, 0.0]),
        metric_m=draw(N, 33, 3) - 0.5,
        camera=draw(N, 3),
        mask=(draw(N, 1, 64, 64) > 0.5).float(),
    )


def test_nobody_depends_on_others(network, seen):
    alone = torch.cat([network(seen.rows(slice(i, i + 1))) for i in range(N)])
    torch.testing.assert_close(network(seen), alone)


@pytest.mark.parametrize("channel", READS)
def test_a_channel_switched_off_is_not_looked_at(network, seen, channel):
    field = "metric_m" if channel == "metric" else channel
    changed: dict[str, Any] = {field: getattr(seen, field).roll(1, 0)}
    other = replace(seen, **changed)
    assert not torch.allclose(network(seen), network(other))
    rest = [name for name in READS if name != channel]
    if channel != "landmarks":  # whose visibility also says which metric ones there are
        torch.testing.assert_close(network(seen.only(rest)), network(other.only(rest)))


def test_without_masks_as_with_masks_switched_off(network, seen):
    none = replace(seen, mask=None).only(("landmarks", "metric", "camera"))
    torch.testing.assert_close(network(none), network(seen.only(("landmarks", "metric", "camera"))))


def test_some_may_have_masks(network, seen):
    present = seen.present.clone()
    present[1:3, CHANNELS.index("mask")] = False
    some = network(replace(seen, present=present))
    whole, without = network(seen), network(seen.only(("landmarks", "metric", "camera")))
    torch.testing.assert_close(some[[0, 3, 4]], whole[[0, 3, 4]])
    torch.testing.assert_close(some[1:3], without[1:3])
