"""A person as surfaces: the body with its clothes and hair standing off it, and what hangs on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import torch
from jaxtyping import Bool, Float
from scipy.sparse import block_diag, coo_array, csr_array, eye_array
from scipy.sparse.csgraph import connected_components
from torch import Tensor

from workbench.body import BodyModel, open_body
from workbench.body.joints import SMPL_JOINTS
from workbench.body.skinning import skin
from workbench.body.stages import Posed
from workbench.render.shade import vertex_normals
from workbench.synth.appearance import HATS, Looks
from workbench.synth.clothing import SHOE_M, WAIST_M, Cover, cover, dressed, stand_off_m
from workbench.synth.hair import brim_shell, hair_shell
from workbench.synth.relief import Relief, relief_of
from workbench.synth.shells import Ring, Shell, near_skin, posed, tube
from workbench.synth.skin import head_off_m, skin_color
from workbench.synth.surfaces import Spots, Surface
from workbench.synth.textures import fabric_at, waves

SKIN_GLOSS = 0.008
SMOOTH_STEPS = 20
PRESSED_M = 0.012
"""How far cloth presses the flesh in where it spans a hollow."""
HEAD_FROM_M = 0.42
"""Height above which the skin's own paint decides alone."""


@dataclass(frozen=True, eq=False)
class BodyPaint:
    """Skin and clothes."""

    body: BodyModel
    looks: Looks
    """One row."""

    def __call__(self, spots: Spots) -> Float[Tensor, "N 3"]:
        """See `Paint`."""
        assert self.body.uv is not None and self.body.uv_faces is not None
        rest = spots.mix(self.body.v_template)
        eyes = spots.mix(eyeballs(self.body).float()[:, None])[:, 0]
        corners = self.body.uv_faces[spots.face]
        uv = Spots(spots.face, corners, spots.share).mix(self.body.uv)
        return dressed(self.looks, rest, uv, skin_color(self.looks, rest, eyes))


@dataclass(frozen=True, eq=False)
class ShellPaint:
    """A fabric around a tube, or hair."""

    rest_m: Float[Tensor, "S 3"]
    first: Float[Tensor, "1 3"]
    second: Float[Tensor, "1 3"]
    fabric: Tensor
    repeat: Tensor
    strands: bool = False

    def __call__(self, spots: Spots) -> Float[Tensor, "N 3"]:
        """See `Paint`."""
        rest = spots.mix(self.rest_m)
        if self.strands:
            fine = waves(rest * rest.new_tensor((1.0, 0.15, 1.0)), 0.006, seed=6)
            return self.first * (1 + 0.25 * fine[:, None])
        around = torch.atan2(rest[:, 0], rest[:, 2]) / (2 * torch.pi)
        uv = torch.stack((around, rest[:, 1]), 1)
        return self.first + (self.second - self.first) * fabric_at(self.fabric, self.repeat, uv)[:, None]


def stand_off(looks: Looks, relief: Relief, on: Cover) -> Float[Tensor, "P"]:
    """How far whatever a person wears stands off the skin, m; `on` is the cover of the relief's points."""
    clothes = stand_off_m(looks, relief, on)
    return torch.where(relief.rest_m[..., 1] > HEAD_FROM_M, head_off_m(looks, relief), clothes)


def surfaces_of(pose: Posed, looks: Looks, place_m: Float[Tensor, "3"], person: int) -> tuple[Surface, ...]:
    """One dressed person in the camera's axes.

    Args:
        pose: not batched; the root turns the body into the camera's axes.
        looks: one row.
        place_m: the body's origin in the camera frame.
        person: counted from 1.
    """
    body = pose.shaped.model
    rest = worn_rest_m(pose.rest_vertices_m, looks, body)
    vertices = skin(pose.transforms[None], rest.T[None], body._weights_rows)[0].T + place_m
    paint = BodyPaint(body, looks)
    whole = Surface(vertices, body.faces, paint, person, SKIN_GLOSS)
    return (whole, *_shells(pose, looks, place_m, person))


def worn_rest_m(rest_m: Float[Tensor, "V 3"], looks: Looks, body: BodyModel) -> Float[Tensor, "V 3"]:
    """The body in rest pose with everything on: cloth spans hollows, shoes have no toes, hair has volume."""
    relief = relief_of(body)
    on = cover(looks, relief.rest_m)
    smooth = _smoothed(rest_m, body)
    normals = vertex_normals(rest_m, body.faces)
    spanned = ((smooth - rest_m) * normals).sum(1).clamp_min(-PRESSED_M)
    off = torch.where(eyeballs(body), 0.0, stand_off(looks, relief, on))
    cloth = ((on.top.clamp_min(0) + on.bottom.clamp_min(0)) / 0.03).clamp(0, 1)
    worn = rest_m + (off + cloth * spanned)[:, None] * normals
    shoe = smooth + (SHOE_M + off)[:, None] * vertex_normals(smooth, body.faces)
    return torch.where((on.shoe > 0)[:, None], shoe, worn)


def _smoothed(rest_m: Float[Tensor, "V 3"], body: BodyModel) -> Float[Tensor, "V 3"]:
    """After some steps half-way to the neighbours' mean."""
    step, now = _half_way(body), rest_m.T.reshape(-1).numpy()
    for _ in range(SMOOTH_STEPS):
        now = step @ now
    return torch.from_numpy(now).reshape(3, -1).T


@lru_cache(maxsize=4)
def _half_way(body: BodyModel) -> csr_array:
    """From each vertex half-way to the mean of its neighbours, for all x, all y, all z in one row."""
    edges = body.faces[:, [0, 1, 1, 2, 2, 0]].reshape(-1, 2)
    count = len(body.v_template)
    pairs = torch.cat((edges, edges.flip(1))).unique(dim=0).numpy()
    share = 0.5 / np.bincount(pairs[:, 0], minlength=count)
    neighbours = coo_array((share[pairs[:, 0]], pairs.T), shape=(count, count))
    return csr_array(block_diag([neighbours + 0.5 * eye_array(count)] * 3), dtype=np.float32)


def _shells(pose: Posed, looks: Looks, place_m: Tensor, person: int) -> Iterator[Surface]:
    body, hair = pose.shaped.model, hair_shell(int(looks.style))
    worn: list[tuple[Shell, ShellPaint]] = []
    none, one = torch.tensor([0]), torch.ones(1)
    if hair is not None and not (int(looks.hat) == HATS.index("wool hat") and int(looks.style) >= 5):
        worn.append((hair, ShellPaint(hair.rest_m, looks.hair, looks.hair, none, one, strands=True)))
    if (brim := brim_shell(int(looks.hat))) is not None:
        worn.append((brim, ShellPaint(brim.rest_m, looks.hat_color, looks.hat_color, none, one)))
    if bool(looks.has_skirt):
        skirt = skirt_shell(round(float(looks.skirt_m), 2), round(float(looks.bottom_loose_m), 2))
        pattern = (looks.bottom, looks.top_second, looks.top_fabric, looks.top_repeat)
        worn.append((skirt, ShellPaint(skirt.rest_m, *pattern)))
    for shell, paint in worn:
        vertices = posed(shell, body, pose.shaped.vertices_m, pose.transforms) + place_m
        yield Surface(vertices, shell.faces, paint, person, two_sided=True)


@lru_cache(maxsize=64)
def skirt_shell(hem_m: float, flare_m: float) -> Shell:
    """From the waist down to the hem, wider towards it."""
    body = open_body()
    hips = ("pelvis", "spine1", "left_hip", "right_hip", "left_knee", "right_knee")
    heights = torch.linspace(0, 1, 12).tolist()
    rings = []
    for share in heights:
        y = WAIST_M + (hem_m - WAIST_M) * share
        bulge = min(1.0, (WAIST_M - y) / 0.2)
        wide = 0.168 + 0.045 * bulge + (0.02 + 2 * flare_m) * max(0.0, (-0.17 - y) / 0.4)
        deep = 0.122 + 0.03 * bulge + (0.03 + 2.5 * flare_m) * max(0.0, (-0.17 - y) / 0.4)
        rings.append(Ring((0.0, y, -0.015), wide, deep))
    return tube(tuple(rings), near_skin(body, tuple(SMPL_JOINTS.index(name) for name in hips)))


@lru_cache(maxsize=4)
def eyeballs(body: BodyModel) -> Bool[Tensor, "V"]:
    """Vertices of the eyeballs, which are surfaces of their own in the open body."""
    edges = body.faces[:, [0, 1, 1, 2]].reshape(-1, 2).numpy()
    count = len(body.v_template)
    graph = coo_array((np.ones(len(edges)), edges.T), shape=(count, count))
    label = connected_components(graph, directed=False)[1]
    sizes = np.bincount(label)
    return torch.from_numpy(label != sizes.argmax())
