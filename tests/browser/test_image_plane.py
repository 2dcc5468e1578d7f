"""What the browser draws on the image plane is what the Python camera sees."""

import base64
import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, get_args

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Browser, Page
from scipy.ndimage import binary_dilation

from tests.browser.blank import blank_page
from workbench.body import load_body
from workbench.geometry import Camera
from workbench.geometry.camera import Projection
from workbench.render import render_mask

pytestmark = pytest.mark.browser

KINDS: tuple[Projection, ...] = get_args(Projection)
Body = tuple[torch.Tensor, torch.Tensor]
"""Vertices in a camera's axes, faces."""
SIZE_HW = (360, 480)
BLUE = "#2563eb"
SHOW = """async ([bodies, corners, scene]) => {
  const { createImagePlane } = await import("/image_plane.js");
  const here = document.getElementById("here");
  here.style.width = scene.width + "px";
  window.plane ??= createImagePlane(here);
  window.held ??= {};
  const layers = scene.layers.map((layer) => {
    const Numbers = bodies[0].length > 3 * 65536 ? Uint32Array : Uint16Array;
    window.held.corners ??= corners.map((column) => Numbers.from(column));
    return { ...layer, vertices: Float32Array.from(bodies[layer.body]), corners: window.held.corners };
  });
  window.plane.set({ ...scene, layers });
  window.plane.draw();
  const canvas = window.plane.canvas();
  const gl = canvas.getContext("webgl2");
  const pixels = new Uint8Array(4 * canvas.width * canvas.height);
  gl.readPixels(0, 0, canvas.width, canvas.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  let text = "";
  for (let n = 0; n < pixels.length; n += 8192) text += String.fromCharCode(...pixels.subarray(n, n + 8192));
  return { width: canvas.width, height: canvas.height, error: gl.getError(), pixels: btoa(text) };
}"""


@pytest.fixture(scope="module")
def plane(browser: Browser) -> Iterator[Page]:
    """A page with an image plane."""
    with blank_page(browser, {"width": 900, "height": 700}) as page:
        yield page


@pytest.fixture(scope="module")
def body() -> Body:
    """Vertices of a reaching body in a camera's axes, and its faces."""
    model = load_body()
    theta = torch.zeros(model.num_joints, 3)
    theta[16] = torch.tensor([0.0, -80.0, 8.0]).deg2rad()
    theta[17] = torch.tensor([0.0, 0.0, 72.0]).deg2rad()
    return model.mesh(torch.zeros(10), theta).vertices_m * torch.tensor([1.0, -1.0, -1.0]), model.faces


def layer(camera: Camera, style: str = "shaded", color: str = BLUE, **more: Any) -> dict[str, Any]:
    given = {**vars(camera), "t_camera_body_m": camera.t_camera_body_m.tolist()}
    return {"body": 0, "camera": given, "style": style, "color": color, **more}


def drawn(page: Page, body: Body, layers: list[dict[str, Any]], width: int = SIZE_HW[1]) -> np.ndarray:
    """The canvas: rows from above, colours times alpha, alpha."""
    size = [SIZE_HW[1], SIZE_HW[0]]
    scene = {"size": size, "background": "checker", "layers": layers, "width": width}
    answer = page.evaluate(SHOW, [[body[0].T.flatten().tolist()], body[1].T.tolist(), scene])
    assert answer["error"] == 0
    pixels = np.frombuffer(base64.b64decode(answer["pixels"]), np.uint8)
    return pixels.reshape(answer["height"], answer["width"], 4)[::-1]


def camera_of(kind: Projection, tz_m: float, center_px: tuple[float, float] = (240.0, 180.0)) -> Camera:
    camera = Camera("perspective", 150.0 * tz_m, center_px, SIZE_HW, torch.tensor([0.1, -0.05, tz_m]))
    return camera.as_kind(kind)


def seen(camera: Camera, vertices: torch.Tensor, faces: torch.Tensor) -> np.ndarray:
    """The body's pixels by Python's renderer."""
    return render_mask(camera, vertices, faces).numpy()


def grown(mask: np.ndarray, by_px: int = 1) -> np.ndarray:
    """A mask and its neighbours."""
    return np.asarray(binary_dilation(mask, np.ones((3, 3)), by_px), bool)


def assert_same_silhouette(ours: np.ndarray, theirs: np.ndarray, within_px: int = 1) -> None:
    assert theirs.sum() > 2000
    for a, b in ((ours, theirs), (theirs, ours)):
        near = grown(b, within_px)
        assert not (a & ~near).any(), f"{int((a & ~near).sum())} pixels are farther than {within_px} px off"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("tz_m", "center_px"),
    [(0.9, (240.0, 180.0)), (2.0, (300.5, 120.25)), (6.0, (180.0, 200.0)), (20.0, (240.0, 180.0))],
)
def test_the_silhouette_is_pythons(plane: Page, body: Body, kind: Projection, tz_m: float, center_px):
    camera = camera_of(kind, tz_m, center_px)
    pixels = drawn(plane, body, [layer(camera)])
    assert_same_silhouette(pixels[..., 3] > 127, seen(camera, *body))


def test_vertices_beyond_16_bits_are_drawn(browser: Browser, body: Body):
    vertices, faces = body
    unused = torch.zeros(65_536, 3)
    large = torch.cat((unused, vertices)), faces + len(unused)
    camera = camera_of("perspective", 2.4)
    with blank_page(browser, {"width": 900, "height": 700}) as page:
        picture = drawn(page, large, [layer(camera)])
    assert_same_silhouette(picture[..., 3] > 127, seen(camera, vertices, faces))


def test_a_body_that_reaches_behind_the_lens_is_cut_and_not_smeared(plane: Page, body: Body):
    """Python leaves out faces with a vertex behind the lens; the card cuts them: both see the rest."""
    camera = camera_of("perspective", 0.45)
    assert float(camera.to_camera_m(body[0])[:, 2].min()) < 0
    ours = drawn(plane, body, [layer(camera)])[..., 3] > 127
    theirs = seen(camera, *body)
    kept = body[1][(camera.to_camera_m(body[0])[:, 2] > 0.02)[body[1]].all(1)]
    assert_same_silhouette(ours, theirs, 2)
    assert (seen(camera, body[0], kept) & ~ours).sum() < 50


@pytest.mark.parametrize("kind", KINDS)
def test_the_outline_runs_along_the_silhouette(plane: Page, body: Body, kind: Projection):
    camera = camera_of(kind, 1.5)
    pixels = drawn(plane, body, [layer(camera, "outline", "#ff0000")])
    line = pixels[..., 3] > 127
    mask = seen(camera, *body)
    edge = grown(mask) & ~mask
    assert (edge & ~grown(line, 2)).sum() < 0.01 * edge.sum()
    assert (line & ~grown(edge, 3)).sum() < 0.01 * edge.sum()  # a slit of one pixel may be open here only
    assert pixels[line][:, 0].min() > 100 and pixels[..., 1].max() == 0


@pytest.mark.parametrize("density", [1.0, 2.0])
def test_an_outline_that_moved_leaves_no_trace(browser: Browser, body: Body, density: float):
    there = layer(camera_of("perspective", 2.0, (200.0, 180.0)), "outline")
    here = layer(camera_of("perspective", 2.2, (240.0, 190.0)), "outline")
    with blank_page(browser, {"width": 900, "height": 700}, density) as page:
        fresh = drawn(page, body, [here])
    with blank_page(browser, {"width": 900, "height": 700}, density) as page:
        drawn(page, body, [there])
        np.testing.assert_array_equal(drawn(page, body, [here]), fresh)


def test_outlines_keep_their_own_colours_and_lie_over_the_body(plane: Page, body: Body):
    cameras = [camera_of(kind, 1.0) for kind in KINDS]
    cameras[2] = replace(cameras[2], focal_px=1.2 * cameras[2].focal_px)
    colors = ("#ff0000", "#00ff00", "#0000ff")
    outlines = [layer(c, "outline", color) for c, color in zip(cameras, colors, strict=True)]
    pixels = drawn(plane, body, [*outlines, layer(cameras[0], color="#808080", opacity=0.5)])
    for channel in range(3):
        others = [c for c in range(3) if c != channel]
        pure = (pixels[..., channel] > 200) & (pixels[..., others].max(-1) < 60)
        assert pure.sum() > 300
    assert np.isin(pixels[..., 3], (127, 128)).sum() > 1000  # half a body, and no outline


def test_of_two_outlines_that_coincide_a_dashed_one_lets_the_other_through(plane: Page, body: Body):
    weak, flat = camera_of("weak", 1.0), camera_of("orthographic", 1.0)
    pixels = drawn(
        plane, body, [layer(weak, "outline", "#ff0000"), layer(flat, "outline", "#0000ff", dashed=True)]
    )
    line = pixels[pixels[..., 3] > 200]
    shares = [(line[:, channel] > 200).mean() for channel in (0, 2)]
    assert min(shares) > 0.3


def test_the_nearer_body_hides_the_farther_one(plane: Page, body: Body):
    near, far = camera_of("perspective", 2.0), camera_of("perspective", 4.0)
    for order in ([near, far], [far, near]):
        layers = [layer(c, color="#ff0000" if c is near else "#0000ff") for c in order]
        pixels = drawn(plane, body, layers)
        both = seen(near, *body) & seen(far, *body)
        inside = both & ~grown(~both, 2)
        assert inside.sum() > 1000
        assert (pixels[inside][:, 0] > pixels[inside][:, 2]).all()


def test_points_are_drawn_where_the_vertices_are(plane: Page, body: Body):
    camera = camera_of("perspective", 2.0)
    pixels = drawn(plane, body, [layer(camera, "points")])
    xy = camera.project(body[0]).numpy()
    rows, columns = xy[:, 1].astype(int), xy[:, 0].astype(int)
    assert (pixels[rows, columns, 3] > 0).mean() > 0.98


def test_the_canvas_has_the_screens_pixels_and_follows_its_box(browser: Browser, body: Body):
    with blank_page(browser, {"width": 900, "height": 700}, density=2.0) as page:
        pixels = drawn(page, body, [layer(camera_of("perspective", 2.0))], width=300)
        assert pixels.shape[:2] == (450, 600)
        big = Camera("perspective", 375.0, (300.0, 225.0), (450, 600), torch.tensor([0.1, -0.05, 2.0]))
        assert_same_silhouette(pixels[..., 3] > 127, seen(big, *body))
        page.evaluate("document.getElementById('here').style.width = '200px'")
        page.wait_for_function("window.plane.canvas().width === 400")  # follows without being asked


def test_on_a_coarse_screen_edges_are_smoothed_once_nothing_moves(plane: Page, body: Body):
    camera = camera_of("perspective", 2.0)
    assert drawn(plane, body, [layer(camera)]).shape[:2] == SIZE_HW
    plane.wait_for_function("window.plane.canvas().width === 960")
    assert drawn(plane, body, [layer(camera)]).shape[:2] == SIZE_HW


def test_a_saved_picture_has_the_size_of_the_cameras_and_not_of_the_screen(browser: Browser, body: Body):
    camera = camera_of("perspective", 2.0)
    with blank_page(browser, {"width": 900, "height": 700}) as page:
        on_screen = drawn(page, body, [layer(camera)], width=300)
        assert on_screen.shape[1] == 300
        saved = page.evaluate(
            """async () => {
              const bytes = new Uint8Array(await (await window.plane.picture()).arrayBuffer());
              return btoa(String.fromCharCode(...bytes));
            }"""
        )
        page.wait_for_function("window.plane.canvas().width === 600")  # as on screen again, at rest
    picture = Image.open(io.BytesIO(base64.b64decode(saved))).convert("RGB")
    assert picture.size == (SIZE_HW[1], SIZE_HW[0])
    pixels = np.asarray(picture).astype(int)
    assert_same_silhouette((pixels[..., 2] - pixels[..., 0]) > 60, seen(camera, *body))  # blue on grey


@pytest.mark.parametrize("tag", ["open-smpl", "open-smplx"])
def test_bodies_are_closed_so_that_nobody_misses_their_inside_while_they_move(tag: str):
    faces = load_body(tag).faces.tolist()
    edges = {edge for a, b, c in faces for edge in ((a, b), (b, c), (c, a))}
    assert len(edges) == 3 * len(faces) and all((b, a) in edges for a, b in edges)


def test_a_lost_context_is_drawn_again(browser: Browser, body: Body):
    with blank_page(browser, {"width": 600, "height": 500}) as page:
        drawn(page, body, [layer(camera_of("perspective", 2.0))])
        page.evaluate(
            "window.plane.canvas().getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()"
        )
        page.wait_for_function("!window.plane.canvas().getContext('webgl2').isContextLost()")
        assert (drawn(page, body, [layer(camera_of("perspective", 2.0))])[..., 3] > 0).sum() > 2000
        assert page.locator(".hmr-note").inner_text() == ""


def test_a_context_lost_while_off_the_page_comes_back_with_the_plane(browser: Browser, body: Body):
    with blank_page(browser, {"width": 600, "height": 500}) as page:
        drawn(page, body, [layer(camera_of("perspective", 2.0))])
        page.evaluate(
            """async () => {
              const here = document.getElementById("here");
              here.remove();
              const context = window.plane.canvas().getContext("webgl2");
              context.getExtension("WEBGL_lose_context").loseContext();
              await new Promise((done) => setTimeout(done, 500)); // longer than it waits before it tries
              document.body.append(here);
            }"""
        )
        page.wait_for_function("!window.plane.canvas().getContext('webgl2').isContextLost()")
        assert page.locator(".hmr-note").inner_text() == ""


def test_many_planes_come_and_go_without_losing_each_others_context(browser: Browser, body: Body):
    with blank_page(browser, {"width": 600, "height": 500}) as page:
        drawn(page, body, [layer(camera_of("perspective", 2.0))])
        page.evaluate(
            """async () => {
              const { createImagePlane } = await import("/image_plane.js");
              for (let n = 0; n < 40; n++) createImagePlane(document.createElement("div")).dispose();
            }"""
        )
        assert not page.evaluate("window.plane.canvas().getContext('webgl2').isContextLost()")


def test_without_webgl_there_is_a_clear_text_and_the_rest_still_works(browser: Browser, body: Body):
    with blank_page(browser, {"width": 600, "height": 500}) as page:
        said = page.evaluate(
            """async () => {
              const real = HTMLCanvasElement.prototype.getContext;
              HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
                return kind.startsWith("webgl") ? null : real.call(this, kind, ...rest);
              };
              const { createImagePlane } = await import("/image_plane.js");
              const plane = createImagePlane(document.getElementById("here"));
              plane.set({ size: [400, 300], background: "checker", layers: [] });
              plane.draw();
              return document.querySelector(".hmr-note").textContent;
            }"""
        )
        assert "no WebGL" in said
