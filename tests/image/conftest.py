"""One finder for all tests of a process, and one photo of a person that ships with scikit-image (NASA)."""

import pytest
import skimage.data

from workbench.image.blazepose import BlazePoseFinder
from workbench.image.photo import Photo, load_photo
from workbench.weights import WeightsMissing


@pytest.fixture(scope="session")
def finder() -> BlazePoseFinder:
    try:
        return BlazePoseFinder()
    except WeightsMissing as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def astronaut() -> Photo:
    return load_photo(skimage.data.astronaut(), source="astronaut")
