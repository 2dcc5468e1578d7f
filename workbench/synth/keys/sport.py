"""Reaching, climbing, throwing and other sports."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, arms, both
from workbench.synth.keys.action import Action

_TOES = ("left_toes", "right_toes")

REACH = (
    KeyPose("reaching: up with one hand, on tiptoe", Trunk(lean=2, side=6, nod=-26), **both(Leg(flex=-1, turn=6, knee=2, ankle=-27, toes=36)), left_arm=Arm(lift=14, elbow=14), right_arm=Arm(lift=168, plane=50, elbow=6, palm=20, shrug=8), floor=("left_toes", "right_toes")),
    KeyPose("reaching: up with both hands", Trunk(flex=-8, nod=-22), **both(Leg(out=3, turn=6)), **arms(Arm(lift=160, plane=60, elbow=12, palm=20))),
    KeyPose("reaching: forward over a table", Trunk(lean=30, flex=20, twist=18, nod=-16), left_leg=Leg(flex=32, out=3, turn=8, knee=8), right_leg=Leg(flex=28, out=3, turn=8, knee=6), left_arm=Arm(lift=52, plane=70, turn=10, elbow=38, palm=70, wrist=-40), right_arm=Arm(lift=98, plane=84, elbow=8, palm=50), held=("left_hand",)),
    KeyPose("reaching: down to one side", Trunk(lean=23, roll=-2, flex=26, side=-24, nod=10), left_leg=Leg(flex=46, out=9, turn=-1, knee=48), right_leg=Leg(flex=57, out=9, turn=1, knee=52), left_arm=Arm(lift=26, plane=10, elbow=20), right_arm=Arm(lift=38, plane=60, elbow=6)),
    KeyPose("opening a door", Trunk(lean=3, roll=-1, twist=10), left_leg=Leg(flex=12, out=4, knee=10), right_leg=Leg(flex=-5, out=4, knee=5), left_arm=Arm(lift=12, elbow=20), right_arm=Arm(lift=48, plane=74, elbow=38, palm=30, curl=60)),
    KeyPose("pushing a wall", Trunk(lean=24, flex=2, nod=-12), left_leg=Leg(flex=52, out=3, knee=40), right_leg=Leg(flex=-2, out=3, knee=6, ankle=18, toes=20), **arms(Arm(lift=92, plane=80, elbow=26, palm=60, wrist=-70, curl=0)), floor=("left_foot", "right_toes"), held=("left_hand", "right_hand")),
    KeyPose("pulling a rope", Trunk(lean=-9, roll=1, flex=6, twist=14), left_leg=Leg(flex=43, out=7, turn=6, knee=32), right_leg=Leg(flex=34, out=8, turn=25, knee=68, toes=-9), left_arm=Arm(lift=72, plane=82, elbow=14, palm=10, curl=90), right_arm=Arm(lift=44, plane=60, turn=40, elbow=92, palm=30, curl=90), held=("left_hand",)),
)  # fmt: skip

CLIMB = (
    KeyPose("ladder: left foot and right hand up", Trunk(lean=4, nod=-18), left_leg=Leg(flex=84, out=10, turn=8, knee=92), right_leg=Leg(flex=6, out=4, turn=6, knee=10), left_arm=Arm(lift=92, plane=72, turn=5, elbow=58, palm=50, curl=90), right_arm=Arm(lift=140, plane=78, elbow=24, palm=60, curl=90), floor=("right_foot",), held=("left_foot", "left_hand", "right_hand")),
    KeyPose("ladder: both hands low", Trunk(lean=8, nod=-10), left_leg=Leg(flex=44, out=6, turn=6, knee=56), right_leg=Leg(flex=16, out=5, turn=6, knee=18), left_arm=Arm(lift=96, plane=74, elbow=48, palm=50, curl=90), right_arm=Arm(lift=80, plane=72, turn=5, elbow=62, palm=50, curl=90), floor=("right_foot",), held=("left_foot", "left_hand", "right_hand")),
    KeyPose("rock wall: spread out", Trunk(lean=-1, roll=-1, twist=6, nod=-22, look=12), left_leg=Leg(flex=76, out=50, turn=40, knee=86), right_leg=Leg(flex=8, out=21, turn=35, knee=18, ankle=-19), left_arm=Arm(lift=156, plane=40, turn=-10, elbow=32, palm=40, curl=80), right_arm=Arm(lift=104, turn=-50, elbow=58, palm=40, curl=80), floor=("right_toes",), held=("left_foot", "left_hand", "right_hand")),
    KeyPose("hanging from a bar", Trunk(lean=-3, nod=-6), **both(Leg(flex=4, out=3, knee=12, ankle=-30)), **arms(Arm(lift=172, plane=40, turn=-10, elbow=6, palm=60, curl=95, shrug=10)), floor=(), held=("left_hand", "right_hand")),
    KeyPose("pull-up: chin at the bar", Trunk(lean=-2, flex=-8, nod=-12), **both(Leg(flex=14, out=3, knee=48, ankle=-30)), **arms(Arm(lift=52, plane=12, turn=-68, elbow=138, palm=60, curl=95)), floor=(), held=("left_hand", "right_hand")),
)  # fmt: skip

THROW = (
    KeyPose("throwing: wind-up", Trunk(lean=-8, side=-8, twist=-34, look=34), left_leg=Leg(flex=46, out=6, turn=8, knee=42, ankle=-10), right_leg=Leg(flex=14, out=12, turn=22, knee=26), left_arm=Arm(lift=82, plane=66, elbow=14, palm=40), right_arm=Arm(lift=92, plane=-18, turn=-62, elbow=92, palm=20, curl=60), floor=("right_foot",), moving=True),
    KeyPose("throwing: arm cocked", Trunk(lean=7, roll=2, twist=-24, look=24), left_leg=Leg(flex=46, out=6, turn=4, knee=25), right_leg=Leg(flex=-7, out=12, turn=20, knee=18), left_arm=Arm(lift=66, plane=60, turn=20, elbow=42, palm=40), right_arm=Arm(lift=96, plane=-8, turn=-88, elbow=88, palm=20, curl=60), moving=True),
    KeyPose("throwing: release", Trunk(lean=15, roll=-1, flex=10, twist=18, nod=-10), left_leg=Leg(flex=60, out=4, turn=1, knee=42), right_leg=Leg(flex=-13, out=5, turn=12, knee=21, ankle=15, toes=46), left_arm=Arm(lift=34, plane=30, turn=30, elbow=82), right_arm=Arm(lift=128, plane=52, turn=-20, elbow=26, palm=50, curl=15), floor=("left_foot", "right_toes"), moving=True),
    KeyPose("throwing: follow-through", Trunk(lean=34, flex=24, twist=34, nod=-22), left_leg=Leg(flex=74, out=4, knee=46), right_leg=Leg(flex=-4, out=8, turn=8, knee=46, ankle=-20), left_arm=Arm(lift=32, plane=-42, elbow=42), right_arm=Arm(lift=62, plane=112, turn=32, elbow=18, palm=60, curl=15), floor=("left_foot",), moving=True),
)  # fmt: skip

BALL = (
    KeyPose("football: kick, leg back", Trunk(lean=6, flex=4, twist=18), left_leg=Leg(flex=14, out=0, turn=6, knee=20), right_leg=Leg(flex=-24, out=12, turn=10, knee=82, ankle=-34), left_arm=Arm(lift=72, plane=36, elbow=18), right_arm=Arm(lift=42, plane=-42, elbow=18), floor=("left_foot",), moving=True),
    KeyPose("football: kick, ball struck", Trunk(lean=-10, flex=14, twist=-12), left_leg=Leg(flex=10, turn=8, knee=22), right_leg=Leg(flex=62, knee=14, ankle=-34), left_arm=Arm(lift=62, plane=62, elbow=22), right_arm=Arm(lift=52, plane=-36, elbow=16), floor=("left_foot",), moving=True),
    KeyPose("basketball: ready to shoot", Trunk(lean=14, flex=6, nod=-18), **both(Leg(flex=44, out=7, knee=52)), left_arm=Arm(lift=82, plane=82, turn=8, elbow=92, palm=-10), right_arm=Arm(lift=86, plane=74, turn=-6, elbow=98, palm=10, wrist=-50, curl=15)),
    KeyPose("basketball: shot", Trunk(flex=-6, nod=-22), **both(Leg(flex=2, out=3, knee=6, ankle=-28, toes=26)), left_arm=Arm(lift=128, plane=76, elbow=44, palm=-10), right_arm=Arm(lift=152, plane=72, elbow=12, palm=50, wrist=42, curl=30), floor=("left_toes", "right_toes"), moving=True),
    KeyPose("basketball: dribbling", Trunk(lean=22, flex=14, nod=-26), left_leg=Leg(flex=62, out=9, turn=7, knee=56, toes=-8), right_leg=Leg(flex=41, out=10, turn=14, knee=55), left_arm=Arm(lift=34, plane=60, turn=32, elbow=72, palm=40), right_arm=Arm(lift=22, plane=50, elbow=62, palm=70, wrist=10, curl=10)),
    KeyPose("volleyball: receiving", Trunk(lean=28, flex=12, nod=-32), **both(Leg(flex=70, out=16, turn=10, knee=68)), **arms(Arm(lift=70, plane=107, turn=-12, elbow=4, palm=-50, curl=60))),
    KeyPose("goalkeeper: ready", Trunk(lean=26, flex=10, nod=-28), **both(Leg(flex=62, out=20, turn=12, knee=58)), **arms(Arm(lift=44, plane=34, turn=-10, elbow=72, palm=30, curl=0))),
)  # fmt: skip

RACKET = (
    KeyPose("tennis: forehand, back swing", Trunk(lean=12, roll=-2, twist=-36, look=34), left_leg=Leg(flex=36, out=11, turn=3, knee=37), right_leg=Leg(flex=36, out=14, turn=24, knee=46), left_arm=Arm(lift=72, plane=92, turn=10, elbow=24), right_arm=Arm(lift=66, plane=-36, turn=-10, elbow=42, palm=20, curl=90), moving=True),
    KeyPose("tennis: forehand, across", Trunk(lean=7, twist=28, look=-16), left_leg=Leg(flex=42, out=7, turn=7, knee=35), right_leg=Leg(flex=-2, out=9, turn=7, knee=35, ankle=14, toes=42), left_arm=Arm(lift=42, plane=50, turn=30, elbow=92), right_arm=Arm(lift=84, plane=118, turn=18, elbow=66, palm=40, curl=90), floor=("left_foot", "right_toes"), moving=True),
    KeyPose("tennis: serve", Trunk(lean=-5, roll=-1, flex=-16, side=10, nod=-24, look=10), left_leg=Leg(flex=23, out=4, turn=6, knee=26), right_leg=Leg(flex=-3, out=6, turn=16, knee=29), left_arm=Arm(lift=158, plane=60, elbow=6, palm=-30), right_arm=Arm(lift=94, plane=-6, turn=-84, elbow=112, palm=10, curl=90), moving=True),
    KeyPose("golf: address", Trunk(lean=36, flex=16, nod=16), **both(Leg(flex=50, out=9, turn=10, knee=22)), left_arm=Arm(lift=58, plane=108, turn=6, elbow=6, palm=10, curl=90), right_arm=Arm(lift=50, plane=106, turn=6, elbow=10, palm=10, curl=90)),
    KeyPose("golf: top of the swing", Trunk(lean=22, roll=2, flex=8, twist=-46, nod=14, look=42), left_leg=Leg(flex=36, out=7, turn=4, knee=30), right_leg=Leg(flex=34, out=10, turn=11, knee=23), left_arm=Arm(lift=116, plane=122, elbow=12, curl=90), right_arm=Arm(lift=72, plane=22, turn=-52, elbow=104, palm=10, curl=90), moving=True),
)  # fmt: skip

FIGHT = (
    KeyPose("boxing: guard", Trunk(lean=4, roll=-1, flex=14, twist=-18, nod=10, look=16), left_leg=Leg(flex=29, out=7, turn=4, knee=26), right_leg=Leg(flex=-1, out=10, turn=26, knee=21), left_arm=Arm(lift=38, plane=72, turn=-4, elbow=128, palm=30, curl=95), right_arm=Arm(lift=34, plane=62, turn=2, elbow=136, palm=30, curl=95)),
    KeyPose("boxing: jab", Trunk(lean=6, roll=-1, flex=10, twist=-26, nod=6, look=22), left_leg=Leg(flex=35, out=7, turn=4, knee=28), right_leg=Leg(flex=-4, out=10, turn=26, knee=19), left_arm=Arm(lift=90, plane=58, elbow=6, palm=70, curl=95), right_arm=Arm(lift=34, plane=62, turn=2, elbow=136, palm=30, curl=95), moving=True),
    KeyPose("karate: front kick", Trunk(lean=-12, flex=12), left_leg=Leg(flex=4, turn=10, knee=14), right_leg=Leg(flex=96, out=4, knee=12, ankle=10, toes=30), left_arm=Arm(lift=34, plane=62, turn=12, elbow=104, curl=95), right_arm=Arm(lift=26, turn=10, elbow=72, curl=95), floor=("left_foot",), moving=True),
    KeyPose("karate: low stance, punch", Trunk(lean=5, roll=7, twist=-10, look=8), left_leg=Leg(flex=53, out=12, turn=9, knee=58), right_leg=Leg(flex=-6, out=22, turn=28), left_arm=Arm(lift=14, plane=-60, elbow=98, palm=-60, curl=95), right_arm=Arm(lift=86, plane=96, elbow=6, palm=70, curl=95), moving=True),
    KeyPose("side kick", Trunk(roll=-34, side=20, tip=10, look=40), left_leg=Leg(flex=62, out=66, turn=-20, knee=6, ankle=10), right_leg=Leg(flex=2, out=34, turn=30, knee=12), left_arm=Arm(lift=36, plane=30, elbow=92, curl=95), right_arm=Arm(lift=40, plane=60, elbow=108, curl=95), floor=("right_foot",), moving=True),
)  # fmt: skip

JUMP = (
    KeyPose("jumping: crouched before take-off", Trunk(lean=36, flex=18, nod=-20), **both(Leg(flex=84, out=5, knee=84)), **arms(Arm(lift=56, plane=-82, elbow=12)), moving=True),
    KeyPose("jumping: in the air, stretched", Trunk(flex=-8, nod=-10), **both(Leg(flex=2, out=4, knee=10, ankle=-38)), **arms(Arm(lift=152, plane=55, elbow=14)), floor=(), moving=True),
    KeyPose("jumping: knees tucked", Trunk(lean=10, flex=18), **both(Leg(flex=96, out=7, knee=104, ankle=-24)), **arms(Arm(lift=78, plane=52, elbow=24)), floor=(), moving=True),
    KeyPose("jumping: star", **both(Leg(flex=4, out=34, turn=16, knee=4, ankle=-30)), **arms(Arm(lift=138, plane=8, elbow=8, palm=-20)), floor=(), moving=True),
    KeyPose("jumping: over a hurdle", Trunk(lean=24, flex=24, nod=-24), left_leg=Leg(flex=88, knee=16, ankle=6), right_leg=Leg(flex=38, out=54, turn=20, knee=98), left_arm=Arm(lift=34, plane=-60, elbow=72), right_arm=Arm(lift=82, plane=84, elbow=22), floor=(), moving=True),
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
