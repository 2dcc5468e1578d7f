"""What the browser gets is what Python has."""

import base64

import numpy as np
import pytest
import torch

from workbench.figures.world import (
    WorldBody,
    display_bounds_m,
    quantised,
    to_display,
    topology,
    world,
)
from workbench.geometry import Camera


def decoded(body: dict) -> torch.Tensor:
    """The vertices as body_view.js reads them."""
    steps = np.frombuffer(base64.b64decode(body["vertices"]), "<u2").reshape(-1, 3)
    return torch.tensor(steps.astype(np.float64) * body["step"] + body["low"])


def some_body(scale_m: float = 1.0) -> WorldBody:
    return WorldBody("one", scale_m * torch.randn(500, 3), torch.randn(24, 3), "tag")


def test_vertices_survive_the_way_to_the_browser():
    body = some_body()
    sent = decoded(world([body], "body")["bodies"][0])
    expected = to_display(body.vertices_m, "body").double()
    step = (expected.amax(0) - expected.amin(0)) / 65535
    assert ((sent - expected).abs() <= step * 0.51 + 1e-6).all()


def test_a_flat_body_does_not_divide_by_zero():
    flat = WorldBody("flat", torch.zeros(10, 3), torch.zeros(24, 3), "tag")
    assert decoded(world([flat], "camera")["bodies"][0]).abs().max() < 1e-3


def test_both_frames_show_the_same_body_the_same_way_round():
    """A body facing the camera looks alike in either frame: they differ by half a turn about x."""
    in_body = torch.randn(20, 3)
    in_camera = in_body * torch.tensor([1.0, -1.0, -1.0])
    torch.testing.assert_close(to_display(in_body, "body"), to_display(in_camera, "camera"))


@pytest.mark.parametrize("frame", ["body", "camera"])
def test_display_axes_are_a_rotation(frame):
    matrix = to_display(torch.eye(3), frame).T
    torch.testing.assert_close(matrix @ matrix.T, torch.eye(3))
    assert torch.linalg.det(matrix) == pytest.approx(1)


def test_bounds_hold_every_body():
    bodies = [some_body(), some_body(2.0)]
    low, high = display_bounds_m(bodies, "camera", margin_m=0.1)
    points = torch.cat([to_display(body.vertices_m, "camera") for body in bodies])
    assert (points > low).all()
    assert (points < high).all()


def test_an_empty_world_still_has_bounds():
    empty = world([], "camera")
    assert empty["bodies"] == []
    assert np.isfinite(empty["bounds"]).all()


def test_frustum_corners_project_to_the_corners_of_the_picture():
    camera = Camera("perspective", 700.0, (310.0, 250.0), (480, 640), torch.tensor([0.3, -0.2, 2.5]))
    corners = torch.tensor(world([], "camera", camera=camera)["camera"]["corners"])
    in_camera = torch.stack((corners[:, 0], -corners[:, 2], corners[:, 1]), dim=1)
    pixels = camera.project(in_camera - camera.t_camera_body_m)
    expected = torch.tensor([[0.0, 0.0], [640.0, 0.0], [640.0, 480.0], [0.0, 480.0]])
    torch.testing.assert_close(pixels, expected, atol=0.1, rtol=0)


def test_rays_of_an_orthographic_camera_are_parallel():
    camera = Camera("orthographic", 200.0, (240.0, 240.0), (480, 480), torch.tensor([0.0, 0.0, 3.0]))
    drawn = world([], "camera", camera=camera)["camera"]
    rays = torch.tensor(drawn["corners"]) - torch.tensor(drawn["starts"])
    torch.testing.assert_close(rays, rays[:1].expand(4, 3))


def test_quantised_points_come_back():
    points_m = torch.randn(500, 3)
    sent = quantised(points_m)
    steps = np.frombuffer(base64.b64decode(sent["points"]), "<u2").reshape(3, -1).T.astype(np.float64)
    again = sent["low"] + steps * sent["step"]
    assert np.abs(again - points_m.numpy()).max() <= 0.5001 * max(sent["step"])


def test_faces_survive_the_way_to_the_browser():
    faces = torch.randint(0, 6890, (100, 3))
    sent = topology(faces, (-1, 0), ("pelvis", "spine"))
    steps = np.frombuffer(base64.b64decode(sent["faces"]), "<u2").reshape(-1, 3)
    assert (steps == faces.numpy()).all()


def test_a_mesh_too_large_for_16_bits_is_refused():
    with pytest.raises(ValueError, match="65536"):
        topology(torch.tensor([[0, 1, 70000]]), (-1,), ("pelvis",))
