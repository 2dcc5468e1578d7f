"""Hands move the viewer of a 3D view as they mean to: what they point at stays under them."""

import math

import numpy as np
import pytest

from tests.figures.conftest import JavaScript

MODULE = "view_camera.js"
REACH = [9, 9, 9]
EYES = ([0.62, -1.62, 0.3], [1.75, 0.0, 0.12], [0.0, -0.01, 1.75])
PLACES = ([0.0, 0.0], [0.4, 0.3], [-0.6, -0.45])


def standing(eye, center=(0, 0, 0)):
    names = ("x", "y", "z")
    return {"eye": dict(zip(names, eye, strict=True)), "center": dict(zip(names, center, strict=True))}


def parts(camera):
    eye, center = (np.array([camera[name][axis] for axis in "xyz"]) for name in ("eye", "center"))
    return eye, center, float(np.linalg.norm(eye - center))


def axes(camera):
    """To the right, up and back of the picture."""
    eye, center, distance = parts(camera)
    back = (eye - center) / distance
    right = np.cross([0, 0, 1], back)
    right /= np.linalg.norm(right)
    return right, np.cross(back, right), back


def pictured(camera, point):
    """Where a lens of 45 degrees shows a point: right and up of the middle, the picture's height being 1."""
    eye, _, _ = parts(camera)
    right, up, depth = (float(axis @ (point - eye)) for axis in axes(camera))
    return np.array([right, up]) / (-depth * 2 * math.tan(math.pi / 8))


def seen_at(camera, place):
    """The point that is seen at a place of the picture, as deep as the centre."""
    _, center, distance = parts(camera)
    right, up, _ = axes(camera)
    return center + 2 * distance * math.tan(math.pi / 8) * (place[0] * right + place[1] * up)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("place", PLACES)
def test_what_is_pointed_at_stays_while_the_view_comes_closer(javascript: JavaScript, eye, place):
    before = standing(eye, (0.1, -0.05, 0.2))
    given = [before, 0.4, place, REACH]
    after = javascript(MODULE, "m.zoomed(...given)", given)
    assert parts(after)[2] == pytest.approx(0.4 * parts(before)[2])
    np.testing.assert_allclose(pictured(after, seen_at(before, place)), place, atol=1e-9)


@pytest.mark.parametrize("eye", EYES)
def test_the_view_slides_with_the_hand(javascript: JavaScript, eye):
    before = standing(eye)
    after = javascript(MODULE, "m.slid(...given)", [before, [0.2, -0.3], REACH])
    np.testing.assert_allclose(pictured(after, seen_at(before, [0.1, 0.1])), [0.3, -0.2], atol=1e-9)
    np.testing.assert_allclose(axes(after), axes(before), atol=1e-9)


def test_the_body_is_never_lost(javascript: JavaScript):
    reach = [0.5, 0.2, 0.6]
    camera = standing(EYES[0])
    for _ in range(2):
        camera = javascript(MODULE, "m.slid(...given)", [camera, [3, 5], reach])
    assert (np.abs(parts(camera)[1]) <= np.array(reach) + 1e-9).all()
    near, far = (javascript(MODULE, "m.zoomed(...given)", [camera, f, [0, 0], reach]) for f in (1e-6, 1e6))
    assert 0.01 < parts(near)[2] < 0.1 < 2 < parts(far)[2] < 5


def test_an_aimed_view_keeps_its_side_and_shows_the_whole_ball(javascript: JavaScript):
    before = standing(EYES[0])
    center, radius = [0.3, 0.1, -0.2], 0.1
    after = javascript(MODULE, "m.aimedAt(...given)", [before, center, radius])
    np.testing.assert_allclose(axes(after), axes(before), atol=1e-9)
    np.testing.assert_allclose(parts(after)[1], center)
    assert parts(after)[2] * math.sin(math.pi / 8) == pytest.approx(radius)
    front = javascript(MODULE, "m.seenFrom(given, m.STANDPOINTS.Front)", after)
    np.testing.assert_allclose(parts(front)[1], center)
    assert parts(front)[2] == pytest.approx(parts(after)[2])


def test_another_box_leaves_a_view_where_it_was(javascript: JavaScript):
    frames = [{"scale": 0.6, "middle": [0.0, 0.1, 0.2]}, {"scale": 0.25, "middle": [1.0, -0.3, 0.0]}]
    before = standing((0.5, -0.9, 0.1), (0.2, 0.0, 0.3))
    after = javascript(MODULE, "m.reframed(...given)", [before, *frames])
    for old, new in zip(parts(before)[:2], parts(after)[:2], strict=True):
        in_metres = [
            point / frame["scale"] + frame["middle"] for point, frame in zip((old, new), frames, strict=True)
        ]
        np.testing.assert_allclose(*in_metres, atol=1e-9)


@pytest.mark.parametrize("eye", EYES)
@pytest.mark.parametrize("aspect", [0.6, 1.5])
def test_a_look_at_the_whole_holds_every_point_however_near(javascript: JavaScript, eye, aspect: float):
    points = np.random.default_rng(0).uniform(-1, 1, (40, 3)) * (0.5, 1.5, 0.5)
    frame = {"scale": 0.4, "middle": [0.1, -0.2, 0.0]}
    sight = {"clouds": [points.T.tolist()], "frame": frame, "aspect": aspect}
    camera = javascript(MODULE, "m.wholeSeen(...given)", [standing(eye), sight])
    np.testing.assert_allclose(axes(camera), axes(standing(eye)), atol=1e-9)
    for point in (points - frame["middle"]) * frame["scale"]:
        right, up = np.abs(pictured(camera, point))
        assert right < 0.5 * aspect and up < 0.5
    kept = "given.map(([camera, sight]) => m.stillWhole(camera, sight))"
    nearer, farther = (
        {**camera, "eye": {axis: factor * value for axis, value in camera["eye"].items()}}
        for factor in (0.4, 2.5)
    )
    assert javascript(MODULE, kept, [[its, sight] for its in (camera, nearer, farther)]) == [
        True,
        False,
        False,
    ]


def test_straight_from_above_a_view_can_still_be_moved(javascript: JavaScript):
    above = standing([0.3, 0.1, 2], [0.3, 0.1, 0.2])
    frame = {"scale": 0.4, "middle": [0.0, 0.0, 0.0]}
    sight = {"clouds": [[[-1, 1], [-1, 1], [-1, 1]]], "frame": frame, "aspect": 1.5}
    moves = "[m.slid(c, [0.2, 0.1], r), m.zoomed(c, 0.5, [0.2, 0.1], r), m.wholeSeen(c, s)]"
    for moved in javascript(MODULE, f"(([c, r, s]) => {moves})(given)", [above, REACH, sight]):
        assert all(isinstance(value, (int, float)) for point in moved.values() for value in point.values())
        np.testing.assert_allclose(parts(moved)[0][:2], parts(moved)[1][:2], atol=1e-9)  # still from above
