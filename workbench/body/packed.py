"""The file format of the open body: a small .npz of mostly 16-bit integers, read back as float32 and int64.

Nothing is pickled, and zip dates are fixed, so the same arrays always give the same bytes.
"""

import io
import zipfile
import zlib
from pathlib import Path

import numpy as np
from numpy import ndarray

from workbench.body.topology import faces_sha256

TEXT = ("name", "licence", "topology", "faces_sha256")
# Vertices V, joints J, betas B, pose features P = 9 (J - 1), faces F, texture vertices T, keypoints K.
FLOATS = {
    "v_template": "V 3",
    "shapedirs": "V 3 B",
    "posedirs": "V 3 P",
    "weights": "V J",
    "J_regressor": "J V",
    "uv": "T 2",
}
INTEGERS = {"parents": "J", "faces": "F 3", "uv_faces": "F 3", "keypoint_vertices": "K"}
SHAPES = FLOATS | INTEGERS | {"keypoint_names": "K"}
HANDS = {"hands_meanl": "H", "hands_meanr": "H", "hands_componentsl": "C H", "hands_componentsr": "C H"}
"""Only in SMPL-X format: mean pose of each hand and its principal components, axis-angle in rad."""
LANDMARKS = {"lmk_faces_idx": "L", "lmk_bary_coords": "L 3"}
"""Only in SMPL-X format: landmarks of the face, each as a triangle and barycentric coordinates in it."""
FURTHER = HANDS | LANDMARKS
WHOLE = (*INTEGERS, "lmk_faces_idx")
INDICES = {"faces": "V", "uv_faces": "T", "keypoint_vertices": "V", "lmk_faces_idx": "F"}
"""Each points into an axis."""
SCALED = {"shapedirs": (0, 1), "posedirs": (0, 1, 2)}  # int16 with one scale per remaining axis
FRACTIONS = ("weights", "uv")  # in [0, 1], as uint16
LARGEST_BYTES = 1 << 30  # when unzipped; no body comes near it, a malicious file could


def pack(path: Path | str, arrays: dict[str, ndarray | str]) -> None:
    """Writes a body: exactly the keys that `unpack` returns.

    Quantisation: shapedirs and posedirs to 1/65,534 of their range, weights and uv to 1/65,535.

    Raises:
        ValueError: an array is missing, misshapen, not finite, or points outside another.
    """
    _check(arrays, "the arrays to pack")
    stored: dict[str, ndarray] = {}
    for key in (*TEXT, *SHAPES, *(key for key in FURTHER if key in arrays)):
        value = np.asarray(arrays[key])
        if key in SCALED:
            scale = np.abs(value).max(SCALED[key], keepdims=True) / 32767
            stored[f"{key}_scale"] = scale.astype(np.float32)
            value = np.rint(value / np.where(scale > 0, scale, 1)).astype(np.int16)
        elif key in FRACTIONS:
            value = np.rint(value * 65535).astype(np.uint16)
        elif key in WHOLE:
            value = value.astype(np.int32)
        elif key in FLOATS or key in FURTHER:
            value = value.astype(np.float32)
        stored[key] = value
    with zipfile.ZipFile(path, "w") as archive:
        for key, value in stored.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, value, allow_pickle=False)
            entry = zipfile.ZipInfo(f"{key}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            archive.writestr(entry, buffer.getvalue(), zipfile.ZIP_DEFLATED, compresslevel=9)


def unpack(path: Path | str) -> dict[str, ndarray | str]:
    """Reads a body written by `pack`.

    Returns:
        float32: v_template (V,3) in m, shapedirs (V,3,B) in m per standard deviation, posedirs (V,3,P) in m,
        J_regressor (J,V), weights (V,J) with rows that sum to 1, uv (T,2) in [0, 1] with v upwards;
        int64: parents (J,) with -1 at the root, faces (F,3) counter-clockwise seen from outside,
        uv_faces (F,3), keypoint_vertices (K,); text: keypoint_names (K,), and as str the keys of `TEXT`.

    Raises:
        FileNotFoundError: there is no such file.
        ValueError: the file is damaged or is no open body.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_BYTES:
                raise ValueError(f"it would unzip to more than {LARGEST_BYTES >> 20} MB")
            stored = {name.removesuffix(".npy"): _read(archive, name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, MemoryError, RuntimeError) as error:
        raise ValueError(
            f"Expected an open body (.npz); got {path}, which is damaged or something else ({error}). "
            f"{_REMEDY}"
        ) from error
    arrays: dict[str, ndarray | str] = {}
    for key, value in stored.items():
        if key in TEXT:
            arrays[key] = str(value)
        elif key in SCALED and f"{key}_scale" in stored:
            arrays[key] = value * stored[f"{key}_scale"]
        elif key in FRACTIONS:
            arrays[key] = value.astype(np.float32) / np.float32(65535)
        elif key in WHOLE and value.dtype == np.int32:
            arrays[key] = value.astype(np.int64)
        elif key in SHAPES or key in FURTHER:
            arrays[key] = value
    _check(arrays, str(path))
    weights = np.asarray(arrays["weights"])
    arrays["weights"] = weights / weights.sum(axis=1, keepdims=True)
    return arrays


def _read(archive: zipfile.ZipFile, name: str) -> ndarray:
    with archive.open(name) as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def _check(arrays: dict[str, ndarray | str], what: str) -> None:
    """Raises ValueError unless the arrays fit together."""
    further = FURTHER if any(key in arrays for key in FURTHER) else {}
    missing = [key for key in (*TEXT, *SHAPES, *further) if key not in arrays]
    if missing:
        raise ValueError(
            f"Expected an open body; got {what} without {', '.join(missing)}. If it is another kind of body "
            "file, python -m workbench.body inspect FILE says what it is."
        )
    sizes: dict[str, int] = {}
    for key, spec in (SHAPES | further).items():
        value, axes = np.asarray(arrays[key]), spec.split()
        pairs = zip(axes, value.shape, strict=False)  # another number of axes is refused below
        wanted = [int(a) if a.isdigit() else sizes.get(a, n) for a, n in pairs]
        if len(axes) != value.ndim or wanted != list(value.shape) or value.size == 0:
            shown = ", ".join(str(sizes.get(a, a)) for a in axes)
            raise _broken(what, key, f"of shape ({shown})", f"shape {value.shape}")
        sizes |= {a: n for a, n in zip(axes, value.shape, strict=True) if not a.isdigit()}
        kind = "integer" if key in WHOLE else "str_" if key == "keypoint_names" else "floating"
        if not np.issubdtype(value.dtype, getattr(np, kind)):
            raise _broken(what, key, f"of type {kind.strip('_')}", f"{value.dtype}")
        _check_values(value, key, sizes, what)
    if sizes["P"] != 9 * (sizes["J"] - 1):
        raise _broken(what, "posedirs", f"with 9 (J - 1) = {9 * (sizes['J'] - 1)} columns", f"{sizes['P']}")
    if arrays["faces_sha256"] != faces_sha256(np.asarray(arrays["faces"])):
        raise _broken(what, "faces_sha256", "the hash of the faces", "another one: the topology was changed")


def _check_values(value: ndarray, key: str, sizes: dict[str, int], what: str) -> None:
    """Raises ValueError for numbers that no body has."""
    if value.dtype.kind == "f" and not np.isfinite(value).all():
        raise _broken(what, key, "finite everywhere", "NaN or infinity")
    if key in FRACTIONS and not (value.min() > -1e-6 and value.max() < 1 + 1e-6):
        raise _broken(what, key, "between 0 and 1", f"{value.min():.3g} to {value.max():.3g}")
    last = sizes.get(INDICES.get(key, ""), 0) - 1
    if key in INDICES and not (value.min() >= 0 and value.max() <= last):
        raise _broken(what, key, f"between 0 and {last}", f"{value.min()} to {value.max()}")
    if key == "weights" and np.abs(value.sum(1) - 1).max() > 1e-3:
        raise _broken(what, key, "with rows that sum to 1", f"a row with {value.sum(1).min():.3g}")
    earlier = np.arange(len(value))
    if key == "parents" and not (value[0] == -1 and ((value >= 0) & (value < earlier))[1:].all()):
        raise _broken(what, key, "-1 for the root and an earlier joint for any other", f"{value.tolist()}")


_REMEDY = "Get a fresh copy of the file or rebuild it: python -m workbench.body build"


def _broken(what: str, key: str, expected: str, got: str) -> ValueError:
    return ValueError(f"Expected {key} {expected}; got {got} in {what}. {_REMEDY}")
