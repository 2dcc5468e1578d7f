"""The bodies of the labs: packed for browsers that may have them, skinned here for all others."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from jaxtyping import Float
from torch import Tensor

from workbench.body import BodyModel
from workbench.body.files import KEPT
from workbench.body.known import OWN, KnownBody, known_bodies
from workbench.figures import browser_body
from workbench.figures.person_state import LARGEST_COEFFICIENT, LARGEST_TURN_RAD
from workbench.figures.world import encoded, quantised
from workbench.untrusted import entries, numbers, part, shown

STAGES = ("template", "shaped", "corrected", "skinned")


@dataclass(frozen=True, eq=False)
class ServedBodies:
    """What a page may know of bodies.

    Args:
        loopback: whether only this machine can reach the page; then its browser may be given a licensed body.
        bodies: those there are, by tag; looked for once.
    """

    loopback: bool
    bodies: Mapping[str, KnownBody] = field(default_factory=known_bodies)

    @property
    def functions(self) -> list[Callable[..., Any]]:
        """What bodies.js calls."""
        return [self.body_mesh, self.skin_stages]

    def entries(self) -> list[dict[str, Any]]:
        """The bodies to choose from, for a lab's configuration; the first is the usual one."""
        return [browser_body.entry(body, self._file(body)) for body in self.bodies.values()]

    def known(self, tag: Any) -> KnownBody:
        """A body by its tag.

        Raises:
            ValueError: there is no such body.
        """
        if not isinstance(tag, str) or tag not in self.bodies:
            raise ValueError(
                f"There is no body {shown(tag)} here. Pick one from the list: {', '.join(self.bodies)}."
            )
        return self.bodies[tag]

    def packed(self, tag: str) -> bytes:
        """The file from which a browser poses a body.

        Raises:
            ValueError: there is no such body, or it must not leave this machine.
        """
        body = self.known(tag)
        model = body.load()
        if not browser_body.may_leave(model, self.loopback):
            raise ValueError(f"{body.label} is licensed: it stays on the server, which poses it for you.")
        return _packed(model)

    def body_mesh(self, tag: str) -> dict[str, Any]:
        """What all poses of a body share, for a browser that does not have it: no weights, no directions."""
        model = self.known(tag).load()
        return {  # bodies of any size come this way, so numbers are wide
            "faces": encoded(model.faces.T.numpy(), "<u4"),
            "parts": encoded(browser_body.parts(model), "<u2"),
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
        part(person, "The person", "body", "theta")
        model = self.known(person["body"]).load()
        betas = _coefficients(person.get("betas", []), model.num_betas, "betas")
        expression = _coefficients(person.get("expression", []), model.num_expressions, "expression")
        theta = numbers(person["theta"], "theta", (model.num_joints, 3), LARGEST_TURN_RAD)
        wanted = entries(person.get("stages", STAGES), "stages")
        shaped = model.with_shape(betas, expression)
        posed = shaped.with_pose(theta)
        made = {
            "template": lambda: model.v_template,
            "shaped": lambda: shaped.vertices_m,
            "corrected": lambda: posed.rest_vertices_m,
            "skinned": lambda: posed.mesh().vertices_m,
        }
        return {
            **{stage: quantised(made[stage]()) for stage in STAGES if stage in wanted},
            "restJoints": _columns(shaped.joints_m),
            "joints": _columns(posed.joints_m),
        }

    def _file(self, body: KnownBody) -> str | None:
        """Under which name pages get the packed body; None if Python has to pose it."""
        if not (body.open or self.loopback):
            return None
        if body.tag == OWN and not browser_body.fits(body.load()):  # a file that is read already
            return None
        return body.tag


@lru_cache(maxsize=KEPT)
def _packed(model: BodyModel) -> bytes:
    return browser_body.pack(model)


def _coefficients(values: Any, most: int, name: str) -> Float[Tensor, "N"]:
    """Up to so many numbers; those left out are zero."""
    if len(entries(values, name)) > most:
        raise ValueError(f"{name} must be up to {most} numbers; got {len(values)}.")
    return numbers(values, name, (None,), LARGEST_COEFFICIENT)


def _columns(points_m: Float[Tensor, "J 3"]) -> list[float]:
    """All x, all y, all z."""
    return points_m.T.flatten().tolist()
