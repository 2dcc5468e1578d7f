"""People before cameras: shape, pose and camera of each, and no picture yet."""

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from workbench.body.joints import SMPL_JOINTS
from workbench.body.light import open_light_body
from workbench.geometry import Camera
from workbench.geometry.camera import MIN_DEPTH_M
from workbench.geometry.rotations import axis_angle_from_matrix
from workbench.synth.cameras import DRAWS, Subjects, Views, take_shots
from workbench.synth.poses import CHUNK, SPLITS, Poses, Split, sample_poses
from workbench.synth.shapes import betas_from_uniform

OUTLINE_VERTICES = 96
"""Of the body, to tell how far somebody reaches."""
NUM_BETAS = 10
_NECK = SMPL_JOINTS.index("neck")


@dataclass(frozen=True, eq=False)
class People:
    """A batch of people, each before a camera of their own whose principal point is in the middle."""

    betas: Float[Tensor, "N 10"]
    """In standard deviations."""
    rotations: Float[Tensor, "N 24 3 3"]
    """Parent-relative. The root's includes heading, pitch and roll, so that with it the body's axes are the
    camera's: vertices_camera = vertices + t_camera_body_m."""
    camera_from_world: Float[Tensor, "N 3 3"]
    """From the axes of gravity (y up) to the camera's."""
    floor_m: Float[Tensor, "N"]
    """Height of the floor above the pelvis along gravity; below it, hence negative."""
    pelvis_m: Float[Tensor, "N 3"]
    """The pelvis in the body model's frame, about which the root turns."""
    t_camera_body_m: Float[Tensor, "N 3"]
    """The body model's origin in the camera frame."""
    focal_px: Float[Tensor, "N"]
    size_hw: Int[Tensor, "N 2"]
    action: Int[Tensor, "N"]
    """Which of `actions`."""
    actions: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.betas)

    @property
    def theta(self) -> Float[Tensor, "N 24 3"]:
        """Axis-angle, as in `BodyParams`, the root's in the axes of the camera."""
        return axis_angle_from_matrix(self.rotations)

    @property
    def center_px(self) -> Float[Tensor, "N 2"]:
        """Principal points (x, y)."""
        return self.size_hw.flip(-1) / 2

    @property
    def pelvis_camera_m(self) -> Float[Tensor, "N 3"]:
        """The pelvis in the camera frame."""
        return self.pelvis_m + self.t_camera_body_m

    @property
    def up(self) -> Float[Tensor, "N 3"]:
        """Against gravity, in the camera frame."""
        return self.camera_from_world[..., 1]

    @property
    def floor_point_m(self) -> Float[Tensor, "N 3"]:
        """The point of the floor below the pelvis, in the camera frame; `up` is the floor's normal."""
        return self.pelvis_camera_m + self.floor_m[:, None] * self.up

    @property
    def camera_height_m(self) -> Float[Tensor, "N"]:
        """Of the lens above the floor."""
        return -(self.floor_point_m * self.up).sum(-1)

    def camera(self, index: int) -> Camera:
        """One person's."""
        height, width = self.size_hw[index].tolist()
        focal = float(self.focal_px[index])
        center = (width / 2, height / 2)
        return Camera("perspective", focal, center, (height, width), self.t_camera_body_m[index])

    def project(self, points_m: Float[Tensor, "N K 3"]) -> Float[Tensor, "N K 2"]:
        """Points of each body, root turned, in their pictures (px), as `Camera.project` does."""
        points = points_m + self.t_camera_body_m[:, None]
        seen = points[..., :2] / points[..., 2:].clamp_min(MIN_DEPTH_M)
        return self.focal_px[:, None, None] * seen + self.center_px[:, None]

    def rows(self, ids: Int[Tensor, "M"] | slice) -> "People":
        """Some of the people."""
        return self._each(lambda column: column[ids])

    def to(self, device: torch.device | str) -> "People":
        """The same people elsewhere."""
        return self._each(lambda column: column.to(device))

    def _each(self, change: Any) -> "People":
        columns = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "actions"}
        changed: dict[str, Any] = {name: change(column) for name, column in columns.items()}
        return replace(self, **changed)


def sample_people(
    n: int,
    seed: int | torch.Generator = 0,
    split: Split = "train",
    views: Views | None = None,
    shape_spread: float = 1.0,
) -> People:
    """Draw people and cameras; the same seed, split and views give the same.

    Args:
        n: how many. The first of a seed are the same but for rounding, however many are drawn.
        seed: a number, or a generator, which moves on by one number and decides the device.
        split: see `sample_poses`.
        views: what cameras are drawn from.
        shape_spread: standard deviation of the betas.

    Raises:
        ValueError: n or the seed is negative, or there is no such split.
    """
    for_poses, for_others = _generators(seed, split)
    return people_of(sample_poses(n, for_poses, split), for_others, views, shape_spread)


def people_of(
    poses: Poses, generator: torch.Generator, views: Views | None = None, shape_spread: float = 1.0
) -> People:
    """Give poses shapes and cameras.

    Args:
        poses: as sampled; kept and used again, they save most of the work.
        generator: on the device of the poses. It moves on by whole chunks of people, so that the first of
            them do not depend on how many there are.
        views: what cameras are drawn from.
        shape_spread: standard deviation of the betas.
    """
    drawn, device = [], generator.device
    for start in range(0, max(len(poses.rotations), 1), CHUNK):
        rotations = poses.rotations[start : start + CHUNK]
        uniform = torch.rand(CHUNK, NUM_BETAS + DRAWS, generator=generator, device=device)[: len(rotations)]
        betas = betas_from_uniform(uniform[:, :NUM_BETAS], shape_spread)
        drawn.append(_before_cameras(betas, rotations, views or Views(), uniform[:, NUM_BETAS:]))
    columns = [torch.cat(parts) for parts in zip(*drawn, strict=True)]
    return People(*columns, action=poses.action, actions=poses.actions)


def _before_cameras(
    betas: Float[Tensor, "N 10"],
    rotations: Float[Tensor, "N 24 3 3"],
    views: Views,
    uniform: Float[Tensor, "N D"],
) -> tuple[Tensor, ...]:
    """The first columns of People, from rotations whose root is in the axes of gravity."""
    mesh = open_light_body(OUTLINE_VERTICES, str(betas.device))(betas, rotations)
    pelvis = mesh.joints_m[:, 0]
    points = mesh.vertices_m - pelvis[:, None]
    floor = points[..., 1].amin(1)
    subjects = Subjects(points, mesh.joints_m[:, _NECK] - pelvis, floor, pelvis)
    shots = take_shots(subjects, views, uniform)
    root = shots.camera_from_world @ rotations[:, 0]
    turned = torch.cat((root[:, None], rotations[:, 1:]), 1)
    place = (shots.t_camera_body_m, shots.focal_px, shots.size_hw)
    return betas, turned, shots.camera_from_world, floor, pelvis, *place


def _generators(seed: int | torch.Generator, split: Split) -> tuple[torch.Generator, torch.Generator]:
    """One for poses and one for all else, so that neither moves the other on."""
    device = torch.device("cpu")
    if isinstance(seed, torch.Generator):
        device = seed.device
        seed = int(torch.randint(2**62, (), generator=seed, device=device))
    if seed < 0:
        raise ValueError(f"Expected a seed of at least 0; got {seed}.")
    if split not in SPLITS:
        raise ValueError(f"There is no split {split!r}; there are {', '.join(SPLITS)}.")
    states = np.random.SeedSequence((seed, SPLITS.index(split), 1)).generate_state(2, np.uint64)
    first, second = (torch.Generator(device).manual_seed(int(s >> np.uint64(1))) for s in states)
    return first, second
