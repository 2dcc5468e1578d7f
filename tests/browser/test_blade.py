"""BLADE's stages, the distance, the mask and the valley, as a visitor plays with them."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, Watch

pytestmark = pytest.mark.browser

LAB = "document.querySelector('#blade-lab .hmr-blade-lab').lab"
LONGEST_MS = 180_000
"""For a scan of all distances, on a busy machine."""


def open_scene(page: Page) -> None:
    page.get_by_role("tab", name="BLADE").click()
    expect(page.locator("#blade-scene")).to_have_text("Use a scene with somebody close")
    expect(page.locator("#blade-tz")).to_be_hidden()  # nobody, no lab
    page.locator("#blade-scene").click()
    page.wait_for_function(
        "document.querySelector('#blade-lab .hmr-blade-lab')?.lab?.solved()", timeout=LONGEST_MS
    )


@pytest.fixture(scope="module")
def opened(browser: Browser, app_url: str) -> Iterator[Page]:
    """The tab with a scene and its true body, on one page for all tests; it must behave."""
    context = browser.new_context(viewport=DESKTOP)
    page, watch = context.new_page(), Watch()
    watch.on(page, app_url)
    page.set_default_timeout(60_000)
    page.goto(app_url)
    open_scene(page)
    choose(page, "The scene's true body")
    yield page
    context.close()
    assert watch.errors == [] and watch.requests_outside == []


@pytest.fixture
def blade(opened: Page) -> Page:
    """The true body at its distance, with the finder's mask, solved."""
    if opened.locator("#blade-reset").is_enabled():
        opened.locator("#blade-reset").click()
    if opened.locator("#blade-back").is_enabled():
        opened.locator("#blade-back").click()
    solved(opened)
    return opened


def choose(page: Page, title: str) -> None:
    loads = page.evaluate(f"{LAB}.loads()")
    page.locator("#blade-answer input").click()
    page.get_by_role("option", name=title).click()
    page.wait_for_function(f"{LAB}.loads() > {loads} && {LAB}.solved()", timeout=LONGEST_MS)


def solved(page: Page) -> None:
    page.wait_for_function(f"{LAB}.solved()", timeout=LONGEST_MS)


def state(page: Page) -> dict[str, Any]:
    return page.evaluate(f"(({{ tz, answer }}) => ({{ tz, answer }}))({LAB}.state())")


def number(page: Page, stage: str, label: str) -> str:
    return page.locator(f"#blade-{stage} dl > div", has_text=label).locator("dd").inner_text()


def area(page: Page) -> int:
    return page.evaluate(f"{LAB}.mask().of.reduce((a, b) => a + b, 0)")


def test_one_look_shows_what_each_stage_knows(blade: Page):
    now = state(blade)
    for stage in ("distance", "pose", "solved"):
        assert float(number(blade, stage, "Tz")) == pytest.approx(now["tz"], abs=0.006)
    assert number(blade, "distance", "f, px") == "—" and number(blade, "distance", "IoU") == "—"
    assert float(number(blade, "solved", "IoU")) == pytest.approx(now["answer"]["solved"]["iou"], abs=1e-3)
    true = float(blade.locator("#blade-truth-numbers span").nth(1).inner_text().split()[1])
    assert float(number(blade, "solved", "f, px")) == pytest.approx(true, rel=0.1)
    assert blade.locator("#blade-lab .hmr-blade-stage canvas").count() == 3


def test_the_distance_solves_the_camera_again_and_the_lens_follows(blade: Page):
    before = state(blade)["answer"]["solved"]["focal_px"]
    colours = blade.locator("#blade-distortion").inner_text()
    slider = blade.locator("#blade-tz input[type=range]")
    slider.focus()
    for _ in range(4):
        blade.keyboard.press("PageUp")
    solved(blade)
    now = state(blade)
    assert now["answer"]["solved"]["focal_px"] > 1.3 * before and now["answer"]["tz_m"] == now["tz"]
    expect(blade.locator("#blade-distortion")).not_to_have_text(colours)
    blade.keyboard.press("End")
    solved(blade)
    expect(blade.locator("#blade-distortion")).to_contain_text("% larger than in weak perspective")


def test_the_lens_inside_the_body_is_told_and_stage_2_stays(blade: Page):
    blade.locator("#blade-tz input[type=number]").fill("0.3")
    expect(blade.locator("#blade-said")).to_contain_text("inside the body")
    expect(blade.locator("#blade-solved dl")).to_contain_text("—")
    blade.locator("#blade-back").click()
    solved(blade)
    expect(blade.locator("#blade-said")).to_be_empty()


def test_the_scan_says_what_the_mask_cannot_tell(blade: Page):
    blade.wait_for_function(f"{LAB}.settled()", timeout=LONGEST_MS)
    points = blade.evaluate(f"{LAB}.points()")
    distances = [point["tz"] for point in points]
    assert distances == sorted(distances) and distances[-1] == 10
    far = [point["focal"] / point["tz"] for point in points if point["tz"] >= 4]
    assert max(far) < 1.3 * min(far)  # while Tz grows from 4.5 to 10 m
    best = max(points, key=lambda point: point["iou"])
    assert 0.6 <= best["tz"] <= 1.6  # the true pose has its peak where the person is
    expect(blade.locator("#blade-valley")).to_contain_text("f grows in proportion to Tz")
    assert blade.locator("#blade-chart .scatterlayer .trace").count() >= 3


def test_a_brush_adds_and_erases_and_all_of_it_can_be_undone(blade: Page):
    before, first = area(blade), state(blade)["answer"]["solved"]["iou"]
    canvas = blade.locator("#blade-paint canvas")
    canvas.scroll_into_view_if_needed()
    canvas.focus()
    blade.locator("#blade-tool").get_by_text("Erase").click()
    canvas.focus()
    blade.keyboard.press("Space")  # in the middle of the picture
    blade.wait_for_function(f"{LAB}.mask().of.reduce((a, b) => a + b, 0) < {before}")
    solved(blade)
    blade.locator("#blade-undo").click()
    assert area(blade) == before
    blade.locator("#blade-tool").get_by_text("Add").click()
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    assert box
    blade.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.75 * box["height"])
    blade.mouse.down()
    blade.mouse.move(box["x"] + 0.9 * box["width"], box["y"] + 0.95 * box["height"], steps=4)
    blade.mouse.up()
    assert area(blade) > before
    solved(blade)
    assert state(blade)["answer"]["solved"]["iou"] < first  # nobody is there
    blade.locator("#blade-undo").click()
    assert area(blade) == before
    solved(blade)


def test_an_emptied_mask_is_told_and_comes_back(blade: Page):
    blade.locator("#blade-clear").click()
    expect(blade.locator("#blade-said")).to_contain_text("The mask is empty")
    assert number(blade, "solved", "f, px") == "—"
    expect(blade.locator("#blade-valley")).to_contain_text("Without a mask")
    blade.locator("#blade-reset").click()
    solved(blade)
    expect(blade.locator("#blade-said")).to_be_empty()
    assert number(blade, "solved", "f, px") != "—"


def test_another_body_is_solved_for_the_same_mask(blade: Page):
    blade.locator("#blade-lose").click()
    solved(blade)
    kept = area(blade)
    choose(blade, "HMR (network)")
    assert area(blade) == kept
    choose(blade, "The scene's true body")
    assert area(blade) == kept


def test_the_photo_tabs_result_is_offered(blade: Page):
    blade.get_by_role("tab", name="Photo").click()
    blade.get_by_label("HMR (network)").check()
    blade.get_by_role("button", name="Run", exact=True).click()
    expect(blade.locator("#result-step-text")).to_contain_text("iteration 3", timeout=LONGEST_MS)
    blade.get_by_role("tab", name="BLADE").click()
    choose(blade, "The Photo tab's result (HMR (network))")
    choose(blade, "The scene's true body")


def test_nothing_is_wider_than_a_phone_and_the_stages_stay_in_sight(browser: Browser, app_url: str):
    page = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.goto(app_url)
    open_scene(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#blade-distortion").scroll_into_view_if_needed()
    boxes = [
        page.locator(f"#blade-{name} .hmr-stage").bounding_box() for name in ("distance", "pose", "solved")
    ]
    assert all(box and box["width"] > 90 and 0 <= box["y"] < 100 for box in boxes)
    page.context.close()
