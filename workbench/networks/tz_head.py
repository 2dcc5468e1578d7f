"""BLADE's head for depth: one learned query looks at all tokens, and answers how far away the pelvis is.

Zolly's (Wang et al., ICCV 2023), as BLADE uses it (Wang et al., CVPR 2025): two layers of a transformer
decoder, then 10 m times a sigmoid. Tokens have no places of their own here; who makes them has to tell.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

FARTHEST_M = 10.0
"""What the sigmoid is scaled to."""
WIDTH, HEADS, LAYERS, SPREAD = 256, 4, 2, 4
"""The paper's; SPREAD: how many times wider the layers are inside."""


class TzHead(nn.Module):
    """Tokens to Tz."""

    def __init__(self, width: int = WIDTH, dropout: float = 0.1):
        """Random.

        Args:
            width: of the tokens, a multiple of HEADS.
            dropout: PyTorch's standard, which BLADE has; 0 for people who never come twice.
        """
        super().__init__()
        self.query = nn.Parameter(torch.randn(1, width))
        layer = nn.TransformerDecoderLayer(width, HEADS, SPREAD * width, dropout, batch_first=True)
        self.decoder = nn.TransformerDecoder(layer, LAYERS)
        self.out = nn.Linear(width, 1)

    def forward(self, tokens: Float[Tensor, "N T width"]) -> Float[Tensor, "N"]:
        """The pelvis' distance along the optical axis, m; between 0 and FARTHEST_M."""
        answer = self.decoder(self.query.expand(len(tokens), 1, -1), tokens)
        return FARTHEST_M * self.out(answer)[:, 0, 0].float().sigmoid()
