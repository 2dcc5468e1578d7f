"""From a file to a body model, and back to files that other SMPL tools read."""

import os
import pickle
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch

from workbench.body.model import BodyModel
from workbench.body.packed import HANDS
from workbench.body.raw import NEEDED, OPTIONAL, BodyFile, BodyFileError, read_body_file
from workbench.body.topology import KEYPOINTS, OPEN_X
from workbench.weights import assets_dir

BODY_VARIABLE = "WORKBENCH_BODY"
KEPT = 12
"""How many bodies stay in memory once read: all that known.py can find, and some."""
OPEN_BODY = assets_dir() / "open_body.npz"
OPEN_BODY_X = assets_dir() / "open_body_x.npz"
SHORT_NAMES = {"open-smpl": OPEN_BODY, "open-smplx": OPEN_BODY_X}
"""Names of the bodies that come with the workbench, good wherever a path is."""


def load_body(path: Path | str | None = None, dtype: torch.dtype = torch.float32) -> BodyModel:
    """The body in a file, on the CPU; read once per process and file.

    Args:
        path: "open-smpl" or "open-smplx", a packed open body, or an official SMPL, SMPL-H or SMPL-X file
            (.npz, or .pkl with or without chumpy). By default what $WORKBENCH_BODY names, else "open-smpl".
        dtype: of its arrays; official files hold doubles.

    Raises:
        BodyFileError: no such file, or it makes no body; the message lists everything that is wrong.
    """
    wanted = path or os.environ.get(BODY_VARIABLE) or OPEN_BODY
    path = Path(SHORT_NAMES.get(str(wanted), wanted)).expanduser().resolve()
    if not path.exists():
        raise BodyFileError(
            f"There is no body file at {path}. Give the path of an SMPL or SMPL-X file, set "
            f"{BODY_VARIABLE} to it, or build the open body with: python -m workbench.body build"
        )
    status = path.stat()
    return _load(path, dtype, (status.st_mtime_ns, status.st_size))


def open_body() -> BodyModel:
    """The open body in SMPL format, whatever $WORKBENCH_BODY names: all that is made up is made of it."""
    return load_body(OPEN_BODY)


@lru_cache(maxsize=KEPT)
def _load(path: Path, dtype: torch.dtype, version: tuple[int, int]) -> BodyModel:
    """One version of a file: a changed file is another entry."""
    return model_of(read_body_file(path), dtype)


def model_of(file: BodyFile, dtype: torch.dtype = torch.float32) -> BodyModel:
    """The body model in a file that was read.

    Raises:
        BodyFileError: the file has problems.
    """
    _require_sound(file)
    arrays = file.arrays
    keypoints = KEYPOINTS.get(file.topology, {})
    if "keypoint_names" in arrays and "keypoint_vertices" in arrays:
        pairs = zip(arrays["keypoint_names"], arrays["keypoint_vertices"], strict=True)
        keypoints = {str(name): int(vertex) for name, vertex in pairs}
    textured = "uv" in arrays and "uv_faces" in arrays
    hands = [_tensor(arrays[key], dtype) for key in HANDS if key in arrays]
    shapes = num_shapes(file)
    expressions = arrays["shapedirs"].shape[2] - shapes
    return BodyModel.from_arrays(
        v_template=_tensor(arrays["v_template"], dtype),
        shapedirs=_tensor(arrays["shapedirs"][:, :, :shapes], dtype),
        posedirs=_tensor(arrays["posedirs"], dtype),
        joint_regressor=_tensor(arrays["J_regressor"], dtype),
        weights=_tensor(arrays["weights"], dtype),
        parents=arrays["parents"].tolist(),
        faces=_tensor(arrays["faces"], torch.int64),
        name=file.name,
        topology=file.topology,
        licence=file.licence,
        uv=_tensor(arrays["uv"], dtype) if textured else None,
        uv_faces=_tensor(arrays["uv_faces"], torch.int64) if textured else None,
        keypoints=keypoints,
        expressiondirs=_tensor(arrays["shapedirs"][:, :, shapes:], dtype) if expressions else None,
        hand_means=torch.stack(hands[:2]) if len(hands) == 4 else None,
        hand_components=torch.stack(hands[2:]) if len(hands) == 4 else None,
    )


def num_shapes(file: BodyFile) -> int:
    """Columns of shapedirs that are shape; in SMPL-X files facial expressions follow."""
    columns = file.arrays["shapedirs"].shape[2]
    if file.topology not in ("smplx", OPEN_X):
        return columns
    return 300 if columns >= 400 else min(columns, 10)  # the two releases, as smplx tells them apart


def save_npz(file: BodyFile, out: Path | str) -> None:
    """Write plain arrays under SMPL's names: nothing in the result has to be trusted.

    Raises:
        BodyFileError: the file has problems.
    """
    arrays = smpl_layout(file)
    with Path(out).open("wb") as stream:  # a path would get another suffix
        np.savez_compressed(stream, **arrays)  # pyright: ignore[reportArgumentType]


def save_pkl(file: BodyFile, out: Path | str) -> None:
    """Write a pickle of plain arrays that smplx.SMPL and most SMPL code read (protocol 2, dense regressor).

    Raises:
        BodyFileError: the file has problems.
    """
    Path(out).write_bytes(pickle.dumps(smpl_layout(file), protocol=2))


def smpl_layout(file: BodyFile) -> dict[str, np.ndarray | str]:
    """A file's arrays under SMPL's names, with what tells where they come from.

    Raises:
        BodyFileError: the file has problems.
    """
    _require_sound(file)
    arrays = {
        theirs: file.arrays[ours] for ours, theirs in (NEEDED | OPTIONAL).items() if ours in file.arrays
    }
    parents = file.arrays["parents"].astype(np.int64)
    arrays["kintree_table"] = np.stack((parents % 2**32, np.arange(len(parents)))).astype(np.uint32)
    arrays["f"] = arrays["f"].astype(np.uint32)
    arrays["J"] = arrays["J_regressor"] @ arrays["v_template"]
    text = {"name": file.name, "topology": file.topology, "licence": file.licence}
    return arrays | text | {"bs_style": "lbs", "bs_type": "lrotmin"}


def _require_sound(file: BodyFile) -> None:
    if file.problems:
        raise BodyFileError(f"{file.path} makes no body:\n" + "\n".join(f"  - {p}" for p in file.problems))


def _tensor(array: np.ndarray, dtype: torch.dtype) -> torch.Tensor:
    single = array.dtype == np.float32  # kept: by way of doubles, SMPL-X takes three times as long to load
    native = np.int64 if array.dtype.kind in "iu" else np.float32 if single else np.float64
    return torch.from_numpy(np.array(array, dtype=native)).to(dtype)
