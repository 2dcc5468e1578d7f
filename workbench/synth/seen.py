"""What a finder's errors depend on: where somebody's landmarks are, and what hides them."""

from dataclasses import dataclass
from functools import lru_cache

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.body.joints import SMPL_JOINTS
from workbench.body.light import open_light_body
from workbench.synth.figure import Figure, open_figure
from workbench.synth.hiding import hidden_by_body
from workbench.synth.landmarks import HIPS, Landmarks, in_picture
from workbench.synth.noise_model import CARRIER_OF, HIDDEN, OUTSIDE, SEEN
from workbench.synth.people import OUTLINE_VERTICES, People

_HIP_JOINTS, _ANKLES = (
    [SMPL_JOINTS.index(f"{side}_{joint}") for side in ("left", "right")] for joint in ("hip", "ankle")
)
_HEAD = SMPL_JOINTS.index("head")


@dataclass(frozen=True, eq=False)
class SeenByFinder:
    """What the noise depends on, and the places around which a finder errs."""

    xy: Float[Tensor, "N 33 2"]
    m: Float[Tensor, "N 33 3"]
    state: Int[Tensor, "N 33"]
    size_px: Float[Tensor, "N"]
    """Diagonal of the box around all landmarks, seen or not."""
    m_per_px: Float[Tensor, "N"]
    """At the depth of the hips."""
    stature_m: Float[Tensor, "N"]
    """From the ankles to the head, standing upright."""
    hips_m: Float[Tensor, "N 3"]
    """In the camera frame."""

    def near(self, near_m2: float) -> Float[Tensor, "N"]:
        """How much larger errors on the picture are for being near."""
        return 1 + near_m2 / self.hips_m[:, 2].clamp_min(0.2) ** 2

    def turn_to_ray(self, share: tuple[float, float]) -> Float[Tensor, "N 3"]:
        """From the camera's axes towards those of the ray to the person."""
        x, y, z = self.hips_m.unbind(-1)
        up, aside = share[0] * torch.atan2(y, z), -share[1] * torch.atan2(x, z)
        return torch.stack((up, aside, torch.zeros_like(up)), -1)

    def followed_m(self, moved_px: Float[Tensor, "N 33 2"]) -> Float[Tensor, "N 33 2"]:
        """Errors on the picture as lengths at the hips' depth, about the hips; none outside the picture."""
        moved_m = moved_px * self.m_per_px[:, None, None]
        return (moved_m - moved_m[:, HIPS].mean(1, keepdim=True)) * (self.state != OUTSIDE)[..., None]


def seen_by_finder(
    landmarks: Landmarks,
    people: People,
    bias_m: Float[Tensor, "33 3"],
    occluded: Bool[Tensor, "N 33"] | None = None,
) -> SeenByFinder:
    """Move each landmark to where the finder's people have it, and see what hides it."""
    device = str(people.betas.device)
    rest = open_light_body(OUTLINE_VERTICES, device).rest_joints_m(people.betas)
    from_pelvis = rest[:, _HIP_JOINTS].mean(1) - rest[:, 0]
    hips = people.pelvis_camera_m + (people.rotations[:, 0] @ from_pelvis.unsqueeze(-1))[..., 0]
    figure = _figure(device)
    posed = figure.posed(people.rotations)
    bias = (posed.rotations[:, CARRIER_OF] @ bias_m.unsqueeze(-1))[..., 0]
    points = landmarks.m + hips[:, None] + bias
    xy = people.project(points - people.t_camera_body_m[:, None])
    hidden = hidden_by_body(figure, posed, people.t_camera_body_m, points)
    if occluded is not None:
        hidden = hidden | occluded
    outside = ~in_picture(xy, people) | (points[..., 2] <= 0)
    true_xy = landmarks.px[..., :2]
    return SeenByFinder(
        xy=xy,
        m=points - points[:, HIPS].mean(1, keepdim=True),
        state=torch.where(outside, OUTSIDE, torch.where(hidden, HIDDEN, SEEN)),
        size_px=(true_xy.amax(1) - true_xy.amin(1)).norm(dim=-1),
        m_per_px=hips[:, 2] / people.focal_px,
        stature_m=rest[:, _HEAD, 1] - rest[:, _ANKLES, 1].mean(1),
        hips_m=hips,
    )


@lru_cache(maxsize=2)
def _figure(device: str) -> Figure:
    return open_figure().to(device)
