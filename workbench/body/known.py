"""The bodies that can be chosen by name: the open ones, and official files that this machine has.

A folder named by the environment variable WORKBENCH_BODIES is searched, three levels deep, for SMPL and
SMPL-X files under the names of their download pages: SMPL_MALE.pkl, basicModel_f_lbs_10_207_0_v1.0.0.pkl,
SMPLX_NEUTRAL.npz and so on; .npz is preferred. Files are only opened when their body is wanted.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from workbench.body.files import BODY_VARIABLE, SHORT_NAMES, load_body
from workbench.body.joints import SMPL_JOINTS, SMPLX_JOINTS
from workbench.body.model import BodyModel

FOLDER_VARIABLE = "WORKBENCH_BODIES"
OWN = "own"
"""Tag of a body file that WORKBENCH_BODY names."""
DEPTH = 3
_OFFICIAL = re.compile(r"(?:(smplx?)_(neutral|male|female)|basicmodel_(neutral|m|f)_lbs_.*)\.(npz|pkl)", re.I)
_SEXES = {"m": "male", "f": "female"}


@dataclass(frozen=True)
class KnownBody:
    """A body before its file is read."""

    tag: str
    """Its name in saved states and links: "open-smpl", "smplx-female", ..."""
    label: str
    source: str
    """What load_body takes."""
    num_joints: int
    num_betas: int
    num_expressions: int
    open: bool
    """Whether anybody may be given it."""

    def load(self) -> BodyModel:
        """The body; read once per process.

        Raises:
            BodyFileError: its file makes no body.
        """
        return load_body(self.source)


def known_bodies() -> dict[str, KnownBody]:
    """All bodies by their tag; the first is the one that load_body() gives.

    Raises:
        ValueError: WORKBENCH_BODIES names no folder, or WORKBENCH_BODY no body.
    """
    bodies = [
        _of_format("open-smpl", "Open body, SMPL format", "open-smpl", is_open=True),
        _of_format("open-smplx", "Open body, SMPL-X format", "open-smplx", is_open=True),
        *_official(),
    ]
    wanted = os.environ.get(BODY_VARIABLE)
    if wanted:
        first = next((body for body in bodies if _same(body.source, wanted)), None) or _own(wanted)
        bodies = [first, *(body for body in bodies if body is not first)]
    return {body.tag: body for body in bodies}


def _of_format(tag: str, label: str, source: str, is_open: bool = False) -> KnownBody:
    """By what every file of the format has at least."""
    if "smplx" in tag:
        return KnownBody(tag, label, source, len(SMPLX_JOINTS), 10, 10, is_open)
    return KnownBody(tag, label, source, len(SMPL_JOINTS), 10, 0, is_open)


def _official() -> list[KnownBody]:
    """Files in the configured folder, SMPL before SMPL-X."""
    given = os.environ.get(FOLDER_VARIABLE)
    if not given:
        return []
    folder = Path(given).expanduser()
    if not folder.is_dir():
        raise ValueError(
            f"{FOLDER_VARIABLE} should name a folder with SMPL or SMPL-X files; {folder} is none. Correct it "
            "or leave it out."
        )
    found: dict[str, Path] = {}
    paths = [path for depth in range(DEPTH) for path in folder.glob("/".join("*" * (depth + 1)))]
    for path in sorted(paths, key=lambda path: (path.suffix.lower() != ".npz", len(path.parts), str(path))):
        if match := _OFFICIAL.fullmatch(path.name):
            kind = (match[1] or "smpl").lower()
            sex = (match[2] or match[3]).lower()
            found.setdefault(f"{kind}-{_SEXES.get(sex, sex)}", path.resolve())
    labels = {"smpl": "SMPL", "smplx": "SMPL-X"}
    return [
        _of_format(f"{kind}-{sex}", f"{label}, {sex}", str(found[f"{kind}-{sex}"]))
        for kind, label in labels.items()
        for sex in ("neutral", "female", "male")
        if f"{kind}-{sex}" in found
    ]


def _same(source: str, wanted: str) -> bool:
    return _place(source) == _place(wanted)


def _place(source: str) -> Path:
    return Path(SHORT_NAMES.get(source, source)).expanduser().resolve()


def _own(path: str) -> KnownBody:
    """A body of any joint count; its file is read to know."""
    model = load_body(path)
    return KnownBody(
        OWN,
        f"{Path(path).stem} (your file)",
        path,
        model.num_joints,
        model.num_betas,
        model.num_expressions,
        model.topology.startswith("open-"),
    )
