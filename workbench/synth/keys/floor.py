"""On the floor: crawling, lying, push-ups."""

from workbench.synth.anatomy import Arm, KeyPose, Leg, Trunk, both
from workbench.synth.keys.action import Action

CRAWL = (
    KeyPose(
        "crawling: on hands and knees",
        Trunk(lean=80, nod=-24),
        legs=both(Leg(flex=82, out=3, knee=92, ankle=-54, toes=-1)),
        arms=both(Arm(lift=92, plane=81, elbow=9, palm=70, wrist=-78, curl=0)),
        floor=("left_hand", "right_hand", "left_knee", "right_knee", "left_instep", "right_instep"),
    ),
    KeyPose(
        "crawling: left knee ahead",
        Trunk(lean=78, roll=1, side=-8, nod=-26),
        legs=(Leg(flex=92, knee=102, ankle=-57, toes=-1), Leg(flex=58, out=6, turn=1, knee=71, ankle=-49)),
        arms=(
            Arm(lift=74, plane=74, turn=-2, elbow=13, palm=67, wrist=-64, curl=0),
            Arm(lift=97, plane=84, elbow=2, palm=70, wrist=-76, curl=0),
        ),
        floor=("left_hand", "right_hand", "left_knee", "right_knee", "left_instep", "right_instep"),
    ),
    KeyPose(
        "crawling: one hand raised",
        Trunk(lean=77, nod=-34),
        legs=both(Leg(flex=81, out=5, turn=-1, knee=93, ankle=-54, toes=-1)),
        arms=(
            Arm(lift=84, plane=87, elbow=7, palm=70, wrist=-76, curl=0),
            Arm(lift=150, plane=84, elbow=10, palm=40),
        ),
        floor=("left_hand", "left_knee", "right_knee", "left_instep", "right_instep"),
    ),
    KeyPose(
        "crawling: bear walk",
        Trunk(lean=106, flex=12, nod=-10),
        legs=both(Leg(flex=106, out=7, knee=58, ankle=16, toes=48)),
        arms=both(Arm(lift=113, plane=86, elbow=9, palm=70, wrist=-68, curl=0)),
        floor=("left_hand", "right_hand", "left_toes", "right_toes"),
    ),
    KeyPose(
        "crawling: low, on the forearms",
        Trunk(lean=89, roll=-2, flex=-10, side=10, nod=-34),
        legs=(
            Leg(flex=65, out=53, turn=31, knee=98),
            Leg(flex=25, out=1, turn=-1, knee=28, ankle=-46, toes=-2),
        ),
        arms=(
            Arm(lift=95, plane=76, turn=20, elbow=84, palm=70),
            Arm(lift=94, plane=84, turn=22, elbow=79, palm=70),
        ),
        floor=("left_forearm", "right_forearm", "left_knee", "right_knee", "right_instep"),
    ),
)

LIE = (
    KeyPose(
        "lying: on the back, arms at the sides",
        Trunk(lean=-93, nod=6),
        legs=both(Leg(flex=-2, out=6, turn=22, ankle=-24)),
        arms=both(Arm(lift=18, plane=0, elbow=10, palm=40)),
        floor=("chest", "seat", "left_heel", "right_heel"),
    ),
    KeyPose(
        "lying: on the back, knees bent",
        Trunk(lean=-93, nod=8),
        legs=both(Leg(flex=51, out=5, knee=102)),
        arms=both(Arm(lift=30, plane=30, turn=55, elbow=82, palm=50)),
        floor=("chest", "seat", "left_foot", "right_foot"),
    ),
    KeyPose(
        "lying: on the back, hands under the head",
        Trunk(lean=-93, flex=4, nod=18),
        legs=(
            Leg(flex=-1, out=5, turn=14, knee=7, ankle=-20),
            Leg(flex=49, out=6, turn=4, knee=102, ankle=1),
        ),
        arms=(
            Arm(lift=144, plane=7, turn=-98, elbow=131, palm=22, wrist=15, thumbward=-6),
            Arm(lift=142, plane=3, turn=-96, elbow=116, palm=17, wrist=-2, thumbward=-5),
        ),
        floor=("chest", "seat", "left_heel", "right_foot"),
    ),
    KeyPose(
        "lying: on the belly",
        Trunk(lean=86, nod=-14, look=62),
        legs=both(Leg(flex=-2, out=9, turn=9, knee=1, ankle=-46, toes=1)),
        arms=both(Arm(lift=85, plane=24, turn=-64, elbow=86, palm=40, wrist=2)),
        floor=("seat", "chest", "left_instep", "right_instep", "left_hand", "right_hand"),
    ),
    KeyPose(
        "lying: propped on the elbows",
        Trunk(lean=86, flex=-34, nod=-12),
        legs=both(Leg(flex=-5, out=6, turn=5, knee=-3, ankle=-45, toes=1)),
        arms=both(Arm(lift=58, plane=73, turn=9, elbow=89, palm=40)),
        floor=("seat", "left_forearm", "right_forearm", "left_instep", "right_instep"),
    ),
    KeyPose(
        "lying: on the side, curled up",
        Trunk(lean=9, roll=82, flex=32, nod=14),
        legs=(Leg(flex=75, out=-9, turn=7, knee=85), Leg(flex=77, out=-9, knee=91)),
        arms=(Arm(lift=67, plane=101, turn=9, elbow=89, palm=20), Arm(lift=46, plane=92, turn=30, elbow=62)),
        floor=("left_hip", "left_shoulder", "left_knee", "left_calf"),
    ),
    KeyPose(
        "lying: on the side, head on the hand",
        Trunk(lean=-2, roll=93, flex=-1, side=-22, tip=-26),
        legs=(
            Leg(flex=4, out=0, turn=-4, knee=-3, ankle=-3),
            Leg(flex=24, out=-13, turn=1, knee=41, ankle=-3, toes=2),
        ),
        arms=(
            Arm(lift=136, plane=43, turn=-24, elbow=123, palm=42, wrist=23, thumbward=-25, curl=30),
            Arm(lift=46, plane=77, turn=21, elbow=64, palm=50, thumbward=2),
        ),
        floor=("left_hip", "left_elbow", "left_knee"),
    ),
    KeyPose(
        "plank",
        Trunk(lean=76, nod=-12),
        legs=both(Leg(flex=3, out=4, turn=1, knee=-1, ankle=9, toes=60)),
        arms=both(Arm(lift=81, plane=85, elbow=4, palm=70, wrist=-74, curl=0)),
        floor=("left_hand", "right_hand", "left_toes", "right_toes"),
    ),
    KeyPose(
        "push-up: bottom",
        Trunk(lean=88, nod=-16),
        legs=both(Leg(flex=-1, out=4, turn=1, knee=-4, ankle=25, toes=65)),
        arms=both(Arm(lift=39, plane=-20, turn=-5, elbow=105, palm=80, wrist=-70, curl=0)),
        floor=("left_hand", "right_hand", "left_toes", "right_toes"),
    ),
)

ACTIONS = (
    Action("crawling", CRAWL, weight=1),
    Action("lying", LIE[:7], weight=1.5),
    Action("push-ups", LIE[7:], weight=0.7, path=True),
)
