"""What hides landmarks: capsules against a z-buffer of the whole mesh, and masks of others."""

import torch

from workbench.body import load_body
from workbench.body.light import open_light_body
from workbench.render import project_for_raster, rasterize
from workbench.synth.cameras import Views
from workbench.synth.figure import open_figure
from workbench.synth.hiding import hidden_by_body
from workbench.synth.landmarks import occluded
from workbench.synth.people import People, sample_people

BEHIND_M = 0.15


def surface_before(people: People, index: int, xy: torch.Tensor) -> torch.Tensor:
    """Depth of the body's skin at the landmarks' pixels."""
    body, camera = load_body(), people.camera(index)
    mesh = body.with_shape(people.betas[index]).with_rotations(people.rotations[index]).mesh()
    depth = rasterize(*project_for_raster(camera, mesh.vertices_m), body.faces, camera.size_hw).depth_m
    x, y = xy.long().unbind(-1)
    return depth[y, x]


def test_capsules_hide_what_the_mesh_hides() -> None:
    people = sample_people(25, seed=4, views=Views(tz_m=(2.0, 6.0), cut=0.0, sizes_hw=((256, 256),)))
    points = open_light_body(1)(people.betas, people.rotations).landmarks_m
    xy = people.project(points).clamp(0, 255)
    in_camera = points + people.t_camera_body_m[:, None]
    figure = open_figure()
    hidden = hidden_by_body(figure, figure.posed(people.rotations), people.t_camera_body_m, in_camera)
    before = torch.stack([surface_before(people, i, xy[i]) for i in range(len(people))])
    limbs = torch.tensor([13, 14, 15, 16, 25, 26, 27, 28])  # beside the trunk's own joints, deep inside
    truth = (in_camera[..., 2] - before > BEHIND_M)[:, limbs]
    assert (hidden[:, limbs] == truth).float().mean() > 0.88
    assert hidden[:, limbs][truth].float().mean() > 0.5


def test_what_others_cover_is_occluded() -> None:
    full = torch.zeros(4, 6, dtype=torch.bool)
    full[:, 1:4] = True
    visible = full.clone()
    visible[2:] = False
    spots = torch.tensor([[1.5, 0.5], [1.5, 2.5], [5.5, 2.5], [-3.0, 2.5], [2.0, 9.0]])
    assert occluded(spots, full, visible).tolist() == [False, True, False, False, False]
