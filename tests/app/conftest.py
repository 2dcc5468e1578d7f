"""A photo, a person and a recovery that no network made."""

from pathlib import Path

import numpy as np
import pytest
import torch

from workbench.app import handlers_photo, models
from workbench.app.session import PhotoSession, Result
from workbench.geometry.camera import perspective_camera
from workbench.image import Person, Photo
from workbench.method import MethodInfo
from workbench.recovery import BodyParams, Recovery, Step

SIZE_HW = (240, 320)


def make_person(box: tuple[float, ...] = (100.0, 40.0, 200.0, 220.0)) -> Person:
    """Someone with landmarks inside their box."""
    x0, y0, x1, y1 = box
    xy = torch.rand(33, 2) * torch.tensor([x1 - x0, y1 - y0]) + torch.tensor([x0, y0])
    return Person(torch.tensor(box), 0.9, torch.cat((xy, torch.ones(33, 1)), dim=1))


def make_recovery(person: Person, steps: int = 3) -> Recovery:
    """A standing body in front of the camera, and a short trace."""
    body = models.body()
    theta = torch.zeros(body.num_joints, 3)
    theta[0, 0] = torch.pi  # facing the camera
    trace = []
    for number in range(steps):
        params = BodyParams(torch.full((body.num_betas,), 0.1 * number), theta)
        camera = perspective_camera(SIZE_HW, torch.tensor([0.0, 0.0, 6.0 - number]), 400.0)
        trace.append(
            Step(f"fit {number}", params, camera, 10.0 / (number + 1), {"cost of fit": torch.tensor(1.5)})
        )
    return Recovery(
        method="smplify",
        weights="none",
        body=body.topology,
        person=person,
        params=trace[-1].params,
        camera=trace[-1].camera,
        steps=tuple(trace),
        seconds=0.1,
    )


@pytest.fixture
def photo() -> Photo:
    """Noise, of the size that all boxes here are measured in."""
    rgb = np.random.default_rng(0).integers(0, 255, (*SIZE_HW, 3), dtype=np.uint8)
    return Photo(rgb, None, "noise")


@pytest.fixture
def session(photo: Photo, tmp_path: Path) -> PhotoSession:
    """Two people found, nothing recovered."""
    guests = handlers_photo.found_guests([make_person(), make_person((10.0, 20.0, 80.0, 200.0))])
    return PhotoSession(photo, handlers_photo.shown_copy(photo, tmp_path), guests=guests)


@pytest.fixture
def recovered(session: PhotoSession) -> PhotoSession:
    """Both people recovered."""
    results = tuple(
        Result(
            make_recovery(guest.person),
            handlers_photo.metrics_of(make_recovery(guest.person)),
            place,
            found=place,
        )
        for place, guest in enumerate(session.guests)
    )
    return PhotoSession(
        session.photo,
        session.shown,
        guests=session.guests,
        results=results,
        focal_source="EXIF",
        code_focal="with_focal(photo, None)",
    )


class FakeFinder:
    """Finds one person in the middle, and believes every box."""

    def find(self, photo: Photo) -> list[Person]:
        return [make_person()]

    def describe(self, photo: Photo, box_px: torch.Tensor) -> Person:
        return make_person(tuple(box_px.tolist()))


@pytest.fixture
def finder(monkeypatch: pytest.MonkeyPatch) -> FakeFinder:
    """Stands in for BlazePose."""
    fake = FakeFinder()
    monkeypatch.setattr(handlers_photo, "find_people", fake.find)
    monkeypatch.setattr(handlers_photo, "default_finder", lambda: fake)
    return fake


class FakeMethod:
    """Recovers everybody at once, reporting as it goes."""

    info = MethodInfo("smplify", "Fake", "none", "Apache-2.0", "none", "any", "nothing")

    cannot: tuple = ()
    """People it refuses."""

    @classmethod
    def load(cls, device="cpu"):
        return cls()

    def recover(self, photo: Photo, people, progress=None) -> list[Recovery]:
        if any(person is refused for person in people for refused in self.cannot):
            raise ValueError("Their feet are missing.")
        for index in range(len(people)):
            if progress:
                progress(index / len(people), f"person {index + 1}")
        return [make_recovery(person) for person in people]


@pytest.fixture
def method(monkeypatch: pytest.MonkeyPatch) -> FakeMethod:
    """Stands in for every method."""
    fake = FakeMethod()
    monkeypatch.setattr(models, "method", lambda name: fake)
    return fake
