"""The same code on a GPU gives the same bodies, pictures and fits."""

import pytest
import torch
from scipy.spatial.transform import Rotation

from workbench.body import load_body
from workbench.geometry.camera import perspective_camera
from workbench.render import project_for_raster, rasterize, silhouette_iou
from workbench.training.landmark_regressor import RegressorTrainee

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")


def scene(device):
    """A turned person, pixels with their gradient, and the mask of the same person a little aside."""
    body = load_body().to(device)
    theta = 0.2 * torch.sin(torch.arange(72.0)).reshape(24, 3)
    theta[0] = torch.tensor(
        (Rotation.from_euler("y", 0.6) * Rotation.from_rotvec([torch.pi, 0, 0])).as_rotvec()
    )
    mesh = body.mesh(torch.linspace(-1, 1, 10), theta)
    camera = perspective_camera((240, 200), torch.tensor([0.0, 0.2, 3.0], device=device), 260.0)
    xy, depth = project_for_raster(camera, mesh.vertices_m)
    return mesh, xy, depth


def test_body():
    torch.testing.assert_close(
        scene("cuda")[0].vertices_m.cpu(), scene("cpu")[0].vertices_m, atol=1e-5, rtol=0
    )


def test_z_buffer():
    """From the very same numbers, pixel by pixel."""
    mesh, xy, depth = scene("cpu")
    here = rasterize(xy, depth, mesh.faces, (240, 200))
    there = rasterize(xy.cuda(), depth.cuda(), mesh.faces.cuda(), (240, 200))
    assert (here.face_id != there.face_id.cpu()).float().mean() < 1e-3
    torch.testing.assert_close(there.mask.cpu(), here.mask)


def test_silhouette_and_its_gradient():
    mesh, xy, depth = scene("cpu")
    target = rasterize(xy + 6, depth, mesh.faces, (240, 200)).mask
    answers = []
    for device in ("cpu", "cuda"):
        moved = xy.to(device).requires_grad_()
        iou = silhouette_iou(moved, depth.to(device), mesh.faces.to(device), target.to(device))
        [gradient] = torch.autograd.grad(iou, moved)
        answers.append((iou.detach().cpu(), gradient.sum(0).cpu()))
    torch.testing.assert_close(answers[0], answers[1], atol=1e-4, rtol=1e-3)


def test_smplify(person_in):
    from workbench.methods.smplify import Smplify

    photo, person, mesh, camera = person_in(Rotation.identity())
    [there] = Smplify.load("cuda").recover(photo, [person])
    error_m = (
        there.mesh(load_body()).joints_m
        + there.camera.t_camera_body_m
        - mesh.joints_m
        - camera.t_camera_body_m
    ).norm(dim=1)
    assert error_m.mean() < 0.12


def test_a_training_step_of_the_regressor():
    """Everything is made on the GPU, and the loss of the same people is that of the CPU."""
    trainee = RegressorTrainee(bank=64, validation_people=16)
    batch = trainee.batch([torch.Generator("cuda").manual_seed(seed) for seed in (0, 1)], 16)
    assert batch.xy.is_cuda and batch.observations.present.is_cuda
    model = trainee.model()
    here, _ = trainee.loss(model, batch.to("cpu"))
    there, _ = trainee.loss(model.cuda(), batch)
    there.backward()
    assert float(there.detach()) == pytest.approx(float(here.detach()), rel=1e-3)
    assert all(p.grad is None or p.grad.isfinite().all() for p in model.parameters())
    assert trainee.validate(model.eval())["pa_mpjpe_mm"] > 0
