"""How much a body's outline agrees with a person's mask, with a gradient.

A hard mask has no useful derivative pixel by pixel, but the AREA it covers has one: when the outline moves,
area grows by the flux of that motion through the boundary (the divergence theorem). The boundary of a pixel
mask is a staircase of unit edges, so the flux is a sum over pairs of neighbours, one inside and one outside.
Nothing is blurred and nothing needs tuning: the value is the true IoU, the gradient is that of its areas.

The gradient is exact only in the limit of fine pixels. The outline moves like what its outermost pixels see,
and on a round body seen at this edge that is not yet the rim: for motions of the picture (shift, size, turn)
it is right within 3 %, but a root rotation about x, which carries the surface over the rim, gets too little
of it. For one such turn the derivative is 0.36 in a picture of 256 x 256, 0.41 at 512, 0.43 at 1024, and 0.45
by finite differences.
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
    seen = rasterize(xy_px, depth_m, faces, (height, width), cull, linear)
    inside, target, weight = seen.mask.reshape(-1), target.reshape(-1), weight.reshape(-1)
    intersection = (weight * target)[inside].sum()
    union = (weight * target).sum() + weight[inside].sum() - intersection
    if union == 0:
        return xy_px.sum() * 0
    covered, bare, normal = _outline(seen.mask)

    def gain(pixel: Tensor) -> Tensor:
        """What the IoU gains if this pixel becomes covered: intersection on the target, union beside it."""
        on = target[pixel]
        return weight[pixel] * (union * on - intersection * (1 - on)) / union**2

    # An edge moves inwards over its covered pixel or outwards over its bare one: take the mean.
    mean_gain = (gain(covered) + gain(bare)) / 2
    corners = faces[seen.face_id.reshape(-1)[covered]]
    rows, columns = covered // width, covered % width
    with torch.no_grad():
        share = barycentric_px(xy_px, corners, pixel_centers_px(rows, columns))
    surface_px = (share[..., None] * xy_px[corners]).sum(1)  # what these pixels see; it moves with the mesh
    change = (mean_gain * (normal * surface_px).sum(1)).sum()
    return change - change.detach() + intersection / union


def _outline(
    inside: Bool[Tensor, "H W"],
) -> tuple[Int[Tensor, "E"], Int[Tensor, "E"], Float[Tensor, "E 2"]]:
    """Edges between a covered pixel and a bare neighbour: both flat indices and the outward normal.

    The picture's own edges are none: what leaves the picture was never seen.
    """
    width = inside.shape[1]
    flat = inside.reshape(-1)
    found = []
    for first, second, step, axis in (
        (inside[:, :-1], inside[:, 1:], 1, (1.0, 0.0)),  # left and right neighbours
        (inside[:-1], inside[1:], width, (0.0, 1.0)),  # upper and lower neighbours
    ):
        rows, columns = (first ^ second).nonzero(as_tuple=True)
        one = rows * width + columns
        other = one + step
        outward = flat[one]  # from one to the other
        sign = outward.float() * 2 - 1
        found.append(
            (
                torch.where(outward, one, other),
                torch.where(outward, other, one),
                sign[:, None] * sign.new_tensor(axis),
            )
        )
    covered, bare, normal = (torch.cat(parts) for parts in zip(*found, strict=True))
    return covered, bare, normal
