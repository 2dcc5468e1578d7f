"""BVH recordings, with the joint names of the CMU motion capture conversions, as poses of SMPL's joints.

A BVH skeleton has its own rest pose. Each bone is first turned, the shortest way, from SMPL's rest direction
to the recording's, then moved as the recording says, so that limbs point where they did. Trunk and head are
taken over as they are: both skeletons stand upright, y up, facing +z.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from scipy.spatial.transform import Rotation

from workbench.body.joints import SMPL_JOINTS, SMPL_PARENTS
from workbench.synth.figure import open_figure
from workbench.synth.motion import Motion, MotionFileError

LARGEST_BYTES = 1 << 28
LARGEST_SKELETON = 512
_CHANNELS = {f"{axis}{kind}" for axis in "XYZ" for kind in ("position", "rotation")}

# SMPL joint -> names in BVH files, the usual first.
_SIDED = {
    "hip": ("{}UpLeg", "{}Hip", "{}Thigh"),
    "knee": ("{}Leg", "{}Knee", "{}Shin"),
    "ankle": ("{}Foot", "{}Ankle"),
    "foot": ("{}ToeBase", "{}Toe"),
    "collar": ("{}Shoulder", "{}Collar"),
    "shoulder": ("{}Arm", "{}UpArm"),
    "elbow": ("{}ForeArm", "{}LowArm", "{}Elbow"),
    "wrist": ("{}Hand", "{}Wrist"),
}
_MIDDLE = {
    "pelvis": ("Hips", "Hip", "hip"),
    "spine1": ("LowerBack", "Spine"),
    "spine2": ("Spine", "Spine1"),
    "spine3": ("Spine1", "Spine2"),
    "neck": ("Neck1", "Neck"),
    "head": ("Head",),
}
NAMES: dict[str, tuple[str, ...]] = _MIDDLE | {
    f"{side.lower()}_{part}": tuple(name.format(side) for name in names)
    for side in ("Left", "Right")
    for part, names in _SIDED.items()
}
"""Per SMPL joint the names under which it is looked for; a name serves one joint only."""
_LIMBS = {
    f"{side}_{a}": f"{side}_{b}"
    for side in ("left", "right")
    for a, b in (("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist"))
}
_NEEDED = ("pelvis", *_LIMBS)


@dataclass(frozen=True)
class _Joint:
    name: str
    parent: int
    offset: tuple[float, ...]
    channels: tuple[str, ...]


def read_bvh(path: Path | str) -> Motion:
    """Read a recording; lengths are scaled so that its legs are as long as the mean open body's.

    Raises:
        MotionFileError: not a BVH file, or one that is damaged, too large, holds NaN, or lacks a limb.
    """
    path = Path(path)
    if not path.is_file():
        raise MotionFileError(f"Expected a BVH recording at {path}; there is no such file.")
    if path.stat().st_size > LARGEST_BYTES:
        raise MotionFileError(f"{path} is larger than {LARGEST_BYTES >> 20} MB; cut it into pieces.")
    try:
        text = path.read_text(encoding="ascii")
    except UnicodeDecodeError:
        raise MotionFileError(f"Expected a BVH recording, which is plain text; {path} is not.") from None
    try:
        joints, tokens = _hierarchy(text)
        values, frame_s = _motion(tokens, sum(len(joint.channels) for joint in joints))
    except _Damaged as error:
        raise MotionFileError(f"{path} is no BVH recording: {error}") from None
    found = _matched(joints)
    lost = [name for name in _NEEDED if name not in found]
    if lost:
        raise MotionFileError(
            f"{path} has no joints for {', '.join(lost)}; it has {', '.join(j.name for j in joints)}. "
            "Expected the names of the CMU conversions: Hips, LeftUpLeg, LeftLeg, LeftArm, LeftForeArm, ..."
        )
    turns, places = _world(joints, values)
    scale = _scale(joints, found)
    missing = tuple(name for name in SMPL_JOINTS if name not in found)
    rotations = torch.from_numpy(_retargeted(joints, found, turns)).float()
    return Motion(rotations, torch.from_numpy(places * scale).float(), 1 / frame_s, missing)


class _Damaged(ValueError):
    pass


def _hierarchy(text: str) -> tuple[list[_Joint], list[str]]:
    """The skeleton, and the words of the motion."""
    head, found, tail = text.partition("MOTION")
    words = head.split()
    if not found or words[:2] != ["HIERARCHY", "ROOT"]:
        raise _Damaged("expected HIERARCHY, ROOT and MOTION.")
    joints: list[_Joint] = []
    stack: list[int] = []
    at = iter(words[1:])
    try:
        for word in at:
            if word in ("ROOT", "JOINT"):
                joint = _joint(at, stack[-1] if stack else -1)
                stack.append(len(joints))
                joints.append(joint)
            elif word == "End":
                _end_site(at)
            elif word == "}":
                stack.pop()
            else:
                raise _Damaged(f"expected JOINT, End Site or a bracket; got {word[:40]!r}.")
            if len(joints) > LARGEST_SKELETON:
                raise _Damaged(f"more than {LARGEST_SKELETON} joints.")
    except (StopIteration, IndexError):
        raise _Damaged("its skeleton ends too early, or closes a bracket too many.") from None
    if stack or sum(joint.parent < 0 for joint in joints) != 1:
        raise _Damaged("expected one skeleton with all brackets closed.")
    return joints, tail.split()


def _joint(at: Iterator[str], parent: int) -> _Joint:
    name = next(at)
    _expect(next(at), "{")
    offset = _offset(at)
    _expect(next(at), "CHANNELS")
    count = next(at)
    channels = tuple(next(at) for _ in range(int(count) if count in "0123456" else 7))
    if not set(channels) <= _CHANNELS or len(set(channels)) != len(channels):
        raise _Damaged(f"joint {name[:40]!r}: expected up to six different channels such as Xrotation.")
    return _Joint(name, parent, offset, channels)


def _end_site(at: Iterator[str]) -> None:
    _expect(next(at), "Site")
    _expect(next(at), "{")
    _offset(at)
    _expect(next(at), "}")


def _offset(at: Iterator[str]) -> tuple[float, ...]:
    _expect(next(at), "OFFSET")
    return tuple(float(v) for v in _numbers([next(at) for _ in range(3)], "offsets"))


def _expect(got: str, wanted: str) -> None:
    if got != wanted:
        raise _Damaged(f"expected {wanted!r}, got {got[:40]!r}.")


def _numbers(words: list[str], what: str) -> np.ndarray:
    try:
        values = np.array(words, dtype=np.float64)
    except ValueError as error:
        raise _Damaged(f"expected numbers as {what} ({error}).") from None
    if not np.isfinite(values).all():
        raise _Damaged(f"expected finite {what}; got NaN or infinity.")
    return values


def _motion(words: list[str], per_frame: int) -> tuple[Float[np.ndarray, "T C"], float]:
    if words[:1] != ["Frames:"] or words[2:4] != ["Frame", "Time:"] or len(words) < 5:
        raise _Damaged("expected 'Frames: N' and 'Frame Time: S' after MOTION.")
    frame_s = float(_numbers(words[4:5], "the frame time")[0])
    if not words[1].isdigit() or not 0 < frame_s < 60:
        raise _Damaged(f"expected a number of frames and a frame time; got {words[1][:20]!r} and {frame_s}.")
    values = _numbers(words[5:], "motion")
    if not per_frame or int(words[1]) < 1 or values.size != int(words[1]) * per_frame:
        raise _Damaged(f"expected {words[1]} frames of {per_frame} numbers; got {values.size} numbers.")
    return values.reshape(-1, per_frame), frame_s


def _matched(joints: list[_Joint]) -> dict[str, int]:
    """SMPL joint to joint of the file; each of the file's serves once."""
    ids = {joint.name: i for i, joint in reversed(list(enumerate(joints)))}
    found: dict[str, int] = {}
    for name, candidates in NAMES.items():
        free = [ids[c] for c in candidates if c in ids and ids[c] not in found.values()]
        if free:
            found[name] = free[0]
    return found


def _world(joints: list[_Joint], values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """World rotations of all joints (T, J, 3, 3) and places of the root (T, 3)."""
    turns = np.tile(np.eye(3), (len(values), len(joints), 1, 1))
    places = np.zeros((len(values), 3))
    column = 0
    for i, joint in enumerate(joints):
        mine = values[:, column : column + len(joint.channels)]
        column += len(joint.channels)
        axes = [(c[0], k) for k, c in enumerate(joint.channels) if c.endswith("rotation")]
        local = np.eye(3)
        for axis, k in axes:  # in the order of the channels, each about the axes turned so far
            local = local @ Rotation.from_euler(axis.lower(), mine[:, [k]], degrees=True).as_matrix()
        turns[:, i] = turns[:, joint.parent] @ local if joint.parent >= 0 else local
        if joint.parent < 0:
            places = places + np.array(joint.offset)
            for k, channel in enumerate(joint.channels):
                if channel.endswith("position"):
                    places[:, "XYZ".index(channel[0])] += mine[:, k]
    return turns, places


def _retargeted(joints: list[_Joint], found: dict[str, int], turns: np.ndarray) -> np.ndarray:
    rest = open_figure().body.joint_template.double().numpy()
    world = np.tile(np.eye(3), (len(turns), len(SMPL_JOINTS), 1, 1))
    local = world.copy()
    for j, name in enumerate(SMPL_JOINTS):
        parent = world[:, SMPL_PARENTS[j]] if j else np.eye(3)
        world[:, j] = parent
        if name in found:
            world[:, j] = turns[:, found[name]]
            if name in _LIMBS:
                theirs = _bone(joints, found[name], found.get(_LIMBS[name]))
                ours = rest[SMPL_JOINTS.index(_LIMBS[name])] - rest[j]
                world[:, j] = world[:, j] @ _shortest(ours, theirs)
        local[:, j] = np.swapaxes(parent, -1, -2) @ world[:, j]
    return local


def _bone(joints: list[_Joint], start: int, end: int | None) -> np.ndarray:
    """From one joint to a joint below it at rest; to its first child if there is no such joint."""
    if end is None:
        end = next((i for i, joint in enumerate(joints) if joint.parent == start), start)
    total = np.zeros(3)
    while end not in (start, -1):
        total += joints[end].offset
        end = joints[end].parent
    return total


def _scale(joints: list[_Joint], found: dict[str, int]) -> float:
    """Metres per unit of the file."""
    rest = open_figure().body.joint_template.double().numpy()
    at = [rest[SMPL_JOINTS.index(f"left_{part}")] for part in ("hip", "knee", "ankle")]
    ours = math.dist(at[0], at[1]) + math.dist(at[1], at[2])
    pairs = (("left_hip", "left_knee"), ("left_knee", "left_ankle"))
    theirs = sum(float(np.linalg.norm(_bone(joints, found[a], found.get(b)))) for a, b in pairs)
    return ours / theirs if theirs > 0 else 1.0


def _shortest(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The smallest rotation that takes direction a to direction b; none if either has no length."""
    lengths = np.linalg.norm(a) * np.linalg.norm(b)
    if lengths < 1e-12:
        return np.eye(3)
    axis, cosine = np.cross(a, b) / lengths, float(np.clip(a @ b / lengths, -1, 1))
    sine = float(np.linalg.norm(axis))
    if sine < 1e-9:  # the same, or opposite: then any square axis will do
        square = np.cross(a, np.eye(3)[np.argmin(np.abs(a))])
        return Rotation.from_rotvec(
            (math.pi if cosine < 0 else 0) * square / np.linalg.norm(square)
        ).as_matrix()
    return Rotation.from_rotvec(axis / sine * math.atan2(sine, cosine)).as_matrix()
