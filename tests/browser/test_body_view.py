"""The 3D view and its bodies on a page of their own: what is drawn is what Python says."""

from collections.abc import Callable

import pytest
import torch
from playwright.sync_api import Page, expect

from tests.browser.world_page import CAMERA, DRAWN, PLOT, SERVED, opened, random_person, rest
from workbench.body import load_body
from workbench.figures.served_bodies import STAGES
from workbench.figures.world import to_display

pytestmark = pytest.mark.browser

MOST_M = 1e-4


@pytest.mark.parametrize("served", [False, True], ids=["sent", "served"])
@pytest.mark.parametrize("tag", ["open-smpl", "open-smplx"])
def test_every_stage_equals_pythons(tag, served, view: Page):
    model = load_body(tag)
    opened(view, tag, served)
    for spread_rad in (0.3, 1.0):
        person = random_person(tag, spread_rad)
        made = view.evaluate(
            """async ([person, stages]) => {
              const made = await body.stages(person);
              return [...stages, "restJoints", "joints"].map((stage) => Array.from(made[stage]));
            }""",
            [person, STAGES],
        )
        shaped = model.with_shape(torch.tensor(person["betas"]), torch.tensor(person["expression"]))
        posed = shaped.with_pose(torch.tensor(person["theta"]))
        expected = [model.v_template, shaped.vertices_m, posed.rest_vertices_m, posed.mesh().vertices_m]
        expected += [shaped.joints_m, posed.joints_m]
        for points, wanted in zip(made, expected, strict=True):
            assert (torch.tensor(points).reshape(3, -1).T - wanted).norm(dim=1).max() < MOST_M


def test_a_served_body_behaves_as_a_sent_one(view: Page):
    opened(view, "open-smpl")
    ours = view.evaluate(
        "[body.mesh.corners.map((c) => Array.from(c)), body.mesh.joints, body.mesh.parents, "
        "body.keypoints, Array.from(body.parts)]"
    )
    opened(view, "open-smpl", served=True)
    theirs = view.evaluate(
        "[body.mesh.corners.map((c) => Array.from(c)), body.mesh.joints, body.mesh.parents, "
        "body.keypoints, Array.from(body.parts)]"
    )
    assert ours[:4] == theirs[:4]
    same = sum(a == b for a, b in zip(ours[4], theirs[4], strict=True))
    assert same > 0.999 * len(ours[4])  # where two joints are as good, rounding decides
    assert view.evaluate("Math.max(...body.weightsOf(3))") == 1
    assert view.evaluate("body.exact") is False


def test_what_is_drawn_stands_in_the_views_axes(view: Page):
    opened(view, "open-smpl")
    person = random_person("open-smpl")
    view.evaluate("async (person) => view.set(await worldOf(body, person))", person)
    drawn = torch.tensor(view.evaluate(DRAWN)).T
    mesh = load_body().mesh(torch.tensor(person["betas"]), torch.tensor(person["theta"]))
    assert (drawn - to_display(mesh.vertices_m, "body")).norm(dim=1).max() < MOST_M
    view.evaluate(
        "async (p) => view.set(await worldOf(body, p, { frame: 'camera', shift: [0, 1, 2] }))", person
    )
    drawn = torch.tensor(view.evaluate(DRAWN)).T
    moved = mesh.vertices_m + torch.tensor([0.0, 1.0, 2.0])
    assert (drawn - to_display(moved, "camera")).norm(dim=1).max() < MOST_M


def place_of(page: Page, joint: int) -> tuple[float, float]:
    """Where a joint is on the page."""
    x, y = page.evaluate(
        """async ([joint, person]) => {
          const { joints } = await body.pose(person);
          const count = joints.length / 3;
          const point = [joints[joint], -joints[2 * count + joint], joints[count + joint]];
          const { left, top } = document.querySelector('.hmr-plot').getBoundingClientRect();
          const [x, y] = onScreen(document.querySelector('.hmr-plot'), point);
          return [left + x, top + y];
        }""",
        [joint, rest("open-smpl")],
    )
    return x, y


def test_a_click_on_a_joint_picks_it_and_a_drag_does_not(skeleton_view: Page):
    page = skeleton_view
    opened(page, "open-smpl")
    page.evaluate("async (person) => view.set(await worldOf(body, person))", rest("open-smpl"))
    for joint in (18, 5, 15):
        x, y = place_of(page, joint)
        page.mouse.move(x, y)
        assert page.locator(".hmr-tag").inner_text() == load_names()[joint]
        page.mouse.click(x + 2, y - 2)
        assert page.evaluate("picked") == [joint, 0]
    page.evaluate("window.picked = null")
    x, y = place_of(page, 4)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y, steps=3)
    page.mouse.up()
    page.mouse.click(5, 5)  # far from the body
    assert page.evaluate("picked") is None


def load_names() -> list[str]:
    return SERVED.entries()[0]["joints"]


def test_the_selected_joint_stands_out(skeleton_view: Page):
    opened(skeleton_view, "open-smpl")
    skeleton_view.evaluate(
        "async (p) => view.set(await worldOf(body, p, { selected: 18 }))", rest("open-smpl")
    )
    sizes = skeleton_view.evaluate(f"{PLOT}.data.find((trace) => trace.mode === 'markers').marker.size")
    assert sizes[18] > max(sizes[:18])
    expect(skeleton_view.locator(".hmr-name")).to_have_text([load_names()[18]])
    name = skeleton_view.locator(".hmr-name").bounding_box()
    x, y = place_of(skeleton_view, 18)
    assert name is not None  # beside the joint, and not over it
    assert x < name["x"] < x + 30 and y - 50 < name["y"] < y - name["height"]


@pytest.fixture
def pixels(view: Page) -> Callable[[], torch.Tensor]:
    """What the view shows, as numbers."""

    def read() -> torch.Tensor:
        flat = view.evaluate(
            f"""() => {{
              const scene = {PLOT}._fullLayout.scene._scene;
              scene.glplot.redraw();
              const gl = scene.glplot.gl;
              const [w, h] = [gl.drawingBufferWidth, gl.drawingBufferHeight];
              const read = new Uint8Array(4 * w * h);
              gl.readPixels(0, 0, w, h, gl.RGBA, gl.UNSIGNED_BYTE, read);
              return Array.from(read.filter((_, n) => Math.floor(n / 4) % 7 === 0));
            }}"""
        )
        return torch.tensor(flat).reshape(-1, 4)

    return read


def colored(seen: torch.Tensor) -> int:
    """How many pixels are of a strong colour."""
    rgb = seen[seen[:, 3] > 200][:, :3]
    return int((rgb.amax(1) - rgb.amin(1) > 90).sum())


def test_values_become_colours_with_a_legend_and_keep_the_view(view: Page, pixels):
    opened(view, "open-smpl")
    person = rest("open-smpl")
    show = (
        "async ([person, joint]) => view.set(await worldOf(body, person, joint === null ? {} : { values: "
        "{ of: body.weightsOf(joint), low: 0, high: 1, title: 'weight', unit: '' } }))"
    )
    view.evaluate(show, [person, None])
    plain = colored(pixels())
    assert view.locator(".hmr-legend").is_hidden()
    view.evaluate(show, [person, 1])
    hip = pixels()
    assert colored(hip) > plain + 50
    assert "weight" in view.locator(".hmr-legend").inner_text()
    drag(view)
    eye = view.evaluate(CAMERA)
    view.evaluate(show, [person, 12])  # other numbers, the same scene: drawn in place
    assert view.evaluate(CAMERA) == pytest.approx(eye, abs=1e-6)
    view.evaluate(show, [person, None])
    assert view.evaluate(CAMERA) == pytest.approx(eye, abs=1e-6)
    assert colored(pixels()) <= plain + 20
    assert view.locator(".hmr-legend").is_hidden()


def test_parts_have_colours_of_their_own(view: Page, pixels):
    opened(view, "open-smpl")
    view.evaluate(
        """async (person) => view.set(await worldOf(body, person, { values: { of: body.parts, title: "part",
          colors: partColors(24), names: body.mesh.joints } }))""",
        rest("open-smpl"),
    )
    assert colored(pixels()) > 300
    assert view.locator(".hmr-swatches span").count() == 24


def drag(page: Page) -> None:
    """Turn and zoom by hand."""
    box = page.locator(".hmr-plot").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -240)
    page.mouse.down()
    page.mouse.move(x + 90, y + 20, steps=4)
    page.mouse.up()
    eye_at_rest(page)


def test_new_data_while_dragging_neither_stops_the_drag_nor_moves_the_view_back(view: Page):
    opened(view, "open-smpl")
    person = rest("open-smpl")
    view.evaluate("async (person) => view.set(await worldOf(body, person))", person)
    drag(view)
    box = view.locator(".hmr-plot").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    view.mouse.move(x, y)
    view.mouse.down()
    view.mouse.move(x + 40, y, steps=3)
    halfway = eye_at_rest(view)
    view.evaluate("async (p) => view.set(await worldOf(body, { ...p, betas: [2] }))", person)
    assert eye_at_rest(view) == pytest.approx(halfway, abs=1e-3)
    view.mouse.move(x + 160, y, steps=6)
    assert eye_at_rest(view) != pytest.approx(halfway, abs=0.05)
    view.mouse.up()


def eye_at_rest(page: Page) -> dict[str, float]:
    """Where the viewer stands once the view has followed the pointer, which it does smoothly."""
    seen = [page.evaluate(CAMERA)]
    while len(seen) < 4 or any(eye != seen[-1] for eye in seen[-4:]):
        page.evaluate("new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))")
        seen.append(page.evaluate(CAMERA))
    return seen[-1]
