"""What a network that looks at a window guesses: a body and its camera in that window, and how they look."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.body.light import LightBody
from workbench.geometry.camera import MIN_DEPTH_M
from workbench.networks.observations import Observations


class Guess(NamedTuple):
    """A batch of bodies before their cameras."""

    rotations: Float[Tensor, "N 24 3 3"]
    """Parent-relative; the root's turns the body's axes to the camera's."""
    betas: Float[Tensor, "N 10"]
    crop: Float[Tensor, "N 3"]
    """(s, tx, ty) in the window; see geometry/conventions.py."""
    landmarks_m: Float[Tensor, "N 33 3"]
    """About the body's origin, camera axes."""
    joints_m: Float[Tensor, "N 24 3"]
    xy: Float[Tensor, "N 33 2"]
    """The landmarks in the window, -1 to 1."""

    def rows(self, ids: slice) -> "Guess":
        """Some of the bodies."""
        return Guess(*(values[ids] for values in self))


def guess_in_window(
    rotations: Float[Tensor, "N 24 3 3"],
    betas: Float[Tensor, "N 10"],
    crop: Float[Tensor, "N 3"],
    observations: Observations,
    body: LightBody,
) -> Guess:
    """Pose bodies and see them in their windows.

    Perspective is the photo's for those whose channel "camera" is there, and weak for the others.

    Args:
        rotations, betas, crop: of each observation, or of all observations several times over.
        observations: whose camera facts count, nothing else.
        body: to be posed.
    """
    times = len(betas) // max(1, len(observations))
    with torch.autocast(betas.device.type, enabled=False):  # bfloat16 moves landmarks by millimetres
        mesh = body(betas, rotations)
        facts, known = observations.camera, observations.has("camera").repeat(times)
        facts = None if facts is None else facts.repeat(times, 1)
        xy = project_to_window(mesh.landmarks_m, crop, facts, known)
    return Guess(rotations, betas, crop, mesh.landmarks_m, mesh.joints_m, xy)


def project_to_window(
    points_m: Float[Tensor, "N K 3"],
    crop: Float[Tensor, "N 3"],
    facts: Float[Tensor, "N 3"] | None,
    known: Bool[Tensor, "N"] | None = None,
) -> Float[Tensor, "N K 2"]:
    """Perspective of the whole photo, in units of the window.

    With b the window's side, c its middle from the photo's, both over f: Tz = 2 / (b s), and a point is seen
    at (2 / b) (X / Z - c), where the body stands at (tx + c Tz, ty + c Tz, Tz). As `CropCamera.full_frame`.

    Args:
        points_m: about the body's origin, camera axes.
        crop: (s, tx, ty).
        facts: the camera facts (cx, cy, b) / f; None: weak perspective.
        known: whose facts are to be used, the others being seen in weak perspective; None: everybody's.
    """
    weak = crop[:, None, :1] * (points_m[..., :2] + crop[:, None, 1:])
    if facts is None:
        return weak
    if known is not None:  # what is not known may be anything, also zero, and must not spoil the gradient
        facts = torch.where(known[:, None], facts, 1.0)
    middle, side = facts[:, None, :2], facts[:, None, 2:]
    tz = 2 / (side * crop[:, None, :1])
    depth = (points_m[..., 2:] + tz).clamp_min(MIN_DEPTH_M)
    seen = (2 / side) * ((points_m[..., :2] + crop[:, None, 1:] + middle * tz) / depth - middle)
    return seen if known is None else torch.where(known[:, None, None], seen, weak)
