"""find_people: the finder that is named, or BlazePose, or word of what is missing."""

from pathlib import Path

import numpy as np
import pytest
import torch

from workbench import weights
from workbench.image import people
from workbench.image.person import Person
from workbench.image.photo import Photo

PHOTO = Photo(np.zeros((64, 64, 3), dtype=np.uint8), None, "black")


class Drawn:
    """A finder that reports one box."""

    def find(self, photo: Photo) -> list[Person]:
        return [self.describe(photo, torch.tensor([1.0, 2.0, 3.0, 4.0]))]

    def describe(self, photo: Photo, box_px: torch.Tensor) -> Person:
        return Person(box_px, 1.0)


def test_the_named_finder_is_asked() -> None:
    found = people.find_people(PHOTO, Drawn())
    assert [person.box_px.tolist() for person in found] == [[1, 2, 3, 4]]


def test_missing_models_are_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("WORKBENCH_WEIGHTS_DIR", raising=False)
    monkeypatch.delenv("WORKBENCH_DOWNLOAD", raising=False)
    monkeypatch.setattr(weights, "_package_dir", lambda package: None)
    people.default_finder.cache_clear()
    try:
        with pytest.raises(weights.WeightsMissing, match="mediapipe") as caught:
            people.find_people(PHOTO)
    finally:
        people.default_finder.cache_clear()
    for word in ("pose_detection.tflite", "Apache-2.0", "--download", str(tmp_path)):
        assert word in str(caught.value)


def test_blazepose_is_loaded_once(finder: object) -> None:
    assert people.find_people(PHOTO) == []
    assert people.default_finder() is people.default_finder()
