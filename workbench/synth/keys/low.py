"""Near the floor: squatting, lunging, kneeling, bending, lifting, crawling, lying."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, arms, both
from workbench.synth.keys.action import Action

_ALL_FOURS = ("left_hand", "right_hand", "left_knee", "right_knee", "left_instep", "right_instep")

SQUAT = (
    KeyPose("squat: half", Trunk(lean=30, flex=8, nod=-14), **both(Leg(flex=92, out=14, turn=12, knee=84)), **arms(Arm(lift=82, plane=84, elbow=8, palm=20))),
    KeyPose("squat: deep, heels down", Trunk(lean=21, flex=34, nod=-12), **both(Leg(flex=122, out=23, turn=10, knee=126)), **arms(Arm(lift=59, plane=89, turn=24, elbow=42, palm=20))),
    KeyPose("squat: on tiptoe", Trunk(lean=5, flex=14), **both(Leg(flex=94, out=17, turn=10, knee=135, ankle=20, toes=38)), **arms(Arm(lift=37, plane=86, turn=8, elbow=30, palm=50, wrist=2, thumbward=-1)), floor=("left_toes", "right_toes")),
    KeyPose("squat: weight on the shoulders", Trunk(lean=34, flex=2, nod=-22), **both(Leg(flex=104, out=18, turn=18, knee=98)), **arms(Arm(lift=48, plane=-12, turn=-62, elbow=132, palm=20, curl=70))),
)  # fmt: skip

LUNGE = (
    KeyPose("lunge: forward", Trunk(lean=8, roll=2, flex=2), left_leg=Leg(flex=80, knee=85), right_leg=Leg(flex=-13, out=4, turn=1, knee=56, ankle=22, toes=60), **arms(Arm(lift=50, plane=-48, turn=40, elbow=96, palm=47, wrist=-38, thumbward=2)), floor=("left_foot", "right_toes")),
    KeyPose("lunge: deep, back leg straight", Trunk(lean=23, roll=4, flex=4), left_leg=Leg(flex=95, out=4, knee=87), right_leg=Leg(flex=-27, out=5, turn=3, knee=10, ankle=23, toes=48), **arms(Arm(lift=14, plane=40)), floor=("left_foot", "right_toes")),
    KeyPose("lunge: sideways", Trunk(lean=23, roll=2, flex=12, nod=-10), left_leg=Leg(flex=82, out=21, turn=17, knee=78), right_leg=Leg(flex=41, out=40, turn=18, knee=2, toes=-6), **arms(Arm(lift=62, plane=86, turn=28, elbow=62))),
    KeyPose("fencing lunge", Trunk(lean=7, roll=9, twist=-18, look=30), left_leg=Leg(flex=71, out=8, turn=2, knee=68, toes=-7), right_leg=Leg(out=31, turn=47, knee=0), left_arm=Arm(lift=92, plane=62, elbow=6, palm=-10, curl=70), right_arm=Arm(lift=66, plane=-10, turn=-60, elbow=82, curl=30), moving=True),
)  # fmt: skip

KNEEL = (
    KeyPose("kneeling upright", **both(Leg(out=4, knee=90, ankle=-50)), floor=("left_knee", "right_knee", "left_instep", "right_instep")),
    KeyPose("on one knee", Trunk(lean=-2, roll=-5, flex=4), left_leg=Leg(flex=90, out=3, turn=-8, knee=88), right_leg=Leg(flex=-5, out=5, turn=-1, knee=100, ankle=36, toes=65), left_arm=Arm(lift=16, plane=68, turn=24, elbow=59, palm=60), right_arm=Arm(), floor=("left_foot", "right_knee", "right_toes")),
    KeyPose("on one knee, tying a shoe", Trunk(lean=33, roll=-3, flex=46, nod=6), left_leg=Leg(flex=129, out=-7, turn=7, knee=97), right_leg=Leg(flex=29, out=3, knee=99, ankle=36, toes=65), left_arm=Arm(lift=70, plane=98, turn=5, elbow=32, palm=10, wrist=7, thumbward=3, curl=50), right_arm=Arm(lift=75, plane=104, turn=23, elbow=23, palm=11, thumbward=-2, curl=50), floor=("left_foot", "right_knee", "right_toes")),
    KeyPose("kneeling, sitting back on toes", Trunk(lean=11, flex=18, nod=10), **both(Leg(flex=64, out=6, turn=4, knee=155, ankle=36, toes=65)), **arms(Arm(lift=25, plane=75, turn=24, elbow=38, palm=40, wrist=1, thumbward=-1)), floor=("left_knee", "right_knee", "left_toes", "right_toes"), held=("seat",)),
)  # fmt: skip

BEND = (
    KeyPose("bending: touching the toes", Trunk(lean=85, flex=66, nod=20), **both(Leg(flex=85, out=6, turn=-3, knee=0)), **arms(Arm(lift=133, plane=81, turn=-1, elbow=9, palm=30, wrist=-4, thumbward=-1, curl=10))),
    KeyPose("bending: hands on knees", Trunk(lean=40, flex=26, nod=-24), **both(Leg(flex=76, out=11, turn=13, knee=31)), **arms(Arm(lift=49, plane=77, turn=23, elbow=19, palm=62, wrist=-13, thumbward=-1))),
    KeyPose("bending: half forward, arms hang", Trunk(lean=45, flex=28, nod=12), **both(Leg(flex=56, out=4, turn=6, knee=13)), **arms(Arm(lift=72, plane=88, elbow=8))),
    KeyPose("bending: sideways stretch", Trunk(side=34, tip=14), **both(Leg(out=10, turn=10)), left_arm=Arm(lift=18, plane=10, elbow=8), right_arm=Arm(lift=162, plane=10, turn=-10, elbow=18)),
    KeyPose("bending: leaning back", Trunk(lean=-25, flex=-34, nod=-22), **both(Leg(flex=-23, out=7, turn=8, knee=24)), **arms(Arm(lift=67, plane=-74, turn=39, elbow=88, palm=96, wrist=32, thumbward=35))),
)  # fmt: skip

LIFT = (
    KeyPose("lifting: gripping the box", Trunk(lean=51, flex=22, nod=-24), **both(Leg(flex=113, out=12, turn=8, knee=91)), **arms(Arm(lift=68, plane=84, turn=4, elbow=12, palm=-10, curl=50))),
    KeyPose("lifting: half way", Trunk(lean=35, flex=16, nod=-14), **both(Leg(flex=69, out=11, turn=8, knee=53)), **arms(Arm(lift=44, plane=80, turn=4, elbow=34, palm=-20, curl=50))),
    KeyPose("lifting: held at the belly", Trunk(lean=-4, flex=-2), **both(Leg(flex=8, out=9, turn=8, knee=14)), **arms(Arm(lift=20, plane=70, turn=4, elbow=86, palm=-40, curl=50))),
    KeyPose("lifting: to the shoulders", Trunk(lean=-5, flex=-6), **both(Leg(flex=10, out=10, turn=8, knee=18)), **arms(Arm(lift=46, plane=74, turn=-8, elbow=132, wrist=-30, curl=50))),
    KeyPose("lifting: overhead", Trunk(flex=-8), **both(Leg(flex=4, out=10, turn=8, knee=8)), **arms(Arm(lift=164, plane=45, turn=-30, elbow=16, palm=30, wrist=-35, curl=40))),
)  # fmt: skip

CRAWL = (
    KeyPose("crawling: on hands and knees", Trunk(lean=80, nod=-24), **both(Leg(flex=82, out=3, knee=92, ankle=-54, toes=-1)), **arms(Arm(lift=92, plane=81, elbow=9, palm=70, wrist=-78, curl=0)), floor=("left_hand", "right_hand", "left_knee", "right_knee", "left_instep", "right_instep")),
    KeyPose("crawling: left knee ahead", Trunk(lean=78, roll=1, side=-8, nod=-26), left_leg=Leg(flex=92, knee=102, ankle=-57, toes=-1), right_leg=Leg(flex=58, out=6, turn=1, knee=71, ankle=-49), left_arm=Arm(lift=74, plane=74, turn=-2, elbow=13, palm=67, wrist=-64, curl=0), right_arm=Arm(lift=97, plane=84, elbow=2, palm=70, wrist=-76, curl=0), floor=("left_hand", "right_hand", "left_knee", "right_knee", "left_instep", "right_instep")),
    KeyPose("crawling: one hand raised", Trunk(lean=78, nod=-34), **both(Leg(flex=81, out=5, turn=-1, knee=93, ankle=-54, toes=-1)), left_arm=Arm(lift=84, plane=87, elbow=7, palm=70, wrist=-76, curl=0), right_arm=Arm(lift=150, plane=84, elbow=10, palm=40), floor=("left_hand", "left_knee", "right_knee", "left_instep", "right_instep")),
    KeyPose("crawling: bear walk", Trunk(lean=106, flex=12, nod=-10), **both(Leg(flex=106, out=7, knee=58, ankle=16, toes=48)), **arms(Arm(lift=113, plane=86, elbow=9, palm=70, wrist=-68, curl=0)), floor=("left_hand", "right_hand", "left_toes", "right_toes")),
    KeyPose("crawling: low, on the forearms", Trunk(lean=86, roll=-2, flex=-10, side=10, nod=-34), left_leg=Leg(flex=66, out=64, turn=26, knee=98), right_leg=Leg(flex=14, out=7, turn=18, knee=21, ankle=-43, toes=-1), left_arm=Arm(lift=103, plane=67, turn=20, elbow=85, palm=70), right_arm=Arm(lift=102, plane=75, turn=22, elbow=78, palm=70), floor=("left_forearm", "right_forearm", "left_knee", "right_knee", "right_instep")),
)  # fmt: skip

LIE = (
    KeyPose("lying: on the back, arms at the sides", Trunk(lean=-93, nod=6), **both(Leg(flex=-2, out=6, turn=22, ankle=-24)), **arms(Arm(lift=18, plane=0, elbow=10, palm=40)), floor=("chest", "seat", "left_heel", "right_heel")),
    KeyPose("lying: on the back, knees bent", Trunk(lean=-93, nod=8), **both(Leg(flex=51, out=5, knee=102)), **arms(Arm(lift=30, plane=30, turn=55, elbow=82, palm=50)), floor=("chest", "seat", "left_foot", "right_foot")),
    KeyPose("lying: on the back, hands under the head", Trunk(lean=-93, nod=18), left_leg=Leg(flex=-1, out=5, turn=14, knee=7, ankle=-20), right_leg=Leg(flex=49, out=6, turn=4, knee=98), left_arm=Arm(lift=144, plane=7, turn=-98, elbow=131, palm=22, wrist=15, thumbward=-6), right_arm=Arm(lift=142, plane=3, turn=-96, elbow=118, palm=17, wrist=-2, thumbward=-3), floor=("chest", "seat", "left_heel", "right_foot")),
    KeyPose("lying: on the belly", Trunk(lean=86, nod=-14, look=62), **both(Leg(flex=-2, out=9, turn=9, knee=1, ankle=-46, toes=1)), **arms(Arm(lift=85, plane=24, turn=-64, elbow=86, palm=40, wrist=2)), floor=("seat", "chest", "left_instep", "right_instep", "left_forearm", "right_forearm")),
    KeyPose("lying: propped on the elbows", Trunk(lean=86, flex=-34, nod=-12), **both(Leg(flex=-5, out=6, turn=5, knee=-3, ankle=-45, toes=1)), **arms(Arm(lift=58, plane=73, turn=9, elbow=89, palm=40)), floor=("seat", "left_forearm", "right_forearm", "left_instep", "right_instep")),
    KeyPose("lying: on the side, curled up", Trunk(lean=9, roll=82, flex=32, nod=14), left_leg=Leg(flex=75, out=-9, turn=7, knee=85), right_leg=Leg(flex=77, out=-9, knee=91), left_arm=Arm(lift=67, plane=101, turn=9, elbow=89, palm=20), right_arm=Arm(lift=46, plane=92, turn=30, elbow=62), floor=("left_hip", "left_shoulder", "left_knee", "left_calf")),
    KeyPose("lying: on the side, head on the hand", Trunk(lean=5, roll=92, side=-22, tip=-26), left_leg=Leg(flex=4, out=1, turn=-6, knee=-4, ankle=4), right_leg=Leg(flex=32, out=-15, turn=6, knee=42), left_arm=Arm(lift=137, plane=42, turn=-22, elbow=126, palm=46, wrist=21, thumbward=-25, curl=30), right_arm=Arm(lift=44, plane=78, turn=20, elbow=62, palm=50), floor=("left_hip", "left_elbow", "left_knee")),
    KeyPose("plank", Trunk(lean=76, nod=-12), **both(Leg(flex=3, out=4, turn=1, knee=-1, ankle=9, toes=60)), **arms(Arm(lift=81, plane=85, elbow=4, palm=70, wrist=-74, curl=0)), floor=("left_hand", "right_hand", "left_toes", "right_toes")),
    KeyPose("push-up: bottom", Trunk(lean=88, nod=-16), **both(Leg(flex=-1, out=4, turn=1, knee=-4, ankle=25, toes=65)), **arms(Arm(lift=39, plane=-20, turn=-5, elbow=105, palm=80, wrist=-70, curl=0)), floor=("left_hand", "right_hand", "left_toes", "right_toes")),
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
