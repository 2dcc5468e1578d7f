"""Masks that cannot be used are told apart from those that can, each with its own words."""

from dataclasses import replace

import pytest
import torch

from workbench.geometry.camera import perspective_camera
from workbench.image import Person
from workbench.solver.masks import MaskProblem, check_mask, very_wide

SIZE_HW = (200, 160)


def mask_of(*rectangles: tuple[int, int, int, int]) -> torch.Tensor:
    mask = torch.zeros(SIZE_HW, dtype=torch.bool)
    for x0, y0, x1, y1 in rectangles:
        mask[y0:y1, x0:x1] = True
    return mask


def person_within(x0: int, y0: int, x1: int, y1: int) -> Person:
    """Somebody with all 33 landmarks spread over a rectangle."""
    share = torch.linspace(0.1, 0.9, 33)
    x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
    box = torch.tensor([x0, y0, x1, y1], dtype=torch.float32)
    return Person(box, 1.0, torch.stack((x, y, torch.ones(33)), 1))


OWN, OTHER = (20, 40, 60, 180), (100, 40, 140, 180)
PERSON = person_within(*OWN)


def test_a_persons_own_mask_passes_without_a_word():
    assert check_mask(mask_of(OWN), SIZE_HW, PERSON, [person_within(*OTHER)]) == ()


@pytest.mark.parametrize(
    ("mask", "others", "said"),
    [
        (None, [], "no mask"),
        (mask_of(), [], "empty"),
        (mask_of((10, 10, 14, 14)), [], "covers 16 pixels"),
        (mask_of(OWN).T, [], "photo's size"),
        (mask_of(OTHER), [], "somebody else"),
        (mask_of((0, 0, 160, 200)), [], "all four borders"),
        (mask_of((0, 90, 160, 110), (70, 0, 90, 200), OWN), [], "all four borders"),
        (mask_of((20, 40, 140, 180)), [person_within(*OTHER)], "several people"),
        (mask_of(OWN, OTHER), [], "several people"),
        (mask_of(OWN, (80, 20, 150, 190)), [], "several people"),
    ],
    ids=[
        "none",
        "empty",
        "tiny",
        "size",
        "another",
        "filled",
        "cross",
        "others inside",
        "two parts",
        "the larger part",
    ],
)
def test_each_bad_mask_has_its_words(mask, others, said):
    with pytest.raises(MaskProblem, match=said):
        check_mask(mask, SIZE_HW, PERSON, others)


def test_somebody_hidden_in_the_middle_is_one_person_with_a_remark():
    torso, legs = (20, 40, 60, 100), (20, 120, 60, 180)
    [remark] = check_mask(mask_of(torso, legs), SIZE_HW, PERSON)
    assert "2 large parts" in remark


def test_crumbs_of_a_mask_are_no_people():
    assert check_mask(mask_of(OWN, (120, 20, 126, 26)), SIZE_HW, PERSON) == ()


def test_a_border_is_named():
    [remark] = check_mask(mask_of((20, 40, 60, 200)), SIZE_HW, PERSON)
    assert "bottom" in remark and "top" not in remark


def test_without_landmarks_a_mask_is_taken_at_its_word():
    nobody = replace(PERSON, keypoints_px=None)
    assert check_mask(mask_of(OTHER), SIZE_HW, nobody) == ()


def test_only_lenses_that_bend_lines_are_remarked_on():
    t = torch.tensor([0.0, 0.0, 2.0])
    assert very_wide(perspective_camera(SIZE_HW, t)) == ()
    [remark] = very_wide(perspective_camera(SIZE_HW, t, 60.0))
    assert "distortion" in remark
