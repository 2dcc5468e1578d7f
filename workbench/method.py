"""The interface all methods share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol, runtime_checkable

from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.recovery import Recovery
from workbench.weights import WeightFile

Progress = Callable[[float, str], None]
"""Called with the fraction done and what is being done; an app raises from it to cancel."""

Channel = Literal["landmarks", "mask", "rgb", "depth"]
CHANNELS: tuple[Channel, ...] = ("landmarks", "mask", "rgb", "depth")
"""What there is to read of a person and of the photo around them."""


@dataclass(frozen=True)
class MethodInfo:
    """How a method introduces itself in the app, the command line and the tables."""

    name: str
    title: str
    paper: str
    licence: str
    weights: str
    camera: str
    """Which camera it assumes and where the focal length comes from."""
    steps: str
    """What its steps show."""
    reads: tuple[Channel, ...] = CHANNELS
    """What it looks at. A made-up picture need not be drawn for methods that do not read its colours."""
    supplied: tuple[WeightFile, ...] = ()
    """Files that its user has to bring."""


@runtime_checkable
class Method(Protocol):
    """A photo and its people in, one Recovery per person out, in the same order; no global state."""

    info: ClassVar[MethodInfo]

    @classmethod
    def load(cls, device: str = "cpu") -> "Method":
        """Ready to run on a device; raises WeightsMissing when its files are not on this machine."""
        ...

    def recover(
        self, photo: Photo, people: Sequence[Person], progress: Progress | None = None
    ) -> list[Recovery]:
        """Recover every person given."""
        ...
