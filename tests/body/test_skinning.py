"""The sums along the skeleton and over joints, against the plain ones."""

import pytest
import roma
import torch
from hypothesis import given, settings

from tests.body.skeletons import trees
from workbench.body.skinning import SKIN_CHUNK, ancestor_steps, forward_kinematics, skin

DOUBLE = torch.float64


@settings(max_examples=50, deadline=None)
@given(trees())
def test_any_tree_is_walked_as_joint_after_joint(parents):
    torch.manual_seed(len(parents))
    local = roma.random_rotmat((2, len(parents)), dtype=DOUBLE)
    rest = torch.randn(2, len(parents), 3, dtype=DOUBLE)
    rotations, positions = forward_kinematics(local, rest, ancestor_steps(parents))
    expected_rotations, expected_positions = [local[:, 0]], [rest[:, 0]]
    for j, p in enumerate(parents[1:], start=1):
        bone = (rest[:, j] - rest[:, p])[..., None]
        expected_positions.append(expected_positions[p] + (expected_rotations[p] @ bone)[..., 0])
        expected_rotations.append(expected_rotations[p] @ local[:, j])
    torch.testing.assert_close(rotations, torch.stack(expected_rotations, 1))
    torch.testing.assert_close(positions, torch.stack(expected_positions, 1))


@pytest.mark.parametrize("parents", [(), (0,), (-1, -1), (-1, 2, 0), (-1, 1)])
def test_what_is_no_tree_is_refused(parents):
    with pytest.raises(ValueError, match="parents must be -1 and then"):
        ancestor_steps(parents)


@pytest.mark.parametrize("n", [0, 1, SKIN_CHUNK, SKIN_CHUNK + 1, 3 * SKIN_CHUNK])
def test_skin_is_the_weighted_sum_of_moved_copies(n):
    transforms, rest = torch.randn(n, 5, 3, 4, dtype=DOUBLE), torch.randn(n, 3, 30, dtype=DOUBLE)
    weights = torch.rand(5, 30, dtype=DOUBLE)
    copies = transforms[..., :3] @ rest[:, None] + transforms[..., 3:]  # (n, 5, 3, 30)
    torch.testing.assert_close(skin(transforms, rest, weights), (copies * weights[:, None]).sum(1))
