"""What a network gets to see of people: batches, with flags for what is missing.

Everything is given in a square window around a person's landmarks, so that where somebody stands in a photo,
and how large, matters only through the camera facts:

    landmarks   x, y from -1 to 1 across the window, and visibility; visibility 0 means not found
    metric      the finder's 3D landmarks about the middle of the hips, m, camera axes
    camera      (cx - W/2, cy - H/2, b) / f: where the window's middle and side b lie in the field of view
                (CLIFF, Li et al., ECCV 2022)
    mask        the person's pixels, 0..1
    rgb         0..1
    depth       m, 0 where unknown
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.geometry import Crop
from workbench.geometry.camera import diagonal_focal_px
from workbench.image.person import Person
from workbench.image.photo import Photo

CHANNELS: tuple[str, ...] = ("landmarks", "metric", "camera", "mask", "rgb", "depth")
SEEN = 0.5
"""Visibility from which a landmark says where its person is."""
MARGIN = 1.2
MIN_SEEN = 2
MIN_SIDE_PX = 4
"""Of a window; landmarks in one place say nothing of a body."""


class Windows(NamedTuple):
    """Squares of photos."""

    center_px: Float[Tensor, "N 2"]
    side_px: Float[Tensor, "N"]

    def of(self, row: int) -> tuple[tuple[float, float], float]:
        """Middle and side of one of them."""
        x, y = self.center_px[row].tolist()
        return (x, y), float(self.side_px[row])


@dataclass(frozen=True, eq=False)
class Observations:
    """A batch; a channel that nobody in the batch has may be None."""

    present: Bool[Tensor, "N 6"]
    """Which of CHANNELS each sample has."""
    landmarks: Float[Tensor, "N 33 3"] | None = None
    metric_m: Float[Tensor, "N 33 3"] | None = None
    camera: Float[Tensor, "N 3"] | None = None
    mask: Float[Tensor, "N 1 S S"] | None = None
    rgb: Float[Tensor, "N 3 S S"] | None = None
    depth_m: Float[Tensor, "N 1 S S"] | None = None

    def __len__(self) -> int:
        return len(self.present)

    def to(self, device: torch.device | str) -> "Observations":
        """The same on another device."""
        return self._each(lambda value: value.to(device))

    def rows(self, ids: Tensor | slice) -> "Observations":
        """Some of the samples."""
        return self._each(lambda value: value[ids])

    def has(self, channel: str) -> Bool[Tensor, "N"]:
        """Which samples have a channel."""
        return self.present[:, CHANNELS.index(channel)]

    def only(self, channels: Sequence[str]) -> "Observations":
        """The others switched off, to see what each is worth.

        Raises:
            ValueError: there is no such channel.
        """
        if unknown := set(channels) - set(CHANNELS):
            raise ValueError(f"No channel is called {min(unknown)!r}. There are: {', '.join(CHANNELS)}.")
        kept = torch.tensor([channel in channels for channel in CHANNELS], device=self.present.device)
        return replace(self, present=self.present & kept)

    def dropped(self, shares: Mapping[str, float], generator: torch.Generator) -> "Observations":
        """Channels taken away at random, so that a network learns to do without.

        Args:
            shares: of the samples that lose a channel, by its name.
            generator: on the observations' device.
        """
        limits = torch.tensor([shares.get(channel, 0.0) for channel in CHANNELS], device=self.present.device)
        lost = torch.rand(self.present.shape, generator=generator, device=self.present.device) < limits
        return replace(self, present=self.present & ~lost)

    def _each(self, change: Any) -> "Observations":
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        changed: dict[str, Any] = {name: v if v is None else change(v) for name, v in values.items()}
        return replace(self, **changed)


def landmark_windows(landmarks_px: Float[Tensor, "N 33 3"]) -> Windows:
    """Squares around the landmarks that are seen; around all that were found where hardly any is.

    Args:
        landmarks_px: x, y in the photo and visibility.
    """
    xy, visibility = landmarks_px[..., :2], landmarks_px[..., 2:]
    seen = visibility > SEEN
    found = (visibility > 0) | (visibility.sum(1, keepdim=True) == 0)
    used = torch.where(seen.sum(1, keepdim=True) >= MIN_SEEN, seen, found)
    low = torch.where(used, xy, torch.inf).amin(1)
    high = torch.where(used, xy, -torch.inf).amax(1)
    return Windows((low + high) / 2, (MARGIN * (high - low).amax(-1)).clamp_min(1.0))


def observations_of_landmarks(
    landmarks_px: Float[Tensor, "N 33 3"],
    metric_m: Float[Tensor, "N 33 3"] | None,
    focal_px: Float[Tensor, "N"],
    size_hw: Float[Tensor, "N 2"],
) -> tuple[Observations, Windows]:
    """Landmarks, metric landmarks and camera facts, and the windows that they are given in.

    Args:
        landmarks_px: x, y in the photo and visibility.
        metric_m: about the middle of the hips.
        focal_px: of the photos, known or assumed.
        size_hw: of the photos.
    """
    windows = landmark_windows(landmarks_px)
    xy = (landmarks_px[..., :2] - windows.center_px[:, None]) * (2 / windows.side_px[:, None, None])
    offset = windows.center_px - size_hw.flip(-1) / 2
    facts = torch.cat((offset, windows.side_px[:, None]), 1) / focal_px[:, None]
    here = {"landmarks", "camera"} | ({"metric"} if metric_m is not None else set())
    present = torch.tensor([channel in here for channel in CHANNELS], device=xy.device)
    landmarks = torch.cat((xy, landmarks_px[..., 2:]), -1)
    return Observations(present.expand(len(xy), -1), landmarks, metric_m, facts), windows


def observe_people(
    photo: Photo, people: Sequence[Person], pictures: Sequence[str] = (), size: int = 64
) -> tuple[Observations, Windows]:
    """What there is to see of people in a photo, on the CPU.

    Args:
        photo: its focal length, if it has none, is taken to be its diagonal.
        people: with 2D landmarks.
        pictures: which of "mask", "rgb" and "depth" to cut out as well.
        size: of those, in pixels.

    Raises:
        ValueError: somebody has no 2D landmarks, too few that are visible, or all in one place; or there is
            nobody.
    """
    if not people:
        raise ValueError("There is nobody to observe.")
    px = [
        _landmarks(person, f"Person {number} of {len(people)}")
        for number, person in enumerate(people, start=1)
    ]
    metric = [p.keypoints_m for p in people]
    focal = torch.tensor(photo.focal_px or diagonal_focal_px(photo.size_hw))
    size_hw = torch.tensor(photo.size_hw).float()
    count = len(people)
    blank = torch.zeros(33, 3)
    observations, windows = observations_of_landmarks(
        torch.stack(px).float(),
        torch.stack([blank if m is None else m.float() for m in metric]),
        focal.expand(count),
        size_hw.expand(count, 2),
    )
    present = observations.present.clone()
    present[:, CHANNELS.index("metric")] = torch.tensor([m is not None for m in metric])
    cut: dict[str, Any] = {}
    for name in pictures:
        field, cutter = _CUTTERS[name]
        cut[field], present[:, CHANNELS.index(name)] = cutter(photo, people, windows, size)
    return replace(observations, present=present, **cut), windows


def _landmarks(person: Person, who: str) -> Float[Tensor, "33 3"]:
    """Their 2D landmarks, which make a window."""
    known = person.keypoints_px
    advice = "Draw the box around one whole person whose joints can be seen, or let the people be found."
    if known is None:
        raise ValueError(f"{who} has no 2D landmarks, only a box. {advice}")
    found = int((known[:, 2] > 0).sum())
    if found < MIN_SEEN:
        raise ValueError(f"{who} has {found} visible landmarks; at least {MIN_SEEN} are needed. {advice}")
    side = float(landmark_windows(known[None].float()).side_px)
    if not side >= MIN_SIDE_PX:
        raise ValueError(
            f"{who} is {side:.0f} px large by the landmarks; at least {MIN_SIDE_PX} are needed. {advice}"
        )
    return known


def _crops(windows: Windows, size: int) -> list[Crop]:
    return [Crop(*windows.of(row), size) for row in range(len(windows.side_px))]


def _masks(photo: Photo, people: Sequence[Person], windows: Windows, size: int) -> tuple[Tensor, Tensor]:
    crops = _crops(windows, size)
    masks = [
        torch.zeros(size, size) if person.mask is None else crop.cut_mask(person.mask.float())
        for crop, person in zip(crops, people, strict=True)
    ]
    return torch.stack(masks)[:, None], torch.tensor([person.mask is not None for person in people])


def _colours(photo: Photo, people: Sequence[Person], windows: Windows, size: int) -> tuple[Tensor, Tensor]:
    crops = [torch.from_numpy(crop.cut(photo.rgb)) for crop in _crops(windows, size)]
    return torch.stack(crops).permute(0, 3, 1, 2) / 255, torch.ones(len(people), dtype=torch.bool)


def _depths(photo: Photo, people: Sequence[Person], windows: Windows, size: int) -> tuple[Tensor, Tensor]:
    """Whoever has no depth measured in their window has none."""
    if photo.depth_m is None:
        return torch.zeros(len(people), 1, size, size), torch.zeros(len(people), dtype=torch.bool)
    depths = torch.stack([crop.cut_depth(photo.depth_m) for crop in _crops(windows, size)])
    return depths[:, None], (depths > 0).flatten(1).any(1)


_CUTTERS = {"mask": ("mask", _masks), "rgb": ("rgb", _colours), "depth": ("depth_m", _depths)}
"""By channel: the field of Observations, and what fills it."""
