"""The Body tab takes the model apart: rotations, joints, stages, weights and the regressor."""

import re

import numpy as np
import pytest
import torch
from playwright.sync_api import Page, expect
from scipy.spatial.transform import Rotation

from tests.browser.body_tab import LAB, SCENE, drawn, give, number, person, pick, random_person
from workbench.body.joints import SMPL_JOINTS
from workbench.body.known import known_bodies

pytestmark = pytest.mark.browser

ANGLES = [f"body-angle-{axis}" for axis in "xyz"]


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
        np.testing.assert_allclose(
            [float(n) for n in text.replace("−", "-").split()], np.asarray(numbers, float).ravel(), atol=6e-4
        )
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
    body.locator(f"{SCENE} input[name=names]").check()  # of the skinned body alone
    names = body.locator(f"{SCENE} .hmr-name-joint, {SCENE} .hmr-name-chosen")
    expect(names).to_have_count(len(SMPL_JOINTS))
    body.locator(f"{SCENE} input[name=names]").uncheck()


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


def test_a_kept_body_is_compared_with_in_millimetres(body: Page):
    first, other = random_person("open-smpl"), random_person("open-smpl")
    text = body.locator("#body-difference")
    give(body, first)
    pick(body, "body-coloring", "difference to the kept body, mm")
    expect(text).to_contain_text("Keep a body first")
    drawn(body)
    body.locator("#body-keep").click()
    expect(text).to_contain_text("0.0 mm on average (PVE)")
    give(body, other)
    drawn(body)
    ours, theirs = first.mesh(), other.mesh()
    vertices_mm = 1000 * (ours.vertices_m - theirs.vertices_m).norm(dim=1)
    joints_mm = 1000 * (ours.joints_m - theirs.joints_m).norm(dim=1)
    mean, largest, joints = (float(n) for n in re.findall(r"([\d.]+) mm", text.inner_text()))
    assert mean == pytest.approx(float(vertices_mm.mean()), abs=0.6)
    assert largest == pytest.approx(float(vertices_mm.max()), abs=0.6)
    assert joints == pytest.approx(float(joints_mm.mean()), abs=0.6)
    expect(body.locator(f"{SCENE} .hmr-legend")).to_contain_text("difference to the kept body")
    pick(body, "body-choice", "Open body, SMPL-X format")
    expect(text).to_contain_text("another mesh")
    expect(body.locator("#body-coloring select")).to_have_value("plain")  # and the list says so
    expect(body.locator(f"{SCENE} .hmr-legend")).to_be_hidden()
    pick(body, "body-coloring", "difference to the kept body, mm")
    expect(body.locator("#body-coloring select")).to_have_value("plain")
