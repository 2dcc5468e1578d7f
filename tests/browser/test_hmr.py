"""HMR's iterations, its prior and its losses, as a visitor plays with them."""

import math
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, Watch
from workbench.app.hmr_networks import CHANNELS
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.methods import load_method
from workbench.methods.hmr import STAGES, USED
from workbench.networks.discriminator import FACTORS

pytestmark = pytest.mark.browser

LAB = "document.querySelector('#hmr-lab .hmr-hmr-lab').lab"
KNEE = FACTORS.index("left_knee")


def open_scene(page: Page) -> None:
    page.get_by_role("tab", name="HMR").click()
    expect(page.locator("#hmr-scene")).to_have_text("Use a scene")
    expect(page.locator("#hmr-step")).to_be_hidden()  # nobody, no lab
    page.locator("#hmr-scene").click()
    page.wait_for_function("document.querySelector('#hmr-lab .hmr-hmr-lab')?.lab?.drawn()", timeout=120_000)


@pytest.fixture(scope="module")
def opened(browser: Browser, app_url: str) -> Iterator[Page]:
    """The tab with a scene, on one page for all tests; it must behave."""
    context = browser.new_context(viewport=DESKTOP)
    page, watch = context.new_page(), Watch()
    watch.on(page, app_url)
    page.set_default_timeout(60_000)
    page.goto(app_url)
    open_scene(page)
    yield page
    context.close()
    assert watch.errors == [] and watch.requests_outside == []


@pytest.fixture
def hmr(opened: Page) -> Page:
    """The network's answer, untouched."""
    opened.evaluate(f"{LAB}.goTo({STAGES})")
    settle(opened)
    return opened


def settle(page: Page) -> None:
    page.wait_for_function(f"{LAB}.drawn()")


def state(page: Page) -> dict[str, Any]:
    return page.evaluate(f"{LAB}.state()")


def test_the_scrubber_shows_every_iteration_without_the_server(hmr: Page):
    requests: list[str] = []
    hmr.on("request", lambda request: requests.append(request.url))
    text, moved = hmr.locator("#hmr-step-text"), hmr.locator("#hmr-moved")
    expect(text).to_contain_text("the network's answer")
    hmr.locator("#hmr-step input[type=range]").focus()
    hmr.keyboard.press("Home")
    expect(text).to_contain_text("Mean body")
    expect(moved).to_contain_text("The mean of all people")
    mean = state(hmr)["theta"]
    hmr.keyboard.press("ArrowRight")
    expect(moved).to_contain_text("Moved most")
    assert state(hmr)["theta"] != mean
    hmr.locator("#hmr-counts").get_by_text("10 times").click()
    expect(text).to_contain_text(f"trained for {STAGES}")
    settle(hmr)
    assert [url for url in requests if not url.startswith(("data:", "blob:"))] == []
    assert hmr.locator("#hmr-strip .hmr-over").count() == 85


def test_a_knee_that_bends_backwards_is_found_by_its_own_factor(hmr: Page):
    hmr.get_by_text("Pose it badly").click()
    before = state(hmr)["verdict"]
    hmr.locator("#hmr-angle-x input[type=number]").fill("-100")
    now = state(hmr)["verdict"]["scores"]  # the browser's own, at once
    assert now[KNEE] < before["scores"][KNEE] - 0.2
    hmr.wait_for_function(f"{LAB}.state().verdict.losses.adversarial !== {before['losses']['adversarial']}")
    after = state(hmr)
    theta, betas = torch.tensor(after["theta"]), torch.tensor(after["betas"])
    expected = load_method("hmr").realism(theta, betas)  # type: ignore[attr-defined]
    torch.testing.assert_close(torch.tensor(after["verdict"]["scores"]), expected, atol=5e-3, rtol=0)
    assert now == pytest.approx(after["verdict"]["scores"][: len(now) - 2] + now[-2:], abs=5e-3)
    expect(hmr.locator("#hmr-factors [aria-pressed=true]")).to_contain_text("left knee")
    expect(hmr.locator("#hmr-step-text")).to_contain_text("changed by hand")
    hmr.locator("#hmr-undo").click()
    assert state(hmr)["verdict"]["scores"][KNEE] == pytest.approx(before["scores"][KNEE])
    hmr.get_by_text("Pose it badly").click()


def test_rest_still_faces_the_camera(hmr: Page):
    hmr.get_by_text("Pose it badly").click()
    hmr.locator("#hmr-rest-pose").click()
    theta = torch.tensor(state(hmr)["theta"])
    facing = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    torch.testing.assert_close(matrix_from_axis_angle(theta[0]), facing, atol=1e-4, rtol=0)
    assert math.isclose(float(theta[1:].abs().max()), 0, abs_tol=1e-6)
    hmr.locator("#hmr-back").click()
    expect(hmr.locator("#hmr-step-text")).to_contain_text("the network's answer")
    hmr.get_by_text("Pose it badly").click()


def test_a_preset_is_the_one_that_was_chosen(hmr: Page):
    hmr.get_by_text("Pose it badly").click()
    presets = hmr.locator("#hmr-preset select")
    for name in ("handstand", "sitting"):
        presets.select_option(name)
        settle(hmr)
        expect(presets).to_have_value(name)
    hmr.locator("#hmr-back").click()
    expect(presets).to_have_value("own pose")
    hmr.get_by_text("Pose it badly").click()


def test_channels_are_switched_off_where_one_is(hmr: Page):
    answer = state(hmr)["theta"]
    loads = hmr.evaluate(f"{LAB}.loads()")
    hmr.get_by_label("2D landmarks").uncheck()
    hmr.wait_for_function(f"{LAB}.loads() > {loads}")
    now = state(hmr)
    assert now["step"] == STAGES and now["theta"] != answer
    hmr.get_by_label("2D landmarks").check()
    hmr.wait_for_function(f"{LAB}.loads() > {loads + 1}")
    assert state(hmr)["theta"] == answer


def test_losses_say_what_they_are_held_against(hmr: Page):
    rows = hmr.locator("#hmr-losses tbody tr")
    expect(rows).to_have_count(6)  # with the scene's truth: five losses and their sum
    expect(hmr.locator("#hmr-losses")).to_contain_text("adversarial")
    hmr.get_by_label("Show the truth").check()
    settle(hmr)
    hmr.get_by_label("Show the truth").uncheck()


def test_the_photo_tab_has_the_same_person_and_the_method(hmr: Page):
    hmr.get_by_role("tab", name="Photo").click()
    expect(hmr.locator("#photo-picker button.hmr-box")).to_have_count(1)
    hmr.get_by_label("HMR (network)").check()
    hmr.get_by_role("button", name="Run", exact=True).click()
    text = hmr.locator("#result-step-text")
    expect(text).to_contain_text("iteration 3", timeout=90_000)
    hmr.get_by_role("tab", name="HMR").click()
    expect(hmr.locator("#hmr-step-text")).to_be_visible()


def test_a_network_that_reads_nothing_says_so(hmr: Page):
    boxes = [hmr.locator("#hmr-channels").get_by_label(CHANNELS[name], exact=True) for name in USED]
    for box in boxes:
        box.uncheck()
    expect(hmr.locator("#hmr-reading")).to_contain_text("reads nothing")
    for box in boxes:
        box.check()
    expect(hmr.locator("#hmr-reading")).to_be_hidden()


def test_nothing_is_wider_than_a_phone(browser: Browser, app_url: str):
    page = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.goto(app_url)
    open_scene(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    views = [page.locator(f"#hmr-lab {name}").bounding_box() for name in (".hmr-plane", "#hmr-world")]
    assert all(view and view["width"] > 120 for view in views)
    page.context.close()
