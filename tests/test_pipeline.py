"""Where the focal length comes from, and that the pipeline hands on what it was given."""

from typing import ClassVar

import numpy as np
import pytest
import torch

from workbench.image import Person, Photo
from workbench.method import MethodInfo
from workbench.pipeline import recover, with_focal


def photo(focal_px):
    return Photo(np.zeros((40, 60, 3), np.uint8), focal_px, "test")


@pytest.mark.parametrize(
    ("exif", "given", "ignore", "focal_px", "source"),
    [
        (900.0, None, False, 900.0, "EXIF"),
        (900.0, 500.0, False, 900.0, "EXIF"),
        (900.0, 500.0, True, 500.0, "given"),
        (None, 500.0, False, 500.0, "given"),
        (None, None, False, None, "guessed"),
        (900.0, None, True, None, "guessed"),
    ],
)
def test_order_of_focal_lengths(exif, given, ignore, focal_px, source):
    settled, said = with_focal(photo(exif), given, ignore)
    assert settled.focal_px == focal_px and said.startswith(source)


@pytest.mark.parametrize("bad", [0.0, -5.0, float("nan"), float("inf")])
def test_impossible_focal_lengths(bad):
    with pytest.raises(ValueError, match="focal"):
        with_focal(photo(None), bad)


def test_given_people_are_not_looked_for():
    seen = []

    class Listener:
        info: ClassVar[MethodInfo] = MethodInfo("listener", "", "", "", "none", "", "")

        def recover(self, photo, people, progress=None):
            seen.extend(people)
            return []

    person = Person(torch.tensor([0.0, 0.0, 1.0, 1.0]), 1.0)
    assert recover(photo(None), Listener(), [person]) == []
    assert seen == [person]
