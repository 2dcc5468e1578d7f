"""Body files on the command line: look into one, convert one, or build the open body.

python -m workbench.body inspect FILE
python -m workbench.body convert SMPL_NEUTRAL.pkl smpl_neutral.npz
python -m workbench.body build [--format smplx]
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from workbench.body.files import OPEN_BODY, OPEN_BODY_X, num_shapes, save_npz, save_pkl
from workbench.body.raw import BodyFile, read_body_file
from workbench.body.topology import faces_sha256

_BUILT = {"smpl": OPEN_BODY, "smplx": OPEN_BODY_X}
"""Formats of the open body, and where it lies in each."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all is well, 1 after an error or when an inspected file has problems."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m workbench.body", description="Look into, convert or build body files."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    inspect = commands.add_parser("inspect", help="say what a body file is and what is wrong with it")
    inspect.add_argument("file", type=Path)
    inspect.set_defaults(run=_inspect)
    convert = commands.add_parser("convert", help="rewrite a body file with plain arrays")
    convert.add_argument("file", type=Path)
    convert.add_argument(
        "out", type=Path, help=".npz, which needs no trust; or .pkl for smplx and older code"
    )
    convert.set_defaults(run=_convert)
    build = commands.add_parser("build", help="build the open body from MakeHuman's CC0 data")
    build.add_argument("--format", choices=tuple(_BUILT), default="smpl", help="of the body (%(default)s)")
    build.add_argument("--out", type=Path, help=f"where to write it ({OPEN_BODY}, or {OPEN_BODY_X.name})")
    build.set_defaults(run=_build)
    return parser


def _inspect(options: argparse.Namespace) -> int:
    file = read_body_file(options.file)
    for label, value in describe(file).items():
        print(f"{label:<18}{value}")
    print(f"{'problems':<18}{'none' if not file.problems else ''}")
    for problem in file.problems:
        print(f"  - {problem}")
    return 1 if file.problems else 0


def describe(file: BodyFile) -> dict[str, str]:
    """What a file is, line by line; "?" for what its problems hide."""

    def size(key: str, axis: int) -> str:
        shape = file.arrays[key].shape if key in file.arrays else ()
        return str(shape[axis]) if axis < len(shape) else "?"

    sound = not file.problems
    return {
        "file": str(file.path),
        "kind": file.kind,
        "name": file.name,
        "topology": file.topology,
        "vertices": size("v_template", 0),
        "faces": size("faces", 0),
        "joints": size("weights", 1),
        "betas": str(num_shapes(file)) if sound else size("shapedirs", 2),
        "expressions": str(file.arrays["shapedirs"].shape[2] - num_shapes(file)) if sound else "?",
        "pose blend shapes": size("posedirs", 2),
        "texture vertices": size("uv", 0) if "uv" in file.arrays else "none",
        "licence": file.licence,
        "sha256": file.sha256,
        "faces sha256": faces_sha256(file.arrays["faces"]) if sound else "?",
    }


def _convert(options: argparse.Namespace) -> int:
    writers = {".npz": save_npz, ".pkl": save_pkl}
    suffix = options.out.suffix.lower()
    if suffix not in writers:
        raise ValueError(f"Expected an output file ending in .npz or .pkl; got {options.out.name!r}.")
    file = read_body_file(options.file)
    writers[suffix](file, options.out)
    print(
        f"{options.out}: {file.topology}, {options.out.stat().st_size / 1e6:.1f} MB, licence: {file.licence}"
    )
    return 0


def _build(options: argparse.Namespace) -> int:
    from workbench.body.build import build_open_body
    from workbench.body.build.formats import FORMATS

    build_open_body(options.out or _BUILT[options.format], FORMATS[options.format])
    return 0


if __name__ == "__main__":
    sys.exit(main())
