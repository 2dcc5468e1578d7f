"""What the Camera tab takes over from the Photo tab."""

import pytest
import torch

from workbench.app import handlers_camera as handlers
from workbench.app import models
from workbench.app.session import PhotoSession
from workbench.figures.camera_lab import camera_from


def test_every_recovered_person_arrives_with_body_and_camera(recovered: PhotoSession):
    data = handlers.photo_people(recovered)
    assert data is not None and data["chosen"] is None
    assert [person["name"] for person in data["people"]] == ["Person 1", "Person 2"]
    for person, result in zip(data["people"], recovered.results, strict=True):
        recovery = result.recovery
        made = models.body().mesh(
            torch.tensor(person["person"]["betas"]), torch.tensor(person["person"]["theta"])
        )
        points = recovery.mesh(models.body()).vertices_m
        torch.testing.assert_close(made.vertices_m, points)
        camera = camera_from(person["camera"])
        torch.testing.assert_close(camera.project(points), recovery.camera.project(points))


def test_the_same_wish_twice_is_news_to_the_page(recovered: PhotoSession):
    """Or a second press of the button would do nothing."""
    assert handlers.photo_people(recovered, 1) != handlers.photo_people(recovered, 1)


def test_without_results_there_is_nobody(session: PhotoSession):
    assert handlers.photo_people(session) is None


@pytest.mark.parametrize("place", [-1, 2])
def test_somebody_else_is_refused(recovered: PhotoSession, place: int):
    with pytest.raises(ValueError, match="no person"):
        handlers.photo_people(recovered, place)
