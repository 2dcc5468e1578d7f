"""The cameras of six systems, said in one language.

Networks that look at a crop answer with three numbers (s, tx, ty): weak perspective, x = s (X + t), where x
runs from -1 to 1 across the crop. The numbers say how large the body is and where, but not how far away: any
focal length f goes with the depth Tz = 2 f / (b s), b being the crop's side in photo pixels. Each system
fills that gap with a focal length of its own, and two of them also take the crop for the whole picture:

    system    its numbers        focal length                          principal point
    HMR'18    s (X + t)          500 px before a crop of 224 px        middle of the crop
    SPIN      s (X + t)          5000 px before a crop of 224 px       middle of the crop
    HMR2.0    s (X + t)          5000 px before a photo of 256 px      middle of the photo
    CLIFF     s (X + t)          the photo's diagonal                  middle of the photo
    ROMP      s X + t, of the    443.4 px before a photo of 512 px,    middle of the photo
              padded photo       which is 60 degrees
    BLADE     f, Tx, Ty, Tz      solved for                            middle of the photo

At weak perspective all draw the same picture; `as_kind("weak")` of every camera made here shows it.

Sources: akanazawa/hmr src/util/renderer.py; nkolot/SPIN demo.py; shubham-goel/4D-Humans
hmr2/utils/renderer.py; CLIFF (Li et al., ECCV 2022) and haofanwang/CLIFF common/utils.py; Arthur151/ROMP
simple_romp/romp/utils.py; BLADE (Wang et al., CVPR 2025).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.geometry.camera import Camera, diagonal_focal_px

HMR_FOCAL, SPIN_FOCAL, HMR_CROP = 500.0, 5000.0, 224
HMR2_FOCAL, HMR2_CROP = 5000.0, 256
ROMP_FOCAL, ROMP_INPUT = 443.4, 512


@dataclass(frozen=True)
class CropCamera:
    """Weak perspective in a square window of the photo: x = scale (X + t), -1 to 1 across the window."""

    scale: float
    """Half windows per metre."""
    tx_m: float
    ty_m: float
    """Added to the body's x (right) and y (down) before scaling."""
    center_px: tuple[float, float]
    """Middle of the window in the photo."""
    side_px: float
    """Side b of the window in the photo."""

    def __post_init__(self) -> None:
        if not (self.scale > 0 and self.side_px > 0):
            raise ValueError(
                f"A crop camera needs a positive scale and side; got scale {self.scale:g} and side "
                f"{self.side_px:g} px. A network that answers s <= 0 has failed on this crop."
            )

    @classmethod
    def of(cls, camera: Camera, center_px: tuple[float, float], side_px: float) -> "CropCamera":
        """What a camera of the full photo looks like in a window: its weak perspective at the body's depth.

        The inverse of `full_frame`.
        """
        weak = camera.as_kind("weak")
        tx, ty, tz = (float(v) for v in weak.t_camera_body_m)
        if tz <= 0:
            raise ValueError(f"A body at Tz = {tz:g} m is not in front of the camera and has no crop.")
        pixels_per_m = weak.focal_px / tz
        return cls(
            2 * pixels_per_m / side_px,
            tx - (center_px[0] - weak.center_px[0]) / pixels_per_m,
            ty - (center_px[1] - weak.center_px[1]) / pixels_per_m,
            center_px,
            side_px,
        )

    @property
    def pixels_per_m(self) -> float:
        """Photo pixels per metre at the body."""
        return self.scale * self.side_px / 2

    def project(self, points_body_m: Float[Tensor, "*b 3"]) -> Float[Tensor, "*b 2"]:
        """Body points (m) to window coordinates in [-1, 1]."""
        return self.scale * (points_body_m[..., :2] + points_body_m.new_tensor((self.tx_m, self.ty_m)))

    def project_px(self, points_body_m: Float[Tensor, "*b 3"]) -> Float[Tensor, "*b 2"]:
        """Body points (m) to photo pixels."""
        return self.project(points_body_m) * (self.side_px / 2) + points_body_m.new_tensor(self.center_px)

    def in_window(self, center_px: tuple[float, float], side_px: float) -> "CropCamera":
        """The same picture described in another window."""
        return CropCamera(
            self.scale * self.side_px / side_px,
            self.tx_m + (self.center_px[0] - center_px[0]) / self.pixels_per_m,
            self.ty_m + (self.center_px[1] - center_px[1]) / self.pixels_per_m,
            center_px,
            side_px,
        )

    def full_frame(
        self, focal_px: float, size_hw: tuple[int, int], principal_px: tuple[float, float] | None = None
    ) -> Camera:
        """The perspective camera of this focal length that shows the body as large and in the same place.

        Tz = 2 f / (b s), Tx = tx + 2 (cx - W / 2) / (b s), and so for y (CLIFF).

        Args:
            focal_px: in pixels of the photo.
            size_hw: of the photo.
            principal_px: None means the middle of the photo.
        """
        height, width = size_hw
        principal = (width / 2, height / 2) if principal_px is None else principal_px
        t = torch.tensor(
            [
                self.tx_m + (self.center_px[0] - principal[0]) / self.pixels_per_m,
                self.ty_m + (self.center_px[1] - principal[1]) / self.pixels_per_m,
                focal_px / self.pixels_per_m,
            ]
        )
        return Camera("perspective", focal_px, principal, size_hw, t)


def from_hmr(numbers: Float[Tensor, "3"], center_px: tuple[float, float], side_px: float) -> CropCamera:
    """(s, tx, ty) as HMR'18, SPIN, ProHMR, CLIFF, HMR2.0 and TokenHMR predict them for a crop."""
    s, tx, ty = (float(v) for v in numbers)
    return CropCamera(s, tx, ty, center_px, side_px)


def to_hmr(camera: CropCamera) -> Float[Tensor, "3"]:
    """Inverse of `from_hmr`."""
    return torch.tensor([camera.scale, camera.tx_m, camera.ty_m])


def from_romp(numbers: Float[Tensor, "3"], size_hw: tuple[int, int]) -> CropCamera:
    """(s, tx, ty) of s X + t, for the whole photo padded to a square."""
    s, tx, ty = (float(v) for v in numbers)
    if s <= 0:
        raise ValueError(f"ROMP's scale is 1.1 to some power, so it is positive; got {s:g}.")
    return CropCamera(s, tx / s, ty / s, *padded_square(size_hw))


def to_romp(camera: CropCamera, size_hw: tuple[int, int]) -> Float[Tensor, "3"]:
    """Inverse of `from_romp`; a camera of any window is brought to the padded photo first."""
    whole = camera.in_window(*padded_square(size_hw))
    return torch.tensor([whole.scale, whole.scale * whole.tx_m, whole.scale * whole.ty_m])


def from_blade(focal_px: float, t_m: Float[Tensor, "3"], size_hw: tuple[int, int]) -> Camera:
    """BLADE's answer is a camera already: f and (Tx, Ty, Tz) of the photo, looking through its middle.

    T is where its solver puts the body's origin; the network's own depth is the pelvis's: see `blade_camera`.
    """
    height, width = size_hw
    return Camera("perspective", focal_px, (width / 2, height / 2), size_hw, t_m)


def to_blade(camera: Camera) -> tuple[float, Float[Tensor, "3"]]:
    """Inverse of `from_blade`; a principal point off the middle becomes a shift at the body's depth."""
    height, width = camera.size_hw
    crop = CropCamera.of(camera, (width / 2, height / 2), float(max(height, width)))
    moved = crop.full_frame(camera.tz_m * crop.pixels_per_m, camera.size_hw)
    return moved.focal_px, moved.t_camera_body_m


def padded_square(size_hw: tuple[int, int]) -> tuple[tuple[float, float], float]:
    """Middle and side, in photo pixels, of ROMP's input: the photo with zeros added around its middle.

    An odd number of zeros puts the smaller half first, so the middle can be half a pixel off the photo's.
    """
    height, width = size_hw
    side = max(height, width)
    return (side / 2 - (side - width) // 2, side / 2 - (side - height) // 2), float(side)


def hmr_camera(crop: CropCamera, size_hw: tuple[int, int]) -> Camera:
    """HMR'18: a lens of 500 px before a crop of 224, as if the crop were the picture."""
    return crop.full_frame(HMR_FOCAL * crop.side_px / HMR_CROP, size_hw, crop.center_px)


def spin_camera(crop: CropCamera, size_hw: tuple[int, int]) -> Camera:
    """SPIN: a lens of 5000 px before a crop of 224, as if the crop were the picture."""
    return crop.full_frame(SPIN_FOCAL * crop.side_px / HMR_CROP, size_hw, crop.center_px)


def hmr2_camera(crop: CropCamera, size_hw: tuple[int, int]) -> Camera:
    """HMR2.0 and TokenHMR: 5000 px before 256, stretched to the photo's longer side."""
    return crop.full_frame(HMR2_FOCAL / HMR2_CROP * max(size_hw), size_hw)


def cliff_camera(crop: CropCamera, size_hw: tuple[int, int]) -> Camera:
    """CLIFF: the photo's diagonal as focal length."""
    return crop.full_frame(diagonal_focal_px(size_hw), size_hw)


def romp_camera(crop: CropCamera, size_hw: tuple[int, int]) -> Camera:
    """ROMP: 60 degrees across the padded photo. (ROMP itself then refits t to 24 joints by PnP.)"""
    center, side = padded_square(size_hw)
    return crop.full_frame(ROMP_FOCAL / ROMP_INPUT * side, size_hw, center)


def blade_camera(
    crop: CropCamera, size_hw: tuple[int, int], pelvis_depth_m: float, pelvis_z_m: float
) -> Camera:
    """BLADE: the depth is known first, and the focal length follows from the size in the picture.

    Its network answers with the depth of the PELVIS; Tz is that of the body's origin, a few centimetres off.

    Args:
        crop: how large the body is, and where.
        size_hw: of the photo.
        pelvis_depth_m: the network's answer, in front of the camera.
        pelvis_z_m: z of the pelvis in the body that `crop` speaks of, `mesh.joints_m[0, 2]`.

    Raises:
        ValueError: the body's origin would not be in front of the camera.
    """
    tz_m = pelvis_depth_m - pelvis_z_m
    if not tz_m > 0:
        raise ValueError(
            f"Tz is the distance to the body's origin and must be positive; a pelvis {pelvis_depth_m:g} m in "
            f"front of the camera and {pelvis_z_m:g} m behind that origin gives {tz_m:g} m."
        )
    return crop.full_frame(tz_m * crop.pixels_per_m, size_hw)


CAMERAS: Mapping[str, Callable[[CropCamera, tuple[int, int]], Camera]] = {
    "HMR'18": hmr_camera,
    "SPIN": spin_camera,
    "HMR2.0": hmr2_camera,
    "CLIFF": cliff_camera,
    "ROMP": romp_camera,
}
"""Each system's perspective camera for one and the same crop camera; BLADE needs a depth besides."""
