"""Where a known shape stands, given its picture."""

import numpy as np
from jaxtyping import Float


def translation_from_points(
    points_m: Float[np.ndarray, "K 3"],
    xy_px: Float[np.ndarray, "K 2"],
    weights: Float[np.ndarray, "K"],
    focal_px: float,
    center_px: Float[np.ndarray, "2"],
) -> Float[np.ndarray, "3"]:
    """The translation (m) that puts points (camera axes) onto their image points, in closed form.

    f (X + Tx) = (u - cx) (Z + Tz) is linear in T: weighted least squares over all points. Exact for exact
    data; otherwise it weighs far points more than the reprojection error would, which makes it a first guess.
    """
    offset = xy_px - center_px
    rows = np.zeros((len(points_m), 2, 3))
    rows[:, 0, 0] = rows[:, 1, 1] = focal_px
    rows[:, :, 2] = -offset
    right = offset * points_m[:, 2:] - focal_px * points_m[:, :2]
    root = np.sqrt(weights)[:, None]
    return np.linalg.lstsq((rows * root[..., None]).reshape(-1, 3), (right * root).ravel(), rcond=None)[0]
