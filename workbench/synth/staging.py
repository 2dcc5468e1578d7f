"""From a seed to a scene: who is there, with what, in which place, and what follows from it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor

from workbench.body import open_body
from workbench.body.light import open_light_body
from workbench.body.penetration import BodyParts
from workbench.geometry import Camera
from workbench.geometry.rotations import axis_angle_from_matrix
from workbench.synth.cameras import NEAREST_M
from workbench.synth.cast import CANDIDATES, Actor, Candidate, dress, nearest_depth_m, others, pool
from workbench.synth.kinds import SceneKind, generator_for
from workbench.synth.landmarks import occluded, seen_landmarks
from workbench.synth.lighting import sample_light
from workbench.synth.noise import observed
from workbench.synth.people import OUTLINE_VERTICES, People
from workbench.synth.places import sample_backdrop
from workbench.synth.props import decor, hiding_things, seats
from workbench.synth.rendering import Stage
from workbench.synth.scene import Scene, ScenePerson
from workbench.synth.surfaces import Surface, depth_of, nearest

MAX_PENETRATION_PCT = 0.5
"""Of the skin, inside another part of the same body; poses fit the mean person, and shapes differ."""
BEHIND_M = 0.2
"""A landmark lies at most so far behind the surface that shows it: joints are inside the body."""
LEAST_SEEN = 0.35
"""Of the first person, whoever stands in front; more may be hidden on purpose."""


def staged(seed: int, kind: SceneKind, background_folder: Path | None) -> Scene:
    """See `make_scene`."""
    generator = generator_for(seed, kind.name, "stage")
    candidates, rows = pool(kind.views, kind.split, seed)
    cast, things = _company(candidates, _possible(candidates, rows.tolist()), kind, generator)
    stage = _stage(candidates, cast, things, background_folder, generator, seed)
    return _known(seed, kind, candidates, cast, stage)


def _company(
    candidates: People, possible: Iterator[Candidate], kind: SceneKind, generator: torch.Generator
) -> tuple[list[Actor], list[Surface]]:
    """Who is there and with what; others come first until the kind's promise is kept."""
    best: tuple[list[Actor], list[Surface]] | None = None
    for candidate in possible:
        row = candidate.row
        axes, camera = candidates.camera_from_world[row], _lens(candidates, row)
        first = dress(candidates, candidate, axes, candidates.t_camera_body_m[row], generator)
        if nearest_depth_m(first) < 0.5 * NEAREST_M:
            continue
        count = int(torch.multinomial(torch.tensor(kind.people), 1, generator=generator))
        tan = camera.size_hw[1] / 2 / camera.focal_px
        cast = [first, *others(candidates, possible, first, count, axes, tan, generator)]
        cast = _without_hiders(cast, camera)
        things = seats(cast, candidates, axes)
        wanted = float(torch.rand((), generator=generator)) < kind.occluder_share
        best = best or (cast, things)
        if not wanted:
            return cast, things
        hiding = hiding_things(cast, axes, camera, kind.hidden, generator)
        if hiding:
            return cast, [*things, *hiding]
    if best is None:
        raise ValueError(
            f"None of {CANDIDATES} people drawn fits before a camera from {kind.views.tz_m[0]:g} m on. Take "
            "another seed, or let the camera be farther away."
        )
    return best


def _without_hiders(cast: Sequence[Actor], camera: Camera) -> list[Actor]:
    """Nobody covers most of the first person; those who are left are numbered anew."""
    first, *others = (replace(actor, depth_m=depth_of(camera, actor.surfaces)) for actor in cast)
    there = (_alone_m(first) < torch.inf).flatten().nonzero()[:, 0]
    own = _alone_m(first).take(there)
    kept, before = [first], torch.full_like(own, torch.inf)
    for actor in others:
        tried = torch.minimum(before, _alone_m(actor).take(there))
        if (own <= tried).float().mean() >= LEAST_SEEN:
            surfaces = tuple(replace(s, person=len(kept) + 1) for s in actor.surfaces)
            kept.append(replace(actor, surfaces=surfaces))
            before = tried
    return kept


def _alone_m(actor: Actor) -> Float[Tensor, "H W"]:
    assert actor.depth_m is not None
    return actor.depth_m


def _stage(
    candidates: People,
    cast: Sequence[Actor],
    things: Sequence[Surface],
    folder: Path | None,
    generator: torch.Generator,
    seed: int,
) -> Stage:
    row = cast[0].candidate
    axes, camera = candidates.camera_from_world[row], _lens(candidates, row)
    surfaces = [*(s for actor in cast for s in actor.surfaces), *things]
    points = torch.cat([s.vertices_m for s in surfaces]) @ axes
    low, high = points.amin(0).clamp_max(0.0), points.amax(0).clamp_min(0.0)
    backdrop, indoors = sample_backdrop(generator, cast[0].lowest_m, low, high, folder)
    surfaces += decor(cast, axes, camera, backdrop, generator)
    return Stage(camera, axes, tuple(surfaces), backdrop, sample_light(generator, indoors), seed)


def _known(seed: int, kind: SceneKind, candidates: People, cast: Sequence[Actor], stage: Stage) -> Scene:
    """Masks and landmarks."""
    camera = stage.camera
    alone = [_alone_m(actor) for actor in cast]
    full = [depth < torch.inf for depth in alone]
    layers = [depth_of(camera, [s for s in stage.surfaces if s.person == 0]), *alone]
    ids = _who_is_seen(layers, torch.stack(full).any(0), stage)
    people = _as_people(candidates, cast, stage)
    points = open_light_body(OUTLINE_VERTICES)(people.betas, people.rotations).landmarks_m
    true = seen_landmarks(points, people)
    true.px[..., 2] *= _in_sight(true.px, points + people.t_camera_body_m[:, None], layers, stage)
    visible = [ids == place for place in range(1, len(cast) + 1)]
    hidden = torch.stack([occluded(true.px[i, :, :2], full[i], visible[i]) for i in range(len(cast))])
    found = observed(true, people, generator_for(seed, kind.name, "landmarks"), occluded=hidden)
    persons = tuple(
        ScenePerson(
            betas=people.betas[i],
            theta=axis_angle_from_matrix(people.rotations[i]),
            camera=replace(camera, t_camera_body_m=people.t_camera_body_m[i]),
            action=people.actions[int(people.action[i])],
            full_mask=full[i],
            visible_mask=visible[i],
            landmarks_px=true.px[i],
            landmarks_m=true.m[i],
            observed_px=found.px[i],
            observed_m=found.m[i],
            found=bool(found.found[i]),
        )
        for i in range(len(cast))
    )
    return Scene(
        seed=seed,
        kind=kind.name,
        size_hw=camera.size_hw,
        camera_from_world=stage.camera_from_world,
        people=persons,
        ids=ids,
        stage=stage,
        depth_sensor=kind.depth_sensor,
    )


def _as_people(candidates: People, cast: Sequence[Actor], stage: Stage) -> People:
    """The cast before the one camera."""
    count = len(cast)
    chosen = candidates.rows(torch.tensor([actor.candidate for actor in cast]))
    height, width = stage.camera.size_hw
    return replace(
        chosen,
        rotations=torch.stack([actor.rotations for actor in cast]),
        camera_from_world=stage.camera_from_world.expand(count, 3, 3),
        t_camera_body_m=torch.stack([actor.place_m for actor in cast]),
        focal_px=torch.full((count,), stage.camera.focal_px),
        size_hw=torch.tensor([[height, width]]).expand(count, 2),
    )


def _who_is_seen(
    layers: Sequence[Float[Tensor, "H W"]], anybody: Bool[Tensor, "H W"], stage: Stage
) -> Int[Tensor, "H W"]:
    """Place among the layers of whoever is nearest; 0 where that is a thing (the first layer) or the room."""
    pixels = anybody.flatten().nonzero()[:, 0]
    things, *people = (layer.take(pixels) for layer in layers)
    width = anybody.shape[1]
    behind = stage.behind_m(pixels // width, pixels % width)
    ids = torch.zeros(anybody.shape, dtype=torch.long)
    return ids.put_(pixels, nearest([torch.minimum(things, behind), *people])[1])


def _in_sight(
    px: Float[Tensor, "N 33 3"],
    points_m: Float[Tensor, "N 33 3"],
    layers: Sequence[Float[Tensor, "H W"]],
    stage: Stage,
) -> Bool[Tensor, "N 33"]:
    """Whether nothing but the person's own skin is in front of landmarks."""
    height, width = stage.camera.size_hw
    column, row = (px[..., i].long().clamp(0, size - 1).reshape(-1) for i, size in ((0, width), (1, height)))
    seen = [layer[row, column] for layer in layers]
    front = nearest([*seen, stage.behind_m(row, column)])[0]
    return front.reshape(points_m.shape[:2]) > points_m[..., 2] - BEHIND_M


def _lens(candidates: People, row: int) -> Camera:
    """The first person's camera, standing at the origin."""
    return replace(candidates.camera(row), t_camera_body_m=torch.zeros(3))


def _possible(people: People, rows: Sequence[int]) -> Iterator[Candidate]:
    """Those no part of whose body is inside another."""
    for row in rows:
        candidate = Candidate.of(people, row)
        if _parts().penetration_pct(candidate.skin_m) <= MAX_PENETRATION_PCT:
            yield candidate


@lru_cache(maxsize=1)
def _parts() -> BodyParts:
    return BodyParts.of(open_body())
