"""How the landmark regressor is trained: made-up people, seen as a finder sees them, and the losses.

A bank of poses is made once; with every batch they get new headings, shapes, cameras and landmarks, which is
far cheaper than new poses. Often the focal length is not told, as in most photos: the network then gets, and
is judged by, the picture's diagonal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, ClassVar

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from workbench.body import BodyModel, load_body
from workbench.body.joints import BLAZEPOSE, COCO
from workbench.body.light import open_light_body
from workbench.evaluation.joint_sets import JointRegressor, joint_regressor
from workbench.evaluation.pose_metrics import mpjpe_mm, pa_mpjpe_mm
from workbench.geometry.rotations import matrix_from_6d, matrix_from_axis_angle, sixd_from_matrix
from workbench.methods.landmark_regressor import BODY, POSE, Guess, LandmarkRegressor
from workbench.networks.observations import CHANNELS, Observations, observations_of_landmarks
from workbench.synth.landmarks import Landmarks, seen_landmarks
from workbench.synth.noise import observed
from workbench.synth.people import People, people_of, sample_people
from workbench.synth.poses import Poses, sample_poses, seeded

BANK = 200_000
"""Poses."""
UNKNOWN_FOCAL = 0.6
"""Share of pictures whose focal length is not told."""
NO_METRIC, NO_CAMERA = 0.12, 0.03
"""Shares of people without metric landmarks, and whose camera facts the encoder is not shown; the projection
into the window, and so the errors fed back, uses the facts all the same."""
ONLY_COCO = 0.06
"""Share of people seen by a finder of COCO's 17 points, which has no metric ones either."""
BEHIND_SOMETHING, MOST_HIDDEN = 0.25, 0.6
"""Share of people who stand behind something, and share of landmarks that it hides at most."""
STAGE_WEIGHTS = (0.25, 0.5, 1.0)
"""Of the guesses, the last one counting most."""
WEIGHTS = {"rotations": 1.0, "joints": 10.0, "picture": 5.0, "betas": 0.05}
VALIDATION_PEOPLE = 2048


@dataclass(frozen=True, eq=False)
class RegressorBatch:
    """What is seen, and what is true."""

    observations: Observations
    rotations: Float[Tensor, "N 24 3 3"]
    betas: Float[Tensor, "N 10"]
    points_m: Float[Tensor, "N P 3"]
    """Joints, then landmarks, about the pelvis; camera axes."""
    xy: Float[Tensor, "N 33 2"]
    """Landmarks in the window."""
    weights: Float[Tensor, "N 33"]
    """1 for landmarks in the picture, less for those that the picture does not show."""

    def to(self, device: torch.device | str) -> "RegressorBatch":
        """The same on another device."""
        moved: dict[str, Any] = {f.name: getattr(self, f.name).to(device) for f in fields(self)}
        return replace(self, **moved)


class RegressorTrainee:
    """Preset "open": trained on people of this project's own making."""

    method: ClassVar[str] = "regressor"
    preset = "open"
    metric: ClassVar[str] = "pa_mpjpe_mm"
    data: ClassVar[str] = (
        f"Made-up people of `workbench.synth`: {BANK:,} poses, written by hand, mixed and disturbed (split "
        "train), each time with another heading, shape and camera, and with landmarks as BlazePose's finder "
        "would report them. No pictures. "
        f"A straight edge hides a part of {BEHIND_SOMETHING:.0%} of them. Focal length told for "
        f"{1 - UNKNOWN_FOCAL:.0%} of them, else the picture's diagonal; metric landmarks missing for "
        f"{NO_METRIC:.0%}, all but COCO's 17 points for {ONLY_COCO:.0%}"
    )
    licence: ClassVar[str] = "Apache-2.0. No photo, scan or motion capture of a person went into them."

    def __init__(self, bank: int = BANK, validation_people: int = VALIDATION_PEOPLE):
        self.bank = bank
        self.validation_people = validation_people

    def model(self) -> nn.Module:
        """A network that starts from the mean pose of made-up people."""
        network = LandmarkRegressor()
        rotations = sample_poses(min(self.bank, 4096)).rotations[:, 1:]
        mean = sixd_from_matrix(matrix_from_6d(sixd_from_matrix(rotations).mean(0)))
        network.mean[6:POSE] = mean.flatten()
        return network

    def batch(self, generators: Sequence[torch.Generator], size: int) -> RegressorBatch:
        """New people in known poses."""
        blocks = []
        for generator in generators:
            poses = _drawn(_bank(self.bank, str(generator.device)), generator, size)
            blocks.append(people_as_seen(people_of(poses, generator), generator))
        return _joined(blocks)

    def loss(self, model: nn.Module, batch: Any) -> tuple[Tensor, dict[str, Tensor]]:
        """The weighted sum over all guesses, and the last guess's terms."""
        guesses = model(batch.observations, open_light_body(1, str(batch.betas.device)))[1:]
        terms = [_terms(guess, batch) for guess in guesses]
        totals = [sum(WEIGHTS[name] * value for name, value in each.items()) for each in terms]
        total = sum(w * t for w, t in zip(STAGE_WEIGHTS, totals, strict=True)) / sum(STAGE_WEIGHTS)
        assert isinstance(total, Tensor)
        return total, terms[-1]

    def validate(self, model: nn.Module, split: str = "validation") -> dict[str, float]:
        """Errors of 14 joints, and of the landmarks in the window; focal lengths are not told."""
        device = next(model.parameters()).device
        generator = seeded(0, split)  # pyright: ignore[reportArgumentType]
        people = sample_people(self.validation_people, 0, split)  # pyright: ignore[reportArgumentType]
        batch = people_as_seen(people, generator, for_training=False).to(device)
        with torch.no_grad():
            guess: Guess = model(batch.observations, open_light_body(1, str(device)))[-1]
        body, joints = _measuring_body()
        found, true = (
            _lsp(body, joints, betas.cpu(), rotations.cpu())
            for betas, rotations in ((guess.betas, guess.rotations), (batch.betas, batch.rotations))
        )
        seen = batch.weights == 1
        off = (guess.xy - batch.xy).norm(dim=-1)[seen]
        return {
            "pa_mpjpe_mm": float(pa_mpjpe_mm(found, true).mean()),
            "mpjpe_mm": float(mpjpe_mm(found, true, joints.joints.root).mean()),
            "landmarks_2d_pct": float(50 * off.mean()),  # a window is 2 wide
        }


@lru_cache(maxsize=2)
def _bank(size: int, device: str) -> Tensor:
    """Poses as 6D in half precision, which a GPU's or a CPU's memory holds easily: (size, 24, 6)."""
    return sixd_from_matrix(sample_poses(size).rotations).half().to(device)


def _drawn(bank: Float[Tensor, "B 24 6"], generator: torch.Generator, size: int) -> Poses:
    """Some of the poses, facing anywhere."""
    device = generator.device
    ids = torch.randint(len(bank), (size,), generator=generator, device=device)
    rotations = matrix_from_6d(bank[ids].float())
    turn = torch.zeros(size, 3, device=device)
    turn[:, 1] = torch.rand(size, generator=generator, device=device) * (2 * torch.pi)
    rotations[:, 0] = matrix_from_axis_angle(turn) @ rotations[:, 0]
    return Poses(rotations, torch.zeros(size, device=device), torch.zeros_like(ids), ("any",))


def people_as_seen(people: People, generator: torch.Generator, for_training: bool = True) -> RegressorBatch:
    """People through the eyes of a finder.

    Args:
        people: with known answers.
        generator: on their device.
        for_training: with the focal length told to some, and channels taken away from some.
    """
    device = generator.device
    mesh = open_light_body(1, str(device))(people.betas, people.rotations)
    true = seen_landmarks(mesh.landmarks_m, people)
    hidden = behind_something(true, generator) if for_training else None
    found = observed(true, people, generator, occluded=hidden)
    size_hw = people.size_hw.float()
    focal = size_hw.norm(dim=1)
    visibility = found.px[..., 2:]
    draws = torch.rand(2, len(people), generator=generator, device=device)
    if for_training:
        focal = torch.where(draws[0] < UNKNOWN_FOCAL, focal, people.focal_px)
        few = draws[1] < ONLY_COCO
        visibility = torch.where(few[:, None, None] & ~_in_coco(device), 0.0, visibility)
    px = torch.cat((found.px[..., :2], visibility), -1)
    seen, windows = observations_of_landmarks(px, found.m, focal, size_hw)
    if for_training:
        seen = seen.dropped({"metric": NO_METRIC, "camera": NO_CAMERA}, generator)
        seen = replace(seen, present=seen.present & ~(few[:, None] & _is_metric(device)))
    xy = (true.px[..., :2] - windows.center_px[:, None]) * (2 / windows.side_px[:, None, None])
    points = torch.cat((mesh.joints_m, mesh.landmarks_m), 1) - mesh.joints_m[:, :1]
    weights = torch.where(true.px[..., 2] > 0, 1.0, 0.2)
    return RegressorBatch(seen, people.rotations, people.betas, points, xy, weights)


def behind_something(landmarks: Landmarks, generator: torch.Generator) -> Bool[Tensor, "N 33"]:
    """What a straight edge hides of some people: everything beyond it."""
    n, device = len(landmarks.px), generator.device
    turn, share, chosen = torch.rand(3, n, 1, generator=generator, device=device)
    angle = 2 * torch.pi * turn
    along = landmarks.px[..., 0] * angle.cos() + landmarks.px[..., 1] * angle.sin()
    order = along.argsort(1).argsort(1)  # 0 for the landmark farthest beyond the edge
    return (order < MOST_HIDDEN * share * order.shape[1]) & (chosen < BEHIND_SOMETHING)


def _in_coco(device: torch.device) -> Tensor:
    return torch.tensor([[name in COCO] for name in BLAZEPOSE], device=device)


def _is_metric(device: torch.device) -> Tensor:
    return torch.tensor([name == "metric" for name in CHANNELS], device=device)


def _joined(blocks: Sequence[RegressorBatch]) -> RegressorBatch:
    """One after the other; every block has the same channels."""

    def joined(values: list[Any]) -> Any:
        if isinstance(values[0], Tensor):
            return torch.cat(values)
        names = [f.name for f in fields(values[0]) if getattr(values[0], f.name) is not None]
        return replace(values[0], **{name: joined([getattr(v, name) for v in values]) for name in names})

    return joined(list(blocks))


def _terms(guess: Guess, batch: RegressorBatch) -> dict[str, Tensor]:
    points = torch.cat((guess.joints_m, guess.landmarks_m), 1) - guess.joints_m[:, :1]
    off = (guess.xy - batch.xy).abs().clamp_max(1.0).mean(-1)  # what is far outside must not rule
    return {
        "rotations": (guess.rotations - batch.rotations).square().sum((-1, -2)).mean(),
        "joints": (points - batch.points_m).norm(dim=-1).mean(),
        "picture": (off * batch.weights).mean(),
        "betas": (guess.betas - batch.betas).square().mean(),
    }


@lru_cache(maxsize=1)
def _measuring_body() -> tuple[BodyModel, JointRegressor]:
    """The vertices that LSP's joints are made of, as a body."""
    whole = load_body(BODY)
    joints = joint_regressor(whole, "lsp14")
    return whole.subset(joints.vertex_ids), joints


def _lsp(body: BodyModel, joints: JointRegressor, betas: Tensor, rotations: Tensor) -> Tensor:
    return joints.vertex_weights @ body.with_shape(betas).with_rotations(rotations).mesh().vertices_m
