"""What the Photo tab does to show a made-up scene as a photo."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workbench.app.handlers_photo import find_people, found_guests, shown_copy
from workbench.app.session import PhotoSession
from workbench.evaluation.sets import SETS, sample_of
from workbench.synth.kinds import SceneKind
from workbench.synth.scene import Scene
from workbench.synth.sets import make_scene

MAX_SEED = 2**31 - 1
NEAREST_M, FARTHEST_M = 0.4, 20.0
"""How near and how far somebody may stand."""


@dataclass(frozen=True)
class Difficulty:
    """Scenes to choose from: a fixed set, or one with some of its fields changed."""

    title: str
    set: str
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Of the kind's fields."""
    views: Mapping[str, Any] = field(default_factory=dict)
    """Of the fields of its views."""

    @property
    def kind(self) -> SceneKind:
        """What its scenes have in common."""
        base = SETS[self.set]
        return replace(base, **self.changes, views=replace(base.views, **self.views))

    def code(self, tz_m: tuple[float, float]) -> tuple[str, ...]:
        """Python that makes the kind, people being so far away."""
        views = _keywords({**self.views, "tz_m": tz_m})
        base = f'SETS["{self.set}"]'
        return (
            f"kind = replace({base}, {_keywords(self.changes)})" if self.changes else f"kind = {base}",
            f"kind = replace(kind, views=replace(kind.views, {views}))",
        )


DIFFICULTIES = {
    "one": Difficulty(
        "One person, all in view",
        "test",
        {"people": (1.0,), "occluder_share": 0.0},
        {"tz_m": (3.0, 5.0), "cut": 0.0, "lens_mm": (28.0, 85.0), "fill": (0.6, 0.9)},
    ),
    "test": Difficulty("Ordinary, one to eight people", "test"),
    "close": Difficulty("Close, as for a selfie", "close"),
    "occluded": Difficulty("Hidden by things", "occluded"),
    "ood": Difficulty("Unusual activities", "ood"),
    "depth": Difficulty("With a depth camera", "depth"),
}
"""What to choose from, the easiest first."""
OBSERVERS = {
    "noise": "As a finder would report them",
    "finder": "The real finder looks",
}
"""Who says where the people are."""


def new_scene(
    seed: Any, kind: Any, nearest_m: Any, farthest_m: Any, observer: Any, folder: Path
) -> PhotoSession:
    """Make a scene and open it as a photo.

    Args:
        seed: the same seed and choices give the same scene.
        kind: one of DIFFICULTIES.
        nearest_m, farthest_m: how far the one stands whom the picture is taken of.
        observer: one of OBSERVERS.
        folder: where the copy for the page is written.

    Raises:
        ValueError: a choice is unknown, or a number is missing or out of range.
        WeightsMissing: the real finder's files are not here.
    """
    if observer not in OBSERVERS:
        raise ValueError(f"People are reported by {' or '.join(OBSERVERS)}; got {observer!r}.")
    wanted = scene_kind(kind, nearest_m, farthest_m)
    scene = make_scene(checked_seed(seed), wanted)
    sample = sample_of(scene)
    photo = replace(sample.photo, focal_px=scene.people[0].camera.focal_px)
    people = find_people(photo) if observer == "finder" else sample.people
    return PhotoSession(
        photo,
        shown_copy(photo, folder),
        guests=found_guests(people),
        scene=scene,
        scene_code=_code(scene, DIFFICULTIES[kind], wanted.views.tz_m),
        people_of_scene=observer == "noise",
    )


def _code(scene: Scene, difficulty: Difficulty, tz_m: tuple[float, float]) -> tuple[str, ...]:
    """Python that makes the same photo."""
    return (
        *difficulty.code(tz_m),
        f"scene = make_scene({scene.seed}, kind)",
        "sample = sample_of(scene)",
        "photo = replace(sample.photo, focal_px=scene.people[0].camera.focal_px)",
    )


def _keywords(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def seed_for(seed: Any, choices: Sequence[Any], made: Sequence[Any] | None) -> int:
    """The seed that is asked for, or the next one if its scene is shown already.

    Args:
        seed: as typed.
        choices: all others.
        made: seed and choices of the scene made last.

    Raises:
        ValueError: the seed is no whole number from 0 on.
    """
    wanted = checked_seed(seed)
    return wanted if made is None or list(made) != [wanted, *choices] else wanted + 1


def scene_kind(kind: Any, nearest_m: Any, farthest_m: Any) -> SceneKind:
    """A kind of scenes with its own range of distances.

    Raises:
        ValueError: there is no such kind, or the range is none.
    """
    if kind not in DIFFICULTIES:
        raise ValueError(f"The difficulties are {', '.join(DIFFICULTIES)}; got {kind!r}.")
    numbers = [float(v) if isinstance(v, int | float) else math.nan for v in (nearest_m, farthest_m)]
    if not NEAREST_M <= numbers[0] <= numbers[1] <= FARTHEST_M:
        raise ValueError(
            f"The distances must be two numbers between {NEAREST_M:g} and {FARTHEST_M:g} m, the nearer one "
            "first."
        )
    base = DIFFICULTIES[kind].kind
    return replace(base, views=replace(base.views, tz_m=(numbers[0], numbers[1])))


def distances_m(kind: str) -> tuple[float, float]:
    """The range of distances that a kind has by itself."""
    low, high = DIFFICULTIES[kind].kind.views.tz_m
    return max(low, NEAREST_M), min(high, FARTHEST_M)


def checked_seed(seed: Any) -> int:
    """A seed as it was typed.

    Raises:
        ValueError: it is no whole number from 0 on.
    """
    if not isinstance(seed, int | float) or not float(seed).is_integer() or not 0 <= seed <= MAX_SEED:
        got = "" if seed is None else f"; got {seed!r}"
        raise ValueError(f"A seed is a whole number from 0 to {MAX_SEED}, such as 7{got}.")
    return int(seed)
