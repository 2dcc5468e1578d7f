"""Sampled poses obey the laws of bodies, and are the same for the same seed."""

import pytest
import torch

from workbench.body.joints import SMPL_JOINTS
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.compiled import mirror_pose
from workbench.synth.figure import open_figure
from workbench.synth.keys import ACTIONS
from workbench.synth.limits import anatomical_limits
from workbench.synth.mixing import Repertoire, draft, repertoire, slerp
from workbench.synth.poses import CHUNK, SPLITS, Poses, Split, sample_poses, seeded, settle

FIGURE = open_figure()


@pytest.fixture(scope="module")
def poses() -> Poses:
    return sample_poses(700, seed=7)


@pytest.fixture(scope="module")
def walking() -> Repertoire:
    return repertoire([action for action in ACTIONS if action.name == "striding"])


def test_the_same_seed_gives_the_same_poses_however_many(poses: Poses) -> None:
    few = sample_poses(11, seed=7)
    assert torch.equal(few.rotations, poses.rotations[:11])
    assert torch.equal(few.floor_m, poses.floor_m[:11])
    assert torch.equal(few.action, poses.action[:11])


def test_seeds_and_splits_share_no_pose(poses: Poses) -> None:
    others = [sample_poses(200, seed=8)] + [sample_poses(200, seed=7, split=s) for s in SPLITS[1:]]
    seen = {tuple(row) for row in poses.theta.flatten(1).mul(1e4).round().int().tolist()}
    for other in others:
        assert not seen & {tuple(row) for row in other.theta.flatten(1).mul(1e4).round().int().tolist()}


def test_left_out_actions_are_only_in_their_own_split(poses: Poses) -> None:
    left_out = sample_poses(5, split="ood").actions
    assert not set(left_out) & set(poses.actions)
    assert {*left_out, *poses.actions} == {action.name for action in ACTIONS}
    assert sample_poses(5, split="test").actions == poses.actions


def test_a_generator_is_used_up() -> None:
    generator = seeded(3, "train")
    first, second = sample_poses(5, generator), sample_poses(5, generator)
    assert torch.equal(first.rotations, sample_poses(5, seed=3).rotations)
    assert not torch.equal(first.rotations, second.rotations)


def test_joints_are_within_their_ranges(poses: Poses) -> None:
    assert anatomical_limits().excess_rad(poses.rotations).max() < 5e-3


def test_no_limb_is_in_the_body_and_nothing_below_the_floor(poses: Poses) -> None:
    ends = FIGURE.ends(FIGURE.posed(poses.rotations))
    assert FIGURE.overlap_m(ends).max() < 1e-3
    lowest = FIGURE.heights_m(ends).amin(1) - poses.floor_m
    assert lowest.min() > -0.04
    assert lowest.max() < 0.005  # and somebody touches it


@pytest.mark.parametrize("split", ["train", "ood"])
def test_most_drafts_are_believable(split: Split) -> None:
    source = repertoire([action for action in ACTIONS if action.left_out == (split == "ood")])
    drafts = draft(source, 700, torch.Generator().manual_seed(0))
    good = settle(drafts, FIGURE, anatomical_limits())[2].float().mean()
    calm = settle(drafts, FIGURE, anatomical_limits(), noise_share=0.0)[2].float().mean()
    assert 0.5 < good < 0.97  # the noise is neither too wild nor too tame
    assert calm > good


def test_every_action_and_every_heading_comes(poses: Poses) -> None:
    assert set(poses.action.tolist()) == set(range(len(poses.actions)))
    forward = poses.rotations[:, 0, :, 2]
    assert (torch.histc(torch.atan2(forward[:, 0], forward[:, 2]), 8) > 40).all()


def test_left_and_right_are_equally_likely(poses: Poses) -> None:
    left, right = (poses.theta[:, SMPL_JOINTS.index(f"{side}_elbow"), 1].abs() for side in ("left", "right"))
    assert (left.mean() - right.mean()).abs() < 0.1
    assert (left.std() - right.std()).abs() < 0.1


def test_poses_are_many_and_varied(poses: Poses) -> None:
    for joint in ("hip", "knee", "shoulder", "elbow"):
        assert poses.theta[:, SMPL_JOINTS.index(f"left_{joint}")].std(0).norm() > 0.4


def test_theta_is_the_rotations(poses: Poses) -> None:
    torch.testing.assert_close(matrix_from_axis_angle(poses.theta), poses.rotations, atol=1e-4, rtol=0)


def test_none_is_possible_and_more_than_a_chunk_too() -> None:
    assert sample_poses(0).theta.shape == (0, 24, 3)
    assert sample_poses(CHUNK + 3).theta.shape == (CHUNK + 3, 24, 3)


def test_impossible_wishes_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 0; got -1"):
        sample_poses(-1)
    with pytest.raises(ValueError, match="seed of at least 0; got -4"):
        sample_poses(1, seed=-4)


def test_slerp_starts_at_the_one_and_ends_at_the_other(poses: Poses) -> None:
    a, b = poses.rotations[:50], poses.rotations[50:100]
    torch.testing.assert_close(slerp(a, b, torch.zeros(50, 1)), a, atol=1e-5, rtol=0)
    torch.testing.assert_close(slerp(a, b, torch.ones(50, 1)), b, atol=2e-3, rtol=0)
    half = slerp(a, b, torch.full((50, 1), 0.5))
    torch.testing.assert_close(slerp(b, a, torch.full((50, 1), 0.5)), half, atol=5e-3, rtol=0)


def test_a_mirror_shows_itself_in_a_mirror(poses: Poses) -> None:
    assert torch.equal(mirror_pose(mirror_pose(poses.rotations)), poses.rotations)
    assert not torch.equal(mirror_pose(poses.rotations), poses.rotations)


def test_arms_swing_against_the_legs(walking: Repertoire) -> None:
    poses = draft(walking, 400, torch.Generator().manual_seed(1)).calm
    posed = FIGURE.posed(poses).joints_m
    pelvis = posed[:, 0, 2]
    names = ("left_ankle", "left_wrist", "right_wrist")
    swing = [posed[:, SMPL_JOINTS.index(name), 2] - pelvis for name in names]
    together = torch.corrcoef(torch.stack(swing))
    assert together[0, 1] < -0.7
    assert together[0, 2] > 0.7
