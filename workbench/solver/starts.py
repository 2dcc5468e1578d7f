"""Where a solver begins. All keep Tz as it is given."""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.geometry.camera import MIN_DEPTH_M
from workbench.solver.objective import VISIBLE, Objective, Unknowns
from workbench.solver.window import box_of

ROUNDS = 6
"""Of matching area and middle; what is left after six is the solver's."""
ZOOMS = (1.0, 1.2, 1.45, 1.75, 2.1, 2.5, 3.0)
"""How much larger somebody may be than what the frame leaves of them."""


def moments_start(objective: Objective) -> Unknowns:
    """The outline as large as the mask, and with its middle where the mask's is.

    First the boxes are matched, then area and centroid: scaling by the root of the ratio of areas is exact
    far away, and close by each round leaves a small part of the error. Of somebody whom the frame cuts, the
    area says little: then the best of some sizes is taken, with the sides aligned that can be seen.
    """
    starts = [_moments_matched(objective, _boxes_matched(objective))]
    if objective.window.cut:
        zoomed = (_boxes_matched(objective, zoom) for zoom in ZOOMS)
        starts += [_moments_matched(objective, at, grow=False) for at in zoomed]
    return best_start(objective, starts)


def best_start(objective: Objective, starts: Sequence[Unknowns]) -> Unknowns:
    """The one whose outline agrees best with the mask."""
    if len(starts) == 1:
        return starts[0]
    return max(starts, key=lambda at: _overlap(objective, at))


def _overlap(objective: Objective, at: Unknowns) -> float:
    outline, target = objective.outline(at), objective.window.target
    return float((outline & target).sum() / (outline | target).sum())


def _moments_matched(objective: Objective, at: Unknowns, grow: bool = True) -> Unknowns:
    """Rounds of matching area and centroid.

    A point is seen at f X / z + p Tz / z, p being the pelvis' place. So the centroid is f a + p m, where m is
    the mean of Tz / z over the outline, and growing f by a factor and moving p are told apart.
    """
    # Which part of somebody is seen, and how near that is, is not known of whom the frame cuts.
    window, nearness = objective.window, _mean_nearness(objective) if grow else 1.0
    wanted = _middle_from_axis(objective, window.target)
    for _ in range(ROUNDS):
        outline = objective.outline(at)
        if not outline.any():
            break
        growth = (window.target.sum() / outline.sum()).sqrt() ** grow
        pelvis = at.lens[1:] * window.side_px
        of_shape = _middle_from_axis(objective, outline) - pelvis * nearness
        pelvis = (wanted - growth * of_shape) / nearness
        lens = torch.cat(((at.lens[0] + growth.log())[None], pelvis / window.side_px))
        at = _clamped(objective, lens.to(at.lens))
    return at


def _mean_nearness(objective: Objective) -> Float[Tensor, ""]:
    """Mean of Tz / z over what is seen: of the vertices, each for the area that it takes in the picture."""
    depth_m = _before_lens(objective)[:, 2]
    area = depth_m**-2
    return objective.tz_m * (area / depth_m).sum() / area.sum()


def _before_lens(objective: Objective) -> Float[Tensor, "N 3"]:
    """The vertices with their depths, without those that nearly touch the lens."""
    at_depth = objective.body.vertices_m + objective.body.vertices_m.new_tensor((0, 0, objective.tz_m))
    return at_depth[at_depth[:, 2] > 0.1 * objective.tz_m]


def blade_start(objective: Objective) -> Unknowns:
    """BLADE's: f as long as the picture is high, the pelvis in the middle of it.

    The paper's f; the released code starts at the picture's longer side.
    """
    return objective.unknowns(float(objective.size_hw[0]), torch.tensor([0.0, 0.0, objective.tz_m]))


def landmarks_start(objective: Objective) -> Unknowns:
    """The least squares fit of f, Tx and Ty to landmarks.

    With Tz given, x = f X / (Z + Tz) + (f Tx) / (Z + Tz) is linear in f, f Tx and f Ty. Of somebody whom the
    frame cuts, landmarks know the size, and the mask's area does not.

    Raises:
        ValueError: fewer than two landmarks can be seen.
    """
    points, found = objective.body.landmarks_m, objective.keypoints_px
    if points is None or found is None or int((found[:, 2] > VISIBLE).sum()) < 2:
        raise ValueError("This start needs two landmarks that can be seen. Start from the moments instead.")
    seen = found[:, 2] > VISIBLE
    points, found = points[seen].double().cpu(), found[seen].double().cpu()
    near = (points[:, 2] + objective.tz_m).clamp_min(MIN_DEPTH_M)
    height, width = objective.size_hw
    rows = torch.zeros(len(points), 2, 3, dtype=torch.float64)
    rows[:, :, 0] = points[:, :2] / near[:, None]
    rows[:, 0, 1] = rows[:, 1, 2] = 1 / near
    root = found[:, 2].sqrt()[:, None]
    right = (found[:, :2] - found.new_tensor((width / 2, height / 2))) * root
    focal, *shift = (
        torch.linalg.lstsq((rows * root[..., None]).reshape(-1, 3), right.reshape(-1, 1))
        .solution[:, 0]
        .tolist()
    )
    if focal <= 0:
        raise ValueError("These landmarks are a mirror image of the body's. Start from the moments instead.")
    t = torch.tensor([*(f_t / focal for f_t in shift), objective.tz_m])
    return objective.unknowns(focal, t)


def _boxes_matched(objective: Objective, zoom: float = 1.0) -> Unknowns:
    """The body's box as large as the mask's times `zoom`, and where the mask's is.

    A side where the photo ends says nothing: what lies beyond was cut. Then the opposite sides are aligned.
    """
    window = objective.window
    low, high = _extent(objective)
    x0, y0, x1, y1 = box_of(window.target)
    corners = window.crop.to_photo_px(torch.tensor([[x0, y0], [x1, y1]], dtype=torch.float32)).to(low)
    focal = zoom * (corners[1] - corners[0]).norm() / (high - low).norm()
    height, width = objective.size_hw
    center = low.new_tensor((width / 2, height / 2))
    from_low, from_high = corners[0] - center - focal * low, corners[1] - center - focal * high
    cut_low, cut_high = corners[0] < 1, corners[1] > 2 * center - 1
    pelvis = (from_low + from_high) / 2
    pelvis = torch.where(cut_low & ~cut_high, from_high, torch.where(cut_high & ~cut_low, from_low, pelvis))
    lens = torch.cat(((focal / window.side_px).log()[None], pelvis / window.side_px))
    return _clamped(objective, lens)


def _extent(objective: Objective) -> tuple[Float[Tensor, "2"], Float[Tensor, "2"]]:
    """The body's box at focal length one, the pelvis in the middle."""
    vertices = _before_lens(objective)
    flat = vertices[:, :2] / vertices[:, 2:]
    return flat.amin(0), flat.amax(0)


def _clamped(objective: Objective, lens: Float[Tensor, "3"]) -> Unknowns:
    low, high = objective.log_focal_range
    return Unknowns(torch.cat((lens[:1].clamp(low, high), lens[1:])), lens.new_tensor(objective.tz_m))


def _middle_from_axis(objective: Objective, mask: Bool[Tensor, "S S"]) -> Float[Tensor, "2"]:
    """Centroid of a window's mask, from the principal point, px."""
    rows, columns = mask.nonzero(as_tuple=True)
    middle = torch.stack((columns.float().mean(), rows.float().mean())) + 0.5
    height, width = objective.size_hw
    return objective.window.crop.to_photo_px(middle) - middle.new_tensor((width / 2, height / 2))
