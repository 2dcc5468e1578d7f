"""What the metric landmarks of a finder are off by: everybody's turn and scale, then the rest."""

from dataclasses import dataclass
from typing import Any

import roma
import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.synth.landmarks import HIPS, Landmarks
from workbench.synth.noise_model import OUTSIDE, SEEN
from workbench.synth.seen import SeenByFinder


@dataclass(frozen=True, eq=False)
class MetricErrors:
    """What is said of the metric landmarks."""

    across_m: Float[Tensor, "N 33 2"]
    depth_m: Float[Tensor, "N 33"]
    used: Bool[Tensor, "N 33"]
    follow: float
    metric_spread: float
    usual_m: float
    stature_m: float
    stature_share: float
    scale_spread: float
    turn_rad: tuple[float, float, float]
    ray_share: tuple[float, float]

    @classmethod
    def of(
        cls,
        scene: SeenByFinder,
        found: Landmarks,
        error: Float[Tensor, "N 33 2"],
        usual: Bool[Tensor, "N 33"],
    ) -> "MetricErrors":
        """Take turn and scale of everybody off, and see what is left."""
        weight = (usual & (scene.state == SEEN)).float() + 0.1 * (usual & (scene.state != OUTSIDE)).float()
        best: Any = roma.rigid_points_registration(
            scene.m, found.m, weights=weight + 1e-3, compute_scaling=True
        )
        turn, shift, scale = best
        whole = (weight > 0).float().mean(1) > 0.8
        vector = roma.rotmat_to_rotvec(turn)[whole]
        ray = scene.turn_to_ray((1.0, 1.0))[whole]
        along = (vector[:, :2] * ray[:, :2]).sum(0) / ray[:, :2].square().sum(0)
        rest = vector - torch.cat((along * ray[:, :2], ray[:, 2:]), -1)
        log_scale, log_stature = scale[whole].log(), scene.stature_m[whole].log()
        slope = torch.cov(torch.stack((log_scale, log_stature)))[0, 1] / log_stature.var()
        share = float((-slope).clamp(0.05, 1))
        own = log_scale + share * log_stature
        aligned = scale[:, None, None] * (scene.m @ turn.mT) + shift[:, None]
        left = found.m - (aligned - aligned[:, HIPS].mean(1, keepdim=True))
        moved = scene.followed_m(error * scene.size_px[:, None, None])
        used = usual & whole[:, None]
        clear = used & (scene.state == SEEN) & (moved.norm(dim=-1) < 0.3)
        follow = float((left[clear][:, :2] * moved[clear]).sum() / moved[clear].square().sum())
        left = torch.cat((left[..., :2] - follow * moved, left[..., 2:]), -1)
        size = torch.where(used, left.norm(dim=-1), torch.nan).nanmedian(1).values
        usual_m = size[whole].log().mean().exp()
        left = left * (usual_m / size)[:, None, None]
        return cls(
            across_m=left[..., :2],
            depth_m=left[..., 2],
            metric_spread=_spread((size[whole] / usual_m).log()),
            usual_m=float(usual_m),
            used=used,
            follow=follow,
            stature_m=float((own.median() / share).exp()),
            stature_share=share,
            scale_spread=_spread(own - own.median()),
            turn_rad=(_spread(rest[:, 0]), _spread(rest[:, 1]), _spread(rest[:, 2])),
            ray_share=(float(along[0]), float(along[1])),
        )


def _spread(values: Float[Tensor, "N"]) -> float:
    """Standard deviation of the bulk: from the quartiles, which outliers do not move."""
    low, high = values.quantile(torch.tensor([0.25, 0.75]))
    return float(high - low) / 1.349
