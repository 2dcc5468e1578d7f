"""Kinds of scenes, and the fixed sets that methods are compared on: seeds, not files."""

from dataclasses import dataclass
from pathlib import Path

import torch

from workbench.body import load_body
from workbench.body.landmarks import landmark_regressor
from workbench.geometry.camera import perspective_camera
from workbench.geometry.rotations import axis_angle_from_matrix
from workbench.render import render_depth
from workbench.synth.poses import Split, sample_poses
from workbench.synth.scene import Scene, ScenePerson


@dataclass(frozen=True)
class SceneKind:
    """What scenes of one kind have in common."""

    name: str
    split: Split = "train"
    people: tuple[float, ...] = (0.5, 0.25, 0.1, 0.05, 0.04, 0.03, 0.02, 0.01)
    """How often there are 1, 2, 3, ... people."""
    occluder_share: float = 0.25
    """How often something stands before somebody."""
    depth_sensor: bool = False


SETS: dict[str, SceneKind] = {
    kind.name: kind
    for kind in (
        SceneKind("test", "test"),
        SceneKind("close", "test", people=(1.0,)),
        SceneKind("occluded", "test", occluder_share=1.0),
        SceneKind("ood", "ood"),
        SceneKind("depth", "test", depth_sensor=True),
        SceneKind("validation", "validation"),
    )
}


def set_seeds(name: str, n: int) -> range:
    """The seeds of a set's first n scenes.

    Raises:
        ValueError: there is no such set, or n is negative.
    """
    kind_of(name)
    if n < 0:
        raise ValueError(f"Expected a number of scenes of at least 0; got {n}.")
    return range(n)


def kind_of(name: str) -> SceneKind:
    """The kind of a set.

    Raises:
        ValueError: there is no such set.
    """
    if name not in SETS:
        raise ValueError(f"There is no set {name!r}; there are {', '.join(SETS)}.")
    return SETS[name]


def make_scene(seed: int, kind: SceneKind | str, background_folder: Path | None = None) -> Scene:
    """The scene of a seed; the same seed and kind give the same scene."""
    kind = kind_of(kind) if isinstance(kind, str) else kind
    body = load_body()
    poses = sample_poses(1, seed, kind.split)
    rotations = poses.rotations[0].clone()
    flip = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    rotations[0] = flip @ rotations[0]
    theta = axis_angle_from_matrix(rotations)
    betas = torch.randn(10, generator=torch.Generator().manual_seed(seed)).clamp(-2, 2)
    camera = perspective_camera((512, 512), torch.tensor([0.0, 0.0, 4.0]), 800.0)
    mesh = body.mesh(betas, theta)
    depth = render_depth(camera, mesh.vertices_m, body.faces)
    mask = depth > 0
    marks = landmark_regressor(body)
    points = marks.points(mesh)
    hips = (points[23] + points[24]) / 2
    ones = torch.ones(len(points), 1)
    px, m = torch.cat((camera.project(points), ones), 1), points - hips
    person = ScenePerson(betas, theta, camera, poses.actions[int(poses.action[0])], mask, mask, px, m, px, m)
    return Scene(seed, kind.name, camera.size_hw, flip, (person,), mask.long(), depth)
