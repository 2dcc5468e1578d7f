"""The README's picture shows what the workbench does today."""

import numpy as np
import pytest
from PIL import Image

from workbench.app.overview import GAP_PX, PANEL_HW, overview
from workbench.weights import asset


@pytest.fixture(scope="module")
def drawn():
    return np.asarray(overview()).astype(float)


def test_the_shipped_picture_is_what_the_command_makes(drawn):
    shipped = np.asarray(Image.open(asset("overview.jpg"))).astype(float)
    assert np.abs(shipped - drawn).mean() < 5  # JPEG, and small changes of the method


def test_the_bodies_lie_over_the_people(drawn):
    width = PANEL_HW[1]
    photo, over = drawn[:, :width], drawn[:, width + GAP_PX : 2 * width + GAP_PX]
    changed = np.abs(over - photo).max(2) > 60
    assert 0.03 < changed.mean() < 0.3  # people, and not the room
    for edge in (changed[0], changed[-1], changed[:, 0], changed[:, -1]):
        assert not edge.any()
