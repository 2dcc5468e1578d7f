"""A photo as the workbench uses it: upright, RGB, eight bits, and with its focal length if EXIF tells it."""

import io
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float, UInt8
from PIL import ExifTags, Image
from torch import Tensor

from workbench.geometry.camera import FULL_FRAME_WIDTH_MM, focal_px_from_mm

MIN_SIDE_PX = 32
MAX_PIXELS = 64_000_000  # checked in the header, before anything is decoded
MAX_FILE_BYTES = 200_000_000
WORKING_PIXELS = 12_000_000  # larger photos are scaled down to this: the networks read 256 pixels of a person
# Named one by one, because Pillow would also hand PostScript to an outside program.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "JPEG2000", "PPM", "AVIF")
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
MM_PER_RESOLUTION_UNIT = {2: 25.4, 3: 10.0, 4: 1.0, 5: 1e-3}
PLAUSIBLE_FOCAL_MM = (5.0, 1200.0)  # 35 mm equivalent: a fisheye to the longest telephoto
PLAUSIBLE_SENSOR_MM = (2.0, 70.0)  # longer side: a front camera to medium format


class PhotoError(ValueError):
    """A picture cannot be used; the message says what was expected, what came, and what to do."""


@dataclass(frozen=True, eq=False)
class Photo:
    """One picture, upright, in the colours that its file's numbers say."""

    rgb: UInt8[np.ndarray, "H W 3"]
    focal_px: float | None
    """Focal length in pixels of this picture from EXIF; None when the file does not say."""
    source: str
    """Where it came from, for captions: the name of a file, or "array"."""
    scale: float = 1.0
    """Pixels of this picture per pixel of the file; below one when the file was larger than 12 megapixels."""
    depth_m: Float[Tensor, "H W"] | None = None
    """Of every pixel, along the optical axis, 0 where nothing was measured; `depth.with_depth` adds it."""

    def __post_init__(self) -> None:
        """Refuse a depth map that does not belong to the picture.

        Raises:
            PhotoError: it has another size, or numbers that are no depths.
        """
        if self.depth_m is None:
            return
        if tuple(self.depth_m.shape) != self.size_hw:
            raise PhotoError(
                f"A photo's depth map has the photo's size {self.size_hw}; got {tuple(self.depth_m.shape)}. "
                "image.depth.with_depth fits one of another resolution."
            )
        if not bool(((self.depth_m >= 0) & self.depth_m.isfinite()).all()):
            raise PhotoError("Depths are finite metres of at least 0, which stands for not measured.")

    @property
    def size_hw(self) -> tuple[int, int]:
        """Height and width in pixels."""
        return self.rgb.shape[0], self.rgb.shape[1]


def load_photo(
    photo: str | os.PathLike[str] | bytes | Image.Image | np.ndarray, source: str | None = None
) -> Photo:
    """Read a picture from a file, bytes, Pillow or numpy.

    EXIF orientation is applied, transparency is laid over white, of an animation the first frame is taken,
    16 bits become 8, and a photo of more than 12 megapixels is scaled down to 12 (its focal length with it).

    Args:
        photo: path, encoded bytes, Pillow image, or array: (H, W), (H, W, 3) or (H, W, 4), uint8, uint16 or
            floats in 0..1.
        source: a name for captions; the file's own name by default.

    Raises:
        PhotoError: it is no picture, is damaged, or is too small or too large.
    """
    if isinstance(photo, np.ndarray):
        return _from_image(_image_from_array(photo), source or "array")
    if isinstance(photo, Image.Image):
        return _from_image(photo, source or Path(getattr(photo, "filename", "") or "image").name)
    if isinstance(photo, bytes):
        return _from_bytes(photo, source or "the picture")
    return _from_bytes(read_content(photo), source or Path(photo).name)


def read_content(file: str | os.PathLike[str]) -> bytes:
    """The bytes of a picture's file.

    Raises:
        PhotoError: there is none, or it is too large or no plain file.
    """
    path = Path(file).expanduser()
    if path.is_dir():
        raise PhotoError(f"Expected a picture file, got the folder {path}. Name one picture in it.")
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise PhotoError(f"Expected a picture file; {path} is a device or a pipe. Name a picture.")
        if status.st_size > MAX_FILE_BYTES:
            size = f"{status.st_size / 1e6:.0f} MB; pictures of up to {MAX_FILE_BYTES / 1e6:.0f} MB are read"
            raise PhotoError(f"{path.name} has {size}. Save it smaller, or as JPEG.")
        return path.read_bytes()
    except FileNotFoundError:
        raise PhotoError(f"There is no file {path}. Check the path and the spelling.") from None
    except PhotoError:
        raise
    except (OSError, ValueError) as error:  # ValueError: a null byte in the path
        raise PhotoError(f"The file {str(path)!r} cannot be read: {error}.") from error


def _from_bytes(content: bytes, source: str) -> Photo:
    if not content:
        raise PhotoError(f"{source} is empty (0 bytes): the upload or the copy failed. Try it again.")
    Image.init()  # Pillow loads most of its decoders only now
    try:
        image = Image.open(io.BytesIO(content), formats=[name for name in FORMATS if name in Image.OPEN])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PhotoError(_too_large_text(source, "far too many pixels")) from error
    except Exception as error:  # damaged headers make the decoders raise many kinds of errors
        raise PhotoError(_not_a_picture_text(content, source)) from error
    return _from_image(image, source)


def _from_image(image: Image.Image, source: str) -> Photo:
    width, height = image.size
    if min(width, height) < MIN_SIDE_PX:
        raise PhotoError(
            f"{source} has {width}×{height} pixels; at least {MIN_SIDE_PX} a side are needed to see a person "
            "in it. Use a larger version of the picture."
        )
    if width * height > MAX_PIXELS:
        raise PhotoError(
            _too_large_text(source, f"{width}×{height} pixels, {width * height / 1e6:.0f} megapixels")
        )
    try:
        if width * height > WORKING_PIXELS:  # a JPEG decoder can leave out detail that is not needed
            scale = (WORKING_PIXELS / (width * height)) ** 0.5
            image.draft("RGB", (round(width * scale), round(height * scale)))
        image.load()
        exif = _read_exif(image)
        rgb = _to_rgb(image)
    except PhotoError:
        raise
    except Exception as error:  # as above
        raise PhotoError(
            f"{source} is damaged or cut off: it starts as a picture but cannot be decoded ({error}). "
            "Copy or download it again, or save it anew as JPEG or PNG."
        ) from error
    rgb = _scaled_to(rgb, WORKING_PIXELS)
    if (turn := UPRIGHT.get(exif.get(ExifTags.Base.Orientation, 1))) is not None:
        rgb = rgb.transpose(turn)
    focal_mm = _focal_35mm(exif, (width, height))
    pixels = np.array(rgb)
    focal_px = None if focal_mm is None else focal_px_from_mm(focal_mm, (pixels.shape[0], pixels.shape[1]))
    return Photo(pixels, focal_px, source, max(pixels.shape) / max(width, height))


def _image_from_array(array: np.ndarray) -> Image.Image:
    expected = "Expected an array (H, W), (H, W, 3) or (H, W, 4) of uint8, uint16 or floats in 0..1; got"
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)) or 0 in array.shape:
        raise PhotoError(f"{expected} shape {tuple(array.shape)}.")
    if array.dtype == np.uint16:
        array = (array / 257).round()
    elif np.issubdtype(array.dtype, np.floating):
        if not (np.isfinite(array).all() and array.min() >= 0 and array.max() <= 1):
            raise PhotoError(f"{expected} floats outside 0..1. Divide by their largest possible value.")
        array = (array * 255).round()
    elif array.dtype != np.uint8:
        raise PhotoError(f"{expected} {array.dtype}.")
    return Image.fromarray(np.ascontiguousarray(array, dtype=np.uint8))


def _to_rgb(image: Image.Image) -> Image.Image:
    """Any Pillow mode to RGB, transparency over white."""
    if image.mode.startswith(("I", "F")):
        return _deep_gray_to_rgb(image)
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        return Image.alpha_composite(white, image).convert("RGB")
    return image.convert("RGB")


def _deep_gray_to_rgb(image: Image.Image) -> Image.Image:
    """16-bit, 32-bit and floating point gray. Pillow's own conversion clips instead of scaling."""
    gray = np.nan_to_num(np.asarray(image, dtype=np.float64))
    top = next((limit for limit in (1.0, 255.0, 65535.0) if gray.max() <= limit), gray.max())
    if image.mode.startswith("I;16"):
        top = 65535.0
    return Image.fromarray((gray.clip(0) * (255 / top)).round().astype(np.uint8)).convert("RGB")


def _scaled_to(image: Image.Image, pixels: int) -> Image.Image:
    width, height = image.size
    if width * height <= pixels:
        return image
    scale = (pixels / (width * height)) ** 0.5
    size = (round(width * scale), round(height * scale))
    return image.resize(size, Image.Resampling.BICUBIC, reducing_gap=2.0)


def _read_exif(image: Image.Image) -> dict[int, Any]:
    """EXIF's two tables in one; a damaged one counts as none, because the picture itself may be fine."""
    try:
        exif = image.getexif()
        return {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}
    except Exception:  # Pillow's parser raises many kinds on damaged tables
        return {}


def _focal_35mm(exif: dict[int, Any], size: tuple[int, int]) -> float | None:
    """35 mm equivalent focal length, or None when EXIF does not say or the picture was cut since."""
    tag = ExifTags.Base
    taken = [_number(exif.get(key)) for key in (tag.ExifImageWidth, tag.ExifImageHeight)]
    if taken[0] and taken[1]:
        cut = abs(max(taken) * min(size) / (min(taken) * max(size)) - 1) > 0.03
        if cut:
            return None
    equivalent = _number(exif.get(tag.FocalLengthIn35mmFilm))
    if _within(equivalent, PLAUSIBLE_FOCAL_MM):
        return equivalent
    focal = _number(exif.get(tag.FocalLength))
    unit = MM_PER_RESOLUTION_UNIT.get(int(_number(exif.get(tag.FocalPlaneResolutionUnit)) or 2))
    per_unit = _number(exif.get(tag.FocalPlaneXResolution))
    if not (focal and unit and per_unit):
        return None
    sensor_mm = (max(taken) or max(size)) / per_unit * unit
    equivalent = focal * FULL_FRAME_WIDTH_MM / sensor_mm
    plausible = _within(sensor_mm, PLAUSIBLE_SENSOR_MM) and _within(equivalent, PLAUSIBLE_FOCAL_MM)
    return equivalent if plausible else None


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]


def _number(value: Any) -> float:
    """An EXIF number, 0 when absent, malformed or a division by zero."""
    try:
        number = float(value)
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0
    return number if np.isfinite(number) else 0.0


def _not_a_picture_text(content: bytes, source: str) -> str:
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"mif1", b"hevc", b"heim"):
        return f"{source} is a HEIC photo, which cannot be read here. Export it as JPEG or PNG first."
    names = ", ".join(FORMATS)
    return f"{source} is not a picture that can be read. Expected one of {names}. Save it as JPEG or PNG."


def _too_large_text(source: str, size: str) -> str:
    return f"{source} has {size}; at most {MAX_PIXELS / 1e6:.0f} megapixels are read. Scale it down first."
