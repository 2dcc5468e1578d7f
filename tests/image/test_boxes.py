"""Boxes: what is checked and how they overlap."""

import pytest
import torch

from workbench.image.boxes import area, checked_box, overlap


def box(*corners: float) -> torch.Tensor:
    return torch.tensor(corners, dtype=torch.float64)


def test_overlap_is_a_ratio_of_areas() -> None:
    a, b = box(0, 0, 10, 10), box(5, 0, 15, 10)
    assert overlap(a, a) == pytest.approx(1)
    assert overlap(a, b) == overlap(b, a) == pytest.approx(50 / 150)
    assert overlap(a, box(20, 20, 30, 30)) == 0
    assert overlap(3 * a + 7, 3 * b + 7) == pytest.approx(overlap(a, b))
    assert area(b) == pytest.approx(100)


@pytest.mark.parametrize(
    ("corners", "words"),
    [
        ((10, 10, 10, 40), "x0 < x1"),
        ((10, 40, 30, 10), "x0 < x1"),
        ((10, float("nan"), 30, 40), "x0 < x1"),
        ((10, 10, float("inf"), 40), "x0 < x1"),
        ((-50, 10, -5, 40), "beside"),
        ((10, 100, 30, 140), "beside"),
        ((200, 10, 230, 40), "beside"),
    ],
)
def test_bad_boxes_are_explained(corners: tuple[float, ...], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        checked_box(box(*corners), (100, 200))


def test_a_box_may_reach_outside_the_photo() -> None:
    assert torch.equal(checked_box(box(-10, -10, 500, 500), (100, 200)), box(-10, -10, 500, 500).float())
