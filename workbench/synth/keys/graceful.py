"""Dance, yoga and gymnastics."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, arms, both
from workbench.synth.keys.action import Action

_HANDS = ("left_hand", "right_hand")
_ROUND = Arm(lift=146, plane=42, turn=-24, elbow=42, palm=-10, curl=12)

BALLET = (
    KeyPose("ballet: arabesque", Trunk(lean=36, flex=-34, nod=-8), Leg(flex=34, out=0, turn=20, knee=0), Leg(flex=-24, out=8, turn=24, knee=4, ankle=-44), Arm(lift=98, plane=74, elbow=8, palm=40, curl=8), Arm(lift=82, plane=-14, elbow=8, palm=20, curl=8), floor=("left_foot",)),
    KeyPose("ballet: passe", Trunk(), Leg(out=0, turn=28, knee=0, ankle=-40, toes=40), Leg(flex=52, out=56, turn=50, knee=116, ankle=-40), _ROUND, _ROUND, floor=("left_toes",), moving=True),
    KeyPose("ballet: second position", Trunk(), **both(Leg(flex=2, out=22, turn=48, knee=2)), **arms(Arm(lift=76, plane=24, turn=10, elbow=22, palm=-20, curl=12))),
    KeyPose("ballet: grand plie", Trunk(), **both(Leg(flex=46, out=58, turn=48, knee=96)), **arms(Arm(lift=66, plane=26, turn=10, elbow=24, palm=-20, curl=12))),
    KeyPose("ballet: leap", Trunk(lean=2, flex=-12), Leg(flex=76, out=4, turn=14, knee=6, ankle=-38), Leg(flex=-28, out=6, turn=20, knee=6, ankle=-44), Arm(lift=104, plane=66, elbow=10, curl=8), Arm(lift=92, plane=6, elbow=10, curl=8), floor=(), moving=True),
)  # fmt: skip

DANCE = (
    KeyPose("disco: pointing up", Trunk(side=-10, twist=8, tip=6), Leg(flex=4, out=12, turn=14, knee=10), Leg(flex=16, out=14, turn=16, knee=28), Arm(lift=42, plane=-12, turn=48, elbow=102, palm=50, wrist=-40, thumbward=-20), Arm(lift=146, plane=18, turn=-10, elbow=6, curl=50)),
    KeyPose("twist: knees low", Trunk(lean=12, flex=10, twist=26), **both(Leg(flex=46, out=3, turn=6, knee=62, ankle=10, toes=26)), left_arm=Arm(lift=34, plane=-20, turn=30, elbow=84, curl=60), right_arm=Arm(lift=42, plane=74, turn=40, elbow=84, curl=60), floor=("left_toes", "right_toes")),
    KeyPose("salsa: step", Trunk(lean=2, side=8, twist=-12, tip=-6), Leg(flex=24, out=0, turn=10, knee=20), Leg(flex=-8, out=2, turn=18, knee=12, toes=20), Arm(lift=42, plane=56, turn=14, elbow=92, palm=20), Arm(lift=48, plane=10, turn=10, elbow=84, palm=30), floor=("left_foot", "right_toes")),
    KeyPose("hip hop: wide and low", Trunk(lean=26, flex=22, side=10, nod=-16), Leg(flex=66, out=24, turn=16, knee=62), Leg(flex=40, out=28, turn=16, knee=34), Arm(lift=62, plane=20, turn=60, elbow=72, palm=30), Arm(lift=92, plane=20, turn=-66, elbow=92, curl=60)),
    KeyPose("waltz: frame", Trunk(flex=-8, look=14), Leg(flex=14, out=2, turn=6, knee=14), Leg(flex=-8, out=3, turn=8, knee=6, toes=16), Arm(lift=84, plane=36, turn=10, elbow=72, palm=30), Arm(lift=86, plane=18, turn=-14, elbow=56, palm=20), floor=("left_foot", "right_toes")),
    KeyPose("folk: heel out, hands on hips", Trunk(lean=-4, flex=2, side=-4), Leg(flex=34, out=8, turn=16, knee=4, ankle=16), Leg(flex=8, out=2, turn=12, knee=16), Arm(lift=42, plane=-12, turn=48, elbow=102, palm=50, wrist=-40, thumbward=-20), Arm(lift=42, plane=-12, turn=48, elbow=102, palm=50, wrist=-40, thumbward=-20), floor=("right_foot", "left_heel"), moving=True),
)  # fmt: skip

YOGA = (
    KeyPose("yoga: warrior two", Trunk(look=62), Leg(flex=52, out=50, turn=38, knee=84), Leg(flex=-2, out=40, turn=8, knee=2), **arms(Arm(lift=90, plane=2, elbow=2, palm=10, curl=2))),
    KeyPose("yoga: tree", Trunk(), Leg(out=-3, turn=6, knee=0), Leg(flex=48, out=52, turn=52, knee=128, ankle=-20), **arms(Arm(lift=162, plane=34, turn=-20, elbow=24, palm=10, curl=0)), floor=("left_foot",)),
    KeyPose("yoga: downward dog", Trunk(lean=136, flex=6, nod=10), **both(Leg(flex=96, out=5, knee=6)), **arms(Arm(lift=166, plane=70, elbow=4, palm=60, wrist=-50, curl=0)), floor=(*_HANDS, "left_foot", "right_foot")),
    KeyPose("yoga: cobra", Trunk(lean=64, flex=-52, nod=-26), **both(Leg(flex=-14, out=4, turn=4, knee=2, ankle=-50)), **arms(Arm(lift=34, plane=64, elbow=22, palm=80, wrist=-70, curl=0)), floor=(*_HANDS, "left_knee", "right_knee", "left_instep", "right_instep")),
    KeyPose("yoga: child's pose", Trunk(lean=64, flex=52, nod=14), **both(Leg(flex=122, out=10, knee=146, ankle=-54)), **arms(Arm(lift=158, plane=70, elbow=12, palm=50)), floor=("left_knee", "right_knee", "left_instep", "right_instep", "left_fingers", "right_fingers")),
    KeyPose("yoga: triangle", Trunk(lean=0, roll=44, side=24, look=20), Leg(flex=10, out=66, turn=40, knee=2), Leg(flex=0, out=6, turn=4, knee=2), Arm(lift=84, plane=6, elbow=2, curl=2), Arm(lift=94, plane=6, elbow=2, curl=2)),
    KeyPose("yoga: bridge", Trunk(lean=-116, flex=-22, nod=56), **both(Leg(flex=10, out=6, knee=112)), **arms(Arm(lift=26, plane=-30, elbow=4, palm=60)), floor=("left_foot", "right_foot", "left_shoulder", "right_shoulder")),
    KeyPose("yoga: boat", Trunk(lean=-42, flex=16), **both(Leg(flex=92, out=2, knee=8, ankle=-30)), **arms(Arm(lift=66, plane=86, elbow=6, palm=10, curl=4)), floor=("seat",)),
    KeyPose("yoga: warrior three", Trunk(lean=82, flex=-4, nod=-26), Leg(flex=82, out=-2, turn=4, knee=4), Leg(flex=-4, out=2, knee=2, ankle=0), **arms(Arm(lift=166, plane=60, elbow=4, curl=0)), floor=("left_foot",)),
)  # fmt: skip

GYM = (
    KeyPose("handstand", Trunk(lean=178, flex=-4, nod=-30), **both(Leg(flex=-2, out=2, knee=2, ankle=-36)), **arms(Arm(lift=172, plane=50, elbow=2, palm=60, wrist=-76, curl=0)), floor=_HANDS, moving=True),
    KeyPose("cartwheel", Trunk(lean=0, roll=150), Leg(flex=4, out=52, turn=20, knee=2, ankle=-34), Leg(flex=4, out=52, turn=20, knee=2, ankle=-34), Arm(lift=152, plane=10, elbow=4, palm=10, curl=0), Arm(lift=148, plane=10, elbow=4, palm=10, curl=0), floor=("left_hand",), moving=True),
    KeyPose("side splits", Trunk(lean=0, flex=6), **both(Leg(flex=62, out=62, turn=20, knee=2, ankle=-36)), **arms(Arm(lift=88, plane=8, elbow=6, curl=8)), floor=("seat", "left_heel", "right_heel")),
    KeyPose("standing scale, leg to the side", Trunk(roll=-10, side=8), Leg(flex=20, out=66, turn=30, knee=4, ankle=-34), Leg(out=-4, turn=12, knee=0), **arms(Arm(lift=92, plane=10, elbow=6, curl=8)), floor=("right_foot",), moving=True),
    KeyPose("bridge on hands and feet", Trunk(lean=-96, flex=-64, nod=-40), **both(Leg(flex=-20, out=9, knee=82)), **arms(Arm(lift=168, plane=64, elbow=14, palm=60, wrist=-74, curl=0)), floor=(*_HANDS, "left_foot", "right_foot")),
)  # fmt: skip

ACTIONS = (
    Action("ballet", BALLET, weight=1, left_out=True),
    Action("dancing", DANCE, weight=2),
    Action("yoga", YOGA, weight=1.5),
    Action("gymnastics", GYM, weight=0.8, left_out=True),
)
