"""Where the focal length comes from, and that the pipeline hands on what it was given."""

from typing import ClassVar

import numpy as np
import pytest
import torch

from workbench.geometry.camera import perspective_camera
from workbench.image import Person, Photo
from workbench.method import MethodInfo
from workbench.pipeline import recover, with_focal
from workbench.recovery import BodyParams, Recovery


def photo(focal_px):
    return Photo(np.zeros((400, 600, 3), np.uint8), focal_px, "test")


@pytest.mark.parametrize(
    ("exif", "given", "ignore", "focal_px", "source"),
    [
        (900.0, None, False, 900.0, "EXIF"),
        (900.0, 500.0, False, 900.0, "EXIF"),
        (900.0, 500.0, True, 500.0, "given"),
        (None, 500.0, False, 500.0, "given"),
        (None, None, False, None, "guessed"),
        (900.0, None, True, None, "guessed"),
    ],
)
def test_order_of_focal_lengths(exif, given, ignore, focal_px, source):
    settled, said = with_focal(photo(exif), given, ignore)
    assert settled.focal_px == focal_px and said.startswith(source)


@pytest.mark.parametrize("bad", [0.0, -5.0, 1.0, 1e9, float("nan"), float("inf")])
def test_impossible_focal_lengths(bad):
    with pytest.raises(ValueError, match="focal"):
        with_focal(photo(None), bad)


def test_given_people_are_not_looked_for():
    seen = []

    class Listener:
        info: ClassVar[MethodInfo] = MethodInfo("listener", "", "", "", "none", "", "")

        @classmethod
        def load(cls, device="cpu"):
            return cls()

        def recover(self, photo, people, progress=None):
            seen.extend(people)
            return []

    person = Person(torch.tensor([0.0, 0.0, 1.0, 1.0]), 1.0)
    assert recover(photo(None), Listener(), [person]) == []
    assert seen == [person]


def test_one_unusable_person_does_not_lose_the_others():
    class Picky:
        info: ClassVar[MethodInfo] = MethodInfo("picky", "", "", "", "none", "", "")

        @classmethod
        def load(cls, device="cpu"):
            return cls()

        def recover(self, photo, people, progress=None):
            asked.append(len(people))
            if progress:
                progress(0.5, "looking")
            if any(person.score < 0.5 for person in people):
                raise ValueError("too faint")
            return [recovery_of(person) for person in people]

    def recovery_of(person):
        params = BodyParams(torch.zeros(10), torch.zeros(24, 3))
        camera = perspective_camera((400, 600), torch.tensor([0.0, 0.0, 3.0]))
        return Recovery("picky", "none", "any", person, params, camera, (), 0.1)

    people = [Person(torch.tensor([0.0, 0.0, 1.0, 1.0]), score) for score in (0.9, 0.1, 0.8)]
    asked, skipped, said = [], [], []
    recoveries = recover(
        photo(None),
        Picky(),
        people,
        lambda *report: said.append(report),
        lambda place, reason: skipped.append((place, reason)),
    )
    assert [r.person for r in recoveries] == [people[0], people[2]]
    assert skipped == [(1, "too faint")]
    fractions = [fraction for fraction, _ in said]
    assert fractions == sorted(fractions) and all(0 <= fraction <= 1 for fraction in fractions)
    assert [doing for _, doing in said] == ["looking", *(f"person {n} of 3" for n in (1, 2, 3))]
    assert asked == [3, 1, 1, 1]  # together first: methods may compare people
    recover(photo(None), Picky(), people[::2], None, lambda *_: pytest.fail("nobody to leave out"))
    assert asked[4:] == [2]
    recover(photo(None), Picky(), people[1:2], None, lambda place, reason: skipped.append((place, reason)))
    assert asked[5:] == [1] and skipped[1:] == [(0, "too faint")]
    recover(photo(None), Picky(), people[:1], lambda *report: said.append(report), lambda *_: None)
    assert said[-1] == (0.5, "looking")  # the only one: in the method's own words
    with pytest.raises(ValueError, match="too faint"):
        recover(photo(None), Picky(), people[1:])
