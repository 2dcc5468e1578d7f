"""Several people with BlazePose, which by itself follows one.

The detector looks at the whole photo first and then at smaller and smaller squares. Every person found is
painted over before the next look, so that nobody is found twice and the one behind comes into view; squares in
which nothing was painted since the last look need no other.
"""

from dataclasses import dataclass
from functools import cached_property
from os import PathLike

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Bool, Float, UInt8
from PIL import Image, ImageFilter
from torch import Tensor

from workbench import weights
from workbench.image.blazepose_nets import (
    DETECTOR_SIZE,
    LANDMARK_SIZE,
    LANDMARKS,
    ROI_MARGIN,
    Detector,
    Landmarker,
    Landmarks,
)
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.image.roi import Pyramid, Roi, grid_px, paste_mask, sample
from workbench.image.tiles import tiles, weighted_nms, whole

MIN_DETECTION = 0.5
MIN_PERSON = 0.5
MIN_ROI_PX = 24.0
SAME_CIRCLE = 0.3
SCALES = (1.0, 0.75, 0.5)
MAX_LOOKS = 4
SMALL_SIDE_PX = 320
OUTSIDE_VISIBILITY = 0.1


class BlazePoseFinder:
    """Finds people, their 33 landmarks in 2D and 3D, and their masks, with BlazePose's two networks.

    Args:
        folder: where the two .tflite files are; None searches as workbench.weights says.

    Raises:
        WeightsMissing: the files are not on this machine.
    """

    def __init__(self, folder: str | PathLike[str] | None = None) -> None:
        self._detect = Detector(weights.find("pose_detection", folder))
        self._landmark = Landmarker(weights.find("pose_landmark_full", folder))

    def find(self, photo: Photo) -> list[Person]:
        """Everyone in the photo, the largest first."""
        scene = _Scene(photo.rgb)
        found: list[_Found] = []
        for squares in _looks(photo.size_hw):
            for _ in range(MAX_LOOKS):
                new = self._look(scene, squares, found)
                if not new:
                    break
                found += new
                for one in new:
                    scene.hide(one.small_mask)
                squares = [roi for roi in squares if any(_touches(roi, one.landmarks.roi) for one in new)]
        people = [_person(one, photo.size_hw) for one in found]
        return sorted(people, key=lambda p: -_area(p.box_px))

    def _look(self, scene: "_Scene", squares: list[Roi], found: list["_Found"]) -> list["_Found"]:
        """The people that are new in these squares."""
        seen = [
            (roi, self._detect(scene.read(roi, DETECTOR_SIZE, "zeros"), MIN_DETECTION)) for roi in squares
        ]
        score, hips, top = weighted_nms(
            np.concatenate([d.score for _, d in seen]),
            np.concatenate([roi.to_photo_px(d.hips) for roi, d in seen]),
            np.concatenate([roi.to_photo_px(d.top) for roi, d in seen]),
            SAME_CIRCLE,
        )
        new: list[_Found] = []
        for s, h, t in zip(score, hips, top, strict=True):
            roi = Roi.upright_from(h, t, ROI_MARGIN)
            if roi.side_px < MIN_ROI_PX:
                continue
            landmarks = self._landmarks(scene, roi)
            if landmarks is None:
                continue
            small = paste_mask(landmarks.mask, landmarks.roi, scene.small_hw, scene.small_scale)
            one = _Found(float(s), landmarks, small)
            if _plausible(one) and not any(_same(one, other) for other in found + new):
                new.append(one)
        return new

    def _landmarks(self, scene: "_Scene", roi: Roi) -> Landmarks | None:
        """Landmarks of whoever is in a region, read again in the region they ask for."""
        first = self._landmark(scene.read(roi, LANDMARK_SIZE, "border"), roi)
        if first.score < MIN_PERSON:
            return None
        roi = first.next_roi()
        if roi.side_px < MIN_ROI_PX:
            return None
        second = self._landmark(scene.read(roi, LANDMARK_SIZE, "border"), roi)
        return second if second.score >= MIN_PERSON else None


@dataclass(frozen=True, eq=False)
class _Found:
    detection: float
    landmarks: Landmarks
    small_mask: np.ndarray

    @cached_property
    def visible_px(self) -> np.ndarray:
        lm = self.landmarks
        return lm.points_px[:LANDMARKS][lm.visibility[:LANDMARKS] > 0.5]

    @cached_property
    def box_px(self) -> np.ndarray:
        points = self.visible_px if len(self.visible_px) >= 3 else self.landmarks.points_px[:LANDMARKS]
        return np.concatenate((points.min(axis=0), points.max(axis=0)))


class _Scene:
    """A photo in which people can be painted over with a blurred, grey copy of itself."""

    def __init__(self, rgb: UInt8[np.ndarray, "H W 3"]) -> None:
        self._pyramid = Pyramid(rgb)
        height, width = rgb.shape[:2]
        self.small_scale = min(1.0, SMALL_SIDE_PX / max(height, width))
        self.small_hw = (max(round(height * self.small_scale), 1), max(round(width * self.small_scale), 1))
        self._rgb = rgb
        self._hidden = np.zeros(self.small_hw, dtype=bool)
        self._paint: Tensor | None = None

    def hide(self, small_mask: Bool[np.ndarray, "h w"]) -> None:
        """Paint over a person."""
        self._hidden |= small_mask
        size = (self.small_hw[1], self.small_hw[0])
        small = Image.fromarray(self._rgb).resize(size, Image.Resampling.BILINEAR, reducing_gap=1.5)
        blurred = np.asarray(small.filter(ImageFilter.GaussianBlur(12)), dtype=np.float32) / 255
        paint = 0.5 * blurred + 0.25
        cover = Image.fromarray((self._hidden * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(5))
        cover = np.asarray(cover.filter(ImageFilter.GaussianBlur(1.5)), dtype=np.float32) / 255
        self._paint = torch.from_numpy(np.dstack((paint, cover))).permute(2, 0, 1)

    def read(self, roi: Roi, size: int, beyond: str) -> Float[Tensor, "3 S S"]:
        """A square as it looks now."""
        picture = self._pyramid.read(roi, size, beyond)
        if self._paint is None:
            return picture
        over = sample(self._paint, grid_px(roi, size) * self.small_scale, "border")
        inside = F.pad(over[3:], (0, 0))
        return picture * (1 - inside) + over[:3] * inside


def _looks(size_hw: tuple[int, int]) -> list[list[Roi]]:
    short, long = min(size_hw), max(size_hw)
    looks = [[whole(size_hw)]]
    for scale in SCALES:
        if scale * short < 0.9 * long and scale * short >= 96:
            looks.append(tiles(size_hw, scale * short))
    return looks


def _touches(a: Roi, b: Roi) -> bool:
    ax0, ay0, ax1, ay1 = a.bounds_px()
    bx0, by0, bx1, by1 = b.bounds_px()
    return ax0 < bx1 and bx0 < ax1 and ay0 < by1 and by0 < ay1


def _plausible(one: _Found) -> bool:
    height, width = one.small_mask.shape
    scale = one.landmarks.roi.side_px
    points = one.visible_px
    if len(points) < 6 or scale <= 0:
        return False
    return bool(one.small_mask.any())


def _same(a: _Found, b: _Found) -> bool:
    both = np.logical_and(a.small_mask, b.small_mask).sum()
    smaller = min(a.small_mask.sum(), b.small_mask.sum())
    union = np.logical_or(a.small_mask, b.small_mask).sum()
    return bool(both > 0.5 * union or both > 0.75 * smaller)


def _person(one: _Found, size_hw: tuple[int, int]) -> Person:
    height, width = size_hw
    lm = one.landmarks
    mask = paste_mask(lm.mask, lm.roi, size_hw)
    points = lm.points_px[:LANDMARKS]
    inside = ((points >= 0) & (points <= (width, height))).all(axis=1)
    visibility = np.where(
        inside, lm.visibility[:LANDMARKS], np.minimum(lm.visibility[:LANDMARKS], OUTSIDE_VISIBILITY)
    )
    keypoints = np.column_stack((points, visibility))
    return Person(
        box_px=torch.from_numpy(_box(keypoints, mask)).float(),
        score=one.detection * lm.score,
        keypoints_px=torch.from_numpy(keypoints).float(),
        keypoints_m=torch.from_numpy(lm.world_m[:LANDMARKS]).float(),
        mask=torch.from_numpy(mask),
    )


def _box(keypoints: np.ndarray, mask: np.ndarray) -> np.ndarray:
    points = keypoints[keypoints[:, 2] > 0.5, :2]
    points = points if len(points) else keypoints[:, :2]
    low, high = points.min(axis=0), points.max(axis=0)
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if len(columns):
        low = np.minimum(low, (columns[0], rows[0]))
        high = np.maximum(high, (columns[-1] + 1, rows[-1] + 1))
    return np.concatenate((low, high))


def _area(box: Tensor) -> float:
    return float((box[2] - box[0]) * (box[3] - box[1]))
