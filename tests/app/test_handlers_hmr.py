"""The HMR tab shows what the network says of the Photo tab's person, and judges poses of any visitor."""

import json
from dataclasses import replace
from typing import Any, get_type_hints

import pytest
import torch
from safetensors.torch import save_file

from tests.app.conftest import FakeMethod, make_person
from tests.app.hmr_network import untrained
from workbench.app import handlers_hmr as handlers
from workbench.app import hmr_networks, hmr_verdicts, models
from workbench.app.handlers_photo import people_text
from workbench.app.hmr_verdicts import Evidence
from workbench.app.session import Guest, PhotoSession
from workbench.app.tabs.hmr import HmrTab
from workbench.body.landmarks import landmark_regressor
from workbench.figures.camera_lab import camera_from
from workbench.figures.hmr_lab import ITERATIONS
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.methods import METHODS
from workbench.methods.hmr import STAGES
from workbench.networks.discriminator import FACTORS
from workbench.recovery import BodyParams
from workbench.training import hmr_experiments

ALL = list(hmr_networks.CHANNELS)


@pytest.fixture(scope="module")
def hmr():
    return untrained()


@pytest.fixture(autouse=True)
def network(hmr, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Stands in for the shipped network; tells which methods were asked for."""
    asked: list[str] = []

    def method(name: str) -> Any:
        asked.append(name)
        return hmr if name == hmr_networks.METHOD else FakeMethod()

    monkeypatch.setattr(models, "method", method)
    return asked


@pytest.fixture(scope="module")
def scene(tmp_path_factory) -> PhotoSession:
    return handlers.a_scene(tmp_path_factory.mktemp("scene"))


def look(
    session: PhotoSession,
    who: int = 0,
    channels: list[str] = ALL,
    reference: str = "nothing",
    network: str = hmr_networks.METHOD,
) -> dict:
    return handlers.watch(handlers.Watched(session), who, channels, reference, network)[1]


def asked_again(data: dict, step: int) -> dict:
    """The lab's question about a guess as the network left it, by way of JSON."""
    its = data["steps"][step]
    question = {**data["question"], "betas": its["betas"], "theta": its["theta"], "camera": its["camera"]}
    return json.loads(json.dumps(question))


def test_every_iteration_is_shown_from_the_mean_body_on(scene, hmr):
    data = look(scene)
    assert json.loads(json.dumps(data["steps"], allow_nan=False))
    assert len(data["steps"]) == ITERATIONS[-1] + 1 and data["trained"] == STAGES
    [recovery] = hmr.recover(scene.photo, [scene.guests[0].person], channels=ALL)
    for step, own in zip(data["steps"], recovery.steps, strict=False):  # the lab goes on to ten
        given, expected = (matrix_from_axis_angle(t) for t in (torch.tensor(step["theta"]), own.params.theta))
        torch.testing.assert_close(given, expected, atol=1e-4, rtol=0)
        torch.testing.assert_close(torch.tensor(step["betas"]), own.params.betas, atol=1e-4, rtol=0)


def test_the_mean_body_does_not_know_what_is_read_and_the_answer_does(scene):
    whole, outline = look(scene), look(scene, channels=["mask"])
    assert whole["steps"][0]["theta"] == outline["steps"][0]["theta"]
    assert whole["steps"][STAGES]["theta"] != outline["steps"][STAGES]["theta"]


def test_the_guess_lies_in_the_picture_where_it_lies_in_the_photo(scene, hmr):
    data = look(scene)
    [recovery] = hmr.recover(scene.photo, [scene.guests[0].person], channels=ALL)
    landmarks = landmark_regressor(hmr.body)
    crop = handlers._shown(recovery.person)
    for step, own in zip(data["steps"], recovery.steps, strict=False):  # the lab goes on to ten
        points = landmarks.points(hmr.body.mesh(own.params.betas, own.params.theta))
        expected = crop.from_photo_px(own.camera.project(points))
        torch.testing.assert_close(torch.tensor(step["verdict"]["landmarks"]), expected, atol=0.2, rtol=0)


def test_a_guess_that_comes_back_is_judged_as_before(scene):
    data = look(scene, reference=handlers.SCENE)
    for step in (0, STAGES):
        before, now = data["steps"][step]["verdict"], handlers.hmr_verdict(asked_again(data, step))
        assert now["scores"] == pytest.approx(before["scores"], abs=2e-3)
        assert now["losses"] == pytest.approx(before["losses"], rel=2e-3)


def test_the_truth_itself_costs_nothing_but_what_the_prior_thinks(scene, hmr):
    person = scene.scene.people[0]
    params = BodyParams(person.betas, person.theta)
    points = landmark_regressor(hmr.body).points(hmr.body.mesh(person.betas, person.theta))
    found = torch.cat((person.camera.project(points), torch.ones(33, 1)), 1)
    [verdict] = hmr_verdicts.verdicts(hmr, [(params, person.camera)], Evidence(found, 100.0, params))
    scores = hmr.realism(person.theta, person.betas)
    assert verdict.losses.pop("adversarial") == pytest.approx(float((scores - 1).square().sum()), rel=1e-4)
    assert verdict.losses == pytest.approx(dict.fromkeys(verdict.losses, 0.0), abs=1e-3)
    assert verdict.off_pct < 0.1 and len(verdict.scores) == len(FACTORS)


def test_a_bent_joint_changes_its_own_factor_and_the_whole_pose_alone(scene):
    data = look(scene)
    question = asked_again(data, STAGES)
    before = handlers.hmr_verdict(question)["scores"]
    question["theta"][FACTORS.index("left_knee") + 1] = [-2.0, 0.0, 0.0]
    after = handlers.hmr_verdict(question)["scores"]
    pairs = zip(FACTORS, before, after, strict=True)
    changed = {name for name, one, other in pairs if abs(one - other) > 2e-3}
    assert changed <= {"left_knee", "whole pose"} and changed


def test_losses_in_3d_need_something_to_be_held_against(scene):
    alone, known = look(scene), look(scene, reference=handlers.SCENE)
    assert set(alone["weights"]) == {"reprojection", "adversarial"} < set(known["weights"])
    assert alone["truth"] is None and camera_from(known["truth"]["camera"])
    assert len(alone["errors"]["data"]) == 1 < len(known["errors"]["data"])


def test_another_method_is_asked_once(scene, network):
    watched, data = handlers.watch(handlers.Watched(scene), 0, ALL, "smplify")
    assert "SMPLify" in data["truth"]["name"] and network.count("smplify") == 1
    handlers.watch(watched, 0, ["mask"], "smplify")
    assert network.count("smplify") == 1


def test_a_network_of_the_experiments_answers_where_its_weights_are_and_the_prior_stays(
    scene, tmp_path, monkeypatch
):
    assert hmr_networks.EXPERIMENTS == hmr_experiments.FILES
    monkeypatch.setattr(hmr_networks, "assets_dir", lambda: tmp_path)
    assert [key for _, key in hmr_networks.networks()] == [hmr_networks.METHOD]
    with pytest.raises(ValueError, match="network"):
        look(scene, network="2D")
    (tmp_path / "weights").mkdir()
    small = hmr_experiments.small_network().state_dict()
    save_file(small, tmp_path / "weights" / f"{hmr_networks.EXPERIMENTS['2D']}.safetensors")
    assert [key for _, key in hmr_networks.networks()] == [hmr_networks.METHOD, "2D"]
    shipped, monster = look(scene), look(scene, network="2D")
    assert monster["steps"][STAGES]["theta"] != shipped["steps"][STAGES]["theta"]
    assert monster["critic"] == shipped["critic"]
    hmr_networks._experiment.cache_clear()


def test_a_photo_has_no_truth_of_its_own(session, scene):
    keys = [key for _, key in handlers.references(session)]
    assert handlers.SCENE not in keys and keys[0] == handlers.NOTHING and hmr_networks.METHOD not in keys
    assert handlers.references(scene)[0][1] == handlers.SCENE
    with pytest.raises(ValueError, match="truth"):
        look(session, reference="magic")


def test_methods_that_wait_for_their_users_files_are_not_offered_and_none_is_loaded(
    session, network, monkeypatch
):
    monkeypatch.setattr(models, "missing", lambda name: "bring it" if name.endswith("-paper") else "")
    keys = [key for _, key in handlers.references(session)]
    waiting = {name for name in METHODS if name.endswith("-paper")}
    assert set(keys) == {handlers.NOTHING, *METHODS} - waiting - {hmr_networks.METHOD}
    assert not network


def test_what_is_not_read_is_told(hmr, monkeypatch):
    assert hmr_networks.reading(ALL) == ""
    assert hmr_networks.reading([]) == hmr_networks.READS_NOTHING
    small = type(hmr)(hmr_experiments.small_network(), hmr.body)
    monkeypatch.setattr(hmr_networks, "answering", lambda name: small)
    only = "This network reads 2D landmarks and camera only."
    assert hmr_networks.reading(["landmarks", "camera"], "2D") == ""
    assert hmr_networks.reading(["landmarks", "rgb"], "2D") == only
    assert hmr_networks.reading(["rgb"], "2D") == f"{only} {hmr_networks.READS_NOTHING}"


def test_where_nobody_is_the_visitor_is_told_why(session):
    assert handlers.why_empty(session) == ""
    assert handlers.why_empty(PhotoSession()) == handlers.NO_PHOTO
    assert handlers.why_empty(replace(session, blank=True)) == handlers.NO_PIXELS
    assert people_text(replace(session, guests=())) in handlers.why_empty(replace(session, guests=()))


def test_everybody_in_a_photo_can_be_looked_at(session):
    assert [place for _, place in handlers.people(session)] == [0, 1]
    assert look(session, 0)["steps"][STAGES] != look(session, 1)["steps"][STAGES]
    with pytest.raises(ValueError, match="person 3"):
        look(session, 2)


def test_without_a_photo_or_landmarks_the_visitor_is_told(session):
    with pytest.raises(ValueError, match="Photo tab"):
        look(PhotoSession())
    box = replace(make_person(), keypoints_px=None)
    with pytest.raises(ValueError, match="landmarks"):
        look(replace(session, guests=(Guest(box),)))


def test_somebody_who_cannot_be_shown_leaves_nobody_elses_picture(session):
    box = Guest(replace(make_person(), keypoints_px=None))
    both = replace(session, guests=(session.guests[0], box))
    tab = HmrTab(**{name: kind(render=False) for name, kind in get_type_hints(HmrTab).items()})
    shown = tab._open(both, handlers.Watched(), 0, ALL, "nothing", hmr_networks.METHOD)
    assert shown[tab.lab] and not shown[tab.empty]["visible"]
    gone = tab._look(shown[tab.watched], 1, ALL, "nothing", hmr_networks.METHOD)
    assert gone[tab.lab] is None and gone[tab.empty]["visible"] and "landmarks" in gone[tab.why]
    again = tab._look(gone[tab.watched], 0, ALL, "nothing", hmr_networks.METHOD)
    assert again[tab.lab] and not again[tab.empty]["visible"]
    alone = tab._open(
        replace(both, guests=(box,)), handlers.Watched(), 0, ALL, "nothing", hmr_networks.METHOD
    )
    assert alone[tab.lab] is None and alone[tab.choices]["visible"]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("theta", [[0.0] * 3] * 23),
        ("theta", [[float("nan")] * 3] * 24),
        ("betas", ["1"] * 10),
        ("found", None),
        ("half_window_px", 0),
        ("camera", {}),
        ("truth", {"theta": [[0.0] * 3] * 24}),
    ],
)
def test_a_question_that_is_none_is_refused(scene, name, wrong):
    with pytest.raises(ValueError, match=name):
        handlers.hmr_verdict({**asked_again(look(scene), 0), name: wrong})


@pytest.mark.parametrize("nothing", [None, [], {}, "x"])
def test_no_question_is_refused(nothing):
    with pytest.raises(ValueError, match="question"):
        handlers.hmr_verdict(nothing)
