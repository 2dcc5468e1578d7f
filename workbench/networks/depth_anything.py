"""BLADE's first stage as published: features of Depth Anything V2, two convolutions, and the head for Tz.

    the person's square of the photo          3 x 518 x 518, ImageNet's units
    Depth Anything V2, frozen                 its last fused map, 256 planes, resized to 224 x 224
    2 x [3 x 3 convolution, stride 2, batch norm, ReLU]                     256 x 56 x 56
    TzHead over its 3136 places               Tz, m

The depth map itself is not used: it is of the skin, up to errors of scale, while the features tell both of
distance and of perspective. transformers has the network; nothing is downloaded.

Sources: Yang et al., "Depth Anything V2", NeurIPS 2024; Wang et al., BLADE, CVPR 2025 and NVlabs/blade.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from workbench.geometry import Crop
from workbench.image.boxes import box_of_mask_px
from workbench.image.person import Person
from workbench.image.photo import Photo
from workbench.networks.spin_crops import in_imagenet_units
from workbench.networks.tz_head import TzHead

CROP_PX, PATCH_PX, FEATURES_PX = 518, 14, 224
MARGIN = 1.25
"""Of the square, around the person's mask."""


class DepthTz(nn.Module):
    """Squares of photos to Tz."""

    def __init__(self, config: Any = None):
        """With random weights.

        Args:
            config: a `DepthAnythingConfig` of transformers; None: the paper's, with ViT-L.
        """
        super().__init__()
        from transformers import DepthAnythingForDepthEstimation

        config = config or large_config()
        width = config.fusion_hidden_size
        self.depth = DepthAnythingForDepthEstimation(config).requires_grad_(False)
        self.interface = nn.Sequential(*_halving(width), *_halving(width))
        self.head = TzHead(width)

    def forward(self, crops: Float[Tensor, "N 3 S S"]) -> Float[Tensor, "N"]:
        """The pelvis' distance along the optical axis, m."""
        return self.head(self.interface(self.features(crops)).flatten(2).mT)

    @torch.no_grad()
    def features(self, crops: Float[Tensor, "N 3 S S"]) -> Float[Tensor, "N C 224 224"]:
        """The last fused map."""
        patches = crops.shape[-1] // PATCH_PX
        maps = self.depth.backbone.forward_with_filtered_kwargs(crops).feature_maps
        last = self.depth.neck(maps, patches, patches)[-1]
        return functional.interpolate(last, (FEATURES_PX, FEATURES_PX), mode="bilinear", align_corners=True)


def _halving(width: int) -> list[nn.Module]:
    return [nn.Conv2d(width, width, 3, stride=2, padding=1), nn.BatchNorm2d(width), nn.ReLU()]


def large_config() -> Any:
    """Depth Anything V2 with ViT-L, metric, as trained on Hypersim: what BLADE was trained on."""
    from transformers import DepthAnythingConfig, Dinov2Config

    stages: dict[str, Any] = {"out_indices": [5, 12, 18, 24]}
    vit = Dinov2Config(
        hidden_size=1024,
        num_hidden_layers=24,
        num_attention_heads=16,
        image_size=CROP_PX,
        patch_size=PATCH_PX,
        **stages,
        reshape_hidden_states=False,
    )
    return DepthAnythingConfig(
        backbone_config=vit,
        reassemble_hidden_size=1024,
        neck_hidden_sizes=[256, 512, 1024, 1024],
        fusion_hidden_size=256,
        depth_estimation_type="metric",
        max_depth=20,
    )


def depth_crops(photo: Photo, people: Sequence[Person]) -> Iterator[Float[Tensor, "1 3 S S"]]:
    """Each person's square: around their mask, else around their box; inside the photo if it fits."""
    for person in people:
        masked = person.mask is not None and bool(person.mask.any())
        box = box_of_mask_px(person.mask) if masked and person.mask is not None else person.box_px
        window = _inside(Crop.around(box, CROP_PX, MARGIN), photo.size_hw)
        yield in_imagenet_units(torch.from_numpy(window.cut(photo.rgb))[None])


def _inside(window: Crop, size_hw: tuple[int, int]) -> Crop:
    """The square moved into the photo; along an axis where it does not fit, to its middle."""
    (x, y), half = window.center_px, window.side_px / 2
    height, width = size_hw
    moved = [
        min(max(at, half), size - half) if window.side_px <= size else size / 2
        for at, size in ((x, width), (y, height))
    ]
    return Crop((moved[0], moved[1]), window.side_px, window.size)
