"""The BlazePose finder on a photo of one person, moved, turned and doubled, and on photos of nobody."""

import numpy as np
import pytest
import skimage.data
import torch

from workbench.body.joints import BLAZEPOSE
from workbench.image.blazepose import BlazePoseFinder
from workbench.image.people import Finder
from workbench.image.person import Person
from workbench.image.photo import Photo

NOSE, LEFT_SHOULDER, RIGHT_SHOULDER = (
    BLAZEPOSE.index(n) for n in ("nose", "left_shoulder", "right_shoulder")
)
FACE_AND_SHOULDERS = [*range(11), LEFT_SHOULDER, RIGHT_SHOULDER]


def photo_of(rgb: np.ndarray) -> Photo:
    return Photo(np.ascontiguousarray(rgb), None, "test")


def points(person: Person) -> np.ndarray:
    assert person.keypoints_px is not None
    return person.keypoints_px.numpy()


def the_one(finder: BlazePoseFinder, photo: Photo) -> Person:
    people = finder.find(photo)
    assert len(people) == 1
    return people[0]


@pytest.fixture(scope="module")
def person(finder: BlazePoseFinder, astronaut: Photo) -> Person:
    return the_one(finder, astronaut)


def test_one_astronaut(person: Person, astronaut: Photo) -> None:
    """Where her face is in the picture of 512 x 512 is known; her left is to our right."""
    xy = points(person)
    assert np.linalg.norm(xy[NOSE, :2] - [224, 132]) < 15
    assert xy[LEFT_SHOULDER, 0] > xy[NOSE, 0] > xy[RIGHT_SHOULDER, 0]
    assert (xy[[NOSE, LEFT_SHOULDER, RIGHT_SHOULDER], 2] > 0.5).all()
    assert 0.4 < person.score <= 1
    x0, y0, x1, y1 = person.box_px.tolist()
    assert x0 < 60
    assert y0 < 40
    assert x1 > 300
    assert y1 > 450


def test_mask_and_box_belong_to_the_landmarks(person: Person) -> None:
    xy = points(person)
    assert person.mask is not None
    seen = xy[xy[:, 2] > 0.5, :2]
    mask = person.mask.numpy()
    on_mask = mask[seen[:, 1].astype(int), seen[:, 0].astype(int)]
    assert on_mask.mean() > 0.9
    x0, y0, x1, y1 = person.box_px.tolist()
    assert (seen >= [x0, y0]).all()
    assert (seen <= [x1, y1]).all()
    assert mask[round(y0) : round(y1), round(x0) : round(x1)].sum() > 0.9 * mask.sum()


def test_points_outside_the_photo_are_not_visible(person: Person) -> None:
    xy = points(person)
    outside = np.any((xy[:, :2] < 0) | (xy[:, :2] > 512), axis=1)
    assert outside[BLAZEPOSE.index("left_ankle")]  # a half-length portrait
    assert (xy[outside, 2] <= 0.1).all()


def test_metres_are_in_the_axes_of_the_photo(person: Person) -> None:
    """Seen along z, the 3D landmarks are the 2D ones but for scale and place; shoulders are a person's."""
    assert person.keypoints_m is not None
    world = person.keypoints_m.numpy()[FACE_AND_SHOULDERS]
    seen = points(person)[FACE_AND_SHOULDERS, :2]
    a, b = (v - v.mean(axis=0) for v in (world[:, :2], seen))
    assert (a * b).sum() / np.linalg.norm(a) / np.linalg.norm(b) > 0.95
    shoulders = person.keypoints_m[LEFT_SHOULDER] - person.keypoints_m[RIGHT_SHOULDER]
    assert 0.2 < float(shoulders.norm()) < 0.5
    assert float(person.keypoints_m[NOSE, 2]) < float(person.keypoints_m[[7, 8], 2].mean())  # z grows away


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_turned_photo_gives_turned_people(
    finder: BlazePoseFinder, astronaut: Photo, person: Person, turns: int
) -> None:
    turned = the_one(finder, photo_of(np.rot90(astronaut.rgb, turns)))
    xy = points(turned)[:, :2] - 256
    world = turned.keypoints_m
    assert world is not None
    world = world.numpy()
    quarter = np.array([[0.0, -1.0], [1.0, 0.0]])  # undoes one turn of rot90, which is anticlockwise
    back = np.linalg.matrix_power(quarter, turns)
    expected = points(person)
    error = np.linalg.norm(xy @ back.T + 256 - expected[:, :2], axis=1)[FACE_AND_SHOULDERS]
    assert np.median(error) < 20  # of 512: the networks are only roughly equivariant
    assert person.keypoints_m is not None
    expected_m = person.keypoints_m.numpy()[FACE_AND_SHOULDERS, :2]
    found_m = (world[:, :2] @ back.T)[FACE_AND_SHOULDERS]
    found_m, expected_m = (v - v.mean(axis=0) for v in (found_m, expected_m))
    assert (found_m * expected_m).sum() / np.linalg.norm(found_m) / np.linalg.norm(expected_m) > 0.9


def test_two_people_side_by_side(finder: BlazePoseFinder, astronaut: Photo, person: Person) -> None:
    mirrored = astronaut.rgb[:, ::-1]
    people = finder.find(photo_of(np.concatenate((astronaut.rgb, mirrored), axis=1)))
    assert len(people) == 2
    noses = sorted(float(points(p)[NOSE, 0]) for p in people)
    x = float(points(person)[NOSE, 0])
    assert np.allclose(noses, [x, 1024 - x], atol=20)
    areas = [float((p.box_px[2:] - p.box_px[:2]).prod()) for p in people]
    assert areas == sorted(areas, reverse=True)


def test_the_same_photo_gives_the_same_people(
    finder: BlazePoseFinder, astronaut: Photo, person: Person
) -> None:
    again = the_one(finder, astronaut)
    assert torch.equal(torch.as_tensor(points(again)), torch.as_tensor(points(person)))


@pytest.mark.parametrize("name", ["coffee", "grass", "brick", "moon", "text", "page", "gravel", "rocket"])
def test_nobody_is_invented(finder: BlazePoseFinder, name: str) -> None:
    picture = getattr(skimage.data, name)()
    rgb = picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)
    assert finder.find(photo_of(rgb)) == []


@pytest.mark.parametrize("size", [(32, 32), (40, 700), (333, 32), (200, 300)])
@pytest.mark.parametrize("kind", ["black", "white", "noise"])
def test_empty_photos_of_any_shape(finder: BlazePoseFinder, size: tuple[int, int], kind: str) -> None:
    rgb = {
        "black": np.zeros((*size, 3)),
        "white": np.full((*size, 3), 255),
        "noise": np.random.default_rng(0).integers(0, 255, (*size, 3)),
    }[kind]
    assert finder.find(photo_of(rgb.astype(np.uint8))) == []


def test_a_drawn_box_finds_the_person_in_it(
    finder: BlazePoseFinder, astronaut: Photo, person: Person
) -> None:
    assert isinstance(finder, Finder)
    box = torch.tensor([5.0, 5.0, 360.0, 512.0])
    described = finder.describe(astronaut, box)
    assert torch.equal(described.box_px, box)
    assert described.score == 1
    error = np.linalg.norm(points(described) - points(person), axis=1)[FACE_AND_SHOULDERS]
    assert np.median(error) < 20
    assert described.mask is not None
    assert person.mask is not None
    both = (described.mask & person.mask).sum() / (described.mask | person.mask).sum()
    assert both > 0.8


def test_a_drawn_box_on_nobody_stays_a_box(finder: BlazePoseFinder) -> None:
    grass = np.repeat(skimage.data.grass()[..., None], 3, axis=2)
    box = torch.tensor([100.0, 100.0, 250.0, 400.0])
    described = finder.describe(photo_of(grass), box)
    assert torch.equal(described.box_px, box)
    assert described.keypoints_px is None
    assert described.mask is None


@pytest.mark.parametrize(
    "box", [[50, 50, 50, 90], [90, 50, 40, 90], [600, 0, 700, 90], [0, 0, float("nan"), 9]]
)
def test_a_bad_box_is_explained(finder: BlazePoseFinder, astronaut: Photo, box: list[float]) -> None:
    with pytest.raises(ValueError, match="box"):
        finder.describe(astronaut, torch.tensor(box, dtype=torch.float32))
