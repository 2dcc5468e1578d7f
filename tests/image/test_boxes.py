"""Boxes: what is checked and how they overlap."""

import pytest
import torch

from workbench.image.boxes import area, box_of_mask_px, checked_box, match, overlap, overlaps


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


BOXES = torch.tensor([[0.0, 0, 10, 20], [30, 0, 45, 25], [60, 5, 70, 30], [64, 5, 80, 30]])


def test_pairs_overlap_as_much_as_they_can_together():
    one = torch.tensor([[0.0, 0, 10, 10], [0, 1.5, 10, 11.5]])
    other = torch.tensor([[0.0, 0.5, 10, 10.5], [0, -1, 10, 9]])
    assert match(one, other, 0.1) == [1, 0]  # [0, 1], the nearest first, would overlap less
    assert match(one, other, 0.85) == [0, None]  # what is no pair counts for nothing
    assert match(one, other[:0], 0.1) == [None, None]


def test_overlaps_are_those_of_pairs():
    table = overlaps(BOXES, BOXES + 3)
    for i, a in enumerate(BOXES):
        for j, b in enumerate(BOXES + 3):
            assert float(table[i, j]) == pytest.approx(overlap(a, b))


def test_the_box_of_a_mask_holds_its_pixels_and_no_more():
    mask = torch.zeros(20, 30, dtype=torch.bool)
    mask[4:9, 11:13] = True
    assert box_of_mask_px(mask).tolist() == [11, 4, 13, 9]
    with pytest.raises(ValueError, match="empty"):
        box_of_mask_px(torch.zeros_like(mask))
