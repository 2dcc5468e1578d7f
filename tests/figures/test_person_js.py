"""Poses as the page's labs compare them."""

import math

import pytest


@pytest.mark.parametrize(
    ("other", "same"),
    [([math.pi, 0, 0], True), ([-math.pi, 0, 0], True), ([math.pi - 1e-3, 0, 0], False), ([0, 0, 0], False)],
)
def test_half_a_turn_is_the_same_with_either_sign(javascript, other, same):
    one = [[math.pi, 0.0, 0.0], [0.1, 0.2, 0.3]]
    poses = {"one": one, "other": [other, one[1]]}
    assert javascript("person.js", "m.sameTheta(given.one, given.other)", poses) is same
