"""The Camera tab: every control changes what it says."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def camera(page: Page) -> Page:
    """The opened tab, drawn."""
    page.get_by_role("tab", name="Camera").click()
    page.locator("#camera-view .hmr-view[data-drawn]").wait_for()
    page.locator("#camera-pictures img").first.wait_for()
    return page


def pictures(page: Page) -> list[str]:
    """The three pictures: perspective, weak, orthographic."""
    return page.locator("#camera-pictures img").evaluate_all("images => images.map(image => image.src)")


def slide(page: Page, slider: str, key: str) -> None:
    page.locator(f"#{slider} input[type=range]").focus()
    page.keyboard.press(key)


@pytest.mark.parametrize(
    ("slider", "changes"),
    [
        ("camera-tz", (True, True, True)),
        ("camera-focal", (True, True, True)),
        ("camera-scale", (False, False, True)),
    ],
)
def test_sliders_change_their_pictures_alone(camera: Page, slider: str, changes: tuple[bool, ...]):
    """Distance and lens leave the orthographic body alone; only the outline over it moves."""
    before = pictures(camera)
    slide(camera, slider, "PageUp")
    camera.wait_for_function(
        "before => [...document.querySelectorAll('#camera-pictures img')]"
        ".some((image, index) => image.src !== before[index])",
        arg=before,
    )
    assert tuple(a != b for a, b in zip(before, pictures(camera), strict=True)) == changes


def test_the_lock_moves_both(camera: Page):
    camera.get_by_label("Dolly zoom").check()
    slide(camera, "camera-tz", "Home")
    numbers = camera.locator("#camera-numbers")
    expect(numbers).to_contain_text("0.60 m")
    expect(numbers).to_contain_text("150 px per m")  # f / Tz, as before
    expect(camera.locator("#camera-focal input[type=number]")).to_have_value("90")


def test_a_number_can_be_typed_digit_by_digit(camera: Page):
    number = camera.locator("#camera-focal input[type=number]")
    number.click()
    number.fill("")
    number.press_sequentially("900", delay=150)
    camera.keyboard.press("Tab")
    expect(camera.locator("#camera-numbers")).to_contain_text("900 px")
    expect(number).to_have_value("900")


def test_projection_and_pose_are_chosen(camera: Page):
    before = pictures(camera)
    camera.get_by_label("Standing").check()
    camera.wait_for_function(
        "before => document.querySelector('#camera-pictures img').src !== before", arg=before[0]
    )
    camera.get_by_label("Orthographic", exact=True).check()
    expect(camera.locator("#camera-pictures .hmr-chosen figcaption")).to_have_text("Orthographic")
