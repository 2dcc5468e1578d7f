"""All conventions describe one picture."""

import itertools
import math

import pytest
import torch

from workbench.body import load_body
from workbench.geometry import Camera, Crop
from workbench.geometry.camera import perspective_camera
from workbench.geometry.conventions import (
    CAMERAS,
    CropCamera,
    blade_camera,
    cliff_camera,
    from_blade,
    from_hmr,
    from_romp,
    hmr2_camera,
    hmr_camera,
    padded_square,
    romp_camera,
    spin_camera,
    to_blade,
    to_hmr,
    to_romp,
)

SIZE = (890, 1920)
CROP = CropCamera(0.9, 0.04, -0.12, (513.0, 449.0), 640.0)
SIZES = [(890, 1920), (1920, 890), (512, 512), (301, 500), (500, 301)]
MAPS = [*CAMERAS.values(), lambda crop, size: blade_camera(crop, size, 2.5, -0.04)]


@pytest.fixture
def points():
    return torch.rand(70, 3, dtype=torch.float64) - 0.5


def assert_same(a, b, tolerance=1e-5):
    assert (a.scale, a.tx_m, a.ty_m) == pytest.approx((b.scale, b.tx_m, b.ty_m), abs=tolerance)
    assert (*a.center_px, a.side_px) == pytest.approx((*b.center_px, b.side_px), abs=1e-3)


def test_window_coordinates_run_from_minus_one_to_one(points):
    crop = Crop(CROP.center_px, CROP.side_px, 2)  # a crop two pixels wide spans -1..1 but for an offset
    torch.testing.assert_close(crop.from_photo_px(CROP.project_px(points)) - 1, CROP.project(points))


def test_round_trips_of_the_papers_numbers():
    numbers = torch.tensor([0.83, -0.21, 0.37])
    torch.testing.assert_close(to_hmr(from_hmr(numbers, (100.0, 50.0), 300.0)), numbers, rtol=0, atol=0)
    for size in SIZES:
        torch.testing.assert_close(to_romp(from_romp(numbers, size), size), numbers)


@pytest.mark.parametrize("size", SIZES)
def test_round_trip_of_every_camera(size):
    for make in MAPS:
        assert_same(CropCamera.of(make(CROP, size), CROP.center_px, CROP.side_px), CROP)
    assert_same(
        from_romp(to_romp(CROP, size), size).in_window(CROP.center_px, CROP.side_px),
        CROP,
    )


@pytest.mark.parametrize("size", SIZES)
def test_round_trip_from_the_full_frame(size, points):
    camera = perspective_camera(size, torch.tensor([0.3, -0.2, 4.0]), 1234.5)
    crop = CropCamera.of(camera, (200.0, 150.0), 320.0)
    back = crop.full_frame(camera.focal_px, size)
    torch.testing.assert_close(back.t_camera_body_m, camera.t_camera_body_m)
    focal, t_m = to_blade(camera)
    torch.testing.assert_close(from_blade(focal, t_m, size).project(points), camera.project(points))
    assert focal == pytest.approx(camera.focal_px)


@pytest.mark.parametrize("size", SIZES)
def test_all_systems_draw_the_same_weak_perspective_picture(size, points):
    pictures = [make(CROP, size).as_kind("weak").project(points) for make in MAPS]
    pictures += [CROP.project_px(points), from_romp(to_romp(CROP, size), size).project_px(points)]
    for first, second in itertools.combinations(pictures, 2):
        torch.testing.assert_close(first, second, atol=2e-3, rtol=0)


def test_another_window_is_the_same_picture(points):
    moved = CROP.in_window((900.0, 20.0), 123.0)
    torch.testing.assert_close(moved.project_px(points), CROP.project_px(points))
    assert_same(moved.in_window(CROP.center_px, CROP.side_px), CROP)


@pytest.mark.parametrize(("make", "focal"), [(hmr_camera, 500.0), (spin_camera, 5000.0)])
def test_crop_only_systems_project_in_the_crop(make, focal, points):
    """By the papers' formulas: t = (tx, ty, 2 f / (224 s)), principal point in the middle of the crop."""
    t = torch.tensor([CROP.tx_m, CROP.ty_m, 2 * focal / (224 * CROP.scale)], dtype=torch.float64)
    moved = points + t
    crop_px = focal * moved[:, :2] / moved[:, 2:] + 112
    photo_px = Crop(CROP.center_px, CROP.side_px, 224).to_photo_px(crop_px)
    assert (make(CROP, SIZE).project(points) - photo_px).abs().max() < 1e-4


@pytest.mark.parametrize("make", MAPS)
def test_the_crop_of_the_full_frame_is_what_the_crop_camera_sees(make, points):
    camera = make(CROP, SIZE)
    crop = Crop(CROP.center_px, CROP.side_px, 256)
    seen = crop.to_photo_px(crop.camera(camera).project(points))
    assert (seen - camera.project(points)).abs().max() < 1e-4


def test_full_frame_is_cliffs_formula():
    s, tx, ty = to_hmr(CROP).tolist()
    (cx, cy), b = CROP.center_px, CROP.side_px
    height, width = SIZE
    focal = math.hypot(height, width)
    expected = [
        tx + 2 * (cx - width / 2) / (b * s),
        ty + 2 * (cy - height / 2) / (b * s),
        2 * focal / (b * s),
    ]
    camera = cliff_camera(CROP, SIZE)
    assert camera.focal_px == pytest.approx(focal)
    assert camera.t_camera_body_m.tolist() == pytest.approx(expected, rel=1e-6)


def test_assumed_focal_lengths():
    whole = CropCamera(1.0, 0.0, 0.0, (256.0, 256.0), 512.0)
    assert romp_camera(whole, (512, 512)).focal_px == pytest.approx(443.4)
    assert romp_camera(whole, (512, 300)).fov_rad == pytest.approx(math.radians(60), abs=1e-4)
    assert hmr2_camera(CROP, (256, 100)).focal_px == 5000
    assert spin_camera(CropCamera(1.0, 0.0, 0.0, (0.0, 0.0), 224.0), SIZE).focal_px == 5000
    assert blade_camera(CROP, SIZE, 3.0, 0.0).tz_m == 3


@pytest.mark.parametrize("root", [(0.0, 0.0, 0.0), (math.pi / 2, 0.0, 0.0)], ids=["standing", "lying"])
@pytest.mark.parametrize("tall", [-2.0, 2.0])
def test_blades_depth_is_the_pelvis(root, tall):
    body = load_body()
    theta = torch.zeros(body.num_joints, 3)
    theta[0] = torch.tensor(root)
    mesh = body.mesh(torch.tensor([tall]), theta)
    camera = blade_camera(CROP, SIZE, 2.0, mesh.joints_m[0, 2].item())
    assert camera.to_camera_m(mesh.joints_m)[0, 2].item() == pytest.approx(2.0)
    assert camera.tz_m != pytest.approx(2.0, abs=0.01)  # the origin is elsewhere


def test_perspective_tends_to_the_crop_camera_as_the_body_recedes(points):
    gaps = []
    for focal in (5e3, 5e4, 5e5):
        camera = CROP.full_frame(focal, SIZE)
        gaps.append((camera.project(points) - CROP.project_px(points)).norm(dim=1).max().item())
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.05)
    assert gaps[1] / gaps[2] == pytest.approx(10, rel=0.05)


def test_a_longer_lens_means_a_farther_body():
    """The same crop numbers are a body at 2 m or at 100 m, by the focal length that a system assumes."""
    by_focal = sorted((make(CROP, SIZE) for make in CAMERAS.values()), key=lambda camera: camera.focal_px)
    ratio = [camera.focal_px / camera.tz_m for camera in by_focal]
    assert ratio == pytest.approx([CROP.pixels_per_m] * len(ratio))
    assert by_focal[-1].tz_m > 20 * by_focal[0].tz_m


@pytest.mark.parametrize("size", SIZES)
def test_the_padded_square_holds_the_photo(size):
    (x, y), side = padded_square(size)
    height, width = size
    assert side == max(size)
    left, top = side / 2 - x, side / 2 - y  # where the photo starts in the square: whole pixels
    assert left == int(left)
    assert top == int(top)
    assert abs(x - width / 2) <= 0.5
    assert abs(y - height / 2) <= 0.5


def test_an_off_centre_principal_point_keeps_the_weak_picture(points):
    camera = Camera("perspective", 900.0, (400.0, 300.0), SIZE, torch.tensor([0.1, 0.2, 5.0]))
    focal, t_m = to_blade(camera)
    assert focal == pytest.approx(900)
    moved = from_blade(focal, t_m, SIZE)
    torch.testing.assert_close(
        moved.as_kind("weak").project(points), camera.as_kind("weak").project(points), atol=1e-3, rtol=0
    )


def test_failed_cameras_are_refused():
    for s in (0.0, -0.5, math.nan):
        with pytest.raises(ValueError, match="positive"):
            from_hmr(torch.tensor([s, 0.0, 0.0]), (0.0, 0.0), 100.0)
        with pytest.raises(ValueError, match="positive"):
            from_romp(torch.tensor([s, 0.0, 0.0]), SIZE)
    with pytest.raises(ValueError, match="not in front"):
        CropCamera.of(perspective_camera(SIZE, torch.tensor([0.0, 0.0, -1.0])), (0.0, 0.0), 100.0)
    with pytest.raises(ValueError, match="Tz"):
        blade_camera(CROP, SIZE, 0.1, 0.1)
