"""What all stages lead to."""

from dataclasses import dataclass

from jaxtyping import Float, Int
from torch import Tensor


@dataclass(frozen=True, eq=False)
class Mesh:
    """Bodies as triangles. Body frame: x to the body's left, y up, z forward."""

    vertices_m: Float[Tensor, "*b V 3"]
    joints_m: Float[Tensor, "*b J 3"]
    faces: Int[Tensor, "F 3"]
    """Vertex ids, counter-clockwise seen from outside; the same for the whole batch."""
