"""Made-up people as training sees them: what is hidden, what is told, and how batches are put together."""

from dataclasses import fields, replace

import pytest
import torch

from workbench.networks.observations import CHANNELS, Observations
from workbench.synth.landmarks import true_landmarks
from workbench.synth.people import sample_people
from workbench.training.made_up import (
    BEHIND_SOMETHING,
    MOST_HIDDEN,
    UNKNOWN_FOCAL,
    KnownPeople,
    edges_before,
    joined,
    new_people_as_seen,
    people_as_seen,
    pose_bank,
)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def channel(known: KnownPeople, name: str) -> torch.Tensor:
    return getattr(known.observations, name)


@pytest.fixture(scope="module")
def people():
    return sample_people(600, 0, "validation")


def test_channels_are_taken_away_in_training_alone(people):
    training, measuring = (
        people_as_seen(people, generator(), for_training=flag).known.observations for flag in (True, False)
    )
    assert 0.05 < float((~training.has("metric")).float().mean()) < 0.4
    assert measuring.has("metric").all() and measuring.has("camera").all()


def test_the_focal_length_is_told_as_often_as_said(people):
    facts = []
    for share in (1.0, UNKNOWN_FOCAL):
        seen = people_as_seen(people, generator(), unknown_focal=share)
        facts.append(seen.known.observations.camera)
    assert abs(float((facts[0] == facts[1]).all(1).float().mean()) - UNKNOWN_FOCAL) < 0.06


def test_an_edge_hides_what_is_beyond_it(people):
    landmarks = true_landmarks(people)
    edges = edges_before(landmarks, generator())
    xy = landmarks.px[..., :2]
    hidden = edges.hide(xy)
    assert 0.15 < float(hidden.any(1).float().mean()) < BEHIND_SOMETHING + 0.06
    assert hidden.float().mean(1).max() <= MOST_HIDDEN + 1 / 33
    along = (xy @ edges.normal[..., None])[..., 0]
    beyond, shown = (
        torch.where(which, along, nothing) for which, nothing in ((hidden, -1e9), (~hidden, 1e9))
    )
    assert (beyond.amax(1) < shown.amin(1)).all()


def test_what_pictures_hide_is_hidden_and_nothing_else(people):
    """In training, too: the finder's errors are larger where something is in front."""
    visibility = [
        channel(people_as_seen(people, generator(), False, hidden).known, "landmarks")[..., 2].mean()
        for hidden in (torch.zeros(600, 33, dtype=torch.bool), torch.ones(600, 33, dtype=torch.bool))
    ]
    assert visibility[1] < visibility[0]


def test_joined_is_one_after_the_other(people):
    known = people_as_seen(people, generator()).known
    again = joined([known.rows(slice(0, 200)), known.rows(torch.arange(200, len(known)))])
    for name in ("rotations", "betas", "points_m", "xy", "in_picture"):
        assert torch.equal(getattr(again, name), getattr(known, name))
    for name in (f.name for f in fields(Observations)):
        one, other = getattr(again.observations, name), getattr(known.observations, name)
        assert (one is None) == (other is None) and (one is None or torch.equal(one, other))


def test_a_channel_of_some_is_blank_and_absent_for_the_others(people):
    known = people_as_seen(people.rows(slice(0, 4)), generator()).known
    place = CHANNELS.index("mask")
    present = known.observations.present.clone()
    present[:, place] = True
    masked = replace(
        known,
        observations=replace(known.observations, present=present, mask=torch.ones(len(known), 1, 8, 8)),
    )
    both = joined([known, masked])
    assert both.observations.has("mask").tolist() == [False] * len(known) + [True] * len(known)
    mask = channel(both, "mask")
    assert mask[: len(known)].eq(0).all() and mask[len(known) :].eq(1).all()


def test_who_is_missed_is_not_trained_on(people):
    seen = people_as_seen(people, generator())
    assert 0.5 * len(people) < len(seen.places) < len(people)
    assert torch.equal(seen.people.betas, people.betas[seen.places])
    assert torch.equal(seen.known.betas, seen.people.betas)


def test_batches_are_full():
    """Whoever is missed is replaced, mostly by somebody else."""
    seen = new_people_as_seen(pose_bank(256, "cpu"), generator(), 200)
    assert len(seen.known) == 200 and len(seen.places.unique()) > 190
