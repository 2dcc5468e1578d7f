"""The browser's cameras are Python's."""

import math
from collections.abc import Iterator
from typing import Any, get_args

import pytest
import torch
from playwright.sync_api import Browser, Page

from tests.browser.blank import blank_page
from workbench.geometry import Camera
from workbench.geometry.camera import Projection, focal_px_from_mm

pytestmark = pytest.mark.browser

KINDS: tuple[Projection, ...] = get_args(Projection)
CALL = "async ([name, given]) => (await import('/cameras.js'))[name](...given)"


@pytest.fixture(scope="module")
def js(browser: Browser) -> Iterator[Page]:
    """A page to call functions of cameras.js in."""
    with blank_page(browser, {"width": 400, "height": 300}) as page:
        yield page


def call(page: Page, name: str, *given: Any) -> Any:
    return page.evaluate(CALL, [name, given])


def random_camera(kind: Projection) -> Camera:
    focal = float(torch.rand(())) * 900 + 100
    t = torch.tensor([0.3, -0.2, 1.0]) * torch.randn(3) + torch.tensor([0.0, 0.0, 4.0])
    return Camera(kind, focal, (310.5, 77.25), (480, 640), t)


def plain(camera: Camera) -> dict[str, Any]:
    return {**vars(camera), "t_camera_body_m": camera.t_camera_body_m.tolist()}


def camera_of(data: dict[str, Any]) -> Camera:
    return Camera(
        data["kind"],
        float(data["focal_px"]),
        (float(data["center_px"][0]), float(data["center_px"][1])),
        (data["size_hw"][0], data["size_hw"][1]),
        torch.tensor([float(v) for v in data["t_camera_body_m"]]),
    )


def same(a: Camera, b: Camera) -> bool:
    torch.testing.assert_close(a.t_camera_body_m, b.t_camera_body_m)
    return a.kind == b.kind and a.focal_px == pytest.approx(b.focal_px) and a.size_hw == b.size_hw


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("tz_m", [-0.5, 0.4, 1.2, 5.0, 20.0])
def test_projects_as_python_does_even_behind_the_lens(js: Page, kind: Projection, tz_m: float):
    camera = random_camera(kind)
    camera.t_camera_body_m[2] = tz_m
    points = torch.randn(200, 3)
    flat = js.evaluate(
        "async ([camera, points]) => Array.from("
        "(await import('/cameras.js')).project(camera, Float32Array.from(points)))",
        [plain(camera), points.T.flatten().tolist()],
    )
    torch.testing.assert_close(
        torch.tensor(flat).reshape(2, -1).T, camera.project(points), rtol=1e-4, atol=1e-2
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_changes_the_projection_as_python_does(js: Page, kind: Projection, other: Projection):
    camera = random_camera(kind)
    assert same(camera_of(call(js, "asKind", plain(camera), other)), camera.as_kind(other))


@pytest.mark.parametrize("keep_size", [False, True])
def test_zooms_as_python_does(js: Page, keep_size: bool):
    camera = random_camera("perspective")
    assert same(
        camera_of(call(js, "withFocal", plain(camera), 333.0, keep_size)), camera.with_focal(333.0, keep_size)
    )


def test_lenses_in_pixels_millimetres_and_degrees_agree_with_python_and_each_other(js: Page):
    camera = random_camera("perspective")
    mm, degrees = call(js, "focalMm", plain(camera)), call(js, "fovDegrees", plain(camera))
    assert mm == pytest.approx(camera.focal_mm)
    assert degrees == pytest.approx(math.degrees(camera.fov_rad))
    for px in (
        call(js, "focalFromMm", mm, camera.size_hw),
        call(js, "focalFromDegrees", degrees, camera.size_hw),
        focal_px_from_mm(mm, camera.size_hw),
    ):
        assert px == pytest.approx(camera.focal_px)


def test_an_orthographic_camera_has_no_lens(js: Page):
    for ask in ("focalMm", "fovDegrees"):
        said = js.evaluate(
            "async (camera) => import('/cameras.js')"
            f".then((m) => m.{ask}(camera)).catch((error) => error.message)",
            plain(random_camera("orthographic")),
        )
        assert "no lens" in said
