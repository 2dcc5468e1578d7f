"""Several people with BlazePose, which by itself follows one.

The detector looks at the whole photo first and then at squares half as long. Every person found is painted over
before the next look, so that nobody is found twice and the one behind comes into view; squares in which nothing
was painted since the last look need no other.

The networks were made to follow one person in a video, not to say whether anyone is there, and none of their own
scores tells people from shrubs, chairs and cats. So a person must also pass a test that they were not trained
for: the detector, shown the spot that the landmarks point at from nearer and farther, has to agree with them.
"""

from dataclasses import dataclass
from os import PathLike

import numpy as np
import torch
from jaxtyping import Bool, Float

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
from workbench.image.roi import Roi, paste_mask
from workbench.image.scene import Scene
from workbench.image.tiles import circle_overlap, tiles, weighted_nms, whole

SIGHT = 0.4  # weakest detection worth reading landmarks
SURE = 0.45  # smallest confidence of a person
SAME_CIRCLE = 0.3
ZOOMS = (1.5, 1.0, 2.0)
MIN_PRESENCE = 0.5
MIN_INSIDE = 0.5
SHOULDERS_M = 0.25
STEADY = 0.05
MAX_LOOKS = 4
MIN_ROI_PX = 32.0
MIN_TILE_PX = 96
OUTSIDE_VISIBILITY = 0.1
LEFT_SHOULDER, RIGHT_SHOULDER = 11, 12


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
        scene = Scene(photo.rgb)
        found: list[_Found] = []
        for squares in _views(photo.size_hw):
            for _ in range(MAX_LOOKS):
                new = self._look(scene, squares, found)
                for one in new:
                    scene.hide(one.small_mask)
                found += new
                squares = [roi for roi in squares if any(roi.touches(one.landmarks.roi) for one in new)]
                if not squares:
                    break
        people = [_person(one, photo.size_hw) for one in found]
        return sorted(people, key=lambda p: -float((p.box_px[2:] - p.box_px[:2]).prod()))

    def _look(self, scene: Scene, squares: list[Roi], found: list["_Found"]) -> list["_Found"]:
        """The people who are new in these squares."""
        is_whole = len(squares) == 1
        new: list[_Found] = []
        for score, hips, top in self._candidates(scene, squares):
            roi = Roi.upright_from(hips, top, ROI_MARGIN)
            if any(_same_roi(roi, other.landmarks.roi) for other in new):
                continue
            one = self._judge(scene, score, roi, is_whole)
            if one and not any(_same_mask(one.small_mask, other.small_mask) for other in found + new):
                new.append(one)
        return new

    def _candidates(self, scene: Scene, squares: list[Roi]):
        seen = [(roi, self._detect(scene.read(roi, DETECTOR_SIZE, "zeros"), SIGHT)) for roi in squares]
        merged = weighted_nms(
            np.concatenate([d.score for _, d in seen]),
            np.concatenate([roi.to_photo_px(d.hips) for roi, d in seen]),
            np.concatenate([roi.to_photo_px(d.top) for roi, d in seen]),
            SAME_CIRCLE,
        )
        return zip(*merged, strict=True)

    def _judge(self, scene: Scene, score: float, roi: Roi, is_whole: bool) -> "_Found | None":
        """Landmarks of the person around whom this region was drawn, if it is one."""
        if roi.side_px < MIN_ROI_PX:
            return None
        landmarks = self._steady_landmarks(scene, roi)
        if landmarks is None:
            return None
        certainty = _certainty(landmarks)
        if certainty < SURE:
            return None
        if not (is_whole and certainty * score >= SURE):
            second = self._sighting(scene, landmarks.next_roi())
            score = max(score, second) if is_whole else (score + second) / 2
        confidence = certainty * score
        if confidence < SURE:
            return None
        small = paste_mask(landmarks.mask, landmarks.roi, scene.small_hw, scene.small_scale)
        return _Found(confidence, landmarks, small) if small.any() else None

    def _sighting(self, scene: Scene, roi: Roi) -> float:
        """How sure the detector is of the person in a region, seen upright from several distances."""
        best = 0.0
        for zoom in ZOOMS:
            seen = self._detect(scene.read(roi.grown(zoom), DETECTOR_SIZE, "zeros"), SIGHT)
            circles = np.column_stack((seen.hips, np.hypot(*(seen.top - seen.hips).T)))
            expected = np.array([0.5, 0.5, 0.5 / ROI_MARGIN / zoom])
            best = max(
                best, float(seen.score[circle_overlap(expected, circles) > SAME_CIRCLE].max(initial=0.0))
            )
        return best

    def _steady_landmarks(self, scene: Scene, roi: Roi) -> Landmarks | None:
        """Landmarks read again in the region that they ask for themselves, until they stay."""
        before = None
        for _ in range(3):
            if roi.side_px < MIN_ROI_PX:
                return None
            now = self._landmark(scene.read(roi, LANDMARK_SIZE, "border"), roi)
            if now.score < MIN_PRESENCE:
                return None
            if before is not None and _moved(before, now) < STEADY:
                return now
            before, roi = now, now.next_roi()
        return before


@dataclass(frozen=True, eq=False)
class _Found:
    confidence: float
    landmarks: Landmarks
    small_mask: Bool[np.ndarray, "h w"]


def _views(size_hw: tuple[int, int]) -> list[list[Roi]]:
    """Where to look: the whole photo, then overlapping squares half as long."""
    half = min(max(size_hw) / 2, 0.75 * min(size_hw))
    return [[whole(size_hw)]] + ([tiles(size_hw, half)] if half >= MIN_TILE_PX else [])


def _certainty(landmarks: Landmarks) -> float:
    """0..1: presence, how decided the mask is, and shoulders as wide as a person's.

    The world landmarks are in metres; where there is nobody, the network folds its skeleton up.
    """
    visible = landmarks.visibility[:LANDMARKS] > 0.5
    if landmarks.inside_mask()[:LANDMARKS][visible].sum() < MIN_INSIDE * max(visible.sum(), 1):
        return 0.0
    decided = landmarks.mask[landmarks.mask > 0.5]
    shoulders_m = np.linalg.norm(landmarks.world_m[LEFT_SHOULDER] - landmarks.world_m[RIGHT_SHOULDER])
    return float(landmarks.score * decided.mean() * min(shoulders_m / SHOULDERS_M, 1))


def _moved(a: Landmarks, b: Landmarks) -> float:
    """How far the visible landmarks are from where they were, in sides of the region."""
    visible = b.visibility[:LANDMARKS] > 0.5
    steps = np.linalg.norm(a.points_px - b.points_px, axis=1)[:LANDMARKS][visible]
    return float(np.sqrt((steps**2).mean()) / b.roi.side_px) if len(steps) else 0.0


def _same_roi(a: Roi, b: Roi) -> bool:
    circles = np.array([[*b.center_px, b.side_px / 2]])
    return bool(circle_overlap(np.array([*a.center_px, a.side_px / 2]), circles)[0] > 0.6)


def _same_mask(a: Bool[np.ndarray, "h w"], b: Bool[np.ndarray, "h w"]) -> bool:
    both = (a & b).sum()
    return bool(both > 0.5 * (a | b).sum() or both > 0.75 * min(a.sum(), b.sum()))


def _person(one: _Found, size_hw: tuple[int, int]) -> Person:
    height, width = size_hw
    read = one.landmarks
    mask = paste_mask(read.mask, read.roi, size_hw)
    points, visibility = read.points_px[:LANDMARKS], read.visibility[:LANDMARKS]
    inside = ((points >= 0) & (points <= (width, height))).all(axis=1)
    visibility = np.where(inside, visibility, np.minimum(visibility, OUTSIDE_VISIBILITY))
    keypoints = np.column_stack((points, visibility))
    return Person(
        box_px=torch.from_numpy(_box(keypoints, mask)).float(),
        score=one.confidence,
        keypoints_px=torch.from_numpy(keypoints).float(),
        keypoints_m=torch.from_numpy(read.world_m[:LANDMARKS]).float(),
        mask=torch.from_numpy(mask),
    )


def _box(keypoints: Float[np.ndarray, "33 3"], mask: Bool[np.ndarray, "H W"]) -> Float[np.ndarray, "4"]:
    points = keypoints[keypoints[:, 2] > 0.5, :2]
    points = points if len(points) else keypoints[:, :2]
    low, high = points.min(axis=0), points.max(axis=0)
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if len(columns):
        reach = 0.3 * (high - low).max()
        low = np.minimum(low, np.maximum((columns[0], rows[0]), low - reach))
        high = np.maximum(high, np.minimum((columns[-1] + 1, rows[-1] + 1), high + reach))
    return np.concatenate((low, high))
