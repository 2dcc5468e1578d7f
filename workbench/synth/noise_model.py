"""How a finder errs, as numbers: the tables of the noise model, and what they are tables of."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body.joints import BLAZEPOSE, SMPL_JOINTS, mirror_ids
from workbench.weights import asset

OUTSIDE_VISIBILITY = 0.1
"""What BlazePoseFinder gives landmarks that it reports outside the picture, at most."""
FILE = "landmark_noise.json"
MIRRORED = list(mirror_ids(BLAZEPOSE))
GROUPS: dict[str, tuple[str, ...]] = {
    "eyes and nose": ("nose", "eye_inner", "eye", "eye_outer"),
    "ear": ("ear",),
    "mouth": ("mouth",),
    "shoulder": ("shoulder",),
    "elbow": ("elbow",),
    "wrist": ("wrist",),
    "hand": ("pinky", "index", "thumb"),
    "hip": ("hip",),
    "knee": ("knee",),
    "ankle": ("ankle",),
    "heel": ("heel",),
    "toe": ("foot_index",),
}
SEEN, HIDDEN, OUTSIDE = range(3)
EVERYBODY = 100.0
"""Log odds of what is sure."""
STATES = ("seen", "hidden", "outside the picture")
SIGNED_SCORES = torch.arange(0, 3.5, 0.5)
"""Normal scores at which tables of signed errors are given; they are symmetric."""
SCORES = torch.arange(-3, 3.5, 0.5)
"""And those of radii and visibilities."""
SCORE_STEP = 0.5
WHOLE, ARMS, LEGS = range(3)
"""Who may be taken for their mirror image."""

SIGNS = ("everybody", "log size", "share outside", "share hidden", "upright", "nearness per m")
"""What it depends on whether somebody is found: 1, their size as a share of the picture's diagonal, shares of
their landmarks, how far the trunk points up in the picture (1 is upright, -1 upside down), and 1 / Tz."""

LIMBS = ("left_arm", "right_arm", "left_leg", "right_leg", "head", "trunk")
_CARRIED_BY = {
    "shoulder": "spine3", "elbow": "shoulder", "wrist": "elbow", "pinky": "wrist", "index": "wrist",
    "thumb": "wrist", "hip": "pelvis", "knee": "hip", "ankle": "knee", "heel": "ankle", "foot_index": "ankle",
}  # fmt: skip


def _part(landmark: str) -> str:
    """Its name without the side."""
    return landmark.removeprefix("left_").removeprefix("right_").removesuffix("_left").removesuffix("_right")


def _limb(landmark: str) -> int:
    part = _part(landmark)
    if part in ("elbow", "wrist", "pinky", "index", "thumb"):
        return LIMBS.index(f"{landmark.split('_', 1)[0]}_arm")
    if part in ("knee", "ankle", "heel", "foot_index"):
        return LIMBS.index(f"{landmark.split('_', 1)[0]}_leg")
    return LIMBS.index("trunk" if part in ("shoulder", "hip") else "head")


def _carrier(landmark: str) -> int:
    """The joint that a landmark moves with."""
    joint = _CARRIED_BY.get(_part(landmark), "head")
    sided = f"{landmark.split('_', 1)[0]}_{joint}"
    return SMPL_JOINTS.index(sided if sided in SMPL_JOINTS else joint)


GROUP_OF = [next(i for i, parts in enumerate(GROUPS.values()) if _part(k) in parts) for k in BLAZEPOSE]
LIMB_OF = [_limb(landmark) for landmark in BLAZEPOSE]
CARRIER_OF = [_carrier(landmark) for landmark in BLAZEPOSE]
SWAPPED = [
    [True] * len(BLAZEPOSE),
    [LIMBS[limb].endswith("arm") for limb in LIMB_OF],
    [LIMBS[limb].endswith("leg") for limb in LIMB_OF],
]


class Stray(NamedTuple):
    """A latent part that scores of a limb have in common: how far large errors go together (stray.py).

    The shares do not say how often a limb is taken for something elsewhere.
    """

    people: float
    """Share of people of whom all limbs have one such part."""
    limbs: float
    """Share of limbs that have one of their own, among the other people."""
    size: float
    """Mean of an exponential distribution, in standard deviations of the other scores; 0 is none."""


@dataclass(frozen=True, eq=False)
class NoiseModel:
    """How a finder errs; G groups, three states, tables over normal scores."""

    bias_m: Float[Tensor, "33 3"]
    """From the body's landmark to what the finder takes for it, in the frame of the joint it moves with."""
    error: Float[Tensor, "G 3 13"]
    """Distance on the picture, in shares of the person's size there, from afar."""
    visibility: Float[Tensor, "G 3 13"]
    across_m: Float[Tensor, "G 3 7"]
    """Error of a metric landmark in each axis across the view, apart from what follows its place on the
    picture."""
    depth_m: Float[Tensor, "G 3 7"]
    """Error along the view."""
    shares: Float[Tensor, "5 2"]
    """How much of the variance a person, and how much a limb, has in common: of error, its direction,
    visibility, across_m, depth_m."""
    stray: Stray
    near_m2: float
    """Errors on the picture grow by 1 + near_m2 / Tz^2: what is near looks unusual."""
    sure: float
    """Correlation of visibility with the error; negative."""
    follow: float
    """Share of an error on the picture that the metric landmark has, too."""
    metric_spread: float
    """Standard deviation of the logarithm of how large across_m and depth_m are for a person."""
    swaps: tuple[float, float, float]
    """Share of people whose left and right are exchanged: all of it, the arms, the legs."""
    stature_m: float
    """Everybody is taken for somewhere between their own height, ankles to head, and this one."""
    stature_share: float
    """Where between: 1 is this one."""
    scale_spread: float
    """Standard deviation of the logarithm of what is left of the scale."""
    turn_rad: tuple[float, float, float]
    """Standard deviation of the turn of all metric landmarks about each axis of the camera."""
    ray_share: tuple[float, float]
    """How much they are turned by the direction in which the person stands: up or down, and sideways."""
    outside_visibility: float
    """The most that a landmark gets which is reported outside the picture."""
    found: tuple[float, ...]
    """Weights of `SIGNS` in the log odds that somebody is found at all."""
    about: str
    """How the numbers came about."""

    def to(self, device: torch.device | str) -> "NoiseModel":
        """The same model elsewhere."""
        moved: dict[str, Any] = {name: getattr(self, name).to(device) for name in _TENSORS}
        return replace(self, **moved)

    def scaled(self, share: float) -> "NoiseModel":
        """Smaller or larger errors; what is systematic (bias, visibility) stays, and who is found."""
        whole, arms, legs = self.swaps
        x, y, z = self.turn_rad
        return replace(
            self,
            error=share * self.error,
            across_m=share * self.across_m,
            depth_m=share * self.depth_m,
            swaps=(share * whole, share * arms, share * legs),
            scale_spread=share * self.scale_spread,
            turn_rad=(share * x, share * y, share * z),
        )

    def write(self, file: Path) -> None:
        """As JSON, rounded to four digits."""
        numbers = {f.name: getattr(self, f.name) for f in fields(self)}
        file.write_text(json.dumps({name: _rounded(value) for name, value in numbers.items()}) + "\n")

    @classmethod
    def read(cls, file: Path) -> "NoiseModel":
        """What `write` wrote.

        Raises:
            FileNotFoundError: there is no such file.
            ValueError: it holds something else, or tables of other sizes.
        """
        try:
            made: dict[str, Any] = json.loads(file.read_text())
            for name in _TENSORS:
                made[name] = torch.tensor(made[name])
            lists = {k: tuple(v) for k, v in made.items() if isinstance(v, list)}
            model = cls(**{**made, **lists, "stray": Stray(*made["stray"])})
            _check_shapes(model)
            return model
        except (ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
            raise ValueError(
                f"Expected a noise model as `python -m workbench.synth fit-noise` writes them; {file} is "
                f"something else, or of another version ({error}). Fit it anew."
            ) from error


_TENSORS = ("bias_m", "error", "visibility", "across_m", "depth_m", "shares")


def _check_shapes(model: NoiseModel) -> None:
    """That its numbers are as many as any model's.

    Raises:
        TypeError: something is no number.
        ValueError: a table, or a list, is of another size.
    """
    like = no_noise()
    for name in (field.name for field in fields(model) if field.name != "about"):
        expected, got = (torch.as_tensor(getattr(each, name)).shape for each in (like, model))
        if got != expected:
            raise ValueError(f"{name} has the shape {tuple(got)}, not {tuple(expected)}")


def _rounded(value: Any) -> Any:
    if isinstance(value, Tensor):
        return _rounded(value.tolist())
    if isinstance(value, str):
        return value
    if isinstance(value, Sequence):
        return [_rounded(each) for each in value]
    return float(f"{value:.4g}")


@lru_cache(maxsize=2)
def fitted_noise(device: str = "cpu") -> NoiseModel:
    """The model fitted to BlazePose, as shipped; read once, and never changed."""
    return NoiseModel.read(asset(FILE)).to(device)


def no_noise() -> NoiseModel:
    """A finder that tells the truth: the other limit, for tests and to compare with."""
    groups = len(GROUPS)
    visibility = torch.ones(groups, 3, len(SCORES))
    visibility[:, OUTSIDE] = 0
    zeros = {"error": len(SCORES), "across_m": len(SIGNED_SCORES), "depth_m": len(SIGNED_SCORES)}
    tables: dict[str, Any] = {name: torch.zeros(groups, 3, size) for name, size in zeros.items()}
    return NoiseModel(
        bias_m=torch.zeros(33, 3),
        visibility=visibility,
        shares=torch.zeros(5, 2),
        stray=Stray(0.0, 0.0, 0.0),
        near_m2=0.0,
        sure=0.0,
        follow=0.0,
        metric_spread=0.0,
        swaps=(0.0, 0.0, 0.0),
        stature_m=1.0,
        stature_share=0.0,
        scale_spread=0.0,
        turn_rad=(0.0, 0.0, 0.0),
        ray_share=(0.0, 0.0),
        outside_visibility=0.0,
        found=(EVERYBODY, *(0.0 for _ in SIGNS[1:])),
        about="the truth",
        **tables,
    )
