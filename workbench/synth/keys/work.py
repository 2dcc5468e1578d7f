"""Reaching, pushing, pulling, climbing."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, both
from workbench.synth.keys.action import Action

REACH = (
    KeyPose(
        "reaching: up with one hand, on tiptoe",
        Trunk(lean=2, side=6, nod=-26),
        legs=both(Leg(flex=-1, turn=6, knee=2, ankle=-27, toes=36)),
        arms=(Arm(lift=14, elbow=14), Arm(lift=168, plane=50, elbow=6, palm=20, shrug=8)),
        floor=("left_toes", "right_toes"),
    ),
    KeyPose(
        "reaching: up with both hands",
        Trunk(flex=-8, nod=-22),
        legs=both(Leg(out=3, turn=6)),
        arms=both(Arm(lift=160, plane=60, elbow=12, palm=20)),
    ),
    KeyPose(
        "reaching: forward over a table",
        Trunk(lean=30, flex=20, twist=18, nod=-16),
        legs=(Leg(flex=32, out=3, turn=8, knee=8), Leg(flex=28, out=3, turn=8, knee=6)),
        arms=(
            Arm(lift=52, plane=70, turn=10, elbow=38, palm=70, wrist=-40),
            Arm(lift=98, plane=84, elbow=8, palm=50),
        ),
        held=("left_hand",),
    ),
    KeyPose(
        "reaching: down to one side",
        Trunk(lean=23, roll=-2, flex=26, side=-24, nod=10),
        legs=(Leg(flex=46, out=9, turn=-1, knee=48), Leg(flex=57, out=9, turn=1, knee=52)),
        arms=(Arm(lift=26, plane=10, elbow=20), Arm(lift=39, plane=59, elbow=6)),
    ),
    KeyPose(
        "opening a door",
        Trunk(lean=3, roll=-1, twist=10),
        legs=(Leg(flex=12, out=4, knee=10), Leg(flex=-5, out=4, knee=5)),
        arms=(Arm(lift=12, elbow=20), Arm(lift=48, plane=74, elbow=38, palm=30, curl=60)),
    ),
    KeyPose(
        "pushing a wall",
        Trunk(lean=24, flex=2, nod=-12),
        legs=(Leg(flex=52, out=3, knee=40), Leg(flex=-2, out=3, knee=6, ankle=18, toes=20)),
        arms=both(Arm(lift=92, plane=80, elbow=26, palm=60, wrist=-70, curl=0)),
        floor=("left_foot", "right_toes"),
        held=("left_hand", "right_hand"),
    ),
    KeyPose(
        "pulling a rope",
        Trunk(lean=-9, roll=1, flex=6, twist=14),
        legs=(Leg(flex=43, out=7, turn=6, knee=32), Leg(flex=34, out=8, turn=25, knee=68, toes=-9)),
        arms=(
            Arm(lift=72, plane=82, elbow=14, palm=10, curl=90),
            Arm(lift=44, plane=60, turn=40, elbow=92, palm=30, curl=90),
        ),
        held=("left_hand",),
    ),
)

CLIMB = (
    KeyPose(
        "ladder: left foot and right hand up",
        Trunk(lean=4, nod=-18),
        legs=(Leg(flex=84, out=10, turn=8, knee=92), Leg(flex=6, out=4, turn=6, knee=10)),
        arms=(
            Arm(lift=92, plane=72, turn=5, elbow=58, palm=50, curl=90),
            Arm(lift=140, plane=78, elbow=24, palm=60, curl=90),
        ),
        floor=("right_foot",),
        held=("left_foot", "left_hand", "right_hand"),
    ),
    KeyPose(
        "ladder: both hands low",
        Trunk(lean=8, nod=-10),
        legs=(Leg(flex=44, out=6, turn=6, knee=56), Leg(flex=16, out=5, turn=6, knee=18)),
        arms=(
            Arm(lift=96, plane=74, elbow=48, palm=50, curl=90),
            Arm(lift=80, plane=72, turn=5, elbow=62, palm=50, curl=90),
        ),
        floor=("right_foot",),
        held=("left_foot", "left_hand", "right_hand"),
    ),
    KeyPose(
        "rock wall: spread out",
        Trunk(lean=-5, roll=-1, flex=3, twist=6, nod=-22, look=12),
        legs=(Leg(flex=76, out=46, turn=40, knee=86), Leg(flex=8, out=21, turn=35, knee=16, ankle=-19)),
        arms=(
            Arm(lift=156, plane=44, turn=-10, elbow=29, palm=40, thumbward=2, curl=80),
            Arm(lift=104, plane=17, turn=-50, elbow=58, palm=38, thumbward=-4, curl=80),
        ),
        floor=("right_toes",),
        held=("left_foot", "left_hand", "right_hand"),
    ),
    KeyPose(
        "hanging from a bar",
        Trunk(lean=-3, nod=-6),
        legs=both(Leg(flex=4, out=3, knee=12, ankle=-30)),
        arms=both(Arm(lift=172, plane=40, turn=-10, elbow=6, palm=60, curl=95, shrug=10)),
        floor=(),
        held=("left_hand", "right_hand"),
    ),
    KeyPose(
        "pull-up: chin at the bar",
        Trunk(lean=-2, flex=-8, nod=-12),
        legs=both(Leg(flex=14, out=3, knee=48, ankle=-30)),
        arms=both(Arm(lift=52, plane=12, turn=-68, elbow=138, palm=60, curl=95)),
        floor=(),
        held=("left_hand", "right_hand"),
    ),
)

ACTIONS = (
    Action("reaching", REACH, weight=2),
    Action("climbing", CLIMB, weight=1.2),
)
