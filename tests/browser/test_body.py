"""The Body tab: every control does what it says, here and at once, and nothing from outside breaks it."""

import base64
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import trimesh
from playwright.sync_api import Browser, Page, ViewportSize, expect
from scipy.spatial.transform import Rotation

from tests.browser.conftest import DESKTOP, Watch
from workbench.body.joints import SMPL_JOINTS
from workbench.body.known import known_bodies
from workbench.body.measures import arm_span_m, height_m, volume_litres
from workbench.body.presets import mirror, preset
from workbench.figures import person_state
from workbench.figures.person_state import PersonState

pytestmark = pytest.mark.browser

LAB = ".hmr-body-lab"
HOOK = f"document.querySelector('{LAB}').lab"
SCENE = "#body-scene"
SAID = "#body-said"
CAMERA = f"() => document.querySelector('{SCENE} .hmr-plot')._fullLayout.scene._scene.getCamera().eye"
BETAS = [f"body-beta-{n}" for n in range(10)]
ANGLES = [f"body-angle-{axis}" for axis in "xyz"]
FINGERS = ("thumb-curl", "index-curl", "middle-curl", "ring-curl", "pinky-curl", "spread")
MOVES = [f"body-move-{side}-hand-{move}" for side in ("left", "right") for move in FINGERS]
MOVES += [f"body-move-face-{move}" for move in ("jaw-opens", "eyes-look-left", "eyes-look-up")]
PHONE: ViewportSize = {"width": 390, "height": 844}


def drawn(page: Page) -> None:
    """Wait until what is shown is the newest person and look."""
    page.wait_for_function(f"() => {HOOK}.drawn()")


def vertices(page: Page) -> torch.Tensor:
    """The person as drawn."""
    drawn(page)
    return torch.tensor(page.evaluate(f"Array.from({HOOK}.vertices())")).reshape(3, -1).T


def person(page: Page) -> PersonState:
    data = page.evaluate(f"{HOOK}.store.get()")
    return person_state.from_dict({"format": person_state.FORMAT, **data}, known_bodies())


def give(page: Page, state: PersonState) -> None:
    data = {key: value for key, value in person_state.to_dict(state).items() if key != "format"}
    page.evaluate(f"person => {HOOK}.store.set(person)", data)


def random_person(tag: str, spread_rad: float = 0.4) -> PersonState:
    rest = person_state.rest(known_bodies()[tag])
    betas, expression = (torch.randn_like(part).clamp(-2, 2) for part in (rest.betas, rest.expression))
    theta = (spread_rad * torch.randn_like(rest.theta)).clamp(-3, 3)
    return PersonState(rest.body, betas, expression, theta)


def distance_m(page: Page, state: PersonState) -> float:
    """Of the drawn vertices from Python's, at most."""
    return float((vertices(page) - state.mesh().vertices_m).norm(dim=1).max())


def number(page: Page, slider: str, value: float) -> None:
    box = page.locator(f"#{slider} input[type=number]")
    box.fill(f"{value:g}")
    box.press("Tab")


def pick(page: Page, id_: str, text: str) -> None:
    page.locator(f"#{id_} select").select_option(text)


def link_of(data: Any) -> str:
    return "#person=" + base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


@pytest.fixture(scope="module")
def opened(browser: Browser, app_url: str) -> Iterator[tuple[Page, Watch]]:
    """One page for all tests, because opening the app takes longer than most of them."""
    page = browser.new_context(viewport=DESKTOP).new_page()
    page.set_default_timeout(30_000)
    watch = Watch()
    watch.on(page, app_url)
    page.goto(app_url)
    page.get_by_role("tab", name="Body").click()
    page.locator(f"{LAB}[data-drawn]").wait_for()
    yield page, watch
    page.context.close()


FIRST: dict[str, Any] = {"joint": SMPL_JOINTS.index("left_shoulder"), "stage": "skinned", "coloring": "plain"}
AFRESH = f"""([person, look]) => {{
  {HOOK}.store.set(person);
  {HOOK}.view.set(look);
  document.querySelectorAll("{LAB} details").forEach((part) => {{ part.open = false; }});
  document.querySelector("#body-way input").click();
  document.querySelector("{SAID}").textContent = "";
  scrollTo(0, 0);
}}"""


@pytest.fixture
def body(opened: tuple[Page, Watch]) -> Iterator[Page]:
    """The tab as it is at first, but for the person's history; it must behave."""
    page, watch = opened
    first = person_state.to_dict(person_state.rest(known_bodies()["open-smpl"]))
    first.pop("format")
    page.evaluate(AFRESH, [first, FIRST])
    drawn(page)
    yield page
    errors, outside = list(watch.errors), list(watch.requests_outside)
    watch.errors.clear()
    assert errors == [] and outside == []


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
    body.wait_for_timeout(800)  # it has come to rest
    assert calls == []
    body.locator("#body-undo").click()
    assert torch.equal(vertices(body), first)
    expect(body.locator("#body-beta-1 input[type=number]")).to_have_value("0")


def test_new_data_never_moves_the_visitors_view(body: Page):
    plot = body.locator(f"{SCENE} .hmr-plot").bounding_box()
    assert plot is not None
    body.mouse.move(plot["x"] + plot["width"] / 2, plot["y"] + plot["height"] / 2)
    body.mouse.wheel(0, -240)
    body.mouse.down()
    body.mouse.move(plot["x"] + plot["width"] / 2 + 90, plot["y"] + plot["height"] / 2 + 20, steps=4)
    body.mouse.up()
    body.wait_for_timeout(500)
    eye = body.evaluate(CAMERA)
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
    assert person(body).betas[0] == 3
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
    number(body, "body-beta-2", 2)
    body.keyboard.press("Control+z")
    assert not person(body).betas.any() and person(body).theta.any()
    body.keyboard.press("Control+z")
    assert not person(body).theta.any()
    expect(body.locator("#body-redo")).to_be_enabled()
    body.keyboard.press("Control+Shift+Z")
    body.locator("#body-redo").click()
    assert person(body).betas[2] == 2
    expect(body.locator("#body-redo")).to_be_disabled()


def test_a_rotation_is_the_same_in_every_notation(body: Page):
    body.evaluate(f"document.querySelectorAll('{LAB} details').forEach((part) => {{ part.open = true; }})")
    body.locator("#body-way").get_by_text("Euler XYZ").click()
    angles = (20.0, -40.0, 65.0)
    for slider, angle in zip(ANGLES, angles, strict=True):
        number(body, slider, angle)
    turn = Rotation.from_euler("XYZ", angles, degrees=True)
    shoulder = person(body).theta[SMPL_JOINTS.index("left_shoulder")]
    np.testing.assert_allclose(shoulder, turn.as_rotvec(), atol=1e-5)
    for slider, angle in zip(
        ANGLES, angles, strict=True
    ):  # not replaced by other angles of the same rotation
        expect(body.locator(f"#{slider} input[type=number]")).to_have_value(f"{angle:g}")
    drawn(body)
    rows = body.locator("#body-rotation tbody td").all_inner_texts()
    matrix = turn.as_matrix()
    for text, numbers in zip(
        rows,
        (turn.as_rotvec(), turn.as_rotvec() / turn.magnitude(), angles, matrix[:, :2].T, matrix),
        strict=True,
    ):
        np.testing.assert_allclose([float(n) for n in text.split()], np.ravel(numbers), atol=6e-4)
    body.locator("#body-way").get_by_text("axis-angle").click()
    degrees = f"{np.rad2deg(turn.as_rotvec()[0]):.1f}"
    expect(body.locator("#body-angle-x input[type=number]")).to_have_value(f"{float(degrees):g}")


def test_a_click_on_a_joint_chooses_it(body: Page):
    place = """async () => {
      const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
      const { onScreen } = await import(loaded.find((name) => /views|bundle/.test(name)));
      const plot = document.querySelector("#body-scene .hmr-plot");
      const joints = plot.data.find((trace) => trace.mode?.includes("markers"));
      const { left, top } = plot.getBoundingClientRect();
      const [x, y] = onScreen(plot, [joints.x[5], joints.y[5], joints.z[5]]);
      return [left + x, top + y];
    }"""
    body.mouse.click(*body.evaluate(place))
    assert body.locator("#body-joint select").input_value() == "right knee"
    number(body, "body-angle-x", 30)
    assert person(body).theta[SMPL_JOINTS.index("right_knee"), 0] == pytest.approx(np.pi / 6, abs=1e-6)


def test_the_four_stages_are_drawn_with_their_numbers(body: Page):
    state = random_person("open-smpl")
    give(body, state)
    model = state.body.load()
    shaped = model.with_shape(state.betas)
    posed = shaped.with_pose(state.theta)
    stages = {
        "a · template": model.v_template,
        "b · shape": shaped.vertices_m,
        "c · pose correctives": posed.rest_vertices_m,
        "d · skinned": posed.mesh().vertices_m,
    }
    read = f"document.querySelector('{SCENE}').bodyView.vertices().map((column) => Array.from(column))"
    for name, expected in stages.items():
        body.locator("#body-stage").get_by_text(name).click()
        drawn(body)
        x, away, up = torch.tensor(body.evaluate(read))
        assert (torch.stack((x, up, -away), dim=1) - expected).norm(dim=1).max() < 1e-4, name
    rows = body.locator("#body-stages tbody tr").all_inner_texts()
    parts = list(stages.values())
    for row, before, after in zip(rows, parts[:-1], parts[1:], strict=True):
        moved = 1000 * (after - before).norm(dim=1)
        largest, mean = (float(cell) for cell in row.split("\t")[1:3])
        assert largest == pytest.approx(float(moved.max()), abs=0.6)
        assert mean == pytest.approx(float(moved.mean()), abs=0.6)
    body.locator("#body-stage").get_by_text("all four").click()
    drawn(body)
    kinds = body.evaluate(f"document.querySelector('{SCENE} .hmr-plot').data.map((trace) => trace.type)")
    assert kinds.count("mesh3d") == 4


def test_every_colouring_shows_what_it_says(body: Page):
    give(body, random_person("open-smpl"))
    legend = body.locator(f"{SCENE} .hmr-legend")
    for coloring, text in (
        ("body part", "left knee"),
        ("skinning weight of the joint", "weight of the left shoulder"),
        ("offset of the stage, mm", "mm"),
        ("joint regressor: vertices of the joint", "weight in the left shoulder"),
    ):
        pick(body, "body-coloring", coloring)
        expect(legend).to_contain_text(text)
    pick(body, "body-joint", "right knee")
    expect(legend).to_contain_text("weight in the right knee")
    pick(body, "body-coloring", "plain")
    expect(legend).to_be_hidden()


def test_the_regressor_of_a_joint_is_the_models(body: Page):
    body.locator(f"{LAB} summary", has_text="Joint regressor").click()
    pick(body, "body-joint", "right knee")
    drawn(body)
    cells = body.locator("#body-regressor tbody tr").all_inner_texts()
    regressor = known_bodies()["open-smpl"].load().joint_regressor
    assert regressor is not None
    for cell in cells:
        vertex, weight = cell.split()
        expected = float(regressor[SMPL_JOINTS.index("right_knee"), int(vertex)])
        assert float(weight) == pytest.approx(expected, abs=1e-4)


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


def test_a_copied_link_opens_the_same_person_elsewhere(body: Page):
    body.context.grant_permissions(["clipboard-read", "clipboard-write"])
    given = random_person("open-smplx")
    give(body, given)
    body.locator("#body-copy-link").click()
    expect(body.locator(SAID)).to_contain_text("Link copied")
    link = body.evaluate("navigator.clipboard.readText()")
    assert link == body.url
    other = body.context.new_page()
    other.goto(link)
    other.locator(f"{LAB}[data-drawn]").wait_for()  # the link opens the tab
    assert distance_m(other, given) < 1e-3
    other.locator("#body-reset").click()
    assert not person(other).theta.any() and person(body).theta.any()  # two pages, two persons
    other.close()


BAD_LINKS = {
    "damaged": "#person=%%%",
    "cut": "#person=eyJmb3Jt",
    "nobody": link_of({}),
    "not a number": link_of(
        {**person_state.to_dict(person_state.rest(known_bodies()["open-smpl"])), "betas": [None] * 10}
    ),
    "another body": link_of(
        {**person_state.to_dict(person_state.rest(known_bodies()["open-smpl"])), "body": "smpl-x"}
    ),
}


def test_bad_links_are_said_and_the_first_body_is_kept(body: Page):
    for link in BAD_LINKS.values():
        body.evaluate("link => { location.hash = link; }", link)
        expect(body.locator(SAID)).to_contain_text("could not be opened")
        assert not person(body).theta.any()
    other = body.context.new_page()
    other.goto(body.url.split("#")[0] + BAD_LINKS["cut"])
    other.locator(f"{LAB}[data-drawn]").wait_for()
    expect(other.locator(SAID)).to_contain_text("could not be opened")
    pick(other, "body-preset", "sitting")
    assert distance_m(other, person(other)) < 1e-4
    other.close()


@pytest.mark.parametrize("kind", ["json", "npz", "glb", "obj", "ply"])
def test_downloads_are_the_person(body: Page, kind: str, tmp_path: Path):
    state = random_person("open-smpl")
    give(body, state)
    with body.expect_download() as download:
        body.locator(f"#body-save-{kind}").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == f".{kind}"
    if kind in ("json", "npz"):
        give(body, person_state.rest(state.body))
        body.locator("#body-open").set_input_files(path)
        expect(body.locator(SAID)).to_contain_text("is open")
        torch.testing.assert_close(person(body).theta, state.theta)
        return
    mesh = trimesh.load_mesh(path, process=False)
    assert len(mesh.faces) == len(state.body.load().faces)
    np.testing.assert_allclose(
        mesh.bounds, np.stack([v.numpy() for v in torch.aminmax(state.mesh().vertices_m, dim=0)]), atol=1e-4
    )


def test_files_that_are_no_person_are_said_and_nothing_is_lost(body: Page, tmp_path: Path):
    pick(body, "body-preset", "lunge")
    before = person(body).theta
    stream = io.BytesIO()
    np.savez(stream, betas=np.full(10, np.nan))
    files = {
        "list.json": b"[]",
        "text.json": b"\xff\xfe{",
        "nan.npz": stream.getvalue(),
        "large.json": b" " * 10**6,
    }
    for name, content in files.items():
        path = tmp_path / name
        path.write_bytes(content)
        body.locator("#body-open").set_input_files(path)
        expect(body.locator(SAID)).to_contain_text(name)
        expect(body.locator(SAID)).to_have_class("hmr-note hmr-bad")
        assert torch.equal(person(body).theta, before)


def test_the_copied_code_makes_the_same_mesh(body: Page):
    body.context.grant_permissions(["clipboard-read", "clipboard-write"])
    give(body, random_person("open-smplx"))
    body.locator("#body-python summary").click()
    expect(body.locator("#body-code")).to_contain_text("load_body")
    body.locator("#body-copy-code").click()
    expect(body.locator(SAID)).to_contain_text("Python copied")
    names: dict = {}
    exec(body.evaluate("navigator.clipboard.readText()"), names)
    assert (vertices(body) - names["mesh"].vertices_m).norm(dim=1).max() < 1e-4
    number(body, "body-beta-0", 1.75)
    expect(body.locator("#body-code")).to_contain_text("1.75")  # once it rests


def test_each_page_has_its_own_person(body: Page, app_url: str):
    pick(body, "body-preset", "sitting")
    other = body.context.new_page()
    other.goto(app_url)
    other.get_by_role("tab", name="Body").click()
    other.locator(f"{LAB}[data-drawn]").wait_for()
    assert not person(other).theta.any()
    number(other, "body-beta-0", 2)
    assert not person(body).betas.any()
    other.close()


def test_nothing_is_lost_by_looking_at_another_tab(body: Page):
    pick(body, "body-preset", "sitting")
    body.get_by_role("tab", name="Photo").click()
    body.get_by_role("tab", name="Body").click()
    assert person(body).theta.any()
    number(body, "body-beta-0", 1)
    assert distance_m(body, person(body)) < 1e-4


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
