"""One camera for the whole project: three projections, one set of numbers.

The camera frame is OpenCV's: x right, y down, z forward. Image coordinates are continuous, the picture spans
0..W by 0..H, and the centre of its first pixel is (0.5, 0.5).
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

import torch
from jaxtyping import Float
from torch import Tensor

Projection = Literal["perspective", "weak", "orthographic"]
MIN_DEPTH_M = 1e-3  # a point at or behind the lens has no picture; it is projected as if this far in front
FULL_FRAME_WIDTH_MM = 36.0
FOCAL_RANGE = (0.05, 100.0)  # of the diagonal: wider than any fisheye, longer than any telephoto


@dataclass(frozen=True, eq=False)
class Camera:
    """Where the body stands and how it is projected.

    perspective   x = f (X + Tx) / (Z + Tz) + cx        every point has its own depth
    weak          x = f (X + Tx) / Tz + cx              one depth for the whole body
    orthographic  x = f (X + Tx) + cx                   no depth at all: focal_px is read as pixels per metre
    """

    kind: Projection
    """Which of the three projections."""
    focal_px: float
    """Focal length in pixels of the full picture (orthographic: pixels per metre)."""
    center_px: tuple[float, float]
    """Principal point (x, y)."""
    size_hw: tuple[int, int]
    """Height and width of the picture."""
    t_camera_body_m: Float[Tensor, "3"]
    """Position of the body model's origin (not the pelvis) in the camera frame; [2] is Tz."""

    @property
    def tz_m(self) -> float:
        """Distance of the body's origin along the optical axis."""
        return float(self.t_camera_body_m[2].detach())

    @property
    def fov_rad(self) -> float:
        """Vertical field of view.

        Raises:
            ValueError: the camera is orthographic, its rays are parallel.
        """
        self._require_lens("a field of view")
        return 2 * math.atan(self.size_hw[0] / (2 * self.focal_px))

    @property
    def focal_mm(self) -> float:
        """35 mm equivalent: the lens that sees as much along the longer side of a 36 mm x 24 mm frame.

        Raises:
            ValueError: the camera is orthographic, it has no lens.
        """
        self._require_lens("a focal length in millimetres")
        return self.focal_px * FULL_FRAME_WIDTH_MM / max(self.size_hw)

    def to_camera_m(self, points_body_m: Float[Tensor, "*b 3"]) -> Float[Tensor, "*b 3"]:
        """Body points in the camera frame."""
        return points_body_m + self.t_camera_body_m.to(points_body_m)

    def project(self, points_body_m: Float[Tensor, "*b 3"]) -> Float[Tensor, "*b 2"]:
        """Body points (m) to image points (px)."""
        points = self.to_camera_m(points_body_m)
        center = points.new_tensor(self.center_px)
        if self.kind == "perspective":
            return self.focal_px * points[..., :2] / points[..., 2:].clamp_min(MIN_DEPTH_M) + center
        if self.kind == "weak":
            return (
                self.focal_px * points[..., :2] / self.t_camera_body_m[2].to(points).clamp_min(MIN_DEPTH_M)
                + center
            )
        return self.focal_px * points[..., :2] + center

    def as_kind(self, kind: Projection) -> "Camera":
        """The same camera with another projection that keeps the size of things at the body's depth."""
        if kind == self.kind:
            return self
        depth = max(self.tz_m, MIN_DEPTH_M)
        focal = self.focal_px
        if self.kind == "orthographic":
            focal *= depth
        if kind == "orthographic":
            focal /= depth
        return replace(self, kind=kind, focal_px=focal)

    def with_focal(self, focal_px: float, keep_size: bool = False) -> "Camera":
        """Another focal length; keep_size moves the body so that f / Tz stays (the dolly zoom).

        Raises:
            ValueError: keep_size with an orthographic camera.
        """
        t = self.t_camera_body_m
        if keep_size:
            self._require_lens("a distance that keeps the size")
            t = torch.stack((t[0], t[1], t[2] * (focal_px / self.focal_px)))
        return replace(self, focal_px=focal_px, t_camera_body_m=t)

    def _require_lens(self, what: str) -> None:
        if self.kind == "orthographic":
            raise ValueError(
                f"An orthographic camera has a scale ({self.focal_px:g} px per metre) and no lens, hence not "
                f'{what}. Ask `camera.as_kind("perspective")` for it, or change the scale itself.'
            )

    def window(self, left_px: float, top_px: float, size_hw: tuple[int, int], scale: float = 1.0) -> "Camera":
        """The camera of a part of the picture, drawn `scale` times as large.

        Args:
            left_px, top_px: the part's upper left corner in this picture.
            size_hw: the new picture's size in its own pixels.
            scale: new pixels per pixel of this picture.
        """
        x, y = self.center_px
        center = ((x - left_px) * scale, (y - top_px) * scale)
        return replace(self, focal_px=self.focal_px * scale, center_px=center, size_hw=size_hw)


def perspective_camera(
    size_hw: tuple[int, int], t_camera_body_m: Float[Tensor, "3"], focal_px: float | None = None
) -> Camera:
    """A perspective camera that looks through the middle of the picture; focal None means the diagonal."""
    height, width = size_hw
    focal = diagonal_focal_px(size_hw) if focal_px is None else focal_px
    return Camera("perspective", focal, (width / 2, height / 2), size_hw, t_camera_body_m)


def diagonal_focal_px(size_hw: tuple[int, int]) -> float:
    """The field's guess for an unknown lens: the picture's diagonal, about 53 degrees across (CLIFF)."""
    return math.hypot(*size_hw)


def focal_px_from_mm(focal_mm: float, size_hw: tuple[int, int]) -> float:
    """35 mm equivalent focal length, by EXIF's convention on the longer side, to pixels."""
    return focal_mm * max(size_hw) / FULL_FRAME_WIDTH_MM
