"""BLADE's first stage on what the open presets see: landmarks and outline to the pelvis' distance Tz.

    whole       ObservationEncoder on everything                        1 token
    landmarks   a layer of its own for each, 2D and metric              33 tokens
    mask        convolutions                                            4 x 4 tokens
    TzHead over all of them                                             Tz, m

What tells of Tz is perspective: how much larger the nearer parts of a body look than the farther ones. The
paper reads it off the features of a depth network, where this one has landmarks. The focal length is never
told; camera facts are always by the picture's diagonal, so that they say where and how large the window is.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.networks.observation_encoder import (
    LANDMARKS,
    EncoderSettings,
    ObservationEncoder,
    PictureLayer,
    PointLayer,
)
from workbench.networks.observations import Observations
from workbench.networks.tz_head import TzHead

READS: tuple[str, ...] = ("landmarks", "metric", "camera", "mask")
GRID = 4
"""Tokens of the mask along a side."""
STANDARD = EncoderSettings(channels=READS, width=128, blocks=4, planes=(16, 32, 64, 64))
"""Half the paper's width: a network four times as slow is not worth it on a CPU."""


class OpenTz(nn.Module):
    """Observations to Tz."""

    def __init__(self, settings: EncoderSettings = STANDARD):
        super().__init__()
        self.settings = settings
        width = settings.width
        self.encoder = ObservationEncoder(settings)
        self.landmarks, self.metric = PointLayer(width), PointLayer(width)
        self.of_mask = nn.Linear(settings.planes[-1], width)
        self.places = nn.Parameter(0.02 * torch.randn(GRID * GRID, width))
        self.no_mask = nn.Parameter(torch.zeros(width))
        self.norm = nn.LayerNorm(width)
        self.head = TzHead(width, dropout=0.0)

    def forward(self, observations: Observations) -> Float[Tensor, "N"]:
        """The pelvis' distance along the optical axis, m."""
        o = observations
        tokens = torch.cat((self.encoder(o)[:, None], self._points(o), self._mask(o)), 1)
        return self.head(self.norm(tokens))

    def _points(self, o: Observations) -> Float[Tensor, "N 33 width"]:
        """2D and metric landmarks; those not found have learned vectors in their place."""
        assert o.landmarks is not None
        found = o.landmarks[..., 2] > 0
        flat = self.landmarks(o.landmarks, found & o.has("landmarks")[:, None])
        metric = o.landmarks.new_zeros(len(o), LANDMARKS, 3) if o.metric_m is None else o.metric_m
        return flat + self.metric(metric, found & o.has("metric")[:, None])

    def _mask(self, o: Observations) -> Float[Tensor, "N T width"]:
        """Parts of the outline, each with its place; a learned vector for each where there is none."""
        here = o.has("mask")
        tokens = self.no_mask.expand(len(o), GRID * GRID, -1)
        if o.mask is not None and here.any():
            layer = self.encoder.pictures["mask"]
            assert isinstance(layer, PictureLayer)
            planes = layer.layers(o.mask[here] - 0.5)
            parts = nn.functional.adaptive_avg_pool2d(planes, GRID).flatten(2).mT
            tokens = tokens.index_put((here,), self.of_mask(parts).to(tokens))
        return tokens + self.places
