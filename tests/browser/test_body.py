"""The Body tab's sliders and buttons: each does what it says, here and at once."""

import pytest
import torch
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.body_tab import (
    LAB,
    SCENE,
    distance_m,
    drawn,
    give,
    number,
    person,
    pick,
    random_person,
    rested,
    vertices,
)
from workbench.body.joints import SMPL_JOINTS
from workbench.body.measures import arm_span_m, height_m, volume_litres
from workbench.body.presets import mirror, preset

pytestmark = pytest.mark.browser

CAMERA = f"() => document.querySelector('{SCENE} .hmr-plot')._fullLayout.scene._scene.getCamera().eye"
BETAS = [f"body-beta-{n}" for n in range(10)]
ANGLES = [f"body-angle-{axis}" for axis in "xyz"]
FINGERS = ("thumb-curl", "index-curl", "middle-curl", "ring-curl", "pinky-curl", "spread")
MOVES = [f"body-move-{side}-hand-{move}" for side in ("left", "right") for move in FINGERS]
MOVES += [f"body-move-face-{move}" for move in ("jaw-opens", "eyes-look-left", "eyes-look-up")]
MOST_LOOKS = 250
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def body_x(body: Page) -> Page:
    """With the SMPL-X body, everything folded out."""
    pick(body, "body-choice", "Open body, SMPL-X format")
    body.locator("#body-beta-0").wait_for()
    expect(body.locator("#body-facts")).to_contain_text("10,475 vertices")
    body.evaluate(f"document.querySelectorAll('{LAB} details').forEach((part) => {{ part.open = true; }})")
    return body


def press_every(page: Page, sliders: list[str]) -> None:
    """Each slider, moved by a key, moves the mesh, and its number with it."""
    before = vertices(page)
    for slider in sliders:
        was = page.locator(f"#{slider} input[type=number]").input_value()
        page.locator(f"#{slider} input[type=range]").press("PageUp")
        assert page.locator(f"#{slider} input[type=number]").input_value() != was, slider
        after = vertices(page)
        assert not torch.equal(after, before), slider
        before = after
    assert distance_m(page, person(page)) < 1e-4


def test_every_slider_moves_the_mesh(body: Page):
    press_every(body, BETAS + ANGLES)
    pick(body, "body-joint", "right knee")
    expect(body.locator("#body-angle-x input[type=number]")).to_have_value("0")
    press_every(body, ANGLES)
    expect(body.locator("#body-facts")).to_contain_text("2 of 24")


def test_hands_face_and_expression_have_sliders_where_the_body_has_them(body_x: Page):
    press_every(body_x, [*MOVES, *(f"body-expression-{n}" for n in range(10))])
    pick(body_x, "body-joint", "left index2")
    press_every(body_x, ANGLES)
    body_x.locator("#body-random-expression").click()
    assert person(body_x).expression.all()
    body_x.locator("#body-neutral").click()
    assert not person(body_x).expression.any()
    pick(body_x, "body-choice", "Open body, SMPL format")
    expect(body_x.locator("#body-facts")).to_contain_text("6,890 vertices")
    expect(body_x.locator(f"#{MOVES[0]}")).to_have_count(0)


@pytest.mark.parametrize("tag", ["open-smpl", "open-smplx"])
def test_the_browser_makes_the_same_vertices_as_python(body: Page, tag: str):
    for spread_rad in (0.2, 0.6, 1.0):
        state = random_person(tag, spread_rad)
        give(body, state)
        assert distance_m(body, state) < 1e-4


def test_facts_are_pythons(body: Page):
    state = random_person("open-smpl")
    give(body, state)
    drawn(body)
    shaped, mesh = state.body.load().with_shape(state.betas).vertices_m, state.mesh()
    facts = body.locator("#body-facts")
    expect(facts).to_contain_text(f"{float(height_m(shaped)):.2f} m")
    expect(facts).to_contain_text(f"{float(arm_span_m(shaped)):.2f} m")
    expect(facts).to_contain_text(f"{float(volume_litres(mesh.vertices_m, mesh.faces)):.1f} L")


def test_dragging_a_slider_asks_the_server_nothing_and_is_one_step_to_undo(body: Page):
    slider = body.locator("#body-beta-1 input[type=range]")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    first = vertices(body)
    calls: list[str] = []
    body.on("request", lambda request: calls.append(request.url))
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    body.mouse.move(x, y)
    body.mouse.down()
    body.mouse.move(x + 60, y, steps=15)
    assert not torch.equal(vertices(body), first)
    body.mouse.up()
    rested(body)
    assert calls == []
    body.locator("#body-undo").click()
    assert torch.equal(vertices(body), first)
    expect(body.locator("#body-beta-1 input[type=number]")).to_have_value("0")


def resting_eye(page: Page) -> dict[str, float]:
    """Where the viewer stands once drag and zoom have run out: the same in ten looks, one after another."""
    looks = [page.evaluate(CAMERA)]
    for _ in range(MOST_LOOKS):
        page.wait_for_timeout(80)
        looks.append(page.evaluate(CAMERA))
        if len(looks) >= 10 and all(eye == looks[-1] for eye in looks[-10:]):
            return looks[-1]
    pytest.fail(f"The view does not come to rest: {looks[-3:]}")


def test_new_data_never_moves_the_visitors_view(body: Page):
    plot = body.locator(f"{SCENE} .hmr-plot").bounding_box()
    assert plot is not None
    body.mouse.move(plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2)
    body.mouse.wheel(0, -240)
    body.mouse.down()
    body.mouse.move(plot["x"] + plot["width"] / 2 + 90, plot["y"] + plot["height"] / 2 + 20, steps=4)
    body.mouse.up()
    eye = resting_eye(body)
    number(body, "body-beta-1", 1.5)
    drawn(body)
    assert body.evaluate(CAMERA) == pytest.approx(eye, abs=1e-6)
    pick(body, "body-coloring", "offset of the stage, mm")  # draws everything anew
    drawn(body)
    assert body.evaluate(CAMERA) == pytest.approx(eye, abs=1e-6)


def test_typed_numbers_are_brought_within_limits_and_half_typed_ones_change_nothing(body: Page):
    rest = vertices(body)
    box = body.locator("#body-beta-0 input[type=number]")
    box.fill("")
    assert torch.equal(vertices(body), rest)
    box.press("Tab")
    expect(box).to_have_value("0")
    number(body, "body-beta-0", 999)
    expect(box).to_have_value("3")
    said = body.locator("#body-beta-0 [role=status]")
    expect(said).to_have_text("limit 3")
    expect(said).to_be_empty()  # after a moment
    assert person(body).betas[0] == 3
    number(body, "body-beta-0", -999)
    expect(said).to_have_text("limit −3")
    number(body, "body-beta-0", -1.234)
    expect(body.locator("#body-beta-0 input[type=range]")).to_have_value("-1.25")
    assert person(body).betas[0] == pytest.approx(-1.234)


def test_poses_by_name_mirror_random_and_reset(body: Page):
    for name in ("sitting", "waving"):
        pick(body, "body-preset", name)
        torch.testing.assert_close(person(body).theta, preset(name, SMPL_JOINTS), atol=2e-6, rtol=0)
    body.locator("#body-mirror").click()
    expected = mirror(preset("waving", SMPL_JOINTS), SMPL_JOINTS)
    torch.testing.assert_close(person(body).theta, expected, atol=2e-6, rtol=0)
    assert body.locator("#body-preset select").input_value() == "own pose"
    body.locator("#body-random-pose").click()
    body.locator("#body-random-shape").click()
    state = person(body)
    assert not state.theta[0].any() and state.theta[1:].any(dim=1).all() and state.betas.all()
    assert distance_m(body, state) < 1e-4
    body.locator("#body-rest-pose").click()
    assert not person(body).theta.any() and person(body).betas.any()
    assert body.locator("#body-preset select").input_value() == "T-pose"
    body.locator("#body-mean-shape").click()
    assert not person(body).betas.any()
    pick(body, "body-preset", "squat")
    body.locator("#body-reset").click()
    assert not person(body).theta.any()


def test_undo_and_redo_by_buttons_and_keys(body: Page):
    pick(body, "body-preset", "lunge")
    number(body, "body-beta-2", 2)  # typed, and the box left: still one step
    body.keyboard.press("Control+z")
    assert not person(body).betas.any() and person(body).theta.any()
    body.keyboard.press("Control+z")
    assert not person(body).theta.any()
    expect(body.locator("#body-redo")).to_be_enabled()
    body.keyboard.press("Control+Shift+Z")
    body.locator("#body-redo").click()
    assert person(body).betas[2] == 2
    expect(body.locator("#body-redo")).to_be_disabled()


def test_another_body_is_the_same_person_as_far_as_it_goes(body: Page):
    give(body, random_person("open-smpl"))
    before = person(body)
    pick(body, "body-joint", "left knee")
    pick(body, "body-choice", "Open body, SMPL-X format")
    expect(body.locator("#body-facts")).to_contain_text("10,475 vertices")
    after = person(body)
    assert torch.equal(after.betas, before.betas) and torch.equal(after.theta[:22], before.theta[:22])
    assert body.locator("#body-joint select").input_value() == "left knee"
    assert distance_m(body, after) < 1e-4
    body.locator("#body-undo").click()
    expect(body.locator("#body-facts")).to_contain_text("6,890 vertices")
    assert torch.equal(person(body).theta, before.theta)


def test_a_fresh_page_has_nothing_to_undo(page: Page):
    page.get_by_role("tab", name="Body").click()
    expect(page.locator("#body-undo")).to_be_disabled()
    expect(page.locator("#body-redo")).to_be_disabled()
    page.locator("#body-random-pose").click()
    page.locator("#body-undo").click()
    expect(page.locator("#body-undo")).to_be_disabled()


def test_without_webgl_the_numbers_still_work(page: Page):
    page.add_init_script("""
      const getContext = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (kind, ...given) {
        return /webgl/.test(kind) ? null : getContext.call(this, kind, ...given);
      };
    """)
    page.reload()
    page.get_by_role("tab", name="Body").click()
    expect(page.locator(SCENE)).to_contain_text("WebGL")
    first = page.locator("#body-facts").inner_text()
    number(page, "body-beta-0", 2)
    expect(page.locator("#body-facts")).not_to_have_text(first, use_inner_text=True)
    assert distance_m(page, person(page)) < 1e-4


@pytest.mark.parametrize("page", [PHONE], indirect=True)
def test_on_a_phone_the_body_stays_in_sight_and_nothing_sticks_out(page: Page):
    page.get_by_role("tab", name="Body").click()
    page.locator(f"{LAB}[data-drawn]").wait_for()
    pick(page, "body-choice", "Open body, SMPL-X format")
    expect(page.locator("#body-facts")).to_contain_text("10,475 vertices")
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    page.locator("#body-beta-8 input[type=range]").focus()
    expect(page.locator("#body-beta-8 input[type=range]")).to_be_in_viewport(ratio=0.95)
    plot = page.locator(f"{SCENE} .hmr-plot").bounding_box()
    slider = page.locator("#body-beta-8 input[type=range]").bounding_box()
    assert plot is not None and slider is not None
    assert plot["y"] >= -1 and plot["y"] + plot["height"] < slider["y"]
    assert slider["height"] >= 44 and slider["y"] + slider["height"] <= PHONE["height"]
