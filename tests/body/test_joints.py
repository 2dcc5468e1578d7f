"""Names and trees hang together, and say the same as smplx."""

import pytest
from smplx.joint_names import JOINT_NAMES, SMPLH_JOINT_NAMES

from workbench.body import joints
from workbench.body.joints import joint_names, mirror_ids

NAME_LISTS = (joints.SMPL_JOINTS, joints.SMPLH_JOINTS, joints.SMPLX_JOINTS, joints.BLAZEPOSE, joints.COCO)


def test_joints_are_smplx_packages():
    assert joints.SMPL_JOINTS == (*JOINT_NAMES[:22], "left_hand", "right_hand")
    assert joints.SMPLX_JOINTS == tuple(name.replace("_smplhf", "") for name in JOINT_NAMES[:55])
    assert joints.SMPLH_JOINTS == tuple(SMPLH_JOINT_NAMES[:52])


@pytest.mark.parametrize("names", NAME_LISTS)
def test_mirroring_twice_changes_nothing_and_swaps_sides(names):
    mirror = mirror_ids(names)
    assert [mirror[m] for m in mirror] == list(range(len(names)))
    for name, m in zip(names, mirror, strict=True):
        assert ("left" in name) == ("right" in names[m])


@pytest.mark.parametrize(
    ("names", "parents"),
    [(joints.SMPL_JOINTS, joints.SMPL_PARENTS), (joints.SMPLX_JOINTS, joints.SMPLX_PARENTS)],
)
def test_trees_are_symmetric_and_ordered(names, parents):
    mirror = mirror_ids(names)
    assert len(parents) == len(names)
    assert parents[0] == -1
    for joint, parent in enumerate(parents[1:], start=1):
        assert 0 <= parent < joint
        assert mirror[parent] == parents[mirror[joint]]


def test_fingers_hang_on_their_own_wrist():
    names, parents = joints.SMPLX_JOINTS, joints.SMPLX_PARENTS
    for joint in range(25, 55):
        side, finger = names[joint][:-1].split("_")
        number = int(names[joint][-1])
        expected = f"{side}_wrist" if number == 1 else f"{side}_{finger}{number - 1}"
        assert names[parents[joint]] == expected


def test_bones_of_blazepose_are_symmetric():
    mirror = mirror_ids(joints.BLAZEPOSE)
    bones = {frozenset(bone) for bone in joints.BLAZEPOSE_BONES}
    assert bones == {frozenset(mirror[end] for end in bone) for bone in bones}
    assert len(bones) == len(joints.BLAZEPOSE_BONES)
    assert {end for bone in bones for end in bone} == set(range(33))


def test_every_coco_keypoint_is_a_blazepose_landmark():
    assert [joints.BLAZEPOSE[i] for i in joints.BLAZEPOSE_OF_COCO] == list(joints.COCO)


def test_joint_names_by_number():
    for names in NAME_LISTS[:3]:
        assert joint_names(len(names)) == names
    with pytest.raises(ValueError, match="got 23"):
        joint_names(23)
