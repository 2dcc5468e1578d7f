"""Features of a user's own network for the Frechet distance, from a folder on this machine."""

from pathlib import Path

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.functional import interpolate

from workbench.evaluation.frechet import PictureFeatures
from workbench.weights import WeightsMissing

IMAGENET_MEAN, IMAGENET_STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
AT_ONCE = 32
USUAL_SIZE_PX = 224


def network_features(folder: Path, device: str = "cpu") -> PictureFeatures:
    """What an image model of transformers says of a picture, pooled; for example DINOv2.

    Stein et al., "Exposing flaws of generative model evaluation metrics", NeurIPS 2023, find that DINOv2's
    features follow human judgement better than Inception's. Pictures are resized to the model's size with
    anti-aliasing and normalised by ImageNet's mean and deviation, as DINOv2, ConvNeXt and ResNet want them.

    Args:
        folder: holds the model as transformers saves it. Nothing is downloaded.
        device: where it runs.

    Raises:
        WeightsMissing: there is no such model.
    """
    from transformers import AutoModel

    try:
        model = AutoModel.from_pretrained(str(folder), local_files_only=True).eval().to(device)
    except (OSError, ValueError) as error:
        raise WeightsMissing(
            f"{folder} must be a folder with an image model as transformers saves it ({error})."
        ) from None
    size_px = getattr(model.config, "image_size", None) or USUAL_SIZE_PX
    mean, std = (torch.tensor(x, device=device).view(3, 1, 1) for x in (IMAGENET_MEAN, IMAGENET_STD))

    @torch.no_grad()
    def extract(pictures: Float[Tensor, "N H W 3"]) -> Float[Tensor, "N D"]:
        features = []
        for part in pictures.split(AT_ONCE):
            channels = part.to(device).movedim(-1, 1)
            resized = interpolate(channels, size=(size_px, size_px), mode="bilinear", antialias=True)
            output = model(pixel_values=(resized - mean) / std)
            pooled = output.last_hidden_state if output.pooler_output is None else output.pooler_output
            features.append((pooled.mean(1) if output.pooler_output is None else pooled).flatten(1).cpu())
        return torch.cat(features)

    return PictureFeatures(f"{model.config.model_type} of {Path(folder).name}, pooled", extract)
