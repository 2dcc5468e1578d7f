"""Looking closely: by the list of parts, the wheel, the right button, two fingers; nothing is lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.world_page import CAMERA, PLOT, opened, rest

pytestmark = pytest.mark.browser

PLACE = f"""(joint) => {{
  const count = posed.joints.length / 3;
  const point = [posed.joints[joint], -posed.joints[2 * count + joint], posed.joints[count + joint]];
  const {{ left, top }} = {PLOT}.getBoundingClientRect();
  const [x, y] = onScreen({PLOT}, point);
  return [left + x, top + y];
}}"""
WRIST, ELBOW, HEAD = 20, 18, 15
MOST_LOOKS = 250


@pytest.fixture
def hands(skeleton_view: Page) -> Page:
    """A body at rest with fingers; its left wrist is chosen."""
    opened(skeleton_view, "open-smplx")
    skeleton_view.evaluate(
        """async (person) => {
          window.posed = await body.pose(person);
          await view.set(await worldOf(body, person, { selected: 20 }));
        }""",
        rest("open-smplx"),
    )
    return skeleton_view


def place(page: Page, joint: int) -> tuple[float, float]:
    """Of a joint on the page, once the picture rests."""
    before = page.evaluate(PLACE, joint)
    for _ in range(MOST_LOOKS):
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        now = page.evaluate(PLACE, joint)
        if now == before:
            return now[0], now[1]
        before = now
    pytest.fail(f"The picture does not come to rest: joint {joint} is at {before}")


def length(page: Page) -> float:
    """Of the left forearm on the page: how close the view is."""
    (x, y), (u, v) = place(page, WRIST), place(page, ELBOW)
    return ((x - u) ** 2 + (y - v) ** 2) ** 0.5


def middle(page: Page) -> tuple[float, float]:
    box = page.locator(".hmr-plot").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def look_at(page: Page, part: str) -> None:
    page.get_by_label("Look at").select_option(part)


def test_a_part_is_brought_into_the_middle_and_close(hands: Page):
    whole = length(hands)
    x, y = middle(hands)
    for part, joint, near in (("left hand", 28, 120), ("face", HEAD, 120), ("chosen joint", WRIST, 2)):
        look_at(hands, part)
        u, v = place(hands, joint)
        assert abs(u - x) < near and abs(v - y) < near, part
        assert length(hands) > 3 * whole
    look_at(hands, "whole body")
    assert length(hands) == pytest.approx(whole, rel=0.02)


def test_a_close_look_stays_when_the_body_changes_and_can_be_taken_from_all_sides(hands: Page):
    look_at(hands, "left hand")
    eye = hands.evaluate(CAMERA)
    hands.evaluate(
        "async (p) => view.set(await worldOf(body, { ...p, betas: [2] }, { selected: 20 }))",
        rest("open-smplx"),
    )
    hands.get_by_label("Ground").uncheck()  # drawn from the start
    hands.wait_for_function(f"{PLOT}.data.every((trace) => trace.line?.color !== '#8a94a6')")
    assert hands.evaluate(CAMERA) == pytest.approx(eye, abs=1e-4)
    close = length(hands)
    hands.get_by_role("button", name="Front").click()
    assert length(hands) > 0.6 * close
    expect(hands.get_by_label("Look at")).to_have_value("left hand")


def test_another_bodys_hand_is_looked_at_anew(hands: Page):
    look_at(hands, "left hand")
    opened(hands, "open-smpl")
    hands.evaluate(
        """async (person) => {
          window.posed = await body.pose(person);
          await view.set(await worldOf(body, person, { selected: 20 }));
        }""",
        rest("open-smpl"),
    )
    hands.wait_for_function(  # the picture follows the view by some frames
        f"([x, y]) => {{ const [u, v] = ({PLACE})(22); return Math.hypot(u - x, v - y) < 60; }}",
        arg=middle(hands),
    )
    expect(hands.get_by_label("Look at")).to_have_value("left hand")


def test_the_wheel_comes_closer_to_what_it_points_at(hands: Page):
    before = length(hands)
    x, y = place(hands, WRIST)
    hands.mouse.move(x, y)
    for _ in range(4):
        hands.mouse.wheel(0, -300)
    hands.wait_for_function("document.querySelector('.hmr-look select').value === 'own view'")
    hands.wait_for_function(f"(least) => ({PLACE})(18)[0] < least", arg=place(hands, ELBOW)[0] + 1)
    assert length(hands) > 3 * before
    u, v = place(hands, WRIST)
    assert abs(u - x) < 25 and abs(v - y) < 25  # the wrist is not quite as deep as the middle


def test_the_right_button_takes_the_body_along_but_never_away(hands: Page):
    x, y = middle(hands)
    u, v = place(hands, HEAD)
    hands.mouse.move(x, y)
    hands.mouse.down(button="right")
    hands.mouse.move(x + 80, y + 50, steps=4)
    hands.mouse.up(button="right")
    moved = place(hands, HEAD)
    assert abs(moved[0] - u - 80) < 12 and abs(moved[1] - v - 50) < 12
    for _ in range(8):
        hands.mouse.move(20, 20)
        hands.mouse.down(button="right")
        hands.mouse.move(800, 500, steps=3)
        hands.mouse.up(button="right")
    visible = [place(hands, joint) for joint in range(22)]
    assert any(0 < a < 900 and 0 < b < 640 for a, b in visible)


def test_two_fingers_come_closer(hands: Page):
    before = length(hands)
    x, y = middle(hands)
    touch = """([type, points]) => {
      for (const [id, x, y] of points) {
        const event = { pointerId: id, pointerType: "touch", clientX: x, clientY: y, bubbles: true };
        document.querySelector(".hmr-plot").dispatchEvent(new PointerEvent(type, event));
      }
    }"""
    hands.evaluate(touch, ["pointerdown", [[1, x - 50, y], [2, x + 50, y]]])
    hands.evaluate(touch, ["pointermove", [[1, x - 100, y], [2, x + 100, y]]])
    hands.evaluate(touch, ["pointerup", [[1, x - 100, y], [2, x + 100, y]]])
    assert length(hands) == pytest.approx(2 * before, rel=0.15)


def test_names_that_have_no_room_come_back_closer(hands: Page):
    hands.get_by_label("Names").check()
    seen = ".hmr-name >> visible=true"
    expect(hands.locator(".hmr-name")).to_have_count(55)
    fingers = hands.locator(seen).filter(has_text="left index")
    far = fingers.count()
    look_at(hands, "left hand")
    expect(fingers).not_to_have_count(far)
    assert fingers.count() > far


OUTSIDE = f"""() => {{
  const {{ clientWidth: width, clientHeight: height }} = {PLOT};
  const outside = (at) => !at || at[0] < 0 || at[0] > width || at[1] < 0 || at[1] > height;
  return {PLOT}.data.filter(({{ type }}) => type === "mesh3d").map(({{ x, y, z }}) => (
    Array.from(x, (_, n) => onScreen({PLOT}, [x[n], y[n], z[n]])).filter(outside).length));
}}"""
CROWD = """async ([person, depths]) => {
  const { vertices: points, joints } = await body.pose(person);
  const bodies = depths.map((depth, n) => (
    { name: `body ${n}`, points, joints, mesh: body.mesh, shift: [1.2 * n, 0, -depth] }));
  await view.set({ bodies, floor: true });
}"""


@pytest.mark.parametrize("depths_m", [(0.0,), (0.0, 4.0), (5.0, 0.0, 2.0), (3.0, 2.0, 1.0, 0.0)])
def test_every_vertex_is_in_sight_at_first_and_from_every_side(view: Page, depths_m: tuple[float, ...]):
    opened(view, "open-smpl")
    view.evaluate(CROWD, [rest("open-smpl"), depths_m])
    assert view.evaluate(OUTSIDE) == [0] * len(depths_m)
    for side in ("Front", "Side", "Top"):
        view.get_by_role("button", name=side).click()
        view.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        assert view.evaluate(OUTSIDE) == [0] * len(depths_m), side


def test_a_pose_that_stays_in_sight_does_not_move_the_view(hands: Page):
    raised = rest("open-smplx")
    raised["theta"][16], raised["theta"][17] = (
        [0.0, 0.0, 1.3],
        [0.0, 0.0, -1.3],
    )  # beyond the box, in the picture
    show = """async (person) => {
      const { bodies } = await worldOf(body, person, { selected: 20 });
      await view.set({ bodies });
    }"""
    hands.evaluate(show, rest("open-smplx"))
    first = place(hands, 0)
    hands.evaluate(show, raised)
    assert place(hands, 0) == pytest.approx(first, abs=1)
    assert hands.evaluate(OUTSIDE) == [0]


def test_the_whole_is_in_sight_in_a_narrow_picture_and_as_large_as_before_in_a_wide_one(view: Page):
    opened(view, "open-smpl")
    view.evaluate(CROWD, [rest("open-smpl"), (0.0, 1.0, 0.0)])
    first = view.evaluate(CAMERA)
    for width in (300, 900):
        view.evaluate("(width) => { holder.style.width = `${width}px`; }", width)
        view.wait_for_function(
            f"(width) => {PLOT}._fullLayout.width > width - 30 && {PLOT}._fullLayout.width <= width",
            arg=width,
        )
        assert view.evaluate(OUTSIDE) == [0, 0, 0]
    assert view.evaluate(CAMERA) == pytest.approx(first, abs=1e-6)


def test_an_own_view_stays_when_a_body_comes_or_goes_beside_it(hands: Page):
    show = """async ([person, from, to]) => {
      const [one] = (await worldOf(body, person)).bodies;
      const bodies = [one, { ...one, shift: [1.2, 0, 0] }, { ...one, shift: [9, 0, 0] }].slice(from, to);
      await view.set({ bodies, floor: true });
    }"""
    hands.evaluate(show, [rest("open-smplx"), 0, 1])
    x, y = place(hands, WRIST)
    hands.mouse.move(x, y)
    hands.mouse.wheel(0, -300)
    expect(hands.get_by_label("Look at")).to_have_value("own view")
    seen = place(hands, WRIST)
    for count in (2, 1):
        hands.evaluate(show, [rest("open-smplx"), 0, count])
        assert place(hands, WRIST) == pytest.approx(seen, abs=1), count
    hands.evaluate(show, [rest("open-smplx"), 1, 3])
    hands.evaluate(show, [rest("open-smplx"), 2, 3])
    expect(hands.get_by_label("Look at")).to_have_value("whole body")
