"""AMASS recordings (Mahmood et al., ICCV 2019): `.npz` files of SMPL-H or SMPL-X poses, z up.

Users bring their own copy, under AMASS's licence. Files are not trusted: no pickles, and nothing is unpacked
before its size is known.
"""

import math
import zipfile
from pathlib import Path

import numpy as np
import torch

from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.motion import Motion, MotionFileError

LARGEST_BYTES = 1 << 29
"""Of one unpacked array: an hour at 120 Hz of 165 doubles."""
LARGEST_ANGLE_RAD = 4 * math.pi
"""Of an axis-angle component; anything above is not an angle."""
RATES = ("mocap_framerate", "mocap_frame_rate")
BODY_JOINTS = 22
_POSE_SIZES = (72, 156, 165)  # SMPL, SMPL-H, SMPL-X


def read_amass(path: Path | str) -> Motion:
    """Read the body's joints, hands left at rest, and turn the world so that y points up.

    Raises:
        MotionFileError: not an AMASS file, or one that is damaged, too large, or holds NaN.
    """
    path = Path(path)
    if not path.is_file():
        raise MotionFileError(f"Expected an AMASS recording (.npz) at {path}; there is no such file.")
    try:
        with zipfile.ZipFile(path) as archive:
            poses = _array(archive, "poses", path)
            place = _array(archive, "trans", path)
            rate = next((key for key in RATES if f"{key}.npy" in archive.namelist()), RATES[0])
            frames_per_s = float(_array(archive, rate, path).reshape(-1)[0])
    except MotionFileError:
        raise
    except Exception as error:  # damage shows in the zip, in the compression, or anywhere in a header
        raise MotionFileError(f"{path} cannot be read as .npz ({error}). Get a fresh copy.") from error
    _check(path, poses, place, frames_per_s)
    turns = torch.from_numpy(poses[:, : 3 * BODY_JOINTS].astype(np.float32)).unflatten(-1, (BODY_JOINTS, 3))
    rotations = torch.eye(3).repeat(len(poses), 24, 1, 1)
    rotations[:, :BODY_JOINTS] = matrix_from_axis_angle(turns)
    up = matrix_from_axis_angle(torch.tensor([-math.pi / 2, 0, 0]))  # z becomes y
    rotations[:, 0] = up @ rotations[:, 0]
    return Motion(rotations, torch.from_numpy(place.astype(np.float32)) @ up.T, frames_per_s)


def _array(archive: zipfile.ZipFile, name: str, path: Path) -> np.ndarray:
    """One array, its size known before it is read."""
    if f"{name}.npy" not in archive.namelist():
        raise MotionFileError(
            f"Expected an AMASS recording with 'poses', 'trans' and 'mocap_framerate'; {path} has no "
            f"{name!r}. "
            "Files of shapes or of body models (shape.npz, model.npz) are not recordings."
        )
    shape, dtype = _header(archive, name)
    size = math.prod(shape) * dtype.itemsize
    if dtype.kind not in "fiu" or size > LARGEST_BYTES or not size:
        raise MotionFileError(
            f"{path}: expected {name!r} to be numbers, at most {LARGEST_BYTES >> 20} MB of them; "
            f"got {dtype} of shape {shape}. Nothing was loaded."
        )
    with archive.open(f"{name}.npy") as file:
        return np.lib.format.read_array(file, allow_pickle=False)


def _header(archive: zipfile.ZipFile, name: str) -> tuple[tuple[int, ...], np.dtype]:
    with archive.open(f"{name}.npy") as file:
        version = np.lib.format.read_magic(file)
        first = version == (1, 0)
        read = np.lib.format.read_array_header_1_0 if first else np.lib.format.read_array_header_2_0
        shape, _, dtype = read(file)
    return shape, dtype


def _check(path: Path, poses: np.ndarray, place: np.ndarray, frames_per_s: float) -> None:
    if poses.ndim != 2 or poses.shape[1] not in _POSE_SIZES or place.shape != (len(poses), 3):
        raise MotionFileError(
            f"{path}: expected poses of shape (T, 72), (T, 156) or (T, 165) and trans of shape (T, 3); got "
            f"{poses.shape} and {place.shape}."
        )
    for name, values in (("poses", poses), ("trans", place)):
        if not np.isfinite(values).all():
            frame = int(np.argwhere(~np.isfinite(values))[0][0])
            raise MotionFileError(f"{path}: expected finite {name}; frame {frame} holds NaN or infinity.")
    if np.abs(poses).max() > LARGEST_ANGLE_RAD:
        raise MotionFileError(
            f"{path}: expected poses in radians; got {np.abs(poses).max():.3g}. Are they degrees?"
        )
    if not 0 < frames_per_s < 10_000:
        raise MotionFileError(f"{path}: expected a frame rate above 0; got {frames_per_s}.")
