"""The Body tab: every slider does what it says, and the view is the visitor's."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

VIEW = "#body-view .hmr-view"
SLIDERS = [f"body-beta-{index}" for index in range(10)] + [f"body-angle-{axis}" for axis in "xyz"]
VERTICES = """() => {
  const trace = document.querySelector('#body-view .hmr-plot')._fullData[0];
  return ['x', 'y', 'z'].map((axis) => Array.from(trace[axis]).filter((_, index) => index % 50 === 0));
}"""
CAMERA = "() => document.querySelector('#body-view .hmr-plot')._fullLayout.scene._scene.getCamera().eye"


def draws(page: Page) -> int:
    return int(page.locator(VIEW).get_attribute("data-drawn") or 0)


def wait_for_draw(page: Page, before: int) -> None:
    page.wait_for_function(f"before => document.querySelector('{VIEW}').dataset.drawn > before", arg=before)


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
