"""An activity: key poses that belong together, and how freely they may be mixed."""

from dataclasses import dataclass, field

from workbench.synth.anatomy import Arm, KeyPose, Trunk


@dataclass(frozen=True)
class Action:
    """Key poses between which a person may be caught."""

    name: str
    keys: tuple[KeyPose, ...]
    weight: int | float = 1
    """How often it is drafted, compared with other actions; of crowded poses more drafts are refused."""
    path: bool = False
    """The keys are moments of one movement, in order: mix neighbours only. Otherwise any two are mixed."""
    cycle: bool = False
    """Such a movement goes round: its second half is the first one mirrored, and follows on its last key."""
    free_arms: bool = False
    """The arms have nothing to do with it and may take a gesture instead."""
    left_out: bool = False
    """Never trained on: kept for the out-of-distribution test split."""


@dataclass(frozen=True)
class Gesture:
    """What the arms, and the head with them, may do while the rest does something else."""

    name: str
    left_arm: Arm
    right_arm: Arm
    head: Trunk = field(default_factory=Trunk)
    """Only its nod, tip and look count."""
    weight: int | float = 1
    left_out: bool = False
