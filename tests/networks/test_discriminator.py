"""The prior's 25 scores: how many weights, and what each depends on."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.networks.discriminator import FACTORS, Discriminator


@pytest.fixture
def poses():
    return torch.from_numpy(
        Rotation.random(5 * 23, rng=np.random.default_rng(0)).as_matrix().reshape(5, 23, 3, 3)
    ).float()


def test_as_large_as_the_paper_s():
    convolutions = (9 * 32 + 32) + (32 * 32 + 32)
    joints = 23 * (32 + 1)
    pose = (23 * 32 * 1024 + 1024) + (1024 * 1024 + 1024) + (1024 + 1)
    shape = (10 * 10 + 10) + (10 * 5 + 5) + (5 + 1)
    count = sum(p.numel() for p in Discriminator().parameters())
    assert count == convolutions + joints + pose + shape == 1_807_619


def test_a_name_for_every_score(poses):
    scores = Discriminator(hidden=8)(poses, torch.randn(5, 10))
    assert scores.shape == (5, len(FACTORS)) == (5, 25)
    assert len(set(FACTORS)) == 25 and "pelvis" not in FACTORS


def test_each_joint_has_a_score_of_its_own(poses):
    network, betas = Discriminator(hidden=8), torch.randn(5, 10)
    before = network(poses, betas)
    for joint in (0, 3, 22):
        moved = poses.clone()
        moved[:, joint] = poses[:, joint].mT
        changed = (network(moved, betas) != before).any(0)
        assert {name for name, other in zip(FACTORS, changed, strict=True) if other} == {
            FACTORS[joint],
            "whole pose",
        }
    changed = (network(poses, betas + 1) != before).any(0)
    assert [name for name, other in zip(FACTORS, changed, strict=True) if other] == ["shape"]


def test_joints_share_the_first_layers_and_not_the_last(poses):
    """The same turn at every joint is seen as the same, and judged differently."""
    network = Discriminator(hidden=8)
    same = poses[:, :1].expand(-1, 23, -1, -1)
    seen = network.rotation(same.flatten(2))
    torch.testing.assert_close(seen, seen[:, :1].expand_as(seen))
    assert len(network(same, torch.zeros(5, 10))[0, :23].unique()) == 23


def test_learns_which_joint_bends_the_wrong_way():
    """Least squares, as HMR's: knees that bend forwards are real, those that bend backwards are not."""
    network = Discriminator(hidden=16)
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    knee, betas = FACTORS.index("left_knee"), torch.zeros(64, 10)

    def bent(sign):
        turns = torch.zeros(64, 23, 3)
        turns[:, knee, 0] = sign * torch.rand(64)
        rotations = Rotation.from_rotvec(turns.reshape(-1, 3).numpy()).as_matrix()
        return torch.from_numpy(rotations).float().reshape(64, 23, 3, 3)

    for _ in range(100):
        loss = (network(bent(1), betas) - 1).square().mean() + network(bent(-1), betas).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        objection = network(bent(1), betas).mean(0) - network(bent(-1), betas).mean(0)
    worst = {FACTORS[i] for i in objection.topk(2).indices.tolist()}
    assert worst == {"left_knee", "whole pose"} and objection[knee] > 0.2
