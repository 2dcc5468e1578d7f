"""How well the camera was found: where the person stands, through which lens, and where the joints appear.

The four camera errors are those of BLADE (Wang et al., CVPR 2025). Positions are of the PELVIS in the camera
frame (x right, y down, z forward): a model's origin is elsewhere in each body, so a camera's t_camera_body_m
cannot be compared across bodies. One value per sample; NaN where the prediction is not finite.
"""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.evaluation.checks import broken, check_pair, or_nan, require_true


def e_tz_m(predicted_m: Float[Tensor, "*b 3"], true_m: Float[Tensor, "*c 3"]) -> Float[Tensor, "*b"]:
    """E_Tz: absolute error of the pelvis' depth, m. Ruled by far people: 10 % at 10 m are a metre.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    check_pair(predicted_m, true_m, "pelvis")
    return or_nan((predicted_m - true_m)[..., 2].abs(), broken(predicted_m, 1))


def e_inv_tz(predicted_m: Float[Tensor, "*b 3"], true_m: Float[Tensor, "*c 3"]) -> Float[Tensor, "*b"]:
    """E_1/Tz: absolute error of one over the pelvis' depth, 1/m. Ruled by near people, as distortion is.

    A prediction at depth 0 has no inverse and gives NaN.

    Raises:
        ValueError: shapes differ, the truth is not finite, or it is not in front of the camera.
    """
    check_pair(predicted_m, true_m, "pelvis")
    _require_in_front(true_m)
    error = (1 / predicted_m[..., 2] - 1 / true_m[..., 2]).abs()
    return or_nan(error, broken(predicted_m, 1) | (predicted_m[..., 2] == 0))


def e_txy_m(predicted_m: Float[Tensor, "*b 3"], true_m: Float[Tensor, "*c 3"]) -> Float[Tensor, "*b"]:
    """E_Txy: distance of the pelvis to its truth across the optical axis, m.

    Raises:
        ValueError: shapes differ, or the truth is not finite.
    """
    check_pair(predicted_m, true_m, "pelvis")
    return or_nan((predicted_m - true_m)[..., :2].norm(dim=-1), broken(predicted_m, 1))


def e_f(predicted_px: Float[Tensor, "*b"], true_px: Float[Tensor, "*c"]) -> Float[Tensor, "*b"]:
    """E_f: absolute error of the focal length as a share of the true one (papers print it in percent).

    Raises:
        ValueError: shapes differ, or a true focal length is not a positive number.
    """
    check_pair(predicted_px, true_px, "focal lengths")
    if not bool((true_px > 0).all()):
        raise ValueError(f"A true focal length must be positive; got {float(true_px.min()):g} px.")
    return or_nan((predicted_px - true_px).abs() / true_px, ~torch.isfinite(predicted_px))


def reprojection_px(
    predicted_px: Float[Tensor, "*b K 2"],
    true_px: Float[Tensor, "*c L 2"],
    visible: Bool[Tensor, "*d M"] | None = None,
) -> Float[Tensor, "*b"]:
    """Mean distance in the picture, over the points that can be seen, px of that picture.

    It grows with the picture: compare it among methods on one set, not between sets. Blind to depth: a body
    twice as large and twice as far away projects alike.

    Args:
        predicted_px, true_px: projected points.
        visible: which ones count; by default all.

    Raises:
        ValueError: shapes differ, the truth is not finite at a point that counts, or no point counts.
    """
    counts = torch.ones_like(true_px[..., 0]) if visible is None else visible.to(true_px)
    if counts.shape != true_px.shape[:-1]:
        raise ValueError(
            f"`visible` must have one entry per point, shape {tuple(true_px.shape[:-1])}; "
            f"got {tuple(counts.shape)}."
        )
    if not bool((counts.sum(-1) > 0).all()):
        raise ValueError("A sample has no visible point to compare. Leave it out of this metric.")
    used = counts[..., None] > 0
    true_px = torch.where(used, true_px, torch.zeros_like(true_px))
    check_pair(predicted_px, true_px, "image points")
    distance = torch.where(used, predicted_px - true_px, torch.zeros_like(true_px)).norm(dim=-1)
    return or_nan(distance.sum(-1) / counts.sum(-1), broken(distance, 1))


def _require_in_front(true_m: Float[Tensor, "*b 3"]) -> None:
    require_true(true_m, "pelvis")
    if not bool((true_m[..., 2] > 0).all()):
        raise ValueError(
            f"The true pelvis must be in front of the camera; got depth {float(true_m[..., 2].min()):g} m. "
            "Positions are in the camera frame: x right, y down, z forward."
        )
