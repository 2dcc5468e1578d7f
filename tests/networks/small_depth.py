"""Depth Anything of a few thousand parameters, for tests of what is built on it."""

from typing import Any


def small_depth_config():
    """For `DepthTz`."""
    from transformers import DepthAnythingConfig, Dinov2Config

    stages: dict[str, Any] = {"out_indices": [1, 2, 3, 4]}
    vit = Dinov2Config(
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        image_size=518,
        patch_size=14,
        **stages,
        reshape_hidden_states=False,
    )
    return DepthAnythingConfig(
        backbone_config=vit,
        reassemble_hidden_size=16,
        neck_hidden_sizes=[8, 8, 8, 8],
        fusion_hidden_size=8,
        head_hidden_size=8,
    )
