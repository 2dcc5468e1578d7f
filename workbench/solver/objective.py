"""What the solver maximises: how much the outline of a body and a mask agree, as a function of the camera.

Unknowns are three numbers that do not depend on the photo's resolution, nor much on one another: log f, and
where the pelvis is seen, both in units of the window's side. For a given Tz they are focal length and shift:
Tx = u side Tz / f.

The optional terms are those of BLADE's released code, with its weights. Two differ from it: landmarks are
compared in shares of the person's size, and a pose may be turned from where it was, joint by joint.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.geometry.camera import FOCAL_RANGE, MIN_DEPTH_M, Camera, diagonal_focal_px, perspective_camera
from workbench.render import silhouette_iou
from workbench.render.rasterize import covered
from workbench.solver.posed_body import PosedBody
from workbench.solver.window import Window

NEAREST_TZ_M, FARTHEST_TZ_M = 0.2, 100.0
VISIBLE = 0.5


@dataclass(frozen=True)
class Terms:
    """What counts besides the outline, and what may move besides the lens. By default nothing does."""

    keypoints: float = 0.0
    """Weight of the landmarks' mean L1 distance, in shares of the person's size; released: 8, SMPL-X 12."""
    free_tz: bool = False
    """Let Tz move too."""
    tz: float = 0.1
    """Weight of |Tz - Tz given|, m; as released."""
    free_pose: bool = False
    """Let every joint turn."""
    pose: float = 2.0
    """Weight of the mean squared turn, rad^2; as released."""


OUTLINE_ALONE = Terms()


@dataclass(frozen=True, eq=False)
class CameraGuess:
    """A camera through the middle of the photo, and how well a body before it agrees with the mask."""

    focal_px: float
    """In pixels of the whole photo."""
    t_pelvis_m: Float[Tensor, "3"]
    """The pelvis in the camera frame."""
    iou: float
    """Of outline and mask, in the window around the mask and inside the photo."""
    turns_rad: Float[Tensor, "J 3"] | None = None
    """How far each joint was turned, where the pose was free."""
    loss: float = math.inf
    """What the solver minimises: 1 - IoU and the other terms, if there are any."""

    @classmethod
    def of_camera(cls, camera: Camera, pelvis_m: Float[Tensor, "3"]) -> "CameraGuess":
        """Any camera as the solver knows cameras, with the pelvis where that camera sees it.

        Args:
            camera: of any kind, read as a perspective one, and with any principal point.
            pelvis_m: the pelvis in the body's frame.
        """
        camera = camera.as_kind("perspective")
        t_m = camera.to_camera_m(pelvis_m.detach()).cpu().float()
        height, width = camera.size_hw
        # About the photo's middle the pelvis has to stand elsewhere to be seen at the same place.
        shift_px = torch.tensor(camera.center_px) - torch.tensor([width / 2, height / 2])
        shift_m = torch.cat((shift_px * t_m[2] / camera.focal_px, torch.zeros(1)))
        return cls(camera.focal_px, t_m + shift_m, 0.0)

    def camera(self, size_hw: tuple[int, int], pelvis_m: Float[Tensor, "3"]) -> Camera:
        """As the rest of the workbench has it: with the body model's origin, not the pelvis, at its t.

        Args:
            size_hw: of the photo.
            pelvis_m: the pelvis in the body's frame, `mesh.joints_m[0]`.
        """
        t = self.t_pelvis_m.cpu() - pelvis_m.detach().cpu().float()
        return perspective_camera(size_hw, t, self.focal_px)


@dataclass(frozen=True, eq=False)
class Unknowns:
    """Where a solver is."""

    lens: Float[Tensor, "3"]
    """log f / side and the pelvis' offset (u, v) from the principal point in sides of the window."""
    tz_m: Float[Tensor, ""]
    turns_rad: Float[Tensor, "J 3"] | None = None


@dataclass(frozen=True, eq=False)
class Objective:
    """The mask's window, the body, and what counts."""

    body: PosedBody
    window: Window
    size_hw: tuple[int, int]
    tz_m: float
    """As given."""
    keypoints_px: Float[Tensor, "K 3"] | None = None
    terms: Terms = OUTLINE_ALONE

    def __call__(self, at: Unknowns) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
        """Loss and IoU, both differentiable in the unknowns."""
        body = self.body_at(at)
        depth_m = body.vertices_m[:, 2] + at.tz_m
        xy = self.window.to_window_px(self._project(body.vertices_m, at))
        iou = silhouette_iou(xy, depth_m.detach(), body.faces, self.window.target, self.window.seen.float())
        loss, terms = 1 - iou, self.terms
        if terms.keypoints and self.keypoints_px is not None and body.landmarks_m is not None:
            off = (self._project(body.landmarks_m, at) - self.keypoints_px[:, :2]).abs().mean(-1)
            sure = self.keypoints_px[:, 2]
            loss = (
                loss
                + terms.keypoints * (sure * off).sum() / sure.sum().clamp_min(1e-6) / self.window.person_px
            )
        if terms.free_tz:
            loss = loss + terms.tz * (at.tz_m - self.tz_m).abs()
        if at.turns_rad is not None:
            loss = loss + terms.pose * at.turns_rad.square().mean()
        return loss, iou

    @torch.no_grad()
    def outline(self, at: Unknowns) -> Bool[Tensor, "S S"]:
        """The window's pixels that the body covers, and the photo has."""
        body = self.body_at(at)
        xy = self.window.to_window_px(self._project(body.vertices_m, at))
        size = self.window.target.shape
        return covered(xy, body.vertices_m[:, 2] + at.tz_m, body.faces, (size[0], size[1])) & self.window.seen

    def body_at(self, at: Unknowns) -> PosedBody:
        """The body in the pose of the unknowns."""
        if at.turns_rad is None or self.body.turned is None:
            return self.body
        return self.body.turned(at.turns_rad)

    def guess(self, at: Unknowns, loss: float, iou: float) -> CameraGuess:
        """The unknowns as a camera, with what was found of them."""
        focal = self.window.side_px * at.lens[0].detach().exp()
        tz = at.tz_m.detach()
        t = torch.stack((*(at.lens[1:].detach() * self.window.side_px * tz / focal), tz))
        turns = None if at.turns_rad is None else at.turns_rad.detach().clone().cpu()
        return CameraGuess(float(focal), t.cpu(), iou, turns, loss)

    def unknowns(self, focal_px: float, t_pelvis_m: Float[Tensor, "3"]) -> Unknowns:
        """A camera as unknowns: at the given Tz, with the body as large and the pelvis where it was."""
        like, side = self.body.vertices_m, self.window.side_px
        own_tz_m = max(float(t_pelvis_m[2]), MIN_DEPTH_M)
        low, high = self.log_focal_range
        log_focal = min(max(math.log(focal_px / own_tz_m * self.tz_m / side), low), high)
        u, v = (focal_px * t / own_tz_m / side for t in t_pelvis_m[:2].tolist())
        return Unknowns(like.new_tensor([log_focal, u, v]), like.new_tensor(self.tz_m))

    @property
    def log_focal_range(self) -> tuple[float, float]:
        """What log f / side is held within: lenses that exist."""
        low, high = (share * diagonal_focal_px(self.size_hw) / self.window.side_px for share in FOCAL_RANGE)
        return math.log(low), math.log(high)

    def _project(self, points_m: Float[Tensor, "N 3"], at: Unknowns) -> Float[Tensor, "N 2"]:
        """Points about the pelvis to pixels of the photo."""
        height, width = self.size_hw
        focal, side = self.window.side_px * at.lens[0].exp(), self.window.side_px
        near = (points_m[:, 2:] + at.tz_m).clamp_min(MIN_DEPTH_M)
        xy = (focal * points_m[:, :2] + at.lens[1:] * side * at.tz_m) / near
        return xy + xy.new_tensor((width / 2, height / 2))
