"""Draws adults from MakeHuman's phenotype space and blends their meshes from morph targets.

A target's file name lists the extremes it is made for ("female-old-maxmuscle-minweight-maxheight"); its
coefficient is the product of how near the person is to each of them.
"""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np
from jaxtyping import Float, Int
from numpy import ndarray

from workbench.body.build.sources import read_target

# Extremes along each axis, at evenly spaced positions between `first` and 1. Children are left out.
AXES: dict[str, tuple[str, ...]] = {
    "gender": ("male", "female"),
    "age": ("young", "old"),
    "muscle": ("minmuscle", "averagemuscle", "maxmuscle"),
    "weight": ("minweight", "averageweight", "maxweight"),
    "height": ("minheight", "maxheight"),
    "proportions": ("idealproportions", "uncommonproportions"),
    "cupsize": ("mincup", "averagecup", "maxcup"),
    "firmness": ("minfirmness", "averagefirmness", "maxfirmness"),
}
RACES = ("african", "asian", "caucasian")
FIRST = {"age": 2 / 3}  # "young" sits at 2/3 of MakeHuman's age axis; every other axis starts at 0

# Beta(alpha, beta) of the phenotype values of adults, (male, female); alpha and beta are linear between ages.
# From Anny's calibration to height, weight and age (Apache-2.0, Copyright 2025 NAVER Corp.,
# anny/data/shape_calibration/*.pth). Some are U-shaped: the people are not drawn from a Gaussian.
AGE_VALUES = (0.77, 0.83, 1.0)  # 18, 64 and 110 years
AGE_YEARS = (18.0, 64.0, 110.0)
HEIGHT_BETA = ((16.495563, 25.656183), (13.683852, 25.747611))
WEIGHT_BETA = (
    ((0.701636, 0.314457, 0.251259), (1.236586, 0.221450, 0.174226)),
    ((0.881406, 1.892133, 1.901964), (0.626219, 0.699514, 0.680869)),
)
MUSCLE_BETA = (
    ((0.608025, 1.460125, 0.980353), (1.192458, 1.630080, 0.809529)),
    ((0.573793, 0.460111, 0.530627), (0.738819, 1.997159, 2.277638)),
)


@dataclass(frozen=True)
class Targets:
    """Morph targets restricted to adults: K offsets of V vertices, and the extremes each belongs to."""

    extremes: tuple[tuple[str, ...], ...]
    offsets_m: Float[ndarray, "K V 3"]


def read_targets(data: Path, mirror: Int[ndarray, " V"]) -> Targets:
    """Reads all targets that exist; the average breast, for one, is the base mesh itself and has none."""
    macro, breast = data / "targets" / "macrodetails", data / "targets" / "breast"
    shared = [AXES[axis] for axis in ("gender", "age", "muscle", "weight")]
    wanted = [(macro, f"universal-{'-'.join(c)}", c) for c in product(*shared)]
    wanted += [(macro, "-".join(c), c) for c in product(RACES, AXES["gender"], AXES["age"])]
    for axis in ("height", "proportions"):
        wanted += [(macro / axis, "-".join(c), c) for c in product(*shared, AXES[axis])]
    chest = product(("female",), *shared[1:], AXES["cupsize"], AXES["firmness"])
    wanted += [(breast, "-".join(c), c) for c in chest]
    found = [(folder / f"{name}.target.gz", extremes) for folder, name, extremes in wanted]
    found = [(path, extremes) for path, extremes in found if path.exists()]
    return Targets(
        extremes=tuple(extremes for _, extremes in found),
        offsets_m=np.stack([read_target(path, mirror) for path, _ in found]),
    )


def sample_adults(count: int, rng: np.random.Generator) -> dict[str, Float[ndarray, " N"]]:
    """Phenotypes of `count` adults of 18 to 80 years: values in [0, 1] per axis and per race."""
    age = np.interp(rng.uniform(18, 80, count), AGE_YEARS, AGE_VALUES)
    gender = rng.uniform(size=count)
    female = gender > 0.5

    def draw(table: tuple) -> Float[ndarray, " N"]:
        by_sex = [[np.interp(age, AGE_VALUES, row) for row in rows] for rows in table]
        alpha, beta = (np.where(female, f, m) for m, f in zip(*by_sex, strict=True))
        return rng.beta(alpha, beta)

    people = {"age": age, "gender": gender, "weight": draw(WEIGHT_BETA), "muscle": draw(MUSCLE_BETA)}
    height = np.where(female[:, None], *np.array(HEIGHT_BETA)[::-1])
    people["height"] = rng.beta(height[:, 0], height[:, 1])
    for axis in ("proportions", "cupsize", "firmness", *RACES):
        people[axis] = rng.uniform(size=count)
    return people


def coefficients(people: dict[str, Float[ndarray, " N"]], targets: Targets) -> Float[ndarray, "N K"]:
    """Blend coefficient of every target for every person."""
    share = {}
    for axis, extremes in AXES.items():
        anchors = np.linspace(FIRST.get(axis, 0.0), 1.0, len(extremes))
        for i, name in enumerate(extremes):
            share[name] = np.interp(people[axis], anchors, np.eye(len(extremes))[i])
    races = np.stack([people[race] for race in RACES])
    share |= dict(zip(RACES, races / races.sum(0), strict=True))
    return np.stack([np.prod([share[e] for e in names], axis=0) for names in targets.extremes], axis=1)


def blend(
    start: Float[ndarray, "V 3"], offsets: Float[ndarray, "K V 3"], weights: Float[ndarray, "N K"]
) -> Float[ndarray, "N V 3"]:
    """Vertices (or anything linear in them) of people."""
    return start + np.tensordot(weights, offsets, axes=1)
