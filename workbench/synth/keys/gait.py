"""Walking, running and stairs: half a cycle each, heel strike of the left foot first; the rest is its mirror.

Arms swing against the legs. Angles follow the textbook curves of level gait (Perry and Burnfield, 2010), rounded.
"""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk
from workbench.synth.keys.action import Action


def _swing(forward: float, elbow: float) -> Arm:
    """An arm that swings; backward when negative."""
    if forward >= 0:
        return Arm(lift=max(forward, 8), plane=80 if forward > 8 else 40, elbow=elbow)
    return Arm(lift=max(-forward, 8), plane=-78 if forward < -8 else -30, elbow=elbow)


def _walk(name: str, g: float) -> tuple[KeyPose, ...]:
    """Contact, loading, mid-stance and heel-off; g stretches the stride."""
    return (
        KeyPose(
            f"{name}: heel strike",
            Trunk(lean=2, twist=-6 * g),
            Leg(flex=26 * g, turn=4, knee=4, ankle=2),
            Leg(flex=-16 * g, turn=6, knee=12 * g, ankle=-6, toes=28 * g),
            _swing(-20 * g, 10),
            _swing(22 * g, 26 * g),
            floor=("left_heel", "right_toes"),
            moving=True,
        ),
        KeyPose(
            f"{name}: loading",
            Trunk(lean=3, twist=-5 * g),
            Leg(flex=21 * g, turn=4, knee=16 * g),
            Leg(flex=-10 * g, turn=6, knee=38 * g, ankle=-16, toes=34),
            _swing(-15 * g, 10),
            _swing(17 * g, 24 * g),
            floor=("left_foot",),
            moving=True,
        ),
        KeyPose(
            f"{name}: legs pass",
            Trunk(lean=3, roll=0),
            Leg(flex=4 * g, out=-1, turn=4, knee=7),
            Leg(flex=24 * g, turn=4, knee=58 * g, ankle=-2),
            _swing(-3, 14),
            _swing(4, 18),
            floor=("left_foot",),
            moving=True,
        ),
        KeyPose(
            f"{name}: heel off",
            Trunk(lean=3, twist=5 * g),
            Leg(flex=-10 * g, out=0, turn=5, knee=5, ankle=10, toes=8),
            Leg(flex=30 * g, turn=3, knee=28 * g, ankle=2),
            _swing(14 * g, 20),
            _swing(-12 * g, 12),
            floor=("left_toes",),
            moving=True,
        ),
    )


def _running_arm(forward: float, elbow: float = 88) -> Arm:
    arm = _swing(forward, elbow)
    return Arm(lift=arm.lift + 6, plane=arm.plane, turn=22 if forward > 0 else 8, elbow=elbow, curl=50)


def _run(name: str, g: float) -> tuple[KeyPose, ...]:
    """Landing, mid-stance, take-off and flight."""
    return (
        KeyPose(
            f"{name}: landing",
            Trunk(lean=8, twist=-8),
            Leg(flex=36 * g, out=0, knee=22, ankle=4),
            Leg(flex=4, out=1, knee=98 * g, ankle=-14),
            _running_arm(-34 * g),
            _running_arm(26 * g),
            floor=("left_foot",),
            moving=True,
        ),
        KeyPose(
            f"{name}: mid-stance",
            Trunk(lean=9),
            Leg(flex=20, out=-1, knee=42),
            Leg(flex=28 * g, out=1, knee=112 * g, ankle=-8),
            _running_arm(-10),
            _running_arm(6),
            floor=("left_foot",),
            moving=True,
        ),
        KeyPose(
            f"{name}: take-off",
            Trunk(lean=10, twist=9),
            Leg(flex=-18 * g, out=0, knee=12, ankle=-14, toes=36),
            Leg(flex=58 * g, out=1, knee=92, ankle=2),
            _running_arm(30 * g),
            _running_arm(-40 * g),
            floor=("left_toes",),
            moving=True,
        ),
        KeyPose(
            f"{name}: flight",
            Trunk(lean=9, twist=10),
            Leg(flex=-16 * g, out=0, knee=46, ankle=-28),
            Leg(flex=54 * g, out=1, knee=58, ankle=4),
            _running_arm(32 * g),
            _running_arm(-44 * g),
            floor=(),
            moving=True,
        ),
    )


_UPSTAIRS = (
    KeyPose(
        "upstairs: foot on the next step",
        Trunk(lean=12, flex=6, nod=10),
        Leg(flex=66, out=3, turn=5, knee=74, ankle=8),
        Leg(flex=4, out=2, turn=5, knee=10),
        _swing(-12, 18),
        _swing(16, 30),
        floor=("right_foot",),
        held=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "upstairs: pushing up",
        Trunk(lean=14, flex=8, nod=8),
        Leg(flex=44, out=2, turn=5, knee=52, ankle=10),
        Leg(flex=-4, out=2, turn=5, knee=14, ankle=-22, toes=24),
        _swing(-8, 18),
        _swing(10, 26),
        floor=("right_toes",),
        held=("left_foot",),
        moving=True,
    ),
    KeyPose(
        "upstairs: the other foot passes",
        Trunk(lean=7, flex=4, nod=8),
        Leg(flex=10, out=0, turn=5, knee=14),
        Leg(flex=48, out=2, turn=5, knee=82, ankle=4),
        _swing(6, 18),
        _swing(-6, 22),
        floor=("left_foot",),
        moving=True,
    ),
)

_SNEAK = (
    KeyPose(
        "sneaking: reaching step",
        Trunk(lean=16, flex=22, nod=-18),
        Leg(flex=62, out=3, turn=6, knee=52),
        Leg(flex=6, out=3, turn=10, knee=40, ankle=0, toes=32),
        Arm(lift=34, plane=50, turn=20, elbow=88, palm=50, wrist=-20),
        Arm(lift=40, plane=62, turn=20, elbow=80, palm=50, wrist=-20),
        floor=("left_foot", "right_toes"),
        moving=True,
    ),
    KeyPose(
        "sneaking: knee raised",
        Trunk(lean=14, flex=24, nod=-18),
        Leg(flex=32, out=1, turn=6, knee=42),
        Leg(flex=88, out=3, turn=6, knee=96, ankle=-10),
        Arm(lift=40, plane=62, turn=20, elbow=80, palm=50, wrist=-20),
        Arm(lift=34, plane=50, turn=20, elbow=88, palm=50, wrist=-20),
        floor=("left_foot",),
        moving=True,
    ),
)

ACTIONS = (
    Action("walking", _walk("walking", 1.0), weight=5, path=True, cycle=True, free_arms=True),
    Action("striding", _walk("striding", 1.3), weight=2, path=True, cycle=True),
    Action("jogging", _run("jogging", 0.8), weight=2, path=True, cycle=True),
    Action("sprinting", _run("sprinting", 1.2), weight=1.5, path=True, cycle=True),
    Action("climbing stairs", _UPSTAIRS, weight=1.5, path=True, cycle=True, free_arms=True),
    Action("sneaking", _SNEAK, weight=0.7, path=True, cycle=True, left_out=True),
)
