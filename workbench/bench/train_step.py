"""What the body costs in a training step: rotations and shape to points, and the gradients back.

A loss looks at the joints, at the 33 landmarks and at some hundred vertices. All ways start from 6D rotations
of the body's joints and end with the gradients of the same loss, on the same SMPL-X-format body.
"""

import contextlib
import io
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.bench.measure import Row, median_cpu_s
from workbench.body import load_body
from workbench.body.files import OPEN_BODY_X, save_npz
from workbench.body.landmarks import landmark_regressor
from workbench.body.light import LightBody, LightMesh, light_body
from workbench.body.raw import read_body_file
from workbench.geometry.rotations import matrix_from_6d, sixd_from_matrix

NOTE = (
    "CPU time, {threads} thread(s), median over runs; batch 64, forward and backward, SMPL-X format "
    "(10,475 vertices); smplx is called with rotation matrices, by its module and by its function lbs with "
    "everything constant made once"
)
BATCH = 64
VERTICES = 256
BODY_JOINTS = 22
NUM_EXPRESSIONS = 10

Points = Callable[[Float[Tensor, "N 10"], Float[Tensor, "N 55 3 3"]], LightMesh]


def run(photo_path: Path | None, runs: int) -> list[Row]:
    """Measure; `photo_path` has no meaning here."""
    body = load_body("open-smplx")
    light = light_body(body, VERTICES)
    ours_ms = 1e3 * median_cpu_s(lambda: step(light), runs)
    rows = [Row("light body", ours_ms, "cpu-ms", runs=runs)]
    if find_spec("smplx") is None:
        return rows
    module_ms, function_ms = (1e3 * median_cpu_s(lambda way=way: step(way), runs) for way in by_smplx(light))
    return [
        Row("smplx, its module", module_ms, "cpu-ms", runs=runs),
        Row("smplx, its lbs with constants cached", function_ms, "cpu-ms", runs=runs),
        *rows,
        Row("light body, times faster than the module", module_ms / ours_ms, "x", ">= 3", runs),
        Row("light body, times faster than lbs", function_ms / ours_ms, "x", ">= 2", runs),
    ]


def step(points: Points, batch: int = BATCH) -> tuple[Tensor, ...]:
    """Loss and gradients of one made-up batch, always the same."""
    draw = torch.Generator().manual_seed(0)
    betas = torch.randn(batch, 10, generator=draw).requires_grad_()
    six = sixd_from_matrix(torch.eye(3)) + 0.3 * torch.randn(batch, BODY_JOINTS, 6, generator=draw)
    six.requires_grad_()
    rest = torch.eye(3).expand(batch, 55 - BODY_JOINTS, 3, 3)
    made = points(betas, torch.cat((matrix_from_6d(six), rest), 1))
    loss = sum((part**2).mean() for part in made)
    assert isinstance(loss, Tensor)
    return loss, *torch.autograd.grad(loss, (betas, six))


def by_smplx(light: LightBody) -> tuple[Points, Points]:
    """The same points from all vertices, by smplx's module and by its lbs.

    Its licence is non-commercial: it is only measured against, never needed.
    """
    import smplx
    from smplx.lbs import lbs

    body = load_body("open-smplx")
    landmarks = landmark_regressor(body)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        file = Path(folder) / "SMPLX_NEUTRAL.npz"
        save_npz(read_body_file(OPEN_BODY_X), file)
        module: Any = smplx.SMPLXLayer(str(file), num_betas=10)
    function: Any = lbs
    of_vertices = torch.zeros(33, len(body.v_template))
    of_vertices[:, landmarks.vertex_ids] = landmarks.vertex_weights
    directions = torch.cat((module.shapedirs, module.expr_dirs), -1)

    def points(vertices: Float[Tensor, "N V 3"], joints: Float[Tensor, "N 55 3"]) -> LightMesh:
        found = landmarks.joint_weights @ joints + of_vertices @ vertices
        return LightMesh(joints, found, vertices[:, light.vertex_ids])

    def naive(betas: Float[Tensor, "N 10"], rotations: Float[Tensor, "N 55 3 3"]) -> LightMesh:
        names = ("global_orient", "body_pose", "jaw_pose", "leye_pose", "reye_pose")
        names += ("left_hand_pose", "right_hand_pose")
        parts = dict(zip(names, rotations.split((1, 21, 1, 1, 1, 15, 15), 1), strict=True))
        made = module(betas=betas, expression=betas.new_zeros(len(betas), NUM_EXPRESSIONS), **parts)
        return points(made.vertices, made.joints[:, :55])

    def cached(betas: Float[Tensor, "N 10"], rotations: Float[Tensor, "N 55 3 3"]) -> LightMesh:
        shape = torch.cat((betas, betas.new_zeros(len(betas), NUM_EXPRESSIONS)), -1)
        model = (module.v_template, directions, module.posedirs, module.J_regressor, module.parents)
        return points(*function(shape, rotations, *model, module.lbs_weights, pose2rot=False))

    return naive, cached
