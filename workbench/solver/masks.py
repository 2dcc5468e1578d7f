"""Can the camera be solved from this mask? A bad mask is the method's known failure: it is looked at first.

The outline is trusted to be one whole person's. What the mask shows otherwise is said in words: as a
`MaskProblem` where an answer would mean nothing, else as a remark. Lens distortion cannot be seen in a mask;
the solver knows none, and `very_wide` says so of lenses that have it.
"""

import math
from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Bool
from scipy import ndimage
from torch import Tensor

from workbench.geometry import Camera
from workbench.image.person import Person
from workbench.solver.window import box_of

VISIBLE = 0.5
FEWEST_PX = 64
"""Fewer pixels have no outline to speak of."""
OWN_SHARE = 0.4
"""Of a person's visible landmarks, that lie on a mask which is theirs."""
OTHERS_SHARE = 0.6
"""Of another person's visible landmarks, that lie on a mask which is theirs, too."""
REACH = 0.03
"""How far beside the mask a landmark may lie, in shares of the longer side of the mask's box."""
LARGE = 0.25
"""A part of the mask is large that has so much of the largest one's area."""
WIDE_RAD = math.radians(95)
"""Across the diagonal; lenses wider than this, about 20 mm, bend straight lines."""


class MaskProblem(ValueError):
    """No camera can be solved from this mask; the message says why and what to do."""


def check_mask(
    mask: Tensor | None, size_hw: tuple[int, int], person: Person | None = None, others: Sequence[Person] = ()
) -> tuple[str, ...]:
    """What there is to say of a mask that can be used.

    Args:
        mask: the person's pixels, as booleans or 0..1.
        size_hw: of the photo.
        person: whose mask it should be.
        others: who else is in the photo.

    Raises:
        MaskProblem: there is none; it is empty, of another size, of another person or of several; or the
            person fills the photo.
    """
    if mask is None:
        raise MaskProblem("This person has no mask, and the camera is solved from one. Mark their pixels.")
    if tuple(mask.shape) != size_hw:
        raise MaskProblem(f"A mask has the photo's size {size_hw}; got {tuple(mask.shape)}.")
    mask = mask.cpu() > 0.5
    count = int(mask.sum())
    if count < FEWEST_PX:
        raise MaskProblem(
            f"The mask covers {count} pixels; at least {FEWEST_PX} are needed for an outline. Mark the whole "
            "person, or use a larger picture."
            if count
            else "The mask is empty. Mark the person's pixels first."
        )
    borders = [edge for edge, line in _borders(mask).items() if line.any()]
    if len(borders) == 4:
        raise MaskProblem(
            "The mask reaches all four borders of the photo, so nothing tells how large the person is. Use a "
            "photo that shows more of them, or correct the mask."
        )
    near = _grown(mask)
    if person is not None and (share := _share_on(near, person)) is not None and share < OWN_SHARE:
        raise MaskProblem(
            f"Only {100 * share:.0f} % of this person's landmarks lie on the mask: it looks like somebody "
            "else's. Choose or mark this person's own pixels."
        )
    _refuse_several(mask, near, person, others)
    remarks = []
    if borders:
        remarks.append(
            f"The photo cuts the person at its {' and '.join(borders)}: their size, and with it the focal "
            "length, is less certain."
        )
    return (*remarks, *_parts_remark(mask))


def very_wide(camera: Camera) -> tuple[str, ...]:
    """A remark on a lens so wide that real ones bend straight lines, which no part of this knows of."""
    across = 2 * math.atan(math.hypot(*camera.size_hw) / (2 * camera.focal_px))
    if across <= WIDE_RAD:
        return ()
    return (
        f"This lens sees {math.degrees(across):.0f}° across the picture's diagonal. Real ones that wide bend "
        "straight lines, and the solver knows no distortion: straighten the photo first if it has any.",
    )


def _refuse_several(
    mask: Bool[Tensor, "H W"], near: Bool[Tensor, "H W"], person: Person | None, others: Sequence[Person]
) -> None:
    inside = [other for other in others if (_share_on(near, other) or 0.0) > OTHERS_SHARE]
    strangers = person is not None and any(_share_on(_grown(part), person) == 0 for part in _parts(mask))
    if inside or strangers:
        raise MaskProblem(
            "The mask seems to hold several people. The solver fits one body to it, as BLADE does: erase "
            "everybody else from the mask."
        )


def _parts_remark(mask: Bool[Tensor, "H W"]) -> tuple[str, ...]:
    count = len(_parts(mask))
    if count < 2:
        return ()
    return (
        f"The mask has {count} large parts. If something hides the middle of the person, the outline's edge "
        "there is not theirs; if one part is somebody else, erase it.",
    )


def _borders(mask: Bool[Tensor, "H W"]) -> dict[str, Bool[Tensor, "N"]]:
    return {"left": mask[:, 0], "top": mask[0], "right": mask[:, -1], "bottom": mask[-1]}


def _grown(mask: Bool[Tensor, "H W"]) -> Bool[Tensor, "H W"]:
    """The mask with a rim, because landmarks lie inside limbs and masks are ragged."""
    if not mask.any():
        return mask
    x0, y0, x1, y1 = box_of(mask)
    distance = np.asarray(ndimage.distance_transform_edt(~mask.numpy()))
    return torch.from_numpy(distance <= max(2.0, REACH * max(x1 - x0, y1 - y0)))


def _share_on(mask: Bool[Tensor, "H W"], person: Person) -> float | None:
    """Share of the landmarks that can be seen in the photo, that lie on a mask; None of too few."""
    if person.keypoints_px is None:
        return None
    height, width = mask.shape
    x, y, seen = person.keypoints_px.cpu().unbind(-1)
    inside = (seen > VISIBLE) & (x >= 0) & (y >= 0) & (x < width) & (y < height)
    if inside.sum() < 4:
        return None
    return float(mask[y[inside].long(), x[inside].long()].float().mean())


def _parts(mask: Bool[Tensor, "H W"]) -> list[Bool[Tensor, "H W"]]:
    """The large connected parts, the largest first."""
    labels = np.asarray(ndimage.label(mask.numpy())[0], dtype=np.intp)  # type: ignore[index]
    areas = np.bincount(labels.ravel())
    areas[0] = 0  # what belongs to no part
    order = np.argsort(-areas, kind="stable")
    return [torch.from_numpy(labels == part) for part in order if areas[part] >= LARGE * areas.max() > 0]
