"""Masks and colours for training lie where their people are."""

import pytest
import torch

from workbench.synth.people import sample_people
from workbench.training.made_up import KnownPeople, people_as_seen
from workbench.training.pictured import SIZE, as_found, in_colour, outlines, with_masks


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def channel(known: KnownPeople, name: str) -> torch.Tensor:
    return getattr(known.observations, name)


@pytest.fixture(scope="module")
def crowd():
    seen = people_as_seen(sample_people(96, 0, "validation"), generator()).rows(slice(0, 64))
    assert len(seen.people) == 64
    return seen.people, seen


def at_pixels(xy):
    """Window coordinates to rows and columns, and which lie within."""
    place = ((xy + 1) * SIZE / 2).floor().long()
    inside = ((place >= 0) & (place < SIZE)).all(-1)
    place = place.clamp(0, SIZE - 1)
    return place[..., 1], place[..., 0], inside


def test_outlines_hold_the_hips_and_shoulders_that_nothing_hides(crowd):
    people, seen = crowd
    masks = outlines(people, seen.windows, None)
    trunk = [11, 12, 23, 24]
    rows, columns, inside = at_pixels(seen.known.xy[:, trunk])
    inside &= seen.known.in_picture[:, trunk]
    held = masks[torch.arange(64)[:, None], rows, columns]
    assert held[inside].float().mean() > 0.97


def test_nothing_is_shown_beyond_an_edge(crowd):
    people, seen = crowd
    whole, cut = outlines(people, seen.windows, None), outlines(people, seen.windows, seen.edges)
    assert not (cut & ~whole).any()
    behind = seen.edges.place_px > -torch.inf
    assert (cut == whole).flatten(1).all(1)[~behind].all()
    assert (cut.flatten(1).sum(1) < whole.flatten(1).sum(1))[behind].any()
    rows, columns, inside = at_pixels(seen.known.xy)
    beyond = seen.edges.hide(
        (seen.known.xy * seen.windows.side_px[:, None, None] / 2) + seen.windows.center_px[:, None]
    )
    far = beyond & inside & behind[:, None]
    assert cut[torch.arange(64)[:, None], rows, columns][far].float().mean() < 0.1  # but for the pixel's size


def test_found_masks_are_about_the_true_ones(crowd):
    people, seen = crowd
    masks = outlines(people, seen.windows, None)
    found = as_found(masks, generator())[:, 0] > 0.5
    iou = (found & masks).flatten(1).sum(1) / (found | masks).flatten(1).sum(1).clamp_min(1)
    assert 0.75 < float(iou.mean()) < 0.99
    assert torch.equal(as_found(torch.zeros_like(masks), generator()), torch.zeros(64, 1, SIZE, SIZE))


def test_some_get_masks_and_the_rest_stays(crowd):
    _, seen = crowd
    known = with_masks(seen, slice(0, 10), generator())
    assert known.observations.has("mask").tolist() == [True] * 10 + [False] * 54
    assert torch.equal(channel(known, "landmarks"), channel(seen.known, "landmarks"))


def test_a_chunk_in_colour_is_always_the_same_and_shows_its_people():
    known = in_colour(0, "validation")
    assert known.observations.has("rgb").all() and known.observations.has("mask").all()
    rgb, mask = channel(known, "rgb"), channel(known, "mask")[:, 0]
    assert torch.equal(channel(in_colour(0, "validation"), "rgb"), rgb)
    assert not torch.equal(channel(in_colour(0, "test"), "rgb"), rgb)
    assert 0 <= float(rgb.min()) and float(rgb.max()) <= 1
    person, others, rgb = mask > 0.5, mask <= 0.5, rgb.permute(0, 2, 3, 1)
    apart = [(rgb[i][person[i]].mean(0) - rgb[i][others[i]].mean(0)).norm() for i in range(16)]
    assert float(torch.stack(apart).median()) > 0.05
