"""Small closed meshes and cameras for the rendering tests."""

import torch
import trimesh
from jaxtyping import Float, Int
from torch import Tensor

from workbench.geometry.camera import Camera, Projection

KINDS: tuple[Projection, ...] = ("perspective", "weak", "orthographic")


def mesh(shape: trimesh.Trimesh) -> tuple[Float[Tensor, "V 3"], Int[Tensor, "F 3"]]:
    return torch.tensor(shape.vertices, dtype=torch.float32), torch.tensor(shape.faces, dtype=torch.int64)


def sphere(radius: float = 1.0, subdivisions: int = 4) -> tuple[Float[Tensor, "V 3"], Int[Tensor, "F 3"]]:
    return mesh(trimesh.creation.icosphere(subdivisions=subdivisions, radius=radius))


def figure() -> tuple[Float[Tensor, "V 3"], Int[Tensor, "F 3"]]:
    """A closed, lopsided thing with parts in front of parts: a tilted capsule through a ball."""
    capsule = trimesh.creation.capsule(height=1.2, radius=0.15, count=[16, 16])
    capsule.apply_transform(trimesh.transformations.rotation_matrix(1.0, [1, 0.4, 0.1]))
    ball = trimesh.creation.icosphere(subdivisions=2, radius=0.3)
    ball.apply_translation([0.25, -0.1, -0.2])
    return mesh(capsule + ball)


def camera(
    kind: Projection = "perspective", size_hw: tuple[int, int] = (60, 80), tz_m: float = 3.0
) -> Camera:
    """Sees about one metre to each side of a body at any kind."""
    height, width = size_hw
    t = torch.tensor([0.05, -0.1, tz_m])
    perspective = Camera("perspective", 0.8 * height / 2 * tz_m, (width / 2, height / 2), size_hw, t)
    return perspective.as_kind(kind)
