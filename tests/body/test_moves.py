"""Fingers, jaw and eyes, moved one thing at a time."""

import numpy as np
import torch

from workbench.body import BodyModel, load_body
from workbench.body.joints import SMPLX_JOINTS
from workbench.body.moves import Move, moves


def theta(amounts: dict[tuple[str, str], float], body: BodyModel) -> torch.Tensor:
    pose = np.zeros((body.num_joints, 3))
    for move in moves(body):
        for joint, turn in move.turns_rad.items():
            pose[SMPLX_JOINTS.index(joint)] += amounts.get((move.group, move.name), 0.0) * turn
    return torch.from_numpy(pose).float()


def amount(move: Move, pose: torch.Tensor) -> float:
    """Read back from a pose."""
    turns = np.concatenate(list(move.turns_rad.values()))
    given = np.concatenate([pose[SMPLX_JOINTS.index(joint)].numpy() for joint in move.turns_rad])
    return float(turns @ given / (turns @ turns))


def test_smpl_has_no_fingers_and_smplx_has_all():
    assert moves(load_body()) == []
    groups = [move.group for move in moves(load_body("open-smplx"))]
    assert {group: groups.count(group) for group in groups} == {"left hand": 6, "right hand": 6, "face": 3}


def test_amounts_can_be_read_from_a_pose_again():
    body = load_body("open-smplx")
    amounts = {(m.group, m.name): float(m.low + (m.high - m.low) * torch.rand(1)) for m in moves(body)}
    pose = theta(amounts, body)
    for move in moves(body):
        assert abs(amount(move, pose) - amounts[move.group, move.name]) < 1e-3, move.name


def test_a_fist_brings_the_finger_tips_to_the_palm_on_both_sides():
    body = load_body("open-smplx")
    tips = [
        body.keypoints[f"{side}_{f}_tip"] for side in ("left", "right") for f in ("index", "middle", "ring")
    ]
    fist = {
        (f"{s} hand", f"{f} curl"): 100.0
        for s in ("left", "right")
        for f in ("index", "middle", "ring", "pinky")
    }
    flat, closed = (body.mesh(torch.zeros(10), theta(a, body)).vertices_m for a in ({}, fist))
    wrists = [SMPLX_JOINTS.index(f"{side}_wrist") for side in ("left", "right") for _ in range(3)]
    palms = body.joint_template[wrists]
    shut = (closed[tips] - palms).norm(dim=1)
    assert (shut < 0.65 * (flat[tips] - palms).norm(dim=1)).all()
    assert (closed[tips, 1] < palms[:, 1]).all()  # the palms look down
    torch.testing.assert_close(shut[:3], shut[3:], atol=2e-3, rtol=0)


def test_the_jaw_opens_downwards_and_the_eyes_turn_where_they_look():
    body = load_body("open-smplx")
    joints = dict(zip(SMPLX_JOINTS, range(55), strict=True))
    jaw = body.with_shape(torch.zeros(10)).with_pose(theta({("face", "jaw opens"): 20.0}, body))
    chin = body.weights[:, joints["jaw"]] > 0.7
    assert (jaw.mesh().vertices_m[chin, 1].mean() - body.v_template[chin, 1].mean()) < -0.005
    eyes = body.with_shape(torch.zeros(10)).with_pose(
        theta({("face", "eyes look left"): 20.0, ("face", "eyes look up"): 10.0}, body)
    )
    gaze = eyes.rotations[joints["left_eye"]] @ torch.tensor([0.0, 0.0, 1.0])
    assert gaze[0] > 0.3 and gaze[1] > 0.1
