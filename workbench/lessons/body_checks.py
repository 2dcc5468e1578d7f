"""Checks for lesson 1: where joints and skin go."""

from collections.abc import Callable
from functools import lru_cache, reduce
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body import BodyModel, Posed, load_body
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.lessons.checking import Exercise, Mistake, Verdict, check

Function = Callable[..., Any]


def check_joint_position(function: Any) -> Verdict:
    """Checks `function(body, betas, theta, joint)`: where a joint is after posing, (3,) in metres."""
    return check(function, _joint_position())


def check_skin(function: Any) -> Verdict:
    """Checks `function(rest_m, transforms, weights)`, (V, 3), (J, 3, 4), (V, J): skinned vertices (V, 3)."""
    return check(function, _skin())


def joint_by_walking(
    body: BodyModel, betas: Float[Tensor, "B"], theta: Float[Tensor, "J 3"], joint: int
) -> Float[Tensor, "3"]:
    """Where one joint is after posing, m: on the way to the root, each ancestor turns what hangs on it."""
    rest = body.with_shape(betas).joints_m
    turns = matrix_from_axis_angle(theta)
    place = rest[joint]
    while (joint := body.parents[joint]) >= 0:
        place = rest[joint] + turns[joint] @ (place - rest[joint])
    return place


def skin_at_once(
    rest_m: Float[Tensor, "V 3"], transforms: Float[Tensor, "J 3 4"], weights: Float[Tensor, "V J"]
) -> Float[Tensor, "V 3"]:
    """Linear blend skinning of one body, m: one blended transform [R | t] per vertex."""
    blended = torch.einsum("vj,jrc->vrc", weights, transforms)
    return torch.einsum("vrc,vc->vr", blended[..., :3], rest_m) + blended[..., 3]


def _joint_position() -> Exercise:
    body = _body()
    inputs = [(body, *_numbers(body, joint), joint) for joint in (20, 8, 15)]
    does = "every parent up the chain has its say, and the joint's own rotation does not move it"
    return Exercise(does, _joint, inputs, _joint_mistakes(), "m", 1e-4)


def _joint_mistakes() -> list[Mistake]:
    def from_mesh(body: BodyModel, betas: Tensor, theta: Tensor, joint: int) -> Tensor:
        assert body.joint_regressor is not None
        return (body.joint_regressor @ body.mesh(betas, theta).vertices_m)[joint]

    return [
        Mistake(
            "It regresses the joints from the POSED mesh. The regressor was made for the rest pose: regress "
            "there (with_shape(betas).joints_m), then move the joints along the chain.",
            from_mesh,
        ),
        Mistake(
            "It starts from the template's joints. A shaped person has other bones: take "
            "body.with_shape(betas).joints_m.",
            lambda body, betas, theta, joint: _joint(body, 0 * betas, theta, joint),
        ),
        Mistake(
            "It forgets the parent's transform: each bone was turned by one rotation alone. What turns a "
            "bone is the product of all rotations from the root down to the joint it starts from.",
            _walk(lambda posed, joint: posed.local_rotations[_parent(posed, joint)]),
        ),
        Mistake(
            "A joint's own rotation moves what comes after it, not the joint itself: turn the bone to a "
            "joint by what its PARENT does.",
            _walk(lambda posed, joint: posed.rotations[joint]),
        ),
        Mistake(
            "The rotations are transposed (rows for columns): it is R @ bone, which is bone @ R.T.",
            _walk(lambda posed, joint: posed.rotations[_parent(posed, joint)].T),
        ),
        Mistake(
            "The rotations are multiplied in the wrong order. The root comes first: parent @ child.",
            _walk(_in_wrong_order),
        ),
        Mistake(
            "It takes theta for degrees. theta is in radians already.",
            lambda body, betas, theta, joint: _joint(body, betas, theta.deg2rad(), joint),
        ),
        Mistake(
            "This is the joint at rest: theta has no effect.",
            lambda body, betas, theta, joint: body.with_shape(betas).joints_m[joint],
        ),
    ]


def _joint(body: BodyModel, betas: Tensor, theta: Tensor, joint: int) -> Float[Tensor, "3"]:
    return body.with_shape(betas).with_pose(theta).joints_m[joint]


def _walk(turn: Callable[[Posed, int], Tensor]) -> Function:
    """The joint's place when `turn` tells how the bone that ends in a joint is turned."""

    def place(body: BodyModel, betas: Tensor, theta: Tensor, joint: int) -> Float[Tensor, "3"]:
        posed = body.with_shape(betas).with_pose(theta)
        rest = posed.shaped.joints_m
        total = rest[0]
        while joint > 0:
            total = total + turn(posed, joint) @ (rest[joint] - rest[body.parents[joint]])
            joint = body.parents[joint]
        return total

    return place


def _parent(posed: Posed, joint: int) -> int:
    return posed.shaped.model.parents[joint]


def _in_wrong_order(posed: Posed, joint: int) -> Float[Tensor, "3 3"]:
    turns = []
    while (joint := _parent(posed, joint)) >= 0:
        turns.append(posed.local_rotations[joint])
    return reduce(torch.matmul, turns)


def _skin() -> Exercise:
    body = _body()

    def rigid(rest: Tensor, transforms: Tensor, weights: Tensor) -> Tensor:
        one = torch.nn.functional.one_hot(weights.argmax(1), weights.shape[1]).float()
        return skin_at_once(rest, transforms, one)

    def no_translation(rest: Tensor, transforms: Tensor, weights: Tensor) -> Tensor:
        return skin_at_once(rest, torch.cat((transforms[..., :3], 0 * transforms[..., 3:]), dim=-1), weights)

    def transposed(rest: Tensor, transforms: Tensor, weights: Tensor) -> Tensor:
        return skin_at_once(rest, torch.cat((transforms[..., :3].mT, transforms[..., 3:]), dim=-1), weights)

    inputs = []
    for seed in (3, 4):
        posed = body.with_shape(_numbers(body, seed)[0]).with_pose(_numbers(body, seed)[1])
        inputs.append((posed.rest_vertices_m, posed.transforms, body.weights))
    return Exercise(
        "each vertex follows the weighted mean of its joints' transforms",
        skin_at_once,
        inputs,
        [
            Mistake(
                "The translation is missing: a transform is [R | t], and t is its last column.",
                no_translation,
            ),
            Mistake(
                "Each vertex follows its heaviest joint alone. That tears the skin at the joints: blend all "
                "transforms by the weights.",
                rigid,
            ),
            Mistake(
                "The rotations are transposed: points are columns here, so it is R @ v, which is v @ R.T for "
                "points in rows.",
                transposed,
            ),
            Mistake(
                "The weights are missing: the transforms were added up as they are.",
                lambda rest, transforms, weights: skin_at_once(rest, transforms, torch.ones_like(weights)),
            ),
        ],
        "m",
        1e-4,
    )


@lru_cache(maxsize=1)
def _body() -> BodyModel:
    return load_body("open-smpl")


def _numbers(body: BodyModel, seed: int) -> tuple[Float[Tensor, "B"], Float[Tensor, "J 3"]]:
    """A strange person in a strange pose."""
    random = torch.Generator().manual_seed(seed)
    betas = 1.5 * torch.randn(body.num_betas, generator=random)
    return betas, 0.6 * torch.randn(body.num_joints, 3, generator=random)
