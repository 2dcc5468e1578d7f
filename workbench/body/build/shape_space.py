"""Principal components of body shape, scaled so that beta counts standard deviations."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray


def principal_shapes(
    meshes_m: Float[ndarray, "N V 3"], count: int, heavier: Float[ndarray, " N"]
) -> tuple[Float[ndarray, "V 3"], Float[ndarray, "V 3 C"], Float[ndarray, "N C"]]:
    """Mean mesh, `count` shape directions in metres per standard deviation, and everybody's betas.

    Signs: the first direction makes people taller, the second heavier (agrees with `heavier`, a number per
    person), of any other the largest entry is positive.
    """
    mean = meshes_m.mean(0)
    centred = (meshes_m - mean).reshape(len(meshes_m), -1)
    values, vectors = np.linalg.eigh(centred @ centred.T)
    scores = vectors[:, ::-1][:, :count] * np.sqrt(len(meshes_m))  # unit standard deviation over the people
    directions = centred.T @ scores / len(meshes_m)
    tall = np.ptp(meshes_m[:, :, 1], axis=1)
    signs = np.sign(directions[np.abs(directions).argmax(0), np.arange(count)])
    for component, quantity in enumerate((tall, heavier)):
        signs[component] = np.sign(scores[:, component] @ (quantity - quantity.mean()))
    return mean, (directions * signs).reshape(*mean.shape, count), scores * signs


def volume(
    points: Float[ndarray, "*n V 3"], faces: "ndarray"
) -> Float[ndarray, "*n"]:
    """Volume enclosed by a closed mesh whose faces turn outwards (sum of signed tetrahedra)."""
    a, b, c = (points[..., faces[:, i], :] for i in range(3))
    return np.sum(a * np.cross(b, c), axis=(-1, -2)) / 6
