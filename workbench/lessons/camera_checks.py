"""Checks for lesson 2: how a body becomes a picture, and how far away it is."""

import math
from collections.abc import Callable
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.geometry import Camera
from workbench.geometry.conventions import CropCamera
from workbench.lessons.checking import Exercise, Mistake, Verdict, check

Function = Callable[..., Any]
_SIZE_HW = (480, 640)


def check_project(function: Any) -> Verdict:
    """Checks perspective: `function(points_m, focal_px, center_px, t_m)` to pixels (N, 2)."""
    return check(function, _project())


def check_weak(function: Any) -> Verdict:
    """Checks weak perspective: `function(points_m, focal_px, center_px, t_m)` to pixels (N, 2)."""
    return check(function, _weak())


def check_focal_from_fov(function: Any) -> Verdict:
    """Checks `function(fov_deg, side_px)`: the focal length in pixels."""
    return check(function, _focal_from_fov())


def check_depth_from_height(function: Any) -> Verdict:
    """Checks `function(height_px, height_m, focal_px)`: how far away somebody stands, in metres."""
    return check(function, _depth_from_height())


def check_full_frame(function: Any) -> Verdict:
    """Checks `function(crop_numbers, box_center_px, box_side_px, focal_px, size_hw)`: (Tx, Ty, Tz) in metres.

    crop_numbers are (s, tx, ty) of x = s (X + t) in a crop that spans -1 to 1.
    """
    return check(function, _full_frame())


def focal_from_fov_px(fov_deg: float, side_px: float) -> float:
    """Focal length of a lens that sees this angle across a side of the picture."""
    return side_px / 2 / math.tan(math.radians(fov_deg) / 2)


def depth_from_height_m(height_px: float, height_m: float, focal_px: float) -> float:
    """How far away something is that measures so much in the picture and so much in the world."""
    return focal_px * height_m / height_px


def _project() -> Exercise:
    return Exercise(
        "each point is divided by its own depth",
        _camera("perspective"),
        _views(),
        [
            Mistake(
                "The principal point is missing: the picture's middle is at center_px and not at (0, 0).",
                lambda p, f, c, t: _camera("perspective")(p, f, (0.0, 0.0), t),
            ),
            Mistake(
                "It divides by z of the body's own frame. First bring the points before the camera: "
                "points_m + t_m.",
                lambda p, f, c, t: f * (p + t)[:, :2] / p[:, 2:] + torch.tensor(c),
            ),
            Mistake(
                "It multiplies with Tz and divides by f: the two are swapped.",
                lambda p, f, c, t: (p + t)[:, :2] * (p + t)[:, 2:] / f + torch.tensor(c),
            ),
            Mistake(
                "This is weak perspective: one depth, Tz, for all points. Here each point has its own.",
                _camera("weak"),
            ),
            Mistake(
                "It divides before it adds Tx and Ty: move the points first.",
                lambda p, f, c, t: f * (p[:, :2] / (p + t)[:, 2:] + t[:2]) + torch.tensor(c),
            ),
            Mistake(
                "The y axis is upside down: image and camera both count y downwards, so there is no minus.",
                lambda p, f, c, t: _camera("perspective")(p * torch.tensor([1.0, -1.0, 1.0]), f, c, t),
            ),
        ],
        "px",
        0.01,
    )


def _weak() -> Exercise:
    return Exercise(
        "one depth for the whole body",
        _camera("weak"),
        _views(),
        [
            Mistake(
                "It divides each point by its own depth: that is full perspective. Weak perspective has one "
                "depth for all, Tz.",
                _camera("perspective"),
            ),
            Mistake(
                "The principal point is missing: the picture's middle is at center_px and not at (0, 0).",
                lambda p, f, c, t: _camera("weak")(p, f, (0.0, 0.0), t),
            ),
            Mistake(
                "f and Tz are swapped: a longer lens enlarges, a larger distance makes small.",
                lambda p, f, c, t: (p + t)[:, :2] * t[2] / f + torch.tensor(c),
            ),
            Mistake(
                "No depth at all: that is an orthographic camera. Divide by Tz.",
                lambda p, f, c, t: f * (p + t)[:, :2] + torch.tensor(c),
            ),
            Mistake(
                "Tx and Ty are missing: move the points first, points_m + t_m.",
                lambda p, f, c, t: f * p[:, :2] / t[2] + torch.tensor(c),
            ),
        ],
        "px",
        0.01,
    )


def _focal_from_fov() -> Exercise:
    return Exercise(
        "half the picture over the tangent of half the angle",
        focal_from_fov_px,
        [(53.0, 960.0), (30.0, 640.0), (95.0, 1280.0)],
        [
            Mistake(
                "math.tan wants radians: use math.radians(fov_deg).",
                lambda fov, side: side / 2 / math.tan(fov / 2),
            ),
            Mistake(
                "The angle spans the whole picture, the triangle only half of it: take half the angle.",
                lambda fov, side: side / 2 / math.tan(math.radians(fov)),
            ),
            Mistake(
                "The triangle from the lens to the edge is half a picture wide: take half of side_px.",
                lambda fov, side: side / math.tan(math.radians(fov) / 2),
            ),
            Mistake(
                "Upside down: a wider angle means a SHORTER lens. Divide by the tangent.",
                lambda fov, side: side / 2 * math.tan(math.radians(fov) / 2),
            ),
        ],
        "px",
        0.05,
    )


def _depth_from_height() -> Exercise:
    return Exercise(
        "size in the picture = f · size / distance, read backwards",
        depth_from_height_m,
        [(500.0, 1.7, 1250.0), (120.0, 1.9, 800.0)],
        [
            Mistake(
                "f and Tz are swapped: solve height_px = focal_px · height_m / Tz for Tz.",
                lambda height_px, height_m, focal_px: height_px * height_m / focal_px,
            ),
            Mistake(
                "Upside down: this is 1 / Tz. Somebody who looks smaller is farther away.",
                lambda height_px, height_m, focal_px: height_px / (focal_px * height_m),
            ),
            Mistake(
                "The person's height in metres is missing: a child that fills the picture is nearer.",
                lambda height_px, height_m, focal_px: focal_px / height_px,
            ),
        ],
        "m",
        1e-3,
    )


def _full_frame() -> Exercise:
    def answer(
        numbers: Tensor, center: tuple[float, float], side: float, focal: float, size_hw: tuple[int, int]
    ) -> Tensor:
        scale, tx_m, ty_m = numbers.tolist()
        crop = CropCamera(scale, tx_m, ty_m, center, side)
        return crop.full_frame(focal, size_hw).t_camera_body_m

    def changed(
        numbers: Tensor, side: float, focal: float, offset: Tensor, factor: float = 2.0
    ) -> Float[Tensor, "3"]:
        """The formula with a mistake in what it is given."""
        scale = factor / (side * numbers[0])
        return torch.stack((*(numbers[1:] + offset * scale), focal * scale))

    def offset(center: tuple[float, float], size_hw: tuple[int, int]) -> Float[Tensor, "2"]:
        return torch.tensor(center) - torch.tensor([size_hw[1] / 2, size_hw[0] / 2])

    return Exercise(
        "Tz = 2 f / (b s), and the box's offset from the picture's middle moves the body aside",
        answer,
        [
            (torch.tensor([0.9, 0.05, -0.1]), (400.0, 210.0), 330.0, 800.0, _SIZE_HW),
            (torch.tensor([1.1, -0.2, 0.2]), (150.0, 300.0), 200.0, 5000.0, (600, 500)),
        ],
        [
            Mistake(
                "The box is not in the middle of the photo: add 2 (box centre - photo centre) / (b s) to tx "
                "and ty.",
                lambda n, c, b, f, size: changed(n, b, f, torch.zeros(2)),
            ),
            Mistake(
                "The offset has the wrong sign: a box on the right means a body on the right, Tx grows.",
                lambda n, c, b, f, size: changed(n, b, f, -offset(c, size)),
            ),
            Mistake(
                "A factor of two is missing: a crop spans -1 to 1, so s counts HALF boxes per metre.",
                lambda n, c, b, f, size: changed(n, b, f, offset(c, size), 1.0),
            ),
            Mistake(
                "It takes 224 px for the box. The focal length is in pixels of the photo, so b is the side "
                "of the box in the photo.",
                lambda n, c, b, f, size: changed(n, 224.0, f, offset(c, size)),
            ),
            Mistake(
                "The photo's centre is (width / 2, height / 2), but size_hw says height first.",
                lambda n, c, b, f, size: changed(n, b, f, offset(c, size[::-1])),
            ),
            Mistake(
                "It measures the box from the photo's corner. Measure from the photo's middle, where the "
                "axis of the lens goes through.",
                lambda n, c, b, f, size: changed(n, b, f, torch.tensor(c)),
            ),
        ],
        "m",
        1e-3,
    )


def _camera(kind: Any) -> Function:
    """The library's projection, with the arguments of a student's."""
    return lambda p, f, c, t: Camera(kind, f, c, _SIZE_HW, t).project(p)


def _views() -> list[tuple[Tensor, float, tuple[float, float], Tensor]]:
    """Points about a body's origin, and cameras that look at them."""
    random = torch.Generator().manual_seed(5)
    points = [torch.randn(20, 3, generator=random) * torch.tensor([0.3, 0.6, 0.25]) for _ in range(2)]
    return [
        (points[0], 600.0, (320.0, 240.0), torch.tensor([0.2, -0.1, 2.5])),
        (points[1], 1500.0, (300.0, 260.0), torch.tensor([-0.5, 0.3, 6.0])),
    ]
