"""Close looks hold what they are called after, whatever the body and its pose."""

import pytest
import torch

from tests.figures.conftest import JavaScript
from workbench.body import load_body
from workbench.figures.browser_body import joint_names

PARTS = {
    "left hand": (
        "left wrist",
        "left hand",
        "left index",
        "left middle",
        "left ring",
        "left pinky",
        "left thumb",
    ),
    "right hand": ("right wrist", "right hand", "right index", "right middle", "right pinky", "right thumb"),
    "feet": ("left foot", "right foot", "left ankle", "right ankle"),
}


def ball(javascript: JavaScript, part: str, posed, names, selected=None) -> tuple[torch.Tensor, float]:
    skin = {
        "joints": posed.joints_m.tolist(),
        "mesh": {"joints": names, "parents": posed.shaped.model.parents},
    }
    found = javascript("look_at.js", "m.closeUp(...given)", [part, skin, selected])
    return torch.tensor(found["center"]), found["radius"]


@pytest.mark.parametrize("tag", ["open-smpl", "open-smplx"])
def test_a_close_look_holds_its_part_and_little_else(javascript: JavaScript, tag):
    body = load_body(tag)
    names = list(joint_names(body))
    posed = body.with_shape(torch.randn(10)).with_pose(0.3 * torch.randn(body.num_joints, 3))
    vertices = posed.mesh().vertices_m
    heaviest = body.weights.argmax(1)
    for part, joints in PARTS.items():
        center, radius = ball(javascript, part, posed, names)
        own = torch.tensor([names[n].startswith(joints) for n in heaviest.tolist()])
        away = (vertices - center).norm(dim=1)
        assert (away[own] < 1.2 * radius).float().mean() > 0.97
    for side in ("left", "right"):
        center, radius = ball(javascript, f"{side} hand", posed, names)
        assert radius < 0.2
        assert (posed.joints_m[names.index(f"{side} elbow")] - center).norm() > radius


@pytest.mark.parametrize("tag", ["open-smpl", "open-smplx"])
def test_the_face_is_in_the_middle_of_its_look(javascript: JavaScript, tag):
    body = load_body(tag)
    posed = body.with_shape(torch.zeros(10)).with_pose(0.3 * torch.randn(body.num_joints, 3))
    center, radius = ball(javascript, "face", posed, list(joint_names(body)))
    nose = posed.mesh().vertices_m[body.keypoints["nose"]]
    assert (nose - center).norm() < radius


def test_the_chosen_joint_is_the_middle_and_without_one_there_is_no_look(javascript: JavaScript):
    body = load_body()
    posed = body.with_shape(torch.zeros(10)).with_pose(torch.zeros(24, 3))
    center, _ = ball(javascript, "chosen joint", posed, list(joint_names(body)), 5)
    torch.testing.assert_close(center, posed.joints_m[5])
    for part in ("chosen joint", "left hand"):
        empty = {"joints": [], "mesh": {"joints": [], "parents": []}}
        assert javascript("look_at.js", "m.closeUp(...given)", [part, empty]) is None
