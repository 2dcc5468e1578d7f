"""Photos, layers and landmarks as the page gets them."""

import base64
import io

import numpy as np
import pytest
import torch
from PIL import Image

from workbench.figures.picture import Box, Landmarks, data_url, picture


def opened(url: str) -> Image.Image:
    return Image.open(io.BytesIO(base64.b64decode(url.split(",", 1)[1])))


def layer_with(rows: slice, columns: slice, size=(60, 80)) -> np.ndarray:
    layer = np.zeros((*size, 4), np.uint8)
    layer[rows, columns] = (10, 200, 30, 255)
    return layer


def test_only_the_covered_part_of_a_layer_travels_and_lands_where_it_was():
    layer = layer_with(slice(12, 30), slice(5, 45))
    sent = picture("photo.jpg", (120, 160), "a photo", layer=layer)["layer"]
    assert sent["box"] == [10, 24, 90, 60]  # twice as large: the layer is half the photo's size
    assert opened(sent["src"]).size == (40, 18)


def test_an_empty_layer_is_none():
    assert picture("photo.jpg", (60, 80), "a photo", layer=np.zeros((60, 80, 4), np.uint8))["layer"] is None


def test_invisible_landmarks_are_not_joined():
    points = torch.tensor([[0.0, 0.0, 1.0], [10.0, 0.0, 1.0], [20.0, 0.0, 0.1]])
    drawn = picture("p", (60, 80), "d", landmarks=[Landmarks(points, ((0, 1), (1, 2)), "#fff")])
    assert drawn["landmarks"][0]["bones"] == [[0, 1]]


def test_boxes_keep_their_place():
    box = Box(torch.tensor([1.0, 2.0, 30.0, 40.0]), "1", "Person 1", "#abc", selected=False)
    drawn = picture("p", (60, 80), "d", boxes=[box])["boxes"][0]
    assert drawn["box"] == [1, 2, 30, 40]
    assert drawn["selected"] is False


@pytest.mark.parametrize("kind", ["WEBP", "PNG", "JPEG"])
def test_pictures_travel_without_metadata(kind):
    image = Image.new("RGB", (8, 8), "red")
    exif = image.getexif()
    exif[0x010E] = "taken at home"
    image.info["exif"] = exif.tobytes()
    assert not dict(opened(data_url(image, kind)).getexif())
