"""The Body tab: every slider does what it says, and the view is the visitor's."""

import math

import pytest
import torch
from playwright.sync_api import Page, expect

from workbench.app import handlers_body as handlers
from workbench.body import load_body
from workbench.body.joints import SMPL_JOINTS
from workbench.figures.world import to_display

pytestmark = pytest.mark.browser

VIEW = "#body-view .hmr-view"
CAMERA_VIEW = "#camera-view .hmr-view"
HOOK = f"document.querySelector('{VIEW}').bodyView"
SLIDERS = [f"body-beta-{index}" for index in range(10)] + [f"body-angle-{axis}" for axis in "xyz"]
VERTICES = """() => {
  const trace = document.querySelector('#body-view .hmr-plot')._fullData[0];
  return ['x', 'y', 'z'].map((axis) => Array.from(trace[axis]).filter((_, index) => index % 50 === 0));
}"""
CAMERA = "() => document.querySelector('#body-view .hmr-plot')._fullLayout.scene._scene.getCamera().eye"


def draws(page: Page, view: str = VIEW) -> int:
    return int(page.locator(view).get_attribute("data-drawn") or 0)


def wait_for_draw(page: Page, before: int, view: str = VIEW) -> None:
    page.wait_for_function(f"before => document.querySelector('{view}').dataset.drawn > before", arg=before)


def vertices(page: Page, view: str = VIEW) -> torch.Tensor:
    """What is on screen, in the view's axes."""
    read = f"document.querySelector('{view}').bodyView.vertices().map((column) => Array.from(column))"
    return torch.tensor(page.evaluate(read)).T


def posed(page: Page, state: handlers.BodyState) -> torch.Tensor:
    """What is on screen after the view was given another body."""
    before = draws(page)
    page.evaluate(f"parameters => {HOOK}.pose(parameters)", handlers.parameters(state))
    wait_for_draw(page, before)
    return vertices(page)


@pytest.fixture
def body(page: Page) -> Page:
    """The opened tab, drawn."""
    page.get_by_role("tab", name="Body").click()
    page.locator(f"{VIEW}[data-drawn]").wait_for()
    return page


def test_every_slider_moves_the_mesh(body: Page):
    seen = [body.evaluate(VERTICES)]
    for slider in SLIDERS:
        before = draws(body)
        body.locator(f"#{slider} input[type=range]").focus()
        body.keyboard.press("ArrowRight")
        body.keyboard.press("PageUp")
        wait_for_draw(body, before)
        body.wait_for_timeout(150)
        seen.append(body.evaluate(VERTICES))
        assert seen[-1] != seen[-2], slider


def test_new_data_never_moves_the_visitors_view(body: Page):
    plot = body.locator(f"{VIEW} .hmr-plot").bounding_box()
    assert plot is not None
    body.mouse.move(plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2)
    body.mouse.wheel(0, -240)
    body.mouse.down()
    body.mouse.move(plot["x"] + plot["width"] / 2 + 90, plot["y"] + plot["height"] / 2 + 20, steps=4)
    body.mouse.up()
    body.wait_for_timeout(500)
    eye = body.evaluate(CAMERA)
    before = draws(body)
    body.locator("#body-beta-1 input[type=range]").focus()
    body.keyboard.press("PageUp")
    wait_for_draw(body, before)
    assert body.evaluate(CAMERA) == pytest.approx(eye, abs=1e-6)
    before = draws(body)
    body.locator(f"{VIEW} input[name=skeleton]").check()  # draws everything anew
    wait_for_draw(body, before)
    assert body.evaluate(CAMERA) == pytest.approx(eye, abs=1e-6)


def test_joints_keep_their_own_angles_and_buttons_reset(body: Page):
    body.locator("#body-angle-x input[type=number]").fill("40")
    body.keyboard.press("Tab")
    expect(body.locator("#body-facts")).to_contain_text("1 of 24")
    body.get_by_label("Joint").fill("right knee")
    body.keyboard.press("Enter")
    expect(body.locator("#body-angle-x input[type=number]")).to_have_value("0")
    body.get_by_role("button", name="Random pose").click()
    expect(body.locator("#body-facts")).not_to_contain_text("1 of 24")
    body.get_by_role("button", name="Rest pose").click()
    expect(body.locator("#body-facts")).to_contain_text("0 of 24")


def test_each_visitor_has_their_own_body(body: Page, app_url: str):
    body.get_by_role("button", name="Random pose").click()
    expect(body.locator("#body-facts")).not_to_contain_text("0 of 24")
    other = body.context.new_page()
    other.goto(app_url)
    other.get_by_role("tab", name="Body").click()
    expect(other.locator("#body-facts")).to_contain_text("0 of 24")


def test_typed_numbers_are_brought_within_limits_and_half_typed_ones_change_nothing(body: Page):
    number = body.locator("#body-beta-0 input[type=number]")
    facts = body.locator("#body-facts")
    rest = facts.inner_text()
    number.fill("999")
    body.keyboard.press("Tab")
    expect(number).to_have_value("3")
    expect(facts).not_to_have_text(rest)
    number.fill("")
    number.fill("0")
    body.keyboard.press("Tab")
    expect(facts).to_have_text(rest, use_inner_text=True)


def test_the_browser_makes_the_same_vertices_as_python(body: Page):
    model = load_body()
    for spread_rad in (0.2, 0.6, 1.0):
        state = handlers.BodyState(
            1.2 * torch.randn(10).clamp(-2, 2), spread_rad * torch.randn(24, 3).clamp(-3, 3)
        )
        drawn = posed(body, state)
        expected = to_display(model.mesh(state.betas, state.theta).vertices_m, "body")
        assert (drawn - expected).norm(dim=1).max() < 1e-4


def test_a_body_that_the_browser_may_not_have_is_skinned_by_the_server(body: Page):
    state = handlers.random_pose(handlers.random_shape(handlers.rest()))
    ours = posed(body, state)
    before = draws(body)
    body.evaluate(f"world => {HOOK}.set(world)", handlers.view(handlers.rest(), None))
    wait_for_draw(body, before)
    assert (posed(body, state) - ours).norm(dim=1).max() < 2e-4


def test_the_ground_lies_under_the_lowest_vertex(body: Page):
    drawn = posed(body, handlers.random_pose(handlers.rest()))
    ground_m = body.evaluate(f"document.querySelector('{VIEW} .hmr-plot').data.at(-1).z[0]")
    assert ground_m == pytest.approx(float(drawn[:, 2].min()), abs=1e-6)


def test_dragging_a_slider_asks_the_server_nothing(body: Page):
    slider = body.locator("#body-beta-1 input[type=range]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    body.wait_for_timeout(500)
    before, calls = body.evaluate(VERTICES), []
    body.on("request", lambda request: calls.append(request.url))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    body.mouse.move(x, y)
    body.mouse.down()
    body.mouse.move(x + 60, y, steps=20)
    assert calls == []
    wait_for_draw(body, 2)
    assert body.evaluate(VERTICES) != before
    body.mouse.up()
    body.wait_for_timeout(1000)
    assert len(calls) == 1  # facts and code, once it rests


def test_page_and_python_have_the_same_body_after_many_changes(body: Page):
    body.get_by_role("button", name="Random pose").click()
    expect(body.locator("#body-facts")).to_contain_text("23 of 24")
    body.get_by_role("button", name="Random shape").click()
    body.wait_for_timeout(300)
    body.locator("#body-angle-x input[type=number]").fill("-35")
    body.get_by_label("Joint").fill("right knee")
    body.keyboard.press("Enter")
    body.locator("#body-angle-x input[type=number]").fill("77")
    body.get_by_role("tab", name="Camera").click()  # and back: nothing is lost
    body.get_by_role("tab", name="Body").click()
    body.wait_for_timeout(1000)
    with body.expect_response("**/run/predict") as answer:  # facts and code, once it rests
        body.locator("#body-beta-2 input[type=number]").fill("1.5")
    names: dict = {}
    exec(answer.value.json()["data"][1], names)
    assert names["betas"][2] == 1.5
    turned = names["theta"][SMPL_JOINTS.index("right_knee")]
    assert float(turned[0]) == pytest.approx(math.radians(77), abs=1e-3)
    drawn = vertices(body)
    expected = to_display(names["mesh"].vertices_m, "body")
    assert (drawn - expected).norm(dim=1).max() < 2e-3  # the code has four decimals


def test_the_camera_looks_at_the_body_of_the_body_tab(body: Page):
    body.get_by_role("button", name="Random pose").click()
    expect(body.locator("#body-facts")).to_contain_text("23 of 24")
    ours = vertices(body)
    body.get_by_role("tab", name="Camera").click()
    body.locator("#camera-view .hmr-view[data-drawn]").wait_for()
    before = draws(body, CAMERA_VIEW)
    body.get_by_label("From the Body tab").check()
    wait_for_draw(body, before, CAMERA_VIEW)
    theirs = vertices(body, CAMERA_VIEW)
    shape = [points - points.mean(dim=0) for points in (ours, theirs)]
    assert (shape[0] - shape[1]).norm(dim=1).max() < 1e-3
