"""Sitting: on chairs, on stairs, on the floor."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, arms, both
from workbench.synth.keys.action import Action

_FEET, _SEAT = ("left_foot", "right_foot"), ("seat",)
_ON_THIGHS = Arm(lift=20, plane=65, turn=12, elbow=52, palm=70, curl=15)

CHAIR = (
    KeyPose("chair: upright, hands on thighs", Trunk(lean=-4, flex=6), **both(Leg(flex=78, out=3, turn=6, knee=88)), **arms(Arm(lift=2, plane=66, turn=10, elbow=58, palm=66, wrist=-31, thumbward=-4, curl=15)), held=("seat",)),
    KeyPose("chair: leaning back", Trunk(lean=-24, flex=18, nod=14), **both(Leg(flex=72, out=10, turn=10, knee=66)), **arms(Arm(lift=14, plane=30, turn=30, elbow=70, palm=60)), held=("seat",)),
    KeyPose("chair: elbows on knees", Trunk(lean=22, flex=32, nod=-10), **both(Leg(flex=106, out=15, turn=5, knee=92)), **arms(Arm(lift=52, plane=82, turn=22, elbow=70, palm=30, curl=35)), held=("seat",)),
    KeyPose("chair: leg over the knee", Trunk(lean=-7, flex=10), left_leg=Leg(flex=75, turn=2, knee=86), right_leg=Leg(flex=89, out=-15, turn=-11, knee=78, ankle=-22), left_arm=Arm(lift=6, plane=67, turn=14, elbow=58, palm=70, wrist=-10, curl=15), right_arm=Arm(plane=81, turn=38, elbow=71, palm=58, wrist=-18, thumbward=3), floor=("left_foot",), held=("seat",)),
    KeyPose("chair: ankle on the knee", Trunk(lean=-14, flex=14), left_leg=Leg(flex=49, out=-2, turn=-7, knee=86), right_leg=Leg(flex=122, out=15, turn=49, knee=105, ankle=-3), left_arm=Arm(lift=20, plane=65, turn=12, elbow=52, palm=70, curl=15), right_arm=Arm(lift=45, plane=94, turn=20, elbow=37, palm=64, wrist=7, thumbward=-6), floor=("left_foot",), held=("seat",)),
    KeyPose("chair: typing", Trunk(lean=2, flex=12, nod=14), **both(Leg(flex=88, out=8, knee=92)), **arms(Arm(lift=22, plane=70, turn=18, elbow=82, palm=78, curl=30)), held=("seat",)),
    KeyPose("chair: arm over the backrest", Trunk(lean=-14, flex=10, twist=-18, look=10), **both(Leg(flex=64, out=-4, turn=-4, knee=80)), left_arm=Arm(lift=5, plane=43, turn=6, elbow=49, palm=70, wrist=-2, thumbward=3, curl=15), right_arm=Arm(lift=62, plane=-25, turn=20, elbow=48, palm=30), held=("seat",)),
    KeyPose("chair: legs stretched out", Trunk(lean=-28, flex=26, nod=10), **both(Leg(flex=58, out=6, turn=10, knee=22)), left_arm=Arm(lift=20, plane=41, turn=57, elbow=92, palm=29, wrist=-15, thumbward=11, curl=30), right_arm=Arm(lift=22, plane=51, turn=56, elbow=87, palm=31, wrist=3, thumbward=-1, curl=30), floor=("left_heel", "right_heel"), held=("seat",)),
    KeyPose("driving", Trunk(lean=-14, flex=14, nod=4), **both(Leg(flex=80, out=8, turn=4, knee=60)), **arms(Arm(lift=58, plane=80, turn=5, elbow=38, palm=55, curl=70)), floor=("left_heel", "right_heel"), held=("seat",)),
)  # fmt: skip

STAIRS = (
    KeyPose("low step: hands between knees", Trunk(lean=8, flex=34, nod=-6), **both(Leg(flex=104, out=11, turn=3, knee=98)), **arms(Arm(lift=59, plane=87, turn=30, elbow=50, palm=30, wrist=2, thumbward=1, curl=35)), held=("seat",)),
    KeyPose("low step: leaning on both hands", Trunk(lean=-26, flex=6, nod=14), **both(Leg(flex=84, out=9, turn=6, knee=82)), **arms(Arm(lift=34, plane=-70, turn=-20, elbow=10, palm=40, wrist=-60, curl=0)), held=("seat", "left_hand", "right_hand")),
    KeyPose("low step: chin in hand", Trunk(lean=13, roll=1, flex=40, nod=-6), left_leg=Leg(flex=99, out=9, turn=-1, knee=99), right_leg=Leg(flex=98, out=10, knee=61, toes=-1), left_arm=Arm(lift=63, plane=93, turn=37, elbow=123, palm=21, wrist=4, thumbward=-4, curl=60), right_arm=Arm(lift=59, plane=91, turn=30, elbow=68, palm=50), held=("seat",)),
)  # fmt: skip

FLOOR = (
    KeyPose("floor: cross-legged", Trunk(lean=-25, flex=22), **both(Leg(flex=109, out=49, turn=32, knee=118, ankle=-18)), **arms(Arm(lift=51, plane=37, turn=5, elbow=21, palm=51, wrist=7, thumbward=-2)), floor=("seat", "left_calf", "right_calf")),
    KeyPose("floor: legs stretched, hands behind", Trunk(lean=-23, flex=4), **both(Leg(flex=67, out=5, turn=10, knee=5, ankle=-15)), **arms(Arm(lift=42, plane=-72, turn=-20, elbow=8, palm=40, wrist=-62, curl=0)), floor=("seat", "left_heel", "right_heel"), held=("left_hand", "right_hand")),
    KeyPose("floor: hugging the knees", Trunk(lean=-20, flex=42, nod=8), **both(Leg(flex=117, out=-13, turn=2, knee=92)), left_arm=Arm(lift=58, plane=87, turn=40, elbow=67, palm=20, thumbward=2, curl=40), right_arm=Arm(lift=65, plane=88, turn=42, elbow=62, palm=20, thumbward=2, curl=40), floor=("seat", "left_foot", "right_foot")),
    KeyPose("floor: legs to one side", Trunk(roll=2, flex=10, side=-8), left_leg=Leg(flex=122, out=3, turn=58, knee=112, ankle=-22, toes=-10), right_leg=Leg(flex=71, out=37, turn=-59, knee=130, ankle=-47, toes=-2), left_arm=Arm(lift=26, plane=8, turn=-10, elbow=5, wrist=-60), right_arm=Arm(lift=24, plane=75, turn=30, elbow=45), floor=("seat", "left_calf", "right_knee"), held=("left_hand",)),
    KeyPose("floor: one knee up", Trunk(lean=-34, roll=-1, flex=16), left_leg=Leg(flex=107, out=6, turn=1, knee=99), right_leg=Leg(flex=86, out=43, turn=47, knee=105, ankle=5), left_arm=Arm(lift=60, plane=89, turn=10, elbow=19, palm=40), right_arm=Arm(lift=34, plane=-62, turn=-20, elbow=10, palm=40, wrist=-60, curl=0), floor=("seat", "left_foot", "right_calf"), held=("right_hand",)),
    KeyPose("floor: straddle", Trunk(lean=-2, flex=22), **both(Leg(flex=81, out=43, turn=7, knee=-3, ankle=-9)), **arms(Arm(lift=58, plane=84, elbow=20, palm=60)), floor=("seat", "left_heel", "right_heel")),
    KeyPose("sitting on the heels", Trunk(lean=7, flex=8), **both(Leg(flex=69, out=5, turn=-1, knee=152, ankle=-55, toes=-3)), **arms(Arm(lift=11, plane=77, turn=18, elbow=44, palm=59, wrist=-1, thumbward=2)), floor=("left_knee", "right_knee", "left_instep", "right_instep"), held=("seat",)),
)  # fmt: skip

ACTIONS = (
    Action("sitting on a chair", CHAIR, weight=4, free_arms=True),
    Action("sitting on stairs", STAIRS, weight=1.5),
    Action("sitting on the floor", FLOOR, weight=2),
)
