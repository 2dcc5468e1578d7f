"""Stage 3 of BLADE: the camera, from the mask of a person whose pose and distance are known.

After Wang et al., "BLADE: Single-view Body Mesh Estimation through Accurate Depth Estimation" (CVPR 2025).
Tz is given and stays; focal length, Tx and Ty are those with which the outline of the posed body agrees best
with the mask. It has to be so: f and Tz together are nearly free, see `scan.tz_scan`.

    released code                                     here
    start f = max(H, W) (paper: H), T = 0,            the outline's moments matched with the mask's; or the
      then three matches of scale to landmarks          paper's start; or least squares on landmarks
    soft outline, blurred mask, SGD, 100 to 200       hard outline with the gradient of its areas
      iterations                                        (render/silhouette.py), Adam, 50
    1 - IoU + .1 |Txy| + .1 |Tz - Tz0| + 8 landmarks  1 - IoU; landmarks, Tz and pose when asked for
      + 2 pose + root
    f within 10 .. 10,000 px                          f within .05 .. 100 diagonals of the picture
    keeps the best IoU                                keeps the smallest loss
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Literal

from jaxtyping import Bool, Float
from torch import Tensor

from workbench.solver.climb import adam, nelder_mead
from workbench.solver.objective import (
    FARTHEST_TZ_M,
    NEAREST_TZ_M,
    OUTLINE_ALONE,
    CameraGuess,
    Objective,
    Terms,
    Unknowns,
)
from workbench.solver.posed_body import PosedBody
from workbench.solver.starts import best_start, blade_start, landmarks_start, moments_start
from workbench.solver.window import Window

Start = Literal["moments", "blade", "landmarks"]
STARTS: dict[str, Callable[[Objective], Unknowns]] = {
    "moments": moments_start,
    "blade": blade_start,
    "landmarks": landmarks_start,
}
Climb = Literal["adam", "nelder-mead"]
CLIMBS: dict[str, Callable[[Objective, Unknowns, int], Iterator[CameraGuess]]] = {
    "adam": adam,
    "nelder-mead": nelder_mead,
}
EVALUATIONS = 50
LENS_ROOM_M = 0.05
"""Between the lens and the nearest point of a body that a camera can be solved for."""


class DistanceProblem(ValueError):
    """Nobody can stand at this distance; the message says why and what to do."""


def solve_camera(
    body: PosedBody,
    mask: Bool[Tensor, "H W"],
    tz_m: float,
    *,
    evaluations: int = EVALUATIONS,
    start: Start = "moments",
    method: Climb = "adam",
    keypoints: Float[Tensor, "K 3"] | None = None,
    terms: Terms = OUTLINE_ALONE,
    known: Sequence[CameraGuess] = (),
    size: int = 256,
) -> tuple[CameraGuess, ...]:
    """Focal length, Tx and Ty with which a body's outline agrees best with a mask; `best` picks the result.

    Args:
        body: posed, about its pelvis.
        mask: the person's pixels in the whole photo, whose middle is the principal point. `masks.check_mask`
            tells whether it can be used.
        tz_m: depth of the pelvis, which is not solved for.
        evaluations: how often the outline is drawn.
        start: where to begin.
        method: how to go on.
        keypoints: x, y (px) and confidence of the body's landmarks, for a start or a term that uses them.
        terms: what counts and moves besides; Nelder-Mead moves the lens alone.
        known: cameras that may be right already; the solver begins at one of them if it agrees better with
            the mask than the start does.
        size: side of the largest picture that is compared, px.

    Returns:
        Every evaluation, in order.

    Raises:
        DistanceProblem: Tz is not within 0.2 .. 100 m, or the lens would be inside the body.
        ValueError: the mask is empty, or an option is unknown or does not fit.
    """
    _check(body, mask, tz_m, evaluations, terms, method)
    if start not in STARTS or method not in CLIMBS:
        raise ValueError(
            f"A solver starts from {', '.join(STARTS)} and climbs by {', '.join(CLIMBS)}; got {start!r} and "
            f"{method!r}."
        )
    height, width = mask.shape
    window = Window.around(mask.cpu(), size).to(body.vertices_m.device)
    found = None if keypoints is None else keypoints.to(body.vertices_m)
    objective = Objective(body, window, (height, width), float(tz_m), found, terms)
    given = (objective.unknowns(each.focal_px, each.t_pelvis_m) for each in known)
    at = best_start(objective, [STARTS[start](objective), *given])
    if terms.free_pose:
        at = replace(at, turns_rad=at.lens.new_zeros(body.num_joints, 3))
    return tuple(CLIMBS[method](objective, at, evaluations))


def best(guesses: Sequence[CameraGuess]) -> CameraGuess:
    """The guess with the smallest loss: without further terms the largest IoU. Of equals the first."""
    return min(guesses, key=lambda guess: guess.loss)


def _check(body: PosedBody, mask: Tensor, tz_m: float, evaluations: int, terms: Terms, method: str) -> None:
    if not mask.any():
        raise ValueError("The mask is empty. Mark the person's pixels first.")
    check_tz(tz_m)
    _check_in_front(body, tz_m)
    if evaluations < 1:
        raise ValueError(f"At least one evaluation is needed; got {evaluations}.")
    if terms.free_pose and body.turned is None:
        raise ValueError("This body cannot be turned. Make it by PosedBody.of_params to free its pose.")
    if method != "adam" and (terms.free_pose or terms.free_tz):
        raise ValueError("Nelder-Mead moves the lens alone. Free the pose or Tz with Adam.")


def check_tz(tz_m: float) -> None:
    """Refuse distances that nobody stands at.

    Raises:
        DistanceProblem: it is not within 0.2 .. 100 m.
    """
    if not NEAREST_TZ_M <= tz_m <= FARTHEST_TZ_M:
        raise DistanceProblem(
            f"Tz is the distance of the pelvis, within {NEAREST_TZ_M:g} to {FARTHEST_TZ_M:g} m; got {tz_m:g}."
        )


def _check_in_front(body: PosedBody, tz_m: float) -> None:
    """Refuse a lens inside the body, which has no outline."""
    nearest_m = LENS_ROOM_M - float(body.vertices_m[:, 2].min())
    if tz_m < nearest_m:
        raise DistanceProblem(
            f"At a Tz of {tz_m:.2f} m the lens would be inside the body: this pose needs at least "
            f"{nearest_m:.2f} m. Give a larger Tz."
        )
