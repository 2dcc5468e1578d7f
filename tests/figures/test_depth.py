"""Near is bright, far is dark, not measured is black."""

import torch

from workbench.figures.depth import SIDE_PX, depth_picture


def test_the_nearer_the_brighter_and_holes_are_black():
    depth_m = torch.linspace(1.0, 5.0, 2 * SIDE_PX + 1).repeat(40, 1)
    depth_m[20:] = 0
    rgb, near_m, far_m = depth_picture(depth_m)
    assert max(rgb.shape[:2]) <= SIDE_PX and 1.0 < near_m < 1.1 and 4.9 < far_m < 5.0
    brightness = rgb[0].astype(int) @ (2, 7, 1)
    assert (brightness[1:] <= brightness[:-1] + 10).all() and brightness[0] > 4 * brightness[-1] > 0
    assert not rgb[len(rgb) // 2 :].any()


def test_a_flat_map_and_wild_depths():
    flat = torch.full((40, 40), 2.0)
    assert len({tuple(color) for row in depth_picture(flat).rgb.tolist() for color in row}) == 1
    wild = torch.linspace(1, 2, 1600).reshape(40, 40)
    wild[0, 0] = 60.0
    assert depth_picture(wild).far_m < 2.1
