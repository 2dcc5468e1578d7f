"""The poses written by hand, by activity."""

from workbench.synth.keys import floor, gait, graceful, low, seated, sport, standing, work
from workbench.synth.keys.action import Action as Action
from workbench.synth.keys.action import Gesture as Gesture
from workbench.synth.keys.standing import GESTURES as GESTURES

ACTIONS: tuple[Action, ...] = (
    *standing.ACTIONS,
    *gait.ACTIONS,
    *seated.ACTIONS,
    *low.ACTIONS,
    *floor.ACTIONS,
    *work.ACTIONS,
    *sport.ACTIONS,
    *graceful.ACTIONS,
)
"""Every activity; those left out of training too."""
