"""A photo, its boxes, landmarks and rendered layer as the data that photo_view.js draws."""

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float, UInt8
from PIL import Image
from torch import Tensor

MIN_VISIBILITY = 0.5


@dataclass(frozen=True, eq=False)
class Box:
    """A person's box as drawn over the photo."""

    box_px: Float[Tensor, "4"]
    label: str
    """Short, drawn in the corner."""
    title: str
    """Read aloud by a screen reader."""
    color: str
    selected: bool = True


@dataclass(frozen=True, eq=False)
class Landmarks:
    """One person's landmarks and the pairs of them to join by lines."""

    points_px: Float[Tensor, "N 3"]
    """x, y, visibility."""
    bones: Sequence[tuple[int, int]]
    color: str


@dataclass(frozen=True, eq=False)
class Residuals:
    """Landmarks as they were found, and the same ones of a body."""

    found_px: Float[Tensor, "N 2"]
    model_px: Float[Tensor, "N 2"]


def picture(
    photo: str | dict[str, Any],
    size_hw: tuple[int, int],
    description: str,
    boxes: Sequence[Box] = (),
    landmarks: Sequence[Landmarks] = (),
    layer: UInt8[np.ndarray, "h w 4"] | None = None,
    residuals: Sequence[Residuals] = (),
    residuals_text: str = "",
) -> dict[str, Any]:
    """What the browser needs to show a photo and what is known about it.

    Args:
        photo: address of the picture, or the host's own description of a file with a "url" in it.
        size_hw: size of the photo that boxes and landmarks are measured in.
        description: for those who cannot see the picture.
        boxes: people.
        landmarks: drawn as stick figures; invisible ones are left out.
        layer: colours and alpha of a rendering, at any scale, of the whole photo.
        residuals: drawn as pairs of points with a line between them.
        residuals_text: their numbers.
    """
    height, width = size_hw
    return {
        "photo": photo,
        "width": width,
        "height": height,
        "description": description,
        "boxes": [
            {
                "box": [round(v, 1) for v in box.box_px.tolist()],
                "label": box.label,
                "title": box.title,
                "color": box.color,
                "selected": box.selected,
            }
            for box in boxes
        ],
        "landmarks": [_landmarks(person) for person in landmarks],
        "residuals": [_residuals(person) for person in residuals],
        "residuals_text": residuals_text,
        "layer": None if layer is None else _layer(layer, width / layer.shape[1]),
    }


def data_url(image: Image.Image, kind: str = "WEBP", **options: Any) -> str:
    """A picture as text that an <img> shows; no metadata goes with it."""
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return f"data:image/{kind.lower()};base64,{base64.b64encode(buffer.getvalue()).decode()}"


def _landmarks(person: Landmarks) -> dict[str, Any]:
    visible = (person.points_px[:, 2] >= MIN_VISIBILITY).tolist()
    return {
        "points": [[round(v, 1) for v in point] for point in person.points_px[:, :2].tolist()],
        "bones": [[a, b] for a, b in person.bones if visible[a] and visible[b]],
        "color": person.color,
    }


def _residuals(person: Residuals) -> list[list[float]]:
    """x, y of the found landmark and of the body's."""
    pairs = torch.cat((person.found_px, person.model_px), dim=1)
    return [[round(v, 1) for v in pair] for pair in pairs.tolist()]


def _layer(rgba: UInt8[np.ndarray, "h w 4"], scale: float) -> dict[str, Any] | None:
    """Only the part that is covered travels."""
    rows, columns = (np.flatnonzero(rgba[..., 3].any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return None
    y0, y1, x0, x1 = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    covered = Image.fromarray(np.ascontiguousarray(rgba[y0:y1, x0:x1]))
    return {
        "src": data_url(covered, quality=85, method=1),
        "box": [float(v * scale) for v in (x0, y0, x1, y1)],
    }
