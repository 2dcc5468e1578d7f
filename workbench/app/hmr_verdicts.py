"""What is said of a guess in the HMR tab: the prior's scores, the losses, its distance in the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body.light import open_light_body
from workbench.evaluation.picture import VISIBLE
from workbench.figures.camera_lab import camera_from
from workbench.figures.person_state import LARGEST_TURN_RAD
from workbench.geometry import Camera
from workbench.geometry.crop import FARTHEST_PX
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.methods.hmr import Hmr
from workbench.recovery import BodyParams
from workbench.training.hmr_losses import Solid, adversarial, reprojection, solid
from workbench.untrusted import number, numbers, part

JOINTS, BETAS, LANDMARKS = 24, 10, 33
LARGEST_BETA = 1e4
"""Networks without a prior answer with shapes beyond anybody's, and those may be judged too."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """What guesses of one person are held against."""

    found: Float[Tensor, "33 3"]
    """Landmarks as they were found: x, y in the shown picture, and visibility."""
    half_window_px: float
    """Half the side of what the network saw, in the shown picture."""
    truth: BodyParams | None
    """None where nothing is known in 3D."""

    @property
    def seen(self) -> Float[Tensor, "33"]:
        """1 for landmarks that count."""
        return (self.found[:, 2] > VISIBLE).float()

    def question(self) -> dict[str, Any]:
        """For the page, which sends it back with poses of its own."""
        truth = self.truth
        return {
            "found": [[round(v, 2) for v in row] for row in self.found.tolist()],
            "half_window_px": self.half_window_px,
            "truth": None if truth is None else _as_lists(truth),
        }


@dataclass(frozen=True, eq=False)
class Verdict:
    """What is said of one guess."""

    scores: Float[Tensor, "25"]
    """Of the prior, in the order of its factors."""
    losses: dict[str, float]
    """Unweighted; without a truth, those in 3D are missing."""
    landmarks_px: Float[Tensor, "33 2"]
    """The guess's own, in the shown picture."""
    off_pct: float
    """Mean distance of seen landmarks to the guess's, in percent of the diagonal of their box."""

    def as_data(self) -> dict[str, Any]:
        """As the lab reads it."""
        return {
            "scores": [round(v, 3) for v in self.scores.tolist()],
            "losses": {name: float(f"{value:.4g}") for name, value in self.losses.items()},
            "landmarks": [[round(v, 1) for v in row] for row in self.landmarks_px.tolist()],
        }


@torch.no_grad()
def verdicts(hmr: Hmr, guesses: Sequence[tuple[BodyParams, Camera]], evidence: Evidence) -> list[Verdict]:
    """Judge guesses of one person.

    Args:
        hmr: whose prior is asked.
        guesses: bodies and their cameras of the shown picture.
        evidence: what they are held against.
    """
    bodies, points_m = _solid([params for params, _ in guesses])
    cameras = [camera for _, camera in guesses]
    pixels = torch.stack([camera.project(p) for camera, p in zip(cameras, points_m, strict=True)])
    found = evidence.found[:, :2].expand_as(pixels)
    seen, unit = evidence.seen.expand(len(guesses), -1), evidence.half_window_px
    losses = {"reprojection": reprojection(pixels / unit, found / unit, seen)}
    if evidence.truth is not None:
        losses |= solid(bodies, _solid([evidence.truth] * len(guesses))[0])
    scores = torch.stack([hmr.realism(params.theta, params.betas) for params, _ in guesses])
    losses["adversarial"] = adversarial(scores)
    off_px = ((pixels - found).norm(dim=-1) * seen).sum(1) / seen.sum(1).clamp_min(1)
    off_pct = (100 * off_px / _size_px(evidence)).tolist()
    return [
        Verdict(scores[n], {name: float(v[n]) for name, v in losses.items()}, pixels[n], off_pct[n])
        for n in range(len(guesses))
    ]


def answer(hmr: Hmr, question: Any) -> dict[str, Any]:
    """The verdict on a pose that comes from a page: `Evidence.question`, with betas, theta and camera.

    Raises:
        ValueError: something is missing or no number.
    """
    part(question, "The HMR lab's question", "found", "half_window_px", "truth", "betas", "theta", "camera")
    truth = question["truth"]
    evidence = Evidence(
        numbers(question["found"], "found", (LANDMARKS, 3), FARTHEST_PX),
        number(question["half_window_px"], "half_window_px", 1.0, FARTHEST_PX),
        None if truth is None else _params(part(truth, "truth", "betas", "theta"), "truth."),
    )
    [verdict] = verdicts(hmr, [(_params(question), camera_from(question["camera"]))], evidence)
    return verdict.as_data()


def _params(data: dict[str, Any], name: str = "") -> BodyParams:
    return BodyParams(
        numbers(data["betas"], f"{name}betas", (BETAS,), LARGEST_BETA),
        numbers(data["theta"], f"{name}theta", (JOINTS, 3), LARGEST_TURN_RAD),
    )


def _as_lists(params: BodyParams) -> dict[str, Any]:
    return {"betas": params.betas.tolist(), "theta": params.theta.tolist()}


def _solid(params: Sequence[BodyParams]) -> tuple[Solid, Float[Tensor, "N 33 3"]]:
    """Bodies as the losses take them, and their landmarks about their origins."""
    rotations = matrix_from_axis_angle(torch.stack([p.theta for p in params]))
    betas = torch.stack([p.betas for p in params])
    mesh = open_light_body(0)(betas, rotations)
    points = torch.cat((mesh.joints_m, mesh.landmarks_m), 1) - mesh.joints_m[:, :1]
    return Solid(rotations, betas, points), mesh.landmarks_m


def _size_px(evidence: Evidence) -> float:
    """Diagonal of the box around the seen landmarks; the window's where hardly any is seen."""
    seen = evidence.found[evidence.seen > 0, :2]
    size = float((seen.amax(0) - seen.amin(0)).norm()) if len(seen) else 0.0
    return size or 2 * evidence.half_window_px
