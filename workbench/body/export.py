"""Meshes as files that other programs open.

Body axes are glTF's own: y up, the front towards +z, metres. Texture coordinates are left out: readers keep
one per vertex, so a seam would split vertices, and the mesh would come back open and with more of them.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from workbench.body.mesh import Mesh

if TYPE_CHECKING:
    from trimesh import Trimesh

FORMATS = ("glb", "obj", "ply")
"""Suffixes that write_mesh knows."""


def to_trimesh(mesh: Mesh) -> "Trimesh":
    """One body as a trimesh object, with its vertices in their order.

    Raises:
        ValueError: the mesh is a batch, or not finite.
    """
    import trimesh

    if mesh.vertices_m.ndim != 2:
        raise ValueError(
            f"Expected one body, vertices of shape (V, 3); got {tuple(mesh.vertices_m.shape)}. "
            "Export the bodies of a batch one by one."
        )
    if not bool(torch.isfinite(mesh.vertices_m).all()):
        raise ValueError(
            "Expected finite vertices; got NaN or infinity. Look at the pose and shape that made them."
        )
    vertices, faces = mesh.vertices_m.detach().cpu().numpy(), mesh.faces.cpu().numpy()
    return trimesh.Trimesh(vertices, faces, process=False)


def write_mesh(mesh: Mesh, path: Path | str) -> None:
    """Write one body as .glb, .obj or .ply, by the suffix of the path.

    Raises:
        ValueError: another suffix, or a mesh that to_trimesh refuses.
    """
    path = Path(path)
    kind = path.suffix.lower().removeprefix(".")
    if kind not in FORMATS:
        raise ValueError(f"Expected a file ending in .{', .'.join(FORMATS)}; got {path.name!r}.")
    to_trimesh(mesh).export(path, file_type=kind)
