"""Made-up people as training sees them: known answers, and what a finder would report of them.

A bank of poses is made once; with every batch they get new headings, shapes, cameras and landmarks, which is
far cheaper than new poses. Often the focal length is not told, as in most photos: networks then get, and are
judged by, the picture's diagonal.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.body.joints import BLAZEPOSE, COCO
from workbench.body.light import open_light_body
from workbench.geometry.rotations import matrix_from_6d, matrix_from_axis_angle, sixd_from_matrix
from workbench.networks.observations import CHANNELS, Observations, Windows, observations_of_landmarks
from workbench.synth.cameras import Views
from workbench.synth.landmarks import Landmarks, seen_landmarks
from workbench.synth.noise import observed
from workbench.synth.people import People, people_of
from workbench.synth.poses import Poses, sample_poses

BANK = 200_000
"""Poses."""
UNKNOWN_FOCAL = 0.6
"""Share of pictures whose focal length is not told."""
NO_METRIC, NO_CAMERA = 0.12, 0.03
"""Shares of people without metric landmarks, and without camera facts."""
MORE = 1.35
"""So many times the people that are wanted are drawn, as finders do not find all."""
ONLY_COCO = 0.06
"""Share of people seen by a finder of COCO's 17 points, which has no metric ones either."""
BEHIND_SOMETHING, MOST_HIDDEN = 0.25, 0.6
"""Share of people who stand behind something, and share of landmarks that it hides at most."""


@dataclass(frozen=True, eq=False)
class KnownPeople:
    """What is seen, and what is true: a batch for training."""

    observations: Observations
    rotations: Float[Tensor, "N 24 3 3"]
    betas: Float[Tensor, "N 10"]
    points_m: Float[Tensor, "N P 3"]
    """Joints, then landmarks, about the pelvis; camera axes."""
    xy: Float[Tensor, "N 33 2"]
    """Landmarks in the window."""
    in_picture: Bool[Tensor, "N 33"]
    """Which of them the picture holds, hidden ones too."""

    def __len__(self) -> int:
        return len(self.betas)

    def to(self, device: torch.device | str) -> "KnownPeople":
        """The same on another device."""
        moved: dict[str, Any] = {f.name: getattr(self, f.name).to(device) for f in fields(self)}
        return replace(self, **moved)

    def rows(self, ids: Int[Tensor, "M"] | slice) -> "KnownPeople":
        """Some of the people."""
        columns: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        seen = columns.pop("observations").rows(ids)
        return KnownPeople(seen, **{name: column[ids] for name, column in columns.items()})


class Edges(NamedTuple):
    """Straight edges of things in front of people: what lies beyond them is hidden."""

    normal: Float[Tensor, "N 2"]
    place_px: Float[Tensor, "N"]
    """Along the normal; minus infinity where nothing is in front."""

    def hide(self, xy: Float[Tensor, "N K 2"]) -> Bool[Tensor, "N K"]:
        """Which points of each picture are hidden."""
        return (xy @ self.normal[..., None])[..., 0] < self.place_px[:, None]


class Seen(NamedTuple):
    """Those whom a finder finds, through its eyes, and what channels that are pictures need besides."""

    places: Int[Tensor, "N"]
    """Which of those who were there."""
    people: People
    known: KnownPeople
    windows: Windows
    edges: Edges | None

    def rows(self, ids: Int[Tensor, "M"] | slice) -> "Seen":
        """Some of them."""
        windows = Windows(*(column[ids] for column in self.windows))
        edges = None if self.edges is None else Edges(*(column[ids] for column in self.edges))
        return Seen(self.places[ids], self.people.rows(ids), self.known.rows(ids), windows, edges)


@lru_cache(maxsize=2)
def pose_bank(size: int, device: str) -> Tensor:
    """Poses as 6D in half precision, which a GPU's or a CPU's memory holds easily: (size, 24, 6)."""
    return sixd_from_matrix(sample_poses(size).rotations).half().to(device)


def drawn_poses(bank: Float[Tensor, "B 24 6"], generator: torch.Generator, size: int) -> Poses:
    """Some of the poses, facing anywhere."""
    device = generator.device
    ids = torch.randint(len(bank), (size,), generator=generator, device=device)
    rotations = matrix_from_6d(bank[ids].float())
    turn = torch.zeros(size, 3, device=device)
    turn[:, 1] = torch.rand(size, generator=generator, device=device) * (2 * torch.pi)
    rotations[:, 0] = matrix_from_axis_angle(turn) @ rotations[:, 0]
    return Poses(rotations, torch.zeros(size, device=device), torch.zeros_like(ids), ("any",))


def mean_rotations(bank: int = BANK) -> Float[Tensor, "23 3 3"]:
    """Of every joint but the root: where a network starts."""
    return matrix_from_6d(sixd_from_matrix(sample_poses(min(bank, 4096)).rotations[:, 1:]).mean(0))


def new_people_as_seen(
    bank: Float[Tensor, "B 24 6"],
    generator: torch.Generator,
    size: int,
    views: Views | None = None,
    unknown_focal: float = UNKNOWN_FOCAL,
) -> Seen:
    """So many people in known poses who are found; some of them twice should too few be found.

    Args:
        bank: of poses.
        generator: on its device.
        size: how many.
        views: what cameras are drawn from.
        unknown_focal: share of people of whose pictures the focal length is not told.
    """
    found = 0
    while not found:  # of a few people it may be nobody
        drawn = people_of(drawn_poses(bank, generator, round(MORE * size)), generator, views)
        seen = people_as_seen(drawn, generator, unknown_focal=unknown_focal)
        found = len(seen.places)
    return seen.rows(torch.arange(size, device=generator.device) % found)


def people_as_seen(
    people: People,
    generator: torch.Generator,
    for_training: bool = True,
    hidden: Bool[Tensor, "N 33"] | None = None,
    unknown_focal: float = UNKNOWN_FOCAL,
) -> Seen:
    """People through the eyes of a finder: the landmarks and camera facts of those whom it finds.

    Args:
        people: with known answers.
        generator: on their device.
        for_training: with the focal length told to some, and channels taken away from some.
        hidden: landmarks behind something that pictures show; in training edges hide some if none is given.
        unknown_focal: share of people of whose pictures the focal length is not told; only in training.
    """
    device = generator.device
    mesh = open_light_body(1, str(device))(people.betas, people.rotations)
    true = seen_landmarks(mesh.landmarks_m, people)
    edges = edges_before(true, generator) if for_training and hidden is None else None
    if edges is not None:
        hidden = edges.hide(true.px[..., :2])
    found = observed(true, people, generator, occluded=hidden)
    size_hw = people.size_hw.float()
    focal = size_hw.norm(dim=1)
    visibility = found.px[..., 2:]
    draws = torch.rand(2, len(people), generator=generator, device=device)
    few = draws[1] < (ONLY_COCO if for_training else 0.0)
    if for_training:
        focal = torch.where(draws[0] < unknown_focal, focal, people.focal_px)
        visibility = torch.where(few[:, None, None] & ~_in_coco(device), 0.0, visibility)
    px = torch.cat((found.px[..., :2], visibility), -1)
    seen, windows = observations_of_landmarks(px, found.m, focal, size_hw)
    if for_training:
        seen = seen.dropped({"metric": NO_METRIC, "camera": NO_CAMERA}, generator)
        seen = replace(seen, present=seen.present & ~(few[:, None] & _is_metric(device)))
    xy = (true.px[..., :2] - windows.center_px[:, None]) * (2 / windows.side_px[:, None, None])
    points = torch.cat((mesh.joints_m, mesh.landmarks_m), 1) - mesh.joints_m[:, :1]
    known = KnownPeople(seen, people.rotations, people.betas, points, xy, true.px[..., 2] > 0)
    everybody = Seen(torch.arange(len(people), device=device), people, known, windows, edges)
    return everybody.rows(found.found.nonzero()[:, 0])


def edges_before(landmarks: Landmarks, generator: torch.Generator) -> Edges:
    """In front of some people, so that up to MOST_HIDDEN of their landmarks lie beyond."""
    n, device = len(landmarks.px), generator.device
    turn, share, chosen = torch.rand(3, n, generator=generator, device=device)
    angle = 2 * torch.pi * turn
    normal = torch.stack((angle.cos(), angle.sin()), 1)
    along = (landmarks.px[..., :2] @ normal[..., None])[..., 0].sort(1).values
    first_shown = (MOST_HIDDEN * share * along.shape[1]).ceil().long()
    place = along.gather(1, first_shown[:, None])[:, 0]
    return Edges(normal, torch.where(chosen < BEHIND_SOMETHING, place, -torch.inf))


def joined(blocks: Sequence[KnownPeople]) -> KnownPeople:
    """One after the other. A channel that some block lacks altogether is blank there."""
    observations = _joined_observations([block.observations for block in blocks])
    names = [f.name for f in fields(KnownPeople) if f.name != "observations"]
    columns: dict[str, Any] = {name: torch.cat([getattr(b, name) for b in blocks]) for name in names}
    return KnownPeople(observations, **columns)


def _joined_observations(blocks: Sequence[Observations]) -> Observations:
    columns: dict[str, Any] = {}
    for name in (f.name for f in fields(Observations)):
        values = [getattr(block, name) for block in blocks]
        there = [value for value in values if value is not None]
        if there:
            blank = [there[0].new_zeros(len(block), *there[0].shape[1:]) for block in blocks]
            columns[name] = torch.cat([b if v is None else v for b, v in zip(blank, values, strict=True)])
    return Observations(**columns)


def _in_coco(device: torch.device) -> Tensor:
    return torch.tensor([[name in COCO] for name in BLAZEPOSE], device=device)


def _is_metric(device: torch.device) -> Tensor:
    return torch.tensor([name == "metric" for name in CHANNELS], device=device)
