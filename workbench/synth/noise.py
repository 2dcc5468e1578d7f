"""What a finder makes of true landmarks: misplaced, trembling, guessed where hidden, left taken for right.

A landmark is seen, hidden, or outside the picture, and belongs to one of twelve groups (both elbows, say).
For each of these 36 cases tables say how errors and visibility are distributed, as measured with the real
finder on pictures whose answer is known (fit_noise.py). Errors of one person, and more so of one limb, go
together: normal scores with such correlations are drawn and looked up in the tables (a Gaussian copula).
"""

from dataclasses import dataclass
from functools import lru_cache

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.body.joints import BLAZEPOSE, SMPL_JOINTS
from workbench.body.light import open_light_body
from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.figure import Figure, open_figure
from workbench.synth.hiding import hidden_by_body
from workbench.synth.landmarks import HIPS, Landmarks, in_picture
from workbench.synth.noise_model import (
    CARRIER_OF,
    GROUP_OF,
    HIDDEN,
    LIMB_OF,
    LIMBS,
    MIRRORED,
    OUTSIDE,
    SCORE_STEP,
    SCORES,
    SEEN,
    SIGNED_SCORES,
    SWAPPED,
    NoiseModel,
    fitted_noise,
)
from workbench.synth.people import OUTLINE_VERTICES, People

_CHANNELS = [0, 1, 1, 2, 3, 3, 4]
"""Which row of `NoiseModel.shares` each score belongs to."""
_HIP_JOINTS, _ANKLES = (
    [SMPL_JOINTS.index(f"{side}_{joint}") for side in ("left", "right")] for joint in ("hip", "ankle")
)
_HEAD = SMPL_JOINTS.index("head")


def observed(
    landmarks: Landmarks,
    people: People,
    generator: torch.Generator,
    noise: NoiseModel | None = None,
    occluded: Bool[Tensor, "N 33"] | None = None,
) -> Landmarks:
    """The landmarks as a finder would report them.

    Args:
        landmarks: the true ones, as `true_landmarks` or `seen_landmarks` give them.
        people: whom they belong to.
        generator: on the landmarks' device.
        noise: how the finder errs; by default like BlazePose.
        occluded: what something else hides; a person's own body is always taken into account.
    """
    noise = noise or fitted_noise(str(generator.device))
    scene = seen_by_finder(landmarks, people, noise.bias_m, occluded)
    scores = _scores(len(scene.xy), noise.shares, generator)
    personal = torch.randn(len(scene.xy), 5, generator=generator, device=generator.device)
    px = _on_picture(scene, people, noise, scores)
    made = Landmarks(px, _metric(scene, noise, scores, personal, px[..., :2] - scene.xy))
    return _with_swaps(made, noise.swaps, generator)


def _on_picture(
    scene: "SeenByFinder", people: People, noise: NoiseModel, scores: Float[Tensor, "N 33 7"]
) -> Float[Tensor, "N 33 3"]:
    """Places and visibilities."""
    rank, visible = scores[..., 0], scores[..., 3]
    far = look_up(noise.error, scene.state, rank) * (scene.near(noise.near_m2) * scene.size_px)[:, None]
    way = scores[..., 1:3] / scores[..., 1:3].norm(dim=-1, keepdim=True).clamp_min(1e-6)
    xy = scene.xy + far[..., None] * way
    visible = noise.sure * rank + (1 - noise.sure**2) ** 0.5 * visible
    visibility = look_up(noise.visibility, scene.state, visible).clamp(0, 1)
    at_most = torch.where(in_picture(xy, people), 1.0, noise.outside_visibility)
    return torch.cat((xy, torch.minimum(visibility, at_most)[..., None]), -1)


def _metric(
    scene: "SeenByFinder",
    noise: NoiseModel,
    scores: Float[Tensor, "N 33 7"],
    personal: Float[Tensor, "N 5"],
    moved_px: Float[Tensor, "N 33 2"],
) -> Float[Tensor, "N 33 3"]:
    """All landmarks turned and scaled, then each one off by itself."""
    turn = personal[:, :3] * personal.new_tensor(noise.turn_rad) + scene.turn_to_ray(noise.ray_share)
    scale = (noise.stature_m / scene.stature_m) ** noise.stature_share
    scale = scale * (noise.scale_spread * personal[:, 3]).exp()
    tables = (noise.across_m, noise.across_m, noise.depth_m)
    off = torch.stack([look_up(t, scene.state, scores[..., 4 + i]) for i, t in enumerate(tables)], -1)
    off = off * (noise.metric_spread * personal[:, 4]).exp()[:, None, None]
    off[..., :2] += noise.follow * scene.followed_m(moved_px)
    m = scene.m @ matrix_from_axis_angle(turn).mT * scale[:, None, None] + off
    m[:, HIPS] = m[:, HIPS] - m[:, HIPS].mean(1, keepdim=True)
    return m


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


def look_up(
    table: Float[Tensor, "G 3 Q"], state: Int[Tensor, "N 33"], score: Float[Tensor, "N 33"]
) -> Float[Tensor, "N 33"]:
    """What a normal score means for each landmark; a table of signed errors is used on both sides of zero."""
    size = table.shape[-1]
    signed = size == len(SIGNED_SCORES)
    place = (score.abs() if signed else score - SCORES[0].item()) / SCORE_STEP
    place = place.clamp(0, size - 1 - 1e-4)
    below = place.long()
    row = (torch.tensor(GROUP_OF, device=state.device) * 3 + state) * size + below
    flat = table.flatten()
    low, high = flat[row], flat[row + 1]
    value = low + (place - below) * (high - low)
    return value * score.sign() if signed else value


def swapped(landmarks: Landmarks) -> Landmarks:
    """Left and right exchanged; twice is the identity."""
    return Landmarks(landmarks.px[:, MIRRORED], landmarks.m[:, MIRRORED])


def _scores(n: int, shares: Float[Tensor, "5 2"], generator: torch.Generator) -> Float[Tensor, "N 33 7"]:
    """Normal scores of error, its direction (2), visibility, across_m (2) and depth_m.

    Each is the sum of what a person, a limb and a landmark adds, weighted so that its variance is one.
    """
    weights = torch.cat((shares, 1 - shares.sum(1, keepdim=True)), 1)[_CHANNELS].clamp_min(0).sqrt()
    rows = 1 + len(LIMBS) + len(BLAZEPOSE)
    drawn = torch.randn(n, rows, len(_CHANNELS), generator=generator, device=generator.device)
    person, limbs, own = drawn.split((1, len(LIMBS), len(BLAZEPOSE)), 1)
    return weights[:, 0] * person + weights[:, 1] * limbs[:, LIMB_OF] + weights[:, 2] * own


@lru_cache(maxsize=2)
def _figure(device: str) -> Figure:
    return open_figure().to(device)


def _with_swaps(
    landmarks: Landmarks, shares: tuple[float, float, float], generator: torch.Generator
) -> Landmarks:
    """Some people with all, with arms or with legs exchanged."""
    n, device = len(landmarks.px), generator.device
    drawn = torch.rand(n, 3, generator=generator, device=device) < torch.tensor(shares, device=device)
    which = torch.tensor(SWAPPED, device=device)  # (3, 33)
    exchanges = drawn.float() @ which.float()
    swap = (exchanges % 2 == 1)[..., None]  # arms of somebody swapped as a whole: back again
    other = swapped(landmarks)
    return Landmarks(torch.where(swap, other.px, landmarks.px), torch.where(swap, other.m, landmarks.m))
