"""People are refused when their numbers are not numbers."""

from dataclasses import replace

import pytest
import torch

from workbench.image import Person

BOX_PX = torch.tensor([0.0, 0.0, 9.0, 9.0])


@pytest.mark.parametrize("name", ["box_px", "keypoints_px", "keypoints_m"])
@pytest.mark.parametrize("bad", [torch.nan, torch.inf])
def test_one_bad_number_is_named(name, bad):
    numbers = torch.ones(4) if name == "box_px" else torch.ones(33, 3)
    numbers[2] = bad
    with pytest.raises(ValueError, match=name):
        replace(Person(BOX_PX, 1.0), **{name: numbers})


def test_a_box_is_enough():
    assert Person(BOX_PX, 1.0).keypoints_px is None
