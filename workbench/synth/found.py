"""The realism check: does the finder that looks at real photos find made-up people, and where?"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body.joints import BLAZEPOSE
from workbench.image import Person, find_people, load_photo
from workbench.image.boxes import box_of_mask_px, match
from workbench.image.people import Finder
from workbench.synth.scene import Scene, ScenePerson

LEAST_PX = 40
"""Height of a person's visible pixels below which nobody is expected to be found."""
LEAST_SEEN = 12
"""Landmarks in sight, below which nobody is either."""
SAME_IOU = 0.4
"""Boxes that overlap by less are of different people."""
GROUPS = {
    "face": range(11),
    "shoulders, elbows": range(11, 15),
    "wrists, hands": range(15, 23),
    "hips": range(23, 25),
    "knees, ankles": range(25, 29),
    "feet": range(29, 33),
}


@dataclass(frozen=True, eq=False)
class Match:
    """One made-up person and what was found of them."""

    scene: Scene
    person: ScenePerson
    found: Person | None

    @property
    def error(self) -> Float[Tensor, "33"]:
        """Distance of each landmark as a share of the person's size in the picture; NaN where hidden."""
        if self.found is None or self.found.keypoints_px is None:
            return torch.full((len(BLAZEPOSE),), torch.nan)
        xy, seen = self.person.landmarks_px[:, :2], self.person.landmarks_px[:, 2] > 0.5
        apart = (self.found.keypoints_px[:, :2] - xy).norm(dim=1)
        return torch.where(seen, apart / size_px(self.person), torch.nan)


def could_be_found(person: ScenePerson) -> bool:
    """Whether enough of somebody is seen."""
    rows = person.visible_mask.any(1)
    return int(rows.sum()) >= LEAST_PX and float(person.landmarks_px[:, 2].sum()) >= LEAST_SEEN


def matches(
    scenes: Iterable[Scene],
    finder: Finder | None = None,
    expected: Callable[[ScenePerson], bool] = could_be_found,
) -> Iterator[Match]:
    """Everybody who could be found in some scenes, with whoever was found there.

    Args:
        scenes: whose photos are looked at.
        finder: who looks; BlazePose by default.
        expected: of whom it is told whether they were found.

    Raises:
        WeightsMissing: BlazePose's two model files are not on this machine.
    """
    for scene in scenes:
        asked = [person for person in scene.people if expected(person)]
        people = find_people(load_photo(scene.rgb), finder)
        true_boxes = [box_of_mask_px(person.visible_mask) for person in asked]
        partners = match(_table(true_boxes), _table([person.box_px for person in people]), SAME_IOU)
        for person, partner in zip(asked, partners, strict=True):
            yield Match(scene, person, None if partner is None else people[partner])


def in_view(person: ScenePerson) -> bool:
    """Whether anything is seen of somebody."""
    return bool(person.visible_mask.any())


def size_px(person: ScenePerson) -> float:
    """Diagonal of the box around all landmarks, seen or not."""
    xy = person.landmarks_px[:, :2]
    return float((xy.amax(0) - xy.amin(0)).norm())


def report(found: Sequence[Match]) -> str:
    """Markdown: who was found, and how far off their landmarks are."""
    if not found:
        return "Nobody who could be found."
    lines = ["| people | expected | found | median error | 90 % within |", "|---" * 5 + "|"]
    first = [match for match in found if match.person is match.scene.people[0]]
    for name, group in (("all", found), ("first in the picture", first)):
        errors = torch.stack([match.error for match in group]).nanmedian(1).values
        errors = errors[~errors.isnan()]
        hits = sum(match.found is not None for match in group)
        lines.append(f"| {name} | {len(group)} | {100 * hits / len(group):.0f} % | {_percent(errors)} |")
    lines += ["", "| landmarks in sight | median error | 90 % within |", "|---" * 3 + "|"]
    every = torch.stack([match.error for match in found])
    for name, ids in GROUPS.items():
        errors = every[:, list(ids)].flatten()
        lines.append(f"| {name} | {_percent(errors[~errors.isnan()])} |")
    return "\n".join(
        [*lines, "", "Errors in percent of the diagonal of the box around a person's landmarks."]
    )


def _table(boxes_px: Sequence[Float[Tensor, "4"]]) -> Float[Tensor, "N 4"]:
    return torch.stack(tuple(boxes_px)) if boxes_px else torch.zeros(0, 4)


def _percent(errors: Float[Tensor, "N"]) -> str:
    if not len(errors):
        return "- | -"
    middle, most = (100 * torch.quantile(errors, torch.tensor([0.5, 0.9]))).tolist()
    return f"{middle:.1f} % | {most:.1f} %"
