"""Reaching, climbing, throwing and other sports."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, arms, both
from workbench.synth.keys.action import Action

_TOES = ("left_toes", "right_toes")

REACH = (
    KeyPose("reaching: up with one hand, on tiptoe", Trunk(side=6, nod=-26), **both(Leg(out=2, turn=6, knee=2, ankle=-30, toes=30)), left_arm=Arm(lift=14, elbow=14), right_arm=Arm(lift=168, plane=50, elbow=6, shrug=8, palm=20), floor=_TOES),
    KeyPose("reaching: up with both hands", Trunk(flex=-8, nod=-22), **both(Leg(out=3, turn=6)), **arms(Arm(lift=160, plane=60, elbow=12, palm=20))),
    KeyPose("reaching: forward over a table", Trunk(lean=30, flex=20, twist=18, nod=-16), Leg(flex=32, out=3, turn=8, knee=8), Leg(flex=28, out=3, turn=8, knee=6), Arm(lift=52, plane=70, turn=10, elbow=38, palm=70, wrist=-40), Arm(lift=98, plane=84, elbow=8, palm=50), held=("left_hand",)),
    KeyPose("reaching: down to one side", Trunk(lean=22, flex=26, side=-24, nod=10), Leg(flex=46, out=8, knee=46), Leg(flex=58, out=10, knee=54), Arm(lift=26, plane=10, elbow=20), Arm(lift=38, plane=60, elbow=6)),
    KeyPose("opening a door", Trunk(lean=4, twist=10), Leg(flex=12, out=3, knee=10), Leg(flex=-6, out=4, knee=6), Arm(lift=12, elbow=20), Arm(lift=48, plane=74, elbow=38, palm=30, curl=60)),
    KeyPose("pushing a wall", Trunk(lean=24, flex=2, nod=-12), Leg(flex=52, out=3, knee=40), Leg(flex=-2, out=3, knee=6, ankle=18, toes=20), Arm(lift=92, plane=80, elbow=26, palm=60, wrist=-70, curl=0), Arm(lift=92, plane=80, elbow=26, palm=60, wrist=-70, curl=0), floor=("left_foot", "right_toes"), held=("left_hand", "right_hand")),
    KeyPose("pulling a rope", Trunk(lean=-16, flex=6, twist=14), Leg(flex=48, out=8, turn=6, knee=30), Leg(flex=36, out=10, turn=24, knee=62), Arm(lift=72, plane=82, elbow=14, palm=10, curl=90), Arm(lift=44, plane=60, turn=40, elbow=92, palm=30, curl=90), held=("left_hand",)),
)  # fmt: skip

CLIMB = (
    KeyPose("ladder: left foot and right hand up", Trunk(lean=4, nod=-18), Leg(flex=84, out=10, turn=8, knee=92), Leg(flex=6, out=4, turn=6, knee=10), Arm(lift=92, plane=72, turn=5, elbow=58, palm=50, curl=90), Arm(lift=140, plane=78, elbow=24, palm=60, curl=90), floor=("right_foot",), held=("left_foot", "left_hand", "right_hand")),
    KeyPose("ladder: both hands low", Trunk(lean=8, nod=-10), Leg(flex=44, out=6, turn=6, knee=56), Leg(flex=16, out=5, turn=6, knee=18), Arm(lift=96, plane=74, elbow=48, palm=50, curl=90), Arm(lift=80, plane=72, turn=5, elbow=62, palm=50, curl=90), floor=("right_foot",), held=("left_foot", "left_hand", "right_hand")),
    KeyPose("rock wall: spread out", Trunk(lean=0, twist=6, nod=-22, look=12), Leg(flex=76, out=50, turn=40, knee=86), Leg(flex=8, out=22, turn=34, knee=18, ankle=-20), Arm(lift=156, plane=40, turn=-10, elbow=32, palm=40, curl=80), Arm(lift=104, plane=20, turn=-50, elbow=58, palm=40, curl=80), floor=("right_toes",), held=("left_foot", "left_hand", "right_hand")),
    KeyPose("hanging from a bar", Trunk(nod=-6), **both(Leg(flex=4, out=3, knee=12, ankle=-30)), **arms(Arm(lift=172, plane=40, turn=-10, elbow=6, palm=60, curl=95, shrug=10)), floor=(), held=("left_hand", "right_hand")),
    KeyPose("pull-up: chin at the bar", Trunk(lean=6, flex=-8, nod=-12), **both(Leg(flex=12, out=3, knee=48, ankle=-30)), **arms(Arm(lift=52, plane=12, turn=-68, elbow=138, palm=60, curl=95)), floor=(), held=("left_hand", "right_hand")),
)  # fmt: skip

THROW = (
    KeyPose("throwing: wind-up", Trunk(lean=-8, twist=-34, side=-8, look=34), Leg(flex=46, out=6, turn=8, knee=42, ankle=-10), Leg(flex=14, out=12, turn=22, knee=26), Arm(lift=82, plane=66, elbow=14, palm=40), Arm(lift=92, plane=-18, turn=-62, elbow=92, palm=20, curl=60), floor=("right_foot",), moving=True),
    KeyPose("throwing: arm cocked", Trunk(lean=2, twist=-24, look=24), Leg(flex=52, out=6, turn=4, knee=22), Leg(flex=-12, out=14, turn=20, knee=22), Arm(lift=66, plane=60, turn=20, elbow=42, palm=40), Arm(lift=96, plane=-8, turn=-88, elbow=88, palm=20, curl=60), moving=True),
    KeyPose("throwing: release", Trunk(lean=18, flex=10, twist=18, nod=-10), Leg(flex=62, out=5, knee=42), Leg(flex=-18, out=8, turn=14, knee=28, ankle=0, toes=36), Arm(lift=34, plane=30, turn=30, elbow=82), Arm(lift=128, plane=52, turn=-20, elbow=26, palm=50, curl=15), floor=("left_foot", "right_toes"), moving=True),
    KeyPose("throwing: follow-through", Trunk(lean=34, flex=24, twist=34, nod=-22), Leg(flex=74, out=4, knee=46), Leg(flex=-4, out=8, turn=8, knee=46, ankle=-20), Arm(lift=32, plane=-42, elbow=42), Arm(lift=62, plane=112, turn=32, elbow=18, palm=60, curl=15), floor=("left_foot",), moving=True),
)  # fmt: skip

BALL = (
    KeyPose("football: kick, leg back", Trunk(lean=6, flex=4, twist=18), Leg(flex=14, out=0, turn=6, knee=20), Leg(flex=-24, out=12, turn=10, knee=82, ankle=-34), Arm(lift=72, plane=36, elbow=18), Arm(lift=42, plane=-42, elbow=18), floor=("left_foot",), moving=True),
    KeyPose("football: kick, ball struck", Trunk(lean=-10, flex=14, twist=-12), Leg(flex=10, out=2, turn=8, knee=22), Leg(flex=62, out=2, knee=14, ankle=-34), Arm(lift=62, plane=62, elbow=22), Arm(lift=52, plane=-36, elbow=16), floor=("left_foot",), moving=True),
    KeyPose("basketball: ready to shoot", Trunk(lean=14, flex=6, nod=-18), **both(Leg(flex=44, out=7, knee=52)), left_arm=Arm(lift=82, plane=82, turn=8, elbow=92, palm=-10, curl=20), right_arm=Arm(lift=86, plane=74, turn=-6, elbow=98, palm=10, wrist=-50, curl=15)),
    KeyPose("basketball: shot", Trunk(flex=-6, nod=-22), **both(Leg(flex=2, out=3, knee=6, ankle=-28, toes=26)), left_arm=Arm(lift=128, plane=76, elbow=44, palm=-10), right_arm=Arm(lift=152, plane=72, elbow=12, palm=50, wrist=42, curl=30), floor=_TOES, moving=True),
    KeyPose("basketball: dribbling", Trunk(lean=24, flex=14, nod=-26), Leg(flex=62, out=9, turn=6, knee=56), Leg(flex=36, out=10, turn=12, knee=58), Arm(lift=34, plane=60, turn=32, elbow=72, palm=40), Arm(lift=22, plane=50, elbow=62, palm=70, wrist=10, curl=10)),
    KeyPose("volleyball: receiving", Trunk(lean=28, flex=12, nod=-32), **both(Leg(flex=70, out=16, turn=10, knee=68)), **arms(Arm(lift=70, plane=108, turn=-12, elbow=4, palm=-50, curl=60))),
    KeyPose("goalkeeper: ready", Trunk(lean=26, flex=10, nod=-28), **both(Leg(flex=62, out=20, turn=12, knee=58)), **arms(Arm(lift=44, plane=34, turn=-10, elbow=72, palm=30, curl=0))),
)  # fmt: skip

RACKET = (
    KeyPose("tennis: forehand, back swing", Trunk(lean=12, twist=-36, look=34), Leg(flex=36, out=10, turn=4, knee=36), Leg(flex=36, out=14, turn=24, knee=48), Arm(lift=72, plane=92, turn=10, elbow=24), Arm(lift=66, plane=-36, turn=-10, elbow=42, palm=20, curl=90), moving=True),
    KeyPose("tennis: forehand, across", Trunk(lean=8, twist=28, look=-16), Leg(flex=44, out=8, turn=6, knee=36), Leg(flex=-6, out=12, turn=6, knee=40, toes=34), Arm(lift=42, plane=50, turn=30, elbow=92), Arm(lift=84, plane=118, turn=18, elbow=66, palm=40, curl=90), floor=("left_foot", "right_toes"), moving=True),
    KeyPose("tennis: serve", Trunk(lean=-4, flex=-16, side=10, nod=-24, look=10), Leg(flex=22, out=4, turn=6, knee=26), Leg(flex=-4, out=6, turn=16, knee=30), Arm(lift=158, plane=60, elbow=6, palm=-30), Arm(lift=94, plane=-6, turn=-84, elbow=112, palm=10, curl=90), moving=True),
    KeyPose("golf: address", Trunk(lean=36, flex=16, nod=16), **both(Leg(flex=48, out=9, turn=10, knee=22)), **arms(Arm(lift=52, plane=106, turn=6, elbow=6, palm=10, curl=90))),
    KeyPose("golf: top of the swing", Trunk(lean=22, flex=8, twist=-46, look=42, nod=14), Leg(flex=36, out=8, turn=4, knee=32), Leg(flex=34, out=9, turn=12, knee=22), Arm(lift=116, plane=122, turn=0, elbow=12, curl=90), Arm(lift=72, plane=22, turn=-52, elbow=104, palm=10, curl=90), moving=True),
)  # fmt: skip

FIGHT = (
    KeyPose("boxing: guard", Trunk(lean=6, flex=14, twist=-18, look=16, nod=10), Leg(flex=28, out=6, turn=4, knee=26), Leg(flex=-2, out=10, turn=26, knee=22), Arm(lift=38, plane=72, turn=-4, elbow=128, palm=30, curl=95), Arm(lift=34, plane=62, turn=2, elbow=136, palm=30, curl=95)),
    KeyPose("boxing: jab", Trunk(lean=8, flex=10, twist=-26, look=22, nod=6), Leg(flex=34, out=6, turn=4, knee=28), Leg(flex=-6, out=10, turn=26, knee=20), Arm(lift=90, plane=58, elbow=6, palm=70, curl=95), Arm(lift=34, plane=62, turn=2, elbow=136, palm=30, curl=95), moving=True),
    KeyPose("karate: front kick", Trunk(lean=-12, flex=12), Leg(flex=4, out=2, turn=10, knee=14), Leg(flex=96, out=4, knee=12, ankle=10, toes=30), Arm(lift=34, plane=62, turn=12, elbow=104, curl=95), Arm(lift=26, plane=20, turn=10, elbow=72, curl=95), floor=("left_foot",), moving=True),
    KeyPose("karate: low stance, punch", Trunk(twist=-10, look=8), Leg(flex=62, out=12, turn=10, knee=64), Leg(flex=-8, out=18, turn=24, knee=6), Arm(lift=14, plane=-60, turn=0, elbow=98, palm=-60, curl=95), Arm(lift=86, plane=96, elbow=6, palm=70, curl=95), moving=True),
    KeyPose("side kick", Trunk(roll=-34, side=20, tip=10, look=40), Leg(flex=62, out=66, turn=-20, knee=6, ankle=10), Leg(flex=2, out=34, turn=30, knee=12), Arm(lift=36, plane=30, elbow=92, curl=95), Arm(lift=40, plane=60, elbow=108, curl=95), floor=("right_foot",), moving=True),
)  # fmt: skip

JUMP = (
    KeyPose("jumping: crouched before take-off", Trunk(lean=36, flex=18, nod=-20), **both(Leg(flex=84, out=5, knee=84)), **arms(Arm(lift=56, plane=-82, elbow=12)), moving=True),
    KeyPose("jumping: in the air, stretched", Trunk(flex=-8, nod=-10), **both(Leg(flex=2, out=4, knee=10, ankle=-38)), **arms(Arm(lift=152, plane=55, elbow=14)), floor=(), moving=True),
    KeyPose("jumping: knees tucked", Trunk(lean=10, flex=18), **both(Leg(flex=96, out=7, knee=104, ankle=-24)), **arms(Arm(lift=78, plane=52, elbow=24)), floor=(), moving=True),
    KeyPose("jumping: star", Trunk(), **both(Leg(flex=4, out=34, turn=16, knee=4, ankle=-30)), **arms(Arm(lift=138, plane=8, elbow=8, palm=-20)), floor=(), moving=True),
    KeyPose("jumping: over a hurdle", Trunk(lean=24, flex=24, nod=-24), Leg(flex=88, out=2, knee=16, ankle=6), Leg(flex=38, out=54, turn=20, knee=98), Arm(lift=34, plane=-60, elbow=72), Arm(lift=82, plane=84, elbow=22), floor=(), moving=True),
)  # fmt: skip

ACTIONS = (
    Action("reaching", REACH, weight=2),
    Action("climbing", CLIMB, weight=1.2),
    Action("throwing", THROW, weight=1.2, path=True),
    Action("ball games", BALL, weight=1.5),
    Action("racket and club", RACKET, weight=1.2, left_out=True),
    Action("fighting", FIGHT, weight=1.2),
    Action("jumping", JUMP, weight=1.2),
)
