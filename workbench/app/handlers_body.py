"""What the Body tab does, without the page."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.app import models
from workbench.app.fragments import facts
from workbench.body.limits import HINGES, angle_spread_rad
from workbench.body.mesh import Mesh
from workbench.figures.world import WorldBody, world

BETA_LIMIT = 3.0
RANDOM_BETA_LIMIT = 2.0
RANDOM_POSE = 0.5
"""Random poses use half of what the joints can do, or they would look broken."""
BETA_NAMES = ("height", "weight", "build")
"""What the open body's first shape coefficients change most."""
BOUNDS_M = torch.tensor([[-1.15, -0.9, -1.3], [1.15, 0.9, 1.05]])
"""The view's fixed box, in display axes: large enough for a tall body with raised arms."""


@dataclass(frozen=True, eq=False)
class BodyState:
    """One visitor's body."""

    betas: Float[Tensor, "B"]
    theta: Float[Tensor, "J 3"]


def rest() -> BodyState:
    """The mean body in its rest pose."""
    body = models.body()
    return BodyState(torch.zeros(body.num_betas), torch.zeros(body.num_joints, 3))


def random_shape(state: BodyState) -> BodyState:
    """Another person in the same pose."""
    limits = (-RANDOM_BETA_LIMIT, RANDOM_BETA_LIMIT)
    return replace(state, betas=torch.randn_like(state.betas).clamp(*limits))


def random_pose(state: BodyState) -> BodyState:
    """The same person in another pose: independent joint angles within what joints can do."""
    theta = RANDOM_POSE * torch.from_numpy(angle_spread_rad()).float() * torch.randn_like(state.theta)
    theta[0] = 0  # keep facing the viewer
    for joint, axis, sign in HINGES:
        theta[joint, axis] = sign * theta[joint, axis].abs()
    return replace(state, theta=theta)


def changed(state: BodyState, joint: str, numbers: Sequence[float | None]) -> BodyState:
    """The state after a slider moved.

    Args:
        state: before.
        joint: the joint that the angle sliders show.
        numbers: the betas, then the three angles in degrees.

    Raises:
        ValueError: a number is missing or not finite, or there is no such joint.
    """
    values = torch.tensor([float("nan") if n is None else float(n) for n in numbers])
    if not values.isfinite().all():
        raise ValueError("A slider needs a number; the body stays as it was.")
    theta = state.theta.clone()
    theta[joint_index(joint)] = values[-3:].deg2rad()
    return BodyState(values[:-3], theta)


def angles_deg(state: BodyState, joint: str) -> list[float]:
    """Where the three angle sliders stand for a joint."""
    return [round(float(v), 1) for v in state.theta[joint_index(joint)].rad2deg()]


def joint_index(joint: str) -> int:
    """The place of a joint by its name.

    Raises:
        ValueError: there is no such joint.
    """
    names = models.joint_names(models.body())
    if joint not in names:
        raise ValueError(f"There is no joint {joint!r}. Pick one from the list: {', '.join(names)}.")
    return names.index(joint)


def pose(state: BodyState) -> Mesh:
    """The visitor's body."""
    return models.body().mesh(state.betas, state.theta)


def show(state: BodyState) -> tuple[dict[str, Any], str]:
    """The view and the facts under it."""
    mesh, body = pose(state), models.body()
    drawn = WorldBody("body", mesh.vertices_m, mesh.joints_m, body.topology)
    return world([drawn], "body", bounds_m=BOUNDS_M), _facts(state)


def code(state: BodyState) -> str:
    """Python that makes the same mesh."""
    names = [name.replace(" ", "_") for name in models.joint_names(models.body())]
    turned = [j for j in range(len(names)) if state.theta[j].any()]
    return "\n".join(
        [
            "import torch",
            "",
            "from workbench.body import load_body",
            *(["from workbench.body.joints import SMPL_JOINTS"] if turned else []),
            "",
            "body = load_body()",
            f"betas = torch.tensor({_numbers(state.betas)})",
            f"theta = torch.zeros({len(names)}, 3)  # axis-angle, rad",
            *(
                f'theta[SMPL_JOINTS.index("{names[j]}")] = torch.tensor({_numbers(state.theta[j])})'
                for j in turned
            ),
            "mesh = body.with_shape(betas).with_pose(theta).mesh()",
            "print(mesh.vertices_m.shape, mesh.joints_m.shape)",
        ]
    )


def _numbers(values: Float[Tensor, "N"]) -> list[float]:
    return [round(v, 4) for v in values.tolist()]


def _facts(state: BodyState) -> str:
    """Sizes of the person in rest pose, so that they do not change with the pose."""
    shaped = models.body().with_shape(state.betas)
    extent = shaped.vertices_m.amax(0) - shaped.vertices_m.amin(0)
    mesh = pose(state)
    return facts(
        {
            "height": f"{float(extent[1]):.2f} m",
            "arm span": f"{float(extent[0]):.2f} m",
            "joints turned": f"{int((state.theta.abs().amax(1) > 1e-4).sum())} of {len(state.theta)}",
            "mesh": f"{len(mesh.vertices_m):,} vertices, {len(mesh.faces):,} triangles",
        }
    )
