"""One made-up photo and everything that is known about it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor

from workbench.geometry import Camera
from workbench.synth.depth_sensor import measured_m
from workbench.synth.kinds import generator_for
from workbench.synth.rendering import Stage, draw


@dataclass(frozen=True, eq=False)
class ScenePerson:
    """One person in a scene, and the exact answers."""

    betas: Float[Tensor, "10"]
    theta: Float[Tensor, "24 3"]
    """Axis-angle; the root takes the body straight into the camera's axes."""
    camera: Camera
    """Of the whole picture; every person's differs by t_camera_body_m alone."""
    action: str
    full_mask: Bool[Tensor, "H W"]
    """Pixels that this person would cover, clothes and hair included, if nothing stood in front."""
    visible_mask: Bool[Tensor, "H W"]
    """Those that are seen."""
    landmarks_px: Float[Tensor, "33 3"]
    """True BlazePose landmarks: x, y, and 1 where nothing hides the spot, else 0."""
    landmarks_m: Float[Tensor, "33 3"]
    """True, about the hip centre, camera axes."""
    observed_px: Float[Tensor, "33 3"]
    """As a finder might report them."""
    observed_m: Float[Tensor, "33 3"]
    found: bool
    """Whether a finder would find this person, with a box of an IoU of 0.4 or more. Observed landmarks of
    who is missed are drawn as if they had been found; the fit of the noise knows nothing of such people."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A picture with known answers. What not everybody wants is drawn when it is first asked for."""

    seed: int
    kind: str
    """Name of its `SceneKind`."""
    size_hw: tuple[int, int]
    camera_from_world: Float[Tensor, "3 3"]
    """The world's y points up; its origin is the lens."""
    people: tuple[ScenePerson, ...]
    """The one whom the picture was taken of first."""
    ids: Int[Tensor, "H W"]
    """Place of the person among people, counted from 1, that each pixel shows; 0 shows none."""
    stage: Stage
    """What the photo is drawn of."""
    depth_sensor: bool

    @cached_property
    def rgb(self) -> UInt8[np.ndarray, "H W 3"]:
        """The photo."""
        return draw(self.stage)

    @cached_property
    def depth_m(self) -> Float[Tensor, "H W"]:
        """Along the optical axis of whatever is seen, furniture and room included; 0 where nothing is."""
        depth = self.stage.depth_m
        return torch.where(torch.isfinite(depth), depth, 0.0)

    @cached_property
    def sensor_depth_m(self) -> Float[Tensor, "H W"] | None:
        """What a depth camera in the same place measures, 0 where nothing; None if there is none."""
        if not self.depth_sensor:
            return None
        return measured_m(
            self.depth_m, self.stage.camera.focal_px, generator_for(self.seed, self.kind, "sensor")
        )
