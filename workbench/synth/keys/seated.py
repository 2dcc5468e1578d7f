"""Sitting: on chairs, on stairs, on the floor."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, both
from workbench.synth.keys.action import Action

CHAIR = (
    KeyPose(
        "chair: upright, hands on thighs",
        Trunk(lean=-4, flex=6),
        legs=both(Leg(flex=74, turn=8, knee=88)),
        arms=both(Arm(lift=2, plane=66, turn=11, elbow=64, palm=63, wrist=-21, thumbward=-7, curl=15)),
        held=("seat",),
    ),
    KeyPose(
        "chair: leaning back",
        Trunk(lean=-24, flex=18, nod=14),
        legs=both(Leg(flex=72, out=10, turn=10, knee=66)),
        arms=both(Arm(lift=22, plane=48, turn=26, elbow=74, palm=50)),
        held=("seat",),
    ),
    KeyPose(
        "chair: elbows on knees",
        Trunk(lean=22, flex=32, nod=-10),
        legs=both(Leg(flex=101, out=15, turn=6, knee=92)),
        arms=both(Arm(lift=55, plane=82, turn=22, elbow=70, palm=30, curl=35)),
        held=("seat",),
    ),
    KeyPose(
        "chair: leg over the knee",
        Trunk(lean=-6, roll=1, flex=10),
        legs=(Leg(flex=74, out=-1, turn=7, knee=86), Leg(flex=80, out=-14, turn=-6, knee=78, ankle=-22)),
        arms=(
            Arm(lift=3, plane=70, turn=13, elbow=68, palm=65, wrist=-20, thumbward=-9, curl=15),
            Arm(lift=10, plane=69, turn=39, elbow=69, palm=56, wrist=-16, thumbward=-1),
        ),
        floor=("left_foot",),
        held=("seat",),
    ),
    KeyPose(
        "chair: one leg folded across",
        Trunk(lean=-10, roll=2, flex=11),
        legs=(Leg(flex=76, out=4, knee=84, ankle=4), Leg(flex=87, out=31, turn=49, knee=96, ankle=1, toes=1)),
        arms=(
            Arm(lift=26, plane=62, turn=10, elbow=50, palm=60, thumbward=-4, curl=15),
            Arm(lift=36, plane=49, turn=10, elbow=45, palm=60, wrist=4, thumbward=-5),
        ),
        floor=("left_foot",),
        held=("seat",),
    ),
    KeyPose(
        "chair: typing",
        Trunk(lean=2, flex=12, nod=14),
        legs=both(Leg(flex=88, out=8, knee=92)),
        arms=both(Arm(lift=22, plane=70, turn=18, elbow=82, palm=78, curl=30)),
        held=("seat",),
    ),
    KeyPose(
        "chair: arm over the backrest",
        Trunk(lean=-14, flex=10, twist=-18, look=10),
        legs=both(Leg(flex=61, out=-6, turn=4, knee=80)),
        arms=(
            Arm(lift=4, plane=39, turn=4, elbow=53, palm=65, wrist=-20, thumbward=-8, curl=15),
            Arm(lift=62, plane=-25, turn=20, elbow=48, palm=30),
        ),
        held=("seat",),
    ),
    KeyPose(
        "chair: legs stretched out",
        Trunk(lean=-28, flex=26, nod=10),
        legs=both(Leg(flex=58, out=6, turn=10, knee=22)),
        arms=(
            Arm(lift=22, plane=42, turn=57, elbow=93, palm=29, wrist=-15, thumbward=11, curl=30),
            Arm(lift=23, plane=52, turn=56, elbow=86, palm=31, wrist=3, thumbward=-1, curl=30),
        ),
        floor=("left_heel", "right_heel"),
        held=("seat",),
    ),
    KeyPose(
        "driving",
        Trunk(lean=-14, flex=14, nod=4),
        legs=both(Leg(flex=80, out=8, turn=4, knee=60)),
        arms=both(Arm(lift=58, plane=80, turn=5, elbow=38, palm=55, curl=70)),
        floor=("left_heel", "right_heel"),
        held=("seat",),
    ),
)

STAIRS = (
    KeyPose(
        "low step: hands between knees",
        Trunk(lean=8, flex=34, nod=-6),
        legs=both(Leg(flex=100, out=11, turn=3, knee=98)),
        arms=both(Arm(lift=59, plane=89, turn=27, elbow=52, palm=30, wrist=2, thumbward=1, curl=35)),
        held=("seat",),
    ),
    KeyPose(
        "low step: leaning on both hands",
        Trunk(lean=-26, flex=6, nod=14),
        legs=both(Leg(flex=84, out=9, turn=6, knee=82)),
        arms=both(Arm(lift=34, plane=-70, turn=-20, elbow=10, palm=40, wrist=-60, curl=0)),
        held=("seat", "left_hand", "right_hand"),
    ),
    KeyPose(
        "low step: chin in hand",
        Trunk(lean=13, roll=1, flex=40, nod=-6),
        legs=(Leg(flex=96, out=10, knee=99), Leg(flex=95, out=10, knee=61, toes=-1)),
        arms=(
            Arm(lift=62, plane=92, turn=37, elbow=123, palm=22, wrist=5, thumbward=-6, curl=60),
            Arm(lift=60, plane=92, turn=30, elbow=68, palm=50),
        ),
        held=("seat",),
    ),
)

FLOOR = (
    KeyPose(
        "floor: cross-legged",
        Trunk(lean=-26, flex=19),
        legs=(
            Leg(flex=108, out=38, turn=37, knee=118, ankle=-15, toes=2),
            Leg(flex=106, out=40, turn=37, knee=113, ankle=-14, toes=-2),
        ),
        arms=both(Arm(lift=39, plane=58, turn=11, elbow=46, palm=61, wrist=-1, thumbward=-3)),
        floor=("seat", "left_calf", "right_calf"),
    ),
    KeyPose(
        "floor: legs stretched, hands behind",
        Trunk(lean=-23, flex=4),
        legs=both(Leg(flex=67, out=5, turn=10, knee=5, ankle=-15)),
        arms=both(Arm(lift=42, plane=-72, turn=-20, elbow=8, palm=40, wrist=-62, curl=0)),
        floor=("seat", "left_heel", "right_heel"),
        held=("left_hand", "right_hand"),
    ),
    KeyPose(
        "floor: hugging the knees",
        Trunk(lean=-27, roll=-4, flex=43, nod=8),
        legs=both(Leg(flex=108, out=-9, turn=-1, knee=88, toes=4)),
        arms=(
            Arm(lift=75, plane=92, turn=54, elbow=30, palm=32, wrist=34, thumbward=21, curl=40),
            Arm(lift=76, plane=95, turn=43, elbow=28, palm=25, wrist=13, thumbward=-1, curl=40),
        ),
        floor=("seat", "left_foot", "right_foot"),
    ),
    KeyPose(
        "floor: legs to one side",
        Trunk(lean=-1, roll=1, flex=10, side=-8),
        legs=(
            Leg(flex=122, turn=58, knee=111, ankle=-24, toes=-10),
            Leg(flex=71, out=38, turn=-58, knee=132, ankle=-48, toes=-2),
        ),
        arms=(
            Arm(lift=26, plane=8, turn=-10, elbow=5, wrist=-60),
            Arm(lift=26, plane=77, turn=30, elbow=45, wrist=-1, thumbward=1),
        ),
        floor=("seat", "left_calf", "right_knee"),
        held=("left_hand",),
    ),
    KeyPose(
        "floor: one knee up",
        Trunk(lean=-34, roll=-1, flex=16),
        legs=(Leg(flex=107, out=6, turn=1, knee=99), Leg(flex=86, out=43, turn=47, knee=105, ankle=5)),
        arms=(
            Arm(lift=60, plane=89, turn=10, elbow=19, palm=40),
            Arm(lift=34, plane=-62, turn=-20, elbow=10, palm=40, wrist=-60, curl=0),
        ),
        floor=("seat", "left_foot", "right_calf"),
        held=("right_hand",),
    ),
    KeyPose(
        "floor: straddle",
        Trunk(lean=-2, flex=22),
        legs=both(Leg(flex=81, out=43, turn=7, knee=-3, ankle=-9)),
        arms=both(Arm(lift=58, plane=84, elbow=20, palm=60)),
        floor=("seat", "left_heel", "right_heel"),
    ),
    KeyPose(
        "sitting on the heels",
        Trunk(lean=5, flex=8),
        legs=both(Leg(flex=63, out=0, turn=6, knee=148, ankle=-53, toes=-2)),
        arms=both(Arm(lift=5, plane=79, turn=16, elbow=55, palm=55, wrist=-19, thumbward=-7)),
        floor=("left_knee", "right_knee", "left_instep", "right_instep"),
        held=("seat",),
    ),
)

ACTIONS = (
    Action("sitting on a chair", CHAIR, weight=4, free_arms=True),
    Action("sitting on stairs", STAIRS, weight=1.5),
    Action("sitting on the floor", FLOOR, weight=2),
)
