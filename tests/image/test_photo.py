"""load_photo: what every kind of file becomes, and what every bad one is told."""

import io
import os
import struct
import warnings
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from workbench.image.photo import MAX_FILE_BYTES, MIN_SIDE_PX, WORKING_PIXELS, PhotoError, load_photo

H, W = 60, 80
RED, BLUE = (220, 30, 30), (30, 30, 220)


def picture() -> Image.Image:
    """Red above, blue below: smooth, so that no codec changes it much, and not symmetric upside down."""
    rgb = np.empty((H, W, 3), dtype=np.uint8)
    rgb[: H // 2], rgb[H // 2 :] = RED, BLUE
    return Image.fromarray(rgb)


def encode(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def png_header(width: int, height: int) -> bytes:
    """A PNG that promises a size and holds nothing: what is read of it is the header alone."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header) - 4) + header
    return start + struct.pack(">I", zlib.crc32(header)) + struct.pack(">I", 10) + b"IDAT" + bytes(14)


def exif_of(**values: object) -> Image.Exif:
    exif = Image.Exif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    for name, value in values.items():
        (exif if name == "Orientation" else details)[ExifTags.Base[name]] = value
    return exif


MODES = {
    "JPEG": ["RGB", "L", "CMYK", "YCbCr"],
    "PNG": ["RGB", "L", "1", "P", "RGBA", "LA"],
    "WEBP": ["RGB", "L", "RGBA"],
    "BMP": ["RGB", "L", "1", "P"],
    "TIFF": ["RGB", "L", "1", "P", "CMYK", "RGBA", "LA"],
    "JPEG2000": ["RGB", "L", "RGBA", "LA"],
}


@pytest.mark.parametrize(("kind", "mode"), [(kind, mode) for kind in MODES for mode in MODES[kind]])
def test_every_format_and_mode_gives_rgb(kind: str, mode: str) -> None:
    photo = load_photo(encode(picture().convert(mode), kind))
    assert photo.rgb.shape == (H, W, 3)
    assert photo.rgb.dtype == np.uint8
    assert photo.focal_px is None
    gray = np.asarray(picture().convert("L"), dtype=float)
    if mode not in ("1", "P"):  # these two dither or choose other colours
        assert np.abs(np.asarray(Image.fromarray(photo.rgb).convert("L")) - gray).mean() < 12


def test_path_bytes_pillow_and_array_agree(tmp_path: Path) -> None:
    path = tmp_path / "someone.png"
    path.write_bytes(encode(picture()))
    photos = [
        load_photo(given)
        for given in (path, str(path), path.read_bytes(), Image.open(path), np.asarray(picture()))
    ]
    for photo in photos:
        assert np.array_equal(photo.rgb, photos[0].rgb)
    assert photos[0].source == "someone.png"
    assert load_photo(path, source="the dancer").source == "the dancer"


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_orientation_is_undone(orientation: int, kind: str) -> None:
    stored = {  # how a camera stores an upright picture under each tag
        1: lambda a: a,
        2: lambda a: a[:, ::-1],
        3: lambda a: a[::-1, ::-1],
        4: lambda a: a[::-1],
        5: lambda a: a.swapaxes(0, 1),
        6: lambda a: np.rot90(a, 1),
        7: lambda a: a.swapaxes(0, 1)[::-1, ::-1],
        8: lambda a: np.rot90(a, -1),
    }[orientation](np.asarray(picture()))
    content = encode(
        Image.fromarray(np.ascontiguousarray(stored)), kind, exif=exif_of(Orientation=orientation)
    )
    photo = load_photo(content)
    assert photo.rgb.shape == (H, W, 3)
    assert np.abs(photo.rgb.astype(int) - np.asarray(picture())).mean() < 8


def test_focal_length_from_exif_is_for_the_upright_size() -> None:
    exif = exif_of(FocalLengthIn35mmFilm=27, Orientation=6)
    photo = load_photo(encode(picture(), "JPEG", exif=exif))
    assert photo.size_hw == (W, H)
    assert photo.focal_px == pytest.approx(27 / 36 * W)


def test_focal_length_from_the_sensor_when_no_equivalent_is_given() -> None:
    # 80 pixels over 8 mm: a sensor 8 mm wide, so a 6 mm lens is 27 mm equivalent.
    plane = {"FocalPlaneXResolution": 100.0, "FocalPlaneResolutionUnit": 3, "FocalLength": 6.0}
    photo = load_photo(encode(picture(), "JPEG", exif=exif_of(**plane)))
    assert photo.focal_px == pytest.approx(6.0 / 8.0 * W)
    # Scaled down after it was taken: the field of view stays, so focal_px shrinks with the width.
    plane |= {"ExifImageWidth": 10 * W, "ExifImageHeight": 10 * H, "FocalPlaneXResolution": 1000.0}
    photo = load_photo(encode(picture(), "JPEG", exif=exif_of(**plane)))
    assert photo.focal_px == pytest.approx(6.0 / 8.0 * W)


@pytest.mark.parametrize(
    "values",
    [
        {"FocalLengthIn35mmFilm": 0},
        {"FocalLengthIn35mmFilm": 60000},
        {"FocalLength": 6.0},
        {"FocalLength": 6.0, "FocalPlaneXResolution": 0.0},
        {"FocalLength": 6.0, "FocalPlaneXResolution": 1e-3, "FocalPlaneResolutionUnit": 3},
        {"FocalLength": 6.0, "FocalPlaneXResolution": 100.0, "FocalPlaneResolutionUnit": 9},
        {"FocalLengthIn35mmFilm": 27, "ExifImageWidth": 4000, "ExifImageHeight": 4000},  # cut since
    ],
)
def test_no_focal_length_is_made_up(values: dict[str, object]) -> None:
    assert load_photo(encode(picture(), "JPEG", exif=exif_of(**values))).focal_px is None


def test_damaged_exif_counts_as_none() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        photo = load_photo(encode(picture(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff"))
    assert photo.focal_px is None
    assert photo.size_hw == (H, W)


def test_transparency_shows_white() -> None:
    clear = picture().convert("RGBA")
    clear.putalpha(0)
    assert (load_photo(encode(clear)).rgb == 255).all()
    palette = picture().convert("P")
    content = encode(palette, transparency=palette.getpixel((0, 0)))
    assert (load_photo(content).rgb[0, 0] == 255).all()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_not_clipped(kind: str) -> None:
    ramp = np.linspace(0, 65535, H * W).reshape(H, W).astype(np.uint16)
    photo = load_photo(encode(Image.fromarray(ramp), kind))
    assert np.abs(photo.rgb[..., 0] - ramp / 257.0).max() <= 0.51
    assert np.array_equal(photo.rgb, load_photo(ramp).rgb)


def test_first_frame_of_an_animation() -> None:
    other = Image.new("RGB", (W, H), "green")
    first = load_photo(encode(picture(), "GIF", save_all=True, append_images=[other]))
    assert np.abs(first.rgb.astype(int) - np.asarray(picture())).mean() < 8


def test_floats_and_bytes_are_the_same_picture() -> None:
    rgb = np.asarray(picture())
    assert np.array_equal(load_photo(rgb / 255).rgb, rgb)
    assert np.array_equal(load_photo(rgb[..., 0]).rgb[..., 2], rgb[..., 0])


def test_large_photos_are_scaled_down_and_their_focal_length_with_them() -> None:
    content = encode(Image.new("L", (6000, 4000)), "JPEG", exif=exif_of(FocalLengthIn35mmFilm=36))
    photo = load_photo(content)
    height, width = photo.size_hw
    assert 0.95 * WORKING_PIXELS < height * width <= WORKING_PIXELS * 1.001
    assert photo.focal_px == pytest.approx(width)


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b"", "empty"),
        (b"hello, I am a text", "not a picture"),
        (b"%PDF-1.4 something", "not a picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        ("/no/such/photo.jpg", "no file"),
        ("a\0b.jpg", "cannot be read"),
        (encode(Image.new("RGB", (1, 1))), "1×1"),
        (encode(Image.new("RGB", (500, MIN_SIDE_PX - 1))), "at least"),
        (encode(picture(), "JPEG")[:-60], "damaged"),
        (encode(picture(), "PNG")[:-30], "damaged"),
        (png_header(20_000, 20_000), "megapixels"),
        (png_header(9_000, 9_000), "81 megapixels"),
        (np.zeros((0, 50, 3), dtype=np.uint8), "shape"),
        (np.zeros((50,), dtype=np.uint8), "shape"),
        (np.zeros((50, 50, 2), dtype=np.uint8), "shape"),
        (np.zeros((50, 50), dtype=bool), "bool"),
        (np.full((50, 50), np.nan), "floats"),
        (np.full((50, 50), 200.0), "floats"),
    ],
)
def test_what_cannot_be_used_is_explained(given: object, words: str) -> None:
    with pytest.raises(PhotoError, match=words):
        load_photo(given)  # type: ignore[arg-type]


def test_a_folder_is_not_a_photo(tmp_path: Path) -> None:
    with pytest.raises(PhotoError, match="folder"):
        load_photo(tmp_path)


def test_pipes_and_devices_are_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    for path in (tmp_path / "pipe.jpg", "/dev/zero"):
        with pytest.raises(PhotoError, match="picture"):
            load_photo(path)


def test_a_huge_file_is_not_read(tmp_path):
    with open(tmp_path / "huge.jpg", "wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)  # sparse: no bytes are written
    with pytest.raises(PhotoError, match="MB"):
        load_photo(tmp_path / "huge.jpg")


def test_scale_tells_the_way_back_to_the_file():
    small = load_photo(np.zeros((100, 200, 3), np.uint8))
    assert small.scale == 1
    large = load_photo(np.zeros((3000, 6000, 3), np.uint8))
    assert large.scale == pytest.approx(large.size_hw[1] / 6000, rel=1e-3) and large.scale < 1
