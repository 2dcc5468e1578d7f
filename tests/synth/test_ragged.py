"""Laws of masks with a wrong outline."""

import pytest
import torch

from workbench.synth.ragged import ragged


def disc(side: int = 200) -> torch.Tensor:
    y, x = torch.meshgrid(torch.arange(side), torch.arange(side), indexing="ij")
    return (x - side / 2) ** 2 + (y - side / 2) ** 2 < (side / 3) ** 2


def iou(a: torch.Tensor, b: torch.Tensor) -> float:
    return float((a & b).sum() / (a | b).sum())


def test_the_outline_wanders_more_the_larger_the_share():
    overlaps = [
        iou(disc(), ragged(disc(), torch.Generator().manual_seed(0), share)) for share in (0.0, 0.01, 0.04)
    ]
    assert overlaps[0] == 1
    assert 1 > overlaps[1] > overlaps[2] > 0.5


@pytest.mark.parametrize("filled", [False, True])
def test_nothing_and_everything_stay(filled):
    mask = torch.full((40, 60), filled)
    assert torch.equal(ragged(mask, torch.Generator().manual_seed(0)), mask)
