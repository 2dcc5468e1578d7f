"""A body file as found: its arrays under common names, and everything that is wrong with them."""

import hashlib
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workbench.body.packed import FURTHER, HANDS, unpack
from workbench.body.topology import KEYPOINTS, topology_of
from workbench.body.unpickle import UnreadablePickleError, as_array, read_pickle

Array = np.ndarray

LARGEST_BYTES = 2 << 30
"""Of a file, and of what a zip unpacks to. SMPL-X in double precision has a third of that."""

_TEXT = ("name", "topology", "licence")
# Our names to SMPL's.
NEEDED = {"v_template": "v_template", "shapedirs": "shapedirs", "posedirs": "posedirs", "weights": "weights"}
NEEDED |= {"J_regressor": "J_regressor", "parents": "kintree_table", "faces": "f"}
OPTIONAL = {"uv": "vt", "uv_faces": "ft", "keypoint_names": "keypoint_names"}
OPTIONAL |= {"keypoint_vertices": "keypoint_vertices"} | {key: key for key in FURTHER}
_THEIRS = NEEDED | OPTIONAL
_KINDS = {"numbers": "fiu", "whole numbers": "iu", "text": "U"}  # as numpy calls them
LARGEST_ROUNDING = 1e-4
"""A weight below zero by no more than this counts as zero."""


class BodyFileError(ValueError):
    """A body file that is missing, damaged, of the wrong shape, or not to be trusted."""


@dataclass(frozen=True, eq=False)
class BodyFile:
    """What a file holds; usable as a body only when it has no problems."""

    path: Path
    kind: str
    """For people: "SMPL-format .pkl", ..."""
    arrays: Mapping[str, Array]
    """v_template, shapedirs, posedirs, weights, J_regressor, parents, faces; maybe uv and keypoints.

    As in the file, except that without problems the rows of weights are made to sum to one exactly."""
    name: str
    topology: str
    licence: str
    sha256: str
    problems: tuple[str, ...]
    """Each says what was expected and what was got."""


def read_body_file(path: Path | str) -> BodyFile:
    """Read a packed open body, or an .npz or .pkl in SMPL's layout; the content decides, not the file's name.

    Raises:
        BodyFileError: the file cannot be read as any of them.
    """
    path = Path(path)
    if not path.is_file():
        got = "a folder" if path.is_dir() else "nothing there"
        raise BodyFileError(f"Expected a body file (.npz or .pkl) at {path}; got {got}. Check the path.")
    if path.stat().st_size > LARGEST_BYTES:
        raise BodyFileError(f"{path} is larger than any body file ({LARGEST_BYTES >> 20} MB).")
    data = path.read_bytes()
    if data[:2] == b"PK":
        kind, arrays, text = _read_npz(path)
    elif data[:1] in (b"\x80", b"(", b"}", b"]"):  # what pickles of protocol 2 and up, 0 and 1 start with
        kind, arrays, text = _read_pkl(path, data)
    else:
        raise BodyFileError(
            f"Expected a body file, .npz or .pkl; {path} is neither (it starts with {data[:8]!r}). "
            "If it should be one, download it again: a web page may have been saved in its place."
        )
    problems = tuple(_problems(arrays, text))
    if not problems:
        arrays["weights"] = _normalised(arrays["weights"])
    sizes = [
        arrays[key].shape[0] if key in arrays and arrays[key].ndim else 0 for key in ("v_template", "faces")
    ]
    return BodyFile(
        path=path,
        kind=kind,
        arrays=arrays,
        name=text.get("name", path.stem),
        topology=text.get("topology", topology_of(sizes[0], sizes[1])),
        licence=text.get("licence", "not in the file: that of its source"),
        sha256=hashlib.sha256(data).hexdigest(),
        problems=problems,
    )


Content = tuple[str, dict[str, Array], dict[str, str]]
"""Kind, arrays, text."""


def _read_npz(path: Path) -> Content:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
            if "shapedirs_scale" in members:
                return _read_packed(path)
            wanted = members.keys() & {*NEEDED.values(), *OPTIONAL.values(), *_TEXT}
            if sum(members[key].file_size for key in wanted) > LARGEST_BYTES:
                raise BodyFileError(
                    f"{path} would unzip to more than {LARGEST_BYTES >> 20} MB: no body does."
                )

            def read(key: str) -> Array:
                with archive.open(members[key]) as file:
                    return np.lib.format.read_array(file, allow_pickle=False)

            return "SMPL-format .npz", *_collect(wanted, read)
    except BodyFileError:
        raise
    except (
        Exception
    ) as error:  # damage shows in the zip, in the compression, or anywhere in an array's header
        raise BodyFileError(f"{path} cannot be read as .npz ({error}). Get a fresh copy.") from error


def _read_packed(path: Path) -> Content:
    try:
        content = unpack(path)
    except ValueError as error:
        raise BodyFileError(str(error)) from error
    arrays = {key: value for key, value in content.items() if isinstance(value, Array)}
    return "packed open body", arrays, {key: str(content[key]) for key in _TEXT}


def _read_pkl(path: Path, data: bytes) -> Content:
    try:
        content = read_pickle(data)
        wanted = content.keys() & {*NEEDED.values(), *OPTIONAL.values(), *_TEXT}
        return "SMPL-format .pkl", *_collect(wanted, lambda key: as_array(content[key]))
    except UnreadablePickleError as error:
        raise BodyFileError(f"{path} was not loaded: {error}.") from error
    except Exception as error:  # as above
        raise BodyFileError(f"{path} cannot be read as .pkl ({error!r}). Get a fresh copy.") from error


def _collect(found: set[str], read: Callable[[str], Array]) -> tuple[dict[str, Array], dict[str, str]]:
    arrays = {ours: read(theirs) for ours, theirs in (NEEDED | OPTIONAL).items() if theirs in found}
    table = arrays.get("parents")  # two rows: parents, and the joints themselves
    if table is not None and table.dtype.kind in "iu" and table.ndim == 2 and len(table):
        parents = table[0].astype(np.int64)
        arrays["parents"] = np.where(parents == 0xFFFFFFFF, -1, parents)  # -1 as SMPL's uint32 wrote it
    return arrays, {key: str(read(key)) for key in _TEXT if key in found}


def _problems(arrays: Mapping[str, Array], text: Mapping[str, str]) -> list[str]:
    """All of them, so that a file needs mending once."""
    missing = [theirs for ours, theirs in NEEDED.items() if ours not in arrays]
    if missing:
        return [f"expected arrays {', '.join(NEEDED.values())}; missing: {', '.join(missing)}"]
    sizes = {key: array.shape[0] if array.ndim else 0 for key, array in arrays.items()}
    num_vertices, num_joints = sizes["v_template"], arrays["weights"].shape[-1] if sizes["weights"] else 0
    expected: dict[str, tuple[tuple[int | str, ...], str]] = {
        "v_template": ((num_vertices, 3), "numbers"),
        "shapedirs": ((num_vertices, 3, "betas"), "numbers"),
        "posedirs": ((num_vertices, 3, 9 * (num_joints - 1)), "numbers"),
        "weights": ((num_vertices, num_joints), "numbers"),
        "J_regressor": ((num_joints, num_vertices), "numbers"),
        "parents": ((num_joints,), "whole numbers"),
        "faces": (("faces", 3), "whole numbers"),
        "uv": (("texture vertices", 2), "numbers"),
        "uv_faces": ((sizes["faces"], 3), "whole numbers"),
        "keypoint_names": (("keypoints",), "text"),
        "keypoint_vertices": ((sizes.get("keypoint_names", "keypoints"),), "whole numbers"),
    }
    expected |= {key: ((45,) if "mean" in key else ("components", 45), "numbers") for key in HANDS}
    expected |= {"lmk_faces_idx": (("landmarks",), "whole numbers")}
    expected |= {"lmk_bary_coords": ((sizes.get("lmk_faces_idx", "landmarks"), 3), "numbers")}
    problems = []
    for key, (shape, kind) in expected.items():
        if key not in arrays:
            continue
        got, name = arrays[key], _THEIRS[key]
        if got.size == 0 or not _fits(got.shape, shape):
            problems.append(f"{name}: expected shape ({', '.join(map(str, shape))}), got {got.shape}")
        elif got.dtype.kind not in _KINDS[kind]:
            problems.append(f"{name}: expected {kind}, got {got.dtype}")
        elif kind == "numbers" and not np.isfinite(got).all():
            problems.append(f"{name}: expected finite numbers, got NaN or infinity")
    return problems or _wrong_values(arrays, text)


def _fits(got: tuple[int, ...], expected: tuple[int | str, ...]) -> bool:
    pairs = zip(expected, got, strict=False)  # another number of axes is refused by the last line
    same = (isinstance(e, str) or e == g for e, g in pairs)
    return len(got) == len(expected) and all(same)


def _wrong_values(arrays: Mapping[str, Array], text: Mapping[str, str]) -> list[str]:
    """Arrays of the right shape that still make no body."""
    problems = []
    num_vertices, parents = len(arrays["v_template"]), arrays["parents"]
    pointed_at = {"faces": num_vertices, "keypoint_vertices": num_vertices}
    pointed_at["lmk_faces_idx"] = len(arrays["faces"])
    if "uv" in arrays:
        pointed_at["uv_faces"] = len(arrays["uv"])
    for key, count in pointed_at.items():
        ids = arrays.get(key)
        if ids is not None and not (ids.min() >= 0 and ids.max() < count):
            problems.append(f"{_THEIRS[key]}: expected ids 0..{count - 1}, got {ids.min()}..{ids.max()}")
    if parents[0] != -1 or (parents[1:] < 0).any() or (parents[1:] >= np.arange(1, len(parents))).any():
        problems.append(
            f"kintree_table: expected -1 and then earlier joints as parents, got {parents.tolist()}"
        )
    for key, of in (("weights", "vertex"), ("J_regressor", "joint")):
        sums = arrays[key].sum(axis=1, dtype=np.float64)
        if np.abs(sums - 1).max() > 0.01:
            problems.append(
                f"{key}: expected a sum of 1 for each {of}, got {sums.min():.3g}..{sums.max():.3g}"
            )
    if (least := arrays["weights"].min()) < -LARGEST_ROUNDING:
        problems.append(f"weights: expected no negative ones, got {least:.3g}")
    size = np.ptp(arrays["v_template"], axis=0).max()
    if not 0.1 < size < 5:
        problems.append(f"v_template: expected a body in metres, got one of {size:.3g} m")
    claimed, by_size = text.get("topology"), topology_of(num_vertices, len(arrays["faces"]))
    if claimed in KEYPOINTS and claimed != by_size:
        problems.append(f"topology: the file says {claimed!r}, but its size says {by_size!r}")
    return problems


def _normalised(weights: Array) -> Array:
    """Rows that sum to one to rounding: files keep few digits of small weights."""
    positive = weights.clip(0, None)
    return (positive / positive.sum(axis=1, keepdims=True, dtype=np.float64)).astype(weights.dtype)
