"""Depth maps: how far everything in a photo is along the optical axis, in metres; 0 where not measured.

Depth cameras write pictures of whole numbers, in steps that their files do not tell: millimetres (Kinect,
RealSense), 1/8 mm (HoloLens), 1/5000 m (TUM). The map must show what the photo shows: registered to it by
the camera's own software, and turned as the photo is seen.
"""

import io
import os
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Shaped
from PIL import Image
from torch import Tensor

from workbench.image.photo import MAX_FILE_BYTES, MAX_PIXELS, MIN_SIDE_PX, Photo, read_content

STEP_M = 1e-3
"""Of whole numbers, unless the caller knows better: most sensors write millimetres."""
PLAUSIBLE_M = (0.1, 100.0)
"""Where the median of a map of people lies; outside, it is its unit that is wrong."""
FORMATS = ("PNG", "TIFF")  # not PGM: Pillow stretches its numbers to the whole of 16 bits
NAMES = ("depth_m", "depth")
"""Under which an .npz may hold its map, if it holds more than one array."""


class DepthError(ValueError):
    """A depth map cannot be used; the message says what was expected, what came, and what to do."""


def load_depth(
    depth: str | os.PathLike[str] | bytes | np.ndarray, unit_m: float | None = None, source: str | None = None
) -> Float[Tensor, "H W"]:
    """Read a depth map: metres, 0 where nothing was measured.

    0, NaN, infinity and, in 16 bits, 65535 stand for nothing measured.

    Args:
        depth: path or content of a picture of 16 or more bits in one channel (PNG, TIFF), of an .npy or
            an .npz, or an array (H, W).
        unit_m: metres per step of the numbers: 0.001 for millimetres, 0.000125 for HoloLens. By default,
            whole numbers are millimetres and others metres.
        source: a name for messages; the file's own name by default.

    Raises:
        DepthError: it is no depth map, is too large or small, or knows no depth, or its unit cannot be.
        PhotoError: the file cannot be opened.
    """
    if unit_m is not None and not 0 < unit_m < float("inf"):
        raise DepthError(f"A unit is a positive number of metres, such as 0.001; got {unit_m:g}.")
    if isinstance(depth, np.ndarray):
        name, numbers = source or "the array", depth
    else:
        content = depth if isinstance(depth, bytes) else read_content(depth)
        name = source or ("the depth map" if isinstance(depth, bytes) else Path(depth).name)
        numbers = _decoded(content, name)
    whole = np.issubdtype(numbers.dtype, np.integer)
    _check_numbers(numbers, name)
    metres = torch.from_numpy(numbers.astype(np.float64) * (unit_m or (STEP_M if whole else 1.0))).float()
    if numbers.dtype.kind == "u" and numbers.dtype.itemsize == 2:
        metres[torch.from_numpy(numbers == 65535)] = 0.0
    return _cleaned(metres, name)


def with_depth(photo: Photo, depth_m: Float[Tensor, "h w"]) -> Photo:
    """The photo with its depth map, brought to the photo's size by taking the nearest pixel.

    Args:
        photo: what the map was measured of.
        depth_m: of the photo's size, or of its shape at another resolution, as many depth cameras have.

    Raises:
        DepthError: the two are of different shapes, or the depths cannot be.
    """
    (height, width), (rows, columns) = photo.size_hw, depth_m.shape
    if abs(rows * width / columns - height) > max(1.0, height / rows):  # more than sizes are rounded by
        mend = "Register the map to the photo's camera, and turn it as the photo is shown."
        raise DepthError(
            f"A depth map shows what its photo shows; the photo has {width}×{height} pixels and the map "
            f"{columns}×{rows}, which is another shape. {mend}"
        )
    row = ((torch.arange(height) + 0.5) * (rows / height)).long()
    column = ((torch.arange(width) + 0.5) * (columns / width)).long()
    return replace(photo, depth_m=_cleaned(depth_m, "the depth map")[row[:, None], column])


def depth_text(depth_m: Float[Tensor, "H W"]) -> str:
    """How far a map reaches and how much of it is known, for people to read."""
    known = depth_m[depth_m > 0]
    if not len(known):
        return "nothing measured"
    share = 100 * len(known) / depth_m.numel()
    return f"{float(known.min()):.2f} to {float(known.max()):.2f} m, {share:.0f} % of the pixels measured"


def _decoded(content: bytes, source: str) -> Shaped[np.ndarray, "..."]:
    """The numbers of a file, as they are; its first bytes decide what it is."""
    try:
        if content.startswith(b"\x93NUMPY"):
            return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)
        if content.startswith(b"PK"):
            return _from_npz(content, source)
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            _check_picture(image, source)
            return np.asarray(image)
    except DepthError:
        raise
    except Exception as error:  # damage shows anywhere, as errors of many kinds
        raise DepthError(
            f"{source} cannot be read as a depth map ({error}). Expected a picture of one channel with 16 "
            "bits (PNG or TIFF), or an .npy or .npz."
        ) from error


def _from_npz(content: bytes, source: str) -> Shaped[np.ndarray, "..."]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {entry.filename.removesuffix(".npy"): entry for entry in archive.infolist()}
        name = next((n for n in NAMES if n in names), next(iter(names)) if len(names) == 1 else None)
        if name is None:
            found = ", ".join(list(names)[:5]) or "none"
            raise DepthError(f"{source} must hold one array, or one named {NAMES[0]}; its arrays: {found}.")
        if names[name].file_size > MAX_FILE_BYTES:
            raise DepthError(f"{source} would unzip to more than {MAX_FILE_BYTES / 1e6:.0f} MB: no map does.")
        with archive.open(names[name]) as file:
            return np.lib.format.read_array(file, allow_pickle=False)


def _check_picture(image: Image.Image, source: str) -> None:
    """Refuse by the header what is no depth map, before anything is decoded."""
    if image.width * image.height > MAX_PIXELS:
        raise DepthError(
            f"{source} has {image.width}×{image.height} pixels; at most {MAX_PIXELS / 1e6:.0f} million are "
            "read."
        )
    if not image.mode.startswith(("I", "F")):
        is_gray = image.mode in ("1", "L", "P")
        got = "8 bits, which cannot tell metres" if is_gray else f"colours ({image.mode})"
        raise DepthError(
            f"{source} has {got}; a depth map has one channel of at least 16 bits. It may be a coloured view "
            "of the depth: look for the sensor's own file."
        )


def _check_numbers(numbers: Shaped[np.ndarray, "..."], source: str) -> None:
    if numbers.ndim != 2 or numbers.dtype.kind not in "iuf":
        raise DepthError(
            f"A depth map is an array (H, W) of numbers; {source} has shape {tuple(numbers.shape)}, "
            f"{numbers.dtype}."
        )
    if numbers.dtype.itemsize == 1:
        raise DepthError(f"{source} has 8 bits, which cannot tell metres. Look for the sensor's own file.")
    if min(numbers.shape) < MIN_SIDE_PX or numbers.size > MAX_PIXELS:
        raise DepthError(
            f"{source} has {numbers.shape[1]}×{numbers.shape[0]} pixels; expected at least {MIN_SIDE_PX} a "
            f"side and at most {MAX_PIXELS / 1e6:.0f} million."
        )


def _cleaned(depth_m: Float[Tensor, "H W"], source: str) -> Float[Tensor, "H W"]:
    """With 0 for all that was not measured, once the rest is known to be depths in metres.

    Raises:
        DepthError: some are negative, none is known, or the unit cannot be.
    """
    depth_m = torch.where(depth_m.isfinite(), depth_m, 0.0)
    if bool((depth_m < 0).any()):
        raise DepthError(
            f"Depth counts from the camera forwards; {source} has {float(depth_m.min()):g} m. Mark what was "
            "not measured by 0 or NaN."
        )
    known = depth_m[depth_m > 0]
    if not len(known):
        raise DepthError(
            f"{source} measures nothing: every pixel is a hole. Check that it is the right file."
        )
    middle, (low, high) = float(known.median()), PLAUSIBLE_M
    if not low <= middle <= high:
        raise DepthError(
            f"The median depth of {source} would be {middle:g} m; people stand {low:g} to {high:g} m away. "
            "Say the unit: metres per step of its numbers, 0.001 for millimetres, 1 for metres."
        )
    return depth_m
