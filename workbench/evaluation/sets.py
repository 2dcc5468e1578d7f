"""The benchmark's sets: people in made-up scenes, with what a finder would say of them, and the truth."""

from collections.abc import Collection, Iterator

import numpy as np

from workbench.body import BodyModel, open_body
from workbench.evaluation.bench import Sample
from workbench.evaluation.score import Truth
from workbench.image import Person, Photo
from workbench.image.boxes import box_of_mask_px
from workbench.method import CHANNELS, Channel
from workbench.recovery import BodyParams
from workbench.synth.scene import Scene, ScenePerson
from workbench.synth.sets import SETS, SceneKind, kind_of, make_scene, set_seeds

MIN_SEEN = 0.1
"""Share of the outline below which nobody would be asked what somebody does."""

__all__ = ["SETS", "measured", "sample_of", "samples", "true_body", "truth_of"]


def samples(name: str, n: int, reads: Collection[Channel] = CHANNELS) -> Iterator[Sample]:
    """The first n people of a set, scene by scene; the same whatever n is.

    Photos do not tell their focal length, as most in the world do not.

    Args:
        name: of the set.
        n: number of people, with those whom a finder would miss; the last scene may have more, who are left
            out.
        reads: what the methods look at. Pictures are not drawn for those that do not read colours.

    Raises:
        ValueError: there is no such set, or n is not positive.
    """
    kind = kind_of(name)
    if n < 1:
        raise ValueError(f"A benchmark needs at least one person; got n = {n}.")
    return _first(kind, n, reads)


def _first(kind: SceneKind, n: int, reads: Collection[Channel]) -> Iterator[Sample]:
    for seed in set_seeds(kind.name, n):  # every scene has somebody to measure
        sample = sample_of(make_scene(seed, kind), reads, n, with_missed=False)
        n -= len(sample.people) + sample.missed
        yield sample
        if n == 0:
            return


def sample_of(
    scene: Scene,
    reads: Collection[Channel] = CHANNELS,
    at_most: int | None = None,
    with_missed: bool = True,
) -> Sample:
    """A scene as the benchmark takes it: people as a finder might report them, with true outlines.

    Args:
        scene: made up.
        reads: without "rgb", the photo is black, and nothing is drawn; without "depth", it has no depth map,
            nor has that of a scene without a depth camera.
        at_most: number of people; the one whom the picture was taken of comes first.
        with_missed: also give those whom a finder would miss. Their landmarks are drawn as if they had been
            found; the fit of the noise knows nothing of such people.
    """
    rgb = scene.rgb if "rgb" in reads else np.zeros((*scene.size_hw, 3), np.uint8)
    depth_m = scene.sensor_depth_m if "depth" in reads else None
    asked = measured(scene)[:at_most]
    people = [person for person in asked if person.found or with_missed]
    return Sample(
        name=f"{scene.kind} {scene.seed}",
        photo=Photo(rgb, None, f"{scene.kind} {scene.seed}", depth_m=depth_m),
        people=tuple(_reported(person) for person in people),
        truths=tuple(truth_of(person) for person in people),
        missed=len(asked) - len(people),
    )


def measured(scene: Scene) -> tuple[ScenePerson, ...]:
    """Those of whom enough is seen; the one whom the picture was taken of always is among them."""
    first, *others = scene.people
    return first, *(p for p in others if int(p.visible_mask.sum()) > MIN_SEEN * int(p.full_mask.sum()))


def true_body() -> BodyModel:
    """The body that all scenes are made of; read once per process."""
    return open_body()


def truth_of(person: ScenePerson) -> Truth:
    """What the benchmark compares with."""
    params = BodyParams(person.betas, person.theta)
    return Truth(true_body().topology, params, person.camera, person.full_mask)


def _reported(person: ScenePerson) -> Person:
    return Person(
        box_px=box_of_mask_px(person.visible_mask),
        score=1.0,
        keypoints_px=person.observed_px,
        keypoints_m=person.observed_m,
        mask=person.visible_mask,
    )
