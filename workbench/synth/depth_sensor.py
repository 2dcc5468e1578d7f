"""What a structured-light depth camera (Kinect-like) makes of true depth.

A projector and a camera stand a baseline apart and measure disparity d = f b / z, in steps of 1/8 pixel, so
the error grows with z squared (Khoshelham and Elberink, Sensors 2012). Pixels beside a depth edge lie in the
projector's shadow, steep surfaces send no pattern back, and nothing is measured out of range.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True)
class DepthSensor:
    """A sensor's weaknesses; `PERFECT` has none."""

    baseline_m: float = 0.075
    focal_px: float = 580.0
    """Of the sensor; with the baseline it sets how fine the disparity's steps are in depth."""
    step_px: float = 0.125
    """Of disparity; 0 measures it exactly."""
    disparity_noise_px: float = 0.04
    """Standard deviation, before rounding."""
    range_m: tuple[float, float] = (0.4, 8.0)
    edge_m: float = 0.08
    """Neighbours farther apart than this are an edge; their pixels are lost with `edge_share`."""
    edge_share: float = 0.7
    shadow: bool = True
    """Whether the projector's shadow is missing."""
    steep_cos: float = 0.17
    """Surfaces that turn further away send nothing back; 0 for none."""
    hole_share: float = 0.01
    """Pixels lost for no reason, in clumps."""

    def __post_init__(self) -> None:
        """Refuse what no sensor can be.

        Raises:
            ValueError: a share is outside 0..1, or a length not positive.
        """
        shares = (self.edge_share, self.hole_share, self.steep_cos)
        if not all(0 <= share <= 1 for share in shares) or self.baseline_m <= 0 or self.focal_px <= 0:
            raise ValueError(
                f"Expected shares within 0..1 and a positive baseline and focal length; got {self}."
            )
        if not 0 <= self.range_m[0] <= self.range_m[1] or self.step_px < 0 or self.disparity_noise_px < 0:
            raise ValueError(f"Expected a range (nearest, farthest) and steps of at least 0; got {self}.")


PERFECT = DepthSensor(
    step_px=0.0,
    disparity_noise_px=0.0,
    range_m=(0.0, torch.inf),
    edge_share=0.0,
    shadow=False,
    steep_cos=0.0,
    hole_share=0.0,
)
"""Measures everything as it is."""
KINECT = DepthSensor()


def measured_m(
    depth_m: Float[Tensor, "H W"], focal_px: float, generator: torch.Generator, sensor: DepthSensor = KINECT
) -> Float[Tensor, "H W"]:
    """What the sensor reports: metres, 0 where it measures nothing.

    Args:
        depth_m: true depth along the optical axis, 0 or not finite where there is nothing.
        focal_px: of the picture.
        generator: decides the noise.
        sensor: how it errs.
    """
    there = (depth_m > 0) & torch.isfinite(depth_m)
    depth = torch.where(there, depth_m, 0.0)
    constant = sensor.baseline_m * sensor.focal_px
    disparity = constant / depth.clamp_min(1e-6)
    noise = torch.randn(depth.shape, generator=generator)
    if sensor.disparity_noise_px > 0:
        disparity = disparity + sensor.disparity_noise_px * noise
    if sensor.step_px > 0:
        disparity = (disparity / sensor.step_px).round() * sensor.step_px
    changed = sensor.step_px > 0 or sensor.disparity_noise_px > 0
    value = constant / disparity.clamp_min(1e-6) if changed else depth
    low, high = sensor.range_m
    good = there & (value >= low) & (value <= high) & ~_clumps(depth.shape, sensor.hole_share, generator)
    edge = edges(depth, sensor.edge_m)
    good &= ~(edge & (torch.rand(depth.shape, generator=generator) < sensor.edge_share))
    good &= edge | ~_steep(depth, focal_px, sensor.steep_cos)
    if sensor.shadow:
        good &= ~shadowed(depth, focal_px * sensor.baseline_m)
    return torch.where(good, value, 0.0)


def edges(depth_m: Float[Tensor, "H W"], jump_m: float) -> Bool[Tensor, "H W"]:
    """Pixels with a neighbour that is farther away or nearer by more than this."""
    padded = functional.pad(depth_m[None, None], (1, 1, 1, 1), mode="replicate")
    highest = functional.max_pool2d(padded, 3, 1)[0, 0]
    lowest = -functional.max_pool2d(-padded, 3, 1)[0, 0]
    return (highest - lowest) > jump_m


def shadowed(depth_m: Float[Tensor, "H W"], constant_px_m: float) -> Bool[Tensor, "H W"]:
    """Pixels that the projector, to the left of the camera, does not reach.

    Args:
        depth_m: true depth, 0 where there is nothing.
        constant_px_m: baseline times the picture's focal length: disparity times depth.
    """
    width = depth_m.shape[1]
    disparity = torch.where(depth_m > 0, constant_px_m / depth_m.clamp_min(1e-6), 0.0)
    # A point at column x is lit through the projector's column x + d; what is nearer and further to the left
    # may stand in the way.
    lit_at = torch.arange(width) + disparity
    reach = lit_at.cummax(1).values
    return (depth_m > 0) & (lit_at < reach - 1.0)


def _steep(depth: Tensor, focal_px: float, steep_cos: float) -> Tensor:
    """Surfaces that are seen under too flat an angle, by the slope of depth."""
    if steep_cos == 0:
        return torch.zeros_like(depth, dtype=torch.bool)
    slope_y, slope_x = torch.gradient(depth)
    slope = torch.sqrt(slope_x**2 + slope_y**2) * focal_px / depth.clamp_min(1e-6)
    return 1 / torch.sqrt(1 + slope**2) < steep_cos


def _clumps(shape: torch.Size, share: float, generator: torch.Generator) -> Tensor:
    """Random blobs that cover this share."""
    coarse = torch.rand(1, 1, -(-shape[0] // 6), -(-shape[1] // 6), generator=generator)
    fine = functional.interpolate(coarse, size=tuple(shape), mode="nearest")[0, 0]
    return fine < share
