"""HMR's discriminator: does this pose look like a person's, joint by joint and as a whole? And this shape?

    each joint's rotation, 9     -> 32 -> 32, the same weights for all joints (1 x 1 convolutions)
    each joint's 32              -> 1, weights of its own                          23 outputs
    all joints' 23 x 32 = 736    -> hidden -> hidden -> 1                          1 output
    betas, 10                    -> 10 -> 5 -> 1                                   1 output

25 scores, each of which learns (least squares, Mao et al., ICCV 2017) to be 1 for what is real and 0 for
what a network made up. Being parts, they say what is wrong: a knee that bends backwards lowers its own score
and the whole pose's, and no other joint's. The root is left out: people may face anywhere. Where real and
made-up look alike a score settles in between, so scores are to be compared with those of good poses and not
with 1; and what a network never answers, as a very large body, is taken for real.

Kanazawa et al., CVPR 2018; akanazawa/hmr src/models.py. Its convolutions and layers have ReLU, its outputs
are linear.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from workbench.body.joints import SMPL_JOINTS

TURNING: tuple[str, ...] = SMPL_JOINTS[1:]
FACTORS: tuple[str, ...] = (*TURNING, "whole pose", "shape")
"""What each of the 25 scores is about, in HMR's order."""


class Discriminator(nn.Module):
    """Poses and shapes to 25 scores; the higher, the more real."""

    def __init__(self, planes: int = 32, hidden: int = 1024, betas: int = 10):
        """The paper's sizes unless others are given."""
        super().__init__()
        joints = len(TURNING)
        self.rotation = nn.Sequential(nn.Linear(9, planes), nn.ReLU(), nn.Linear(planes, planes), nn.ReLU())
        self.joints = JointScores(joints, planes)
        self.pose = nn.Sequential(
            nn.Linear(joints * planes, hidden),
            nn.ReLU(),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Linear(hidden, 1),
        )
        self.shape = nn.Sequential(
            nn.Linear(betas, 10), nn.ReLU(), nn.Linear(10, 5), nn.ReLU(), nn.Linear(5, 1)
        )

    def forward(
        self, rotations: Float[Tensor, "N 23 3 3"], betas: Float[Tensor, "N B"]
    ) -> Float[Tensor, "N 25"]:
        """Scores in the order of FACTORS.

        Args:
            rotations: parent-relative, of all joints but the root.
            betas: in standard deviations.
        """
        seen = self.rotation(rotations.flatten(2))  # (N, 23, planes)
        return torch.cat((self.joints(seen), self.pose(seen.flatten(1)), self.shape(betas)), 1)


class JointScores(nn.Module):
    """A linear layer of its own for each joint."""

    def __init__(self, joints: int, planes: int):
        super().__init__()
        bound = planes**-0.5  # as nn.Linear's
        self.weight = nn.Parameter(torch.empty(joints, planes).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.zeros(joints))

    def forward(self, seen: Float[Tensor, "N J planes"]) -> Float[Tensor, "N J"]:
        return (seen * self.weight).sum(-1) + self.bias
