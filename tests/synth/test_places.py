"""Backdrops, things and shadows, against what geometry says."""

import math

import numpy as np
import pytest
import torch
import trimesh

from workbench.geometry.camera import perspective_camera
from workbench.synth.backgrounds import Country, Picture, Room, Studio
from workbench.synth.cast import apart, hull_of
from workbench.synth.lighting import developed, sample_light
from workbench.synth.occluders import Part, Thing, box, chair, pole, railing, shelf, sofa, table, tree
from workbench.synth.places import sample_backdrop
from workbench.synth.rendering import DepthMap, Stage, draw, rays_of
from workbench.synth.surfaces import Surface, depth_of, nearest, see

LOW, HIGH = torch.tensor([-2.0, -1.5, -5.0]), torch.tensor([2.0, 0.5, 0.0])
LEVEL = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
COLORS = torch.tensor([[0.2, 0.3, 0.4], [0.5, 0.4, 0.3], [0.6, 0.6, 0.6]])


def generator(seed):
    return torch.Generator().manual_seed(seed)


def backdrop(kind):
    found = (sample_backdrop(generator(seed), -1.5, LOW, HIGH)[0] for seed in range(100))
    return next(each for each in found if isinstance(each, kind))


@pytest.mark.parametrize("kind", [Room, Country, Studio])
def test_rays_meet_what_they_reach(kind):
    place = backdrop(kind)
    rays, where = rays_of(perspective_camera((40, 60), torch.zeros(3), 30.0))
    rays = rays @ LEVEL
    met = place.look(rays, where)
    torch.testing.assert_close(met.depth_m, place.reach_m(rays))
    there = torch.isfinite(met.depth_m)
    assert (met.depth_m > 0).all() and there.any()
    torch.testing.assert_close(met.normals[there].norm(dim=1), torch.ones(int(there.sum())))
    assert ((met.normals * rays)[there].sum(1) <= 1e-5).all()  # what is seen faces the lens
    for light in (met.albedo, met.glow):
        assert torch.isfinite(light).all() and (light >= 0).all()
    assert (met.albedo <= 1.01).all()


def test_floors_are_level():
    for kind in (Room, Country):
        place = backdrop(kind)
        down = torch.tensor([[0.0, -1.0, -0.2], [0.1, -0.9, 0.0]])
        assert (down * place.reach_m(down)[:, None])[:, 1].tolist() == pytest.approx([-1.5, -1.5])


def test_rooms_hold_everything():
    room = backdrop(Room)
    assert (
        isinstance(room, Room)
        and (room.low_m[[0, 2]] < LOW[[0, 2]]).all()
        and (room.high_m[[0, 2]] > HIGH[[0, 2]]).all()
    )
    assert room.high_m[1] > HIGH[1]


@pytest.mark.parametrize("kind", [Room, Country, Studio])
def test_a_seed_is_a_place(kind):
    rays, where = rays_of(perspective_camera((16, 16), torch.zeros(3), 12.0))
    seed = next(s for s in range(100) if isinstance(sample_backdrop(generator(s), -1.5, LOW, HIGH)[0], kind))
    one, other = (sample_backdrop(generator(seed), -1.5, LOW, HIGH)[0].look(rays, where) for _ in range(2))
    for a, b in zip(one, other, strict=True):
        assert a.equal(b)


THINGS = {
    "box": box(1.0, 0.5, 0.4),
    "table": table(1.2, 0.7, 0.6),
    "chair": chair(0.45),
    "pole": pole(0.2, 2.0),
    "tree": tree(2.0),
    "sofa": sofa(1.8),
    "shelf": shelf(0.8, 1.6),
    "railing": railing(2.0, 1.0),
}


@pytest.mark.parametrize("name", THINGS)
def test_things_stand_on_the_floor_and_face_outwards(name):
    thing = Thing(THINGS[name], COLORS)
    place = torch.tensor([0.3, -1.5, -4.0])
    surface = thing.surface(place, 0.7, LEVEL)
    world = surface.vertices_m @ LEVEL
    assert float(world[:, 1].min()) == pytest.approx(-1.5, abs=1e-5)
    mesh = trimesh.Trimesh(world.numpy(), surface.faces.numpy())
    assert mesh.volume > 0
    length = surface.normals.norm(dim=1)
    assert ((length - 1).abs() < 1e-4)[length > 0].all() and (
        length > 0
    ).float().mean() > 0.8  # poles of balls


@pytest.mark.parametrize(("form", "volume"), [("box", 1.0), ("pole", math.pi / 4), ("ball", math.pi / 6)])
def test_forms_have_their_volume(form, volume):
    surface = Thing((Part((0.0, 0.0), 0.0, (1.0, 1.0, 1.0), form),), COLORS).surface(
        torch.zeros(3), 0.0, torch.eye(3)
    )
    mesh = trimesh.Trimesh(surface.vertices_m.numpy(), surface.faces.numpy())
    mesh.merge_vertices(digits_vertex=5)
    assert mesh.volume == pytest.approx(volume, rel=0.12)


def ball(x, radius=0.4):
    thing = Thing((Part((0.0, 0.0), 0.0, (2 * radius, 2 * radius, 2 * radius), "ball"),), COLORS)
    return thing.surface(torch.tensor([x, -1.0, -4.0]), 0.0, LEVEL)


def test_the_nearest_surface_is_seen():
    camera = perspective_camera((80, 120), torch.zeros(3), 100.0)
    near, far = ball(0.0), ball(0.1, 0.8)
    alone = [see(camera, [surface]).depth_m for surface in (near, far)]
    together = see(camera, [near, far])
    least, which = nearest(alone)
    assert together.depth_m.equal(least)
    there = torch.isfinite(least)
    assert together.surface[there].equal(which[there]) and (together.surface[~there] == -1).all()
    torch.testing.assert_close(depth_of(camera, [near, far]), together.depth_m, atol=1e-3, rtol=0)
    assert not torch.isfinite(see(camera, []).depth_m).any()
    assert not torch.isfinite(depth_of(camera, [])).any()
    assert not torch.isfinite(depth_of(camera, [ball(40.0)])).any()


def test_sheets_are_seen_from_both_sides():
    camera = perspective_camera((20, 20), torch.zeros(3), 10.0)
    sheet = torch.tensor([[-1.0, -1, 2], [1, -1, 2], [0, 1, 2]])
    for face in ([0, 1, 2], [0, 2, 1]):
        one = Surface(sheet, torch.tensor([face]), lambda spots: torch.ones(len(spots.face), 3))
        two = Surface(sheet, torch.tensor([face]), one.paint, two_sided=True)
        assert torch.isfinite(see(camera, [two]).depth_m).any()
    seen = [
        torch.isfinite(see(camera, [Surface(sheet, torch.tensor([face]), one.paint)]).depth_m).any()
        for face in ([0, 1, 2], [0, 2, 1])
    ]
    assert sorted(bool(s) for s in seen) == [False, True]


def test_shadows_fall_away_from_the_light():
    """Under a lamp straight above, the floor below a ball is dark, and beside it bright."""
    thing = ball(0.0).vertices_m @ LEVEL
    above = DepthMap.of([thing], [ball(0.0).faces], torch.tensor([0.0, 1.0, 0.0]), 256)
    up = torch.tensor([[0.0, 1.0, 0.0]]).expand(3, 3)
    spots = torch.tensor([[0.0, -1.5, -4.0], [0.9, -1.5, -4.0], [0.0, 0.5, -4.0]])
    assert above.arriving(spots, up, 0.01).tolist() == [0.0, 1.0, 1.0]


def test_a_picture_is_a_picture():
    camera = perspective_camera((48, 64), torch.zeros(3), 50.0)
    place, indoors = sample_backdrop(generator(3), -1.5, LOW, HIGH)
    for seed in range(4):
        light = sample_light(generator(seed), indoors)
        stage = Stage(camera, LEVEL, (ball(0.0),), place, light, seed)
        rgb = draw(stage)
        assert rgb.shape == (48, 64, 3) and 30 < rgb.mean() < 225 and (rgb == draw(stage)).all()


def test_brighter_light_is_brighter():
    ramp = torch.linspace(0.01, 1.0, 50)[:, None].expand(50, 3).reshape(50, 1, 3)
    shown = developed(ramp, 1.0)
    assert (shown.diff(dim=0) > 0).all() and ((shown >= 0) & (shown <= 1)).all()
    assert (developed(ramp, 1.3) > shown)[:-1].all()


def test_shapes_are_apart_or_not():
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    assert apart(square, square + np.array([1.2, 0])) and not apart(square, square + np.array([0.9, 0]))
    assert not apart(square, 0.2 * square + 0.4)  # one inside the other
    turned = hull_of(torch.tensor([[1.1, 0.5], [2.0, 1.5], [2.0, -0.5]]))
    assert apart(square, turned) and not apart(square, turned, gap_m=0.2)


def test_pictures_fill_the_frame():
    photo = torch.zeros(3, 10, 20)
    photo[0, :, :10] = 1.0
    place = Picture(photo, -1.0)
    rays, where = rays_of(perspective_camera((20, 40), torch.zeros(3), 30.0))
    red = place.look(rays, where).glow[:, 0].reshape(20, 40)
    assert (red[:, :18] > 0.9).all() and (red[:, 22:] < 0.1).all()
