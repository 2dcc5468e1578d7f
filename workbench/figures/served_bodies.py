"""The bodies of the labs: packed for browsers that may have them, skinned here for all others."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body import BodyModel
from workbench.body.known import KnownBody, known_bodies
from workbench.figures import browser_body
from workbench.figures.world import encoded, quantised

LIMIT = 100.0
"""Of coefficients and of angles in rad: beyond it no number means a body."""
STAGES = ("template", "shaped", "corrected", "skinned")


@dataclass(frozen=True)
class ServedBodies:
    """What a page may know of bodies.

    Args:
        loopback: whether only this machine can reach the page; then its browser may be given a licensed body.
    """

    loopback: bool

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """What bodies.js calls."""
        return [self.body_mesh, self.skin_stages]

    def entries(self) -> list[dict[str, Any]]:
        """The bodies to choose from, for a lab's configuration; the first is the usual one."""
        return [
            browser_body.entry(body, body.tag if body.open or self.loopback else None)
            for body in known_bodies().values()
        ]

    def packed(self, tag: str) -> bytes:
        """The file from which a browser poses a body.

        Raises:
            ValueError: there is no such body, or it must not leave this machine.
        """
        body = known_body(tag)
        model = body.load()
        if not browser_body.may_leave(model, self.loopback):
            raise ValueError(f"{body.label} is licensed: it stays on the server, which poses it for you.")
        return _packed(model)

    def body_mesh(self, tag: str) -> dict[str, Any]:
        """What all poses of a body share, for a browser that does not have it: no weights, no directions."""
        model = known_body(tag).load()
        return {
            "faces": encoded(model.faces.T.numpy(), "<u2"),
            "parts": encoded(browser_body.parts(model), "u1"),
            "parents": list(model.parents),
            "joints": list(browser_body.joint_names(model)),
            "keypoints": dict(model.keypoints),
        }

    def skin_stages(self, person: Any) -> dict[str, Any]:
        """The vertices of a person at every stage, in 16-bit steps, and the joints.

        Args:
            person: body (its tag), betas, expression, theta; `stages` may name those wanted.

        Raises:
            ValueError: the numbers make no body.
        """
        if not isinstance(person, dict):
            raise ValueError("A person is an object with body, betas, expression and theta.")
        model = known_body(str(person.get("body"))).load()
        betas = _numbers(person.get("betas", []), model.num_betas, "betas")
        expression = _numbers(person.get("expression", []), model.num_expressions, "expression")
        rows = person.get("theta")
        if not isinstance(rows, list) or len(rows) != model.num_joints:
            raise ValueError(f"theta must be {model.num_joints} rotations, one axis-angle vector per joint.")
        theta = torch.stack([_numbers(row, 3, "a rotation in theta", exact=True) for row in rows])
        shaped = model.with_shape(betas, expression)
        posed = shaped.with_pose(theta)
        made = {
            "template": lambda: model.v_template,
            "shaped": lambda: shaped.vertices_m,
            "corrected": lambda: posed.rest_vertices_m,
            "skinned": lambda: posed.mesh().vertices_m,
        }
        wanted = person.get("stages", STAGES)
        return {
            **{stage: quantised(made[stage]()) for stage in STAGES if stage in wanted},
            "restJoints": _columns(shaped.joints_m),
            "joints": _columns(posed.joints_m),
        }


@lru_cache(maxsize=4)
def _packed(model: BodyModel) -> bytes:
    return browser_body.pack(model)


def known_body(tag: str) -> KnownBody:
    """A body by its tag.

    Raises:
        ValueError: there is no such body.
    """
    bodies = known_bodies()
    if tag not in bodies:
        raise ValueError(f"There is no body {tag!r} here. Pick one from the list: {', '.join(bodies)}.")
    return bodies[tag]


def _numbers(values: Any, most: int, name: str, exact: bool = False) -> Float[Tensor, "N"]:
    given = values if isinstance(values, list) else [math.nan]
    sound = all(isinstance(v, int | float) and math.isfinite(v) and abs(v) <= LIMIT for v in given)
    if not sound or len(given) > most or (exact and len(given) != most):
        count = most if exact else f"up to {most}"
        raise ValueError(f"{name} must be {count} numbers from {-LIMIT:g} to {LIMIT:g}.")
    return torch.tensor([float(v) for v in given])


def _columns(points_m: Float[Tensor, "J 3"]) -> list[float]:
    """All x, all y, all z."""
    return points_m.T.flatten().tolist()
