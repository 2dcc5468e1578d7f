"""The page as a whole: phones, browsers without WebGL, programs."""

import json
import urllib.request

import pytest
from gradio_client import Client, handle_file
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

PHONE = {"width": 390, "height": 844}
TABS = ("Photo", "Body", "Camera")


def overflow_px(page: Page) -> int:
    """How much wider the page is than its window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_nothing_is_wider_than_a_phone(page: Page, scene_file):
    page.locator("#photo-input input[type=file]").set_input_files(scene_file)
    page.locator("#photo-picker button.hmr-box").first.wait_for()
    page.get_by_role("button", name="Run", exact=True).tap()
    page.locator("#result-world .hmr-view[data-drawn]").wait_for(timeout=90_000)
    for title in ("Parameters at this step", "Copy as Python"):
        page.get_by_role("button", name=title).first.click()
    page.get_by_text("A box in numbers").click()
    assert overflow_px(page) <= 0
    for tab in TABS[1:]:
        page.get_by_role("tab", name=tab).click()
        page.locator(f"#{tab.lower()}-lab [data-drawn]").first.wait_for()
        assert overflow_px(page) <= 0, tab


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_the_body_stays_in_sight_while_its_sliders_are_moved(page: Page):
    page.get_by_role("tab", name="Body").click()
    page.locator("#body-lab [data-drawn]").first.wait_for()
    page.locator("#body-beta-9").scroll_into_view_if_needed()
    expect(page.locator("#body-scene .hmr-plot")).to_be_in_viewport(ratio=0.9)


def test_every_slider_has_a_name(page: Page):
    for tab in TABS:
        page.get_by_role("tab", name=tab).click()
        if tab != "Photo":
            page.locator(f"#{tab.lower()}-lab [data-drawn]").first.wait_for()
        names = page.locator("input[type=range]").evaluate_all(
            "sliders => sliders.map(s => s.getAttribute('aria-label') || s.labels?.[0]?.innerText || '')"
        )
        assert all(name.strip() and "undefined" not in name for name in names), (tab, names)


def test_a_browser_without_webgl_is_told(app_url: str, chromium_path: str, browser):
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(
        "const get = HTMLCanvasElement.prototype.getContext;"
        "HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {"
        " return kind.includes('webgl') ? null : get.call(this, kind, ...rest); };"
    )
    page.goto(app_url)
    page.get_by_role("tab", name="Body").click()
    expect(page.locator("#body-scene")).to_contain_text("WebGL")
    context.close()


def test_programs_call_the_same_functions(app_url: str, scene_file):
    client = Client(app_url, verbose=False)
    found = client.predict(handle_file(scene_file), api_name="/find_people")
    assert len(found) == 1
    box = found[0]["box_px"]
    answer = client.predict(handle_file(scene_file), "smplify", [box], 1250, api_name="/recover")
    assert answer[0]["camera"]["focal_px"] == 1250
    assert len(answer[0]["params"]["theta"]) == 24
    with pytest.raises(Exception, match="box"):
        client.predict(handle_file(scene_file), "smplify", [[1, 2]], None, api_name="/recover")


def test_nobody_reads_files_of_the_machine(app_url: str, tmp_path):
    """A path that was not uploaded is refused, although the handlers read values raw."""
    private = tmp_path / "private.png"
    private.write_bytes(b"secret")
    for meta in ({"meta": {"_type": "gradio.FileData"}}, {}):
        body = json.dumps({"data": [{"path": str(private), **meta}]}).encode()
        call = urllib.request.Request(
            f"{app_url}gradio_api/call/find_people", body, {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(call) as answer:
            event = json.load(answer)["event_id"]
        with urllib.request.urlopen(f"{app_url}gradio_api/call/find_people/{event}") as answer:
            text = answer.read().decode()
        assert "event: error" in text
        assert "private.png" not in text  # not even opened
