"""The camera of a recovery, solved from its person's mask: stage 3 of BLADE for the result of any method.

Its landmarks count too, where the finder has them.
"""

import time
from collections.abc import Sequence
from dataclasses import replace

import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from workbench.body import BodyModel
from workbench.body.landmarks import landmark_regressor
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.recovery import BodyParams, Recovery, Step
from workbench.solver.camera import EVALUATIONS, CameraGuess, DistanceProblem, best, solve_camera
from workbench.solver.masks import MaskProblem, check_mask, very_wide
from workbench.solver.objective import VISIBLE, Terms
from workbench.solver.posed_body import PosedBody

DOUBTFUL_IOU = 0.5
"""Below it, the outline of the body is not that of the mask, whatever the camera."""
KEYPOINTS = 8.0
"""Weight of the landmarks, as in BLADE's released code. Masks of real people hold hair, clothes and what they
carry, and a bare body that is fitted to the outline alone grows into all that."""
STEP = "camera"
"""Steps of the solver are named "camera 0", "camera 1" and so on."""
SAYS = "Camera solver: "
"""All remarks of the solver begin so: when it runs again, its new ones take their place."""
NOT_SOLVED = f"{SAYS}the camera was not solved. "
FOCAL_SOURCE = "solved from the mask"
"""Where the focal length of a solved camera came from, for people to read."""


def with_solved_camera(
    recovery: Recovery,
    body: BodyModel,
    photo: Photo,
    mask: Shaped[Tensor, "..."] | None = None,
    tz_m: float | None = None,
    *,
    others: Sequence[Person] = (),
    evaluations: int = EVALUATIONS,
    keypoints: float = KEYPOINTS,
) -> Recovery:
    """The same body before the camera with which it agrees best with the mask, and with the landmarks found.

    Tz is given and stays; a mask cannot tell it. The solver begins at the recovery's own camera, or where
    the outline's moments agree with the mask's if that is better.

    Args:
        recovery: of any method.
        body: the body it was made with.
        photo: whose middle is taken for the principal point.
        mask: (H, W) of the person, as booleans or 0..1; by default the one that was found.
        tz_m: depth of the pelvis; by default the recovery's own.
        others: further people of the photo, to tell whether the mask is theirs.
        evaluations: how often the outline is drawn.
        keypoints: weight of the person's landmarks, where there are any; 0 leaves the outline alone.

    Returns:
        The recovery with the solved camera, a step for each evaluation ("camera 0" and on, with iou, focal_px
        and tz_m), one for the best of them unless that is the last, and remarks on what to doubt.

    Raises:
        MaskProblem: the mask cannot be used; keep the recovery as it is.
        DistanceProblem: nobody can stand at this Tz, or not in this pose.
        ValueError: body or photo are other ones.
    """
    began = time.perf_counter()
    size_hw = photo.size_hw
    if recovery.camera.size_hw != size_hw:
        raise ValueError(
            f"This recovery is of a photo of {recovery.camera.size_hw} (height, width); got one of {size_hw}."
        )
    mask = recovery.person.mask if mask is None else mask
    remarks = check_mask(mask, size_hw, recovery.person, others)
    assert mask is not None  # check_mask has seen it
    shown = mask.cpu() > 0.5
    mesh = recovery.mesh(body)
    pelvis_m = mesh.joints_m[0]
    own = _own_camera(recovery, pelvis_m)
    tz_m = float(own.t_pelvis_m[2]) if tz_m is None else tz_m
    landmarks = landmark_regressor(body)
    found = recovery.person.keypoints_px
    guesses = solve_camera(
        PosedBody.of_mesh(mesh, landmarks.points(mesh)),
        shown,
        tz_m,
        evaluations=evaluations,
        keypoints=None if found is None else _seen(found[landmarks.ids]),
        terms=Terms(keypoints=0.0 if found is None else keypoints),
        known=[own],
    )
    result = best(guesses)
    steps = [
        _step(f"{STEP} {i}", guess, recovery.params, size_hw, pelvis_m) for i, guess in enumerate(guesses)
    ]
    if result is not guesses[-1]:
        steps.append(_step(f"{STEP} {len(guesses)}, the best", result, recovery.params, size_hw, pelvis_m))
    if result.iou < DOUBTFUL_IOU:
        remarks += (
            f"Even the best camera brings outline and mask only to an IoU of {result.iou:.2f}. Pose or mask "
            "are too far off for this focal length to be trusted.",
        )
    return replace(
        recovery,
        camera=steps[-1].camera,
        steps=(*_steps_before(recovery), *steps),
        seconds=recovery.seconds + time.perf_counter() - began,
        remarks=(
            *_without(recovery.remarks, SAYS),
            *(SAYS + remark for remark in (*remarks, *very_wide(steps[-1].camera))),
        ),
    )


def solved_or_kept(
    recovery: Recovery,
    body: BodyModel,
    photo: Photo,
    tz_m: float | None = None,
    others: Sequence[Person] = (),
    evaluations: int = EVALUATIONS,
    keypoints: float = KEYPOINTS,
) -> Recovery:
    """The same with the person's own mask; if that or Tz is no use, the recovery as it was, and a remark why.

    A Tz that somebody typed is best refused before the work: see `camera.check_tz`.

    Raises:
        ValueError: body or photo are other ones.
    """
    try:
        return with_solved_camera(
            recovery, body, photo, tz_m=tz_m, others=others, evaluations=evaluations, keypoints=keypoints
        )
    except (MaskProblem, DistanceProblem) as problem:
        before = _without(recovery.remarks, NOT_SOLVED)
        return replace(recovery, remarks=(*before, f"{NOT_SOLVED}{problem}"))


def has_solved_camera(recovery: Recovery) -> bool:
    """Whether a recovery's camera was solved from a mask, by its method or later."""
    return bool(recovery.steps) and _of_solver(recovery.steps[-1])


def _of_solver(step: Step) -> bool:
    return step.name.startswith(f"{STEP} ")


def _steps_before(recovery: Recovery) -> tuple[Step, ...]:
    """The steps without those of a camera that was solved earlier; the new ones take their place."""
    return tuple(step for step in recovery.steps if not _of_solver(step))


def _without(remarks: Sequence[str], beginning: str) -> tuple[str, ...]:
    return tuple(remark for remark in remarks if not remark.startswith(beginning))


def _seen(keypoints_px: Float[Tensor, "K 3"]) -> Float[Tensor, "K 3"]:
    """Landmarks without a say for those that the finder only guessed."""
    sure = keypoints_px[:, 2] * (keypoints_px[:, 2] > VISIBLE)
    return torch.cat((keypoints_px[:, :2], sure[:, None]), 1)


def _own_camera(recovery: Recovery, pelvis_m: Tensor) -> CameraGuess:
    """The recovery's camera as the solver knows cameras; any kind is read as a perspective one."""
    camera = recovery.camera.as_kind("perspective")
    t_m = camera.to_camera_m(pelvis_m.detach())
    # About another principal point the pelvis is elsewhere in the picture: shift it to where it is seen.
    middle_px = torch.tensor([camera.size_hw[1] / 2, camera.size_hw[0] / 2])
    shift_px = torch.tensor(camera.center_px) - middle_px
    shift_m = torch.cat((shift_px * float(t_m[2]) / camera.focal_px, torch.zeros(1)))
    return CameraGuess(camera.focal_px, t_m.cpu().float() + shift_m, 0.0)


def _step(
    name: str, guess: CameraGuess, params: BodyParams, size_hw: tuple[int, int], pelvis_m: Tensor
) -> Step:
    numbers = {"iou": guess.iou, "focal_px": guess.focal_px, "tz_m": float(guess.t_pelvis_m[2])}
    tensors = {key: torch.tensor(value) for key, value in numbers.items()}
    return Step(name, params, guess.camera(size_hw, pelvis_m), tensors=tensors)
