"""People with known answers: poses, scenes of them, and the motion files of users."""

from workbench.synth.amass import read_amass as read_amass
from workbench.synth.bvh import read_bvh as read_bvh
from workbench.synth.cameras import Views as Views
from workbench.synth.kinds import SceneKind as SceneKind
from workbench.synth.landmarks import Landmarks as Landmarks
from workbench.synth.landmarks import true_landmarks as true_landmarks
from workbench.synth.motion import Motion as Motion
from workbench.synth.motion import MotionFileError as MotionFileError
from workbench.synth.noise import observed as observed
from workbench.synth.people import People as People
from workbench.synth.people import people_of as people_of
from workbench.synth.people import sample_people as sample_people
from workbench.synth.poses import Poses as Poses
from workbench.synth.poses import sample_poses as sample_poses
from workbench.synth.scene import Scene as Scene
from workbench.synth.scene import ScenePerson as ScenePerson
from workbench.synth.sets import SETS as SETS
from workbench.synth.sets import make_scene as make_scene
from workbench.synth.sets import set_seeds as set_seeds
