"""BLADE: three stages, a camera that no focal length is told to, and a way back where the mask is no use."""

from dataclasses import replace

import pytest
import torch
from scipy.spatial.transform import Rotation

from tests.networks.small_depth import small_depth_config
from workbench.body import load_body
from workbench.body.landmarks import landmark_regressor
from workbench.methods import load_method
from workbench.methods.blade import AT_THE_END, BODY_JOINTS, TZ, load_pose, load_tz
from workbench.networks.blade_checkpoint import to_blade
from workbench.networks.depth_anything import DepthTz
from workbench.networks.tz_head import FARTHEST_M
from workbench.pipeline import recover
from workbench.weights import WeightsMissing, WeightsUnreadable

TURN = Rotation.from_euler("y", 25, degrees=True)
STAGES = ("distance", "guess 1", "guess 2", "pose")


@pytest.fixture(scope="module")
def trained():
    return load_method("blade")


@pytest.fixture
def near(person_in):
    """Somebody a metre and a half away, and the truth."""
    return person_in(TURN, (0.05, 0.1, 1.9))


def test_three_stages_in_order(trained, near):
    photo, person, *_ = near
    [got] = trained.recover(photo, [person], evaluations=7)
    assert [step.name for step in got.steps[:4]] == list(STAGES)
    cameras = got.steps[4:]
    assert len(cameras) in (7, 8) and all(step.name.startswith("camera") for step in cameras)
    assert all(torch.equal(step.params.theta, got.steps[3].params.theta) for step in cameras)
    assert float(cameras[-1].tensors["iou"]) == max(float(step.tensors["iou"]) for step in cameras)


def test_every_stage_stands_at_the_distance_found(trained, body, near):
    photo, person, *_ = near
    [got] = trained.recover(photo, [person], evaluations=5)
    tz_m = float(got.steps[0].tensors[TZ])
    for step in got.steps:
        pelvis = step.camera.to_camera_m(got.mesh(body, step).joints_m[0])
        assert float(pelvis[2]) == pytest.approx(tz_m, abs=1e-3), step.name


def test_a_distance_that_is_given_is_kept(trained, body, near):
    photo, person, mesh, camera = near
    true_m = float(camera.to_camera_m(mesh.joints_m[0])[2])
    [got] = trained.recover(photo, [person], tz_m=true_m)
    assert float(got.camera.to_camera_m(got.mesh(body).joints_m[0])[2]) == pytest.approx(true_m, abs=1e-3)
    assert abs(got.camera.focal_px / camera.focal_px - 1) < 0.15
    assert float(got.steps[-1].tensors["iou"]) > 0.75


def test_the_photos_focal_length_is_not_looked_at(trained, near):
    photo, person, *_ = near
    one, other = (
        trained.recover(replace(photo, focal_px=f), [person], evaluations=3)[0] for f in (None, 90.0)
    )
    assert torch.equal(one.params.theta, other.params.theta)
    assert one.camera.focal_px == other.camera.focal_px


@pytest.mark.parametrize("bad", ["none", "empty", "another's", "everything"])
def test_without_a_mask_it_stops_at_stage_two_and_says_why(trained, near, bad):
    photo, person, *_ = near
    empty = torch.zeros(photo.size_hw, dtype=torch.bool)
    other = empty.clone()
    other[:20, :20] = True
    mask = {"none": None, "empty": empty, "another's": other, "everything": ~empty}[bad]
    [got] = trained.recover(photo, [replace(person, mask=mask)])
    assert [step.name for step in got.steps] == list(STAGES)
    assert torch.equal(got.camera.t_camera_body_m, got.steps[-1].camera.t_camera_body_m)
    assert any("camera was not solved" in remark for remark in got.remarks)


@pytest.mark.parametrize("found_m", [0.01, 0.21])
def test_a_first_stage_that_is_far_off_ends_in_words(trained, near, monkeypatch, found_m):
    photo, person, *_ = near
    monkeypatch.setattr(trained, "_distances", lambda *_: torch.tensor([found_m]))
    [got] = trained.recover(photo, [person])
    assert [step.name for step in got.steps] == list(STAGES)
    assert "inside the body" in got.remarks[-1]
    assert ("0.01 m, which cannot be" in got.remarks[0]) == (found_m < 0.2)


def test_somebody_else_under_the_mask_is_noticed_in_a_whole_photo(trained, near):
    photo, person, *_ = near
    twin = replace(person, score=0.5)
    for each in recover(photo, trained, [person, twin], on_skip=lambda *_: None):
        assert any("several people" in remark for remark in each.remarks)


def test_smplx_is_the_same_body_in_the_same_place(trained, body, near):
    photo, person, *_ = near
    [smpl] = trained.recover(photo, [person], evaluations=2)
    [smplx] = trained.recover(photo, [person], evaluations=2, body="smplx")
    larger = load_body("open-smplx")
    assert smplx.body == larger.topology and smplx.params.theta.shape == (larger.num_joints, 3)
    assert not smplx.params.theta[BODY_JOINTS:].any()
    for one, other in zip(smpl.steps[:4], smplx.steps[:4], strict=True):
        points = [
            recovery.steps[0].camera.to_camera_m(recovery.mesh(model, step).joints_m[:BODY_JOINTS])
            - recovery.steps[0].camera.t_camera_body_m
            + step.camera.t_camera_body_m
            for recovery, model, step in ((smpl, body, one), (smplx, larger, other))
        ]
        torch.testing.assert_close(*points, atol=0.03, rtol=0)
        marks = [
            step.camera.project(landmark_regressor(model).points(recovery.mesh(model, step)))
            for recovery, model, step in ((smpl, body, one), (smplx, larger, other))
        ]
        assert float((marks[0] - marks[1]).norm(dim=-1).mean()) < 8


@pytest.mark.parametrize(("setting", "said"), [({"tz_m": 0.01}, "0.2 to 100"), ({"body": "mano"}, "smplx")])
def test_refuses_what_cannot_be(trained, near, setting, said):
    photo, person, *_ = near
    with pytest.raises(ValueError, match=said):
        trained.recover(photo, [person], **setting)


def test_near_people_are_found_nearer_than_far_ones(trained, person_in):
    distances = []
    for tz_m in (1.6, 4.0):
        photo, person, *_ = person_in(TURN, (0.05, 0.1, tz_m))
        [got] = trained.recover(photo, [person], evaluations=1)
        distances.append(float(got.steps[0].tensors[TZ]))
    assert distances[0] < distances[1]


@pytest.mark.parametrize("method", ["trained", "paper_blade"])
def test_a_distance_at_the_end_of_what_stage_1_knows_is_doubted(method, near, monkeypatch, request):
    blade, (photo, person, *_) = request.getfixturevalue(method), near
    assert f"within {FARTHEST_M:.0f} m" in blade.info.camera
    for tz_m, doubted in ((8.5, False), (9.5, True)):
        monkeypatch.setattr(blade, "_distances", lambda *_, tz=tz_m: torch.tensor([tz]))
        for each in (person, replace(person, mask=None)):  # whether or not the camera is solved
            [got] = blade.recover(photo, [each], evaluations=1)
            assert (AT_THE_END in got.remarks) == doubted
    [told] = blade.recover(photo, [person], tz_m=20.0, evaluations=1)
    assert AT_THE_END not in told.remarks


@pytest.mark.parametrize("load", [load_tz, load_pose])
def test_weights_of_others_are_refused(load):
    with pytest.raises(WeightsUnreadable, match=r"workbench\.train"):
        load({"of.something.else": torch.zeros(3)})


def test_the_papers_weights_are_the_users(tmp_path, monkeypatch):
    monkeypatch.setenv("WORKBENCH_WEIGHTS_DIR", str(tmp_path))
    with pytest.raises(WeightsMissing, match="NVlabs/blade"):
        load_method("blade-paper")
    small = to_blade(DepthTz(small_depth_config()).state_dict())
    torch.save(
        {"state_dict": {name: value for name, value in small.items() if "scratch" not in name}},
        tmp_path / "blade_epoch_2.pth",
    )
    with torch.device("meta"), pytest.raises(WeightsUnreadable, match="no checkpoint of BLADE"):
        load_method("blade-paper")


def test_the_papers_distance_is_of_the_pixels(paper_blade, near):
    photo, person, *_ = near
    dark, bright = photo, replace(photo, rgb=255 - photo.rgb)
    one, other = (paper_blade.recover(each, [person], evaluations=1)[0] for each in (dark, bright))
    assert one.method == "blade-paper" and one.weights == "official"
    assert float(one.steps[0].tensors[TZ]) != float(other.steps[0].tensors[TZ])
    inverted = paper_blade.recover(bright, [person], evaluations=1)[0]
    assert torch.equal(inverted.steps[0].tensors[TZ], other.steps[0].tensors[TZ])
