"""BlazePose's landmarks of synthetic people, as they truly are."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.body.joints import BLAZEPOSE
from workbench.body.light import LightBody, open_light_body
from workbench.synth.people import OUTLINE_VERTICES, People

HIPS = [BLAZEPOSE.index("left_hip"), BLAZEPOSE.index("right_hip")]


@dataclass(frozen=True, eq=False)
class Landmarks:
    """The 33 landmarks of a batch of people, in the form of a finder's `Person`."""

    px: Float[Tensor, "N 33 3"]
    """x, y in the picture and visibility 0..1."""
    m: Float[Tensor, "N 33 3"]
    """Metric, about the middle of the hips, in the camera's axes."""

    def rows(self, ids: Int[Tensor, "M"] | slice) -> "Landmarks":
        """Those of some of the people."""
        return Landmarks(self.px[ids], self.m[ids])


def true_landmarks(people: People, body: LightBody | None = None) -> Landmarks:
    """Where the landmarks are; visibility is 1 within the picture and 0 outside, whatever hides them.

    Args:
        people: N of them.
        body: whose landmarks; by default the open body's.
    """
    body = body or open_light_body(OUTLINE_VERTICES, str(people.betas.device))
    points_m = body(people.betas, people.rotations).landmarks_m
    return seen_landmarks(points_m, people)


def seen_landmarks(points_m: Float[Tensor, "N 33 3"], people: People) -> Landmarks:
    """The same from the points themselves, for callers who have them already.

    Args:
        points_m: landmarks of the posed bodies, the root turned into the camera's axes.
        people: who they belong to.
    """
    xy = people.project(points_m)
    in_front = (points_m + people.t_camera_body_m[:, None])[..., 2] > 0
    visible = (in_picture(xy, people) & in_front).to(xy)
    about_hips = points_m - points_m[:, HIPS].mean(1, keepdim=True)
    return Landmarks(torch.cat((xy, visible[..., None]), -1), about_hips)


def in_picture(xy: Float[Tensor, "N K 2"], people: People) -> Bool[Tensor, "N K"]:
    """Which points lie within each person's picture."""
    width_height = people.size_hw.flip(-1)[:, None]
    return ((xy >= 0) & (xy <= width_height)).all(-1)


def occluded(
    xy: Float[Tensor, "K 2"], full: Bool[Tensor, "H W"], visible: Bool[Tensor, "H W"]
) -> Bool[Tensor, "K"]:
    """Landmarks of one person at pixels that the person would cover, were something else not before them.

    Args:
        xy: in pixels; outside the picture nothing is occluded.
        full: pixels that the person would cover alone.
        visible: those that are the person's.
    """
    height, width = full.shape
    x, y = xy.floor().long().unbind(-1)
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    x, y = x.clamp(0, width - 1), y.clamp(0, height - 1)
    return inside & full[y, x] & ~visible[y, x]
