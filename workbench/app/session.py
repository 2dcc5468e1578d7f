"""What one visitor has on the Photo tab. Frozen: every change is a new value."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jaxtyping import Float
from torch import Tensor

from workbench.image import Person, Photo
from workbench.recovery import Recovery
from workbench.synth.scene import Scene


@dataclass(frozen=True, eq=False)
class Guest:
    """A person in the photo, as the visitor sees them."""

    person: Person
    chosen: bool = True
    """Whether the method will run on them."""
    drawn: bool = False
    """Whether the box was drawn or changed by hand."""
    found: int | None = None
    """Place among those who were found in the photo; None of others."""


@dataclass(frozen=True, eq=False)
class Solved:
    """That the camera of a result was solved from the mask."""

    before: Recovery
    """As the method made it."""
    tz_m: float | None
    """The distance that the visitor gave, if they did."""


@dataclass(frozen=True, eq=False)
class Result:
    """One recovered person."""

    recovery: Recovery
    metrics: dict[str, float | None]
    guest: int
    """Which box it belongs to; gives its colour and name."""
    drawn: bool = False
    """Whether that box was drawn by hand."""
    found: int | None = None
    """Place of that person among those who were found in the photo, whatever box was removed since."""
    solved: Solved | None = None
    """Set where the camera is no more the method's."""


@dataclass(frozen=True, eq=False)
class PhotoSession:
    """Photo, people and results."""

    photo: Photo | None = None
    shown: str | None = None
    """Path of the copy that the page shows, without EXIF."""
    blank: bool = False
    """Whether the photo only stands in for that of a saved recovery."""
    guests: tuple[Guest, ...] = ()
    results: tuple[Result, ...] = ()
    focal_source: str = "as saved"
    """Where the results' focal length came from."""
    code_focal: str = ""
    """How it is set in "copy as Python"; empty for results that were saved earlier."""
    choices: tuple[str, str, float | int | None] | None = None
    """Method, focal source and own focal length (px) of the results; None if they were saved earlier."""
    left_out: Mapping[int, str] = field(default_factory=dict)
    """Why the method could not use somebody who was chosen, by the number of their box."""
    said: str = ""
    """What the page says of the results, as long as they belong to what it shows."""
    scene: Scene | None = None
    """What the photo was made from, when it was made up: the answers."""
    scene_code: tuple[str, ...] = ()
    """Python that makes the scene and its photo."""
    depth_code: str = ""
    """Python that adds the photo's depth map, where a visitor did."""
    people_of_scene: bool = False
    """Whether the people are as the scene reports them; else somebody looked for them."""

    @property
    def depth_m(self) -> Float[Tensor, "H W"] | None:
        """The photo's depth map, if there is one."""
        return None if self.photo is None else self.photo.depth_m
