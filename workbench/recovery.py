"""What every method returns. Nothing downstream knows which method made it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jaxtyping import Float
from torch import Tensor

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
    """Stable name, such as "lm 3" or "silhouette 12"."""
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
