"""A body's landmarks beside those that were found in the photo."""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.body.landmarks import landmark_regressor
from workbench.body.mesh import Mesh
from workbench.body.model import BodyModel
from workbench.evaluation.picture import VISIBLE
from workbench.figures.picture import Residuals
from workbench.figures.world import WorldLandmarks
from workbench.geometry import Camera
from workbench.image.person import Person


@dataclass(frozen=True, eq=False)
class LandmarkPairs:
    """The landmarks that a body has, as found and as posed."""

    names: tuple[str, ...]
    found_px: Float[Tensor, "N 2"]
    model_m: Float[Tensor, "N 3"]
    """In the camera's frame."""
    seen: Bool[Tensor, "N"]
    """Whether the finder saw them; the others are no measure of anything."""
    camera: Camera

    @property
    def model_px(self) -> Float[Tensor, "N 2"]:
        """Where the camera shows the body's."""
        return self.camera.project(self.model_m - self.camera.t_camera_body_m)

    @property
    def distances_px(self) -> Float[Tensor, "S"]:
        """Of those that were seen."""
        return (self.model_px - self.found_px).norm(dim=1)[self.seen]

    def on_photo(self) -> Residuals:
        """For the overlay."""
        return Residuals(self.found_px[self.seen], self.model_px[self.seen])

    def in_world(self) -> WorldLandmarks:
        """For the 3D view: what was found lies somewhere on its pixel's ray; here, as deep as the body's."""
        found_m = _at_depth(self.camera, self.found_px, self.model_m[:, 2])
        return WorldLandmarks(found_m[self.seen], self.model_m[self.seen])

    def text(self) -> str:
        """The distances in words."""
        if not bool(self.seen.any()):
            return "no landmark was seen"
        distances = self.distances_px
        worst = [name for name, seen in zip(self.names, self.seen.tolist(), strict=True) if seen][
            int(distances.argmax())
        ].replace("_", " ")
        return f"{distances.mean():.1f} px apart on average, {distances.max():.1f} px at the {worst}"


def landmark_pairs(person: Person, body: BodyModel, mesh: Mesh, camera: Camera) -> LandmarkPairs | None:
    """Pair a person's landmarks with those of a body; None for a person without landmarks.

    Args:
        person: as the method saw them.
        body: the model of the mesh.
        mesh: posed, about the body's origin.
        camera: that shows it.
    """
    if person.keypoints_px is None:
        return None
    landmarks = landmark_regressor(body)
    found = person.keypoints_px[landmarks.ids]
    model_m = camera.to_camera_m(landmarks.points(mesh))
    return LandmarkPairs(landmarks.names, found[:, :2], model_m, found[:, 2] > VISIBLE, camera)


def _at_depth(
    camera: Camera, pixels: Float[Tensor, "N 2"], depth_m: Float[Tensor, "N"]
) -> Float[Tensor, "N 3"]:
    """The points of a depth that the camera shows at these pixels."""
    scale = {
        "perspective": depth_m / camera.focal_px,
        "weak": torch.full_like(depth_m, camera.tz_m / camera.focal_px),
        "orthographic": torch.full_like(depth_m, 1 / camera.focal_px),
    }[camera.kind]
    aside = (pixels - torch.tensor(camera.center_px)) * scale[:, None]
    return torch.cat((aside, depth_m[:, None]), dim=1)
