"""Principal components of body shape, scaled so that beta counts standard deviations."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray


def principal_shapes(
    meshes_m: Float[ndarray, "N V 3"], count: int, faces: Int[ndarray, "F 3"]
) -> tuple[Float[ndarray, "V 3"], Float[ndarray, "V 3 C"]]:
    """Mean mesh, and `count` shape directions in metres per standard deviation of these people.

    The sign of a component is free: the first makes taller, the second heavier, and the largest entry of any
    other is positive.
    """
    mean = meshes_m.mean(0)
    centred = (meshes_m - mean).reshape(len(meshes_m), -1)
    _, vectors = np.linalg.eigh(centred @ centred.T)  # of N x N numbers, not of 3V x 3V
    scores = vectors[:, ::-1][:, :count] * np.sqrt(len(meshes_m))  # standard deviation 1
    directions = (centred.T @ scores / len(meshes_m)).reshape(*mean.shape, count)
    grows: tuple[Callable[[Float[ndarray, "V 3"]], float], ...] = (height, lambda mesh: volume(mesh, faces))
    for c in range(count):
        direction = directions[:, :, c]
        if c < len(grows):
            flip = grows[c](mean + direction) < grows[c](mean - direction)
        else:
            flip = direction.flat[np.abs(direction).argmax()] < 0
        directions[:, :, c] *= -1 if flip else 1
    return mean, directions


def height(mesh_m: Float[ndarray, "V 3"]) -> float:
    """Extent along y, in metres."""
    return float(np.ptp(mesh_m[:, 1]))


def volume(mesh_m: Float[ndarray, "V 3"], faces: Int[ndarray, "F 3"]) -> float:
    """Volume in cubic metres enclosed by a closed mesh whose faces look outwards (signed tetrahedra)."""
    a, b, c = (mesh_m[faces[:, i]] for i in range(3))
    return float(np.sum(a * np.cross(b, c)) / 6)
