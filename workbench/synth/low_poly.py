"""A body of few triangles whose vertices are some of the whole body's, for pictures of 128 pixels.

Vertices are chosen farthest from each other along the skin; every other vertex joins the nearest chosen one,
and a triangle of three different neighbourhoods becomes a triangle of their centres (the dual of a Voronoi
diagram on the surface: Peyré and Cohen, IJCV 2006). All that is known at a vertex stays true.
"""

from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from workbench.body import BodyModel, open_body

HEAD_M, HEAD_FINER = 0.42, 2.2
"""Distances above this height count so many times: faces and hands need more triangles than thighs."""
HAND_M = 0.66


@lru_cache(maxsize=2)
def low_poly_body(num_vertices: int = 1200) -> tuple[BodyModel, Int[torch.Tensor, "V"]]:
    """The open body thinned, and which vertices of the whole one are left; made once, in a second."""
    body = open_body()
    points, faces = body.v_template.double().numpy(), body.faces.numpy()
    graph = _edge_graph(points, faces)
    label = connected_components(graph, directed=False)[1]
    skin = label == np.bincount(label).argmax()  # without the eyeballs
    chosen, owner = _neighbourhoods(graph, skin, num_vertices)
    corners = owner[faces[skin[faces].all(1)]]
    corners = corners[(corners != corners[:, [1, 2, 0]]).all(1)]
    first = corners.argmin(1)[:, None]
    turned = np.take_along_axis(corners, (first + np.arange(3)) % 3, 1)
    kept = torch.from_numpy(chosen)
    return body.subset(kept, torch.from_numpy(np.unique(turned, axis=0))), kept


def _edge_graph(points: Float[ndarray, "V 3"], faces: Int[ndarray, "F 3"]) -> csr_array:
    edges = np.unique(np.sort(faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2), axis=1), axis=0)
    length = np.linalg.norm(points[edges[:, 0]] - points[edges[:, 1]], axis=1)
    middle = points[edges].mean(1)
    fine = (middle[:, 1] > HEAD_M) | (np.abs(middle[:, 0]) > HAND_M)
    length = length * np.where(fine, HEAD_FINER, 1.0)
    both = np.concatenate((edges, edges[:, ::-1]))
    return csr_array((np.tile(length, 2), both.T), shape=(len(points), len(points)))


def _neighbourhoods(
    graph: csr_array, skin: ndarray, count: int
) -> tuple[Int[ndarray, "N"], Int[ndarray, "V"]]:
    """Chosen vertices, and for every vertex the place of the nearest chosen one."""
    chosen = [int(np.flatnonzero(skin)[0])]
    nearest = dijkstra(graph, indices=chosen[0])
    owner = np.zeros(len(skin), np.int64)
    while len(chosen) < count:
        far = int(np.where(skin & np.isfinite(nearest), nearest, -1).argmax())
        reach = dijkstra(graph, indices=far, limit=float(nearest[far]))
        closer = reach < nearest
        owner[closer], nearest[closer] = len(chosen), reach[closer]
        chosen.append(far)
    return np.array(chosen), owner
