"""Fits the noise model to a real finder: what it reports on pictures whose answer is known.

1. bias           least squares over what is clearly seen: where the finder has a landmark on the body
2. near           how errors grow towards the lens
3. tables         quantiles of what is left, per group and state
4. shares         how far errors of one person, and of one limb, go together, large ones above all (stray.py)
5. metric side    turn and scale of all landmarks by their best alignment, tables of the rest
6. misses         who is found at all, of everybody shown
"""

from dataclasses import dataclass, replace

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.body.joints import BLAZEPOSE
from workbench.synth.figure import open_figure
from workbench.synth.fit_metric import MetricErrors
from workbench.synth.fit_stray import fit_together
from workbench.synth.landmarks import Landmarks, in_picture, true_landmarks
from workbench.synth.misses import fit_found, signs_of
from workbench.synth.noise import observed
from workbench.synth.noise_model import (
    ARMS,
    CARRIER_OF,
    GROUP_OF,
    GROUPS,
    LEGS,
    LIMB_OF,
    MIRRORED,
    OUTSIDE,
    OUTSIDE_VISIBILITY,
    SCORES,
    SEEN,
    SIGNED_SCORES,
    STATES,
    SWAPPED,
    WHOLE,
    NoiseModel,
)
from workbench.synth.people import People
from workbench.synth.seen import SeenByFinder, seen_by_finder

CLEAR_SHARE = 0.08
"""Of the person's size: errors beyond this say nothing about where the finder has a landmark."""
CLEAR_TZ_M = 1.5
APART_SHARE = 0.08
"""How far left and right must be apart to be told from one another, in shares of the person's size."""
SWAP_SHARE = 0.6
"""Of a limb's landmarks must be nearer to the other side's places, for the limb to count as exchanged."""
FEWEST = 25
"""Cases that make a table; with fewer, all groups share one."""
DOT_OF_CORRELATION = 0.785
"""Mean product of unit vectors per correlation of the plane normal vectors that they come from (pi / 4)."""


@dataclass(frozen=True, eq=False)
class Finds:
    """People whom a finder looked for, and what it reported of them."""

    people: People
    reported: Landmarks
    """NaN of whom it did not find."""
    occluded: Bool[Tensor, "N 33"]
    """What things and other people hide."""

    @property
    def found(self) -> Bool[Tensor, "N"]:
        """Whom the finder found."""
        return self.reported.px.isfinite().all((1, 2))

    def rows(self, ids: Int[Tensor, "M"] | slice) -> "Finds":
        """Some of them."""
        return Finds(self.people.rows(ids), self.reported.rows(ids), self.occluded[ids])


def fit(shown: Finds, about: str = "") -> NoiseModel:
    """The model under which what was found is most usual.

    Args:
        shown: everybody whom the finder could see, found or not.
        about: told in the model's file.

    Raises:
        ValueError: too few people were found to fit anything to, or all their landmarks are seen, say.
    """
    if int(shown.found.sum()) < FEWEST:
        raise ValueError(
            f"A noise model needs {FEWEST} people or more to be fitted to; {int(shown.found.sum())} of "
            f"{len(shown.people)} in the scenes were found. Take more scenes."
        )
    finds = shown.rows(shown.found.nonzero()[:, 0])
    people, found, truth = finds.people, finds.reported, true_landmarks(finds.people)
    bias = _bias(finds, truth)
    scene = seen_by_finder(truth, people, bias, finds.occluded)
    error = (found.px[..., :2] - scene.xy) / scene.size_px[:, None, None]
    exchanged = _exchanged(found, truth, scene)
    usual = ~(exchanged.float() @ torch.tensor(SWAPPED, dtype=torch.float32)).bool()  # (N, 33)
    far = error.norm(dim=-1)
    near_m2 = _nearness(far, scene, usual)
    far = far / scene.near(near_m2)[:, None]
    inside = usual & in_picture(found.px[..., :2], people)
    way = torch.where(usual[..., None], error / error.norm(dim=-1, keepdim=True), torch.nan)
    ranks, sight = _ranks(far, scene, usual), _ranks(found.px[..., 2], scene, inside)
    both = ranks.isfinite() & sight.isfinite()
    metric = MetricErrors.of(scene, found, error, usual)
    together = fit_together(ranks)
    whole, arms, legs = exchanged.float().mean(0).tolist()
    model = NoiseModel(
        bias_m=bias,
        error=_table(far, scene, usual, SCORES),
        visibility=_table(found.px[..., 2], scene, inside, SCORES),
        across_m=torch.stack(
            [_table(axis.abs(), scene, metric.used, SIGNED_SCORES) for axis in metric.across_m.unbind(-1)]
        ).mean(0),
        depth_m=_table(metric.depth_m.abs(), scene, metric.used, SIGNED_SCORES),
        shares=_shares(together.shares, way, sight, metric, scene),
        stray=together.stray,
        near_m2=near_m2,
        sure=float(torch.corrcoef(torch.stack((ranks[both], sight[both])))[0, 1]),
        follow=metric.follow,
        metric_spread=metric.metric_spread,
        swaps=(whole, arms, legs),
        stature_m=metric.stature_m,
        stature_share=metric.stature_share,
        scale_spread=metric.scale_spread,
        turn_rad=metric.turn_rad,
        ray_share=metric.ray_share,
        outside_visibility=OUTSIDE_VISIBILITY,
        found=_who_is_found(shown, bias),
        about=about,
    )
    return _calibrated(model, metric, finds, truth, scene)


def _shares(
    error: tuple[float, float],
    way: Float[Tensor, "N 33 2"],
    sight: Float[Tensor, "N 33"],
    metric: MetricErrors,
    scene: SeenByFinder,
) -> Float[Tensor, "5 2"]:
    """The rows of `NoiseModel.shares`: `error` is fitted elsewhere, the others are counted."""
    sides = [_signed_ranks(metric.across_m[..., axis], scene, metric.used) for axis in (0, 1)]
    return torch.stack(
        (
            torch.tensor(error),
            (_common(way) / DOT_OF_CORRELATION).clamp_max(0.9),
            _common(sight[..., None]),
            (_common(sides[0][..., None]) + _common(sides[1][..., None])) / 2,
            _common(_signed_ranks(metric.depth_m, scene, metric.used)[..., None]),
        )
    )


def _calibrated(
    model: NoiseModel, metric: MetricErrors, finds: Finds, truth: Landmarks, scene: SeenByFinder
) -> NoiseModel:
    """Take from turn, scale and tables what landmarks that err together bring along by themselves.

    Errors of single landmarks, drawn at random, look like a turn and a scale of the whole, too.
    """
    still = replace(model, turn_rad=(0.0, 0.0, 0.0), scale_spread=0.0, metric_spread=0.0)
    made = observed(truth, finds.people, torch.Generator().manual_seed(0), still, finds.occluded)
    error = (made.px[..., :2] - scene.xy) / scene.size_px[:, None, None]
    own = MetricErrors.of(scene, made, error, torch.ones_like(scene.state, dtype=torch.bool))

    def without(total: float, part: float) -> float:
        return max(total**2 - part**2, 0.0) ** 0.5

    first, second, third = (without(*pair) for pair in zip(metric.turn_rad, own.turn_rad, strict=True))
    return replace(
        model,
        across_m=model.across_m * metric.usual_m / own.usual_m,
        depth_m=model.depth_m * metric.usual_m / own.usual_m,
        turn_rad=(first, second, third),
        scale_spread=without(model.scale_spread, own.scale_spread),
        metric_spread=without(model.metric_spread, own.metric_spread),
    )


def _who_is_found(shown: Finds, bias: Float[Tensor, "33 3"]) -> tuple[float, ...]:
    scene = seen_by_finder(true_landmarks(shown.people), shown.people, bias, shown.occluded)
    return fit_found(signs_of(scene, shown.people), shown.found)


def _bias(finds: Finds, truth: Landmarks) -> Float[Tensor, "33 3"]:
    """Robust least squares over both sides at once, the right one mirrored."""
    people = finds.people
    scene = seen_by_finder(truth, people, torch.zeros(33, 3), finds.occluded)
    turned = open_figure().posed(people.rotations).rotations[:, CARRIER_OF]  # (N, 33, 3, 3)
    x, y, z = (scene.m + scene.hips_m[:, None]).unbind(-1)
    ones, zero = torch.ones_like(x), torch.zeros_like(x)
    lens = torch.stack((ones, zero, -x / z, zero, ones, -y / z), -1).unflatten(-1, (2, 3))
    scale = people.focal_px[:, None] / z / scene.size_px[:, None]
    moves = scale[..., None, None] * lens @ turned  # (N, 33, 2, 3)
    error = (finds.reported.px[..., :2] - scene.xy) / scene.size_px[:, None, None]
    clear = (scene.state == SEEN) & (error.norm(dim=-1) < CLEAR_SHARE)
    clear &= (people.t_camera_body_m[:, 2] > CLEAR_TZ_M)[:, None]
    mirror = torch.tensor([-1.0, 1, 1])
    bias = torch.zeros(33, 3)
    for own, other in enumerate(MIRRORED):
        if own > other:
            continue
        rows = torch.cat((moves[clear[:, own], own], moves[clear[:, other], other] * mirror)).flatten(0, 1)
        wanted = torch.cat((error[clear[:, own], own], error[clear[:, other], other])).flatten()
        weight = torch.ones_like(wanted)
        for _ in range(8):  # weights of Geman and McClure: what is far off is not bias
            normal = rows.T @ (weight[:, None] * rows) + 1e-3 * torch.eye(3)
            bias[own] = torch.linalg.solve(normal, rows.T @ (weight * wanted))
            weight = 1 / (1 + ((wanted - rows @ bias[own]) / 0.01) ** 2)
        bias[other] = bias[own] * mirror
    bias[BLAZEPOSE.index("nose"), 0] = 0.0
    return bias


def _exchanged(found: Landmarks, truth: Landmarks, scene: SeenByFinder) -> Bool[Tensor, "N 3"]:
    """Who was taken for their mirror image: as a whole, else the arms, else the legs."""
    xy, reported = truth.px[..., :2], found.px[..., :2]
    size = scene.size_px[:, None]
    other = xy[:, MIRRORED]
    tell = ((xy - other).norm(dim=-1) > APART_SHARE * size) & (scene.state != OUTSIDE)
    wrong = tell & ((reported - other).norm(dim=-1) < 0.4 * (reported - xy).norm(dim=-1))
    parts = torch.tensor(SWAPPED)
    told, misled = tell.float() @ parts.float().T, wrong.float() @ parts.float().T
    is_so = (told >= 2) & (misled > SWAP_SHARE * told)
    whole = is_so[:, WHOLE]
    return torch.stack((whole, is_so[:, ARMS] & ~whole, is_so[:, LEGS] & ~whole), 1)


def _nearness(far: Float[Tensor, "N 33"], scene: SeenByFinder, usual: Bool[Tensor, "N 33"]) -> float:
    """The growth that leaves the least spread in the logarithm of the errors."""
    kept = usual & (scene.state == SEEN)
    choices = torch.linspace(0, 2, 41)
    spread = [(far / scene.near(float(c))[:, None])[kept].clamp_min(1e-4).log().std() for c in choices]
    return float(choices[torch.stack(spread).argmin()])


def _cells(scene: SeenByFinder, used: Bool[Tensor, "N 33"]) -> list[tuple[int, int, Bool[Tensor, "N 33"]]]:
    group = torch.tensor(GROUP_OF)
    return [(g, s, used & (scene.state == s) & (group == g)) for g in range(len(GROUPS)) for s in range(3)]


def _table(
    values: Float[Tensor, "N 33"],
    scene: SeenByFinder,
    used: Bool[Tensor, "N 33"],
    scores: Float[Tensor, "Q"],
) -> Float[Tensor, "G 3 Q"]:
    """Quantiles per group and state; a group with too few cases has those of all groups."""
    shares = torch.special.ndtr(scores)
    if scores[0] == 0:
        shares = 2 * shares - 1  # of sizes, for scores of either sign
    table = torch.zeros(len(GROUPS), 3, len(scores))
    for group, state, cell in _cells(scene, used):
        enough = cell if int(cell.sum()) >= FEWEST else used & (scene.state == state)
        if not enough.any():
            raise ValueError(f"No landmark to fit to is {STATES[state]} in these scenes. Take more scenes.")
        table[group, state] = torch.quantile(values[enough], shares)
    return table


def _ranks(
    values: Float[Tensor, "N 33"], scene: SeenByFinder, used: Bool[Tensor, "N 33"]
) -> Float[Tensor, "N 33"]:
    """Normal scores within each cell; NaN where a landmark is not used."""
    scores = torch.full_like(values, torch.nan)
    for _, _, cell in _cells(scene, used):
        place = values[cell].argsort().argsort() + 0.5
        scores[cell] = torch.special.ndtri(place / max(len(place), 1))
    return scores


def _signed_ranks(
    values: Float[Tensor, "N 33"], scene: SeenByFinder, used: Bool[Tensor, "N 33"]
) -> Float[Tensor, "N 33"]:
    """The same for errors of either sign, symmetric about zero."""
    share = torch.special.ndtr(_ranks(values.abs(), scene, used))
    return torch.special.ndtri((1 + share) / 2) * values.sign()


def _common(scores: Float[Tensor, "N 33 C"]) -> Float[Tensor, "2"]:
    """Share of the variance that is common to a person, and what limbs have in common beyond."""
    there = scores.isfinite().all(-1)
    filled = torch.where(there[..., None], scores, 0.0)
    together = torch.einsum("nic,njc->ij", filled, filled)
    size = filled.square().sum(-1)
    pairs = (there.float().T @ size, size.T @ there.float())
    correlation = together / (pairs[0] * pairs[1]).clamp_min(1e-9).sqrt()
    limb = torch.tensor(LIMB_OF)
    same = limb[:, None] == limb
    between = correlation[~same].mean().clamp(0, 1)
    same &= ~torch.eye(33, dtype=torch.bool)
    within = torch.stack([correlation[same & (limb == each)[:, None]].mean() for each in limb.unique()])
    return torch.stack((between, (within.mean() - between).clamp_min(0)))
