"""Results of a scene are held against the right people, and say what they are wrong by."""

import base64
import io
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from html import escape

import numpy as np
import pytest
import torch
from PIL import Image

from workbench.app import handlers_truth as handlers
from workbench.app import models
from workbench.app.handlers_scene import new_scene
from workbench.app.session import PhotoSession, Result
from workbench.body import load_body
from workbench.evaluation.joint_sets import JOINT_SETS
from workbench.evaluation.sets import truth_of
from workbench.evaluation.vertex_errors import ALIGNMENTS
from workbench.figures.scene_truth import BOTH, ONLY_FOUND, ONLY_TRUE
from workbench.recovery import BodyParams, Recovery, Step


def exact(guest, person) -> Recovery:
    """What a perfect method would return."""
    truth = truth_of(person)
    step = Step("only", truth.params, truth.camera)
    return Recovery(
        "smplify", "none", truth.body, guest.person, truth.params, truth.camera, (step, step), 0.1
    )


@pytest.fixture(scope="module")
def solved(tmp_path_factory) -> PhotoSession:
    """A scene of several people who were recovered without error, in reverse order."""
    session = new_scene(4, "test", 2.0, 6.0, "noise", tmp_path_factory.mktemp("scene"))
    assert session.scene is not None and len(session.guests) >= 3
    results = []
    for place, guest in reversed(list(enumerate(session.guests))):
        person = next(p for p in session.scene.people if p.observed_px is guest.person.keypoints_px)
        recovery = exact(guest, person)
        results.append(Result(recovery, {}, place))
    return replace(session, results=tuple(results))


def shifted(session: PhotoSession, way_m) -> PhotoSession:
    """Everybody stands elsewhere."""
    results = []
    for result in session.results:
        camera = result.recovery.camera
        camera = replace(camera, t_camera_body_m=camera.t_camera_body_m + torch.tensor(way_m))
        results.append(replace(result, recovery=replace(result.recovery, camera=camera)))
    return replace(session, results=tuple(results))


def value_of(html: str, metric: str) -> float:
    found = re.search(rf">{re.escape(metric)} [↓↑]</th><td>([\d.]+) ", html)
    assert found, html
    return float(found[1])


def test_each_result_meets_the_truth_about_the_same_person(solved):
    for place, result in enumerate(solved.results):
        pair = handlers.pair_of(solved, place)
        assert pair is not None and pair.person.observed_px is result.recovery.person.keypoints_px
        html = handlers.metrics_table(solved, place, "lsp14")
        assert value_of(html, "G-PVE") == value_of(html, "E_Tz") == 0
        assert handlers.about(solved, place).count("True distance") == 1


def test_the_table_names_its_joints(solved):
    for name, joints in JOINT_SETS.items():
        assert escape(joints.protocol) in handlers.metrics_table(solved, 0, name)
    with pytest.raises(ValueError, match="lsp14"):
        handlers.metrics_table(solved, 0, "magic")


def test_one_person_has_no_mean_and_whole_counts(solved):
    html = handlers.metrics_table(shifted(solved, (0.0, 0.0, 0.4)), 0, "lsp14")
    assert "To the truth" in html and "mIoU" not in html and ">IoU ↑<" in html
    assert re.search(r"Joint-limit violations ↓</th><td>\d+ joints<", html)
    assert "0.400 m (400 mm)" in html and re.search(r"E_f ↓</th><td>0 share of f<", html)
    far = handlers.metrics_table(shifted(solved, (0.0, 0.0, 2.0)), 0, "lsp14")
    assert re.search(r"G-PVE ↓</th><td>2000 mm \(2.00 m\)<", far)


def test_the_colours_on_the_skin_are_the_metric(solved):
    moved = shifted(solved, (0.0, 0.0, 0.4))
    html = handlers.metrics_table(moved, 0, "lsp14")
    for alignment, info in ALIGNMENTS.items():
        view = handlers.error_view(moved, 0, alignment, "over")
        assert view is not None
        values = view["bodies"][0]["values"]
        title = {"pve_mm": "PVE", "g_pve_mm": "G-PVE", "pa_pve_mm": "PA-PVE"}[info.metric]
        mean = sum(values["of"]) / len(values["of"])
        assert mean == pytest.approx(value_of(html, title), abs=0.6)
        assert values["unit"] == "mm" and values["high"] > values["low"] == 0


def test_the_truth_stands_where_it_is_asked_to(solved):
    def bodies(place):
        view = handlers.error_view(solved, 0, "root", place)
        assert view is not None
        return view["bodies"]

    assert [body["name"] for body in bodies("hidden")] == ["found"]
    found, over = bodies("over")
    assert found["low"] == pytest.approx(over["low"], abs=1e-4) and "values" not in over
    found, beside = bodies("beside")
    assert beside["low"][0] > found["low"][0] + 65535 * found["step"][0]  # the rightmost of the found one


def test_every_step_has_its_error(solved):
    chart = handlers.step_errors(solved, 0, "lsp14")
    assert chart is not None and len(chart["data"]) == len(handlers.TRACED)
    assert all(len(line["y"]) == 2 and max(line["y"]) < 0.1 for line in chart["data"])


def test_outlines_agree_where_the_bodies_do(solved):
    def pixels(session: PhotoSession) -> dict[str, int]:
        view = handlers.outlines(session, 0)
        assert view is not None and session.photo is not None and view["width"] == session.photo.size_hw[1]
        data = base64.b64decode(view["layer"]["src"].split(",")[1])
        layer = np.asarray(Image.open(io.BytesIO(data)).convert("RGBA"))
        drawn = layer[layer[..., 3] > 0][:, :3]
        names = {"both": BOTH, "found": ONLY_FOUND, "true": ONLY_TRUE}
        return {name: int((drawn == [*bytes.fromhex(c[1:])]).all(1).sum()) for name, c in names.items()}

    same, moved = pixels(solved), pixels(shifted(solved, (0.3, 0.0, 0.0)))
    assert same["both"] > 20 * same["found"]  # the truth wears clothes: its outline is larger
    assert moved["found"] > 5 * same["found"] and moved["both"] < same["both"]


@pytest.fixture
def other_skin(solved, monkeypatch) -> Iterator[PhotoSession]:
    """The same, recovered with a body of other vertices."""
    body = load_body("open-smplx")
    monkeypatch.setattr(models, "body", lambda: body)
    models.scorer.cache_clear()
    results = []
    for result in solved.results:
        theta = torch.zeros(body.num_joints, 3)
        theta[:22] = result.recovery.params.theta[:22]
        params = BodyParams(torch.zeros(body.num_betas), theta)
        steps = tuple(replace(step, params=params) for step in result.recovery.steps)
        recovery = replace(result.recovery, body=body.topology, params=params, steps=steps)
        results.append(replace(result, recovery=recovery))
    yield replace(solved, results=tuple(results))
    models.scorer.cache_clear()


def test_skins_of_other_vertices_are_shown_and_not_compared(other_skin):
    for alignment in ALIGNMENTS:
        view = handlers.error_view(other_skin, 0, alignment, "beside")
        assert view is not None
        found, true = view["bodies"]
        assert found["topology"] != true["topology"] and "values" not in found
        for body in (found, true):
            faces = np.frombuffer(base64.b64decode(models.topology(body["topology"])["faces"]), "<u2")
            assert len(base64.b64decode(body["vertices"])) == 6 * (int(faces.max()) + 1)
    assert handlers.OTHER_SKIN in handlers.about(other_skin, 0)
    html = handlers.metrics_table(other_skin, 0, "lsp14")
    assert "PA-MPJPE" in html and "PVE" not in html
    assert handlers.outlines(other_skin, 0) is not None
    steps = handlers.step_errors(other_skin, 0, "lsp14")
    assert steps is not None and len(steps["data"]) == 2


def test_joints_that_a_body_lacks_are_said_and_nothing_else_is_lost(other_skin):
    assert "left_hand" in handlers.metrics_table(other_skin, 0, "smpl24")
    assert handlers.step_errors(other_skin, 0, "smpl24") is None


def test_a_broken_recovery_is_a_failure_and_not_an_average(solved):
    result = solved.results[0]
    camera = replace(result.recovery.camera, focal_px=math.nan)
    broken = replace(solved, results=(replace(result, recovery=replace(result.recovery, camera=camera)),))
    assert "failure" in handlers.metrics_table(broken, 0, "lsp14")


def test_boxes_that_show_nobody_have_no_truth(solved):
    result = solved.results[0]
    nobody = replace(result.recovery.person, box_px=torch.tensor([-90.0, -90.0, -80.0, -80.0]))
    lost = replace(solved, results=(replace(result, recovery=replace(result.recovery, person=nobody)),))
    assert "No one" in handlers.about(lost, 0) and handlers.metrics_table(lost, 0, "lsp14") == ""
    assert handlers.error_view(lost, 0, "root", "over") is None
    assert handlers.outlines(lost, 0) is None and handlers.step_errors(lost, 0, "lsp14") is None


def test_photos_have_no_truth(recovered):
    assert handlers.pair_of(recovered, 0) is None
    assert handlers.pair_of(PhotoSession(), 0) is None


def test_scorers_are_shared():
    assert models.scorer("lsp14") is models.scorer("lsp14")
    with pytest.raises(ValueError, match="lsp14"):
        models.scorer("magic")
