"""Cameras for people who are already posed: how far, from how high, through which lens, where in the picture.

A photographer decides how far away to stand and how much of the picture the person shall fill; the focal
length follows, as far as there are such lenses. The camera looks down or up because of how high it is held.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.geometry.camera import FULL_FRAME_WIDTH_MM
from workbench.geometry.rotations import matrix_from_axis_angle

NEAREST_M = 0.2
"""Nothing of a body comes nearer to the lens; who would is moved back."""
MARGIN_SHARE = 0.03
"""Of the picture, kept free around somebody who is wholly in view."""
AIM_SHARE = 0.3
"""Of the picture: how far from its middle the point is that the camera aims at when the person is cut."""
CENTERING_STEPS = 4
DRAWS = 9
"""Uniform numbers per camera."""


@dataclass(frozen=True)
class Views:
    """What cameras are drawn from. A pair is a range."""

    tz_m: tuple[float, float] = (0.4, 20.0)
    """Distance of the body's origin along the optical axis, log-uniform. The upper end holds; the lower one
    is kept unless limbs would come too near to the lens."""
    lens_mm: tuple[float, float] = (13.0, 400.0)
    """35 mm equivalent focal length, from ultra-wide to tele."""
    height_m: tuple[float, float] = (0.5, 2.2)
    """Of the camera above the floor."""
    pitch_rad: tuple[float, float] = (-0.8, 0.9)
    """Looking down is positive. A camera that would have to turn further is at another height instead."""
    roll_rad: float = 0.08
    """Standard deviation."""
    fill: tuple[float, float] = (0.35, 0.94)
    """Share of the picture's height, or of its width where that is more, that a person in view fills."""
    cut: float = 0.15
    """How many people are cut by the frame on purpose. People too near for the widest lens are, too."""
    cut_fill: tuple[float, float] = (1.1, 2.0)
    """Like `fill`, of those."""
    sizes_hw: tuple[tuple[int, int], ...] = ((640, 480), (480, 640), (512, 512))
    """Heights and widths of pictures, equally likely."""

    def __post_init__(self) -> None:
        """Refuse what no camera can do.

        Raises:
            ValueError: a range is empty, or not positive where it must be.
        """
        for name in ("tz_m", "lens_mm", "height_m", "pitch_rad", "fill", "cut_fill"):
            low, high = getattr(self, name)
            if not low <= high or (name != "pitch_rad" and low <= 0):
                raise ValueError(f"Expected {name} as (smallest, largest), above zero; got {(low, high)}.")
        if not 0 <= self.cut <= 1 or self.fill[1] > 1 or not self.sizes_hw:
            raise ValueError(
                f"Expected cut and fill within 0..1 and at least one picture size; got cut={self.cut}, "
                f"fill={self.fill}, sizes_hw={self.sizes_hw}."
            )


class Subjects(NamedTuple):
    """Whom the cameras look at: points about the pelvis, axes of gravity (y up)."""

    points_m: Float[Tensor, "N K 3"]
    """Spread over the body."""
    face_m: Float[Tensor, "N 3"]
    """What a close-up shows."""
    floor_m: Float[Tensor, "N"]
    """Height of the floor, mostly negative."""
    origin_m: Float[Tensor, "N 3"]
    """From the body model's origin to the pelvis, in the axes of the body."""


class Shots(NamedTuple):
    """Cameras, one per person."""

    camera_from_world: Float[Tensor, "N 3 3"]
    t_camera_body_m: Float[Tensor, "N 3"]
    focal_px: Float[Tensor, "N"]
    size_hw: Int[Tensor, "N 2"]


def take_shots(subjects: Subjects, views: Views, uniform: Float[Tensor, "N 9"]) -> Shots:
    """A camera for everybody.

    Args:
        subjects: who is to be seen.
        views: what to draw from.
        uniform: the random numbers, in [0, 1).
    """
    size, tz, height, roll, u_cut, fill, cut_fill, *places = uniform.unbind(-1)
    sizes = torch.tensor(views.sizes_hw, device=uniform.device)
    size_hw = sizes[(size * len(sizes)).long()]
    size_px = size_hw.flip(-1).to(uniform)
    shortest_px, longest_px = (mm * size_px.amax(-1) / FULL_FRAME_WIDTH_MM for mm in views.lens_mm)
    tz_m = _between(views.tz_m, tz, logarithmic=True)
    height_m = _between(views.height_m, height)
    roll_rad = views.roll_rad * torch.special.ndtri(0.01 + 0.98 * roll)
    middle_m = (subjects.points_m.amax(1) + subjects.points_m.amin(1)) / 2

    def pitch_rad(
        aim_m: Float[Tensor, "N 3"], away_m: Float[Tensor, "N"], below: Float[Tensor, "N"]
    ) -> Float[Tensor, "N"]:
        """Down to the aim from the camera's height; less where the aim is to be seen below the middle."""
        above_m = height_m - (aim_m[:, 1] - subjects.floor_m)
        down = torch.asin((above_m / away_m).clamp(-0.95, 0.95))
        return (down - torch.atan(below)).clamp(*views.pitch_rad)

    # First everybody in the middle of the picture: how large are they, and do they fit in?
    axes = _axes(pitch_rad(middle_m, tz_m, torch.zeros_like(tz_m)), roll_rad)
    framing = _Framing(subjects, axes, tz_m)
    extent = framing.box(framing.centered(torch.zeros_like(middle_m[:, :2]))).size
    crowded = (extent * shortest_px[:, None] > views.fill[1] * size_px).any(-1)
    cut = (u_cut < views.cut) | crowded
    wanted = torch.where(cut, _between(views.cut_fill, cut_fill), _between(views.fill, fill))
    focal = (wanted / (extent / size_px).amax(-1)).clamp(shortest_px, longest_px)

    # Then where they shall be seen: a whole person anywhere, of the others the face or what is below it.
    inward = 0.8 * fill[:, None]
    close_m = subjects.face_m + inward * (middle_m - subjects.face_m)
    aim_m = torch.where(cut[:, None], close_m, middle_m)
    free = (1 - 2 * MARGIN_SHARE - extent * focal[:, None] / size_px).clamp_min(0)
    reach = torch.where(cut[:, None], AIM_SHARE, free / 2)
    offset = (2 * torch.stack(places, -1) - 1) * reach * size_px / focal[:, None]
    axes = _axes(pitch_rad(aim_m, framing.depth_m, offset[:, 1]), roll_rad)
    framing = _Framing(subjects, axes, tz_m)
    pelvis = torch.where(cut[:, None], framing.aimed(aim_m, offset), framing.centered(offset))
    box = framing.box(pelvis)
    fits = ((0.5 - MARGIN_SHARE) * size_px / torch.maximum(-box.low, box.high)).amin(-1)
    focal = torch.where(cut, focal, torch.minimum(focal, fits)).clamp(shortest_px, longest_px)
    return Shots(axes, pelvis - subjects.origin_m, focal, size_hw)


class _Box(NamedTuple):
    """Around a body in the picture, at focal length one and from the optical axis."""

    low: Float[Tensor, "N 2"]
    high: Float[Tensor, "N 2"]
    low_depth_m: Float[Tensor, "N 2"]
    """Of the points that touch the box's sides."""
    high_depth_m: Float[Tensor, "N 2"]

    @property
    def size(self) -> Float[Tensor, "N 2"]:
        return self.high - self.low


class _Framing:
    """People turned into the axes of their cameras."""

    def __init__(self, subjects: Subjects, axes: Float[Tensor, "N 3 3"], tz_m: Float[Tensor, "N"]) -> None:
        self.axes = axes
        self.points_m = subjects.points_m @ axes.mT
        self.depth_m = torch.maximum(
            tz_m + subjects.origin_m[:, 2], NEAREST_M - self.points_m[..., 2].amin(1)
        )

    def aimed(self, aim_m: Float[Tensor, "N 3"], offset: Float[Tensor, "N 2"]) -> Float[Tensor, "N 3"]:
        """Where the pelvis must be for a point of the body to be seen at `offset`."""
        aim = (self.axes @ aim_m.unsqueeze(-1))[..., 0]
        place = offset * (aim[:, 2] + self.depth_m)[:, None] - aim[:, :2]
        return torch.cat((place, self.depth_m[:, None]), -1)

    def centered(self, offset: Float[Tensor, "N 2"]) -> Float[Tensor, "N 3"]:
        """Where it must be for the middle of the box to be seen there: Newton's steps."""
        place = offset * self.depth_m[:, None]
        for _ in range(CENTERING_STEPS):
            box = self.box(torch.cat((place, self.depth_m[:, None]), -1))
            missing = offset - (box.low + box.high) / 2
            place = place + missing * 2 / (1 / box.low_depth_m + 1 / box.high_depth_m)
        return torch.cat((place, self.depth_m[:, None]), -1)

    def box(self, pelvis_m: Float[Tensor, "N 3"]) -> _Box:
        """Of the body in the picture, its pelvis being there."""
        points = self.points_m + pelvis_m[:, None]
        depth = points[..., 2:].expand(-1, -1, 2)
        seen = points[..., :2] / depth
        (low, first), (high, last) = seen.min(1, keepdim=True), seen.max(1, keepdim=True)
        return _Box(low[:, 0], high[:, 0], depth.gather(1, first)[:, 0], depth.gather(1, last)[:, 0])


def _axes(pitch_rad: Float[Tensor, "N"], roll_rad: Float[Tensor, "N"]) -> Float[Tensor, "N 3 3"]:
    """From gravity (y up) to a camera that looks against z, then down by the pitch, then is rolled."""
    zero = torch.zeros_like(pitch_rad)
    level = pitch_rad.new_tensor((1.0, -1.0, -1.0)).diag()
    down = matrix_from_axis_angle(torch.stack((pitch_rad, zero, zero), -1))
    rolled = matrix_from_axis_angle(torch.stack((zero, zero, roll_rad), -1))
    return rolled @ down @ level


def _between(
    ends: tuple[float, float], uniform: Float[Tensor, "N"], logarithmic: bool = False
) -> Float[Tensor, "N"]:
    low, high = ends
    return low * (high / low) ** uniform if logarithmic else low + (high - low) * uniform
