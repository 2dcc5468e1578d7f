"""What Python answers to the Camera lab."""

import copy
import math
from typing import Any

import pytest
import torch

from workbench.figures.camera_lab import camera_code, camera_data, camera_from, camera_table, config
from workbench.figures.served_bodies import ServedBodies
from workbench.geometry import Camera


def question(**changes: Any) -> dict[str, Any]:
    camera = Camera("perspective", 900.0, (500.0, 310.0), (640, 960), torch.tensor([0.3, -0.2, 2.5]))
    asked = {
        "camera": camera_data(camera),
        "kind": "perspective",
        "scale": None,
        "box": {"center_px": [600.0, 250.0], "side_px": 420.0},
        "pelvis_z_m": 0.04,
    }
    return copy.deepcopy(asked) | changes


def cameras(asked: dict[str, Any]) -> dict[str, Camera]:
    return {row["name"]: camera_from(row["camera"]) for row in camera_table(asked)["rows"]}


def test_every_method_draws_the_same_weak_picture_from_another_distance():
    asked, points = question(), torch.randn(100, 3) * 0.4
    expected = camera_from(asked["camera"]).as_kind("weak").project(points)
    made = cameras(asked)
    assert list(made) == ["HMR'18", "SPIN", "HMR2.0", "CLIFF", "ROMP", "BLADE"]
    for camera in made.values():
        torch.testing.assert_close(camera.as_kind("weak").project(points), expected, rtol=1e-4, atol=1e-2)
    assert made["SPIN"].tz_m > 5 * made["CLIFF"].tz_m
    assert made["BLADE"].tz_m == pytest.approx(2.5)


def test_another_crop_moves_crop_cameras_but_not_the_cameras_of_the_whole_photo():
    before = cameras(question())
    after = cameras(question(box={"center_px": [400.0, 300.0], "side_px": 300.0}))
    for name in ("HMR2.0", "CLIFF", "ROMP", "BLADE"):
        torch.testing.assert_close(
            before[name].t_camera_body_m, after[name].t_camera_body_m, rtol=1e-4, atol=1e-4
        )
    for name in ("HMR'18", "SPIN"):
        assert before[name].center_px != after[name].center_px


def test_a_pelvis_behind_the_lens_leaves_blade_out():
    assert "BLADE" not in cameras(question(pelvis_z_m=-2.6))


@pytest.mark.parametrize("kind", ["perspective", "weak", "orthographic"])
@pytest.mark.parametrize("scale", [None, 123.0])
def test_the_copied_code_makes_the_shaded_camera(kind: Any, scale: float | None):
    asked = question(kind=kind, scale=scale)
    names: dict[str, Any] = {}
    exec(camera_table(asked)["python"], names)
    made: Camera = names["camera"]
    assert made.kind == kind
    expected = camera_from(asked["camera"]).as_kind(kind)
    if kind == "orthographic" and scale:
        expected = expected.with_focal(scale)
    points = torch.randn(20, 3) * 0.3
    torch.testing.assert_close(made.project(points), expected.project(points), atol=0.1, rtol=0)


def test_a_camera_survives_the_way_to_the_page_and_back():
    camera = camera_from(question()["camera"])
    again = camera_from(camera_data(camera))
    assert camera_data(again) == camera_data(camera)
    assert camera_code(again) == camera_code(camera)


BROKEN = [
    {},
    [],
    None,
    question(camera=None),
    question(kind="fisheye"),
    question(scale=-1.0, kind="orthographic"),
    question(scale=math.nan, kind="orthographic"),
    question(box={"center_px": [0, 0]}),
    question(box={"center_px": [0, 0], "side_px": 0}),
    question(box={"center_px": [math.inf, 0], "side_px": 100}),
    question(pelvis_z_m="deep"),
    question(camera=question()["camera"] | {"focal_px": math.nan}),
    question(camera=question()["camera"] | {"focal_px": 10**400}),
    question(camera=question()["camera"] | {"size_hw": [640]}),
    question(camera=question()["camera"] | {"size_hw": [640.5, 960]}),
    question(camera=question()["camera"] | {"t_camera_body_m": [0, 0, -1]}),
    question(camera=question()["camera"] | {"center_px": "middle"}),
]


@pytest.mark.parametrize("broken", BROKEN)
def test_anything_else_is_refused_in_words(broken: Any):
    with pytest.raises(ValueError, match=r"must|has no|is perspective|is \w+,"):
        camera_table(broken)


def test_the_configuration_has_bodies_presets_and_a_first_person():
    made = config(ServedBodies(loopback=False).entries())
    joints = made["bodies"][0]["joints"]
    assert next(iter(made["presets"])) == made["first"]
    assert all(len(pose["theta"]) == len(joints) for pose in made["presets"].values())
    assert made["person"]["body"] == made["bodies"][0]["tag"]
