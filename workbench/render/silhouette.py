"""How much a body's outline agrees with a person's mask, with an exact gradient.

A hard mask has no useful derivative pixel by pixel, but the AREA it covers has one: when the outline moves,
area grows by the flux of that motion through the boundary (the divergence theorem). The boundary of a pixel
mask is a staircase of unit edges, so the flux is a sum over pairs of neighbours, one inside and one outside.
Nothing is blurred and nothing needs tuning: the value is the true IoU, the gradient is that of its areas.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.render.rasterize import barycentric_px, pixel_centers_px, rasterize


def silhouette_iou(
    xy_px: Float[Tensor, "V 2"],
    depth_m: Float[Tensor, "V"],
    faces: Int[Tensor, "F 3"],
    target_mask: Bool[Tensor, "H W"] | Float[Tensor, "H W"],
    weights: Float[Tensor, "H W"] | None = None,
    cull: bool = True,
    linear: bool = False,
) -> Float[Tensor, ""]:
    """Intersection over union of a mesh's outline and a mask; differentiable in `xy_px`.

    Args:
        xy_px: image points of the vertices (differentiable).
        depth_m: their depths; they decide what is visible and receive no gradient.
        faces: vertex indices, counter-clockwise seen from outside.
        target_mask: the person's pixels; fractions 0..1 count as partly covered.
        weights: how much each pixel counts, for instance 1 inside a crop and 0 outside it.
        cull, linear: as in `rasterize`.

    Returns:
        The IoU, 0 if neither the mesh nor the mask covers anything.

    Raises:
        ValueError: see `rasterize`; or the weights are not of the mask's size.
    """
    target = target_mask.to(xy_px)
    weight = torch.ones_like(target) if weights is None else weights.to(target)
    if weight.shape != target.shape:
        raise ValueError(f"Weights need the mask's size {tuple(target.shape)}; got {tuple(weight.shape)}.")
    height, width = target.shape
    face_id = rasterize(xy_px, depth_m, faces, (height, width), cull, linear).face_id
    inside = (face_id >= 0).to(target)
    intersection = (weight * inside * target).sum()
    union = (weight * (inside + target - inside * target)).sum()
    if union == 0:
        return xy_px.sum() * 0
    # What the IoU gains when one more pixel becomes covered: intersection grows where the target is, union
    # where it is not.
    gain = weight * (union * target - intersection * (1 - target)) / union**2
    flux = _outward_flux(inside, gain)
    rows, columns = (flux != 0).any(-1).nonzero(as_tuple=True)
    corners = faces[face_id[rows, columns]]
    with torch.no_grad():
        share = barycentric_px(xy_px, corners, pixel_centers_px(rows, columns))
    surface_px = (share[..., None] * xy_px[corners]).sum(
        1
    )  # the points that these pixels see, moving with the mesh
    change = (flux[rows, columns] * surface_px).sum()
    return change - change.detach() + intersection / union


def _outward_flux(inside: Float[Tensor, "H W"], gain: Float[Tensor, "H W"]) -> Float[Tensor, "H W 2"]:
    """For every covered pixel, the sum of gain times outward normal over its edges to uncovered neighbours.

    An edge takes the mean gain of its two pixels: one of them would be lost if the outline moved in, the
    other won if it moved out. Edges of the picture do not count; what leaves it was never seen.
    """
    flux = torch.zeros(*inside.shape, 2, dtype=gain.dtype, device=gain.device)
    for axis, first, second in (
        (0, (slice(None), slice(None, -1)), (slice(None), slice(1, None))),  # left and right neighbours
        (1, (slice(None, -1), slice(None)), (slice(1, None), slice(None))),  # upper and lower neighbours
    ):
        normal = inside[first] - inside[second]  # +1 where only the first is covered, -1 the second
        edge = normal * (gain[first] + gain[second]) / 2
        flux[(*first, axis)] += edge * inside[first]
        flux[(*second, axis)] += edge * inside[second]
    return flux
