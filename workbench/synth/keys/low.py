"""Low on one's feet and knees: squatting, lunging, kneeling, bending, lifting."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, both
from workbench.synth.keys.action import Action

SQUAT = (
    KeyPose(
        "squat: half",
        Trunk(lean=30, flex=8, nod=-14),
        legs=both(Leg(flex=92, out=14, turn=12, knee=84)),
        arms=both(Arm(lift=82, plane=84, elbow=8, palm=20)),
    ),
    KeyPose(
        "squat: deep, heels down",
        Trunk(lean=21, flex=34, nod=-12),
        legs=both(Leg(flex=122, out=24, turn=11, knee=126)),
        arms=both(Arm(lift=61, plane=92, turn=24, elbow=42, palm=20)),
    ),
    KeyPose(
        "squat: on tiptoe",
        Trunk(lean=7, flex=14),
        legs=both(Leg(flex=95, out=17, turn=10, knee=136, ankle=27, toes=38)),
        arms=both(Arm(lift=41, plane=86, turn=7, elbow=31, palm=50, wrist=2, thumbward=-2)),
        floor=("left_toes", "right_toes"),
    ),
    KeyPose(
        "squat: weight on the shoulders",
        Trunk(lean=34, flex=2, nod=-22),
        legs=both(Leg(flex=104, out=18, turn=18, knee=98)),
        arms=both(Arm(lift=48, plane=-12, turn=-62, elbow=132, palm=20, curl=70)),
    ),
)

LUNGE = (
    KeyPose(
        "lunge: forward",
        Trunk(lean=8, roll=2, flex=2),
        legs=(Leg(flex=80, knee=85), Leg(flex=-13, out=4, turn=1, knee=56, ankle=22, toes=60)),
        arms=both(Arm(lift=50, plane=-48, turn=40, elbow=96, palm=47, wrist=-38, thumbward=2)),
        floor=("left_foot", "right_toes"),
    ),
    KeyPose(
        "lunge: deep, back leg straight",
        Trunk(lean=23, roll=4, flex=4),
        legs=(Leg(flex=95, out=4, knee=87), Leg(flex=-27, out=5, turn=3, knee=10, ankle=23, toes=48)),
        arms=both(Arm(lift=14, plane=40)),
        floor=("left_foot", "right_toes"),
    ),
    KeyPose(
        "lunge: sideways",
        Trunk(lean=23, roll=2, flex=12, nod=-10),
        legs=(Leg(flex=82, out=21, turn=17, knee=78), Leg(flex=41, out=40, turn=18, knee=2, toes=-6)),
        arms=both(Arm(lift=62, plane=86, turn=28, elbow=62)),
    ),
    KeyPose(
        "fencing lunge",
        Trunk(lean=7, roll=9, twist=-18, look=30),
        legs=(Leg(flex=71, out=8, turn=2, knee=68, toes=-7), Leg(out=31, turn=47, knee=0)),
        arms=(
            Arm(lift=92, plane=62, elbow=6, palm=-10, curl=70),
            Arm(lift=66, plane=-10, turn=-60, elbow=82, curl=30),
        ),
        moving=True,
    ),
)

KNEEL = (
    KeyPose(
        "kneeling upright",
        legs=both(Leg(out=4, knee=90, ankle=-50)),
        floor=("left_knee", "right_knee", "left_instep", "right_instep"),
    ),
    KeyPose(
        "on one knee",
        Trunk(lean=-7, roll=-6, flex=4),
        legs=(
            Leg(flex=87, out=3, turn=-11, knee=84),
            Leg(flex=-6, out=6, turn=-1, knee=100, ankle=34, toes=65),
        ),
        arms=(Arm(lift=14, plane=64, turn=25, elbow=66, palm=60), Arm()),
        floor=("left_foot", "right_knee", "right_toes"),
    ),
    KeyPose(
        "on one knee, reaching down",
        Trunk(lean=22, roll=-12, flex=46, nod=6),
        legs=(Leg(flex=113, turn=6, knee=104), Leg(flex=19, out=5, turn=2, knee=103, ankle=37, toes=71)),
        arms=(
            Arm(lift=68, plane=79, turn=-1, elbow=32, palm=10, wrist=10, thumbward=3, curl=50),
            Arm(lift=78, plane=105, turn=22, elbow=23, palm=11, thumbward=2, curl=50),
        ),
        floor=("left_foot", "right_knee", "right_toes"),
    ),
    KeyPose(
        "kneeling, sitting back on toes",
        Trunk(lean=7, flex=18, nod=10),
        legs=both(Leg(flex=56, out=5, turn=5, knee=152, ankle=34, toes=65)),
        arms=both(Arm(lift=27, plane=78, turn=22, elbow=42, palm=55, wrist=-14)),
        floor=("left_knee", "right_knee", "left_toes", "right_toes"),
        held=("seat",),
    ),
)

BEND = (
    KeyPose(
        "bending: touching the toes",
        Trunk(lean=85, flex=66, nod=20),
        legs=both(Leg(flex=85, out=6, turn=-3, knee=0)),
        arms=both(Arm(lift=133, plane=81, turn=-1, elbow=9, palm=30, wrist=-4, thumbward=-1, curl=10)),
    ),
    KeyPose(
        "bending: hands on knees",
        Trunk(lean=40, flex=26, nod=-24),
        legs=both(Leg(flex=71, out=10, turn=16, knee=29)),
        arms=both(Arm(lift=50, plane=76, turn=24, elbow=18, palm=63, wrist=-4)),
    ),
    KeyPose(
        "bending: half forward, arms hang",
        Trunk(lean=45, flex=28, nod=12),
        legs=both(Leg(flex=56, out=4, turn=6, knee=13)),
        arms=both(Arm(lift=72, plane=88, elbow=8)),
    ),
    KeyPose(
        "bending: sideways stretch",
        Trunk(side=34, tip=14),
        legs=both(Leg(flex=-1, turn=5)),
        arms=(
            Arm(lift=19, plane=12, turn=-6, elbow=17, palm=2, wrist=-6, thumbward=-7),
            Arm(lift=162, plane=10, turn=-10, elbow=22),
        ),
    ),
    KeyPose(
        "bending: leaning back",
        Trunk(lean=-25, flex=-37, nod=-22),
        legs=both(Leg(flex=-23, out=7, turn=8, knee=24)),
        arms=both(Arm(lift=66, plane=-74, turn=39, elbow=90, palm=96, wrist=32, thumbward=35)),
    ),
)

LIFT = (
    KeyPose(
        "lifting: gripping the box",
        Trunk(lean=51, flex=22, nod=-24),
        legs=both(Leg(flex=113, out=12, turn=8, knee=91)),
        arms=both(Arm(lift=68, plane=84, turn=4, elbow=12, palm=-10, curl=50)),
    ),
    KeyPose(
        "lifting: half way",
        Trunk(lean=35, flex=16, nod=-14),
        legs=both(Leg(flex=69, out=11, turn=8, knee=53)),
        arms=both(Arm(lift=44, plane=80, turn=4, elbow=34, palm=-20, curl=50)),
    ),
    KeyPose(
        "lifting: held at the belly",
        Trunk(lean=-4, flex=-2),
        legs=both(Leg(flex=8, out=9, turn=8, knee=14)),
        arms=both(Arm(lift=20, plane=70, turn=4, elbow=86, palm=-40, curl=50)),
    ),
    KeyPose(
        "lifting: to the shoulders",
        Trunk(lean=-5, flex=-6),
        legs=both(Leg(flex=10, out=10, turn=8, knee=18)),
        arms=both(Arm(lift=46, plane=74, turn=-8, elbow=132, wrist=-30, curl=50)),
    ),
    KeyPose(
        "lifting: overhead",
        Trunk(flex=-8),
        legs=both(Leg(flex=4, out=10, turn=8, knee=8)),
        arms=both(Arm(lift=164, plane=45, turn=-30, elbow=16, palm=30, wrist=-35, curl=40)),
    ),
)

ACTIONS = (
    Action("squatting", SQUAT, weight=2),
    Action("lunging", LUNGE, weight=1.5),
    Action("kneeling", KNEEL, weight=1.5),
    Action("bending", BEND, weight=1.5),
    Action("lifting", LIFT, weight=2, path=True),
)
