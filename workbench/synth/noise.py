"""What a finder makes of true landmarks: misplaced, trembling, guessed where hidden, left taken for right.

A landmark is seen, hidden, or outside the picture, and belongs to one of twelve groups (both elbows, say).
For each of these 36 cases tables say how errors and visibility are distributed, as measured with the real
finder on pictures whose answer is known (fit_noise.py). Errors of one person, and more so of one limb, go
together, large ones above all (stray.py): scores that do so are drawn and looked up in the tables (a copula).
Some people are not found at all (misses.py).
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.geometry.rotations import matrix_from_axis_angle
from workbench.synth.landmarks import HIPS, Landmarks, in_picture
from workbench.synth.misses import chance_found
from workbench.synth.noise_model import (
    GROUP_OF,
    MIRRORED,
    SCORE_STEP,
    SCORES,
    SIGNED_SCORES,
    SWAPPED,
    NoiseModel,
    fitted_noise,
)
from workbench.synth.people import People
from workbench.synth.seen import SeenByFinder, seen_by_finder
from workbench.synth.stray import Draws

_CHANNELS = [0, 1, 1, 2, 3, 3, 4]
"""Which row of `NoiseModel.shares` each score belongs to."""


@dataclass(frozen=True, eq=False)
class Observed(Landmarks):
    """What a finder reports."""

    found: Bool[Tensor, "N"]
    """Whether it finds somebody at all: a box that overlaps theirs with an IoU of 0.4 or more. Landmarks of
    who is missed are drawn as if they had been found; the fit knows nothing of such people."""


def observed(
    landmarks: Landmarks,
    people: People,
    generator: torch.Generator,
    noise: NoiseModel | None = None,
    occluded: Bool[Tensor, "N 33"] | None = None,
) -> Observed:
    """The landmarks as a finder would report them, and of whom.

    Args:
        landmarks: the true ones, as `true_landmarks` or `seen_landmarks` give them.
        people: whom they belong to.
        generator: on the landmarks' device.
        noise: how the finder errs; by default like BlazePose.
        occluded: what something else hides; a person's own body is always taken into account.
    """
    noise = noise or fitted_noise(str(generator.device))
    scene = seen_by_finder(landmarks, people, noise.bias_m, occluded)
    draws = Draws.of(len(scene.xy), len(_CHANNELS), generator)
    scores = draws.scores(noise.shares[_CHANNELS])
    scores[..., 0] = draws.astray(scores[..., 0], noise.stray)
    personal = torch.randn(len(scene.xy), 5, generator=generator, device=generator.device)
    px = _on_picture(scene, people, noise, scores)
    made = Landmarks(px, _metric(scene, noise, scores, personal, px[..., :2] - scene.xy))
    made = _with_swaps(made, noise.swaps, generator)
    luck = torch.rand(len(scene.xy), generator=generator, device=generator.device)
    return Observed(made.px, made.m, luck < chance_found(scene, people, noise.found))


def _on_picture(
    scene: SeenByFinder, people: People, noise: NoiseModel, scores: Float[Tensor, "N 33 7"]
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
    scene: SeenByFinder,
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
