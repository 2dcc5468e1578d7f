"""Small pictures by the thousand, for training: low-poly bodies with the same clothes, and no rooms.

One person each, lit by one lamp and the sky, before coloured noise, now and then behind something. All
pictures of a batch are made at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import lru_cache

import torch
from jaxtyping import Bool, Float, Int, UInt8
from torch import Tensor
from torch.nn import functional

from workbench.body import BodyModel
from workbench.body.skinning import skin
from workbench.render.rasterize import rasterize
from workbench.synth.appearance import Looks, sample_looks
from workbench.synth.cameras import Views
from workbench.synth.clothing import cover, dressed
from workbench.synth.dressing import stand_off
from workbench.synth.landmarks import Landmarks, true_landmarks
from workbench.synth.low_poly import low_poly_body
from workbench.synth.people import People, sample_people
from workbench.synth.poses import Split
from workbench.synth.relief import relief_of
from workbench.synth.skin import skin_color
from workbench.synth.surfaces import blend

WARDROBE = 256
"""Different appearances; they are drawn one by one, which takes longer than a picture."""
CLOUDS = 48
CHUNK = 64
OCCLUDER_SHARE = 0.25
LAMP, SKY = 1.0, 0.5
PATTERN_PER_M = 1.6
"""Of fabrics, whose coordinates are metres here: the few triangles have no texture coordinates."""


@dataclass(frozen=True, eq=False)
class Pictures:
    """A batch, one person each."""

    rgb: UInt8[Tensor, "N 3 S S"]
    mask: Bool[Tensor, "N S S"]
    """Pixels that show the person."""
    full_mask: Bool[Tensor, "N S S"]
    """Pixels that would, if nothing stood in front."""
    depth_m: Float[Tensor, "N S S"]
    """Of the person's pixels; 0 elsewhere."""
    people: People
    landmarks: Landmarks
    """True; visible in the picture, whatever hides them."""


def training_pictures(
    n: int,
    seed: int | torch.Generator = 0,
    size_px: int = 128,
    split: Split = "train",
    views: Views | None = None,
) -> Pictures:
    """Draw people and pictures of them; the same arguments give the same pictures.

    Args:
        n: how many, 1 or more.
        seed: as for `sample_people`.
        size_px: side of the square pictures.
        split: "validation" and the others have poses and people of their own.
        views: what cameras are drawn from; pictures are square whatever it says.

    Raises:
        ValueError: n is below 1, or see `sample_people`.
    """
    if n < 1:
        raise ValueError(f"Expected a number of pictures of at least 1; got {n}.")
    if isinstance(seed, torch.Generator):
        seed = int(torch.randint(2**62, (), generator=seed))
    columns = {f.name: getattr(views or Views(), f.name) for f in fields(Views)}
    square = Views(**{**columns, "sizes_hw": ((size_px, size_px),)})
    people = sample_people(n, seed, split, square)
    generator = torch.Generator().manual_seed(seed)
    return pictures_of(people, generator)


def pictures_of(people: People, generator: torch.Generator) -> Pictures:
    """Pictures of people who have been drawn already; their cameras must be square and of one size.

    Raises:
        ValueError: the cameras differ in size.
    """
    sizes = people.size_hw.unique(dim=0)
    if len(sizes) != 1 or sizes[0, 0] != sizes[0, 1]:
        raise ValueError(f"Expected square cameras of one size; got heights and widths {sizes.tolist()}.")
    parts = list(_drawn(people, int(sizes[0, 0]), generator))
    rgb, mask, full, depth = (torch.cat(column) for column in zip(*parts, strict=True))
    return Pictures(rgb, mask, full, depth, people, true_landmarks(people))


def _drawn(
    people: People, size: int, generator: torch.Generator
) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor]]:
    for start in range(0, len(people), CHUNK):
        chunk = people.rows(torch.arange(start, min(start + CHUNK, len(people))))
        looks = _wardrobe().rows(torch.randint(WARDROBE, (len(chunk),), generator=generator))
        vertices, normals, body = _dressed(chunk, looks)
        pixels = chunk.focal_px[:, None, None] * vertices[..., :2] / vertices[..., 2:] + size / 2
        seen = rasterize(pixels, vertices[..., 2], body.faces, (size, size))
        picture, face = _background(len(chunk), size, generator), seen.face_id
        which, row, column = (face >= 0).nonzero(as_tuple=True)
        corners = body.faces[face[which, row, column]]
        share = _shares(pixels, vertices[..., 2], which, corners, row, column)
        spots = _Mix(which, corners, share)
        color = _painted(looks.rows(which), spots.mix(body.v_template.expand(len(chunk), -1, -1)))
        light = _lit(color, functional.normalize(spots.mix(normals), dim=1), chunk, which, generator)
        picture[which, :, row, column] = light
        hidden = _occluders(len(chunk), size, generator)
        plain = 0.7 * torch.rand(len(chunk), 3, 1, 1, generator=generator)
        picture = torch.where(hidden[:, None], plain, picture)
        mask = seen.mask & ~hidden
        depth = torch.where(mask, seen.depth_m, 0.0)
        yield _developed(picture, generator), mask, seen.mask, depth


@dataclass(frozen=True, eq=False)
class _Mix:
    """Points of faces of a batch."""

    which: Int[Tensor, "P"]
    corners: Int[Tensor, "P 3"]
    share: Float[Tensor, "P 3"]

    def mix(self, values: Float[Tensor, "N V C"]) -> Float[Tensor, "P C"]:
        """Values of vertices there."""
        return blend(values.flatten(0, 1), self.which[:, None] * values.shape[1] + self.corners, self.share)


def _dressed(
    people: People, looks: Looks
) -> tuple[Float[Tensor, "N V 3"], Float[Tensor, "N V 3"], BodyModel]:
    """Vertices and normals in the cameras' axes."""
    body, _ = low_poly_body()
    pose = body.with_shape(people.betas).with_rotations(people.rotations)
    count, rest = len(people), body.v_template
    rows = torch.arange(count).repeat_interleave(len(rest))
    each, relief = looks.rows(rows), relief_of(body).repeated(count)
    off = stand_off(each, relief, cover(each, relief.rest_m)).reshape(count, -1, 1)
    worn = pose.rest_vertices_m + off * _normals(rest[None], body.faces)
    vertices = skin(pose.transforms, worn.mT, body._weights_rows).mT
    return vertices + people.t_camera_body_m[:, None], _normals(vertices, body.faces), body


def _normals(vertices: Float[Tensor, "N V 3"], faces: Int[Tensor, "F 3"]) -> Float[Tensor, "N V 3"]:
    a, b, c = (vertices[:, faces[:, i]] for i in range(3))
    area = torch.linalg.cross(b - a, c - a).repeat_interleave(3, 1)
    sums = torch.zeros_like(vertices).index_add(1, faces.reshape(-1), area)
    return functional.normalize(sums, dim=2)


def _shares(
    pixels: Tensor, depth: Tensor, which: Tensor, corners: Tensor, row: Tensor, column: Tensor
) -> Float[Tensor, "P 3"]:
    """Of each corner, on the surface itself."""
    flat = which[:, None] * pixels.shape[1] + corners
    here = torch.stack((column, row), 1) + 0.5
    a, b, c = (pixels.reshape(-1, 2)[flat[:, i]] - here for i in range(3))
    share = torch.stack((_cross(b, c), _cross(c, a), _cross(a, b)), 1)
    area = share.sum(1, keepdim=True)
    share = (share / torch.where(area == 0, 1, area)).clamp(0, 1) / depth.reshape(-1)[flat]
    return share / share.sum(1, keepdim=True).clamp_min(1e-9)


def _cross(a: Tensor, b: Tensor) -> Tensor:
    return a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]


def _painted(looks: Looks, rest: Float[Tensor, "P 3"]) -> Float[Tensor, "P 3"]:
    around = PATTERN_PER_M * torch.stack((rest[:, 0] + rest[:, 2], rest[:, 1]), 1)
    skin = torch.zeros_like(rest)
    bare = cover(looks, rest).bare.nonzero()[:, 0]  # under clothes nobody sees it, and it is dear
    skin[bare] = skin_color(looks.rows(bare), rest.index_select(0, bare), torch.zeros(len(bare)))
    return dressed(looks, rest, around, skin)


def _lit(
    color: Tensor, normals: Tensor, people: People, which: Tensor, generator: torch.Generator
) -> Float[Tensor, "P 3"]:
    count = len(people)
    lamp = functional.normalize(torch.randn(count, 3, generator=generator) + 1.2 * people.up, dim=1)
    lamp[:, 2] = -lamp[:, 2].abs()  # not from behind: nobody is seen against the light
    strength = LAMP * (0.4 + 1.2 * torch.rand(count, 1, generator=generator))
    tint = 1 + 0.15 * (torch.rand(count, 3, generator=generator) - 0.5)
    facing = (normals * lamp[which]).sum(1, keepdim=True).clamp_min(0)
    up = 0.5 + 0.5 * (normals * people.up[which]).sum(1, keepdim=True)
    return color * (strength * tint)[which] * facing + color * SKY * (0.3 + 0.7 * up)


def _background(count: int, size: int, generator: torch.Generator) -> Float[Tensor, "N 3 S S"]:
    """Windows onto clouds of noise, in some colour, with another one below a horizon."""
    clouds = _clouds(size)
    ids = torch.randint(len(clouds), (count,), generator=generator).tolist()
    corners = torch.randint(size // 2, (count, 2), generator=generator).tolist()
    pairs = zip(ids, corners, strict=True)
    noise = torch.stack([clouds[i, :, y : y + size, x : x + size] for i, (y, x) in pairs])
    tint = 0.6 + 0.8 * torch.rand(2, count, 3, 1, 1, generator=generator)
    base, below = tint * (0.03 + 0.6 * torch.rand(2, count, 1, 1, 1, generator=generator) ** 2)
    rows = torch.arange(size)[None, None, :, None] / size
    horizon = 0.3 + 0.9 * torch.rand(count, 1, 1, 1, generator=generator)
    return noise.mul_(torch.where(rows > horizon, below, base))


@lru_cache(maxsize=2)
def _clouds(size: int) -> Float[Tensor, "K 3 T T"]:
    """Noise of several sizes around 1, half as large again as the pictures."""
    generator, side = torch.Generator().manual_seed(0), size + size // 2
    total = torch.ones(CLOUDS, 3, side, side)
    for cells, strength in ((4, 1.0), (18, 0.6), (70, 0.4)):
        noise = torch.rand(CLOUDS, 3, cells, cells, generator=generator) - 0.5
        noise = 0.35 * noise + 0.65 * noise.mean(1, keepdim=True)  # of similar colours
        total += strength * functional.interpolate(noise, (side, side), mode="bilinear", align_corners=False)
    return total.clamp_min(0.05)


def _occluders(count: int, size: int, generator: torch.Generator) -> Bool[Tensor, "N S S"]:
    """A rectangle, turned any way, in some of the pictures."""
    draw = torch.rand(6, count, 1, 1, generator=generator)
    at = (torch.arange(size) + 0.5) / size
    x, y = at[None, None, :] - draw[0], at[None, :, None] - draw[1]
    angle = torch.pi * draw[2]
    u, v = x * angle.cos() + y * angle.sin(), y * angle.cos() - x * angle.sin()
    inside = (u.abs() < 0.03 + 0.15 * draw[3]) & (v.abs() < 0.1 + 0.4 * draw[4])
    return inside & (draw[5] < OCCLUDER_SHARE)


def _developed(linear: Float[Tensor, "N 3 S S"], generator: torch.Generator) -> UInt8[Tensor, "N 3 S S"]:
    """Exposed, noisy, gamma 2."""
    count = len(linear)
    exposure = (0.55 + 0.6 * torch.rand(count, 1, 1, 1, generator=generator)) * 0.3
    level = linear.mean((1, 2, 3), keepdim=True).clamp_min(0.02)
    shown = (linear * exposure).div_(level).clamp_(0, 1).sqrt_()
    noise = 0.03 * torch.rand(count, 1, 1, 1, generator=generator)
    grain = torch.randn(count, 1, *linear.shape[2:], generator=generator)
    return shown.add_(grain.mul_(noise)).mul_(255).clamp_(0, 255).to(torch.uint8)


@lru_cache(maxsize=1)
def _wardrobe() -> Looks:
    return sample_looks(WARDROBE, torch.Generator().manual_seed(0))
