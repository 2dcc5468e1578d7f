"""The capsule figure: distances, its fit to the skin, what counts as inside."""

import roma
import torch

from workbench.body.joints import SMPL_JOINTS
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.anatomy import Arm, KeyPose, Leg, both, rotations_of
from workbench.synth.compiled import mirror_pose
from workbench.synth.figure import CONTACTS, NAMES, open_figure, segment_distance

FIGURE = open_figure()
REST = torch.eye(3).expand(1, 24, 3, 3)


def ends_of(pose: KeyPose) -> torch.Tensor:
    return FIGURE.ends(FIGURE.posed(torch.from_numpy(rotations_of(pose)).float()[None]))


def test_segment_distance_is_the_least_over_all_points() -> None:
    a, b = torch.randn(200, 2, 3), torch.randn(200, 2, 3)
    a[0, 1] = a[0, 0]  # a point
    b[1] = a[1] + torch.tensor([0.0, 0, 1])  # parallel
    share = torch.linspace(0, 1, 101)[:, None]
    on_a, on_b = (s[:, None, 0] + share * (s[:, None, 1] - s[:, None, 0]) for s in (a, b))
    brute = torch.cdist(on_a, on_b).flatten(1).amin(1)
    found = segment_distance(a, b)
    assert (found <= brute + 1e-4).all()
    torch.testing.assert_close(found, brute, atol=0.05, rtol=0)


def test_joints_are_where_the_body_has_them() -> None:
    rotations = roma.random_rotmat((5, 24))
    posed = FIGURE.body.with_shape(torch.zeros(0)).with_rotations(rotations)
    found = FIGURE.posed(rotations)
    torch.testing.assert_close(found.joints_m, posed.joints_m, atol=1e-5, rtol=0)
    torch.testing.assert_close(found.rotations, posed.rotations, atol=1e-5, rtol=0)


def test_segments_that_cross_touch() -> None:
    a = torch.tensor([[-1.0, 0, 0], [1, 0, 0]])
    b = torch.tensor([[0.0, -1, 0], [0, 1, 0]])
    assert segment_distance(a, b) < 1e-4


def test_capsules_lie_in_the_skin_and_fill_it() -> None:
    ends, body = FIGURE.ends(FIGURE.posed(REST))[0], FIGURE.body
    count = len(body.v_template)
    point = body.v_template[:, None, None].expand(-1, len(NAMES), 2, 3)
    to_axis = segment_distance(point, ends.expand(count, -1, -1, -1))
    beyond = (to_axis - FIGURE.radius_m).amin(1)
    assert beyond.median().abs() < 0.01
    assert beyond.quantile(0.95) < 0.06
    assert beyond.quantile(0.05) > -0.05


def test_the_figure_is_symmetric() -> None:
    pose = matrix_from_axis_angle(0.5 * torch.randn(1, 24, 3))
    one, other = (FIGURE.ends(FIGURE.posed(p)) for p in (pose, mirror_pose(pose)))
    mirrored = FIGURE.center_of_mass(other) * torch.tensor([-1.0, 1, 1])
    torch.testing.assert_close(FIGURE.center_of_mass(one), mirrored, atol=2e-3, rtol=0)
    deepest = [FIGURE.overlap_m(ends).amax(-1) for ends in (one, other)]
    torch.testing.assert_close(*deepest, atol=3e-3, rtol=0)


def test_nobody_penetrates_at_rest_or_with_hanging_arms() -> None:
    assert not FIGURE.penetrates(FIGURE.ends(FIGURE.posed(REST))).any()
    assert not FIGURE.penetrates(ends_of(KeyPose("standing"))).any()


def test_a_t_pose_with_hands_through_the_chest_is_refused() -> None:
    pose = REST.clone()
    elbows = [SMPL_JOINTS.index("left_elbow"), SMPL_JOINTS.index("right_elbow")]
    shoulders = [SMPL_JOINTS.index("left_shoulder"), SMPL_JOINTS.index("right_shoulder")]
    pose[:, elbows] = matrix_from_axis_angle(torch.tensor([[0.0, -2.2, 0], [0.0, 2.2, 0]]))
    assert not FIGURE.penetrates(FIGURE.ends(FIGURE.posed(pose))).any()  # hands before the shoulders
    pose[:, shoulders] = matrix_from_axis_angle(torch.tensor([[0.0, 0, -0.6], [0.0, 0, 0.6]]))
    pose[:, elbows] = matrix_from_axis_angle(torch.tensor([[0.0, -3.0, 0], [0.0, 3.0, 0]]))
    assert FIGURE.penetrates(FIGURE.ends(FIGURE.posed(pose))).all()
    arm = Arm(lift=20, plane=20, turn=100, elbow=100)
    assert FIGURE.penetrates(ends_of(KeyPose("hands in the belly", arms=both(arm)))).all()


def test_legs_through_each_other_are_refused() -> None:
    assert FIGURE.penetrates(ends_of(KeyPose("crossed through", legs=both(Leg(out=-14))))).all()


def test_the_center_of_mass_is_in_the_pelvis_of_somebody_who_stands() -> None:
    ends = ends_of(KeyPose("standing"))
    center = FIGURE.center_of_mass(ends)[0]
    pelvis = FIGURE.posed(REST).joints_m[0, 0]
    assert center[0].abs() < 1e-3
    assert (center - pelvis).norm() < 0.15
    assert FIGURE.mass.sum().isclose(torch.tensor(1.0))


def test_contacts_are_ends_of_capsules() -> None:
    ids = [i for contact in CONTACTS.values() for i in contact]
    assert min(ids) >= 0
    assert max(ids) < 2 * len(NAMES)
