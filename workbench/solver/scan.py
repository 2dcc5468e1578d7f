"""What a mask does not tell: cameras at many distances that all agree with it nearly as well.

Farther away with a longer lens, a body looks almost the same. Along that valley f is nearly proportional to
Tz, and the IoU is nearly flat unless the person is so close that perspective shows.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jaxtyping import Bool, Float
from torch import Tensor

from workbench.solver.camera import best, solve_camera
from workbench.solver.objective import CameraGuess
from workbench.solver.posed_body import PosedBody

EVALUATIONS = 25
"""For one Tz, enough from the neighbour's camera: its IoU then is within 0.001 of that of 50 evaluations."""


@dataclass(frozen=True, eq=False)
class ScanPoint:
    """The best camera for one Tz."""

    tz_m: float
    guess: CameraGuess


def tz_scan(
    body: PosedBody,
    mask: Bool[Tensor, "H W"],
    tz_row_m: Sequence[float],
    *,
    evaluations: int = EVALUATIONS,
    keypoints: Float[Tensor, "K 3"] | None = None,
) -> Iterator[ScanPoint]:
    """The best camera for each of a row of distances, each solved from its neighbour's or from the moments.

    Args:
        body, mask, keypoints: as for `solve_camera`.
        tz_row_m: depths of the pelvis, m; neighbours should be near. From far to near is the surest way:
            close by, a body may reach beyond the lens.
        evaluations: for each Tz.

    Raises:
        ValueError: see `solve_camera`.
    """
    known: tuple[CameraGuess, ...] = ()
    for tz_m in tz_row_m:
        guesses = solve_camera(body, mask, tz_m, evaluations=evaluations, keypoints=keypoints, known=known)
        known = (best(guesses),)
        yield ScanPoint(tz_m, known[0])
