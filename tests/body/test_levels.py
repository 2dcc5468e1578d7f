"""Kinematics level by level equal kinematics joint by joint."""

import roma
import torch
from hypothesis import given, settings

from tests.body.skeletons import trees
from workbench.body.levels import Levels, pose_many
from workbench.body.skinning import ancestor_steps, forward_kinematics

DOUBLE = torch.float64


@settings(max_examples=50, deadline=None)
@given(trees())
def test_any_tree_is_walked_as_by_the_other_way(parents):
    torch.manual_seed(len(parents))
    local = roma.random_rotmat((3, len(parents)), dtype=DOUBLE)
    rest = torch.randn(3, len(parents), 3, dtype=DOUBLE)
    rotations, positions = forward_kinematics(local, rest, ancestor_steps(parents))
    world = pose_many(local.permute(2, 3, 1, 0), rest.permute(2, 1, 0), Levels.of(parents))
    torch.testing.assert_close(world.permute(3, 2, 0, 1)[..., :3], rotations)
    torch.testing.assert_close(world.permute(3, 2, 0, 1)[..., 3], positions)


def test_one_skeleton_serves_many_poses():
    parents = [-1, 0, 1, 1]
    local = roma.random_rotmat((5, 4), dtype=DOUBLE).permute(2, 3, 1, 0)
    rest = torch.randn(3, 4, 1, dtype=DOUBLE)
    one, many = (pose_many(local, r, Levels.of(parents)) for r in (rest, rest.expand(-1, -1, 5)))
    torch.testing.assert_close(one, many)
