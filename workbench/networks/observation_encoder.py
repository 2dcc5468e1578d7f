"""From what is seen of a person to one feature vector: the encoder that the open presets share.

    landmarks, metric  a small layer of its own for each of the 33 landmarks   33 x 6 -> 33 x 16
    camera             a linear layer                                              3 -> width
    mask, rgb, depth   a small convolutional network each                    64 x 64 -> width
    sum of all, then residual blocks                                           width -> width

Each channel that a sample lacks, and each landmark that was not found, has a learned vector in its place.
So one network serves every mix of channels; a channel is switched off by `Observations.only`, and training
takes channels away at random by `Observations.dropped`.

Landmarks go through per-landmark layers and not through attention: that is as good here, and an order of
magnitude faster on a CPU. The finder has paid for the gap between made-up and real appearance already, which
is why a network trained on synthetic people alone works on photos if it reads landmarks, and hardly if it
reads colours.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from workbench.networks.observations import Observations

LANDMARKS = 33
PICTURES = {"mask": 1, "rgb": 3, "depth": 3}
"""Channels that are pictures, and how many planes each has as the network sees it."""
DEPTH_RANGE_M = 1.0
"""Depth is given about its median, in this unit, and cut off at twice that."""


@dataclass(frozen=True)
class EncoderSettings:
    """How large, and what for."""

    channels: tuple[str, ...] = ("landmarks", "metric", "camera")
    """What it can read at all; each has weights."""
    width: int = 512
    blocks: int = 3
    per_landmark: int = 16
    planes: tuple[int, ...] = (16, 32, 64, 128)
    """Of the convolutional layers, each of which halves the picture."""

    @classmethod
    def of_weights(cls, state: Mapping[str, Tensor]) -> "EncoderSettings":
        """Those of the encoder that has these weights, as far as the weights tell.

        Raises:
            KeyError: they are not of an encoder.
        """
        points = [name for name in ("landmarks", "metric") if f"points.{name}.weight" in state]
        camera = ["camera"] if "camera.weight" in state else []
        pictures = [name for name in PICTURES if f"pictures.{name}.out.weight" in state]
        layers = [
            f"pictures.{name}.layers.{3 * i}.weight" for name in pictures[:1] for i in range(len(state))
        ]
        planes = tuple(state[layer].shape[0] for layer in layers if layer in state)
        return cls(
            channels=(*points, *camera, *pictures),
            width=len(state["norm.weight"]),
            blocks=sum(name.endswith(".last.bias") for name in state),
            per_landmark=state["points_out.weight"].shape[1] // LANDMARKS,
            planes=planes or cls.planes,
        )


class ObservationEncoder(nn.Module):
    """Observations to features (N, width)."""

    def __init__(self, settings: EncoderSettings | None = None):
        super().__init__()
        self.settings = settings = settings or EncoderSettings()
        width, channels = settings.width, settings.channels
        self.points = nn.ModuleDict(
            {name: PointLayer(settings.per_landmark) for name in ("landmarks", "metric") if name in channels}
        )
        self.points_out = nn.Linear(LANDMARKS * settings.per_landmark, width)
        self.camera = nn.Linear(3, width) if "camera" in channels else None
        self.no_camera = nn.Parameter(torch.zeros(width))
        self.pictures = nn.ModuleDict(
            {
                name: PictureLayer(n, settings.planes, width)
                for name, n in PICTURES.items()
                if name in channels
            }
        )
        self.blocks = nn.Sequential(*(ResidualBlock(width) for _ in range(settings.blocks)))
        self.norm = nn.LayerNorm(width)

    def forward(self, observations: Observations) -> Float[Tensor, "N width"]:
        """Channels that the network was not made for are not looked at."""
        return self.norm(self.blocks(self.stem(observations)))

    def stem(self, observations: Observations) -> Float[Tensor, "N width"]:
        """The sum of all channels, before the residual blocks."""
        o = observations
        features = self.no_camera.expand(len(o), -1)
        if self.camera is not None and o.camera is not None:
            facts = self.camera(o.camera.clamp(-4, 4))
            features = torch.where(o.has("camera")[:, None], facts, features)
        if self.points:
            features = features + self.points_out(self._points(o))
        for name, layer in self.pictures.items():
            features = features + layer(_planes(o, name), o.has(name))
        return features

    def _points(self, o: Observations) -> Float[Tensor, "N P"]:
        values = {"landmarks": o.landmarks, "metric": o.metric_m}
        found = None if o.landmarks is None else o.landmarks[..., 2] > 0
        total: Tensor | float = 0.0
        for name, layer in self.points.items():
            value = values[name]
            if value is None:
                value = o.present.new_zeros(len(o), LANDMARKS, 3, dtype=torch.float32)
            here = o.has(name)[:, None]
            total = total + layer(value, here if found is None else here & found)
        assert isinstance(total, Tensor)
        return nn.functional.gelu(total).flatten(1)


class PointLayer(nn.Module):
    """A linear layer of its own for each landmark."""

    def __init__(self, width: int):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(LANDMARKS, 3, width))
        self.bias = nn.Parameter(torch.zeros(LANDMARKS, width))
        self.missing = nn.Parameter(torch.zeros(LANDMARKS, width))

    def forward(
        self, values: Float[Tensor, "N 33 3"], here: Bool[Tensor, "N K"]
    ) -> Float[Tensor, "N 33 width"]:
        """Landmarks that are not here get their learned vector."""
        values = values.clamp(-4, 4)  # what the finder guesses far outside a photo is not worth more
        embedded = torch.einsum("nkc,kcw->nkw", values, self.weight) + self.bias
        return torch.where(here[..., None], embedded, self.missing)


class PictureLayer(nn.Module):
    """A few convolutions, then the mean over the picture."""

    def __init__(self, planes_in: int, planes: tuple[int, ...], width: int):
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in zip((planes_in, *planes[:-1]), planes, strict=True):
            layers += [nn.Conv2d(before, after, 3, stride=2, padding=1), nn.GroupNorm(4, after), nn.GELU()]
        self.layers = nn.Sequential(*layers)
        self.out = nn.Linear(planes[-1] * 16, width)
        self.missing = nn.Parameter(torch.zeros(width))

    def forward(
        self, picture: Float[Tensor, "N C S S"] | None, here: Bool[Tensor, "N"]
    ) -> Float[Tensor, "*N width"]:
        """Samples without a picture get the learned vector, and cost nothing."""
        if picture is None:
            return self.missing
        seen = nn.functional.adaptive_avg_pool2d(self.layers(picture[here]), 4).flatten(1)
        values = self.out(seen)
        return self.missing.to(values).repeat(len(here), 1).index_put((here,), values)


class ResidualBlock(nn.Module):
    """x + MLP(norm(x)); the identity at the start (its last layer begins at zero)."""

    def __init__(self, width: int):
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.first = nn.Linear(width, width)
        self.last = nn.Linear(width, width)
        nn.init.zeros_(self.last.weight)
        nn.init.zeros_(self.last.bias)

    def forward(self, x: Float[Tensor, "N width"]) -> Float[Tensor, "N width"]:
        return x + self.last(nn.functional.gelu(self.first(self.norm(x))))


def _planes(o: Observations, name: str) -> Float[Tensor, "N C S S"] | None:
    """A picture as its network sees it."""
    makers: dict[str, tuple[Tensor | None, Callable[[Tensor], Tensor]]] = {
        "mask": (o.mask, lambda mask: mask - 0.5),
        "rgb": (o.rgb, lambda rgb: 2 * rgb - 1),
        "depth": (o.depth_m, depth_planes),
    }
    picture, maker = makers[name]
    return None if picture is None else maker(picture)


def depth_planes(depth_m: Float[Tensor, "N 1 S S"]) -> Float[Tensor, "N 3 S S"]:
    """Depth about its median, where it is known, and the median itself on a logarithmic scale.

    Holes (0) are neither near nor far: they are zero in the first plane and told by the second.
    """
    known = depth_m > 0
    values = torch.where(known, depth_m, torch.nan).flatten(1)
    median = values.nanmedian(1).values.nan_to_num(1.0).clamp_min(0.1)[:, None, None, None]
    relative = ((depth_m - median) / DEPTH_RANGE_M).clamp(-2, 2) * known
    return torch.cat((relative, known.to(depth_m), median.log().expand_as(depth_m)), 1)
