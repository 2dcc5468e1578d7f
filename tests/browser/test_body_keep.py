"""The Body tab's person in links, files and code; nothing from outside breaks it."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import trimesh
from playwright.sync_api import Page, expect

from tests.browser.body_tab import (
    LAB,
    SAID,
    distance_m,
    give,
    number,
    person,
    pick,
    random_person,
    rested,
    vertices,
)
from workbench.body.known import known_bodies
from workbench.figures import person_state

pytestmark = pytest.mark.browser


def link_of(data: Any) -> str:
    return "#person=" + base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")


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
    expect(other.locator("#body-undo")).to_be_disabled()
    other.locator("#body-reset").click()
    assert not person(other).theta.any() and person(body).theta.any()  # two pages, two persons
    other.close()


def test_a_pose_of_the_list_keeps_its_name_in_a_link(body: Page):
    pick(body, "body-preset", "sitting")
    rested(body)
    other = body.context.new_page()
    other.goto(body.url)
    other.locator(f"{LAB}[data-drawn]").wait_for()
    expect(other.locator("#body-preset select")).to_have_value("sitting")
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
