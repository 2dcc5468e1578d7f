"""Walking, running and stairs: half a cycle each, heel strike of the left foot first; the rest is its mirror.

Arms swing against the legs. Angles follow the textbook curves of level gait (Perry and Burnfield, 2010),
rounded and adjusted until the feet meet the floor.
"""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk
from workbench.synth.keys.action import Action

WALK = (
    KeyPose(
        "walking: heel strike",
        Trunk(lean=3, roll=2, twist=-6),
        legs=(Leg(flex=24, turn=4, knee=5, ankle=2), Leg(flex=-16, out=3, turn=7, knee=11, toes=34)),
        arms=(Arm(lift=20, plane=-58, elbow=10), Arm(lift=22, plane=80, elbow=26)),
        floor=("left_heel", "right_toes"),
        moving=True,
    ),
    KeyPose(
        "walking: loading",
        Trunk(lean=3, twist=-5),
        legs=(Leg(flex=21, turn=4, knee=16), Leg(flex=-10, turn=6, knee=38, ankle=-16, toes=34)),
        arms=(Arm(lift=15, plane=-58, elbow=10), Arm(lift=17, plane=80, elbow=24)),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "walking: legs pass",
        Trunk(lean=3),
        legs=(Leg(flex=4, out=-1, turn=4, knee=7), Leg(flex=24, turn=4, knee=58, ankle=-2)),
        arms=(Arm(plane=-30, elbow=14), Arm(plane=40, elbow=18)),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "walking: heel off",
        Trunk(lean=3, twist=5),
        legs=(Leg(flex=-10, out=0, turn=5, knee=5, ankle=10, toes=8), Leg(flex=30, turn=3, knee=28, ankle=2)),
        arms=(Arm(lift=14, plane=80, elbow=20), Arm(lift=12, plane=-58, elbow=12)),
        floor=("left_toes",),
        moving=True,
    ),
)

STRIDE = (
    KeyPose(
        "striding: heel strike",
        Trunk(lean=4, roll=1, twist=-8),
        legs=(Leg(flex=31, turn=4, knee=5, ankle=2), Leg(flex=-21, out=3, turn=7, knee=14, toes=43)),
        arms=(Arm(lift=26, plane=-58, elbow=10), Arm(lift=29, plane=80, elbow=34)),
        floor=("left_heel", "right_toes"),
        moving=True,
    ),
    KeyPose(
        "striding: loading",
        Trunk(lean=3, twist=-6),
        legs=(Leg(flex=27, turn=4, knee=21), Leg(flex=-13, turn=6, knee=49, ankle=-16, toes=34)),
        arms=(Arm(lift=20, plane=-58, elbow=10), Arm(lift=22, plane=80, elbow=31)),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "striding: legs pass",
        Trunk(lean=3),
        legs=(Leg(flex=5, out=-1, turn=4, knee=7), Leg(flex=31, turn=4, knee=75, ankle=-2)),
        arms=(Arm(plane=-30, elbow=14), Arm(plane=40, elbow=18)),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "striding: heel off",
        Trunk(lean=3, twist=6),
        legs=(
            Leg(flex=-13, out=0, turn=5, knee=5, ankle=10, toes=8),
            Leg(flex=39, turn=3, knee=36, ankle=2),
        ),
        arms=(Arm(lift=18, plane=80, elbow=20), Arm(lift=16, plane=-58, elbow=12)),
        floor=("left_toes",),
        moving=True,
    ),
)

JOG = (
    KeyPose(
        "jogging: landing",
        Trunk(lean=8, twist=-8),
        legs=(Leg(flex=29, out=0, knee=22, ankle=4), Leg(flex=4, out=1, knee=78, ankle=-14)),
        arms=(
            Arm(lift=33, plane=-62, turn=-2, elbow=88, curl=50),
            Arm(lift=27, plane=80, turn=22, elbow=88, curl=50),
        ),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "jogging: mid-stance",
        Trunk(lean=9),
        legs=(Leg(flex=20, out=-1, knee=42), Leg(flex=22, out=1, knee=90, ankle=-8)),
        arms=(
            Arm(lift=16, plane=-62, turn=-2, elbow=88, curl=50),
            Arm(lift=14, plane=40, turn=22, elbow=88, curl=50),
        ),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "jogging: take-off",
        Trunk(lean=10, twist=9),
        legs=(Leg(flex=-14, out=0, knee=12, ankle=-14, toes=36), Leg(flex=46, out=1, knee=92, ankle=2)),
        arms=(
            Arm(lift=30, plane=80, turn=22, elbow=88, curl=50),
            Arm(lift=38, plane=-62, turn=-2, elbow=88, curl=50),
        ),
        floor=("left_toes",),
        moving=True,
    ),
    KeyPose(
        "jogging: flight",
        Trunk(lean=9, twist=10),
        legs=(Leg(flex=-13, out=0, knee=46, ankle=-28), Leg(flex=43, out=1, knee=58, ankle=4)),
        arms=(
            Arm(lift=32, plane=80, turn=22, elbow=88, curl=50),
            Arm(lift=41, plane=-62, turn=-2, elbow=88, curl=50),
        ),
        floor=(),
        moving=True,
    ),
)

SPRINT = (
    KeyPose(
        "sprinting: landing",
        Trunk(lean=8, twist=-8),
        legs=(Leg(flex=43, out=0, knee=22, ankle=4), Leg(flex=4, out=1, knee=118, ankle=-14)),
        arms=(
            Arm(lift=47, plane=-62, turn=-2, elbow=88, curl=50),
            Arm(lift=37, plane=80, turn=22, elbow=88, curl=50),
        ),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "sprinting: mid-stance",
        Trunk(lean=9),
        legs=(Leg(flex=20, out=-1, knee=42), Leg(flex=34, out=1, knee=134, ankle=-8)),
        arms=(
            Arm(lift=16, plane=-62, turn=-2, elbow=88, curl=50),
            Arm(lift=14, plane=40, turn=22, elbow=88, curl=50),
        ),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "sprinting: take-off",
        Trunk(lean=7, twist=9),
        legs=(Leg(flex=-18, out=0, knee=8, ankle=-8, toes=46), Leg(flex=70, out=1, knee=92, ankle=2)),
        arms=(
            Arm(lift=42, plane=80, turn=22, elbow=88, curl=50),
            Arm(lift=54, plane=-62, turn=-2, elbow=88, curl=50),
        ),
        floor=("left_toes",),
        moving=True,
    ),
    KeyPose(
        "sprinting: flight",
        Trunk(lean=9, twist=10),
        legs=(Leg(flex=-19, out=0, knee=46, ankle=-28), Leg(flex=65, out=1, knee=58, ankle=4)),
        arms=(
            Arm(lift=44, plane=80, turn=22, elbow=88, curl=50),
            Arm(lift=59, plane=-62, turn=-2, elbow=88, curl=50),
        ),
        floor=(),
        moving=True,
    ),
)

UPSTAIRS = (
    KeyPose(
        "upstairs: foot on the next step",
        Trunk(lean=12, flex=6, nod=10),
        legs=(Leg(flex=66, out=3, turn=5, knee=74, ankle=8), Leg(flex=4, turn=5, knee=10)),
        arms=(Arm(lift=12, plane=-58, elbow=18), Arm(lift=16, plane=80, elbow=30)),
        floor=("right_foot",),
        held=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "upstairs: pushing up",
        Trunk(lean=10, flex=8, nod=8),
        legs=(
            Leg(flex=44, turn=5, knee=52, ankle=10),
            Leg(flex=1, out=3, turn=6, knee=8, ankle=-14, toes=36),
        ),
        arms=(Arm(plane=-30, elbow=18), Arm(lift=10, plane=80, elbow=26)),
        floor=("right_toes",),
        held=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "upstairs: the other foot passes",
        Trunk(lean=7, flex=4, nod=8),
        legs=(Leg(flex=10, out=0, turn=5, knee=14), Leg(flex=48, turn=5, knee=82, ankle=4)),
        arms=(Arm(plane=40, elbow=18), Arm(plane=-30, elbow=22)),
        floor=("left_foot",),
        moving=True,
    ),
)

SNEAK = (
    KeyPose(
        "sneaking: reaching step",
        Trunk(lean=18, roll=1, flex=24, nod=-18),
        legs=(Leg(flex=60, out=3, turn=6, knee=50), Leg(flex=2, out=5, turn=11, knee=39, ankle=10, toes=40)),
        arms=(
            Arm(lift=32, plane=50, turn=20, elbow=88, palm=50, wrist=-20),
            Arm(lift=40, plane=62, turn=20, elbow=82, palm=50, wrist=-19, thumbward=-4),
        ),
        floor=("left_foot", "right_toes"),
        moving=True,
    ),
    KeyPose(
        "sneaking: knee raised",
        Trunk(lean=14, flex=24, nod=-18),
        legs=(Leg(flex=32, out=1, turn=6, knee=42), Leg(flex=88, out=3, turn=6, knee=96, ankle=-10)),
        arms=(
            Arm(lift=40, plane=62, turn=20, elbow=80, palm=50, wrist=-20),
            Arm(lift=34, plane=50, turn=20, elbow=88, palm=50, wrist=-20),
        ),
        floor=("left_foot",),
        moving=True,
    ),
)

ACTIONS = (
    Action("walking", WALK, weight=5, path=True, cycle=True, free_arms=True),
    Action("striding", STRIDE, weight=2, path=True, cycle=True),
    Action("jogging", JOG, weight=2, path=True, cycle=True),
    Action("sprinting", SPRINT, weight=2, path=True, cycle=True),
    Action("climbing stairs", UPSTAIRS, weight=2, path=True, cycle=True, free_arms=True),
    Action("sneaking", SNEAK, weight=1, path=True, cycle=True, left_out=True),
)
