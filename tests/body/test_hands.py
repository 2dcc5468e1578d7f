"""Hand poses from principal components, on the open body in SMPL-X format."""

import pytest
import torch

from workbench.body import BodyModel, load_body
from workbench.body.hands import hand_pose
from workbench.body.joints import SMPLX_JOINTS, mirror_ids

FIST, THUMB, POINT, SPREAD = range(4)


@pytest.fixture(scope="module")
def body() -> BodyModel:
    return load_body("open-smplx")


def posed(body: BodyModel, **amounts: float):
    """The vertices with both hands moved along named components, from the mean pose."""
    names = ("fist", "thumb", "point", "spread")
    coefficients = torch.tensor([amounts.get(name, 0.0) for name in names]).expand(2, -1)
    theta = torch.zeros(55, 3)
    theta[25:] = hand_pose(body, coefficients)
    return body.mesh(torch.zeros(10), theta)


def test_no_coefficients_are_the_mean_hands(body):
    for coefficients in (torch.zeros(4, 2, 6), torch.zeros(4, 2, 0)):
        pose = hand_pose(body, coefficients)
        assert pose.shape == (4, 30, 3)
        torch.testing.assert_close(pose.reshape(4, 2, 45), body.hand_means.expand(4, -1, -1))


def test_components_are_orthonormal_so_that_any_pose_has_coefficients(body):
    components = body.hand_components
    eye = torch.eye(45).expand(2, -1, -1)
    torch.testing.assert_close(components @ components.mT, eye, atol=1e-6, rtol=0)
    wanted = torch.randn(2, 45)
    coefficients = ((wanted - body.hand_means).unsqueeze(1) @ components.mT).squeeze(1)
    torch.testing.assert_close(hand_pose(body, coefficients).reshape(2, 45), wanted, atol=1e-5, rtol=0)


def test_equal_coefficients_are_mirrored_hands(body):
    pose = hand_pose(body, torch.randn(45).expand(2, -1))
    other = [i - 25 for i in mirror_ids(SMPLX_JOINTS)[25:]]
    torch.testing.assert_close(pose[other] * torch.tensor([1.0, -1, -1]), pose)


def test_each_movement_does_what_it_is_called(body):
    def tip_to_wrist(mesh, finger):
        tip, wrist = mesh.vertices_m[body.keypoints[f"left_{finger}_tip"]], mesh.joints_m[20]
        return float((tip - wrist).norm())

    rest, fist, point = posed(body), posed(body, fist=3), posed(body, fist=2.7, point=1.9)
    for finger in ("index", "middle", "ring", "pinky"):
        assert tip_to_wrist(fist, finger) < 0.75 * tip_to_wrist(rest, finger)
    assert tip_to_wrist(point, "index") > tip_to_wrist(rest, "index")
    assert tip_to_wrist(point, "middle") < 0.75 * tip_to_wrist(rest, "middle")
    ends = [body.keypoints[f"left_{finger}_tip"] for finger in ("index", "pinky")]
    widths = [
        float((m.vertices_m[ends[0]] - m.vertices_m[ends[1]]).norm()) for m in (rest, posed(body, spread=0.6))
    ]
    assert widths[1] > 1.3 * widths[0]


def test_what_has_no_hands_or_too_few_components_says_so(body, toy):
    with pytest.raises(ValueError, match="open-smplx"):
        hand_pose(toy, torch.zeros(2, 6))
    with pytest.raises(ValueError, match="at most 45"):
        hand_pose(body, torch.zeros(2, 46))
