"""What the BLADE lab asks while its visitor moves the distance or paints the mask.

A question carries all it is about, because the lab asks from a browser: the body, its own camera, the mask.
So everything is checked before it is used.
"""

from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.app.blade_look import Look
from workbench.body import BodyModel, Mesh
from workbench.body.known import known_bodies
from workbench.figures.blade_lab import TZ_M, mask_from
from workbench.figures.camera_lab import camera_data, camera_from
from workbench.figures.person_state import LARGEST_COEFFICIENT, LARGEST_TURN_RAD
from workbench.geometry import Camera
from workbench.geometry.camera import FOCAL_RANGE, diagonal_focal_px
from workbench.geometry.crop import FARTHEST_PX
from workbench.image import Person
from workbench.render import render_mask
from workbench.solver.camera import EVALUATIONS, DistanceProblem, best, solve_camera
from workbench.solver.masks import check_mask, very_wide
from workbench.solver.objective import CameraGuess
from workbench.solver.posed_body import PosedBody
from workbench.solver.scan import EVALUATIONS as SCAN_EVALUATIONS
from workbench.untrusted import entries, number, numbers, part, text, whole

MOST_SCANNED, MOST_OTHERS = 8, 40
STAYS = "Until then the camera of stage 2 is shown."


@dataclass(frozen=True, eq=False)
class Solvable:
    """A question of the lab: a body in its own camera, and the mask that it should agree with."""

    look: Look
    mesh: Mesh
    own: Camera
    """Of the reduced photo, as the method said."""
    person: Person
    others: tuple[Person, ...]
    """Who else is in the photo."""
    mask: Bool[Tensor, "H W"]
    """Of the reduced photo."""

    @property
    def pelvis_m(self) -> Float[Tensor, "3"]:
        """In the body's frame."""
        return self.mesh.joints_m[0]

    def at(self, tz_m: float) -> CameraGuess:
        """Stage 2: the method's own lens, and the pelvis on the ray where the method saw it, `tz_m` away."""
        own = CameraGuess.of_camera(self.own, self.pelvis_m)
        return replace(own, t_pelvis_m=own.t_pelvis_m * (tz_m / own.t_pelvis_m[2]))

    def solved(
        self, tz_m: float, evaluations: int, known: tuple[CameraGuess, ...] = ()
    ) -> tuple[CameraGuess, ...]:
        """Stage 3: every evaluation of the solver."""
        body = PosedBody.of_mesh(self.mesh)
        return solve_camera(body, self.mask, tz_m, evaluations=evaluations, known=known)

    def overlap(self, guess: CameraGuess) -> float:
        """IoU of outline and mask in the page's picture."""
        camera = self.look.camera(guess.camera(self.look.size_hw, self.pelvis_m))
        drawn = render_mask(camera, self.mesh.vertices_m, self.mesh.faces)
        target = self.look.cut(self.mask)
        union = int((drawn | target).sum())
        return float((drawn & target).sum()) / union if union else 0.0

    def told(self, guess: CameraGuess, iou: float | None) -> dict[str, Any]:
        """A camera as the lab shows it: drawn in the page's picture, its focal length that of the photo."""
        camera = guess.camera(self.look.size_hw, self.pelvis_m)
        return {
            "camera": camera_data(self.look.camera(camera)),
            "focal_px": guess.focal_px / self.look.scale,
            "t": [round(v, 4) for v in guess.t_pelvis_m.tolist()],
            "iou": iou,
        }


def blade_camera(question: Any) -> dict[str, Any]:
    """The three stages at a distance; the lab calls it by this name.

    Args:
        question: `look`, `person` (body, betas, theta), `own` (camera of the reduced photo), `found` and
            `others` (as of `seen`), `mask` (of the page's picture) and `tz_m`. At will `evaluations`, and
            `known`, the answer to a neighbouring distance: `tz`, `focal`, `tx` and `ty`.

    Returns:
        `distance`, `pose` and `solved`, the last one None where there is none, and why as `said`; `path`, the
        IoU of every evaluation; `remarks` on what to doubt.

    Raises:
        ValueError: the question is none.
    """
    asked = solvable(question)
    tz_m = number(question.get("tz_m"), "tz_m", *TZ_M)
    evaluations = whole(question.get("evaluations", EVALUATIONS), "evaluations", 1, 2 * EVALUATIONS)
    known = _known(question.get("known"), asked.look)
    pose = asked.at(tz_m)
    answer: dict[str, Any] = {
        "tz_m": tz_m,
        "distance": _mean_body_at(asked, question["person"]["body"], pose),
        "pose": asked.told(pose, asked.overlap(pose) if asked.mask.any() else None),
        "solved": None,
        "path": [],
        "said": "",
        "remarks": [],
    }
    try:
        remarks = check_mask(asked.mask, asked.look.size_hw, asked.person, asked.others)
        guesses = asked.solved(tz_m, evaluations, known)
    except ValueError as error:
        return {**answer, "said": f"{error} {STAYS}"}
    found = best(guesses)
    wide = very_wide(found.camera(asked.look.size_hw, asked.pelvis_m))
    answer["solved"] = asked.told(found, asked.overlap(found))
    answer["path"] = [round(guess.iou, 4) for guess in guesses]
    answer["remarks"] = [*remarks, *wide]
    return answer


def blade_scan(question: Any) -> list[dict[str, float]]:
    """The best camera at each of a few distances; the lab calls it by this name.

    Args:
        question: as of `blade_camera`, with `row_m` in place of `tz_m`; distances at which the lens would be
            inside the body have no answer. `known` may be the answer to a neighbouring distance.

    Raises:
        ValueError: the question is none, or the mask cannot be used.
    """
    asked = solvable(question)
    check_mask(asked.mask, asked.look.size_hw, asked.person, asked.others)
    row = [number(tz, "row_m", *TZ_M) for tz in entries(question.get("row_m"), "row_m")][:MOST_SCANNED]
    known = _known(question.get("known"), asked.look)
    points = []
    for tz_m in row:
        try:
            found = best(asked.solved(tz_m, SCAN_EVALUATIONS, known))
        except DistanceProblem:
            continue
        known = (found,)
        tx, ty, _ = found.t_pelvis_m.tolist()
        focal_px = found.focal_px / asked.look.scale
        points.append({"tz": tz_m, "focal": focal_px, "tx": tx, "ty": ty, "iou": asked.overlap(found)})
    return points


def solvable(question: Any) -> Solvable:
    """A question from a page.

    Raises:
        ValueError: it is none.
    """
    part(question, "The BLADE lab's question", "look", "person", "own", "found", "others", "mask")
    look = Look.of(question["look"])
    own = camera_from(question["own"], "own")
    if own.size_hw != look.size_hw:
        raise ValueError(f"The own camera must be of the photo, {look.size_hw}; got {own.size_hw}.")
    low, high = (share * diagonal_focal_px(look.size_hw) for share in FOCAL_RANGE)
    own = replace(own.as_kind("perspective"), focal_px=min(max(own.focal_px, low), high))
    others = tuple(_seen(each, "others") for each in entries(question["others"], "others")[:MOST_OTHERS])
    mask = look.mask(mask_from(question["mask"]))
    asked = Solvable(look, _posed(question["person"]), own, _seen(question["found"], "found"), others, mask)
    if float(own.t_camera_body_m[2] + asked.pelvis_m[2]) <= 0:
        raise ValueError("This body stands behind its own camera. Choose another answer to begin with.")
    return asked


def seen(person: Person, scale: float) -> dict[str, Any]:
    """What a question says of a person whom the finder saw, in a photo of another scale."""
    keypoints = None
    if person.keypoints_px is not None:
        xy = (scale * person.keypoints_px[:, :2]).tolist()
        keypoints = [
            [round(x, 1), round(y, 1), v]
            for (x, y), v in zip(xy, person.keypoints_px[:, 2].tolist(), strict=True)
        ]
    return {"box_px": (scale * person.box_px).tolist(), "keypoints_px": keypoints}


def _seen(data: Any, name: str) -> Person:
    """The inverse of `seen`."""
    part(data, name, "box_px", "keypoints_px")
    box = numbers(data["box_px"], f"{name}.box_px", (4,), FARTHEST_PX)
    if data["keypoints_px"] is None:
        return Person(box, 1.0)
    return Person(box, 1.0, numbers(data["keypoints_px"], f"{name}.keypoints_px", (33, 3), FARTHEST_PX))


def body_of(tag: Any) -> BodyModel:
    """A body of this page by its tag.

    Raises:
        ValueError: there is none.
    """
    bodies = known_bodies()
    if text(tag, "body") not in bodies:
        raise ValueError(f"There is no body {tag!r} here.")
    return bodies[tag].load()


def _posed(person: Any) -> Mesh:
    part(person, "The person", "body", "betas", "theta")
    model = body_of(person["body"])
    betas = numbers(person["betas"], "betas", (None,), LARGEST_COEFFICIENT)
    theta = numbers(person["theta"], "theta", (model.num_joints, 3), LARGEST_TURN_RAD)
    return model.with_shape(betas).with_pose(theta).mesh()


def _mean_body_at(asked: Solvable, tag: Any, pose: CameraGuess) -> dict[str, Any]:
    """Stage 1: the distance is all that is known; nobody in particular, before stage 2's lens."""
    model = body_of(tag)
    pelvis_m = model.with_shape(torch.zeros(0)).joints_m[0]
    return {"camera": camera_data(asked.look.camera(pose.camera(asked.look.size_hw, pelvis_m)))}


def _known(data: Any, look: Look) -> tuple[CameraGuess, ...]:
    """A camera of an earlier answer, or none."""
    if data is None:
        return ()
    part(data, "known", "tz", "focal", "tx", "ty")
    t = numbers([data["tx"], data["ty"], data["tz"]], "known", (3,), FARTHEST_PX)
    return (CameraGuess(look.scale * number(data["focal"], "known.focal", 1e-3, FARTHEST_PX), t, 0.0),)
