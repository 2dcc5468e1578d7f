"""Masks and colours for training: what a window of the photo shows of made-up people.

Masks are outlines of a body of few triangles, made in thousands a second for any people. Colours take dressed
people before backgrounds, some hundred a second: they are made once, in chunks by number, and seen again.
"""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import torch
from jaxtyping import Bool, Float, UInt8
from torch import Tensor
from torch.nn import functional

from workbench.geometry.camera import MIN_DEPTH_M
from workbench.networks.observations import CHANNELS, Windows
from workbench.render.rasterize import rasterize
from workbench.synth.landmarks import occluded
from workbench.synth.low_poly import low_poly_body
from workbench.synth.people import People
from workbench.synth.pictures import training_pictures
from workbench.synth.poses import Split, seeded
from workbench.training.made_up import Edges, KnownPeople, Seen, people_as_seen

SIZE = 64
"""Pixels along a side of what networks see."""
OUTLINE_VERTICES = 400
CHUNK, CHUNKS = 64, 192
"""Pictures made at once, and how often; then they are seen again."""
PHOTO_PX = 128
"""Side of the photos that windows are cut from."""
BLUR_PX, LEVEL, WAVES = 2.0, (0.3, 0.6), 0.25
"""Masks of finders are smooth and a little too large or too small: outlines are blurred by so much, waves of
such a height are added, and the result is cut at some level."""


def outlines(people: People, windows: Windows, edges: Edges | None) -> Bool[Tensor, "N S S"]:
    """Pixels of each window that show its person.

    Args:
        people: N of them.
        windows: of their photos.
        edges: what is hidden.
    """
    body, _ = low_poly_body(OUTLINE_VERTICES)
    mesh = body.to(people.betas.device).with_shape(people.betas).with_rotations(people.rotations).mesh()
    depth = (mesh.vertices_m + people.t_camera_body_m[:, None])[..., 2]
    corner, pixel = windows.center_px - windows.side_px[:, None] / 2, windows.side_px / SIZE
    xy = (people.project(mesh.vertices_m) - corner[:, None]) / pixel[:, None, None]
    shown = rasterize(xy, depth.clamp_min(MIN_DEPTH_M), body.faces, (SIZE, SIZE)).mask
    places = _pixels_px(windows)
    inside = ((places >= 0) & (places <= people.size_hw.flip(-1)[:, None])).all(-1)
    if edges is not None:
        inside &= ~edges.hide(places)
    return shown & inside.unflatten(1, (SIZE, SIZE))


def as_found(masks: Bool[Tensor, "N S S"], generator: torch.Generator) -> Float[Tensor, "N 1 S S"]:
    """Masks as a finder might report them."""
    n, device = len(masks), generator.device
    soft = _blurred(masks[:, None].float())
    coarse = torch.rand(n, 1, 8, 8, generator=generator, device=device) - 0.5
    waves = functional.interpolate(coarse, (SIZE, SIZE), mode="bilinear", align_corners=False)
    low, high = LEVEL
    level = low + (high - low) * torch.rand(n, 1, 1, 1, generator=generator, device=device)
    return (soft + 2 * WAVES * waves * (soft > 0.02) > level).float()


def with_masks(seen: Seen, rows: slice, generator: torch.Generator) -> KnownPeople:
    """The same people, some of them with their masks."""
    some = seen.rows(rows)
    masks = torch.zeros(len(seen.known), 1, SIZE, SIZE, device=generator.device)
    masks[rows] = as_found(outlines(some.people, some.windows, some.edges), generator)
    return _with_channel(seen.known, "mask", masks, rows)


def in_colour(number: int, split: Split = "train") -> KnownPeople:
    """Those of CHUNK people whom a finder finds, with masks and colours; the same number gives the same.

    On the CPU. Their landmarks come with the finder's errors, and are always the same, too.
    """
    known, rgb = _pictured(number, split)
    return _with_channel(known, "rgb", rgb.float() / 255)


@lru_cache(maxsize=CHUNKS)
def _pictured(number: int, split: Split) -> tuple[KnownPeople, UInt8[Tensor, "N 3 S S"]]:
    generator = seeded(number, split)
    pictures = training_pictures(CHUNK, generator, PHOTO_PX, split)
    xy = pictures.landmarks.px[..., :2]
    hidden = torch.stack(
        [occluded(*each) for each in zip(xy, pictures.full_mask, pictures.mask, strict=True)]
    )
    seen = people_as_seen(pictures.people, generator, split == "train", hidden)
    grid = (_pixels_px(seen.windows) * (2 / PHOTO_PX) - 1).unflatten(1, (SIZE, SIZE))
    layers = torch.cat((pictures.rgb / 255, pictures.mask[:, None].float()), 1)
    cut = functional.grid_sample(layers[seen.places], grid, align_corners=False)
    known = _with_channel(seen.known, "mask", as_found(cut[:, 3] > 0.5, generator))
    return known, (255 * cut[:, :3]).round().to(torch.uint8)


def _blurred(masks: Float[Tensor, "N 1 S S"]) -> Float[Tensor, "N 1 S S"]:
    reach = round(2 * BLUR_PX)
    along = torch.exp(-0.5 * (torch.arange(-reach, reach + 1, device=masks.device) / BLUR_PX) ** 2)
    along = along / along.sum()
    rows = functional.conv2d(masks, along[None, None, None], padding=(0, reach))
    return functional.conv2d(rows, along[None, None, :, None], padding=(reach, 0))


def _pixels_px(windows: Windows) -> Float[Tensor, "N P 2"]:
    """Where the middle of each pixel of the windows lies in the photos."""
    at = (torch.arange(SIZE, device=windows.side_px.device) + 0.5) / SIZE - 0.5
    y, x = torch.meshgrid(at, at, indexing="ij")
    offset = torch.stack((x.flatten(), y.flatten()), 1)
    return windows.center_px[:, None] + offset * windows.side_px[:, None, None]


def _with_channel(
    known: KnownPeople, channel: str, values: Float[Tensor, "N C S S"], rows: slice = slice(None)
) -> KnownPeople:
    """A channel added, which is there for some rows."""
    seen: Any = known.observations
    present = seen.present.clone()
    present[rows, CHANNELS.index(channel)] = True
    return replace(known, observations=replace(seen, present=present, **{channel: values}))
