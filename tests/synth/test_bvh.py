"""BVH files: limbs point where the recording says, and damage is told."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.body.joints import SMPL_JOINTS, SMPL_PARENTS
from workbench.geometry.rotations import geodesic_angle_rad
from workbench.synth.bvh import read_bvh
from workbench.synth.figure import open_figure
from workbench.synth.motion import MotionFileError

CMU = {
    "pelvis": "Hips", "spine1": "LowerBack", "spine2": "Spine", "spine3": "Spine1",
    "neck": "Neck1", "head": "Head",
    "hip": "UpLeg", "knee": "Leg", "ankle": "Foot", "foot": "ToeBase",
    "collar": "Shoulder", "shoulder": "Arm", "elbow": "ForeArm", "wrist": "Hand",
}  # fmt: skip
BODY = SMPL_JOINTS[:22]
REST = open_figure().body.joint_template.numpy()


def cmu_name(joint: str) -> str:
    side, _, part = joint.rpartition("_")
    return side.capitalize() + CMU[part]


def written(
    path: Path, angles_deg: np.ndarray, order: str = "ZXY", spread_deg: int = 0, unit: int = 20
) -> Path:
    """SMPL's skeleton as a BVH file; legs at rest may be spread, as CMU's are."""
    offsets = REST[:22] - np.concatenate((np.zeros((1, 3)), REST[list(SMPL_PARENTS[1:22])]))
    for joint, sign in (("left", 1), ("right", -1)):
        turn = Rotation.from_euler("z", sign * spread_deg, degrees=True)
        for part in ("knee", "ankle", "foot"):
            i = SMPL_JOINTS.index(f"{joint}_{part}")
            offsets[i] = turn.apply(offsets[i])
    offsets = offsets * unit
    channels = " ".join(f"{axis}rotation" for axis in order)

    def lines(j: int) -> list[str]:
        children = [i for i in range(22) if SMPL_PARENTS[i] == j]
        place = "6 Xposition Yposition Zposition" if j == 0 else "3"
        below = [line for i in children for line in lines(i)] or ["End Site", "{", "OFFSET 0 0 1", "}"]
        return [
            f"{'ROOT' if j == 0 else 'JOINT'} {cmu_name(BODY[j])}",
            "{",
            "OFFSET " + " ".join(f"{v:.6f}" for v in offsets[j]),
            f"CHANNELS {place} {channels}",
            *below,
            "}",
        ]

    sequence: list[int] = []

    def visit(j: int) -> None:
        sequence.append(j)
        for i in (i for i in range(22) if SMPL_PARENTS[i] == j):
            visit(i)

    visit(0)
    rows = [
        " ".join(f"{v:.6f}" for v in (10.0, 20.0, 30.0, *frame[sequence].ravel())) for frame in angles_deg
    ]
    head = ["HIERARCHY", *lines(0), "MOTION", f"Frames: {len(rows)}", "Frame Time: 0.0083333"]
    path.write_text("\n".join([*head, *rows]) + "\n")
    return path


def random_angles(frames: int = 4) -> np.ndarray:
    return np.random.default_rng(0).uniform(-70, 70, (frames, 22, 3))


@pytest.mark.parametrize("order", ["ZXY", "ZYX", "XYZ"])
def test_rotations_come_back(tmp_path: Path, order: str) -> None:
    angles = random_angles()
    motion = read_bvh(written(tmp_path / "a.bvh", angles, order))
    expected = (
        Rotation.from_euler(order, angles.reshape(-1, 3), degrees=True).as_matrix().reshape(4, 22, 3, 3)
    )
    assert motion.missing == ("left_hand", "right_hand")
    assert motion.frames_per_s == pytest.approx(120, rel=1e-3)
    assert geodesic_angle_rad(motion.rotations[:, :22], torch.from_numpy(expected).float()).max() < 2e-3


def test_lengths_are_scaled_to_the_body(tmp_path: Path) -> None:
    motion = read_bvh(written(tmp_path / "a.bvh", random_angles(), unit=20))
    expected = torch.from_numpy(REST[0] + np.array([10, 20, 30]) / 20).float()
    torch.testing.assert_close(motion.root_m, expected.expand(4, 3), atol=1e-4, rtol=0)


def test_limbs_point_where_those_of_another_rest_pose_did(tmp_path: Path) -> None:
    angles = random_angles()
    plain, spread = (read_bvh(written(tmp_path / f"{s}.bvh", angles, spread_deg=s)) for s in (0, 20))
    turn = Rotation.from_euler("z", 20, degrees=True).as_matrix()
    shin = REST[SMPL_JOINTS.index("left_ankle")] - REST[SMPL_JOINTS.index("left_knee")]

    def direction(rotations: torch.Tensor, rest: np.ndarray) -> np.ndarray:
        world = open_figure().posed(rotations).rotations[:, SMPL_JOINTS.index("left_knee")].numpy()
        return world @ rest

    np.testing.assert_allclose(
        direction(spread.rotations, shin), direction(plain.rotations, turn @ shin), atol=1e-3
    )


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("HIERARCHY", "HIERARCHIE", "expected HIERARCHY"),
        ("MOTION", "MOVEMENT", "and MOTION"),
        ("Frames: 4", "Frames: 5", "5 frames of 69 numbers"),
        ("Frames: 4", "Frames: -4", "number of frames"),
        ("Frame Time: 0.0083333", "Frame Time: 0", "frame time"),
        ("10.000000", "nan", "finite motion"),
        ("10.000000", "ten", "numbers as motion"),
        ("Zrotation", "Wrotation", "different channels"),
        ("Xrotation", "Zrotation", "different channels"),
        ("CHANNELS 3", "CHANNELS 999999999", "different channels"),
        ("OFFSET", "SET", "expected 'OFFSET'"),
        ("LeftForeArm", "Tentacle", "no joints for left_elbow"),
        ("}\nMOTION", "MOTION", "brackets closed"),
        ("}\nMOTION", "}\n}\nMOTION", "bracket too many"),
    ],
)
def test_damage_is_told(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = written(tmp_path / "a.bvh", random_angles())
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(MotionFileError, match=message):
        read_bvh(path)


def test_what_is_no_text_or_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MotionFileError, match="no such file"):
        read_bvh(tmp_path / "none.bvh")
    (tmp_path / "picture.bvh").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(MotionFileError, match="plain text"):
        read_bvh(tmp_path / "picture.bvh")


def test_skeletons_without_end_are_refused(tmp_path: Path) -> None:
    joint = "JOINT a { OFFSET 0 0 0 CHANNELS 0 "
    path = tmp_path / "deep.bvh"
    path.write_text("HIERARCHY ROOT r { OFFSET 0 0 0 CHANNELS 0 " + joint * 5000 + "MOTION")
    with pytest.raises(MotionFileError, match="more than 512 joints"):
        read_bvh(path)
