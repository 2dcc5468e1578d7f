"""The realism check, with finders that are known to be right or wrong."""

from dataclasses import replace

import pytest
import torch

from workbench.image import Person
from workbench.image.boxes import box_of_mask_px
from workbench.synth import SETS, make_scene
from workbench.synth.found import could_be_found, matches, report
from workbench.synth.scene_sheet import depth_picture, scene_sheet

KIND = SETS["test"]
SMALL = replace(KIND, views=replace(KIND.views, sizes_hw=((160, 160),)))


class Oracle:
    """Tells what is known, moved by some pixels."""

    def __init__(self, scene, off_px=0.0):
        self.people = [
            Person(box_of_mask_px(p.visible_mask), 1.0, p.landmarks_px + torch.tensor([off_px, 0, 0]))
            for p in scene.people
            if could_be_found(p)
        ]

    def find(self, photo):
        return self.people[::-1]

    def describe(self, photo, box_px):
        raise NotImplementedError


@pytest.fixture(scope="module")
def scene():
    return next(s for s in (make_scene(seed, SMALL) for seed in range(20)) if could_be_found(s.people[0]))


def test_the_truth_is_found_without_error(scene):
    for match in matches([scene], Oracle(scene)):
        assert match.found is not None and float(match.error.nan_to_num().max()) < 1e-4


def test_errors_are_shares_of_the_size(scene):
    for match in matches([scene], Oracle(scene, 3.0)):
        xy = match.person.landmarks_px[:, :2]
        expected = 3.0 / float((xy.amax(0) - xy.amin(0)).norm())
        assert match.error[~match.error.isnan()].tolist() == pytest.approx(
            [expected] * int((~match.error.isnan()).sum()), rel=1e-3
        )


def test_nobody_found_is_no_error_but_counts(scene):
    nobody = Oracle(scene)
    nobody.people = []
    found = list(matches([scene], nobody))
    assert found and all(match.found is None for match in found)
    assert "| 0 % |" in report(found) and report([]) == "Nobody who could be found."


def test_sheets_hold_every_scene(scene):
    sheet = scene_sheet([scene, scene, scene], columns=2, cell_px=64)
    assert sheet.shape == (2 * 80, 128, 3)
    assert scene_sheet([scene], columns=1, cell_px=64, depth=True).shape == (80, 64, 3)
    assert not depth_picture(torch.zeros(4, 5)).any()
