"""What the Body tab does, without the page."""

import math
from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.app import models
from workbench.app.fragments import facts
from workbench.body.limits import HINGES, angle_spread_rad
from workbench.body.mesh import Mesh
from workbench.figures.world import LiveBody, WorldBody, body_data, live_world

BETA_LIMIT = 3.0
RANDOM_BETA_LIMIT = 2.0
RANDOM_POSE = 0.5
"""Random poses use half of what the joints can do, or they would look broken."""
ANGLE_LIMIT_RAD = math.pi
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
    theta = theta.clamp(-ANGLE_LIMIT_RAD, ANGLE_LIMIT_RAD)
    theta[0] = 0  # keep facing the viewer
    for joint, axis, sign in HINGES:
        theta[joint, axis] = sign * theta[joint, axis].abs()
    return replace(state, theta=theta)


def parameters(state: BodyState) -> dict[str, Any]:
    """The state as the page keeps it: betas, and theta as one axis-angle vector per joint, rad."""
    return {"betas": state.betas.tolist(), "theta": state.theta.tolist()}


def state_of(parameters: Any) -> BodyState:
    """The state that a page sent; nothing about it is trusted.

    Raises:
        ValueError: numbers are missing, too many, too large or not finite.
    """
    first = rest()
    given = parameters if isinstance(parameters, dict) else {}
    betas = _finite(given.get("betas"), len(first.betas), BETA_LIMIT, "betas")
    rows = given.get("theta")
    if not isinstance(rows, list) or len(rows) != len(first.theta):
        raise ValueError(f"theta must be a list of {len(first.theta)} rotations, one per joint.")
    theta = [_finite(row, 3, ANGLE_LIMIT_RAD, "a rotation in theta") for row in rows]
    return BodyState(torch.tensor(betas), torch.tensor(theta))


def _finite(values: Any, count: int, limit: float, name: str) -> list[float]:
    numbers = values if isinstance(values, list) else []
    sound = [isinstance(v, int | float) and math.isfinite(v) and abs(v) <= limit + 1e-3 for v in numbers]
    if len(numbers) != count or not all(sound):
        raise ValueError(f"{name} must be {count} numbers from -{limit:.4g} to {limit:.4g}.")
    return [float(v) for v in numbers]


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


def view(state: BodyState, model: str | None) -> dict[str, Any]:
    """What to draw; `model` is where browsers find the body, None if they have to ask `skin`."""
    body = LiveBody("body", state.betas, state.theta, models.body().topology, model)
    return live_world(body, BOUNDS_M)


def skin(parameters: Any) -> dict[str, Any]:
    """The vertices of a body that the browser does not pose itself.

    Raises:
        ValueError: the parameters make no body.
    """
    mesh = pose(state_of(parameters))
    return body_data(WorldBody("body", mesh.vertices_m, mesh.joints_m, models.body().topology), "body")


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


def facts_of(state: BodyState) -> str:
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
