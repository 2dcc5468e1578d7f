"""Standing still, and what arms do meanwhile."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, both
from workbench.synth.keys.action import Action, Gesture

HANGING = Arm()
_STRAIGHT = Leg(flex=2, out=1, turn=8, knee=4)

GESTURES = (
    Gesture("arms hang", HANGING, HANGING, weight=5),
    Gesture(
        "hands on hips",
        Arm(lift=50, plane=-41, turn=49, elbow=95, palm=-7, wrist=-31, thumbward=25, curl=30),
        Arm(lift=50, plane=-41, turn=49, elbow=95, palm=-7, wrist=-31, thumbward=25, curl=30),
    ),
    Gesture(
        "arms crossed",
        Arm(lift=40, plane=94, turn=91, elbow=75, palm=-21, thumbward=38, curl=25),
        Arm(lift=27, plane=125, turn=55, elbow=93, palm=1, wrist=22, thumbward=-9, curl=25),
    ),
    Gesture(
        "hands behind head",
        Arm(lift=146, plane=77, turn=3, elbow=142, palm=29, wrist=50, thumbward=-26, reach=-8),
        Arm(lift=144, plane=76, turn=-1, elbow=129, palm=30, wrist=45, thumbward=-13, reach=-8),
        Trunk(nod=-5),
        weight=0.5,
    ),
    Gesture(
        "phone at the ear",
        HANGING,
        Arm(lift=69, plane=106, turn=27, elbow=139, palm=18, wrist=-9, thumbward=-7, curl=55),
        Trunk(tip=-10, look=10),
    ),
    Gesture(
        "reading a phone",
        Arm(lift=25, plane=87, turn=34, elbow=72, palm=-50, wrist=10, thumbward=36, curl=45),
        Arm(lift=25, plane=87, turn=34, elbow=72, palm=-50, wrist=10, thumbward=36, curl=45),
        Trunk(nod=32),
    ),
    Gesture(
        "waving",
        HANGING,
        Arm(lift=89, plane=30, turn=-66, elbow=107, palm=39, wrist=19, thumbward=-21),
        Trunk(look=-8),
    ),
    Gesture("pointing ahead", HANGING, Arm(lift=85, plane=75, elbow=8, palm=30, curl=40)),
    Gesture("pointing sideways", HANGING, Arm(lift=88, plane=5, elbow=8, curl=40), Trunk(look=-55)),
    Gesture(
        "hands folded in front",
        Arm(lift=10, plane=58, turn=52, elbow=51, palm=5, wrist=21, thumbward=-13, curl=40),
        Arm(lift=15, plane=71, turn=54, elbow=51, palm=1, wrist=22, thumbward=-15, curl=40),
    ),
    Gesture(
        "hands behind the back",
        Arm(lift=40, plane=-72, turn=62, elbow=66, palm=48, wrist=-1, thumbward=38),
        Arm(lift=23, plane=-71, turn=79, elbow=42, palm=30, wrist=-12, thumbward=36),
    ),
    Gesture("cheering", Arm(lift=150, turn=-20, elbow=20), Arm(lift=150, turn=-20, elbow=20), Trunk(nod=-10)),
    Gesture(
        "hand on the chin",
        Arm(lift=24, plane=80, turn=72, elbow=82, palm=20, wrist=-10, thumbward=10),
        Arm(lift=41, plane=97, turn=32, elbow=128, palm=-19, wrist=18, thumbward=-14, curl=60),
        Trunk(nod=8),
    ),
    Gesture(
        "explaining with both hands",
        Arm(lift=28, plane=40, turn=10, elbow=88, palm=-30),
        Arm(lift=34, plane=50, elbow=98, palm=-20),
    ),
    Gesture(
        "shading the eyes",
        HANGING,
        Arm(lift=106, plane=56, turn=-17, elbow=117, palm=-10, wrist=56, thumbward=-24, curl=5),
        Trunk(look=-10),
    ),
    Gesture(
        "clapping",
        Arm(lift=36, plane=108, turn=28, elbow=69, palm=5, wrist=-30, thumbward=18, curl=5),
        Arm(lift=36, plane=108, turn=28, elbow=69, palm=5, wrist=-30, thumbward=18, curl=5),
    ),
    Gesture(
        "one hand in the pocket",
        HANGING,
        Arm(lift=20, plane=-63, turn=12, elbow=47, palm=-8, wrist=-10, thumbward=-21),
    ),
    Gesture(
        "arms spread",
        Arm(lift=88, plane=12, elbow=10, palm=-20),
        Arm(lift=88, plane=12, elbow=10, palm=-20),
        weight=0.7,
    ),
    Gesture(
        "taking a photo",
        Arm(lift=66, plane=88, turn=28, elbow=84, palm=45, wrist=-18, thumbward=-4, curl=55),
        Arm(lift=66, plane=88, turn=28, elbow=84, palm=45, wrist=-18, thumbward=-4, curl=55),
    ),
    Gesture(
        "taking a selfie",
        HANGING,
        Arm(lift=98, plane=68, turn=-20, elbow=18, palm=-20, curl=50),
        Trunk(nod=-5, look=-15),
    ),
    Gesture(
        "drinking",
        HANGING,
        Arm(lift=64, plane=80, turn=25, elbow=119, palm=-44, wrist=6, thumbward=-23, curl=60),
        Trunk(nod=-12),
    ),
    Gesture(
        "shrugging",
        Arm(lift=22, plane=25, turn=-20, elbow=85, palm=-60, shrug=16),
        Arm(lift=22, plane=25, turn=-20, elbow=85, palm=-60, shrug=16),
        Trunk(tip=8),
        weight=0.6,
    ),
    Gesture(
        "carrying a box",
        Arm(lift=15, plane=69, turn=11, elbow=55, palm=-71, wrist=11, thumbward=1),
        Arm(lift=15, plane=69, turn=11, elbow=55, palm=-71, wrist=11, thumbward=1),
    ),
    Gesture(
        "saluting",
        HANGING,
        Arm(lift=96, plane=37, turn=-35, elbow=124, palm=-27, wrist=27, thumbward=-5, curl=0),
        weight=0.6,
        left_out=True,
    ),
    Gesture(
        "praying",
        Arm(lift=20, plane=91, turn=39, elbow=87, palm=4, wrist=-41, thumbward=33, curl=0),
        Arm(lift=20, plane=91, turn=39, elbow=87, palm=4, wrist=-41, thumbward=33, curl=0),
        Trunk(nod=12),
        weight=0.6,
        left_out=True,
    ),
)
"""Every one stands on its own feet as a key pose, and goes with any action whose arms are free."""


def standing(gesture: Gesture) -> KeyPose:
    """A gesture while standing upright."""
    return KeyPose(
        gesture.name, gesture.head, legs=both(_STRAIGHT), arms=(gesture.left_arm, gesture.right_arm)
    )


STANCES = (
    KeyPose("standing straight", legs=both(Leg(flex=2, out=1, turn=8, knee=4))),
    KeyPose("standing at ease", Trunk(flex=2), legs=both(Leg(flex=1, out=9, turn=14))),
    KeyPose(
        "weight on one leg",
        Trunk(lean=3, side=-7, twist=4),
        legs=(Leg(flex=-2, out=-10, turn=9, knee=8), Leg(flex=15, out=7, turn=17, knee=21)),
        arms=(Arm(), Arm(lift=15, plane=10)),
    ),
    KeyPose(
        "one foot ahead",
        Trunk(twist=8),
        legs=(Leg(flex=12, out=3, turn=12, knee=8), Leg(flex=-8, out=3, turn=22, knee=4)),
    ),
    KeyPose(
        "turning to look back",
        Trunk(twist=38, look=60),
        legs=(Leg(out=5, turn=20), Leg(out=5, turn=-6)),
        arms=both(Arm(lift=14, elbow=22)),
    ),
    KeyPose(
        "legs crossed",
        Trunk(lean=1),
        legs=(Leg(flex=10, out=-6, turn=8, knee=11), Leg(flex=-3, out=-8, turn=8)),
    ),
    KeyPose(
        "knees unlocked, shoulders slumped",
        Trunk(lean=-3, flex=18, nod=16),
        legs=both(Leg(flex=12, out=5, turn=11, knee=24)),
        arms=both(Arm(lift=12, plane=20, elbow=14, reach=10)),
    ),
)

ACTIONS = (
    Action("standing", STANCES, weight=3, free_arms=True),
    Action("gestures", tuple(standing(g) for g in GESTURES if not g.left_out), weight=3),
    Action("ceremony", tuple(standing(g) for g in GESTURES if g.left_out), left_out=True),
)
