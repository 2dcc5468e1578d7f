"""Every pose written by hand is one a person can take."""

from collections import Counter

import pytest
import torch

from workbench.synth.compiled import KeyTable, compile_keys, floor_of, partners, with_mirrored
from workbench.synth.contact import FLAT, balance_margin_m
from workbench.synth.figure import open_figure
from workbench.synth.keys import ACTIONS, GESTURES
from workbench.synth.limits import anatomical_limits

FIGURE = open_figure()
KEYS = [key for action in ACTIONS for key in action.keys]


@pytest.fixture(scope="module")
def table() -> KeyTable:
    return compile_keys(KEYS)


@pytest.fixture(scope="module")
def ends(table: KeyTable) -> torch.Tensor:
    return FIGURE.ends(FIGURE.posed(table.rotations))


def names(bad: torch.Tensor) -> list[str]:
    return [key.name for key, is_bad in zip(KEYS, bad.tolist(), strict=True) if is_bad]


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len(KEYS) >= 60
    assert max(Counter(key.name for key in KEYS).values()) == 1
    assert max(Counter(action.name for action in ACTIONS).values()) == 1


def test_each_joint_is_in_its_range(table: KeyTable) -> None:
    assert names(anatomical_limits().excess_rad(table.rotations).rad2deg().amax(1) > 1) == []


def test_no_limb_is_in_the_body(ends: torch.Tensor) -> None:
    assert names(FIGURE.penetrates(ends)) == []


def test_contacts_are_on_the_floor_and_nothing_is_below(table: KeyTable, ends: torch.Tensor) -> None:
    above = FIGURE.heights_m(ends) - floor_of(FIGURE, table.rotations, table.floor)[:, None]
    assert names((above.abs() * table.floor).amax(1) > 0.015) == []
    assert names(above.amin(1) < -0.025) == []


def test_the_skin_touches_that_floor(table: KeyTable) -> None:
    shaped = FIGURE.body.with_shape(torch.zeros(0))
    lowest = torch.cat(
        [shaped.with_rotations(some).mesh().vertices_m[..., 1].amin(1) for some in table.rotations.split(16)]
    )
    floor = floor_of(FIGURE, table.rotations, table.floor)
    assert names((lowest - floor).abs() > 0.05) == []


def test_soles_palms_and_toes_lie_flat(table: KeyTable) -> None:
    up = FIGURE.posed(table.rotations).rotations[:, list(FLAT.values()), 1, 1]
    assert names(((up < 0.999) & table.flat).any(1)) == []


def test_whoever_rests_is_in_balance(table: KeyTable, ends: torch.Tensor) -> None:
    margin = balance_margin_m(FIGURE, ends, table.support)
    assert names((margin < 0) & ~table.moving) == []


def test_mirrored_keys_touch_the_floor_with_the_other_side(table: KeyTable) -> None:
    both = with_mirrored(table)
    heights = FIGURE.heights_m(FIGURE.ends(FIGURE.posed(both.rotations)))
    floor = floor_of(FIGURE, both.rotations, both.floor)[:, None]
    assert ((heights - floor).abs() * both.floor).max() < 0.02


def test_a_cycle_goes_on_with_its_mirror_image_and_others_stay_in_their_action(table: KeyTable) -> None:
    found = partners(ACTIONS, with_mirrored(table))
    start = 0
    for action in ACTIONS:
        own = set(range(start, start + len(action.keys)))
        last = found[start + len(action.keys) - 1]
        if action.cycle:
            assert last == [start + len(KEYS)]
        else:
            assert set(last) <= own
        assert all(set(row) <= own for row in found[start : start + len(action.keys) - 1])
        start += len(action.keys)


def test_some_actions_and_gestures_are_left_out_and_their_poses_are_nowhere_else() -> None:
    left_out = {key.name for action in ACTIONS if action.left_out for key in action.keys}
    kept = {key.name for action in ACTIONS if not action.left_out for key in action.keys}
    assert len(left_out) >= 10
    assert not left_out & kept
    assert {gesture.name for gesture in GESTURES if gesture.left_out} <= left_out
