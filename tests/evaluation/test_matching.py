"""People are told apart by where they are."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from workbench.evaluation.matching import box_of_mask_px, match, overlaps
from workbench.image.boxes import overlap

BOXES = torch.tensor([[0.0, 0, 10, 20], [30, 0, 45, 25], [60, 5, 70, 30], [64, 5, 80, 30]])
ORDERS = st.permutations(range(4))


@given(ORDERS)
def test_whatever_the_order_everybody_is_themselves(order):
    assert match(BOXES[list(order)], BOXES) == list(order)


@given(ORDERS, st.integers(0, 4))
def test_a_little_noise_changes_nobody(order, seed):
    noise = torch.randn(4, 4, generator=torch.Generator().manual_seed(seed)).clamp(-1, 1)
    assert match(BOXES[list(order)] + noise, BOXES) == list(order)


def test_nobody_is_two_people():
    twice = torch.cat((BOXES[:1] + 1, BOXES[:1]))
    assert match(twice, BOXES) == [None, 0]


def test_boxes_elsewhere_show_nobody():
    assert match(BOXES + 500, BOXES) == [None] * 4
    assert match(BOXES, BOXES[:0]) == [None] * 4
    assert match(BOXES[:0], BOXES) == []


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
