"""Results, trace and files, without the page."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
import trimesh
from PIL import Image

from workbench.app import handlers_files as files
from workbench.app import handlers_photo, models
from workbench.app import handlers_result as handlers
from workbench.app.residuals import landmark_pairs
from workbench.app.session import PhotoSession
from workbench.render.overlay import VIEWS
from workbench.results import RecoveryFileError
from workbench.synth.sets import SETS, make_scene


def test_every_step_of_the_trace_shows_its_own_body(recovered: PhotoSession):
    shown = [handlers.moment(recovered, 0, step) for step in range(3)]
    worlds = {moment[1]["bodies"][0]["vertices"] for moment in shown}
    layers = {moment[0]["layer"]["src"] for moment in shown}
    assert len(worlds) == len(layers) == 3
    assert {moment[2]["layout"]["shapes"][0]["x0"] for moment in shown} == {0, 1, 2}


def test_landmarks_are_paired_once_for_photo_and_3d(recovered: PhotoSession, monkeypatch):
    paired = []

    def counted(person, *how):
        paired.append(person)
        return landmark_pairs(person, *how)

    monkeypatch.setattr(handlers, "landmark_pairs", counted)
    handlers.moment(recovered, 0, 1)
    assert len(paired) == len(recovered.results)


def test_the_last_step_is_the_result(recovered: PhotoSession):
    assert handlers.moment(recovered, 0, handlers.last_step(recovered, 0)) == handlers.moment(
        recovered, 0, -1
    )


def test_bounds_do_not_move_with_the_trace(recovered: PhotoSession):
    """Else the body would seem to breathe."""
    bounds = [handlers.moment(recovered, 1, step)[1]["bounds"] for step in range(3)]
    assert bounds[0] == bounds[1] == bounds[2]


def test_the_others_stay_as_they_ended(recovered: PhotoSession):
    first, last = (handlers.moment(recovered, 0, step)[1]["bodies"][1]["vertices"] for step in (0, 2))
    assert first == last


@pytest.mark.parametrize(("place", "step"), [(9, 0), (0, 99), (0, -2), (-1, 0)])
def test_what_is_not_there_is_refused(recovered: PhotoSession, place, step):
    with pytest.raises(ValueError, match=r"no (result|step)"):
        handlers.moment(recovered, place, step)


def test_numbers_are_on_the_page(recovered: PhotoSession):
    camera = recovered.results[0].recovery.camera
    assert f"{camera.tz_m:.2f} m" in handlers.summary(recovered, 0)
    for measured_by in ("2D error, to the landmarks found", "to the mask found"):
        assert measured_by in handlers.summary(recovered, 0)
    parameters = handlers.moment(recovered, 0, -1)[4]
    assert "left knee" in parameters
    assert f"{camera.focal_px:.0f} px" in parameters
    assert "+180°" in parameters  # the root faces the camera
    assert "0°" in parameters and "+0°" not in parameters and "-0°" not in parameters
    assert f"<dd>{models.method_infos()['smplify'].title}</dd>" in handlers.summary(recovered, 0)


@pytest.mark.parametrize("kind", ["weak", "orthographic"])
def test_every_projection_can_be_shown(recovered: PhotoSession, kind):
    """A saved file may hold any of them."""
    result = recovered.results[0]
    camera = result.recovery.camera.as_kind(kind)
    steps = tuple(replace(step, camera=camera) for step in result.recovery.steps)
    changed = replace(result, recovery=replace(result.recovery, camera=camera, steps=steps))
    session = replace(recovered, results=(changed, *recovered.results[1:]))
    parameters = handlers.moment(session, 0, -1)[4]
    assert kind in parameters and ("per metre" in parameters) == (kind == "orthographic")
    assert "px" in handlers.summary(session, 0)


def test_files_open_elsewhere(recovered: PhotoSession, tmp_path: Path):
    paths = dict(zip(files.KINDS, files.write_files(recovered, 1, tmp_path), strict=True))
    for kind in ("glb", "obj", "ply"):
        mesh = trimesh.load_mesh(paths[kind], process=False)
        assert len(mesh.vertices) == len(models.body().v_template)
        assert mesh.is_watertight
    with Image.open(paths["png"]) as overlay:
        assert overlay.size == (320, 240)
    assert json.loads(Path(paths["json"]).read_text())["method"] == "smplify"


@pytest.mark.parametrize(
    ("source", "stem"),
    [
        ("IMG_1234.JPG", "IMG_1234"),
        ("../../etc/a photo.of <us>.jpg", "a_photo_of_us"),
        ("C:\\me\\café.png", "café"),
        ("...", "photo"),
        ("", "photo"),
        ("x" * 300 + ".jpg", "x" * 40),
    ],
)
def test_files_are_called_after_the_photo(source: str, stem: str):
    assert files.file_stem(source) == stem


def test_files_say_whose_they_are_and_keep_it_when_opened_again(recovered: PhotoSession, tmp_path: Path):
    second = [Path(path) for path in files.write_files(recovered, 1, tmp_path)]
    assert [path.name for path in second] == [
        *(f"noise_person_2.{kind}" for kind in files.KINDS[:-1]),
        "noise_overlay.png",
    ]
    alone = files.load_saved(PhotoSession(), [str(second[-2])], tmp_path)
    assert Path(files.write_files(alone, 0, tmp_path)[0]).name.startswith("noise_person_")


def test_a_saved_recovery_shows_the_same_body_again(recovered: PhotoSession, tmp_path: Path):
    saved = files.write_files(recovered, 0, tmp_path)[files.KINDS.index("json")]
    for before in (PhotoSession(), recovered):
        loaded = files.load_saved(before, [saved], tmp_path)
        mesh = handlers.final_poses(loaded)[0].vertices_camera_m
        torch.testing.assert_close(
            mesh, handlers.final_poses(recovered)[0].vertices_camera_m, atol=1e-5, rtol=0
        )
        assert handlers.last_step(loaded, 0) == 2
        handlers.moment(loaded, 0, 0)


def test_a_saved_recovery_without_its_photo_is_not_run_again(recovered: PhotoSession, tmp_path: Path):
    saved = files.write_files(recovered, 0, tmp_path)[files.KINDS.index("json")]
    alone = files.load_saved(PhotoSession(), [saved], tmp_path)
    with pytest.raises(ValueError, match="without its photo"):
        next(handlers_photo.run(alone, "smplify", "guess", None))
    assert not files.load_saved(recovered, [saved], tmp_path).blank


def test_a_scene_is_the_truth_about_its_own_people_only(recovered: PhotoSession, tmp_path: Path):
    scene = make_scene(1, SETS["test"])
    here = replace(recovered, scene=scene, scene_code=("scene",), people_of_scene=True)
    own, other = [], []
    for place, (guest, result) in enumerate(zip(here.guests, here.results, strict=True)):
        own.append(files.write_files(here, place, tmp_path)[files.KINDS.index("json")])
        keypoints_px = guest.person.keypoints_px
        assert keypoints_px is not None
        stranger = replace(guest.person, keypoints_px=keypoints_px + torch.tensor([1.0, 0.0, 0.0]))
        strange = replace(result, recovery=replace(result.recovery, person=stranger))
        elsewhere = replace(here, results=(strange,))
        other.append(files.write_files(elsewhere, 0, tmp_path)[files.KINDS.index("json")])
    for paths in ([own[0]], own, own[::-1]):
        kept = files.load_saved(here, paths, tmp_path)
        assert kept.scene is scene and kept.scene_code == ("scene",) and kept.people_of_scene
    for paths in ([other[0]], [own[0], other[1]]):
        lost = files.load_saved(here, paths, tmp_path)
        assert lost.scene is None and lost.scene_code == () and not lost.people_of_scene


def test_opening_says_whom_it_replaced(recovered: PhotoSession, tmp_path: Path):
    saved = files.write_files(recovered, 0, tmp_path)[files.KINDS.index("json")]
    assert files.load_saved(PhotoSession(), [saved], tmp_path).said == "Opened 1 person."
    over = files.load_saved(recovered, [saved], tmp_path)
    assert over.said == "Opened 1 person; the 2 boxes of before are gone."
    again = files.load_saved(over, [saved, saved], tmp_path)
    assert again.said == "Opened 2 people; the box of before is gone."


def test_side_views_are_named_after_where_the_viewer_stands(recovered: PhotoSession):
    assert handlers.SIDES.keys() == VIEWS.keys()
    toward = {name: torch.tensor(axes)[2] for name, axes in VIEWS.items()}  # from viewer to body
    assert torch.equal(-toward["front"], torch.tensor([0.0, 0.0, -1.0]))  # where the camera is
    assert torch.equal(-toward["side"], torch.tensor([1.0, 0.0, 0.0]))  # right of the camera
    assert torch.equal(-toward["top"], torch.tensor([0.0, -1.0, 0.0]))  # above: y is down
    shown = handlers.side_views(recovered, 0)
    assert all(caption in shown for caption in handlers.SIDES.values())


def changed(saved: str, **changes) -> str:
    """A saved recovery with some of its values replaced."""
    data = json.loads(Path(saved).read_text())
    for path, value in changes.items():
        *parents, key = path.split("__")
        place = data
        for parent in parents:
            place = place[parent]
        place[key] = value
    target = Path(saved).with_name("changed.json")
    target.write_text(json.dumps(data))
    return str(target)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "something else"},
        {"body": "smpl"},
        {"params__betas": [0.0] * 99},
        {"params__theta": [[0.0, 0.0, 0.0]] * 3},
        {"params__theta": "zero"},
        {"camera__size_hw": [1_000_000, 1_000_000]},
        {"camera__size_hw": [0, 5]},
        {"camera__focal_px": -1},
        {"trace": []},
    ],
)
def test_a_file_that_does_not_fit_is_refused_in_words(recovered: PhotoSession, tmp_path: Path, changes):
    saved = files.write_files(recovered, 0, tmp_path)[files.KINDS.index("json")]
    with pytest.raises(ValueError, match=r"\w{3}"):
        files.load_saved(recovered, [changed(saved, **changes)], tmp_path)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'{"format": NaN}'])
def test_a_file_that_is_no_recovery_is_refused_in_words(tmp_path: Path, content: bytes):
    path = tmp_path / "recovery.json"
    path.write_bytes(content)
    with pytest.raises(RecoveryFileError):
        files.load_saved(PhotoSession(), [str(path)], tmp_path)


def test_recoveries_of_different_photos_do_not_mix(recovered: PhotoSession, tmp_path: Path):
    one = files.write_files(recovered, 0, tmp_path)[files.KINDS.index("json")]
    data = json.loads(Path(one).read_text())
    for at in (data, *data["trace"]):
        at["camera"]["size_hw"] = [100, 100]
    other = tmp_path / "other.json"
    other.write_text(json.dumps(data))
    with pytest.raises(RecoveryFileError, match="size"):
        files.load_saved(PhotoSession(), [one, str(other)], tmp_path)
