"""What every method returns. Nothing downstream knows which method made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jaxtyping import Float
from torch import Tensor

from workbench.body.model import BodyModel, Mesh
from workbench.geometry import Camera
from workbench.image.person import Person


@dataclass(frozen=True, eq=False)
class BodyParams:
    """Shape and pose of one body."""

    betas: Float[Tensor, "B"]
    """Shape coefficients, in standard deviations."""
    theta: Float[Tensor, "J 3"]
    """Axis-angle pose, parent-relative, rad; joint 0 is the root."""


@dataclass(frozen=True, eq=False)
class Step:
    """One intermediate state of a method, recorded always."""

    name: str
    """Stable name, such as "landmarks 3" or "silhouette 12"."""
    params: BodyParams
    camera: Camera
    loss: float | None = None
    tensors: Mapping[str, Tensor] = field(default_factory=dict)
    """Small named arrays that explain the step (loss terms, scores, maps)."""


@dataclass(frozen=True, eq=False)
class Recovery:
    """One person's body as a method recovered it; mesh and joints are derived, never stored twice."""

    method: str
    """Registry name of the method."""
    weights: str
    """"open", "official" or "none"."""
    body: str
    """Topology tag of the body model that params belong to."""
    person: Person
    params: BodyParams
    camera: Camera
    steps: tuple[Step, ...]
    """From the first guess to the final state."""
    seconds: float
    """Wall clock of the method, without finding the person."""
    remarks: tuple[str, ...] = ()
    """What to doubt about the result, in sentences for people."""

    def mesh(self, body: BodyModel, step: Step | None = None) -> Mesh:
        """The posed mesh in the body frame, of the result or of one of its steps.

        Raises:
            ValueError: the body is not the one that the parameters belong to.
        """
        if body.topology != self.body:
            raise ValueError(
                f"This recovery is of a {self.body!r} body; got {body.topology!r}. "
                "Load the body it was made with."
            )
        params = self.params if step is None else step.params
        return body.mesh(params.betas, params.theta)
