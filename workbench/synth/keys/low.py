"""Near the floor: squatting, lunging, kneeling, bending, lifting, crawling, lying."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, arms, both
from workbench.synth.keys.action import Action

_ALL_FOURS = ("left_hand", "right_hand", "left_knee", "right_knee")

SQUAT = (
    KeyPose("squat: half", Trunk(lean=30, flex=8, nod=-14), **both(Leg(flex=92, out=14, turn=12, knee=84)), **arms(Arm(lift=82, plane=84, elbow=8, palm=20))),
    KeyPose("squat: deep, heels down", Trunk(lean=22, flex=34, nod=-12), **both(Leg(flex=122, out=22, turn=14, knee=128)), **arms(Arm(lift=58, plane=86, turn=24, elbow=42, palm=20))),
    KeyPose("squat: on tiptoe", Trunk(lean=4, flex=14), **both(Leg(flex=100, out=16, turn=10, knee=138, ankle=10, toes=34)), **arms(Arm(lift=34, plane=80, turn=10, elbow=32, palm=50)), floor=("left_toes", "right_toes")),
    KeyPose("squat: weight on the shoulders", Trunk(lean=34, flex=2, nod=-22), **both(Leg(flex=104, out=18, turn=18, knee=98)), **arms(Arm(lift=48, plane=-12, turn=-62, elbow=132, palm=20, curl=70))),
)  # fmt: skip

LUNGE = (
    KeyPose("lunge: forward", Trunk(lean=4, flex=2), Leg(flex=84, out=2, knee=88), Leg(flex=-12, out=2, knee=56, ankle=10, toes=42), Arm(lift=30, plane=-12, turn=40, elbow=88, palm=50), Arm(lift=30, plane=-12, turn=40, elbow=88, palm=50), floor=("left_foot", "right_toes")),
    KeyPose("lunge: deep, back leg straight", Trunk(lean=14, flex=4), Leg(flex=100, out=4, knee=92), Leg(flex=-18, out=2, knee=8, ankle=10, toes=46), Arm(lift=14, plane=40, elbow=15), Arm(lift=14, plane=40, elbow=15), floor=("left_foot", "right_toes")),
    KeyPose("lunge: sideways", Trunk(lean=26, flex=12, nod=-10), Leg(flex=86, out=22, turn=18, knee=84), Leg(flex=34, out=42, turn=10, knee=4), Arm(lift=62, plane=86, turn=28, elbow=62), Arm(lift=62, plane=86, turn=28, elbow=62)),
    KeyPose("fencing lunge", Trunk(lean=4, twist=-18, look=30), Leg(flex=78, out=6, turn=4, knee=74), Leg(flex=-8, out=22, turn=36, knee=4), Arm(lift=92, plane=62, elbow=6, palm=-10, curl=70), Arm(lift=66, plane=-10, turn=-60, elbow=82, curl=30), moving=True),
)  # fmt: skip

KNEEL = (
    KeyPose("kneeling upright", Trunk(), **both(Leg(flex=0, out=4, knee=90, ankle=-50)), floor=("left_knee", "right_knee", "left_instep", "right_instep")),
    KeyPose("on one knee", Trunk(lean=2, flex=4), Leg(flex=88, out=6, knee=88), Leg(flex=2, out=4, knee=92, ankle=0, toes=50), Arm(lift=34, plane=75, turn=22, elbow=58, palm=60), Arm(), floor=("left_foot", "right_knee", "right_toes")),
    KeyPose("on one knee, tying a shoe", Trunk(lean=34, flex=46, nod=6), Leg(flex=118, out=6, knee=96), Leg(flex=32, out=4, knee=96, ankle=0, toes=50), Arm(lift=70, plane=88, turn=0, elbow=26, palm=10, curl=50), Arm(lift=76, plane=98, turn=22, elbow=30, palm=10, curl=50), floor=("left_foot", "right_knee", "right_toes")),
    KeyPose("kneeling, sitting back on toes", Trunk(lean=6, flex=18, nod=10), **both(Leg(flex=66, out=7, knee=138, ankle=8, toes=50)), **arms(Arm(lift=34, plane=78, turn=24, elbow=52, palm=40)), floor=("left_knee", "right_knee", "left_toes", "right_toes"), held=("seat",)),
)  # fmt: skip

BEND = (
    KeyPose("bending: touching the toes", Trunk(lean=66, flex=66, nod=20), **both(Leg(flex=68, out=3, turn=4, knee=6)), **arms(Arm(lift=112, plane=88, elbow=8, palm=30, curl=10))),
    KeyPose("bending: hands on knees", Trunk(lean=40, flex=26, nod=-24), **both(Leg(flex=60, out=8, turn=6, knee=36)), **arms(Arm(lift=58, plane=62, turn=20, elbow=22, palm=60, wrist=-30))),
    KeyPose("bending: half forward, arms hang", Trunk(lean=46, flex=28, nod=12), **both(Leg(flex=54, out=4, turn=6, knee=14)), **arms(Arm(lift=72, plane=88, elbow=8))),
    KeyPose("bending: sideways stretch", Trunk(side=34, tip=14), **both(Leg(out=10, turn=10)), left_arm=Arm(lift=14, plane=10, elbow=8), right_arm=Arm(lift=162, plane=10, turn=-10, elbow=18)),
    KeyPose("bending: leaning back", Trunk(lean=-12, flex=-34, nod=-22), **both(Leg(flex=-14, out=7, turn=8, knee=18)), **arms(Arm(lift=40, plane=-22, turn=40, elbow=100, palm=50, wrist=-40))),
)  # fmt: skip

LIFT = (
    KeyPose("lifting: gripping the box", Trunk(lean=52, flex=22, nod=-24), **both(Leg(flex=112, out=12, turn=8, knee=92)), **arms(Arm(lift=68, plane=84, turn=4, elbow=12, palm=-10, curl=50))),
    KeyPose("lifting: half way", Trunk(lean=36, flex=16, nod=-14), **both(Leg(flex=68, out=11, turn=8, knee=54)), **arms(Arm(lift=44, plane=80, turn=4, elbow=34, palm=-20, curl=50))),
    KeyPose("lifting: held at the belly", Trunk(lean=-4, flex=-2), **both(Leg(flex=8, out=9, turn=8, knee=14)), **arms(Arm(lift=20, plane=70, turn=4, elbow=86, palm=-40, curl=50))),
    KeyPose("lifting: to the shoulders", Trunk(lean=-5, flex=-6), **both(Leg(flex=10, out=10, turn=8, knee=18)), **arms(Arm(lift=46, plane=74, turn=-8, elbow=132, palm=0, wrist=-30, curl=50))),
    KeyPose("lifting: overhead", Trunk(flex=-8), **both(Leg(flex=4, out=10, turn=8, knee=8)), **arms(Arm(lift=164, plane=45, turn=-30, elbow=16, palm=30, wrist=-35, curl=40))),
)  # fmt: skip

CRAWL = (
    KeyPose("crawling: on hands and knees", Trunk(lean=86, nod=-24), **both(Leg(flex=86, out=3, knee=88, ankle=-52)), **arms(Arm(lift=86, plane=86, elbow=6, palm=70, wrist=-78, curl=0)), floor=_ALL_FOURS),
    KeyPose("crawling: left knee ahead", Trunk(lean=84, side=-8, nod=-26), Leg(flex=108, out=4, knee=94, ankle=-50), Leg(flex=62, out=3, knee=72, ankle=-50), Arm(lift=72, plane=86, elbow=10, palm=70, wrist=-64, curl=0), Arm(lift=106, plane=80, elbow=8, palm=70, wrist=-76, curl=0), floor=_ALL_FOURS),
    KeyPose("crawling: one hand raised", Trunk(lean=84, nod=-34), **both(Leg(flex=86, out=5, knee=90, ankle=-52)), left_arm=Arm(lift=82, plane=88, elbow=6, palm=70, wrist=-76, curl=0), right_arm=Arm(lift=150, plane=84, elbow=10, palm=40), floor=("left_hand", "left_knee", "right_knee")),
    KeyPose("crawling: bear walk", Trunk(lean=104, flex=12, nod=-10), **both(Leg(flex=106, out=6, knee=58, ankle=12, toes=40)), **arms(Arm(lift=112, plane=86, elbow=8, palm=70, wrist=-68, curl=0)), floor=("left_hand", "right_hand", "left_toes", "right_toes")),
    KeyPose("crawling: low, on the forearms", Trunk(lean=96, flex=-10, side=10, nod=-34), Leg(flex=72, out=46, turn=30, knee=98), Leg(flex=4, out=8, turn=20, knee=14, ankle=-40), Arm(lift=92, plane=72, turn=22, elbow=82, palm=70, curl=20), Arm(lift=112, plane=62, turn=22, elbow=78, palm=70, curl=20), floor=("left_forearm", "right_forearm", "right_knee")),
)  # fmt: skip

LIE = (
    KeyPose("lying: on the back, arms at the sides", Trunk(lean=-90, nod=6), **both(Leg(flex=0, out=6, turn=22, knee=2, ankle=-24)), **arms(Arm(lift=18, plane=0, elbow=10, palm=40)), floor=("back", "seat", "left_heel", "right_heel")),
    KeyPose("lying: on the back, knees bent", Trunk(lean=-90, nod=8), **both(Leg(flex=54, out=5, knee=100)), **arms(Arm(lift=30, plane=30, turn=55, elbow=82, palm=50)), floor=("back", "seat", "left_foot", "right_foot")),
    KeyPose("lying: on the back, hands under the head", Trunk(lean=-90, nod=18), Leg(flex=4, out=5, turn=14, knee=4, ankle=-20), Leg(flex=52, out=6, turn=4, knee=96), Arm(lift=112, plane=2, turn=-84, elbow=134, palm=20), Arm(lift=112, plane=2, turn=-84, elbow=134, palm=20), floor=("back", "seat", "left_heel", "right_foot")),
    KeyPose("lying: on the belly", Trunk(lean=90, nod=-14, look=62), **both(Leg(flex=-4, out=9, turn=10, knee=6, ankle=-48)), **arms(Arm(lift=92, plane=4, turn=-74, elbow=92, palm=40)), floor=("left_knee", "right_knee", "left_instep", "right_instep")),
    KeyPose("lying: propped on the elbows", Trunk(lean=78, flex=-34, nod=-12), **both(Leg(flex=-6, out=6, turn=6, knee=4, ankle=-48)), **arms(Arm(lift=62, plane=78, turn=8, elbow=92, palm=40)), floor=("left_forearm", "right_forearm", "left_knee", "right_knee", "left_instep", "right_instep")),
    KeyPose("lying: on the side, curled up", Trunk(lean=0, roll=90, flex=32, nod=14), Leg(flex=82, out=-2, knee=92), Leg(flex=74, out=-4, knee=84), Arm(lift=66, plane=86, turn=8, elbow=88, palm=20), Arm(lift=46, plane=92, turn=30, elbow=62), floor=("left_hip", "left_shoulder", "left_knee")),
    KeyPose("lying: on the side, head on the hand", Trunk(roll=74, side=-22, tip=-26), Leg(flex=10, out=-6, knee=14), Leg(flex=38, out=4, knee=48), Arm(lift=112, plane=28, turn=-10, elbow=140, palm=10, curl=30), Arm(lift=44, plane=78, turn=20, elbow=62, palm=50), floor=("left_hip", "left_elbow", "left_knee")),
    KeyPose("plank", Trunk(lean=78, nod=-12), **both(Leg(flex=-2, out=4, knee=2, ankle=10, toes=50)), **arms(Arm(lift=80, plane=86, elbow=4, palm=70, wrist=-74, curl=0)), floor=("left_hand", "right_hand", "left_toes", "right_toes")),
    KeyPose("push-up: bottom", Trunk(lean=88, nod=-16), **both(Leg(flex=-2, out=4, knee=2, ankle=10, toes=50)), **arms(Arm(lift=42, plane=-30, turn=-5, elbow=102, palm=80, wrist=-70, curl=0)), floor=("left_hand", "right_hand", "left_toes", "right_toes")),
)  # fmt: skip

ACTIONS = (
    Action("squatting", SQUAT, weight=2),
    Action("lunging", LUNGE, weight=1.5),
    Action("kneeling", KNEEL, weight=1.5),
    Action("bending", BEND, weight=1.5),
    Action("lifting", LIFT, weight=2, path=True),
    Action("crawling", CRAWL, weight=1),
    Action("lying", LIE[:7], weight=1.5),
    Action("push-ups", LIE[7:], weight=0.7, path=True),
)
