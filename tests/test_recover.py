"""The command line on pictures of our own making, good and bad."""

import json

import numpy as np
import pytest
import trimesh
from PIL import Image

from workbench.recover import main
from workbench.results import read_recovery
from workbench.weights import asset

SAMPLE = asset("samples/walking.jpg")


def test_writes_what_it_promises(tmp_path, capsys):
    assert main([str(SAMPLE), "--out", str(tmp_path), "--formats", "glb", "obj", "ply"]) == 0
    folder = tmp_path / "walking"
    person = folder / "person_0"
    assert sorted(p.name for p in person.iterdir()) == ["mesh.glb", "mesh.obj", "mesh.ply", "recovery.json"]
    data = json.loads((person / "recovery.json").read_text())
    assert {"method", "weights", "body", "camera", "params", "metrics", "seconds", "steps"} <= data.keys()
    assert {"kind", "focal_px", "center_px", "size_hw", "t_camera_body_m"} == data["camera"].keys()
    assert {"betas", "theta"} == data["params"].keys()
    assert {"reprojection_px", "reprojection_pct", "mask_iou"} == data["metrics"].keys()
    recovery, metrics = read_recovery(person / "recovery.json")
    assert (metrics["reprojection_pct"] or 99) < 3 and (metrics["mask_iou"] or 0) > 0.6
    assert len(recovery.steps) == len(data["steps"])
    mesh = trimesh.load_mesh(person / "mesh.glb")
    assert mesh.is_watertight and len(mesh.vertices) == 6890
    with Image.open(SAMPLE) as photo, Image.open(folder / "overlay.png") as overlay:
        assert overlay.size == photo.size
        assert np.abs(np.asarray(overlay.convert("RGB"), int) - np.asarray(photo, int)).max() > 50
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["photos"][0]["people"][0]["mask_iou"] == metrics["mask_iou"]
    assert "walking.jpg" in capsys.readouterr().out


def test_bad_photos_do_not_stop_good_ones(tmp_path, capsys):
    (tmp_path / "broken.jpg").write_bytes(b"not a picture")
    Image.new("RGB", (200, 160), "gray").save(tmp_path / "empty_room.png")
    photos = [tmp_path / "broken.jpg", tmp_path / "missing.jpg", tmp_path / "empty_room.png", SAMPLE]
    code = main([*map(str, photos), "--out", str(tmp_path / "out")])
    assert code == 1
    rows = json.loads((tmp_path / "out" / "summary.json").read_text())["photos"]
    assert "error" in rows[0] and "error" in rows[1]
    assert rows[2]["people"] == [] and "--box" in rows[2]["note"]
    assert len(rows[3]["people"]) == 1
    said = capsys.readouterr()
    assert "broken.jpg" in said.err and "nobody found" in said.out


def test_photos_of_one_name_do_not_overwrite_each_other(tmp_path):
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        Image.new("RGB", (100, 80), "gray").save(tmp_path / folder / "room.png")
    photos = [str(tmp_path / folder / "room.png") for folder in ("a", "b")]
    assert main([*photos, "--out", str(tmp_path / "out")]) == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"room", "room_2", "summary.json"}


@pytest.mark.parametrize(
    "wrong",
    [
        ["--method", "magic"],
        ["--focal-px", "-3"],
        ["--focal-px", "1"],
        ["--box", "10", "10", "5", "5"],
        ["--box", "0", "0", "nan", "5"],
        ["--device", "banana"],
        ["--out", str(SAMPLE)],
    ],
)
def test_wrong_options_are_explained(wrong, tmp_path, capsys):
    assert main([str(SAMPLE), "--out", str(tmp_path), *wrong]) != 0
    assert len(capsys.readouterr().err.strip()) > 20


@pytest.mark.parametrize(
    "wrong", [["--box", "1", "2", "3", "4", "second.jpg"], ["--box", "a", "b", "c", "d"]]
)
def test_usage_is_explained(wrong, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main([*wrong, str(SAMPLE), "--out", str(tmp_path)])
    assert "--box" in capsys.readouterr().err


def test_boxes_by_hand_good_and_empty(tmp_path):
    with Image.open(SAMPLE) as photo:
        width, height = photo.size
    person = ["--box", f"{0.3 * width:.0f}", f"{0.1 * height:.0f}", f"{0.7 * width:.0f}", f"{height}"]
    corner = ["--box", "-10", "0", "60", "70"]
    assert main([str(SAMPLE), "--out", str(tmp_path), *corner, *person]) == 1  # one of two failed
    recovery, _ = read_recovery(tmp_path / "walking" / "person_0" / "recovery.json")
    assert recovery.person.score == 1.0
    [row] = json.loads((tmp_path / "summary.json").read_text())["photos"]
    assert len(row["people"]) == 1 and "person 1 left out" in row["note"]


def test_people_of_an_earlier_run_are_gone(tmp_path):
    old = tmp_path / "walking" / "person_7"
    old.mkdir(parents=True)
    (old / "recovery.json").write_text("{}")
    assert main([str(SAMPLE), "--out", str(tmp_path)]) == 0
    assert [p.name for p in sorted((tmp_path / "walking").glob("person_*"))] == ["person_0"]


def test_pixels_are_those_of_the_file(tmp_path):
    """A photo above 12 megapixels is worked on smaller; what the user says in pixels follows."""
    with Image.open(SAMPLE) as photo:
        small, (width, height) = photo.convert("RGB"), photo.size
        small.resize((4 * width, 4 * height)).save(tmp_path / "large.jpg")
    box = [0.3 * width, 0.1 * height, 0.7 * width, height]
    tz_m = []
    for path, times in ((SAMPLE, 1), (tmp_path / "large.jpg", 4)):
        numbers = [f"{times * v:.1f}" for v in box]
        options = ["--focal-px", f"{times * 1250}", "--box", *numbers]
        assert main([str(path), "--out", str(tmp_path / "out"), *options]) == 0
        folder = tmp_path / "out" / path.stem
        tz_m.append(read_recovery(folder / "person_0" / "recovery.json")[0].camera.tz_m)
    assert tz_m[1] == pytest.approx(tz_m[0], rel=0.05)


def test_a_depth_map_goes_along(tmp_path, capsys):
    with Image.open(SAMPLE) as photo:
        width, height = photo.size
    depth = tmp_path / "depth.png"
    Image.fromarray(np.full((height, width), 2500, np.uint16)).save(depth)
    out = ["--out", str(tmp_path / "out"), "--depth", str(depth)]
    assert main([str(SAMPLE), *out]) == 0
    assert "2.50 to 2.50 m, 100 %" in (said := capsys.readouterr().err) and "does not read depth" in said
    (row,) = json.loads((tmp_path / "out" / "summary.json").read_text())["photos"]
    assert row["depth"] == str(depth)
    assert main([str(SAMPLE), *out, "--depth-unit-m", "1"]) == 1
    assert "median depth" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given", [["b.jpg", "--depth", "d.png"], ["--depth-unit-m", "1"]], ids=["two photos", "unit alone"]
)
def test_a_depth_map_is_of_one_photo(given, tmp_path, capsys):
    with pytest.raises(SystemExit):
        main(["a.jpg", *given, "--out", str(tmp_path)])
    assert "--depth" in capsys.readouterr().err


def test_settings_of_a_method(tmp_path, capsys):
    """HMR's iterations and channels; other methods have none, and bad ones are said of each person."""
    asked = [str(SAMPLE), "--method", "hmr", "--iterations", "5", "--channels", "landmarks"]
    assert main([*asked, "--out", str(tmp_path / "out")]) == 0
    recovery, _ = read_recovery(tmp_path / "out" / "walking" / "person_0" / "recovery.json")
    assert len(recovery.steps) == 6
    assert main([*asked, "smell", "--out", str(tmp_path / "out")]) == 1
    assert "cannot read smell" in capsys.readouterr().out
    assert main([str(SAMPLE), "--iterations", "5", "--out", str(tmp_path / "out")]) == 2
    assert "'smplify' has no --iterations" in capsys.readouterr().err


def test_the_camera_is_solved_when_it_is_asked_for(tmp_path):
    found = {}
    for name, options in {
        "own": [],
        "solved": ["--solve-camera"],
        "near": ["--solve-camera", "--tz-m", "1.5"],
    }.items():
        assert main([str(SAMPLE), "--out", str(tmp_path / name), *options]) == 0
        found[name], _ = read_recovery(tmp_path / name / "walking" / "person_0" / "recovery.json")
    assert [step.name for step in found["solved"].steps][-1].startswith("camera")
    told = {
        name: json.loads((tmp_path / name / "summary.json").read_text())["photos"][0]["people"][0]["focal"]
        for name in found
    }
    assert told["solved"] == told["near"] == "solved from the mask" != told["own"]
    assert found["near"].camera.tz_m < found["solved"].camera.tz_m
    assert found["near"].camera.focal_px < found["solved"].camera.focal_px
    assert not any(step.name.startswith("camera") for step in found["own"].steps)


@pytest.mark.parametrize("wrong", [["--solve-camera", "--tz-m", "0"], ["--solve-camera", "--tz-m", "nan"]])
def test_a_distance_where_nobody_stands_is_refused(wrong, tmp_path, capsys):
    assert main([str(SAMPLE), "--out", str(tmp_path), *wrong]) == 2
    assert "Tz" in capsys.readouterr().err


def test_a_distance_without_a_solve_is_explained(tmp_path, capsys):
    with pytest.raises(SystemExit):
        main([str(SAMPLE), "--out", str(tmp_path), "--tz-m", "2"])
    assert "--solve-camera" in capsys.readouterr().err
