"""ResNet-50, the image encoder of HMR and SPIN: a crop of 224 x 224 to 2048 features.

The blocks are those of He et al. (CVPR 2016), with the stride in the 3 x 3 convolution as in torchvision and
SPIN; transformers has the code, and nothing is downloaded. HMR's own encoder is slim's resnet_v2_50 (He et
al., ECCV 2016), which differs: batch norm and ReLU come before each convolution and once more after the last
block, the first convolution has a bias and no norm, and the stride sits in the last unit of a stage. Its
weights do not fit here.
"""

from jaxtyping import Float
from torch import Tensor, nn

FEATURES = 2048


class ResNet50(nn.Module):
    """Crops to features, the mean over the last 7 x 7 map."""

    def __init__(self) -> None:
        super().__init__()
        from transformers import ResNetConfig, ResNetModel

        self.resnet = ResNetModel(ResNetConfig())  # its defaults are ResNet-50

    def forward(self, crops: Float[Tensor, "N 3 224 224"]) -> Float[Tensor, "N 2048"]:
        """Features of crops, normalised as the weights want."""
        return self.resnet(crops).pooler_output.flatten(1)
