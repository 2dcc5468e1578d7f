"""Command line: photos in, bodies out.

python -m workbench.recover PHOTO... --method smplify --out DIR

Writes DIR/summary.json, and for each photo DIR/<photo>/overlay.png and DIR/<photo>/person_0/ with
recovery.json and mesh.glb.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from workbench.body import BodyModel, load_body
from workbench.body.export import FORMATS
from workbench.evaluation.picture import picture_fit
from workbench.image import Photo, load_photo
from workbench.image.people import default_finder
from workbench.method import Method
from workbench.methods import METHODS, load_method
from workbench.pipeline import recover, with_focal
from workbench.recovery import Recovery
from workbench.render import Actor, person_color, render_overlay
from workbench.results import export_mesh, recovery_to_dict, write_json
from workbench.threads import limit_threads


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code (1 when a photo failed)."""
    options = _parse(argv)
    limit_threads()
    try:
        method, body = load_method(options.method, options.device), load_body()
        options.out.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    rows: list[dict[str, Any]] = []
    for path, name in zip(options.photos, _folder_names(options.photos), strict=True):
        try:
            rows.append(_one_photo(path, options.out / name, method, body, options))
        except (OSError, ValueError) as error:
            print(f"{path}: {error}", file=sys.stderr)
            rows.append({"photo": str(path), "error": str(error), "people": []})
    write_json(options.out / "summary.json", {"method": options.method, "photos": rows})
    print(_table(rows))
    return int(any("error" in row for row in rows))


def _one_photo(
    path: Path, folder: Path, method: Method, body: BodyModel, options: argparse.Namespace
) -> dict[str, Any]:
    photo, focal_source = with_focal(load_photo(path), options.focal_px, options.ignore_exif)
    people = (
        [default_finder().describe(photo, torch.tensor(box)) for box in options.box] if options.box else None
    )
    print(
        f"{path.name}: looking for people" if people is None else f"{path.name}: box given", file=sys.stderr
    )
    recoveries = recover(photo, method, people, _show_progress)
    folder.mkdir(parents=True, exist_ok=True)
    row: dict[str, Any] = {"photo": str(path), "folder": folder.name, "focal": focal_source, "people": []}
    for index, recovery in enumerate(recoveries):
        row["people"].append(_write_person(folder / f"person_{index}", recovery, body, options.formats))
    if not recoveries:
        row["note"] = "nobody found; a box can be given by hand with --box x0,y0,x1,y1"
    _write_overlay(folder / "overlay.png", photo, recoveries, body)
    return row


def _write_person(
    folder: Path, recovery: Recovery, body: BodyModel, formats: Sequence[str]
) -> dict[str, Any]:
    folder.mkdir(exist_ok=True)
    metrics = picture_fit(recovery, body).as_dict()
    write_json(folder / "recovery.json", recovery_to_dict(recovery, metrics))
    for suffix in formats:
        export_mesh(folder / f"mesh.{suffix}", recovery, body)
    camera = recovery.camera
    return (
        {"folder": folder.name, "tz_m": camera.tz_m, "focal_px": camera.focal_px}
        | metrics
        | {"seconds": recovery.seconds}
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
        if not row["people"]:
            lines.append(f"{name:32} {row.get('error') or row.get('note')}")
        for index, person in enumerate(row["people"]):
            cells = (
                f"{person['tz_m']:6.2f}",
                f"{person['focal_px']:6.0f}",
                _cell(person["reprojection_px"], 6, 1),
                _cell(person["reprojection_pct"], 5, 2),
                _cell(person["mask_iou"], 5, 2),
                f"{person['seconds']:5.2f}",
            )
            lines.append(f"{name:32} {index:6d} {' '.join(cells)}")
    return "\n".join(lines)


def _cell(value: float | None, width: int, digits: int) -> str:
    return "-".rjust(width) if value is None else f"{value:{width}.{digits}f}"


def _box(text: str) -> list[float]:
    numbers = [float(part) for part in text.split(",")]
    if len(numbers) != 4:
        raise argparse.ArgumentTypeError(f"a box is x0,y0,x1,y1 in pixels; got {text!r}")
    return numbers


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m workbench.recover", description="Photos in, bodies out.")
    parser.add_argument("photos", nargs="+", type=Path, metavar="PHOTO")
    parser.add_argument("--method", default="smplify", help=f"one of: {', '.join(METHODS)}")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=["glb"], help="mesh files to write")
    parser.add_argument("--focal-px", type=float, help="focal length where the photo has none in its EXIF")
    parser.add_argument("--ignore-exif", action="store_true", help="prefer --focal-px or the guess over EXIF")
    parser.add_argument(
        "--box", type=_box, action="append", help="x0,y0,x1,y1: a person's box, instead of looking"
    )
    parser.add_argument("--device", default="cpu")
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
