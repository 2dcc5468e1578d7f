"""Still pictures and curves: every body is in the picture, at one scale, in its own colours."""

import numpy as np
import pytest
import torch

from workbench.body import load_body
from workbench.figures.curves import curves
from workbench.figures.still import Still, gallery, heat


@pytest.fixture(scope="module")
def body():
    return load_body("open-smpl")


def heights_px(picture, panels: int) -> list[int]:
    pixels = np.asarray(picture.convert("L"))[:300]
    width = pixels.shape[1] // panels
    columns = (pixels[:, n * width : (n + 1) * width] < 240 for n in range(panels))
    return [int(part.any(axis=1).sum()) for part in columns]


def test_all_bodies_are_drawn_at_one_scale_on_one_floor(body):
    half = Still("half", body.v_template / 2, body.faces)
    picture = gallery([Still("whole", body.v_template, body.faces), half], 300)
    whole, smaller = heights_px(picture, 2)
    assert whole == pytest.approx(2 * smaller, abs=3)
    assert 260 < whole <= 300
    rows = np.flatnonzero((np.asarray(picture.convert("L"))[:300] < 240).any(axis=1))
    assert rows[-1] == pytest.approx(300 - rows[0], abs=12)  # as much room above as below


def test_rows_and_columns(body):
    stills = [Still(str(n), body.v_template, body.faces) for n in range(3)]
    row, square = gallery(stills, 100), gallery(stills, 100, columns=2)
    assert square.width == pytest.approx(row.width * 2 / 3, abs=2)
    assert square.height == 2 * row.height


def test_a_side_view_is_narrower_and_joints_are_drawn(body):
    front, side = (
        gallery([Still("", body.v_template, body.faces, turn_rad=a)], 200) for a in (0.0, np.pi / 2)
    )
    assert side.width < front.width / 2
    joints = Still("", body.v_template, body.faces, joints_m=body.joint_template, parents=body.parents)
    orange = (np.asarray(gallery([joints], 200)) == (249, 115, 22)).all(axis=2)
    assert orange.sum() > 200


def test_from_its_left_the_body_looks_to_the_pictures_left(body):
    """Going round to the body's left side, its front (z) points to the viewer's left."""
    arrow = torch.tensor([[0.0, 0.0, 0.0], [0.0, 0.1, 0.0], [0.0, 0.1, 1.0]])
    faces = torch.tensor([[0, 1, 2], [0, 2, 1]])
    still = Still("", arrow, faces, joints_m=arrow[2:], parents=(-1,), turn_rad=np.pi / 2)
    picture = np.asarray(gallery([still], 200))
    columns = np.flatnonzero((picture == (249, 115, 22)).all(axis=2).any(axis=0))
    assert columns.max() < picture.shape[1] / 2


def test_a_long_title_makes_room_for_itself(body):
    narrow = Still("", body.v_template, body.faces, turn_rad=np.pi / 2)
    titled = Still("a title that is wider than the body", body.v_template, body.faces, turn_rad=np.pi / 2)
    assert gallery([titled], 100).width > 2 * gallery([narrow], 100).width


def test_no_body_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        gallery([])


def test_heat_goes_from_blue_to_yellow():
    colors = heat(torch.tensor([0.0, 0.5, 1.0, 2.0]), 1.0)
    assert colors.shape == (4, 3)
    assert colors[0, 2] > colors[0, 0] and colors[2, 0] > colors[2, 2]
    torch.testing.assert_close(colors[2], colors[3])
    assert bool(torch.isfinite(heat(torch.zeros(3))).all())


def test_curves_keep_their_values_and_refuse_odd_lengths():
    figure = curves([1.0, 2.0], {"a": [3.0, 4.0]}, "x", "y", logarithmic=True, mark=(1.2, "here"))
    assert figure.to_dict()["data"][0]["y"] == [3.0, 4.0]
    assert figure.layout.xaxis.type == "log"
    with pytest.raises(ValueError, match="Line 'a' must have 2 values"):
        curves([1.0, 2.0], {"a": [3.0]}, "x", "y")
