"""Sitting: on chairs, on stairs, on the floor."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, arms, both
from workbench.synth.keys.action import Action

_FEET, _SEAT = ("left_foot", "right_foot"), ("seat",)
_ON_THIGHS = Arm(lift=20, plane=65, turn=12, elbow=52, palm=70, curl=15)

CHAIR = (
    KeyPose("chair: upright, hands on thighs", Trunk(lean=-4, flex=6), **both(Leg(flex=86, out=7, turn=4, knee=88)), **arms(_ON_THIGHS), floor=_FEET, held=_SEAT),
    KeyPose("chair: leaning back", Trunk(lean=-24, flex=18, nod=14), **both(Leg(flex=72, out=10, turn=10, knee=66)), **arms(Arm(lift=14, plane=30, turn=30, elbow=70, palm=60)), floor=_FEET, held=_SEAT),
    KeyPose("chair: elbows on knees", Trunk(lean=22, flex=32, nod=-10), **both(Leg(flex=108, out=16, turn=6, knee=92)), **arms(Arm(lift=52, plane=86, turn=22, elbow=70, palm=30, curl=35)), floor=_FEET, held=_SEAT),
    KeyPose("chair: leg over the knee", Trunk(lean=-8, flex=10), Leg(flex=84, out=2, knee=86), Leg(flex=100, out=-14, turn=-4, knee=78, ankle=-22), _ON_THIGHS, Arm(lift=22, plane=80, turn=35, elbow=62, palm=60), floor=("left_foot",), held=_SEAT),
    KeyPose("chair: ankle on the knee", Trunk(lean=-12, flex=14), Leg(flex=82, out=8, knee=86), Leg(flex=86, out=38, turn=52, knee=98), _ON_THIGHS, Arm(lift=24, plane=50, turn=18, elbow=58, palm=60), floor=("left_foot",), held=_SEAT),
    KeyPose("chair: typing", Trunk(lean=2, flex=12, nod=14), **both(Leg(flex=88, out=8, knee=92)), **arms(Arm(lift=22, plane=70, turn=18, elbow=82, palm=78, curl=30)), floor=_FEET, held=_SEAT),
    KeyPose("chair: arm over the backrest", Trunk(lean=-10, flex=10, twist=-18, look=10), **both(Leg(flex=78, out=12, turn=8, knee=80)), left_arm=_ON_THIGHS, right_arm=Arm(lift=62, plane=-25, turn=20, elbow=48, palm=30), floor=_FEET, held=_SEAT),
    KeyPose("chair: legs stretched out", Trunk(lean=-28, flex=26, nod=10), **both(Leg(flex=58, out=6, turn=10, knee=22, ankle=0)), **arms(Arm(lift=16, plane=55, turn=48, elbow=78, palm=30, curl=30)), floor=("left_heel", "right_heel"), held=_SEAT),
    KeyPose("driving", Trunk(lean=-14, flex=14, nod=4), **both(Leg(flex=80, out=8, turn=4, knee=60)), **arms(Arm(lift=58, plane=80, turn=5, elbow=38, palm=55, curl=70)), floor=("left_heel", "right_heel"), held=_SEAT),
)  # fmt: skip

STAIRS = (
    KeyPose("low step: hands between knees", Trunk(lean=8, flex=34, nod=-6), **both(Leg(flex=112, out=14, turn=4, knee=98)), **arms(Arm(lift=42, plane=88, turn=26, elbow=48, palm=30, curl=35)), floor=_FEET, held=_SEAT),
    KeyPose("low step: leaning on both hands", Trunk(lean=-26, flex=6, nod=14), **both(Leg(flex=84, out=9, turn=6, knee=82)), **arms(Arm(lift=34, plane=-70, turn=-20, elbow=10, palm=40, wrist=-60, curl=0)), floor=_FEET, held=("seat", "left_hand", "right_hand")),
    KeyPose("low step: chin in hand", Trunk(lean=14, flex=40, nod=-6), Leg(flex=112, out=12, knee=100), Leg(flex=84, out=8, knee=62), Arm(lift=60, plane=92, turn=20, elbow=138, palm=20, curl=60), Arm(lift=42, plane=92, turn=30, elbow=68, palm=50), floor=_FEET, held=_SEAT),
)  # fmt: skip

FLOOR = (
    KeyPose("floor: cross-legged", Trunk(lean=-6, flex=22), **both(Leg(flex=84, out=46, turn=44, knee=128)), **arms(Arm(lift=24, plane=58, turn=8, elbow=40, palm=50)), floor=("seat",)),
    KeyPose("floor: legs stretched, hands behind", Trunk(lean=-22, flex=4), **both(Leg(flex=66, out=5, turn=10, knee=6, ankle=-15)), **arms(Arm(lift=42, plane=-72, turn=-20, elbow=8, palm=40, wrist=-62, curl=0)), floor=("seat", "left_heel", "right_heel"), held=("left_hand", "right_hand")),
    KeyPose("floor: hugging the knees", Trunk(lean=-4, flex=42, nod=8), **both(Leg(flex=122, out=3, knee=118)), **arms(Arm(lift=62, plane=86, turn=38, elbow=48, palm=20, curl=40)), floor=("seat", "left_foot", "right_foot")),
    KeyPose("floor: legs to one side", Trunk(lean=-2, roll=4, flex=10, side=-8), Leg(flex=72, out=10, turn=46, knee=112, ankle=-20), Leg(flex=50, out=20, turn=-40, knee=120, ankle=-30), Arm(lift=26, plane=8, turn=-10, elbow=5, wrist=-60), Arm(lift=24, plane=75, turn=30, elbow=45), floor=("seat",), held=("left_hand",)),
    KeyPose("floor: one knee up", Trunk(lean=-12, flex=16), Leg(flex=106, out=6, knee=102), Leg(flex=78, out=40, turn=42, knee=112), Arm(lift=62, plane=84, turn=10, elbow=18, palm=40), Arm(lift=34, plane=-62, turn=-20, elbow=10, palm=40, wrist=-60, curl=0), floor=("seat", "left_foot"), held=("right_hand",)),
    KeyPose("floor: straddle", Trunk(lean=4, flex=22), **both(Leg(flex=74, out=42, turn=8, knee=4, ankle=-10)), **arms(Arm(lift=58, plane=84, turn=0, elbow=20, palm=60)), floor=("seat", "left_heel", "right_heel")),
    KeyPose("sitting on the heels", Trunk(lean=2, flex=8), **both(Leg(flex=70, out=4, turn=-2, knee=144, ankle=-52)), **arms(Arm(lift=20, plane=72, turn=14, elbow=40, palm=60)), floor=("left_knee", "right_knee", "left_instep", "right_instep"), held=("seat",)),
)  # fmt: skip

ACTIONS = (
    Action("sitting on a chair", CHAIR, weight=4, free_arms=True),
    Action("sitting on stairs", STAIRS, weight=1.5),
    Action("sitting on the floor", FLOOR, weight=2),
)
