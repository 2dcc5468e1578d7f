"""What a depth camera and a perfect segmenter would see of a body."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.geometry.camera import Camera
from workbench.render.rasterize import covered, is_linear, nearest_m, project_for_raster


def render_mask(
    camera: Camera, vertices_body_m: Float[Tensor, "*b V 3"], faces: Int[Tensor, "F 3"]
) -> Bool[Tensor, "*b H W"]:
    """Pixels of the camera's picture whose centre the mesh covers.

    Raises:
        ValueError: see `rasterize`.
    """
    xy, depth = project_for_raster(camera, vertices_body_m)
    return covered(xy, depth, faces, camera.size_hw, linear=is_linear(camera))


def render_depth(
    camera: Camera, vertices_body_m: Float[Tensor, "*b V 3"], faces: Int[Tensor, "F 3"]
) -> Float[Tensor, "*b H W"]:
    """Depth along the optical axis in metres, 0 where there is nothing, as sensors report it.

    Raises:
        ValueError: see `rasterize`.
    """
    xy, depth = project_for_raster(camera, vertices_body_m)
    seen_m = nearest_m(xy, depth, faces, camera.size_hw, linear=is_linear(camera))
    return torch.where(torch.isfinite(seen_m), seen_m, 0)
