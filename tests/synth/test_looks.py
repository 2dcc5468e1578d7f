"""Skin, clothes and hair: what is drawn, where it lies, and that it moves with the body."""

import pytest
import torch

from workbench.body import load_body
from workbench.synth.appearance import HATS, NO_SKIRT, linear, sample_looks
from workbench.synth.clothing import cover, dressed, stand_off_m
from workbench.synth.dressing import eyeballs, skirt_shell, stand_off, surfaces_of, worn_rest_m
from workbench.synth.people import sample_people
from workbench.synth.relief import hairline, relief_of
from workbench.synth.shells import posed
from workbench.synth.skin import hair_cover_m, skin_color
from workbench.synth.textures import PATTERNS, TILE_PX, cells, fabric_at, fabric_tiles, waves


@pytest.fixture(scope="module")
def body():
    return load_body()


@pytest.fixture(scope="module")
def looks():
    return sample_looks(24, torch.Generator().manual_seed(5))


def row(looks, place):
    return looks.rows(torch.tensor([place]))


def test_the_first_of_a_generator_are_the_same(looks):
    fewer = sample_looks(6, torch.Generator().manual_seed(5))
    for name, column in vars(fewer).items():
        assert column.equal(getattr(looks, name)[:6]), name
    assert len(sample_looks(0, torch.Generator()).skin) == 0


def test_colours_are_colours(looks):
    for name in ("skin", "hair", "iris", "top", "bottom", "shoe", "sock", "sole", "hat_color"):
        column = getattr(looks, name)
        assert ((column >= 0) & (column <= 1)).all(), name
    assert float(linear(torch.tensor([[0.5, 0.0, 1.0]]))[0, 0]) == pytest.approx(0.2140, abs=1e-3)


def test_everybody_is_dressed_from_chest_to_hips(body, looks):
    """Whatever is drawn, trunk and seat are covered."""
    rest = body.v_template
    x, y, _ = rest.unbind(1)
    trunk = (x.abs() < 0.15) & (y > -0.25) & (y < 0.3)
    for place in range(len(looks.skin)):
        on = cover(row(looks, place), rest)
        assert (torch.maximum(on.top, on.bottom)[trunk] > 0).all()


def test_faces_and_hands_are_bare(body, looks):
    rest = body.v_template
    bare = [body.keypoints[name] for name in ("nose", "left_index_tip", "right_thumb_tip")]
    for place in range(len(looks.skin)):
        on = cover(row(looks, place), rest[bare])
        assert (torch.stack([on.top, on.bottom, on.sock, on.shoe]) <= 0).all()


def test_clothes_stand_off_where_they_are_and_only_there(body, looks):
    rest = body.v_template
    for place in range(len(looks.skin)):
        some = row(looks, place)
        on = cover(some, rest)
        off = stand_off_m(some, relief_of(body), on)
        covered = torch.stack([on.top, on.bottom, on.sock, on.shoe]).amax(0) > 0
        assert (off >= 0).all() and off.max() < 0.1
        assert not off[~covered].any()


def test_skin_shows_where_nothing_is_worn_and_only_there(body, looks):
    rest = body.v_template
    skin = torch.rand(len(rest), 3, generator=torch.Generator().manual_seed(0))
    for place in range(8):
        bare = cover(row(looks, place), rest).bare
        color = dressed(row(looks, place), rest, rest[:, :2], skin)
        assert color[bare].equal(skin[bare]) and (color[~bare] != skin[~bare]).any(1).all()


def test_the_bald_have_no_hair(body, looks):
    bald = row(looks, 0)
    bald = type(bald)(**{**vars(bald), "style": torch.tensor([0])})
    assert (hair_cover_m(bald, body.v_template, hairline(body.v_template)) < 0).all()


def test_one_row_or_one_per_point(body, looks):
    points = body.v_template[::50]
    ids = torch.arange(len(points)) % len(looks.skin)
    eyes = torch.zeros(len(points))
    together = skin_color(looks.rows(ids), points, eyes)
    for place in range(len(looks.skin)):
        mine = ids == place
        alone = skin_color(row(looks, place), points[mine], eyes[mine])
        torch.testing.assert_close(together[mine], alone)


def test_eyes_are_the_two_balls(body):
    balls = eyeballs(body)
    assert int(balls.sum()) == 64 and balls[body.keypoints["left_eye"]]


def test_what_is_worn_moves_with_the_body(body, looks):
    """A root rotation and a shift move every surface rigidly."""
    people = sample_people(1, 2)
    turned = people.rotations[0].clone()
    quarter = torch.tensor([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    turned[0] = quarter @ turned[0]
    shaped = body.with_shape(people.betas[0])
    skirted = int(looks.has_skirt.nonzero()[0])
    before = surfaces_of(shaped.with_rotations(people.rotations[0]), row(looks, skirted), torch.zeros(3), 1)
    after = surfaces_of(shaped.with_rotations(turned), row(looks, skirted), torch.ones(3), 1)
    assert len(before) == len(after) >= 2
    pelvis = shaped.with_rotations(turned).joints_m[0]
    for one, other in zip(before, after, strict=True):
        moved = (one.vertices_m - pelvis) @ quarter.T + pelvis + 1
        torch.testing.assert_close(other.vertices_m, moved, atol=1e-4, rtol=0)
        torch.testing.assert_close(other.normals, one.normals @ quarter.T, atol=1e-3, rtol=0)


def test_skin_without_clothes_stays_where_it_is(body, looks):
    """Hands and the face below the hair are the exact body's."""
    some = row(looks, 1)
    rest = body.v_template
    worn = worn_rest_m(rest, some, body)
    hands = rest[:, 0].abs() > 0.7
    torch.testing.assert_close(worn[hands], rest[hands])
    assert not stand_off(some, relief_of(body), cover(some, rest))[hands].any()


def test_shells_at_rest_are_as_drawn(body):
    shell = skirt_shell(-0.5, 0.01)
    rest = torch.cat((torch.eye(3), torch.zeros(3, 1)), 1).repeat(body.num_joints, 1, 1)
    torch.testing.assert_close(posed(shell, body, body.v_template, rest), shell.rest_m, atol=1e-5, rtol=0)
    torch.testing.assert_close(shell.share.sum(1), torch.ones(len(shell.rest_m)))
    assert NO_SKIRT > 0 and shell.rest_m[:, 1].min() == pytest.approx(-0.5)


def test_tiles_repeat():
    tiles = fabric_tiles()
    assert tiles.shape == (len(PATTERNS), TILE_PX, TILE_PX) and ((tiles >= 0) & (tiles <= 1)).all()
    uv = torch.rand(200, 2, generator=torch.Generator().manual_seed(0)) * 0.98 + 0.001
    for tile in range(len(PATTERNS)):
        one, repeat = torch.tensor(tile), torch.tensor(1.0)
        assert fabric_at(one, repeat, uv).equal(fabric_at(one, repeat, uv + 3))


def test_noise_is_smooth_and_repeatable():
    points = torch.rand(500, 3, generator=torch.Generator().manual_seed(0))
    values = waves(points, 0.05, seed=3)
    assert values.equal(waves(points, 0.05, seed=3)) and 0.5 < float(values.std()) < 1.5
    assert (waves(points + 1e-5, 0.05, seed=3) - values).abs().max() < 0.01
    flat = points[:, :2] * 40 - 20
    grid = cells(flat, 0.3, 1)
    assert ((grid >= 0) & (grid <= 1)).all() and (cells(flat + 1e-4, 0.3, 1) - grid).abs().max() < 0.01


def test_hats_are_named():
    assert HATS[0] == "none"
