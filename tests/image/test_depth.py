"""Depth maps: every way to write one gives the same metres, and what is none is told so."""

import io

import numpy as np
import pytest
import torch
from jaxtyping import TypeCheckError
from PIL import Image

from workbench.image import Photo
from workbench.image.depth import DepthError, depth_text, load_depth, with_depth
from workbench.image.photo import PhotoError

H, W = 48, 64


@pytest.fixture
def metres():
    """1 to 4 m, in whole millimetres, with a hole."""
    y, x = np.mgrid[0:H, 0:W]
    depth = np.round(1 + 3 * (x + y) / (H + W), 3)
    depth[10:14, 20:30] = 0
    return depth


def png(numbers, kind="PNG"):
    stream = io.BytesIO()
    Image.fromarray(numbers).save(stream, kind)
    return stream.getvalue()


def numpy_file(numbers, **named):
    stream = io.BytesIO()
    if named:
        np.savez_compressed(stream, **named)
    else:
        np.save(stream, numbers)
    return stream.getvalue()


def steps(metres, per_metre):
    return np.round(metres * per_metre).astype(np.uint16)


def test_every_way_to_write_a_map_gives_the_same_metres(metres, tmp_path):
    in_mm = steps(metres, 1000)
    path = tmp_path / "depth.png"
    path.write_bytes(png(in_mm))
    given = {
        "png": load_depth(path),
        "bytes": load_depth(path.read_bytes()),
        "tiff": load_depth(png(in_mm, "TIFF")),
        "float tiff, m": load_depth(png(metres.astype(np.float32), "TIFF")),
        "npy, m": load_depth(numpy_file(metres)),
        "npy, mm": load_depth(numpy_file(in_mm)),
        "npz": load_depth(numpy_file(None, depth=in_mm, note=np.zeros(3))),
        "npz of one": load_depth(numpy_file(None, anything=metres)),
        "array": load_depth(metres),
        "floats in mm": load_depth(metres * 1000, unit_m=1e-3),
        "HoloLens": load_depth(png(steps(metres, 8000)), unit_m=1e-3 / 8),
    }
    for name, depth_m in given.items():
        torch.testing.assert_close(depth_m.double(), torch.from_numpy(metres), atol=1e-6, rtol=0, msg=name)


def test_whatever_stands_for_not_measured_is_a_hole(metres):
    for marker in (np.nan, np.inf):
        assert torch.equal(load_depth(np.where(metres == 0, marker, metres)), load_depth(metres))
    in_mm = steps(metres, 1000)
    far = np.full((H, W), 65535, np.int32)  # of more bits, it is a number like any other
    assert (load_depth(far) == 65.535).all()
    assert torch.equal(load_depth(np.where(in_mm == 0, 65535, in_mm).astype(np.uint16)), load_depth(in_mm))


BAD = {
    "a PGM": (lambda m: png(steps(m, 1000), "PPM"), "PNG or TIFF"),
    "8 bits in a picture": (lambda m: png((m * 50).astype(np.uint8)), "8 bits"),
    "8 bits in an array": (lambda m: (m * 50).astype(np.uint8), "8 bits"),
    "colours": (lambda m: png(np.zeros((H, W, 3), np.uint8)), "colours"),
    "no picture": (lambda m: b"not a picture", "cannot be read"),
    "nothing in it": (lambda m: b"", "cannot be read"),
    "cut off": (lambda m: png(steps(m, 1000))[:60], "cannot be read"),
    "a pickle in it": (lambda m: numpy_file(np.array([{}], dtype=object)), "cannot be read"),
    "many arrays": (lambda m: numpy_file(None, a=m, b=m), "one array.*a, b"),
    "too many dimensions": (lambda m: m[None], r"\(1, 48, 64\)"),
    "truths": (lambda m: m > 2, "bool"),
    "too small": (lambda m: m[:8, :8], "8×8"),
    "all holes": (lambda m: 0 * m, "every pixel is a hole"),
    "behind the camera": (lambda m: -m, "forwards"),
    "millimetres taken for metres": (lambda m: 1000 * m, "median depth.*0.001"),
    "metres taken for millimetres": (lambda m: m.round().astype(np.uint16), "median depth.* 1 for metres"),
}


@pytest.mark.parametrize("what", BAD)
def test_what_is_no_depth_map_is_told_so(what, metres):
    make, says = BAD[what]
    with pytest.raises(DepthError, match=says):
        load_depth(make(metres))


@pytest.mark.parametrize("unit_m", [0.0, -1.0, float("nan"), float("inf")])
def test_a_unit_is_a_length(metres, unit_m):
    with pytest.raises(DepthError, match="positive"):
        load_depth(metres, unit_m)


def test_a_bomb_is_not_unpacked():
    zeros = numpy_file(None, depth=np.zeros((6000, 6000)))
    assert len(zeros) < 1e6
    with pytest.raises(DepthError, match="unzip"):
        load_depth(zeros)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(PhotoError, match="no file"):
        load_depth(tmp_path / "depth.png")


def photo(height, width):
    return Photo(np.zeros((height, width, 3), np.uint8), None, "test")


def test_a_coarser_map_is_repeated_not_blended(metres):
    depth_m = load_depth(metres)
    fine = with_depth(photo(3 * H, 3 * W), depth_m).depth_m
    assert fine is not None
    assert torch.equal(fine, depth_m.repeat_interleave(3, 0).repeat_interleave(3, 1))
    again = with_depth(photo(H, W), fine).depth_m
    assert again is not None and torch.equal(again, depth_m)


@pytest.mark.parametrize(("height", "width"), [(W, H), (H, W + 8), (2 * H, W)])
def test_a_map_of_another_shape_is_refused(metres, height, width):
    with pytest.raises(DepthError, match=rf"{width}×{height}.*64×48"):
        with_depth(photo(height, width), load_depth(metres))


def test_a_photo_takes_no_numbers_that_are_no_depths():
    rgb = np.zeros((H, W, 3), np.uint8)
    for bad in (torch.full((H, W), -1.0), torch.full((H, W), torch.nan)):
        with pytest.raises(PhotoError, match="finite metres"):
            Photo(rgb, None, "test", depth_m=bad)
    with pytest.raises((PhotoError, TypeCheckError)):  # annotations come first where they are checked
        Photo(rgb, None, "test", depth_m=torch.ones(W, H))


def test_what_is_said_of_a_map(metres):
    said = depth_text(load_depth(metres))
    assert said.startswith("1.00 to 3.9") and f"{100 - 100 * 40 / (H * W):.0f} %" in said
    assert depth_text(torch.zeros(4, 4)) == "nothing measured"
