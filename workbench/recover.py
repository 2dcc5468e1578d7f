"""Command line: photos in, bodies out.

python -m workbench.recover PHOTO... --method smplify --out DIR
python -m workbench.recover PHOTO --depth DEPTH.png --method smplify --out DIR
python -m workbench.recover PHOTO... --method hmr --solve-camera [--tz-m 0.8] --out DIR

Writes DIR/summary.json, and for each photo DIR/<photo>/overlay.png and DIR/<photo>/person_0/ with
recovery.json and mesh.glb.
"""

import argparse
import shutil
import sys
from collections.abc import Sequence
from inspect import signature
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from workbench.body import BodyModel, load_body
from workbench.body.export import FORMATS
from workbench.evaluation.picture import picture_fit
from workbench.image import Photo, load_photo
from workbench.image.depth import depth_text, load_depth, with_depth
from workbench.image.people import default_finder, find_people
from workbench.method import Method
from workbench.methods import METHODS, load_method
from workbench.pipeline import recover, with_focal
from workbench.recovery import Recovery
from workbench.render import Actor, person_color, render_overlay
from workbench.results import export_mesh, recovery_to_dict, write_json
from workbench.solver.camera import check_tz
from workbench.solver.of_recovery import FOCAL_SOURCE, has_solved_camera, solved_or_kept
from workbench.threads import limit_threads

SUMMARY = "summary.json"
SETTINGS = ("iterations", "channels")
"""Options that some methods have."""
DOUBTFUL_PCT = 10.0  # 2D error beyond which a body has hardly anything to do with its person


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns 0, 1 when a photo or a person failed, 2 when nothing could start."""
    options = _parse(argv)
    try:
        limit_threads()
        method, body = load_method(options.method, _device(options.device)), load_body()
        _check_settings(method, options)
        _check_out(options.out)
        if options.tz_m is not None:
            check_tz(options.tz_m)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    rows: list[dict[str, Any]] = []
    for path, name in zip(options.photos, _folder_names(options.photos), strict=True):
        try:
            rows.append(_one_photo(path, options.out / name, method, body, options))
        except Exception as error:  # whatever is wrong with one photo must not cost the others
            print(f"{_printable(path)}: {error}", file=sys.stderr)
            rows.append({"photo": _printable(path), "error": str(error), "people": []})
        write_json(options.out / SUMMARY, {"method": options.method, "photos": rows})
    print(_table(rows))
    return int(any("error" in row or row.get("skipped") for row in rows))


def _one_photo(
    path: Path, folder: Path, method: Method, body: BodyModel, options: argparse.Namespace
) -> dict[str, Any]:
    photo = _opened(path, method, options)
    # What the user gives is in pixels of the file, which may be larger than the picture we work on.
    focal_px = None if options.focal_px is None else options.focal_px * photo.scale
    photo, focal_source = with_focal(photo, focal_px, options.ignore_exif)
    print(f"{_printable(path)}: {'boxes given' if options.box else 'looking for people'}", file=sys.stderr)
    people = [
        default_finder().describe(photo, torch.tensor(box) * photo.scale) for box in options.box
    ] or find_people(photo)
    skipped: dict[int, str] = {}
    recoveries = recover(photo, method, people, _show_progress, skipped.__setitem__, _settings(options))
    if options.solve_camera:
        recoveries = [
            solved_or_kept(each, body, photo, options.tz_m, [who for who in people if who is not each.person])
            for each in recoveries
        ]
    _clear(folder)
    row: dict[str, Any] = {"photo": _printable(path), "folder": folder.name}
    row |= {
        "size_hw": photo.size_hw,
        "scale": photo.scale,
        "depth": options.depth and _printable(options.depth),
    }
    row["people"] = [
        _write_person(folder / f"person_{index}", recovery, body, options.formats, focal_source)
        for index, recovery in enumerate(recoveries)
    ]
    for index, recovery in enumerate(recoveries):
        for remark in recovery.remarks:
            print(f"  person {index}: {remark}", file=sys.stderr)
    if not people:
        row["note"] = "nobody found; a box can be given by hand with --box X0 Y0 X1 Y1"
    if skipped:
        row["skipped"] = [f"person {place + 1} left out: {why}" for place, why in skipped.items()]
        row["note"] = "; ".join(row["skipped"])
    _write_overlay(folder / "overlay.png", photo, recoveries, body)
    return row


def _opened(path: Path, method: Method, options: argparse.Namespace) -> Photo:
    """The photo, with its depth map if there is one."""
    photo = load_photo(path)
    if photo.scale < 1:
        print(f"{_printable(path)}: reduced to {photo.scale:.3f} of its size", file=sys.stderr)
    if not options.depth:
        return photo
    depth_m = load_depth(options.depth, options.depth_unit_m)
    unread = "" if "depth" in method.info.reads else f"; {method.info.name} does not read depth"
    print(f"{_printable(options.depth)}: {depth_text(depth_m)}{unread}", file=sys.stderr)
    return with_depth(photo, depth_m)


def _device(name: str) -> str:
    """A device that works here.

    Raises:
        ValueError: there is none of this name.
    """
    try:
        torch.zeros(1, device=name)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise ValueError(
            f"Torch cannot use the device {name!r} here ({reason}). Try --device cpu."
        ) from error
    return name


def _settings(options: argparse.Namespace) -> dict[str, Any]:
    """Of the method, those that were given."""
    return {name: value for name in SETTINGS if (value := getattr(options, name)) is not None}


def _check_settings(method: Method, options: argparse.Namespace) -> None:
    """Refuse settings that are not this method's."""
    known = signature(method.recover).parameters
    if unknown := [f"--{name}" for name in _settings(options) if name not in known]:
        raise ValueError(f"Method {options.method!r} has no {' and no '.join(unknown)}; leave it out.")


def _check_out(out: Path) -> None:
    """Find out before the work whether its results can be written."""
    if out.exists() and not out.is_dir():
        raise ValueError(f"--out must be a folder; {out} is a file. Name another place.")
    out.mkdir(parents=True, exist_ok=True)
    write_json(out / SUMMARY, {"photos": []})


def _clear(folder: Path) -> None:
    """A folder for this photo without the people of an earlier run."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("person_*"):
        shutil.rmtree(old)


def _printable(path: Path) -> str:
    """A name that any terminal and any JSON reader takes."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _write_person(
    folder: Path, recovery: Recovery, body: BodyModel, formats: Sequence[str], focal_source: str
) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    metrics = picture_fit(recovery, body).as_dict()
    write_json(folder / "recovery.json", recovery_to_dict(recovery, metrics))
    for suffix in formats:
        export_mesh(folder / f"mesh.{suffix}", recovery, body)
    camera = recovery.camera
    return (
        {"folder": folder.name, "tz_m": camera.tz_m, "focal_px": camera.focal_px}
        | {"focal": FOCAL_SOURCE if has_solved_camera(recovery) else focal_source}
        | metrics
        | {"seconds": recovery.seconds, "remarks": recovery.remarks}
    )


def _write_overlay(path: Path, photo: Photo, recoveries: Sequence[Recovery], body: BodyModel) -> None:
    actors = [
        Actor(recovery.mesh(body).vertices_m, body.faces, recovery.camera, person_color(index))
        for index, recovery in enumerate(recoveries)
    ]
    Image.fromarray(render_overlay(photo.rgb, actors)).save(path)


def _show_progress(fraction: float, doing: str) -> None:
    print(f"  {100 * fraction:3.0f} %  {doing}", file=sys.stderr)


def _folder_names(photos: Sequence[Path]) -> list[str]:
    """The photos' stems, made different where two photos share one."""
    names: list[str] = []
    for path in photos:
        name, number = path.stem, 2
        while name in names:
            name, number = f"{path.stem}_{number}", number + 1
        names.append(name)
    return names


def _table(rows: Sequence[dict[str, Any]]) -> str:
    head = f"{'photo':32} {'person':>6} {'Tz m':>6} {'f px':>6} {'2D px':>6} {'2D %':>5} {'IoU':>5} {'s':>5}"
    lines = [head]
    for row in rows:
        name = Path(row["photo"]).name[:32]
        if remark := row.get("error") or row.get("note"):
            lines.append(f"{name:32} {remark}")
        for index, person in enumerate(row["people"]):
            cells = (
                f"{person['tz_m']:6.2f}",
                f"{person['focal_px']:6.0f}",
                _cell(person["reprojection_px"], 6, 1),
                _cell(person["reprojection_pct"], 5, 2),
                _cell(person["mask_iou"], 5, 2),
                f"{person['seconds']:5.2f}",
            )
            doubt = "  doubtful" if (person["reprojection_pct"] or 0) > DOUBTFUL_PCT else ""
            lines.append(f"{name:32} {index:6d} {' '.join(cells)}{doubt}")
    return "\n".join(lines)


def _cell(value: float | None, width: int, digits: int) -> str:
    return "-".rjust(width) if value is None else f"{value:{width}.{digits}f}"


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m workbench.recover", description="Photos in, bodies out.")
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    parser.add_argument("--method", default="smplify", help=f"one of: {', '.join(METHODS)}")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--iterations", type=int, help="of hmr's loop; it was trained for 3")
    parser.add_argument("--channels", nargs="+", help="all that hmr may read: landmarks, mask, ...")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=["glb"], help="mesh files to write")
    parser.add_argument("--focal-px", type=float, help="focal length where the photo has none in its EXIF")
    parser.add_argument("--ignore-exif", action="store_true", help="prefer --focal-px or the guess over EXIF")
    parser.add_argument(
        "--box",
        type=float,
        nargs=4,
        action="append",
        default=[],
        metavar=("X0", "Y0", "X1", "Y1"),
        help="a person's box in pixels, instead of looking for people; may be repeated",
    )
    parser.add_argument(
        "--depth", type=Path, metavar="FILE", help="the photo's depth map: 16-bit PNG or TIFF, .npy, .npz"
    )
    parser.add_argument(
        "--depth-unit-m",
        type=float,
        metavar="M",
        help="metres per step of its numbers: by default 0.001 for whole ones, else 1; HoloLens 0.000125",
    )
    parser.add_argument(
        "--solve-camera",
        action="store_true",
        help="after the method, solve focal length and shift from each person's mask; Tz stays as it is",
    )
    parser.add_argument("--tz-m", type=float, metavar="M", help="the pelvis' distance, for --solve-camera")
    parser.add_argument("--device", default="cpu")
    options = parser.parse_args(argv)
    for name in ("box", "depth"):
        if getattr(options, name) and len(options.photos) > 1:
            parser.error(f"--{name} belongs to one photo; several were given")
    if options.tz_m is not None and not options.solve_camera:
        parser.error("--tz-m is the distance for which the camera is solved; add --solve-camera")
    if options.depth_unit_m is not None and options.depth is None:
        parser.error("--depth-unit-m is of a depth map; name it by --depth")
    return options


if __name__ == "__main__":
    sys.exit(main())
