"""Named poses, mirrors and random poses."""

import pytest
import torch

from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS, SMPLX_JOINTS
from workbench.body.penetration import BodyParts
from workbench.body.presets import PRESETS_DEG, mirror, preset, random_spread_rad
from workbench.geometry.rotations import matrix_from_axis_angle

FLIP = torch.tensor([-1.0, 1.0, 1.0])
SYMMETRIC = (
    "T-pose",
    "A-pose",
    "standing",
    "sitting",
    "squat",
    "kneeling",
    "hands on hips",
    "handstand",
    "cheering",
)


def points(name: str) -> dict[str, torch.Tensor]:
    body = load_body()
    return dict(zip(SMPL_JOINTS, body.mesh(torch.zeros(10), preset(name, SMPL_JOINTS)).joints_m, strict=True))


def test_every_named_joint_exists_and_the_t_pose_is_rest():
    for name, angles in PRESETS_DEG.items():
        assert set(angles) <= set(SMPL_JOINTS), name
    assert not preset("T-pose", SMPL_JOINTS).any()


def test_an_unknown_pose_is_refused_with_the_names_that_exist():
    with pytest.raises(ValueError, match="handstand"):
        preset("flying", SMPL_JOINTS)


@pytest.mark.parametrize("name", PRESETS_DEG)
def test_smplx_shares_a_pose_by_joint_names_and_its_own_joints_rest(name):
    smpl, smplx = preset(name, SMPL_JOINTS), preset(name, SMPLX_JOINTS)
    assert torch.equal(smpl[:22], smplx[:22])
    assert not smplx[22:].any()


@pytest.mark.parametrize("joints", [SMPL_JOINTS, SMPLX_JOINTS], ids=("smpl", "smplx"))
def test_mirroring_reflects_every_rotation_and_twice_is_nothing(joints):
    theta = torch.randn(4, len(joints), 3)
    assert torch.equal(mirror(mirror(theta, joints), joints), theta)
    reflect = torch.diag(FLIP)
    other = {"left": "right", "right": "left"}
    names = ["_".join(other.get(part) or part for part in name.split("_")) for name in joints]
    swapped = [joints.index(name) for name in names]
    expected = reflect @ matrix_from_axis_angle(theta)[:, swapped] @ reflect
    torch.testing.assert_close(matrix_from_axis_angle(mirror(theta, joints)), expected, atol=1e-5, rtol=0)


def test_the_body_of_a_mirrored_pose_is_the_bodys_mirror_image():
    body, theta = load_body(), preset("waving", SMPL_JOINTS)
    ours, theirs = (body.mesh(torch.zeros(10), t).vertices_m for t in (theta, mirror(theta, SMPL_JOINTS)))
    gaps = torch.cdist(ours * FLIP, theirs).amin(1)
    assert gaps.max() < 1e-3


@pytest.mark.parametrize("name", SYMMETRIC)
def test_symmetric_poses_are_their_own_mirror_image(name):
    theta = preset(name, SMPL_JOINTS)
    torch.testing.assert_close(mirror(theta, SMPL_JOINTS), theta, atol=1e-6, rtol=0)


def test_no_part_of_the_body_enters_another_in_any_preset():
    body = load_body()
    parts = BodyParts.of(body)
    for name in PRESETS_DEG:
        inside_pct = parts.penetration_pct(body.mesh(torch.zeros(10), preset(name, SMPL_JOINTS)).vertices_m)
        assert inside_pct < 0.05, name


def test_limbs_are_where_their_names_say():
    x, y, z = 0, 1, 2
    sit = points("sitting")
    assert abs(sit["left_knee"][y] - sit["left_hip"][y]) < 0.06 and sit["left_knee"][z] > 0.2
    assert points("squat")["left_hip"][y] < points("squat")["left_knee"][y] + 0.05
    over = points("handstand")
    assert over["left_wrist"][y] < over["head"][y] < over["pelvis"][y] < over["left_ankle"][y]
    hips = points("hands on hips")
    assert (hips["left_hand"] - hips["left_hip"]).norm() < 0.2
    crossed = points("arms crossed")
    assert crossed["left_hand"][x] < 0 < crossed["right_hand"][x] and crossed["left_hand"][z] > 0.1
    assert points("reaching")["left_wrist"][z] > 0.4
    wave = points("waving")
    assert wave["right_wrist"][y] > wave["head"][y] and wave["left_wrist"][y] < wave["pelvis"][y] + 0.1
    kneel = points("kneeling")
    assert abs(kneel["left_knee"][y] - kneel["left_ankle"][y]) < 0.1
    run = points("running")
    assert run["left_knee"][z] > 0.2 and run["right_ankle"][z] < -0.3


def test_feet_of_grounded_poses_stand_on_the_ground():
    body = load_body()
    for name in ("standing", "sitting", "squat"):
        mesh = body.mesh(torch.zeros(10), preset(name, SMPL_JOINTS))
        ends = [mesh.vertices_m[body.keypoints[f"left_{part}"], 1] for part in ("heel", "big_toe")]
        floor = mesh.vertices_m[:, 1].min()
        assert max(float(end - floor) for end in ends) < 0.06, name


def test_random_poses_keep_facing_ahead():
    for count in (24, 55):
        spread = random_spread_rad(count)
        assert spread.shape == (count, 3) and not spread[0].any() and (spread[1:] > 0).all()
