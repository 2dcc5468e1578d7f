"""Models from a hub: laws of the pre- and post-processing, and the whole way with tiny random models."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from workbench.body.joints import BLAZEPOSE, COCO
from workbench.image.hub_people import (
    HubFinder,
    blazepose_from_coco,
    cut_region,
    points_from_heatmaps,
    pose_region,
)
from workbench.image.people import Finder
from workbench.image.photo import Photo
from workbench.weights import WeightsMissing


def save_detector(folder: Path, names: dict[int, str]) -> str:
    from transformers import RTDetrConfig, RTDetrForObjectDetection, RTDetrResNetConfig

    small: dict[str, Any] = {"embedding_size": 8, "hidden_sizes": [8] * 4, "depths": [1] * 4}
    small["out_features"] = ["stage2", "stage3", "stage4"]
    backbone = RTDetrResNetConfig(**small)
    config = RTDetrConfig(
        backbone_config=backbone,
        encoder_hidden_dim=16,
        encoder_in_channels=[8, 8, 8],
        encoder_ffn_dim=16,
        encoder_attention_heads=2,
        d_model=16,
        num_queries=10,
        decoder_in_channels=[16, 16, 16],
        decoder_ffn_dim=16,
        decoder_layers=1,
        decoder_attention_heads=2,
        id2label=names,
        label2id={name: label for label, name in names.items()},
    )
    RTDetrForObjectDetection(config).save_pretrained(folder)
    return str(folder)


def save_pose(folder: Path, points: int = 17) -> str:
    from transformers import VitPoseBackboneConfig, VitPoseConfig, VitPoseForPoseEstimation

    small: dict[str, Any] = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    small |= {"image_size": [64, 48], "out_indices": [1]}
    options: dict[str, Any] = {"backbone_config": VitPoseBackboneConfig(**small), "num_labels": points}
    config = VitPoseConfig(**options)
    VitPoseForPoseEstimation(config).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("hub")
    return save_detector(folder / "detector", {0: "cat", 1: "person"}), save_pose(folder / "pose")


@pytest.fixture
def photo() -> Photo:
    rng = np.random.default_rng(0)
    return Photo(rng.integers(0, 255, (120, 160, 3), dtype=np.uint8), None, "noise")


def test_the_whole_way_with_random_models(models: tuple[str, str], photo: Photo) -> None:
    finder = HubFinder(*models, min_score=0.0)
    assert isinstance(finder, Finder)
    people = finder.find(photo)
    assert people
    areas = [float((p.box_px[2:] - p.box_px[:2]).prod()) for p in people]
    assert areas == sorted(areas, reverse=True)
    for person in people:
        assert 0 <= person.score <= 1
        assert person.mask is None
        assert person.keypoints_m is None
    again = finder.find(photo)
    assert all(torch.equal(a.box_px, b.box_px) for a, b in zip(people, again, strict=True))
    assert HubFinder(*models, min_score=1.0).find(photo) == []


def test_a_drawn_box_is_kept(models: tuple[str, str], photo: Photo) -> None:
    box = torch.tensor([10.0, 20.0, 60.0, 100.0])
    person = HubFinder(*models).describe(photo, box)
    assert torch.equal(person.box_px, box)
    assert person.score == 1
    with pytest.raises(ValueError, match="beside the photo"):
        HubFinder(*models).describe(photo, box + 1000)


def test_what_cannot_be_loaded_is_explained(models: tuple[str, str], tmp_path: Path) -> None:
    detector, pose = models
    with pytest.raises(WeightsMissing, match="allow_download"):
        HubFinder(str(tmp_path / "nowhere"), pose)
    with pytest.raises(ValueError, match="no class called person"):
        HubFinder(save_detector(tmp_path / "cats", {0: "cat", 1: "dog"}), pose)
    with pytest.raises(ValueError, match="17"):
        HubFinder(detector, save_pose(tmp_path / "hands", points=21))
    with pytest.raises(ValueError, match="another kind"):
        HubFinder(detector, detector)


def test_heatmaps_undo_the_cut_at_any_resolution() -> None:
    """A mark in the photo, seen in a crop of one size and heat maps of another, comes back to its place."""
    region = pose_region(torch.tensor([30.0, 40.0, 90.0, 180.0]), aspect=0.75)
    target = torch.tensor([71.3, 97.8])
    share = (target - region[:2]) / region[2:] + 0.5
    height, width = 64, 48
    rows, columns = torch.arange(height)[:, None], torch.arange(width)[None]
    heat = torch.exp(
        -((columns - share[0] * (width - 1)) ** 2 + (rows - share[1] * (height - 1)) ** 2) / (2 * 2.0**2)
    )
    found = points_from_heatmaps(heat[None], region)[0]
    assert torch.allclose(found[:2], target, atol=1e-2)
    ramp = np.zeros((220, 220, 3), dtype=np.uint8)
    ramp[..., 0] = np.arange(220)[None]  # red is x - 0.5, green is y - 0.5
    ramp[..., 1] = np.arange(220)[:, None]
    crop = cut_region(ramp, region, (256, 192)) * 255
    at = (share * torch.tensor([191, 255])).round().long()
    shown = crop[:2, at[1], at[0]] + 0.5
    assert torch.allclose(shown, target, atol=1.0)  # half a crop pixel, and eight bits


def test_a_region_holds_its_box_at_the_right_aspect() -> None:
    for box in ([0.0, 0.0, 100.0, 20.0], [0.0, 0.0, 20.0, 100.0]):
        region = pose_region(torch.tensor(box), aspect=0.75)
        assert float(region[2] / region[3]) == pytest.approx(0.75)
        assert (region[2:] >= torch.tensor(box)[2:] * 1.2499).all()
        assert torch.equal(region[:2], torch.tensor(box)[2:] / 2)


def test_coco_names_go_to_the_same_names() -> None:
    coco = torch.rand(17, 3) + 0.1
    keypoints = blazepose_from_coco(coco)
    for i, name in enumerate(COCO):
        assert torch.equal(keypoints[BLAZEPOSE.index(name)], coco[i])
    others = [i for i, name in enumerate(BLAZEPOSE) if name not in COCO]
    assert (keypoints[others, 2] == 0).all()
    assert (keypoints[others, :2] > 0).all()  # but they lie on the person
    for name in ("left_heel", "right_index", "mouth_left"):
        near = {"left_heel": "left_ankle", "right_index": "right_wrist", "mouth_left": "nose"}[name]
        assert torch.equal(keypoints[BLAZEPOSE.index(name), :2], keypoints[BLAZEPOSE.index(near), :2])
