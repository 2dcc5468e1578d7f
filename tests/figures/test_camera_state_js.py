"""What the Camera lab's controls do, and the projection gap, run by Node."""

import math
from itertools import pairwise
from typing import Any

import pytest
import torch

from tests.figures.conftest import JavaScript
from workbench.figures.camera_lab import camera_data, camera_from
from workbench.geometry import Camera

STATE = "camera_state.js"
TZ_M = (0.4, 0.7, 1.2, 3.0, 20.0)


def changed(javascript: JavaScript, steps: str, **given: Any) -> dict[str, Any]:
    """The first state after `steps`, an expression of the state `s`."""
    return javascript(STATE, f"((s) => {steps})({{ ...m.firstState(), ...given }})", given)


def camera_of(state: dict[str, Any]) -> Camera:
    return camera_from(state["camera"])


@pytest.fixture(scope="module")
def points() -> torch.Tensor:
    """A body's worth of points, half a metre deep, about its origin."""
    return torch.randn(300, 3).clamp(-2, 2) * torch.tensor([0.3, 0.8, 0.15])


def columns(points: torch.Tensor) -> list[float]:
    return points.T.flatten().tolist()


@pytest.mark.parametrize("tz_m", TZ_M)
def test_the_dolly_zoom_keeps_f_over_tz(javascript: JavaScript, tz_m: float):
    first = camera_of(changed(javascript, "s"))
    moved = camera_of(changed(javascript, f"m.withTz({{ ...s, locked: true }}, {tz_m})"))
    assert moved.focal_px / moved.tz_m == pytest.approx(first.focal_px / first.tz_m, rel=1e-6)
    assert moved.tz_m == pytest.approx(tz_m, rel=1e-5)


def test_without_the_lock_the_other_number_stays(javascript: JavaScript):
    first = camera_of(changed(javascript, "s"))
    assert camera_of(changed(javascript, "m.withTz(s, 5)")).focal_px == pytest.approx(first.focal_px)
    assert camera_of(changed(javascript, "m.withFocalPx(s, 500)")).tz_m == pytest.approx(first.tz_m)


@pytest.mark.parametrize(
    "step", ["m.withTz(s, 20)", "m.withTz(s, 0.4)", "m.withFocalPx(s, 1e9)", "m.withFocalPx(s, 1)"]
)
@pytest.mark.parametrize("focal_px", [120.0, 30000.0])
def test_the_lock_never_leaves_the_limits(javascript: JavaScript, step: str, focal_px: float):
    camera = camera_of(
        changed(javascript, f"((s) => {step})({{ ...m.withFocalPx(s, {focal_px}), locked: true }})")
    )
    low, high = javascript(STATE, "m.focalLimits(given)", list(camera.size_hw))
    assert low * 0.999 <= camera.focal_px <= high * 1.001
    assert 0.399 <= camera.tz_m <= 20.001


def test_a_new_size_keeps_the_lens_or_the_focal_length_as_asked(javascript: JavaScript):
    first = camera_of(changed(javascript, "s"))
    lens = camera_of(changed(javascript, "m.withSize(s, [400, 300])", keep="lens"))
    focal = camera_of(changed(javascript, "m.withSize(s, [400, 300])", keep="focal"))
    assert lens.focal_mm == pytest.approx(first.focal_mm)
    assert focal.focal_px == pytest.approx(first.focal_px)
    assert lens.size_hw == focal.size_hw == (400, 300) and lens.center_px == (150, 200)


def test_units_agree_with_each_other_and_with_python(javascript: JavaScript):
    state = changed(javascript, "m.withFocalPx(s, 777)")
    camera = camera_of(state)
    units = "Object.fromEntries(Object.entries(m.LENS_UNITS).map(([name, unit]) => [name, unit.of(given)]))"
    shown = javascript(STATE, units, state["camera"])
    expected = {"px": 777, "mm": camera.focal_mm, "degrees": math.degrees(camera.fov_rad)}
    assert shown == pytest.approx(expected)
    for name, value in shown.items():
        back = javascript(STATE, f"m.LENS_UNITS.{name}.focal(given, {list(camera.size_hw)})", value)
        assert back == pytest.approx(777)


def test_the_orthographic_scale_follows_or_is_free(javascript: JavaScript):
    def scale_after(steps: str) -> float:
        return changed(javascript, f"m.cameraOf({steps}, 'orthographic')")["focal_px"]

    assert scale_after("m.withTz(s, 4)") == pytest.approx(scale_after("s") / 2)
    assert scale_after("m.withTz(m.withScale(s, 123), 4)") == 123
    assert scale_after("m.withScale(m.withScale(s, 123), null)") == scale_after("s")


def test_centring_puts_the_body_on_the_axis(javascript: JavaScript, points: torch.Tensor):
    camera = camera_of(
        changed(javascript, "m.centred(s, Float32Array.from(given.points))", points=columns(points))
    )
    placed = camera.to_camera_m(points)
    middle = (placed.amin(0) + placed.amax(0)) / 2
    assert middle[:2].abs().max() < 1e-5


def test_looking_through_a_camera_ends_with_the_next_change_of_camera(javascript: JavaScript):
    look = "m.throughCamera(s, 'SPIN', { ...s.camera, focal_px: 5000 })"
    first, seen = changed(javascript, "s"), changed(javascript, look)
    assert seen["camera"]["focal_px"] == 5000 and seen["through"]["name"] == "SPIN"
    assert changed(javascript, f"m.ownCamera({look})") == first["camera"]
    twice = look.replace("(s,", f"({look},").replace("SPIN', { ...s", "CLIFF', { ...s")
    assert changed(javascript, f"m.ownCamera({twice})") == first["camera"]
    back = changed(javascript, f"m.backFromThrough({look})")
    assert {**first, "limits": None} == {**back, "limits": None}

    def through_after(step: str) -> Any:
        return changed(javascript, f"((n) => m.afterChange(n, {step}))({look})")["through"]

    assert through_after("{ ...n, joints: true }")["name"] == "SPIN"
    assert through_after("m.withTz(n, 3)") is None
    moved = "m.withBox(n, { center_px: [9, 9], side_px: 90 })"  # a crop of the own picture
    assert through_after(moved)["before"]["camera"] == first["camera"]
    assert through_after("({ camera: n.camera })") is None


@pytest.mark.parametrize("kind", ["perspective", "weak", "orthographic"])
@pytest.mark.parametrize(("tx", "seen"), [(0.0, True), (1.0, True), (3.0, False), (-3.0, False)])
def test_whether_a_body_is_in_the_picture(
    javascript: JavaScript, points: torch.Tensor, kind: Any, tx: float, seen: bool
):
    camera = Camera("perspective", 320.0, (320.0, 240.0), (480, 640), torch.tensor([tx, 0.0, 1.2]))
    given = {"points": columns(points), "camera": camera_data(camera.as_kind(kind))}
    corners = "[0, 1, 2].map((corner) => Array.from({ length: 100 }, (_, n) => 3 * n + corner))"
    made = f"m.inPicture(given.camera, Float32Array.from(given.points), {corners})"
    assert javascript("camera_numbers.js", made, given) is seen


def test_a_triangle_around_the_whole_picture_is_in_it(javascript: JavaScript):
    camera = Camera("perspective", 100.0, (50.0, 50.0), (100, 100), torch.tensor([0.0, 0.0, 1.0]))
    points = torch.tensor([[-9.0, -9.0, 0.0], [9.0, -9.0, 0.0], [0.0, 9.0, 0.0]])
    call = "m.inPicture(given.camera, Float32Array.from(given.points), [[0], [1], [2]])"
    given = {"points": columns(points), "camera": camera_data(camera)}
    assert javascript("camera_numbers.js", call, given) is True
    behind = given | {"points": columns(points - torch.tensor([0.0, 0.0, 2.0]))}
    assert javascript("camera_numbers.js", call, behind) is False


def test_the_crop_holds_the_body_with_its_margin(javascript: JavaScript):
    xy = torch.rand(50, 2) * 300
    box = javascript(STATE, "m.boxAround(Float64Array.from(given))", xy.T.flatten().tolist())
    extent = xy.amax(0) - xy.amin(0)
    assert box["side_px"] == pytest.approx(1.2 * float(extent.max()), rel=1e-5)
    assert box["center_px"] == pytest.approx(((xy.amin(0) + xy.amax(0)) / 2).tolist(), rel=1e-4)


def test_a_camera_from_far_away_widens_the_limits(javascript: JavaScript):
    far = Camera("perspective", 90000.0, (500.0, 300.0), (600, 1000), torch.tensor([3.0, 0.0, 120.0]))
    limits = javascript(STATE, "m.limitsAround(given)", camera_data(far))
    assert limits["tz"] == [0.4, 120] and limits["mm"][1] == pytest.approx(far.focal_mm)
    assert limits["aside"] == [-2, 3]


def test_an_orthographic_camera_has_limits_too(javascript: JavaScript):
    flat = Camera("orthographic", 5.0, (500.0, 300.0), (600, 1000), torch.tensor([0.0, 0.0, 30.0]))
    limits = javascript(STATE, "m.limitsAround(given)", camera_data(flat))
    assert limits["tz"][1] == 30 and limits["scale"] == [5, 4000]


@pytest.mark.parametrize(
    "broken",
    [
        None,
        {},
        {"focal_px": None},
        {"focal_px": -5},
        {"size_hw": [0, 10]},
        {"size_hw": [10]},
        {"center_px": ["a", 1]},
        {"t_camera_body_m": [0, 0, 0]},
        {"t_camera_body_m": [0, 0, 1, 1]},
        {"kind": "fisheye"},
    ],
)
def test_a_camera_from_outside_is_checked(javascript: JavaScript, broken: dict[str, Any] | None):
    good = changed(javascript, "s")["camera"]
    assert javascript(STATE, "m.checkedCamera(given)", good) == good
    given = broken if not broken else {**good, **broken}
    said = javascript(
        STATE, "(() => { try { m.checkedCamera(given); } catch (e) { return e.message; } })()", given
    )
    assert said and "camera" in said


@pytest.mark.parametrize("tz_m", TZ_M[1:])
def test_the_curve_is_the_gap_between_the_two_pictures(
    javascript: JavaScript, points: torch.Tensor, tz_m: float
):
    """Its formula against the cameras themselves, in Python."""
    camera = Camera("perspective", 400 * tz_m, (0.0, 0.0), (480, 640), torch.tensor([0.2, -0.1, tz_m]))
    gaps = (camera.project(points) - camera.as_kind("weak").project(points)).norm(dim=1)
    curve = javascript(
        "gap.js",
        f"m.gapCurve(Float32Array.from(given.points), given.camera, [{tz_m}, {2 * tz_m}])[0]",
        {"points": columns(points), "camera": camera_data(camera)},
    )
    assert curve["tz"] == pytest.approx(tz_m)
    assert curve["mean"] == pytest.approx(float(gaps.mean()), rel=1e-3)
    assert curve["most"] == pytest.approx(float(gaps.max()), rel=1e-3)


def test_the_gap_falls_with_distance_and_not_with_the_lens(javascript: JavaScript, points: torch.Tensor):
    curves = [
        javascript(
            "gap.js",
            "m.gapCurve(Float32Array.from(given.points), given.camera, [0.8, 20]).map(({ mean }) => mean)",
            {
                "points": columns(points),
                "camera": camera_data(
                    Camera("perspective", f, (0.0, 0.0), (9, 9), torch.tensor([0.0, 0.0, tz]))
                ),
            },
        )
        for f, tz in ((300.0, 1.0), (3000.0, 10.0))
    ]
    assert curves[0] == pytest.approx(curves[1])
    assert all(near > far for near, far in pairwise(curves[0]))


def test_points_at_or_behind_the_lens_have_no_gap(javascript: JavaScript):
    points = torch.tensor([[0.1, 0.2, -1.0], [0.1, 0.2, -0.95], [0.1, 0.2, 0.3]])
    camera = camera_data(Camera("perspective", 100.0, (0.0, 0.0), (9, 9), torch.tensor([0.0, 0.0, 1.0])))
    found = javascript(
        "gap.js",
        "((gaps) => [Array.from(gaps, Number.isNaN), m.meanAndMost(gaps).count])"
        "(m.gaps(given.camera, { ...given.camera, kind: 'weak' }, Float32Array.from(given.points)))",
        {"points": columns(points), "camera": camera},
    )
    assert found == [[True, True, False], 1]
