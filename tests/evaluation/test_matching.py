"""People are told apart by where they are."""

import torch
from hypothesis import given
from hypothesis import strategies as st

from workbench.evaluation.matching import match

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
