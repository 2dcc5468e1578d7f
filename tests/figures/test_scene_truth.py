"""Pictures of errors show the errors."""

import torch

from workbench.figures.scene_truth import (
    BOTH,
    ONLY_FOUND,
    ONLY_TRUE,
    REGION_ALPHA,
    SCALES_MM,
    error_steps,
    regions,
    scale_mm,
)


def test_every_pixel_has_the_colour_of_who_covers_it():
    found, true = torch.rand(20, 30) > 0.5, torch.rand(20, 30) > 0.5
    layer = torch.from_numpy(regions(found, true))
    for color, area in ((BOTH, found & true), (ONLY_FOUND, found & ~true), (ONLY_TRUE, ~found & true)):
        assert (layer[area] == torch.tensor([*bytes.fromhex(color[1:]), REGION_ALPHA[color]])).all()
    assert not layer[~(found | true)].any()


def test_scales_end_at_round_numbers_and_hold_most_of_the_skin():
    for size in (0.0, 3.0, 70.0, 900.0):
        errors = size * torch.rand(1000)
        end = scale_mm(errors)
        assert end in SCALES_MM and (errors <= end).float().mean() >= 0.95
    assert scale_mm(torch.full((10,), 1e6)) == SCALES_MM[-1]


def test_errors_are_lines_over_the_steps():
    lines = error_steps({"MPJPE": [90.0, 60.0, 55.0], "PVE": [120.0, 80.0, 70.0]}).to_plotly_json()["data"]
    assert [line["name"] for line in lines] == ["MPJPE", "PVE"]
    assert all(list(line["x"]) == [0, 1, 2] for line in lines)
    assert not error_steps({}).to_plotly_json()["data"]
