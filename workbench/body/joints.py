"""Names and trees: the joints of SMPL and SMPL-X, and the points that image models find.

Left and right are the person's own. Names and order follow smplx, BlazePose and COCO; an id
is a place in the tuple.
"""

from collections.abc import Sequence

SMPL_JOINTS: tuple[str, ...] = (
    "pelvis",
    "left_hip",
    "right_hip",
    "spine1",
    "left_knee",
    "right_knee",
    "spine2",
    "left_ankle",
    "right_ankle",
    "spine3",
    "left_foot",
    "right_foot",
    "neck",
    "left_collar",
    "right_collar",
    "head",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hand",
    "right_hand",
)
"""SMPL's 24; "foot" is the ball of the foot, "hand" the row of knuckles, "collar" the clavicle's root."""

SMPL_PARENTS: tuple[int, ...] = (
    -1,
    0,
    0,
    0,
    1,
    2,
    3,
    4,
    5,
    6,
    7,
    8,
    9,
    9,
    9,
    12,
    13,
    14,
    16,
    17,
    18,
    19,
    20,
    21,
)
"""Parent of each joint; the pelvis has none."""

_FINGERS = ("index", "middle", "pinky", "ring", "thumb")  # SMPL-X's order

SMPLX_JOINTS: tuple[str, ...] = (
    *SMPL_JOINTS[:22],
    "jaw",
    "left_eye",
    "right_eye",
    *(f"{side}_{finger}{i}" for side in ("left", "right") for finger in _FINGERS for i in (1, 2, 3)),
)
"""SMPL-X's 55: SMPL's without the hands, then jaw, eyes and three joints per finger."""

SMPLX_PARENTS: tuple[int, ...] = (
    *SMPL_PARENTS[:22],
    *(15, 15, 15),
    *(20 if j % 3 == 1 else j - 1 for j in range(25, 40)),
    *(21 if j % 3 == 1 else j - 1 for j in range(40, 55)),
)
"""Parent of each SMPL-X joint: a finger hangs on its wrist."""

SMPLH_JOINTS: tuple[str, ...] = (*SMPL_JOINTS[:22], *SMPLX_JOINTS[25:])
"""SMPL-H's 52: SMPL-X's without jaw and eyes."""


def joint_names(num_joints: int) -> tuple[str, ...]:
    """The joints of a body that has so many.

    Raises:
        ValueError: no SMPL-format body has.
    """
    known = {len(names): names for names in (SMPL_JOINTS, SMPLH_JOINTS, SMPLX_JOINTS)}
    if num_joints not in known:
        raise ValueError(
            f"Joints have names in bodies of 24 (SMPL), 52 (SMPL-H) or 55 (SMPL-X) joints; got {num_joints}."
        )
    return known[num_joints]


def joint_parents(num_joints: int) -> tuple[int, ...]:
    """The parent of each of them; -1 for the root.

    Raises:
        ValueError: no SMPL-format body has so many.
    """
    names = joint_names(num_joints)
    above = dict(zip(SMPLX_JOINTS, SMPLX_PARENTS, strict=True)) | dict(
        zip(SMPL_JOINTS, SMPL_PARENTS, strict=True)
    )
    whole = SMPL_JOINTS if num_joints == len(SMPL_JOINTS) else SMPLX_JOINTS
    return tuple(-1 if above[name] < 0 else names.index(whole[above[name]]) for name in names)


BLAZEPOSE: tuple[str, ...] = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
"""BlazePose's 33 (Bazarevsky et al., 2020); pinky, index and thumb are knuckles, not tips."""

_BLAZEPOSE_ARM = ((11, 13), (13, 15), (15, 17), (15, 19), (15, 21), (17, 19))
_BLAZEPOSE_LEG = ((23, 25), (25, 27), (27, 29), (29, 31), (27, 31))

BLAZEPOSE_BONES: tuple[tuple[int, int], ...] = (
    *((0, 1), (1, 2), (2, 3), (3, 7), (0, 4), (4, 5), (5, 6), (6, 8), (9, 10)),
    *((11, 12), (11, 23), (12, 24), (23, 24)),
    *_BLAZEPOSE_ARM,
    *((a + 1, b + 1) for a, b in _BLAZEPOSE_ARM),
    *_BLAZEPOSE_LEG,
    *((a + 1, b + 1) for a, b in _BLAZEPOSE_LEG),
)
"""The lines MediaPipe draws between them."""

COCO: tuple[str, ...] = (
    "nose",
    "left_eye",
    "right_eye",
    "left_ear",
    "right_ear",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
"""COCO's 17; each has a BlazePose landmark of the same name."""

BLAZEPOSE_OF_COCO: tuple[int, ...] = tuple(BLAZEPOSE.index(name) for name in COCO)
"""BlazePose id of each COCO keypoint."""


def mirror_ids(names: Sequence[str]) -> tuple[int, ...]:
    """Where each name's mirror image is in the same list; a name without a side is its own."""

    def mirrored(name: str) -> str:
        return "_".join({"left": "right", "right": "left"}.get(part, part) for part in name.split("_"))

    return tuple(names.index(mirrored(name)) for name in names)
