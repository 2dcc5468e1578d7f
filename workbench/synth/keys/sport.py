"""Throwing, ball games, rackets and clubs, fighting, jumping."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, both
from workbench.synth.keys.action import Action

THROW = (
    KeyPose(
        "throwing: wind-up",
        Trunk(lean=-8, side=-8, twist=-34, look=34),
        legs=(Leg(flex=46, out=6, turn=8, knee=42, ankle=-10), Leg(flex=14, out=12, turn=22, knee=26)),
        arms=(
            Arm(lift=82, plane=66, elbow=14, palm=40),
            Arm(lift=92, plane=-18, turn=-62, elbow=92, palm=20, curl=60),
        ),
        floor=("right_foot",),
        moving=True,
    ),
    KeyPose(
        "throwing: arm cocked",
        Trunk(lean=7, roll=2, twist=-24, look=24),
        legs=(Leg(flex=46, out=6, turn=4, knee=25), Leg(flex=-7, out=12, turn=20, knee=18)),
        arms=(
            Arm(lift=66, plane=60, turn=20, elbow=42, palm=40),
            Arm(lift=96, plane=-8, turn=-88, elbow=88, palm=20, curl=60),
        ),
        moving=True,
    ),
    KeyPose(
        "throwing: release",
        Trunk(lean=15, roll=-1, flex=10, twist=18, nod=-10),
        legs=(
            Leg(flex=60, out=4, turn=1, knee=42),
            Leg(flex=-13, out=5, turn=12, knee=21, ankle=15, toes=46),
        ),
        arms=(
            Arm(lift=34, plane=30, turn=30, elbow=82),
            Arm(lift=128, plane=52, turn=-20, elbow=26, palm=50, curl=15),
        ),
        floor=("left_foot", "right_toes"),
        moving=True,
    ),
    KeyPose(
        "throwing: follow-through",
        Trunk(lean=34, flex=24, twist=34, nod=-22),
        legs=(Leg(flex=74, out=4, knee=46), Leg(flex=-4, out=8, turn=8, knee=46, ankle=-20)),
        arms=(
            Arm(lift=32, plane=-42, elbow=42),
            Arm(lift=62, plane=112, turn=32, elbow=18, palm=60, curl=15),
        ),
        floor=("left_foot",),
        moving=True,
    ),
)

BALL = (
    KeyPose(
        "football: kick, leg back",
        Trunk(lean=6, flex=4, twist=18),
        legs=(Leg(flex=14, out=0, turn=6, knee=20), Leg(flex=-24, out=12, turn=10, knee=82, ankle=-34)),
        arms=(Arm(lift=72, plane=36, elbow=18), Arm(lift=42, plane=-42, elbow=18)),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "football: kick, ball struck",
        Trunk(lean=-10, flex=14, twist=-12),
        legs=(Leg(flex=10, turn=8, knee=22), Leg(flex=62, knee=14, ankle=-34)),
        arms=(Arm(lift=62, plane=62, elbow=22), Arm(lift=52, plane=-36, elbow=16)),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "basketball: ready to shoot",
        Trunk(lean=14, flex=6, nod=-18),
        legs=both(Leg(flex=44, out=7, knee=52)),
        arms=(
            Arm(lift=82, plane=82, turn=8, elbow=92, palm=-10),
            Arm(lift=86, plane=74, turn=-6, elbow=98, palm=10, wrist=-50, curl=15),
        ),
    ),
    KeyPose(
        "basketball: shot",
        Trunk(flex=-6, nod=-22),
        legs=both(Leg(flex=2, out=3, knee=6, ankle=-28, toes=26)),
        arms=(
            Arm(lift=128, plane=76, elbow=44, palm=-10),
            Arm(lift=152, plane=72, elbow=12, palm=50, wrist=42, curl=30),
        ),
        floor=("left_toes", "right_toes"),
        moving=True,
    ),
    KeyPose(
        "basketball: dribbling",
        Trunk(lean=22, flex=14, nod=-26),
        legs=(Leg(flex=62, out=9, turn=7, knee=56, toes=-8), Leg(flex=41, out=10, turn=14, knee=55)),
        arms=(
            Arm(lift=34, plane=60, turn=32, elbow=72, palm=40),
            Arm(lift=22, plane=50, elbow=62, palm=70, wrist=10, curl=10),
        ),
    ),
    KeyPose(
        "volleyball: receiving",
        Trunk(lean=28, flex=12, nod=-32),
        legs=both(Leg(flex=70, out=16, turn=10, knee=68)),
        arms=(
            Arm(lift=70, plane=107, turn=-12, elbow=4, palm=-50, curl=60),
            Arm(lift=79, plane=107, turn=-12, elbow=-3, palm=-50, curl=60),
        ),
    ),
    KeyPose(
        "goalkeeper: ready",
        Trunk(lean=26, flex=10, nod=-28),
        legs=both(Leg(flex=62, out=20, turn=12, knee=58)),
        arms=both(Arm(lift=44, plane=34, turn=-10, elbow=72, palm=30, curl=0)),
    ),
)

RACKET = (
    KeyPose(
        "tennis: forehand, back swing",
        Trunk(lean=12, roll=-2, twist=-36, look=34),
        legs=(Leg(flex=36, out=11, turn=3, knee=37), Leg(flex=36, out=14, turn=24, knee=46)),
        arms=(
            Arm(lift=72, plane=92, turn=10, elbow=24),
            Arm(lift=66, plane=-36, turn=-10, elbow=42, palm=20, curl=90),
        ),
        moving=True,
    ),
    KeyPose(
        "tennis: forehand, across",
        Trunk(lean=7, twist=28, look=-16),
        legs=(Leg(flex=42, out=7, turn=7, knee=35), Leg(flex=-2, out=9, turn=7, knee=35, ankle=14, toes=42)),
        arms=(
            Arm(lift=42, plane=50, turn=30, elbow=92),
            Arm(lift=84, plane=118, turn=18, elbow=66, palm=40, curl=90),
        ),
        floor=("left_foot", "right_toes"),
        moving=True,
    ),
    KeyPose(
        "tennis: serve",
        Trunk(lean=-5, roll=-1, flex=-16, side=10, nod=-24, look=10),
        legs=(Leg(flex=23, out=4, turn=6, knee=26), Leg(flex=-3, out=6, turn=16, knee=29)),
        arms=(
            Arm(lift=158, plane=60, elbow=6, palm=-30),
            Arm(lift=94, plane=-6, turn=-84, elbow=112, palm=10, curl=90),
        ),
        moving=True,
    ),
    KeyPose(
        "golf: address",
        Trunk(lean=36, flex=16, nod=16),
        legs=both(Leg(flex=50, out=9, turn=10, knee=22)),
        arms=(
            Arm(lift=58, plane=108, turn=6, elbow=6, palm=10, curl=90),
            Arm(lift=50, plane=106, turn=6, elbow=10, palm=10, curl=90),
        ),
    ),
    KeyPose(
        "golf: top of the swing",
        Trunk(lean=22, roll=2, flex=8, twist=-46, nod=14, look=42),
        legs=(Leg(flex=36, out=7, turn=4, knee=30), Leg(flex=34, out=10, turn=11, knee=23)),
        arms=(
            Arm(lift=116, plane=122, elbow=12, curl=90),
            Arm(lift=72, plane=22, turn=-52, elbow=104, palm=10, curl=90),
        ),
        moving=True,
    ),
)

FIGHT = (
    KeyPose(
        "boxing: guard",
        Trunk(lean=4, roll=-1, flex=14, twist=-18, nod=10, look=16),
        legs=(Leg(flex=29, out=7, turn=4, knee=26), Leg(flex=-1, out=10, turn=26, knee=21)),
        arms=(
            Arm(lift=38, plane=72, turn=-4, elbow=128, palm=30, curl=95),
            Arm(lift=34, plane=62, turn=2, elbow=136, palm=30, curl=95),
        ),
    ),
    KeyPose(
        "boxing: jab",
        Trunk(lean=6, roll=-1, flex=10, twist=-26, nod=6, look=22),
        legs=(Leg(flex=35, out=7, turn=4, knee=28), Leg(flex=-4, out=10, turn=26, knee=19)),
        arms=(
            Arm(lift=90, plane=58, elbow=6, palm=70, curl=95),
            Arm(lift=34, plane=62, turn=2, elbow=136, palm=30, curl=95),
        ),
        moving=True,
    ),
    KeyPose(
        "karate: front kick",
        Trunk(lean=-12, flex=12),
        legs=(Leg(flex=4, turn=10, knee=14), Leg(flex=96, out=4, knee=12, ankle=10, toes=30)),
        arms=(Arm(lift=34, plane=62, turn=12, elbow=104, curl=95), Arm(lift=26, turn=10, elbow=72, curl=95)),
        floor=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "karate: low stance, punch",
        Trunk(lean=5, roll=7, twist=-10, look=8),
        legs=(Leg(flex=53, out=12, turn=9, knee=58), Leg(flex=-6, out=22, turn=28)),
        arms=(
            Arm(lift=14, plane=-60, elbow=98, palm=-60, curl=95),
            Arm(lift=86, plane=96, elbow=6, palm=70, curl=95),
        ),
        moving=True,
    ),
    KeyPose(
        "side kick",
        Trunk(roll=-34, side=20, tip=10, look=40),
        legs=(Leg(flex=62, out=66, turn=-20, knee=6, ankle=10), Leg(flex=2, out=34, turn=30, knee=12)),
        arms=(Arm(lift=36, plane=30, elbow=92, curl=95), Arm(lift=40, plane=60, elbow=108, curl=95)),
        floor=("right_foot",),
        moving=True,
    ),
)

JUMP = (
    KeyPose(
        "jumping: crouched before take-off",
        Trunk(lean=36, flex=18, nod=-20),
        legs=both(Leg(flex=84, out=5, knee=84)),
        arms=both(Arm(lift=56, plane=-82, elbow=12)),
        moving=True,
    ),
    KeyPose(
        "jumping: in the air, stretched",
        Trunk(flex=-8, nod=-10),
        legs=both(Leg(flex=2, out=4, knee=10, ankle=-38)),
        arms=both(Arm(lift=152, plane=55, elbow=14)),
        floor=(),
        moving=True,
    ),
    KeyPose(
        "jumping: knees tucked",
        Trunk(lean=10, flex=18),
        legs=both(Leg(flex=96, out=7, knee=104, ankle=-24)),
        arms=both(Arm(lift=78, plane=52, elbow=24)),
        floor=(),
        moving=True,
    ),
    KeyPose(
        "jumping: star",
        legs=both(Leg(flex=4, out=34, turn=16, knee=4, ankle=-30)),
        arms=both(Arm(lift=138, plane=8, elbow=8, palm=-20)),
        floor=(),
        moving=True,
    ),
    KeyPose(
        "jumping: over a hurdle",
        Trunk(lean=24, flex=24, nod=-24),
        legs=(Leg(flex=88, knee=16, ankle=6), Leg(flex=38, out=54, turn=20, knee=98)),
        arms=(Arm(lift=34, plane=-60, elbow=72), Arm(lift=82, plane=84, elbow=22)),
        floor=(),
        moving=True,
    ),
)

ACTIONS = (
    Action("throwing", THROW, weight=1.2, path=True),
    Action("ball games", BALL, weight=1.5),
    Action("racket and club", RACKET, weight=1.2, left_out=True),
    Action("fighting", FIGHT, weight=1.2),
    Action("jumping", JUMP, weight=1.2),
)
