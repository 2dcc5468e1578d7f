"""Which mesh a body has, so that data indexed by vertex is never laid over another one.

The open body has as many vertices as SMPL, on purpose: every tutorial's tensor shapes fit. So do SMPL's
regressors, texture maps and part labels, and there they would mean nothing, silently.
"""

import hashlib

import numpy as np
from jaxtyping import Integer

from workbench.body.model import BodyModel

OPEN = "open-smpl-6890"
OPEN_X = "open-smplx-10475"

_BY_SIZE = {(6890, 13776): "smpl", (10475, 20908): "smplx", (778, 1538): "mano", (5023, 9976): "flame"}

# Vertices that smplx appends to the joints (listed in ROMP, MIT licence, among others).
_LEFT_SMPL = {"eye": 2800, "ear": 583, "big_toe": 3216, "small_toe": 3226, "heel": 3387}
_LEFT_SMPL |= {"thumb_tip": 2746, "index_tip": 2319, "middle_tip": 2445, "ring_tip": 2556, "pinky_tip": 2673}
_RIGHT_SMPL = {"eye": 6260, "ear": 4071, "big_toe": 6617, "small_toe": 6624, "heel": 6787}
_RIGHT_SMPL |= {"thumb_tip": 6191, "index_tip": 5782, "middle_tip": 5905, "ring_tip": 6016, "pinky_tip": 6133}
_LEFT_SMPLX = {"eye": 9448, "ear": 6, "big_toe": 5770, "small_toe": 5780, "heel": 8846}
_LEFT_SMPLX |= {"thumb_tip": 5361, "index_tip": 4933, "middle_tip": 5058, "ring_tip": 5169, "pinky_tip": 5286}
_RIGHT_SMPLX = {"eye": 9929, "ear": 616, "big_toe": 8463, "small_toe": 8474, "heel": 8635}
_RIGHT_SMPLX |= {
    "thumb_tip": 8079,
    "index_tip": 7669,
    "middle_tip": 7794,
    "ring_tip": 7905,
    "pinky_tip": 8022,
}


def _both(nose: int, left: dict[str, int], right: dict[str, int]) -> dict[str, int]:
    sides = {"left": left, "right": right}
    return {"nose": nose} | {f"{side}_{part}": v for side in sides for part, v in sides[side].items()}


KEYPOINTS: dict[str, dict[str, int]] = {
    "smpl": _both(332, _LEFT_SMPL, _RIGHT_SMPL),
    "smplx": _both(9120, _LEFT_SMPLX, _RIGHT_SMPLX),
}
"""Vertex ids of named surface points, for the official meshes; open bodies carry theirs in the file."""


def topology_of(num_vertices: int, num_faces: int) -> str:
    """The tag of a mesh that has none: an official one by its size, else "unknown-<V>v-<F>f"."""
    return _BY_SIZE.get((num_vertices, num_faces), f"unknown-{num_vertices}v-{num_faces}f")


def faces_sha256(faces: Integer[np.ndarray, "F 3"]) -> str:
    """Fingerprint of a triangle list: of its ids as little-endian int32, in order."""
    return hashlib.sha256(np.ascontiguousarray(faces, dtype="<i4").tobytes()).hexdigest()


def require_topology(model: BodyModel, expected: str, what: str = "this data") -> None:
    """Refuse to lay data indexed by the vertices of one mesh over another.

    Args:
        model: the body it is about to be applied to.
        expected: topology the data was made for.
        what: the data, for the message.

    Raises:
        ValueError: the body has another topology.
    """
    if model.topology != expected:
        raise ValueError(
            f"{what} is indexed by the vertices of topology {expected!r}; body {model.name!r} has "
            f"{model.topology!r} ({len(model.v_template)} vertices). As many vertices are not the same "
            "vertices: use data made for this body, or load the body the data was made for."
        )
