"""Sliders are linked to the number they name, and say what is wrong with a name."""

import pytest
import torch

from workbench import lessons
from workbench.figures.widget import BodyView, PlaneView
from workbench.geometry.camera import perspective_camera


@pytest.fixture(scope="module")
def view() -> BodyView:
    return BodyView(betas=[0.5, -9.0])


@pytest.fixture(scope="module")
def plane() -> PlaneView:
    return PlaneView(perspective_camera((300, 400), torch.tensor([0.1, -0.2, 2.5])))


def test_a_slider_begins_where_the_view_is(view, plane):
    assert lessons.beta_slider(view, 0, meaning="height").value == 0.5
    assert lessons.beta_slider(view, 1).value == view.betas[1] == -3.0  # a slider has an end
    assert lessons.turn_slider(view, "left elbow", "y").description == "left elbow y [°]"
    assert lessons.camera_slider(plane, "tz_m", 0.5, 20.0).value == pytest.approx(2.5)
    assert lessons.camera_slider(plane, "tx_m", -1.0, 1.0).value == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("joint", "axis", "told"), [("elbow", "y", "no joint 'elbow'"), ("neck", "w", "axis")]
)
def test_what_is_not_there_is_refused(view, joint: str, axis: str, told: str):
    with pytest.raises(ValueError, match=told):
        lessons.turn_slider(view, joint, axis)


def test_a_camera_has_only_its_own_numbers(plane):
    with pytest.raises(ValueError, match="tz_m"):
        lessons.camera_slider(plane, "zoom", 0.0, 1.0)
