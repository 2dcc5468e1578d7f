"""The made-up pictures are as good as photos to the finder."""

import numpy as np
import pytest

from workbench.app.components import SAMPLES
from workbench.app.samples import SCENES, render_scene
from workbench.body import load_body
from workbench.image import find_people, load_photo


@pytest.mark.parametrize("name", SCENES)
def test_everybody_in_a_scene_is_found(name):
    photo = load_photo(render_scene(SCENES[name], load_body()))
    assert len(find_people(photo)) == len(SCENES[name].figures)


def test_the_shipped_samples_are_the_scenes():
    assert sorted(path.stem for path in SAMPLES) == sorted(SCENES)
    for path in SAMPLES:
        shipped, drawn = load_photo(path).rgb, render_scene(SCENES[path.stem], load_body())
        assert np.abs(shipped.astype(float) - drawn).mean() < 4  # JPEG, and small changes of the body
