"""Widgets for notebooks: what traits accept, how numbers and lists agree, what a page may ask for."""

import gzip
import runpy
import sys
from typing import Any

import numpy as np
import pytest
import torch
from traitlets import TraitError

from workbench.body import load_body
from workbench.body.files import OPEN_BODY, save_npz
from workbench.body.raw import read_body_file
from workbench.figures import widget_host
from workbench.figures.bundle import bundle
from workbench.figures.widget import BodyLab, BodyView, CameraLab, PlaneView
from workbench.geometry.camera import perspective_camera


@pytest.fixture
def view() -> BodyView:
    return BodyView()


@pytest.fixture
def plane() -> PlaneView:
    return PlaneView(perspective_camera((300, 400), torch.tensor([0.1, -0.2, 2.5])))


def asked(widget: Any, **question: Any) -> tuple[dict[str, Any], bytes | None]:
    """What a page hears when it asks."""
    sent: list[Any] = []
    widget.send = lambda content, buffers=None: sent.append((content, buffers))
    widget._answer(widget, {"id": "1", **question}, [])
    [(content, buffers)] = sent
    return content, buffers[0] if buffers else None


def test_a_view_begins_at_rest_with_as_many_numbers_as_the_body_has(view):
    assert view.betas == [0.0] * 10 and view.expression == []
    assert view.theta == [[0.0] * 3] * 24
    x = BodyView("open-smplx")
    assert len(x.theta) == 55 and len(x.expression) == 10


def test_tensors_and_arrays_become_lists(view):
    view.betas = torch.tensor([0.5, 1.5])
    view.theta = np.ones((24, 3))
    assert view.betas == [0.5, 1.5, *[0.0] * 8]
    assert view.theta[23] == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("trait", "value", "told"),
    [
        ("betas", [0.0] * 11, "up to 10 numbers"),
        ("betas", [float("nan")], "NaN"),
        ("betas", 3.0, "shape ()"),
        ("theta", torch.zeros(23, 3), "24 rotation vectors"),
        ("theta", torch.zeros(72), "24 rotation vectors"),
        ("expression", [1.0], "up to 0 numbers"),
    ],
)
def test_what_is_no_person_is_refused_and_nothing_changes(view, trait: str, value, told: str):
    before = getattr(view, trait)
    with pytest.raises(TraitError) as refused:
        setattr(view, trait, value)
    assert told in str(refused.value)
    assert getattr(view, trait) == before


def test_numbers_and_lists_follow_each_other(view):
    beta, elbow = view.number("betas", 1), view.number("theta", 18, 1, degrees=True)
    setattr(view, beta, 2.0)
    setattr(view, elbow, -90.0)
    assert view.betas[1] == 2.0
    assert view.theta[18] == pytest.approx([0.0, -np.pi / 2, 0.0])
    view.betas = [0.0, -1.0]
    view.theta = torch.zeros(24, 3)
    assert (getattr(view, beta), getattr(view, elbow)) == (-1.0, 0.0)
    view.betas = []
    assert getattr(view, beta) == 0.0


def test_a_number_is_made_once(view):
    assert view.number("betas", 0) == view.number("betas", 0)
    assert list(view.numbers) == ["number_betas_0"]
    assert "number_betas_0" in view.get_state()


@pytest.mark.parametrize(
    "place", [("betas", 10), ("betas", -1), ("theta", 24, 0), ("theta", 3), ("betas", 0, 0)]
)
def test_a_number_that_is_not_there_is_refused(view, place):
    with pytest.raises(ValueError, match="there is no number"):
        view.number(*place)


def test_the_planes_camera_is_its_traits(plane):
    plane.tz_m, plane.focal_px = 5.0, 900.0
    camera = plane.camera
    assert (camera.kind, camera.focal_px, camera.size_hw, camera.center_px) == (
        "perspective",
        900.0,
        (300, 400),
        (200.0, 150.0),
    )
    torch.testing.assert_close(camera.t_camera_body_m, torch.tensor([0.1, -0.2, 5.0]))


def test_unknown_projections_are_refused():
    camera = perspective_camera((300, 400), torch.tensor([0.0, 0.0, 2.5]))
    for kinds in ([], ["fisheye"]):
        with pytest.raises(ValueError, match="perspective, weak, orthographic"):
            PlaneView(camera, kinds=kinds)


def test_the_page_gets_the_files_it_was_told_of_and_no_others(view):
    _, views = asked(view, ask="file", name=view._views)
    assert views is not None and gzip.decompress(views).decode() == bundle()
    _, plotly = asked(view, ask="file", name=view._plotly)
    assert plotly is not None and b"plotly.js" in gzip.decompress(plotly)[:100]
    _, body = asked(view, ask="file", name=view.entry["file"])
    assert body is not None and gzip.decompress(body)
    refused, nothing = asked(view, ask="file", name="/etc/passwd")
    assert "does not offer" in refused["error"] and nothing is None


def test_the_page_may_call_what_was_given_and_nothing_else(view):
    answer, _ = asked(view, ask="call", name="body_mesh", given=["open-smpl"])
    assert answer["id"] == "1" and len(answer["answer"]["joints"]) == 24
    assert "does not offer" in asked(view, ask="call", name="_answer", given=[])[0]["error"]
    assert "no body 'x'" in asked(view, ask="call", name="body_mesh", given=["x"])[0]["error"]
    assert "error" in asked(view, nonsense=1)[0]
    view._functions["broken"] = lambda: {}["pelvis"]
    broken = asked(view, ask="call", name="broken", given=[])[0]["error"]
    assert "pelvis" in broken and "does not offer" not in broken


def test_a_licensed_body_is_posed_by_python_and_never_sent(tmp_path, monkeypatch):
    save_npz(read_body_file(OPEN_BODY), tmp_path / "SMPL_NEUTRAL.npz")  # as if it were the licensed one
    monkeypatch.setenv("WORKBENCH_BODIES", str(tmp_path))
    view = BodyView("smpl-neutral", betas=[1.0])
    assert view.entry["file"] is None
    assert [name for name in view._given if "smpl-neutral" in name] == []
    person = {"body": "smpl-neutral", "betas": view.betas, "theta": view.theta, "stages": ["skinned"]}
    answer, _ = asked(view, ask="call", name="skin_stages", given=[person])
    assert list(answer["answer"]) == ["skinned", "restJoints", "joints"]


def test_no_state_holds_a_copy_of_plotly_or_of_a_body(view, plane):
    for widget in (view, plane, BodyLab(), CameraLab()):
        assert len(str(widget.get_state())) < 120_000


def test_a_labs_person_is_set_and_read():
    lab = BodyLab(betas=torch.full((10,), 0.5))
    lab.theta = torch.full((24, 3), 0.1)
    assert lab.betas == [0.5] * 10
    mesh = load_body("open-smpl").mesh(torch.full((10,), 0.5), torch.full((24, 3), 0.1))
    torch.testing.assert_close(lab.state().mesh().vertices_m, mesh.vertices_m)
    with pytest.raises(TraitError, match="betas"):
        lab.betas = [1.0]
    with pytest.raises(TraitError, match="body"):
        lab.person = {**lab.person, "body": "nobody"}


def test_what_the_page_moves_is_not_sent_back_to_it(monkeypatch):
    """Python's answer would come late, while the slider is somewhere else already."""
    lab = BodyLab()
    sent: list[Any] = []
    monkeypatch.setattr(lab, "send_state", lambda key=None: sent.append(key))
    moved = {**lab.person, "betas": [0.05, -0.1, *[0.0] * 8], "theta": [[0.1, 0.2, 0.3]] * 24}
    lab.set_state({"person": moved})
    assert lab.person == moved and lab.betas[0] == 0.05
    assert sent == []


def test_rounded_numbers_are_the_same_to_the_page(javascript):
    person = {"body": "a", "betas": [0.05, 1.0], "theta": [[0.1, 0.2, 0.3]]}
    others = [
        {**person, "betas": torch.tensor(person["betas"]).tolist()},
        {**person, "betas": [0.05, 1.001]},
        {**person, "betas": [0.05]},
        {**person, "body": "b"},
        {**person, "theta": [[0.1, 0.2, None]]},
    ]
    ask = {"person": person, "others": others}
    got = javascript("notebook.js", "given.others.map((other) => m.sameValue(given.person, other))", ask)
    assert got == [True, False, False, False, False]


def test_a_camera_lab_begins_with_pythons_person(javascript):
    config = CameraLab(theta=torch.full((24, 3), 0.1)).config
    people = "m.createPeople(given, {}, { get: () => null })"
    names = f"{{ first: {people}.presetName(given.first), listed: {people}.choices()[0] }}"
    got = javascript("camera_people.js", names, config)
    assert got["listed"] == ["The person", got["first"]]


@pytest.mark.parametrize(
    "value", [3, None, {"body": "open-smpl"}, {"body": "open-smpl", "betas": [[1], [1, 2]]}]
)
def test_no_person_at_all_is_refused(value):
    lab = BodyLab()
    with pytest.raises(TraitError):
        lab.person = value


def test_a_camera_lab_has_the_camera_it_was_given():
    assert CameraLab().camera is None
    camera = perspective_camera((300, 400), torch.tensor([0.0, 0.0, 2.5])).as_kind("weak")
    lab = CameraLab(camera)
    assert lab.camera is not None and lab.camera.kind == "weak"
    points = torch.randn(5, 3)
    torch.testing.assert_close(lab.camera.project(points), camera.project(points))


def test_without_anywidget_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(ImportError, match=r"pip install 'hmr-workbench\[notebooks\]'"):
        runpy.run_path(widget_host.__file__)
