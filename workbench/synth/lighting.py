"""Light: one lamp that throws shadows, a sky from above, and what the ground sends back."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional


@dataclass(frozen=True, eq=False)
class Light:
    """In the axes of gravity (y up); colours are linear light."""

    to_lamp: Float[Tensor, "3"]
    """Unit, from the scene."""
    lamp: Float[Tensor, "3"]
    sky: Float[Tensor, "3"]
    ground: Float[Tensor, "3"]
    softness_m: float
    """Half the width of a shadow's edge."""
    exposure: float
    """Brightness of the finished picture: 1 is right."""
    noise: float
    """Standard deviation of the camera's noise, in steps of 0..1."""


def sample_light(generator: torch.Generator, indoors: bool) -> Light:
    """Draw the light of a place."""
    draw = torch.rand(10, generator=generator)
    azimuth = 2 * torch.pi * draw[0]
    kinds = ("lamp", "lamp", "overcast", "flash") if indoors else ("sun", "sun", "low sun", "overcast")
    kind = kinds[int(draw[1] * len(kinds))]
    height = {"lamp": 0.5 + 0.8 * draw[2], "sun": 0.5 + 0.8 * draw[2], "low sun": 0.15 + 0.3 * draw[2]}
    elevation = torch.as_tensor(height.get(kind, 0.9))
    warm = torch.tensor((1.0, 0.94, 0.86)) ** (0.5 + 2.5 * draw[3])
    lamp = {"lamp": 1.3, "sun": 2.6, "low sun": 2.2, "overcast": 0.35, "flash": 1.6}[kind] * warm
    if kind == "low sun":
        lamp = lamp * torch.tensor((1.0, 0.82, 0.6))
    sky = torch.tensor((0.9, 0.95, 1.05)) ** (0.3 + draw[4]) * (0.45 + 0.5 * draw[5])
    if indoors:
        sky = sky * 0.8
    to_lamp = torch.stack((elevation.cos() * azimuth.sin(), elevation.sin(), elevation.cos() * azimuth.cos()))
    if kind == "flash":
        to_lamp = torch.tensor((0.1, 0.15, 1.0))
    return Light(
        to_lamp=functional.normalize(to_lamp, dim=0),
        lamp=lamp,
        sky=sky * (1.5 if kind == "overcast" else 1.0),
        ground=0.35 * sky,
        softness_m=float({"lamp": 0.05, "overcast": 0.15}.get(kind, 0.015)),
        exposure=float(0.8 + 0.45 * draw[6]),
        noise=float(0.004 + 0.016 * draw[7] ** 2),
    )


def lit(
    light: Light,
    albedo: Float[Tensor, "N 3"],
    normals: Float[Tensor, "N 3"],
    to_eye: Float[Tensor, "N 3"],
    shadow: Float[Tensor, "N"],
    open_sky: Float[Tensor, "N"],
    gloss: float,
) -> Float[Tensor, "N 3"]:
    """Linear light that spots send to the lens.

    Args:
        light: in the axes of gravity, like all directions here.
        albedo: colour under white light.
        normals: unit.
        to_eye: unit, towards the lens.
        shadow: share of the lamp that arrives.
        open_sky: share of the sky that is not hidden.
        gloss: share that is mirrored when looked at head-on.
    """
    facing = (normals @ light.to_lamp).clamp_min(0)
    up = 0.5 + 0.5 * normals[:, 1]
    fill = light.sky * up[:, None] + light.ground * (1 - up)[:, None]
    diffuse = albedo * (light.lamp * (facing * shadow)[:, None] + fill * open_sky[:, None])
    half = functional.normalize(to_eye + light.to_lamp, dim=1)
    shine = gloss * 6 * (normals * half).sum(1).clamp(0, 1) ** 24 * (facing > 0) * shadow
    return diffuse + light.lamp * shine[:, None]


def developed(linear: Float[Tensor, "*p 3"], exposure: float) -> Float[Tensor, "*p 3"]:
    """Linear light to screen colours 0..1: exposed for the mean, highlights rolled off, sRGB."""
    bright = linear.flatten(0, -2).mean(-1)
    bright = exposure * linear * (0.2 / bright.clamp(0.02, 1.5).log().mean().exp())
    bright = bright * (1 + bright / 4) / (1 + bright)  # Reinhard et al., SIGGRAPH 2002, white at 2
    bright = bright.clamp(0, 1)
    return torch.where(bright <= 0.0031308, 12.92 * bright, 1.055 * bright ** (1 / 2.4) - 0.055)
