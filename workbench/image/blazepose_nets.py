"""BlazePose's two networks: one finds hips, one reads landmarks, depth and a mask around them.

Bazarevsky et al., "BlazePose: On-device Real-time Body Pose tracking", 2020; the decoding follows the graph
options published with the model files.
"""

from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from torch import Tensor

from workbench.image.roi import Roi

DETECTOR_SIZE = 224
LANDMARK_SIZE = 256
ROI_MARGIN = 1.25
LANDMARKS = 33  # the first ones; six auxiliary ones follow
HIP_CENTER, CIRCLE_TOP = 33, 34  # two auxiliary landmarks that place the next region
# (stride, anchors per cell): the three coarse layers share one grid
ANCHOR_LAYERS = ((8, 2), (16, 2), (32, 6))
SCORE_CLIP = 100.0
HEATMAP_REACH = 3  # cells each way: the 7x7 window
HEATMAP_MIN_PEAK = 0.5


@dataclass(frozen=True, eq=False)
class Detections:
    """What the detector sees in one square, in that square's coordinates (0..1)."""

    score: Float[np.ndarray, "N"]
    hips: Float[np.ndarray, "N 2"]
    """Middle between the hips."""
    top: Float[np.ndarray, "N 2"]
    """A point on the circle around the person, beyond the head."""


@dataclass(frozen=True, eq=False)
class Landmarks:
    """What the landmark network sees in one region."""

    roi: Roi
    score: float
    """Probability that a person is there."""
    points_px: Float[np.ndarray, "39 2"]
    """In the photo; the last six are auxiliary."""
    visibility: Float[np.ndarray, "39"]
    world_m: Float[np.ndarray, "39 3"]
    """About the hip centre, in the photo's axes: x right, y down, z forward."""
    mask: Float[np.ndarray, "256 256"]
    """Probability of the person's pixels in the region."""

    def on_mask(self) -> Bool[np.ndarray, "39"]:
        """Which landmarks lie on the person's own pixels."""
        size = self.mask.shape[0]
        x, y = np.floor(self.roi.from_photo_px(self.points_px) * size).astype(int).T
        within = (x >= 0) & (x < size) & (y >= 0) & (y < size)
        return within & (self.mask[y.clip(0, size - 1), x.clip(0, size - 1)] > 0.5)

    def next_roi(self) -> Roi:
        """The region that these landmarks ask for."""
        return Roi.upright_from(self.points_px[HIP_CENTER], self.points_px[CIRCLE_TOP], ROI_MARGIN)


class Detector:
    """The person detector (pose_detection.tflite)."""

    def __init__(self, path: Path) -> None:
        self._run = _Network(path)
        self._anchors = anchors()

    def __call__(self, picture: Float[Tensor, "3 224 224"], min_score: float) -> Detections:
        """Candidates with at least `min_score`, neighbours not yet merged.

        Args:
            picture: RGB 0..1, black where there is no photo.
            min_score: smallest probability to report.
        """
        raw = self._run(picture * 2 - 1)
        return decode_detections(raw["boxes"], raw["scores"], self._anchors, min_score)


class Landmarker:
    """The landmark network (pose_landmark_full.tflite)."""

    def __init__(self, path: Path) -> None:
        self._run = _Network(path)

    def __call__(self, picture: Float[Tensor, "3 256 256"], roi: Roi) -> Landmarks:
        """Landmarks of the person in the middle of a region.

        Args:
            picture: the region, RGB 0..1.
            roi: where the region lies in the photo.
        """
        raw = self._run(picture)
        points = raw["points"].reshape(39, 5).astype(np.float64)
        inside = refine_by_heatmap(points[:, :2] / LANDMARK_SIZE, sigmoid(raw["heatmaps"]))
        world = raw["world"].reshape(39, 3).astype(np.float64)
        world[:, :2] = world[:, :2] @ roi.rotation.T
        return Landmarks(
            roi=roi,
            score=float(raw["flag"].item()),
            points_px=roi.to_photo_px(inside),
            visibility=sigmoid(points[:, 3]),
            world_m=world,
            mask=sigmoid(raw["mask"][..., 0]),
        )


def anchors() -> Float[np.ndarray, "2254 2"]:
    """Middles of the detector's cells (x, y) in 0..1, in the order of its outputs."""
    layers = []
    for stride, per_cell in ANCHOR_LAYERS:
        middles = (np.arange(DETECTOR_SIZE // stride) + 0.5) * stride / DETECTOR_SIZE
        x, y = np.meshgrid(middles, middles)
        layers.append(np.repeat(np.stack((x, y), axis=-1).reshape(-1, 2), per_cell, axis=0))
    return np.concatenate(layers)


def decode_detections(
    boxes: Float[np.ndarray, "N 12"],
    scores: Float[np.ndarray, "N 1"],
    anchor: Float[np.ndarray, "N 2"],
    min_score: float,
) -> Detections:
    """Raw outputs to scores and points: logits are clipped, points are pixels from each anchor."""
    score = sigmoid(np.clip(scores[:, 0].astype(np.float64), -SCORE_CLIP, SCORE_CLIP))
    keep = score >= min_score
    points = boxes[keep, 4:8].reshape(-1, 2, 2) / DETECTOR_SIZE + anchor[keep, None]
    return Detections(score[keep], points[:, 0], points[:, 1])


def refine_by_heatmap(
    points: Float[np.ndarray, "K 2"], heat: Float[np.ndarray, "S S K"]
) -> Float[np.ndarray, "K 2"]:
    """Move each point to the centre of mass of the 7x7 cells of its own heat map around it.

    A cell's mass lies at its middle, half a cell beyond its index. A point keeps its place where the map is
    nowhere sure, or where it lies outside the map.

    Args:
        points: x, y in 0..1.
        heat: probabilities on the same square, one map per point.
    """
    size = heat.shape[0]
    refined = points.copy()
    for k, (x, y) in enumerate(np.floor(points * size).astype(int)):
        if not (0 <= x < size and 0 <= y < size):
            continue
        rows = np.arange(max(y - HEATMAP_REACH, 0), min(y + HEATMAP_REACH + 1, size))
        cols = np.arange(max(x - HEATMAP_REACH, 0), min(x + HEATMAP_REACH + 1, size))
        window = heat[rows[0] : rows[-1] + 1, cols[0] : cols[-1] + 1, k]
        if window.max() >= HEATMAP_MIN_PEAK:
            mass = window.sum()
            refined[k, 0] = ((cols + 0.5) @ window.sum(axis=0)) / mass / size
            refined[k, 1] = ((rows + 0.5) @ window.sum(axis=1)) / mass / size
    return refined


def sigmoid(x: Float[np.ndarray, "*n"]) -> Float[np.ndarray, "*n"]:
    """Logits to probabilities, without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * x))


# Outputs are told apart by their shapes: the names in the files say nothing.
_OUTPUTS = {
    (2254, 12): "boxes",
    (2254, 1): "scores",
    (195,): "points",
    (1,): "flag",
    (256, 256, 1): "mask",
    (64, 64, 39): "heatmaps",
    (117,): "world",
}


class _Network:
    """A .tflite file. One interpreter holds one set of buffers, so callers take turns."""

    def __init__(self, path: Path) -> None:
        from ai_edge_litert.interpreter import Interpreter

        self._interpreter: Any = Interpreter(model_path=str(path), num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        self._outputs = {
            _OUTPUTS[tuple(int(n) for n in out["shape"][1:])]: out["index"]
            for out in self._interpreter.get_output_details()
        }
        self._lock = Lock()

    def __call__(self, picture: Float[Tensor, "3 S S"]) -> dict[str, np.ndarray]:
        """Run on one picture, channels first; the outputs by name, without the batch axis."""
        with self._lock:
            self._interpreter.set_tensor(self._input, picture.permute(1, 2, 0)[None].contiguous().numpy())
            self._interpreter.invoke()
            return {name: self._interpreter.get_tensor(index)[0] for name, index in self._outputs.items()}
