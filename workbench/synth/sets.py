"""Kinds of scenes, and the fixed sets that methods are compared on: seeds, not files."""

from pathlib import Path

from workbench.synth.cameras import Views
from workbench.synth.kinds import SceneKind
from workbench.synth.scene import Scene
from workbench.synth.staging import staged

SETS: dict[str, SceneKind] = {
    kind.name: kind
    for kind in (
        SceneKind("test", "test"),
        SceneKind(
            "close",
            "test",
            Views(tz_m=(0.4, 1.2), lens_mm=(13.0, 35.0), height_m=(0.8, 2.0)),
            people=(0.8, 0.2),
            occluder_share=0.0,
        ),
        SceneKind(
            "occluded",
            "test",
            Views(tz_m=(1.8, 12.0), cut=0.0),
            people=(0.3, 0.3, 0.2, 0.1, 0.1),
            occluder_share=1.0,
            hidden=(0.15, 0.6),
        ),
        SceneKind("ood", "ood"),
        SceneKind("depth", "test", Views(tz_m=(1.2, 4.0), lens_mm=(22.0, 35.0)), depth_sensor=True),
        SceneKind("validation", "validation"),
    )
}
"""The fixed sets. All but "validation" are only for measuring; "ood" has actions that no training sees."""


def set_seeds(name: str, n: int) -> range:
    """The seeds of a set's first n scenes.

    Raises:
        ValueError: there is no such set, or n is negative.
    """
    kind_of(name)
    if n < 0:
        raise ValueError(f"Expected a number of scenes of at least 0; got {n}.")
    return range(n)


def kind_of(name: str) -> SceneKind:
    """The kind of a set.

    Raises:
        ValueError: there is no such set.
    """
    if name not in SETS:
        raise ValueError(f"There is no set {name!r}. The sets are: {', '.join(SETS)}.")
    return SETS[name]


def make_scene(seed: int, kind: SceneKind | str, background_folder: Path | None = None) -> Scene:
    """The scene of a seed; the same seed, kind and folder give the same scene.

    Args:
        seed: 0 or more.
        kind: the name of a set, or a kind of one's own.
        background_folder: pictures without people to put behind them, instead of made-up places.

    Raises:
        ValueError: there is no such set, the seed is negative, or the folder holds no picture.
    """
    if seed < 0:
        raise ValueError(f"Expected a seed of at least 0; got {seed}.")
    return staged(seed, kind_of(kind) if isinstance(kind, str) else kind, background_folder)
