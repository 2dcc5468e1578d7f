"""People with known answers: poses, and the motion files of users."""

from workbench.synth.amass import read_amass as read_amass
from workbench.synth.bvh import read_bvh as read_bvh
from workbench.synth.motion import Motion as Motion
from workbench.synth.motion import MotionFileError as MotionFileError
from workbench.synth.poses import Poses as Poses
from workbench.synth.poses import sample_poses as sample_poses
