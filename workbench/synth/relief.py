"""What is uneven about cloth and hair by place on the body, whoever wears them."""

from dataclasses import dataclass, fields
from functools import lru_cache

import torch
from jaxtyping import Float
from torch import Tensor

from workbench.body import BodyModel
from workbench.synth.textures import waves

CREASE_M, JAG_M, LOCK_M = 0.05, 0.006, 0.03


@dataclass(frozen=True, eq=False)
class Relief:
    """Points, and smooth noise of about -1..1 there. It is dear, so meshes keep theirs: see `relief_of`."""

    rest_m: Float[Tensor, "P 3"]
    """On the mean person in rest pose."""
    creases: Float[Tensor, "P"]
    """Of clothes."""
    hairline: Float[Tensor, "P"]
    locks: Float[Tensor, "P"]
    """Of hair."""

    @classmethod
    def of(cls, rest_m: Float[Tensor, "P 3"]) -> "Relief":
        """Of some points."""
        return cls(rest_m, waves(rest_m, CREASE_M, seed=1), hairline(rest_m), waves(rest_m, LOCK_M, seed=5))

    def repeated(self, count: int) -> "Relief":
        """The same points again and again, for several people in one row."""
        return Relief(**{f.name: torch.cat([getattr(self, f.name)] * count) for f in fields(self)})


def hairline(rest_m: Float[Tensor, "P 3"]) -> Float[Tensor, "P"]:
    """How jagged the edge of hair is."""
    return waves(rest_m, JAG_M, seed=4)


@lru_cache(maxsize=4)
def relief_of(body: BodyModel) -> Relief:
    """Of a body's vertices."""
    return Relief.of(body.v_template.T.contiguous().T)  # one coordinate after another, as it is read
