"""Files that trimesh reads back as the same closed surface."""

import numpy as np
import pytest
import torch
import trimesh

from workbench.body import Mesh, load_body
from workbench.body.export import FORMATS, to_trimesh, write_mesh


def read_back(path) -> trimesh.Trimesh:
    mesh = trimesh.load_mesh(path)
    assert isinstance(mesh, trimesh.Trimesh)
    return mesh


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_body_comes_back_watertight_and_whole(toy, tmp_path, suffix):
    mesh = toy.to(dtype=torch.float32).mesh(torch.zeros(10), torch.zeros(24, 3))
    write_mesh(mesh, tmp_path / f"body.{suffix.upper()}")
    back = read_back(tmp_path / f"body.{suffix.upper()}")
    assert back.is_watertight
    assert len(back.vertices) == len(mesh.vertices_m)
    expected = mesh.vertices_m[mesh.faces].mean(1).numpy()
    np.testing.assert_allclose(back.triangles_center, expected, atol=1e-6)


def test_the_open_body_comes_back_watertight_and_whole(tmp_path):
    body = load_body()
    mesh = body.mesh(torch.randn(10), 0.3 * torch.randn(24, 3))
    for suffix in FORMATS:
        write_mesh(mesh, tmp_path / f"body.{suffix}")
        back = read_back(tmp_path / f"body.{suffix}")
        assert back.is_watertight
        assert (len(back.vertices), len(back.faces)) == (6890, len(body.faces))


def test_surfaces_look_outwards(toy):
    assert to_trimesh(toy.mesh(torch.zeros(10), torch.zeros(24, 3))).volume > 0
    body = load_body()
    volume = to_trimesh(body.mesh(torch.zeros(10), torch.zeros(24, 3))).volume
    assert 0.03 < volume < 0.15, "30 to 150 litres"


def test_a_mesh_with_a_gradient_can_be_written(toy, tmp_path):
    betas = torch.zeros(10, requires_grad=True)
    write_mesh(toy.mesh(betas, torch.zeros(24, 3)), tmp_path / "body.ply")
    assert (tmp_path / "body.ply").stat().st_size > 0


def test_what_cannot_be_written_is_refused(toy, tmp_path):
    mesh = toy.mesh(torch.zeros(2, 10), torch.zeros(2, 24, 3))
    with pytest.raises(ValueError, match="Expected one body"):
        write_mesh(mesh, tmp_path / "body.glb")
    one = Mesh(mesh.vertices_m[0], mesh.joints_m[0], mesh.faces)
    with pytest.raises(ValueError, match=r"ending in \.glb, \.obj, \.ply; got 'body\.fbx'"):
        write_mesh(one, tmp_path / "body.fbx")
    with pytest.raises(ValueError, match="finite"):
        write_mesh(Mesh(one.vertices_m * float("nan"), one.joints_m, one.faces), tmp_path / "body.glb")
