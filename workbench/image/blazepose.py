"""Several people with BlazePose, which by itself follows one.

The detector looks at the whole photo first and then at squares half as long. Everyone found is painted over
before the next look, so that nobody is found twice and whoever stands behind comes into view; squares in
which nothing was painted since the last look need no other.

The networks were made to follow one person in a video, not to say whether anyone is there: each of their
scores alone also calls shrubs, chairs and lamps people. So the detector is asked again about every doubtful
person, shown the spot that the landmarks point at upright and from three distances, and what the networks say
of presence, mask and body is multiplied into one confidence.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from os import PathLike

import numpy as np
import torch
from jaxtyping import Bool, Float
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
from workbench.image.boxes import area, checked_box, overlap
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.image.roi import Roi, paste_mask
from workbench.image.scene import Scene
from workbench.image.tiles import circle_overlap, tiles, weighted_nms, whole

MIN_SCORE = 0.4  # of a detection, to be looked at further
MIN_PRESENCE = 0.5  # of the landmark network
MIN_INSIDE = 0.5  # share of the visible landmarks that lie on the mask
SHOULDERS_M = 0.25  # from here on shoulders count as a person's; where nobody is, the skeleton folds up
MIN_CONFIDENCE = 0.4
MIN_CONFIDENCE_IN_TILES = 0.5  # many more squares, many more chances to see what is not there
SAME_CIRCLE = 0.3
ZOOMS = (1.0, 1.5, 2.0)
STEADY = 0.05  # of the region's side
MAX_READS = 3
MAX_LOOKS = 4
MIN_ROI_PX = 32.0
MAX_ROI_IN_TILES = 2.5  # of the tile's side: of larger people the whole photo shows more
MIN_TILE_PX = 96.0
MASK_REACH = 0.15  # of the region's side: how far beyond the landmarks a mask may widen the box
OUTSIDE_VISIBILITY = 0.1
BOX_MARGIN = 0.08  # of the longer side: how far beyond a box drawn by hand its person may reach
MIN_FIT = 0.3  # plausibility times overlap of the person found with the box drawn
MIN_IN_CONTEXT = 0.15  # plausibility of that person when nothing is covered
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
                squares = [square for square in squares if any(square.touches(one.roi) for one in new)]
                if not squares:
                    break
        people = [_person(one.landmarks, one.confidence, photo.size_hw) for one in found]
        return sorted(people, key=lambda person: -area(person.box_px))

    def describe(self, photo: Photo, box_px: Float[Tensor, "4"]) -> Person:
        """The person in a box drawn by hand: the box stays as drawn, the mask stays inside it.

        Landmarks and mask are left out when the landmark network sees nobody there.

        Raises:
            ValueError: the box is empty, not finite, or beside the photo.
        """
        box = checked_box(box_px, photo.size_hw)
        x0, y0, x1, y1 = box.tolist()
        around = Roi(((x0 + x1) / 2, (y0 + y1) / 2), ROI_MARGIN * max(x1 - x0, y1 - y0))
        scene, covered = Scene(photo.rgb), Scene(photo.rgb)
        covered.hide(~_box_mask(_grown(box, BOX_MARGIN) * covered.small_scale, covered.small_hw))
        seen = list(self._candidates(covered, [around.grown(zoom) for zoom in ZOOMS]))
        best, best_fit = None, MIN_FIT
        for roi in [around, *(Roi.upright_from(hips, top, ROI_MARGIN) for _, hips, top in seen[:2])]:
            for read in self._reads(covered, roi):
                small_mask = paste_mask(read.mask, read.roi, covered.small_hw, covered.small_scale)
                fit = _plausibility(read) * overlap(_box(read, small_mask, covered.small_scale), box)
                if read.score >= MIN_PRESENCE and fit > best_fit:
                    best, best_fit = read, fit
        # A cut-out of anything may look like a person; a person is still one with everything around.
        if best is None or _plausibility(self._read(scene, best.roi)) < MIN_IN_CONTEXT:
            return Person(box, 1.0)
        person = _person(best, 1.0, photo.size_hw)
        inside = torch.from_numpy(_box_mask(_grown(box, BOX_MARGIN), photo.size_hw))
        return replace(person, box_px=box, mask=inside if person.mask is None else inside & person.mask)

    def _look(self, scene: Scene, squares: list[Roi], found: list["_Found"]) -> list["_Found"]:
        """The people who are new in these squares."""
        is_tile = squares[0].side_px < max(scene.size_hw)
        new: list[_Found] = []
        for score, hips, top in self._candidates(scene, squares):
            roi = Roi.upright_from(hips, top, ROI_MARGIN)
            if is_tile and roi.side_px > MAX_ROI_IN_TILES * squares[0].side_px:
                continue
            one = self._judge(scene, score, roi, is_tile)
            if one and not any(_same(one.small_mask, other.small_mask) for other in found + new):
                new.append(one)
        return new

    def _candidates(
        self, scene: Scene, squares: list[Roi]
    ) -> Iterator[tuple[float, Float[np.ndarray, "2"], Float[np.ndarray, "2"]]]:
        """Score, hips and top of whoever the detector sees in these squares, the surest first."""
        seen = [(roi, self._detect(scene.read(roi, DETECTOR_SIZE, "zeros"), MIN_SCORE)) for roi in squares]
        score, hips, top = weighted_nms(
            np.concatenate([d.score for _, d in seen]),
            np.concatenate([roi.to_photo_px(d.hips) for roi, d in seen]),
            np.concatenate([roi.to_photo_px(d.top) for roi, d in seen]),
            SAME_CIRCLE,
        )
        return zip(score.tolist(), hips, top, strict=True)

    def _judge(self, scene: Scene, score: float, roi: Roi, is_tile: bool) -> "_Found | None":
        """The person around whom this region was drawn, if it is one."""
        threshold = MIN_CONFIDENCE_IN_TILES if is_tile else MIN_CONFIDENCE
        landmarks = self._steady_landmarks(scene, roi)
        if landmarks is None:
            return None
        plausibility = _plausibility(landmarks)
        if plausibility < threshold:
            return None
        if is_tile:
            score = (score + self._second_sight(scene, landmarks.next_roi())) / 2
        elif plausibility * score < threshold:
            score = max(score, self._second_sight(scene, landmarks.next_roi()))
        small_mask = paste_mask(landmarks.mask, landmarks.roi, scene.small_hw, scene.small_scale)
        if plausibility * score < threshold or not small_mask.any():
            return None
        return _Found(plausibility * score, landmarks, small_mask)

    def _steady_landmarks(self, scene: Scene, roi: Roi) -> Landmarks | None:
        """Landmarks that stay where they are when they are read again in the region they ask for."""
        before = None
        for now in self._reads(scene, roi):
            if now.score < MIN_PRESENCE:
                return None
            if before and _moved(before, now) < STEADY:
                return now
            before = now
        return before

    def _reads(self, scene: Scene, roi: Roi) -> Iterator[Landmarks]:
        """Landmarks in a region, then in the region that these ask for, and so on."""
        for _ in range(MAX_READS):
            if roi.side_px < MIN_ROI_PX:
                return
            read = self._read(scene, roi)
            yield read
            roi = read.next_roi()

    def _read(self, scene: Scene, roi: Roi) -> Landmarks:
        return self._landmark(scene.read(roi, LANDMARK_SIZE, "border"), roi)

    def _second_sight(self, scene: Scene, roi: Roi) -> float:
        """How sure the detector is of the person in a region when it is shown upright and well framed."""
        best = 0.0
        for zoom in ZOOMS:
            seen = self._detect(scene.read(roi.grown(zoom), DETECTOR_SIZE, "zeros"), MIN_SCORE)
            circles = np.column_stack((seen.hips, np.hypot(*(seen.top - seen.hips).T)))
            expected = np.array([0.5, 0.5, 0.5 / ROI_MARGIN / zoom])
            here = circle_overlap(expected, circles) > SAME_CIRCLE
            best = max(best, float(seen.score[here].max(initial=0.0)))
        return best


@dataclass(frozen=True, eq=False)
class _Found:
    confidence: float
    landmarks: Landmarks
    small_mask: Bool[np.ndarray, "h w"]

    @property
    def roi(self) -> Roi:
        return self.landmarks.roi


def _views(size_hw: tuple[int, int]) -> list[list[Roi]]:
    """Where to look: the whole photo, then overlapping squares of half its length."""
    side = min(max(size_hw) / 2, 0.75 * min(size_hw))
    return [[whole(size_hw)], *([tiles(size_hw, side)] if side >= MIN_TILE_PX else [])]


def _plausibility(landmarks: Landmarks) -> float:
    """0..1: presence, how decided the mask is, and how wide the shoulders are in metres."""
    visible = landmarks.visibility[:LANDMARKS] > 0.5
    on_mask = landmarks.on_mask()[:LANDMARKS] & visible
    if on_mask.sum() < MIN_INSIDE * visible.sum() or not visible.any():
        return 0.0
    decided = landmarks.mask[landmarks.mask > 0.5].mean()
    shoulders_m = np.linalg.norm(landmarks.world_m[LEFT_SHOULDER] - landmarks.world_m[RIGHT_SHOULDER])
    return float(landmarks.score * decided * min(shoulders_m / SHOULDERS_M, 1.0))


def _moved(a: Landmarks, b: Landmarks) -> float:
    """How far the landmarks that b sees are from where a saw them, in sides of the region."""
    visible = b.visibility[:LANDMARKS] > 0.5
    steps_px = np.linalg.norm(a.points_px - b.points_px, axis=1)[:LANDMARKS][visible]
    return float(np.sqrt((steps_px**2).mean())) / b.roi.side_px if len(steps_px) else 0.0


def _same(a: Bool[np.ndarray, "h w"], b: Bool[np.ndarray, "h w"]) -> bool:
    """Whether two masks show one person: half of both together, or most of the smaller one, is shared."""
    both = (a & b).sum()
    return bool(both > 0.5 * (a | b).sum() or both > 0.75 * min(a.sum(), b.sum()))


def _person(read: Landmarks, score: float, size_hw: tuple[int, int]) -> Person:
    height, width = size_hw
    points, visibility = read.points_px[:LANDMARKS], read.visibility[:LANDMARKS]
    inside = ((points >= 0) & (points <= (width, height))).all(axis=1)
    visibility = np.where(inside, visibility, np.minimum(visibility, OUTSIDE_VISIBILITY))
    mask = paste_mask(read.mask, read.roi, size_hw)
    return Person(
        box_px=_box(read, mask),
        score=score,
        keypoints_px=torch.from_numpy(np.column_stack((points, visibility))).float(),
        keypoints_m=torch.from_numpy(read.world_m[:LANDMARKS]).float(),
        mask=torch.from_numpy(mask),
    )


def _box(read: Landmarks, mask: Bool[np.ndarray, "h w"], scale: float = 1.0) -> Float[Tensor, "4"]:
    """The box around the visible landmarks, widened to the mask, but not far: masks leak, landmarks do not.

    Args:
        read: the landmarks.
        mask: the person's pixels in the photo, or in a smaller one.
        scale: mask pixels per photo pixel.
    """
    points, visible = read.points_px[:LANDMARKS], read.visibility[:LANDMARKS] > 0.5
    frame = np.array(mask.shape[::-1]) / scale
    visible &= ((points >= 0) & (points <= frame)).all(axis=1)
    points = points[visible] if visible.any() else points
    low, high = points.min(axis=0), points.max(axis=0)
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    if len(columns):
        reach_px = MASK_REACH * read.roi.side_px
        first, last = np.array([[columns[0], rows[0]], [columns[-1] + 1, rows[-1] + 1]]) / scale
        low = np.minimum(low, np.maximum(first, low - reach_px))
        high = np.maximum(high, np.minimum(last, high + reach_px))
    return torch.from_numpy(np.concatenate((low, high))).float()


def _grown(box: Float[Tensor, "4"], share: float) -> Float[Tensor, "4"]:
    """A box with a margin of `share` of its longer side."""
    margin = share * (box[2:] - box[:2]).max()
    return torch.cat((box[:2] - margin, box[2:] + margin))


def _box_mask(box: Float[Tensor, "4"], size_hw: tuple[int, int]) -> Bool[np.ndarray, "H W"]:
    """The pixels whose middles lie in a box."""
    x, y = (np.arange(n) + 0.5 for n in (size_hw[1], size_hw[0]))
    x0, y0, x1, y1 = box.tolist()
    return ((y >= y0) & (y <= y1))[:, None] & ((x >= x0) & (x <= x1))[None]
