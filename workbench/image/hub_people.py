"""People with models from a hub: a detector of the RT-DETR family, then ViTPose in every box.

ViTPose gives COCO's 17 points in 2D; they take their places among the 33, the others keep visibility 0. There
is no 3D and no mask. Nothing is downloaded unless asked: without allow_download a name must be a folder, or a
model that transformers already has in its cache.

Zhao et al., "DETRs Beat YOLOs on Real-time Object Detection", CVPR 2024; Xu et al., "ViTPose", NeurIPS 2022.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

from workbench.body.joints import BLAZEPOSE_OF_COCO
from workbench.image.boxes import area, checked_box, overlap
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.weights import WeightsMissing

POSE_MARGIN = 1.25
POSES_AT_ONCE = 16
SAME_BOX = 0.7  # overlap; a set-predicting detector rarely repeats itself
MIN_VISIBILITY = 0.3  # of a pose's best point, below which nobody is there
NOT_THAT_KIND = "is another kind of model. Name a detector of the RT-DETR family and a ViTPose."
IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


class HubFinder:
    """Finds people with two models that the user names.

    Args:
        detector: folder or hub id of an object detector that knows the class "person",
            such as "PekingU/rtdetr_r50vd_coco_o365" (Apache-2.0).
        pose: folder or hub id of a ViTPose, such as "usyd-community/vitpose-base-simple" (Apache-2.0).
        allow_download: let transformers fetch what is not here.
        device: where the models run.
        min_score: smallest probability of a person.

    Raises:
        WeightsMissing: a model is not on this machine and downloading was not allowed or failed.
        ValueError: a model is of another kind, the detector has no class "person", or the pose model does not
            give COCO's 17 points.
    """

    def __init__(
        self,
        detector: str,
        pose: str,
        allow_download: bool = False,
        device: str | torch.device = "cpu",
        min_score: float = 0.5,
    ) -> None:
        from transformers import AutoModelForObjectDetection, VitPoseForPoseEstimation

        self._detector, self._prepare = _load(AutoModelForObjectDetection, detector, allow_download, device)
        self._pose, _ = _load(VitPoseForPoseEstimation, pose, allow_download, device)
        self._device = torch.device(device)
        self._min_score = min_score
        names = {str(name).lower(): int(label) for label, name in self._detector.config.id2label.items()}
        if "person" not in names:
            raise ValueError(
                f"The detector {detector} has no class called person; it has {', '.join(names)}."
            )
        self._person = names["person"]
        if self._pose.config.num_labels != len(BLAZEPOSE_OF_COCO):
            raise ValueError(
                f"The pose model {pose} gives {self._pose.config.num_labels} points; expected COCO's 17."
            )

    def find(self, photo: Photo) -> list[Person]:
        """Everyone in the photo, the largest first; without 3D and without masks."""
        boxes, scores = self._boxes(photo)
        people = self._people(photo, boxes, scores)
        return sorted(people, key=lambda person: -area(person.box_px))

    def describe(self, photo: Photo, box_px: Float[Tensor, "4"]) -> Person:
        """The person in a box drawn by hand.

        Raises:
            ValueError: the box is empty, not finite, or beside the photo.
        """
        return self._people(photo, [checked_box(box_px, photo.size_hw)], [1.0])[0]

    @torch.inference_mode()
    def _boxes(self, photo: Photo) -> tuple[list[Float[Tensor, "4"]], list[float]]:
        size = self._prepare.get("size") or {}
        size_hw = (int(size.get("height", 640)), int(size.get("width", 640)))
        rgb = torch.from_numpy(photo.rgb).permute(2, 0, 1)[None].float() / 255
        rgb = F.interpolate(rgb, size_hw, mode="bilinear", antialias=True).clamp(0, 1)
        if self._prepare.get("do_normalize", False):
            mean = self._prepare.get("image_mean", IMAGENET_MEAN)
            rgb = _normalized(rgb, mean, self._prepare.get("image_std", IMAGENET_STD))
        out = self._detector(pixel_values=rgb.to(self._device))
        logits = out.logits[0].float().cpu()
        # The DETR family of old has one class more, "nothing", and a softmax over all of them.
        has_nothing = logits.shape[-1] == len(self._detector.config.id2label) + 1
        score = (logits.softmax(-1) if has_nothing else logits.sigmoid())[:, self._person]
        height, width = photo.size_hw
        center, extent = out.pred_boxes[0].float().cpu().split(2, dim=-1)
        corners = torch.cat((center - extent / 2, center + extent / 2), dim=-1)
        corners = corners * torch.tensor([width, height, width, height])
        boxes: list[Tensor] = []
        scores: list[float] = []
        for i in score.argsort(descending=True, stable=True).tolist():
            if score[i] < self._min_score:
                break
            if (corners[i, 2:] > corners[i, :2]).all() and all(
                overlap(corners[i], b) < SAME_BOX for b in boxes
            ):
                boxes.append(corners[i])
                scores.append(float(score[i]))
        return boxes, scores

    @torch.inference_mode()
    def _people(self, photo: Photo, boxes: list[Float[Tensor, "4"]], scores: list[float]) -> list[Person]:
        backbone = self._pose.config.backbone_config
        height, width = backbone.image_size
        regions = [pose_region(box, width / height) for box in boxes]
        people: list[Person] = []
        for start in range(0, len(boxes), POSES_AT_ONCE):
            part = slice(start, start + POSES_AT_ONCE)
            crops = torch.stack([cut_region(photo.rgb, region, (height, width)) for region in regions[part]])
            inputs = {"pixel_values": _normalized(crops, IMAGENET_MEAN, IMAGENET_STD).to(self._device)}
            if backbone.num_experts > 1:  # ViTPose+ carries an expert per data set; COCO's is the first
                inputs["dataset_index"] = torch.zeros(len(crops), dtype=torch.long, device=self._device)
            heatmaps = self._pose(**inputs).heatmaps.float().cpu()
            for box, score, region, heat in zip(
                boxes[part], scores[part], regions[part], heatmaps, strict=True
            ):
                keypoints = blazepose_from_coco(points_from_heatmaps(heat, region))
                seen = keypoints[:, 2].max() >= MIN_VISIBILITY
                people.append(Person(box, score, keypoints if seen else None))
        return people


def pose_region(box_px: Float[Tensor, "4"], aspect: float) -> Float[Tensor, "4"]:
    """Middle x, y, width and height of what ViTPose looks at: the box grown to an aspect and by a quarter."""
    center, (width, height) = (box_px[:2] + box_px[2:]) / 2, (box_px[2:] - box_px[:2]).tolist()
    width, height = max(width, height * aspect), max(height, width / aspect)
    return torch.cat((center, torch.tensor([width, height]) * POSE_MARGIN))


def cut_region(
    rgb: UInt8[np.ndarray, "H W 3"], region: Float[Tensor, "4"], size_hw: tuple[int, int]
) -> Float[Tensor, "3 h w"]:
    """A region of a photo, 0..1, black outside the photo.

    The middles of the first and the last pixel lie on the region's edges ("unbiased data processing", Huang
    et al., CVPR 2020), and so do those of the heat maps: points_from_heatmaps undoes this at any resolution.
    """
    height, width = size_hw
    x, y, w, h = region.tolist()
    step_x, step_y = w / (width - 1), h / (height - 1)
    x0, y0 = x - w / 2 - step_x / 2, y - h / 2 - step_y / 2
    left, top = int(np.floor(x0)) - 1, int(np.floor(y0)) - 1
    right, bottom = int(np.ceil(x0 + width * step_x)) + 1, int(np.ceil(y0 + height * step_y)) + 1
    window = Image.fromarray(rgb).crop((left, top, right, bottom))  # Pillow pads with zeros
    box = (x0 - left, y0 - top, x0 - left + width * step_x, y0 - top + height * step_y)
    crop = window.resize((width, height), Image.Resampling.BILINEAR, box=box)
    return torch.from_numpy(np.array(crop)).permute(2, 0, 1).float() / 255


def points_from_heatmaps(
    heatmaps: Float[Tensor, "K h w"], region: Float[Tensor, "4"]
) -> Float[Tensor, "K 3"]:
    """x, y in the photo and height of each map's peak.

    The peak is placed between cells by a parabola through the logarithms around it, exact for a Gaussian.
    """
    count, height, width = heatmaps.shape
    peak, index = heatmaps.flatten(1).max(dim=1)
    row, column = index // width, index % width
    logs = F.pad(heatmaps.clamp_min(1e-6).log(), (1, 1, 1, 1), mode="replicate")
    k = torch.arange(count)

    def offset(before: Tensor, after: Tensor) -> Tensor:
        here = logs[k, row + 1, column + 1]
        bend = (2 * here - before - after).clamp_min(1e-6)
        return ((after - before) / (2 * bend)).clamp(-0.5, 0.5)

    x = column + offset(logs[k, row + 1, column], logs[k, row + 1, column + 2])
    y = row + offset(logs[k, row, column + 1], logs[k, row + 2, column + 1])
    center, extent = region[:2], region[2:]
    share = torch.stack((x / (width - 1), y / (height - 1)), dim=-1)
    return torch.cat((center + (share - 0.5) * extent, peak.clamp(0, 1)[:, None]), dim=1)


def blazepose_from_coco(coco: Float[Tensor, "17 3"]) -> Float[Tensor, "33 3"]:
    """COCO's points in BlazePose's places; each other landmark lies on the nearest one, with visibility 0."""
    keypoints = torch.zeros(33, 3)
    exact = torch.tensor(BLAZEPOSE_OF_COCO)
    keypoints[exact] = coco
    for missing, nearest in NEAREST.items():
        keypoints[missing, :2] = keypoints[nearest, :2]
    return keypoints


# Inner and outer corners of the eyes, mouth, three fingers a hand, heel and toes: on eye, nose, wrist, ankle.
NEAREST: Mapping[int, int] = {
    **{1: 2, 3: 2, 4: 5, 6: 5, 9: 0, 10: 0},
    **{17: 15, 19: 15, 21: 15, 18: 16, 20: 16, 22: 16},
    **{29: 27, 31: 27, 30: 28, 32: 28},
}


def _normalized(rgb: Tensor, mean: Any, std: Any) -> Tensor:
    shape = (1, 3, 1, 1)
    return (rgb - torch.tensor(mean).reshape(shape)) / torch.tensor(std).reshape(shape)


def _load(
    kind: Any, name: str, allow_download: bool, device: str | torch.device
) -> tuple[Any, Mapping[str, Any]]:
    """A model in evaluation mode and the settings of its pre-processing, empty when it has none."""
    from transformers.image_processing_base import ImageProcessingMixin

    here = not allow_download
    try:
        model, info = kind.from_pretrained(name, local_files_only=here, output_loading_info=True)
    except OSError as error:
        how = "Downloading it failed" if allow_download else "Pass allow_download=True to fetch it"
        raise WeightsMissing(
            f"The model {name} is not on this machine: no such folder, and not in the cache of transformers. "
            f"{how}; see its page for its licence. ({str(error).splitlines()[0]})"
        ) from error
    except ValueError as error:
        raise ValueError(f"{name} {NOT_THAT_KIND} ({str(error).splitlines()[0]})") from error
    if missing := sorted(info["missing_keys"]):  # transformers would go on with random numbers in their place
        raise ValueError(f"{name} {NOT_THAT_KIND} (it lacks {len(missing)} weights, such as {missing[0]})")
    try:
        settings, _ = ImageProcessingMixin.get_image_processor_dict(name, local_files_only=here)
    except OSError:
        settings = {}
    return model.eval().to(device), settings
