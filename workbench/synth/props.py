"""Which things stand where: seats under those who sit, what hides people on purpose, and furniture about."""

from collections.abc import Sequence

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body import open_body
from workbench.body.joints import SMPL_JOINTS
from workbench.geometry import Camera
from workbench.synth.appearance import linear
from workbench.synth.backgrounds import Backdrop, Picture, Room, Studio
from workbench.synth.cast import Actor, apart, hull_of
from workbench.synth.occluders import Part, Thing, box, chair, pole, railing, shelf, sofa, table, tree, turned
from workbench.synth.people import People
from workbench.synth.shells import near_skin
from workbench.synth.surfaces import Surface, depth_of
from workbench.synth.textures import PATTERNS

SEATED = ("sitting on a chair", "sitting on stairs")
STEPPING = ("climbing stairs",)
LOWEST_SEAT_M = 0.12
CLEAR_M = 0.35
"""Between the lens and whatever hides somebody."""
TRIES = 14


def seats(cast: Sequence[Actor], people: People, camera_from_world: Float[Tensor, "3 3"]) -> list[Surface]:
    """Something to sit on, and steps to climb, for those whose pose needs them."""
    found = []
    for actor in cast:
        action = people.actions[int(people.action[actor.candidate])]
        if action in SEATED:
            under = _under(actor, camera_from_world, ("pelvis",), action == SEATED[0])
        elif action in STEPPING:
            under = _under(actor, camera_from_world, _higher_foot(actor, camera_from_world), False)
        else:
            continue
        if under is not None:
            found.append(under)
    return found


def hiding_things(
    cast: Sequence[Actor],
    camera_from_world: Float[Tensor, "3 3"],
    camera: Camera,
    hidden: tuple[float, float],
    generator: torch.Generator,
) -> list[Surface]:
    """One thing before the first person that hides this share of them; none if none fits."""
    own = cast[0].depth_m
    assert own is not None
    there = own < torch.inf
    points = torch.cat([s.vertices_m for s in cast[0].surfaces])
    nearest = float(points[:, 2].min())
    if nearest < 2 * CLEAR_M or not there.any():
        return []
    for _ in range(TRIES):
        draw = torch.rand(4, generator=generator).tolist()
        depth = CLEAR_M + 0.1 + (nearest - CLEAR_M - 0.2) * (0.25 + 0.7 * draw[0])
        target = points[int(draw[1] * len(points))]
        place = (target * (depth / target[2])) @ camera_from_world
        place[1] = cast[0].lowest_m
        thing = _hider(float((target @ camera_from_world)[1]) - cast[0].lowest_m, generator)
        surface = thing.surface(place, 3.14 * draw[2], camera_from_world)
        if float(surface.vertices_m[:, 2].min()) < CLEAR_M or not _free(surface, cast, camera_from_world):
            continue
        before = depth_of(camera, [surface]) < own
        share = float(before[there].float().mean())
        if hidden[0] <= share <= hidden[1]:
            return [surface]
    return []


def decor(
    cast: Sequence[Actor],
    camera_from_world: Float[Tensor, "3 3"],
    camera: Camera,
    backdrop: Backdrop,
    generator: torch.Generator,
) -> list[Surface]:
    """Things that stand behind everybody: furniture indoors, houses and trees outdoors."""
    if isinstance(backdrop, Studio | Picture):
        return []
    indoors = isinstance(backdrop, Room)
    floor = cast[0].lowest_m
    ahead = camera_from_world[2] * torch.tensor([1.0, 0.0, 1.0])
    ahead = ahead / ahead.norm().clamp_min(1e-3)
    right = torch.stack((-ahead[2], torch.zeros(()), ahead[0]))
    far = max(float(s.vertices_m[:, 2].max()) for actor in cast for s in actor.surfaces)
    found: list[Surface] = []
    for _ in range(int(torch.randint(1, 6, (), generator=generator))):
        draw = torch.rand(4, generator=generator).tolist()
        depth = far + 0.4 + (2.0 if indoors else 25.0 * draw[0]) * draw[1]
        if isinstance(backdrop, Room):
            reach = torch.where(ahead > 0, backdrop.high_m, backdrop.low_m) / ahead.masked_fill(
                ahead.abs() < 0.3, 1e-3
            )
            depth = min(depth, float(reach[ahead.abs() >= 0.3].abs().min()) - 0.35)
        aside = depth * (2 * draw[2] - 1) * 1.2 * camera.size_hw[1] / 2 / camera.focal_px
        place = depth * ahead + aside * right
        place[1] = floor
        thing = _furniture(generator) if indoors else _outside(depth, generator)
        surface = thing.surface(
            place, float(torch.atan2(-ahead[0], -ahead[2])) + 0.4 * (draw[3] - 0.5), camera_from_world
        )
        if float(surface.vertices_m[:, 2].min()) > CLEAR_M and _free(surface, cast, camera_from_world):
            found.append(surface)
    return found


def _under(
    actor: Actor, camera_from_world: Float[Tensor, "3 3"], joints: tuple[str, ...], with_back: bool
) -> Surface | None:
    """A box, or a chair, from the floor up to the lowest skin of some joints."""
    body = actor.surfaces[0].vertices_m @ camera_from_world
    ids = tuple(SMPL_JOINTS.index(name) for name in joints)
    skin = body[near_skin(open_body(), ids)]
    height = float(skin[:, 1].min()) - actor.lowest_m + 0.005
    if height < LOWEST_SEAT_M:
        return None
    forward = (actor.rotations[0] @ torch.tensor([0.0, 0.0, 1.0])) @ camera_from_world
    turn = float(torch.atan2(forward[0], forward[2]))
    place = (skin.amin(0) + skin.amax(0)) / 2
    place[1] = actor.lowest_m
    seed = int(1000 * abs(turn))
    colors = linear(torch.tensor([[0.45, 0.33, 0.22], [0.2, 0.2, 0.22], [0.6, 0.6, 0.62]]).roll(seed % 3, 0))
    options = [chair(height)] if with_back else []
    options += [box(0.42, height, 0.42), box(0.3, height, 0.3), box(0.2, height, 0.24)]
    for parts in options:
        thing = Thing(parts, colors, seed=seed)
        if not _holds(thing, body, place, turn):
            return thing.surface(place, turn, camera_from_world)
    return None


def _holds(
    thing: Thing, points_m: Float[Tensor, "V 3"], place_m: Float[Tensor, "3"], turn_rad: float
) -> bool:
    """Whether some points are inside the thing, deeper than 2 cm."""
    local = turned(points_m - place_m, -turn_rad)
    return any(_inside(part, local) for part in thing.parts)


def _inside(part: Part, local_m: Float[Tensor, "V 3"], soft_m: float = 0.02) -> bool:
    x, z = part.middle_m
    half = torch.tensor(part.size_m) / 2 - soft_m
    middle = torch.tensor([x, part.bottom_m + part.size_m[1] / 2, z])
    return bool(((local_m - middle).abs() < half).all(1).any())


def _higher_foot(actor: Actor, camera_from_world: Float[Tensor, "3 3"]) -> tuple[str, ...]:
    joints = actor.joints_m @ camera_from_world
    side = max(("left", "right"), key=lambda s: float(joints[SMPL_JOINTS.index(f"{s}_ankle"), 1]))
    return f"{side}_ankle", f"{side}_foot"


def _free(surface: Surface, cast: Sequence[Actor], camera_from_world: Float[Tensor, "3 3"]) -> bool:
    hull = hull_of((surface.vertices_m @ camera_from_world)[:, [0, 2]])
    return all(apart(hull, actor.hull_m) for actor in cast)


def _hider(reach_m: float, generator: torch.Generator) -> Thing:
    """Something about as high as what it shall hide."""
    draw = torch.rand(4, generator=generator).tolist()
    height = max(0.3, reach_m * (0.7 + 0.6 * draw[0]))
    kinds = (
        box(0.3 + 0.8 * draw[1], height, 0.3),
        pole(0.08 + 0.2 * draw[1], max(height, 2.6)),
        table(0.8 + 0.8 * draw[1], min(height, 0.95), 0.6),
        chair(min(0.5, height)),
        tree(max(0.8, 1.6 * height)),
        railing(1.0 + 1.5 * draw[1], min(height, 1.1)),
        shelf(0.5 + 0.6 * draw[1], height),
        box(0.06 + 0.5 * draw[1], max(height, 1.9), 0.05),
    )
    return _colored(kinds[int(draw[2] * len(kinds))], generator)


def _furniture(generator: torch.Generator) -> Thing:
    draw = torch.rand(2, generator=generator).tolist()
    kinds = (
        sofa(1.4 + 0.8 * draw[0]),
        shelf(0.8, 1.2 + draw[0]),
        table(1.2, 0.74, 0.7),
        chair(0.45),
        tree(1.5),
        box(0.6, 0.5 + draw[0], 0.5),
        pole(0.2, 2.6),
    )
    return _colored(kinds[int(draw[1] * len(kinds))], generator)


def _outside(depth_m: float, generator: torch.Generator) -> Thing:
    draw = torch.rand(4, generator=generator).tolist()
    if depth_m > 12 and draw[0] < 0.6:
        return _colored(box(6 + 8 * draw[1], 4 + 10 * draw[2], 6.0), generator, ("windows",), 0.2)
    kinds = (
        tree(3 + 3 * draw[1]),
        tree(2 + 4 * draw[2]),
        pole(0.15, 5.0),
        railing(2 + 2 * draw[1], 1.0),
        box(1.6, 0.45, 0.5),
        box(3.0, 1.1, 0.3),
    )
    return _colored(kinds[int(draw[3] * len(kinds))], generator)


def _colored(
    parts: tuple[Part, ...],
    generator: torch.Generator,
    patterns: tuple[str, ...] = ("plain", "plain", "plain", "upright stripes", "plaid"),
    repeat: float = 1.5,
) -> Thing:
    """Similar colours for all parts; what grows is green."""
    base = torch.rand(3, 1, generator=generator) * 0.7 + 0.15
    colors = linear((base + 0.22 * (torch.rand(3, 3, generator=generator) - 0.5)).clamp(0, 1))
    if any(part.form == "ball" for part in parts):
        colors = linear(torch.tensor([[0.35, 0.25, 0.17], [0.24, 0.4, 0.15], [0.3, 0.48, 0.2]]))
        patterns = ("plain",)
    pick = int(torch.randint(len(patterns), (), generator=generator))
    seed = int(torch.randint(1000, (), generator=generator))
    return Thing(parts, colors, PATTERNS.index(patterns[pick]), repeat, seed)
