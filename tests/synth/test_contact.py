"""Planting and balance."""

import pytest
import torch

from workbench.geometry.rotations import geodesic_angle_rad
from workbench.synth.anatomy import KeyPose, Leg, Trunk, both, rotations_of
from workbench.synth.contact import (
    FLAT,
    balance_margin_m,
    contact_weights,
    flat_parts,
    floor_height_m,
    planted,
)
from workbench.synth.figure import open_figure

FIGURE = open_figure()


def plant(pose: KeyPose) -> tuple[torch.Tensor, torch.Tensor]:
    floor = contact_weights(pose.floor)[None]
    written = torch.from_numpy(rotations_of(pose)).float()[None]
    return planted(FIGURE, written, floor, flat_parts(pose.floor)[None], steps=10), floor


def margin(pose: KeyPose) -> float:
    rotations = torch.from_numpy(rotations_of(pose)).float()[None]
    ends = FIGURE.ends(FIGURE.posed(rotations))
    return float(balance_margin_m(FIGURE, ends, contact_weights(pose.floor)[None]))


def test_soles_and_palms_lie_flat() -> None:
    crouched = KeyPose(
        "crouched", Trunk(lean=60), both(Leg(flex=100, knee=60, ankle=-20)), floor=tuple(FLAT)[:2]
    )
    rotations, _ = plant(crouched)
    up = FIGURE.posed(rotations).rotations[:, [FLAT["left_foot"], FLAT["right_foot"]], :, 1]
    torch.testing.assert_close(up, torch.tensor([0.0, 1, 0]).expand_as(up), atol=1e-4, rtol=0)


def test_contacts_become_level() -> None:
    knees = ("left_knee", "right_knee", "left_hand", "right_hand")
    pose = KeyPose("on all fours", Trunk(lean=70), both(Leg(flex=70, knee=80)), floor=knees)
    rotations, floor = plant(pose)
    heights = FIGURE.heights_m(FIGURE.ends(FIGURE.posed(rotations)))
    off = (heights - floor_height_m(heights, floor)[:, None]) * floor
    assert off.abs().max() < 0.01


def test_somebody_in_the_air_stays_as_he_is() -> None:
    pose = KeyPose("jump", Trunk(lean=20, roll=10), both(Leg(flex=30, knee=60)), floor=())
    rotations, floor = plant(pose)
    written = torch.from_numpy(rotations_of(pose)).float()[None]
    assert geodesic_angle_rad(rotations, written).max() < 1e-3
    heights = FIGURE.heights_m(FIGURE.ends(FIGURE.posed(rotations)))
    assert floor_height_m(heights, floor) == heights.min()


def test_standing_is_balance_and_leaning_is_falling() -> None:
    assert margin(KeyPose("standing")) > 0.03
    assert margin(KeyPose("leaning", Trunk(lean=25))) < 0
    assert margin(KeyPose("leaning", Trunk(roll=25))) < 0
    assert margin(KeyPose("in the air", floor=())) == -torch.inf


def test_wider_feet_stand_safer_and_one_foot_does_not_carry_two() -> None:
    wide = KeyPose("wide", legs=both(Leg(out=20)))
    one = KeyPose("one", floor=("left_foot",))
    assert margin(wide) >= margin(KeyPose("standing"))
    assert margin(one) < 0


def test_unknown_contacts_are_named() -> None:
    with pytest.raises(ValueError, match=r"no contact 'nose'.*left_foot"):
        contact_weights(("nose",))
