"""Who is in a photo: one interface for every finder, and the finder used unless another is named."""

from functools import lru_cache
from typing import Protocol, runtime_checkable

from jaxtyping import Float
from torch import Tensor

from workbench.image.blazepose import BlazePoseFinder
from workbench.image.person import Person
from workbench.image.photo import Photo


@runtime_checkable
class Finder(Protocol):
    """Anything that finds people in a photo."""

    def find(self, photo: Photo) -> list[Person]:
        """Everyone in the photo, the largest first."""
        ...

    def describe(self, photo: Photo, box_px: Float[Tensor, "4"]) -> Person:
        """The person in a box drawn by hand: landmarks and mask as far as the finder can tell them."""
        ...


def find_people(photo: Photo, finder: Finder | None = None) -> list[Person]:
    """Everyone in a photo, the largest first.

    Args:
        photo: where to look.
        finder: who looks; BlazePose by default.

    Raises:
        WeightsMissing: BlazePose's two model files are not on this machine.
    """
    return (finder or default_finder()).find(photo)


@lru_cache(maxsize=1)
def default_finder() -> BlazePoseFinder:
    """BlazePose, loaded once per process."""
    return BlazePoseFinder()
