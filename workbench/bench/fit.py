"""What the way from a photo to a body costs."""

import contextlib
import io
import math
import resource
import statistics
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path

import torch

from workbench.bench.measure import Row, median_cpu_s
from workbench.bench.serve import serving
from workbench.body import BodyModel, load_body
from workbench.body.files import smpl_layout
from workbench.body.raw import read_body_file
from workbench.geometry.camera import perspective_camera
from workbench.image import load_photo
from workbench.image.people import find_people
from workbench.methods.smplify import Smplify, SmplifySettings
from workbench.pipeline import recover
from workbench.render import project_for_raster, rasterize
from workbench.weights import asset

MEGABYTE = 2**20


def run(photo_path: Path | None, runs: int) -> list[Row]:
    """Measure everything; the sample picture stands in when no photo is given."""
    body = load_body()
    rows = _photo_rows(photo_path or asset("samples/walking.jpg"), body, runs)
    rows += [_raster_row(body, runs), *_body_rows(body, runs)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE  # Linux counts in kB
    rows.append(Row("peak memory of all the above", peak, "MB"))
    return rows + _app_rows(runs)


def _photo_rows(path: Path, body: BodyModel, runs: int) -> list[Row]:
    photo = load_photo(path)
    height, width = photo.rgb.shape[:2]
    people = find_people(photo)
    if len(people) != 1:
        raise ValueError(f"The benchmark wants a photo of one person; {path.name} shows {len(people)}.")
    lm_only = Smplify(body, SmplifySettings(silhouette_iterations=0))
    full = Smplify(body)
    size = f"{width * height / 1e6:.1f} MP"
    found = median_cpu_s(lambda: find_people(photo), runs)
    fitted = median_cpu_s(lambda: recover(photo, lm_only), runs)
    outlined = median_cpu_s(lambda: recover(photo, full), runs)
    return [
        Row(f"find people, {size}, one person", found, "cpu-s", runs=runs),
        Row("find + LM fit", fitted, "cpu-s", "<= 0.35", runs),
        Row("find + LM fit + silhouette stage", outlined, "cpu-s", "<= 1.6", runs),
    ]


def _raster_row(body: BodyModel, runs: int) -> Row:
    """A standing body, as tall as 85 % of the picture."""
    facing = torch.zeros(body.num_joints, 3)
    facing[0, 0] = math.pi  # y up becomes y down, the person looks at the lens
    mesh = body.mesh(torch.zeros(body.num_betas), facing)
    height_m = float(mesh.vertices_m[:, 1].max() - mesh.vertices_m[:, 1].min())
    camera = perspective_camera((512, 512), torch.tensor([0.0, -0.25, 3.0]), 0.85 * 512 * 3.0 / height_m)
    xy, depth = project_for_raster(camera, mesh.vertices_m)
    cost = median_cpu_s(lambda: rasterize(xy, depth, mesh.faces, (512, 512)), 4 * runs)
    return Row("z-buffer, body fills 512 x 512", 1e3 * cost, "cpu-ms", "<= 8", 4 * runs)


def _body_rows(body: BodyModel, runs: int) -> list[Row]:
    """Our forward pass, and smplx's on the same arrays where smplx is installed."""
    betas, theta = torch.zeros(1, body.num_betas), 0.1 * torch.ones(1, body.num_joints, 3)
    repeats = 40

    def ours() -> None:
        for _ in range(repeats):
            body.with_shape(betas).with_pose(theta).mesh()

    with torch.no_grad():
        own_ms = 1e3 * median_cpu_s(ours, runs) / repeats
    rows = [Row("body forward, batch 1", own_ms, "cpu-ms", runs=runs * repeats)]
    if find_spec("smplx") is None:
        return rows
    import smplx  # non-commercial licence: only measured against, never needed
    from smplx.utils import Struct

    arrays = smpl_layout(read_body_file(asset("open_body.npz")))
    with contextlib.redirect_stdout(io.StringIO()):
        theirs = smplx.SMPL("", data_struct=Struct(**arrays))

    def their_forward() -> None:
        for _ in range(repeats):
            theirs(betas=betas, global_orient=theta[:, :1], body_pose=theta[:, 1:])

    with torch.no_grad():
        their_ms = 1e3 * median_cpu_s(their_forward, runs) / repeats
    rows.append(Row("the same by smplx", their_ms, "cpu-ms", runs=runs * repeats))
    rows.append(Row("body forward, share of smplx's time", own_ms / their_ms, "", "<= 1", runs * repeats))
    return rows


def _app_rows(runs: int) -> list[Row]:
    """Wall clock from launch to the first page against importing torch and gradio alone; idle memory."""
    runs = min(runs, 3)
    bare = statistics.median(_wall_s([sys.executable, "-c", "import torch, gradio"]) for _ in range(runs))
    starts, memory = zip(*(_start_app() for _ in range(runs)), strict=True)
    start = statistics.median(starts)
    return [
        Row("import torch and gradio, nothing else", bare, "s", runs=runs),
        Row("app start to first page", start, "s", runs=runs),
        Row("app start, times the bare imports", start / bare, "x", "<= 2", runs),
        Row("resident memory of the idle app", statistics.median(memory), "MB", "<= 1500", runs),
    ]


def _wall_s(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def _start_app() -> tuple[float, float]:
    with serving(("-m", "workbench.app")) as app:
        time.sleep(5)  # let it settle before weighing it
        pages = int(Path(f"/proc/{app.pid}/statm").read_text().split()[1])
        return app.start_s, pages * resource.getpagesize() / MEGABYTE
