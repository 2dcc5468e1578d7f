"""Joint limits: people within, monsters counted, failures shown."""

import math

import pytest
import torch

from workbench.body.joints import SMPL_JOINTS, mirror_ids
from workbench.evaluation.plausibility import limit_excess_rad, limit_violations


def posed(**turns: tuple[float, float, float]) -> torch.Tensor:
    theta = torch.zeros(24, 3)
    for joint, turn in turns.items():
        theta[SMPL_JOINTS.index(joint)] = torch.tensor(turn)
    return theta


PEOPLE = {
    "T-pose": posed(),
    "bent knee": posed(left_knee=(1.8, 0, 0)),
    "bent elbows": posed(left_elbow=(0, -1.8, 0), right_elbow=(0, 1.8, 0)),
    "sitting": posed(left_hip=(-1.5, 0, 0), right_hip=(-1.5, 0, 0)),
    "upside down": posed(pelvis=(3.1, 0, 0)),
}
MONSTERS = {
    "knee backwards": posed(left_knee=(-0.9, 0, 0)),
    "elbow backwards": posed(right_elbow=(0, -0.9, 0)),
    "owl": posed(head=(0, 2.5, 0)),
    "thigh through the back": posed(right_hip=(1.8, 0, 0)),
}


@pytest.mark.parametrize("name", PEOPLE)
def test_people_are_within(name):
    assert limit_violations(PEOPLE[name]) == 0


@pytest.mark.parametrize("name", MONSTERS)
def test_monsters_are_counted(name):
    assert limit_violations(MONSTERS[name]) == 1


def test_violations_add_up_and_the_worse_the_more():
    theta = posed(left_knee=(-0.9, 0, 0), head=(0, 2.5, 0))
    assert limit_violations(theta) == 2
    knee = SMPL_JOINTS.index("left_knee")
    excess = torch.stack([limit_excess_rad(posed(left_knee=(-a, 0, 0)))[knee] for a in (0.3, 0.6, 0.9)])
    assert (excess.diff() > 0.2).all()


def test_the_mirror_image_is_as_possible():
    theta = 0.9 * torch.randn(50, 24, 3, generator=torch.Generator().manual_seed(0))
    mirrored = theta[:, list(mirror_ids(SMPL_JOINTS))] * torch.tensor([1.0, -1, -1])
    assert torch.equal(limit_violations(mirrored), limit_violations(theta))
    assert limit_violations(theta).max() > 3


def test_facing_does_not_matter_nor_do_full_turns():
    theta = 0.5 * torch.randn(20, 24, 3, generator=torch.Generator().manual_seed(0))
    turned = theta.clone()
    turned[:, 0] = torch.tensor([1.0, 2.0, -1.0])
    assert torch.equal(limit_violations(turned), limit_violations(theta))
    angle = theta.norm(dim=-1, keepdim=True)
    around = theta * (1 + 2 * math.pi / angle)
    assert torch.allclose(limit_excess_rad(around), limit_excess_rad(theta), atol=1e-3)


def test_smplx_bodies_count_without_their_fingers():
    theta = torch.zeros(2, 55, 3)
    theta[1, 4, 0] = -0.9
    theta[:, 25:] = 3.0
    assert limit_violations(theta).tolist() == [0, 1]


def test_broken_poses_show_and_stay_alone():
    theta = torch.stack([MONSTERS["owl"], PEOPLE["T-pose"], PEOPLE["sitting"]])
    theta[1, 5, 0] = math.nan
    violations = limit_violations(theta)
    assert violations[0] == 1 and violations[1].isnan() and violations[2] == 0


def test_too_few_joints_are_explained():
    with pytest.raises(ValueError, match="22 joints"):
        limit_violations(torch.zeros(5, 3))
