"""AMASS files: read as written, never trusted."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from workbench.geometry.rotations import geodesic_angle_rad, matrix_from_axis_angle
from workbench.synth.amass import read_amass
from workbench.synth.motion import MotionFileError

FRAMES = 9


def recording(size: int = 156) -> dict[str, Any]:
    rng = np.random.default_rng(0)
    return {
        "poses": rng.normal(0, 0.4, (FRAMES, size)),
        "trans": rng.normal(0, 1, (FRAMES, 3)),
        "mocap_framerate": np.float64(120.0),
        "betas": rng.normal(0, 1, 16),
        "gender": np.array("female"),
    }


def saved(folder: Path, **changed: Any) -> Path:
    path = folder / "walk_poses.npz"
    content = recording() | changed
    np.savez(path, **{key: value for key, value in content.items() if value is not None})
    return path


@pytest.mark.parametrize("size", [72, 156, 165])
def test_joints_come_as_written_and_the_world_stands_up(tmp_path: Path, size: int) -> None:
    content = recording(size)
    motion = read_amass(saved(tmp_path, **content))
    written = matrix_from_axis_angle(
        torch.from_numpy(content["poses"][:, :66]).float().unflatten(-1, (22, 3))
    )
    assert motion.rotations.shape == (FRAMES, 24, 3, 3)
    assert geodesic_angle_rad(motion.rotations[:, 1:22], written[:, 1:]).max() < 2e-3
    assert torch.equal(motion.rotations[:, 22:], torch.eye(3).expand(FRAMES, 2, 3, 3))
    # What pointed along AMASS's z points along y, and places follow.
    torch.testing.assert_close(motion.rotations[:, 0, 1], written[:, 0, 2])
    torch.testing.assert_close(motion.root_m[:, 1].double(), torch.from_numpy(content["trans"][:, 2]), atol=1e-5, rtol=0)  # fmt: skip # noqa: E501
    assert motion.frames_per_s == 120


def test_smplx_files_call_the_rate_otherwise(tmp_path: Path) -> None:
    path = saved(tmp_path, mocap_framerate=None, mocap_frame_rate=np.float64(30))
    assert read_amass(path).frames_per_s == 30


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"poses": None}, "has no 'poses'"),
        ({"trans": None}, "has no 'trans'"),
        ({"mocap_framerate": None}, "has no 'mocap_framerate'"),
        ({"poses": np.zeros((FRAMES, 63))}, r"got \(9, 63\)"),
        ({"trans": np.zeros((2, 3))}, r"and \(2, 3\)"),
        ({"poses": np.full((FRAMES, 156), np.nan)}, "frame 0 holds NaN"),
        ({"trans": np.full((FRAMES, 3), np.inf)}, "finite trans"),
        ({"poses": np.full((FRAMES, 156), 90.0)}, "radians; got 90"),
        ({"mocap_framerate": np.float64(0)}, "frame rate above 0"),
        ({"poses": np.array([["a"]])}, "to be numbers"),
        ({"poses": np.zeros((0, 156))}, "to be numbers"),
        ({"poses": np.array([[{"a": 1}]], dtype=object)}, "to be numbers"),
    ],
)
def test_wrong_content_is_refused_with_what_is_wrong(
    tmp_path: Path, changed: dict[str, Any], message: str
) -> None:
    with pytest.raises(MotionFileError, match=message):
        read_amass(saved(tmp_path, **changed))


def test_a_header_that_promises_terabytes_allocates_nothing(tmp_path: Path) -> None:
    header = io.BytesIO()
    promise = {"descr": "<f8", "fortran_order": False, "shape": (1 << 40, 156)}
    np.lib.format.write_array_header_1_0(header, promise)
    path = tmp_path / "bomb.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("poses.npy", header.getvalue())
    with pytest.raises(MotionFileError, match="Nothing was loaded"):
        read_amass(path)


def test_damage_and_absence_are_told(tmp_path: Path) -> None:
    with pytest.raises(MotionFileError, match="no such file"):
        read_amass(tmp_path / "none.npz")
    path = saved(tmp_path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(MotionFileError, match="cannot be read"):
        read_amass(path)
