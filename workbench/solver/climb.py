"""Two ways up: Adam on the outline's own gradient, and Nelder-Mead, which asks for values only."""

from collections.abc import Iterator

import numpy as np
import torch

from workbench.solver.objective import FARTHEST_TZ_M, NEAREST_TZ_M, CameraGuess, Objective, Unknowns

RATE = 0.012
"""First step of Adam, in log f and in sides of the window."""
RATE_TZ_M, RATE_TURN_RAD = 0.02, 0.01
BETAS = (0.8, 0.95)
SIMPLEX = (0.1, 0.05, 0.05)
"""First steps of Nelder-Mead, in the same units."""


def adam(objective: Objective, start: Unknowns, evaluations: int) -> Iterator[CameraGuess]:
    """Adam with a rate that falls to zero along a cosine; every evaluation, the start's first."""
    lens, tz_m = start.lens.clone().requires_grad_(), start.tz_m.clone()
    groups = [{"params": [lens], "lr": RATE}]
    if objective.terms.free_tz:
        groups.append({"params": [tz_m.requires_grad_()], "lr": RATE_TZ_M})
    turns = start.turns_rad
    if turns is not None:
        turns = turns.clone().requires_grad_()
        groups.append({"params": [turns], "lr": RATE_TURN_RAD})
    optimiser = torch.optim.Adam(groups, betas=BETAS)
    decay = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, evaluations)
    for left in reversed(range(evaluations)):
        at = Unknowns(lens, tz_m, turns)
        loss, iou = objective(at)
        yield objective.guess(at, float(loss.detach()), float(iou.detach()))
        if not left:
            return
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        decay.step()
        with torch.no_grad():
            lens[0].clamp_(*objective.log_focal_range)
            tz_m.clamp_(NEAREST_TZ_M, FARTHEST_TZ_M)


def nelder_mead(objective: Objective, start: Unknowns, evaluations: int) -> Iterator[CameraGuess]:
    """The gradient-free cross-check, on the lens alone; every evaluation, the start's first."""
    from scipy.optimize import minimize

    guesses: list[CameraGuess] = []

    @torch.no_grad()
    def loss_of(lens: np.ndarray) -> float:
        at = Unknowns(torch.from_numpy(lens).to(start.lens), start.tz_m)
        loss, iou = objective(at)
        guesses.append(objective.guess(at, float(loss), float(iou)))
        return float(loss)

    first = start.lens.double().cpu().numpy()
    simplex = np.vstack((first, first + np.diag(SIMPLEX)))
    low, high = objective.log_focal_range
    minimize(
        loss_of,
        first,
        method="Nelder-Mead",
        bounds=[(low, high), (None, None), (None, None)],
        options={"initial_simplex": simplex, "maxfev": evaluations, "xatol": 1e-5, "fatol": 1e-6},
    )
    yield from guesses[:evaluations]
