"""Standing still, and what arms do meanwhile."""

from dataclasses import replace

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, arms, both
from workbench.synth.keys.action import Action, Gesture

HANGING = Arm()
_STRAIGHT = Leg(flex=2, out=1, turn=8, knee=4)

GESTURES = (
    Gesture("arms hang", HANGING, HANGING, weight=5),
    Gesture(
        "hands on hips",
        Arm(lift=42, plane=-12, turn=48, elbow=102, palm=50, wrist=-40, thumbward=-20, curl=30),
        Arm(lift=42, plane=-12, turn=48, elbow=102, palm=50, wrist=-40, thumbward=-20, curl=30),
    ),
    Gesture(
        "arms crossed",
        Arm(lift=30, plane=75, turn=65, elbow=105, palm=40, curl=25),
        Arm(lift=38, plane=75, turn=70, elbow=110, palm=40, curl=25),
    ),
    Gesture(
        "hands behind head",
        Arm(lift=125, plane=25, turn=-70, elbow=138, palm=20, wrist=10, reach=-8),
        Arm(lift=125, plane=25, turn=-70, elbow=138, palm=20, wrist=10, reach=-8),
        Trunk(nod=-5),
        weight=0.5,
    ),
    Gesture(
        "phone at the ear",
        HANGING,
        Arm(lift=45, plane=60, turn=-25, elbow=142, palm=10, curl=55),
        Trunk(tip=-10, look=10),
    ),
    Gesture(
        "reading a phone",
        Arm(lift=22, plane=60, turn=30, elbow=100, palm=-50, curl=45),
        Arm(lift=22, plane=60, turn=30, elbow=100, palm=-50, curl=45),
        Trunk(nod=32),
    ),
    Gesture("waving", HANGING, Arm(lift=85, plane=15, turn=-75, elbow=95, palm=40), Trunk(look=-8)),
    Gesture("pointing ahead", HANGING, Arm(lift=85, plane=75, elbow=8, palm=30, curl=40)),
    Gesture("pointing sideways", HANGING, Arm(lift=88, plane=5, elbow=8, curl=40), Trunk(look=-55)),
    Gesture(
        "hands folded in front",
        Arm(lift=18, plane=55, turn=45, elbow=50, palm=10, curl=40),
        Arm(lift=18, plane=55, turn=45, elbow=50, palm=10, curl=40),
    ),
    Gesture(
        "hands behind the back",
        Arm(lift=28, plane=-80, turn=45, elbow=55, palm=20),
        Arm(lift=28, plane=-80, turn=45, elbow=55, palm=20),
    ),
    Gesture("cheering", Arm(lift=150, plane=20, turn=-20, elbow=20), Arm(lift=150, plane=20, turn=-20, elbow=20), Trunk(nod=-10)),
    Gesture(
        "hand on the chin",
        Arm(lift=28, plane=72, turn=65, elbow=100, palm=40),
        Arm(lift=35, plane=75, turn=20, elbow=140, palm=20, curl=60),
        Trunk(nod=8),
    ),
    Gesture(
        "explaining with both hands",
        Arm(lift=28, plane=40, turn=10, elbow=88, palm=-30),
        Arm(lift=34, plane=50, turn=0, elbow=98, palm=-20),
    ),
    Gesture("shading the eyes", HANGING, Arm(lift=80, plane=45, turn=5, elbow=128, palm=70, curl=5), Trunk(look=-10)),
    Gesture(
        "clapping",
        Arm(lift=42, plane=75, turn=25, elbow=85, palm=0, curl=5),
        Arm(lift=42, plane=75, turn=25, elbow=85, palm=0, curl=5),
    ),
    Gesture("one hand in the pocket", HANGING, Arm(lift=22, plane=-35, turn=10, elbow=35, palm=10, wrist=10)),
    Gesture("arms spread", Arm(lift=88, plane=12, elbow=10, palm=-20), Arm(lift=88, plane=12, elbow=10, palm=-20), weight=0.7),
    Gesture("taking a photo", Arm(lift=62, plane=75, turn=35, elbow=95, palm=-10, curl=55), Arm(lift=62, plane=75, turn=35, elbow=95, palm=-10, curl=55)),
    Gesture("taking a selfie", HANGING, Arm(lift=98, plane=68, turn=-20, elbow=18, palm=-20, curl=50), Trunk(nod=-5, look=-15)),
    Gesture("drinking", HANGING, Arm(lift=52, plane=70, turn=20, elbow=132, palm=10, curl=60), Trunk(nod=-12)),
    Gesture("shrugging", Arm(lift=22, plane=25, turn=-20, elbow=85, palm=-60, shrug=16), Arm(lift=22, plane=25, turn=-20, elbow=85, palm=-60, shrug=16), Trunk(tip=8), weight=0.6),
    Gesture("carrying a box", Arm(lift=22, plane=70, turn=8, elbow=82, palm=-60), Arm(lift=22, plane=70, turn=8, elbow=82, palm=-60)),
    Gesture("saluting", HANGING, Arm(lift=88, plane=25, turn=-20, elbow=132, palm=50, curl=0), weight=0.6, left_out=True),
    Gesture("praying", Arm(lift=32, plane=70, turn=45, elbow=112, palm=0, curl=0), Arm(lift=32, plane=70, turn=45, elbow=112, palm=0, curl=0), Trunk(nod=12), weight=0.6, left_out=True),
)  # fmt: skip
"""Every one stands on its own feet as a key pose, and goes with any action whose arms are free."""


def standing(gesture: Gesture) -> KeyPose:
    """A gesture while standing upright."""
    legs = both(_STRAIGHT)
    return KeyPose(gesture.name, gesture.head, left_arm=gesture.left_arm, right_arm=gesture.right_arm, **legs)


STANCES = (
    KeyPose("standing straight", **both(_STRAIGHT)),
    KeyPose("standing at ease", Trunk(flex=2), **both(Leg(flex=1, out=9, turn=14, knee=3))),
    KeyPose(
        "weight on one leg",
        Trunk(roll=4, side=-7, twist=4),
        left_leg=Leg(flex=2, out=-5, turn=8, knee=2),
        right_leg=Leg(flex=16, out=10, turn=16, knee=26),
    ),
    KeyPose(
        "one foot ahead",
        Trunk(twist=8),
        left_leg=Leg(flex=12, out=3, turn=12, knee=8),
        right_leg=Leg(flex=-8, out=3, turn=22, knee=4),
    ),
    KeyPose(
        "turning to look back",
        Trunk(twist=38, look=60),
        left_leg=Leg(out=5, turn=20),
        right_leg=Leg(out=5, turn=-6),
        **arms(replace(HANGING, lift=14, elbow=22)),
    ),
    KeyPose(
        "legs crossed",
        left_leg=Leg(flex=9, out=-9, turn=4, knee=12),
        right_leg=Leg(flex=-1, out=-4, turn=6, knee=0),
    ),
    KeyPose("knees unlocked, shoulders slumped", Trunk(lean=-3, flex=18, nod=16), **both(Leg(flex=12, out=4, turn=10, knee=24)), **arms(Arm(lift=5, plane=70, elbow=18, reach=10))),
)  # fmt: skip

ACTIONS = (
    Action("standing", STANCES, weight=3, free_arms=True),
    Action("gestures", tuple(standing(g) for g in GESTURES if not g.left_out), weight=3),
    Action("ceremony", tuple(standing(g) for g in GESTURES if g.left_out), left_out=True),
)
