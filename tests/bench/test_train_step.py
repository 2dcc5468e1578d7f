"""All ways of a training step give the same loss and the same gradients."""

import pytest
import torch

from workbench.bench.train_step import by_smplx, step
from workbench.body import load_body
from workbench.body.light import light_body


@pytest.mark.slow
def test_the_light_body_gives_what_smplx_gives() -> None:
    light = light_body(load_body("open-smplx"), 50)
    ours = step(light, 2)
    for way in by_smplx(light):
        for mine, theirs in zip(ours, step(way, 2), strict=True):
            torch.testing.assert_close(mine, theirs, rtol=1e-4, atol=1e-6)
