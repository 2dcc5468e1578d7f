"""Dance, yoga and gymnastics."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, both
from workbench.synth.keys.action import Action

BALLET = (
    KeyPose(
        "ballet: arabesque",
        Trunk(lean=33, roll=3, flex=-34, nod=-8),
        legs=(Leg(flex=37, out=-8, turn=21, knee=0), Leg(flex=-24, out=7, turn=24, knee=4, ankle=-44)),
        arms=(
            Arm(lift=98, plane=74, elbow=8, palm=40, curl=8),
            Arm(lift=82, plane=-14, elbow=8, palm=20, curl=8),
        ),
        floor=("left_foot",),
    ),
    KeyPose(
        "ballet: passe",
        legs=(
            Leg(out=0, turn=28, knee=0, ankle=-40, toes=40),
            Leg(flex=52, out=56, turn=50, knee=116, ankle=-40),
        ),
        arms=both(Arm(lift=146, plane=42, turn=-24, elbow=42, palm=-10, curl=12)),
        floor=("left_toes",),
        moving=True,
    ),
    KeyPose(
        "ballet: second position",
        legs=both(Leg(flex=2, out=22, turn=48, knee=2)),
        arms=both(Arm(lift=76, plane=24, turn=10, elbow=22, palm=-20, curl=12)),
    ),
    KeyPose(
        "ballet: grand plie",
        legs=both(Leg(flex=46, out=58, turn=48, knee=96)),
        arms=both(Arm(lift=66, plane=26, turn=10, elbow=24, palm=-20, curl=12)),
    ),
    KeyPose(
        "ballet: leap",
        Trunk(lean=2, flex=-12),
        legs=(
            Leg(flex=76, out=4, turn=14, knee=6, ankle=-38),
            Leg(flex=-28, out=6, turn=20, knee=6, ankle=-44),
        ),
        arms=(Arm(lift=104, plane=66, elbow=10, curl=8), Arm(lift=92, plane=6, elbow=10, curl=8)),
        floor=(),
        moving=True,
    ),
)

DANCE = (
    KeyPose(
        "disco: pointing up",
        Trunk(roll=-2, side=-10, twist=8, tip=6),
        legs=(Leg(flex=4, out=13, turn=14, knee=10), Leg(flex=16, out=13, turn=16, knee=27)),
        arms=(
            Arm(lift=40, plane=-30, turn=59, elbow=86, palm=61, wrist=-43, thumbward=-15),
            Arm(lift=146, plane=18, turn=-10, elbow=6, curl=50),
        ),
    ),
    KeyPose(
        "twist: knees low",
        Trunk(lean=12, flex=10, twist=26),
        legs=both(Leg(flex=46, out=3, turn=6, knee=62, ankle=10, toes=26)),
        arms=(
            Arm(lift=34, plane=-20, turn=30, elbow=84, curl=60),
            Arm(lift=42, plane=74, turn=40, elbow=84, curl=60),
        ),
        floor=("left_toes", "right_toes"),
    ),
    KeyPose(
        "salsa: step",
        Trunk(lean=4, roll=2, side=8, twist=-12, tip=-6),
        legs=(Leg(flex=23, out=0, turn=10, knee=19), Leg(flex=-9, out=4, turn=18, knee=12, ankle=4, toes=22)),
        arms=(
            Arm(lift=42, plane=56, turn=14, elbow=92, palm=20),
            Arm(lift=48, plane=10, turn=10, elbow=84, palm=30),
        ),
        floor=("left_foot", "right_toes"),
    ),
    KeyPose(
        "hip hop: wide and low",
        Trunk(lean=27, roll=2, flex=22, side=10, nod=-16),
        legs=(Leg(flex=65, out=15, turn=18, knee=61), Leg(flex=39, out=30, turn=15, knee=35, toes=-7)),
        arms=(
            Arm(lift=44, plane=34, turn=46, elbow=61, palm=19, wrist=-36, thumbward=-18),
            Arm(lift=92, turn=-66, elbow=92, curl=60),
        ),
    ),
    KeyPose(
        "waltz: frame",
        Trunk(lean=1, roll=2, flex=-8, look=14),
        legs=(Leg(flex=13, turn=6, knee=13), Leg(flex=-9, out=5, turn=8, knee=6, ankle=2, toes=16)),
        arms=(
            Arm(lift=84, plane=36, turn=10, elbow=72, palm=30),
            Arm(lift=86, plane=18, turn=-14, elbow=56, palm=20),
        ),
        floor=("left_foot", "right_toes"),
    ),
    KeyPose(
        "folk: heel out, hands on hips",
        Trunk(lean=2, roll=4, flex=2, side=-4),
        legs=(Leg(flex=25, out=7, turn=16, knee=7, ankle=16), Leg(flex=6, out=0, turn=11, knee=20)),
        arms=both(Arm(lift=50, plane=-34, turn=54, elbow=95, palm=56, wrist=-45, thumbward=-18)),
        floor=("right_foot", "left_heel"),
        moving=True,
    ),
)

YOGA = (
    KeyPose(
        "yoga: warrior two",
        Trunk(lean=-2, roll=4, look=62),
        legs=(Leg(flex=43, out=48, turn=33, knee=79, toes=-9), Leg(flex=10, out=37, turn=25, knee=4)),
        arms=both(Arm(lift=90, plane=6, elbow=1, palm=10, curl=2)),
    ),
    KeyPose(
        "yoga: tree",
        Trunk(roll=3),
        legs=(Leg(out=-9, turn=6, knee=0), Leg(flex=48, out=52, turn=52, knee=128, ankle=-20)),
        arms=both(Arm(lift=162, plane=34, turn=-20, elbow=24, palm=10, curl=0)),
        floor=("left_foot",),
    ),
    KeyPose(
        "yoga: downward dog",
        Trunk(lean=128, flex=6, nod=10),
        legs=both(Leg(flex=99, out=4, knee=4)),
        arms=both(Arm(lift=171, plane=70, elbow=6, palm=60, wrist=-50, curl=0)),
        floor=("left_hand", "right_hand", "left_foot", "right_foot"),
    ),
    KeyPose(
        "yoga: cobra",
        Trunk(lean=68, flex=-52, nod=-26),
        legs=both(Leg(flex=-8, out=-1, turn=-37, knee=16, ankle=-63, toes=-1)),
        arms=both(Arm(lift=18, plane=65, turn=1, elbow=16, palm=80, wrist=-70, curl=0)),
        floor=("left_hand", "right_hand", "left_knee", "right_knee", "left_instep", "right_instep"),
    ),
    KeyPose(
        "yoga: child's pose",
        Trunk(lean=60, flex=52, nod=14),
        legs=both(Leg(flex=117, out=10, knee=147, ankle=-55)),
        arms=both(Arm(lift=172, plane=75, turn=-1, elbow=20, palm=50, wrist=-4, thumbward=1)),
        floor=("left_knee", "right_knee", "left_instep", "right_instep", "left_fingers", "right_fingers"),
    ),
    KeyPose(
        "yoga: triangle",
        Trunk(lean=-2, roll=29, side=24, look=20),
        legs=(Leg(flex=15, out=66, turn=40, knee=-5, toes=-3), Leg(out=-3, turn=2, knee=1)),
        arms=(Arm(lift=84, plane=6, elbow=2, curl=2), Arm(lift=94, plane=6, elbow=2, curl=2)),
    ),
    KeyPose(
        "yoga: bridge",
        Trunk(lean=-107, flex=-18, nod=52),
        legs=both(Leg(flex=10, out=6, knee=93)),
        arms=both(Arm(lift=16, plane=-30, elbow=4, palm=60)),
        floor=("left_foot", "right_foot", "shoulders"),
    ),
    KeyPose(
        "yoga: boat",
        Trunk(lean=-42, flex=16),
        legs=both(Leg(flex=92, knee=8, ankle=-30)),
        arms=both(Arm(lift=66, plane=86, elbow=6, palm=10, curl=4)),
        floor=("seat",),
    ),
    KeyPose(
        "yoga: warrior three",
        Trunk(lean=79, roll=1, flex=-4, nod=-26),
        legs=(Leg(flex=85, out=-10, turn=2, knee=2), Leg(flex=-4, out=1, knee=2)),
        arms=both(Arm(lift=166, plane=60, elbow=4, curl=0)),
        floor=("left_foot",),
    ),
)

GYM = (
    KeyPose(
        "handstand",
        Trunk(lean=177, flex=-4, nod=-30),
        legs=both(Leg(flex=-2, knee=2, ankle=-36)),
        arms=both(Arm(lift=176, plane=51, elbow=6, palm=60, wrist=-76, curl=0)),
        floor=("left_hand", "right_hand"),
        moving=True,
    ),
    KeyPose(
        "cartwheel",
        Trunk(lean=1, roll=150),
        legs=both(Leg(flex=4, out=52, turn=20, knee=2, ankle=-34)),
        arms=(
            Arm(lift=156, plane=8, elbow=3, palm=11, curl=0),
            Arm(lift=148, plane=10, elbow=4, palm=10, curl=0),
        ),
        floor=("left_hand",),
        moving=True,
    ),
    KeyPose(
        "side splits",
        Trunk(lean=-6, flex=6),
        legs=both(Leg(flex=70, out=68, turn=19, knee=-5, ankle=-34)),
        arms=both(Arm(lift=88, plane=8, elbow=6, curl=8)),
        floor=("seat", "left_heel", "right_heel"),
    ),
    KeyPose(
        "standing scale, leg to the side",
        Trunk(roll=-10, side=8),
        legs=(Leg(flex=20, out=66, turn=30, knee=4, ankle=-34), Leg(out=-4, turn=12, knee=0)),
        arms=both(Arm(lift=92, plane=10, elbow=6, curl=8)),
        floor=("right_foot",),
        moving=True,
    ),
    KeyPose(
        "bridge on hands and feet",
        Trunk(lean=-81, flex=-64, nod=-40),
        legs=both(Leg(flex=-25, out=7, turn=3, knee=74, toes=-5)),
        arms=both(Arm(lift=176, plane=92, turn=-7, elbow=41, palm=52, wrist=-74, curl=0)),
        floor=("left_hand", "right_hand", "left_foot", "right_foot"),
    ),
)

ACTIONS = (
    Action("ballet", BALLET, weight=1, left_out=True),
    Action("dancing", DANCE, weight=2),
    Action("yoga", YOGA, weight=1.5),
    Action("gymnastics", GYM, weight=0.8, left_out=True),
)
