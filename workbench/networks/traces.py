"""From a network's guesses in windows to the steps and recoveries that every method returns."""

from collections.abc import Mapping, Sequence

from jaxtyping import Float
from torch import Tensor

from workbench.body import BodyModel
from workbench.geometry.camera import diagonal_focal_px
from workbench.geometry.conventions import from_hmr
from workbench.geometry.rotations import axis_angle_from_matrix
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.method import MethodInfo
from workbench.recovery import BodyParams, Recovery, Step

CROP_CAMERA = "crop camera (s, tx, ty)"
"""Name of these numbers among a step's tensors."""


def window_step(
    name: str,
    rotations: Float[Tensor, "24 3 3"],
    betas: Float[Tensor, "10"],
    crop: Float[Tensor, "3"],
    photo: Photo,
    window: tuple[tuple[float, float], float],
    tensors: Mapping[str, Tensor] | None = None,
) -> Step:
    """One guess of one person, with the photo's perspective camera.

    Args:
        name: of the step.
        rotations, betas: of the body.
        crop: (s, tx, ty) in the window.
        photo: its focal length, if it has none, is taken to be its diagonal.
        window: middle and side, px of the photo.
        tensors: what else explains the step.

    Raises:
        ValueError: s is not positive.
    """
    camera = from_hmr(crop, *window).full_frame(
        photo.focal_px or diagonal_focal_px(photo.size_hw), photo.size_hw
    )
    params = BodyParams(betas.cpu(), axis_angle_from_matrix(rotations).cpu())
    return Step(name, params, camera, None, {CROP_CAMERA: crop.cpu(), **(tensors or {})})


def recoveries(
    info: MethodInfo,
    body: BodyModel,
    people: Sequence[Person],
    traces: Sequence[tuple[Step, ...]],
    seconds: float,
) -> list[Recovery]:
    """One per person, in order; the last step is the result.

    Args:
        info: of the method.
        body: that the numbers are of.
        people: all of them.
        traces: each person's steps.
        seconds: that all took together.
    """
    return [
        Recovery(
            method=info.name,
            weights=info.weights,
            body=body.topology,
            person=person,
            params=steps[-1].params,
            camera=steps[-1].camera,
            steps=steps,
            seconds=seconds / len(people),
        )
        for person, steps in zip(people, traces, strict=True)
    ]
