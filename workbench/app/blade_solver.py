"""What the BLADE lab asks while its visitor moves the distance or paints the mask.

A question carries all it is about, because the lab asks from a browser: the body, its own camera, the mask.
So everything is checked before it is used.
"""

from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.body import BodyModel, Mesh
from workbench.body.known import known_bodies
from workbench.figures.blade_lab import TZ_M, mask_from
from workbench.figures.camera_lab import camera_data, camera_from
from workbench.figures.person_state import LARGEST_COEFFICIENT, LARGEST_TURN_RAD
from workbench.geometry import Camera
from workbench.geometry.camera import FOCAL_RANGE, diagonal_focal_px, perspective_camera
from workbench.geometry.crop import FARTHEST_PX
from workbench.image.photo import WORKING_PIXELS
from workbench.render import render_mask
from workbench.solver.camera import best, solve_camera
from workbench.solver.objective import CameraGuess
from workbench.solver.posed_body import PosedBody
from workbench.untrusted import entries, number, numbers, part, text, whole

LENS_ROOM_M = 0.05
"""Between the lens and the nearest point of a body that a camera can be solved for."""
MOST_SCANNED = 8
SCAN_EVALUATIONS = 25
NO_MASK = "The mask is empty, so there is no outline to agree with: the camera stays that of stage 2."


@dataclass(frozen=True, eq=False)
class Look:
    """The part of a photo that the lab shows."""

    size_hw: tuple[int, int]
    """Of the whole photo."""
    window_px: tuple[int, int, int, int]
    """Left, top, right and bottom in the photo."""
    shown_hw: tuple[int, int]
    """Of the picture in the page."""

    @property
    def scale(self) -> float:
        """Pixels of the page's picture per pixel of the photo."""
        return self.shown_hw[1] / (self.window_px[2] - self.window_px[0])

    def camera(self, camera: Camera) -> Camera:
        """The photo's camera as the page's picture needs it."""
        left, top = self.window_px[:2]
        return camera.window(left, top, self.shown_hw, self.scale)

    def mask(self, mask: Bool[Tensor, "h w"]) -> Bool[Tensor, "H W"]:
        """The page's mask in the whole photo.

        Raises:
            ValueError: it is not of the picture's size.
        """
        if tuple(mask.shape) != self.shown_hw:
            raise ValueError(
                f"The mask must have the picture's size {self.shown_hw}; got {tuple(mask.shape)}."
            )
        left, top, right, bottom = self.window_px
        size = (bottom - top, right - left)
        large = torch.nn.functional.interpolate(mask[None, None].float(), size=size, mode="nearest-exact")
        whole_photo = torch.zeros(self.size_hw, dtype=torch.bool)
        whole_photo[top:bottom, left:right] = large[0, 0] > 0.5
        return whole_photo

    def question(self) -> dict[str, Any]:
        """For the page, which sends it back with every question."""
        return {
            "size_hw": list(self.size_hw),
            "window_px": list(self.window_px),
            "shown_hw": list(self.shown_hw),
        }

    @classmethod
    def of(cls, data: Any) -> "Look":
        """The inverse of `question`.

        Raises:
            ValueError: it is none.
        """
        part(data, "The picture", "size_hw", "window_px", "shown_hw")
        height, width = (
            whole(n, "size_hw", 1, WORKING_PIXELS) for n in entries(data["size_hw"], "size_hw", 2)
        )
        if height * width > 2 * WORKING_PIXELS:
            raise ValueError(f"A photo has at most {WORKING_PIXELS} pixels; got {height} x {width}.")
        left, top, right, bottom = (
            whole(n, "window_px", 0, max(height, width)) for n in entries(data["window_px"], "window_px", 4)
        )
        if not (left < right <= width and top < bottom <= height):
            raise ValueError("The window must lie inside the photo.")
        rows, columns = (whole(n, "shown_hw", 1, 4096) for n in entries(data["shown_hw"], "shown_hw", 2))
        return cls((height, width), (left, top, right, bottom), (rows, columns))


@dataclass(frozen=True, eq=False)
class Solvable:
    """A question of the lab: a body in its own camera, and the mask that it should agree with."""

    look: Look
    mesh: Mesh
    own: Camera
    """Of the whole photo, as the method said."""
    middle_px: tuple[float, float]
    """Of the person in the photo."""
    mask: Bool[Tensor, "H W"]
    """Of the whole photo."""

    @property
    def pelvis_m(self) -> Float[Tensor, "3"]:
        """In the body's frame."""
        return self.mesh.joints_m[0]

    def at(self, tz_m: float) -> CameraGuess:
        """Stage 2: the method's own lens, and the pelvis on the ray where the method saw it, `tz_m` away."""
        t = self.own.t_camera_body_m + self.pelvis_m
        return CameraGuess(self.own.focal_px, t * (tz_m / t[2]), 0.0)

    def check_tz(self, tz_m: float) -> None:
        """Refuse a lens inside the body.

        Raises:
            ValueError: it is one.
        """
        nearest_m = float((self.pelvis_m[2] - self.mesh.vertices_m[:, 2]).max()) + LENS_ROOM_M
        if tz_m < nearest_m:
            raise ValueError(
                f"At {tz_m:.2f} m the lens would be inside the body: this pose needs at least {nearest_m:.2f} m."
            )

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
        left, top, right, bottom = self.look.window_px
        inside = self.mask[None, None, top:bottom, left:right].float()
        target = (
            torch.nn.functional.interpolate(inside, size=self.look.shown_hw, mode="nearest-exact")[0, 0] > 0.5
        )
        union = int((drawn | target).sum())
        return float((drawn & target).sum()) / union if union else 0.0

    def told(self, guess: CameraGuess, iou: float | None) -> dict[str, Any]:
        """A camera as the lab shows it."""
        camera = guess.camera(self.look.size_hw, self.pelvis_m)
        return {
            "camera": camera_data(self.look.camera(camera)),
            "focal_px": guess.focal_px,
            "t": [round(v, 4) for v in guess.t_pelvis_m.tolist()],
            "iou": iou,
        }


def blade_camera(question: Any) -> dict[str, Any]:
    """The three stages at a distance; the lab calls it by this name.

    Args:
        question: `look`, `person` (body, betas, theta), `own` (camera of the photo), `middle_px`, `mask` and


    Returns:
        `distance`, `pose` and `solved`, the last one None where there is none, and why as `said`; `path`, the
        IoU of every evaluation.

    Raises:
        ValueError: the question is none.
    """
    asked = solvable(question)
    tz_m = number(question.get("tz_m"), "tz_m", *TZ_M)
    evaluations = whole(question.get("evaluations", 50), "evaluations", 1, 100)
    pose = asked.at(tz_m)
    marked = bool(asked.mask.any())
    answer: dict[str, Any] = {
        "tz_m": tz_m,
        "distance": _mean_body_at(asked, tz_m),
        "pose": asked.told(pose, asked.overlap(pose) if marked else None),
        "solved": None,
        "path": [],
        "said": "" if marked else NO_MASK,
    }
    if not marked:
        return answer
    try:
        asked.check_tz(tz_m)
        guesses = asked.solved(tz_m, evaluations, _known(question.get("known")))
    except ValueError as error:
        return {**answer, "said": str(error)}
    answer["solved"] = asked.told(best(guesses), asked.overlap(best(guesses)))
    answer["path"] = [round(guess.iou, 4) for guess in guesses]
    return answer


def blade_scan(question: Any) -> list[dict[str, float]]:
    """The best camera at each of a few distances; the lab calls it by this name.

    Args:
        question: as of `blade_camera`, with `row_m` in place of `tz_m`; distances at which the lens would be
            inside the body have no answer. `known` may be the answer to a neighbouring distance.

    Raises:
        ValueError: the question is none, or the mask is empty.
    """
    asked = solvable(question)
    if not asked.mask.any():
        raise ValueError(NO_MASK)
    row = [number(tz, "row_m", *TZ_M) for tz in entries(question.get("row_m"), "row_m")][:MOST_SCANNED]
    known = _known(question.get("known"))
    points = []
    for tz_m in row:
        try:
            asked.check_tz(tz_m)
        except ValueError:
            continue
        found = best(asked.solved(tz_m, SCAN_EVALUATIONS, known))
        known = (found,)
        t = found.t_pelvis_m.tolist()
        points.append(
            {"tz": tz_m, "focal": found.focal_px, "tx": t[0], "ty": t[1], "iou": asked.overlap(found)}
        )
    return points


def solvable(question: Any) -> Solvable:
    """A question from a page.

    Raises:
        ValueError: it is none.
    """
    part(question, "The BLADE lab's question", "look", "person", "own", "middle_px", "mask")
    look = Look.of(question["look"])
    own = camera_from(question["own"], "own")
    if own.size_hw != look.size_hw:
        raise ValueError(f"The own camera must be of the photo, {look.size_hw}; got {own.size_hw}.")
    low, high = (share * diagonal_focal_px(look.size_hw) for share in FOCAL_RANGE)
    own = replace(own.as_kind("perspective"), focal_px=min(max(own.focal_px, low), high))
    middle = numbers(question["middle_px"], "middle_px", (2,), FARTHEST_PX).tolist()
    mask = look.mask(mask_from(question["mask"]))
    asked = Solvable(look, _posed(question["person"]), own, (middle[0], middle[1]), mask)
    if float(own.t_camera_body_m[2] + asked.pelvis_m[2]) <= 0:
        raise ValueError("This body stands behind its own camera. Choose another answer to begin with.")
    return asked


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


def _mean_body_at(asked: Solvable, tz_m: float) -> dict[str, Any]:
    """Stage 1: all that is known is the distance; the lens is the field's guess, the picture's diagonal."""
    focal = diagonal_focal_px(asked.look.size_hw)
    height, width = asked.look.size_hw
    x, y = asked.middle_px
    t = torch.tensor([(x - width / 2) * tz_m / focal, (y - height / 2) * tz_m / focal, tz_m])
    camera = perspective_camera(asked.look.size_hw, t, focal)
    return {"camera": camera_data(asked.look.camera(camera)), "focal_px": focal}


def _known(data: Any) -> tuple[CameraGuess, ...]:
    """A camera of an earlier answer, or none."""
    if data is None:
        return ()
    part(data, "known", "tz", "focal", "tx", "ty")
    t = numbers([data["tx"], data["ty"], data["tz"]], "known", (3,), 1e4)
    return (CameraGuess(number(data["focal"], "known.focal", 1e-3, 1e9), t, 0.0),)
