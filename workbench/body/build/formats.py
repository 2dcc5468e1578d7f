"""The two formats that the open body is built in."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.body.build import skeleton
from workbench.body.topology import KEYPOINTS, OPEN, OPEN_X


@dataclass(frozen=True)
class Format:
    """What a format asks of the body."""

    title: str
    topology: str
    vertices: int
    """As many as the official mesh has, so that tensor shapes of tutorials and networks fit."""
    skeleton: skeleton.Skeleton
    numbers: Mapping[str, int]
    """Vertex number of each keypoint that tools of this format look for."""
    face_and_hands: bool
    """Whether expressions follow the betas, and the hands have a pose space."""


SMPL = Format("SMPL", OPEN, 6890, skeleton.SMPL, KEYPOINTS["smpl"], face_and_hands=False)
SMPLX = Format("SMPL-X", OPEN_X, 10475, skeleton.SMPLX, KEYPOINTS["smplx"], face_and_hands=True)
FORMATS = {"smpl": SMPL, "smplx": SMPLX}
"""By the names of the command line."""
