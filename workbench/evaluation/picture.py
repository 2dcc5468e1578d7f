"""How well a recovery explains its photo: measures that need no ground truth."""

from dataclasses import asdict, dataclass, replace

from workbench.body import BodyModel
from workbench.body.landmarks import landmark_regressor
from workbench.body.mesh import Mesh
from workbench.geometry import Camera
from workbench.image.person import Person
from workbench.recovery import Recovery
from workbench.render import render_mask

VISIBLE = 0.5


@dataclass(frozen=True)
class PictureFit:
    """None where the finder gave nothing to compare with."""

    reprojection_px: float | None
    """Mean distance of visible landmarks to the body's."""
    reprojection_pct: float | None
    """The same in percent of the diagonal of the visible landmarks' box."""
    mask_iou: float | None
    """Overlap of the body's outline with the person's mask, inside the picture."""

    def as_dict(self) -> dict[str, float | None]:
        """For tables and files."""
        return asdict(self)


def picture_fit(recovery: Recovery, body: BodyModel) -> PictureFit:
    """Compare a recovery with the landmarks and the mask of its person."""
    person, camera = recovery.person, recovery.camera
    mesh = recovery.mesh(body)
    mask_iou = None
    if person.mask is not None:
        drawn = render_mask(camera, mesh.vertices_m, mesh.faces)
        union = (drawn | person.mask).sum()
        mask_iou = float((drawn & person.mask).sum() / union) if union > 0 else None
    return PictureFit(*_off(person, camera, mesh, body), mask_iou)


def off_at_each_step(recovery: Recovery, body: BodyModel) -> list[float | None]:
    """`PictureFit.reprojection_pct` of each step, for methods whose steps have no loss of their own."""
    at_steps = [replace(recovery, params=step.params, camera=step.camera) for step in recovery.steps]
    return [_off(each.person, each.camera, each.mesh(body), body)[1] for each in at_steps]


def _off(person: Person, camera: Camera, mesh: Mesh, body: BodyModel) -> tuple[float | None, float | None]:
    """How far visible landmarks are from the body's, in pixels and in percent."""
    if person.keypoints_px is None:
        return None, None
    landmarks = landmark_regressor(body)
    wanted = person.keypoints_px[landmarks.ids]
    seen = wanted[:, 2] > VISIBLE
    if seen.sum() < 2:
        return None, None
    distance = (camera.project(landmarks.points(mesh)) - wanted[:, :2]).norm(dim=1)[seen].mean()
    size = (wanted[seen, :2].amax(0) - wanted[seen, :2].amin(0)).norm()
    return float(distance), float(100 * distance / size) if size > 0 else None
