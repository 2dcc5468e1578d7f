"""The mesh of the open body: the base mesh, thinned to a format's number of vertices and numbered."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_matrix

from workbench.body.build import keypoints, skeleton, topology, tpose
from workbench.body.build.decimate import HalfMesh, decimate
from workbench.body.build.formats import Format
from workbench.body.build.sources import BaseMesh, Rig

# How much an error counts in the texture island around a left-side vertex of the base mesh; elsewhere 1.
# Head, mouth cavity, eye socket, front and back of the eyeball.
ISLAND_IMPORTANCE = {5054: 3.0, 554: 0.01, 7799: 0.05, 14607: 0.3, 14605: 0.05}


@dataclass(frozen=True)
class Mesh:
    """The thinned mesh."""

    ids: Int[ndarray, " V"]  # vertex of the base mesh that each vertex is
    mirror: Int[ndarray, " V"]  # the vertex on the other side
    faces: Int[ndarray, "F 3"]
    uv: Float[ndarray, "T 2"]
    uv_faces: Int[ndarray, "F 3"]
    keypoints: dict[str, int]


def thinned_mesh(base: BaseMesh, rig: Rig, average_m: Float[ndarray, "1 W 3"], kind: Format) -> Mesh:
    """Left half of the average adult in the T-pose, thinned, mirrored, and its vertices put in order."""
    half = topology.left_half(base)
    pose = tpose.solve(rig, *skeleton.bone_ends(rig, average_m))
    points = tpose.apply(rig, pose, 0, average_m[0], csr_matrix(rig.weights))
    points[np.abs(base.vertices_m[:, 0]) < 1e-9, 0] = 0.0
    named = keypoints.base_vertices(base.mirror)
    kept = [*named.values(), *(map(abs, keypoints.FACE_LANDMARKS) if kind.face_and_hands else ())]
    importance = np.ones(len(half.faces))
    islands = topology.uv_islands(half.uv_faces)
    for vertex, value in ISLAND_IMPORTANCE.items():
        importance[islands == islands[(half.faces == vertex).any(1)][0]] = value
    faces, uv_faces = decimate(
        HalfMesh(
            points_m=points,
            uv=base.uv,
            faces=half.faces,
            uv_faces=half.uv_faces,
            skin=skeleton.joint_weights(rig, kind.skeleton, rig.weights),
            importance=importance,
            locked=np.isin(np.arange(len(points)), kept),
        ),
        kind.vertices,
    )
    faces, uv_faces = topology.Half(faces, uv_faces, half.uv_mirror).whole(base.mirror)
    ids = keypoints.numbered(np.unique(faces), named, kind.numbers)
    number = np.full(len(points), -1)
    number[ids] = np.arange(len(ids))
    uv_ids, uv_faces = np.unique(uv_faces, return_inverse=True)
    return Mesh(
        ids=ids,
        mirror=number[base.mirror[ids]],
        faces=number[faces],
        uv=base.uv[uv_ids],
        uv_faces=uv_faces.reshape(-1, 3),
        keypoints={name: int(number[vertex]) for name, vertex in named.items()},
    )
