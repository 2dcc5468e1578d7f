"""Training: one engine for all methods, and what each method brings to it."""

from collections.abc import Mapping
from importlib import import_module

from workbench.training.trainee import Trainee

TRAINEES: Mapping[str, Mapping[str, str]] = {
    "regressor": {"open": "workbench.training.landmark_regressor:RegressorTrainee"},
    "hmr": {"open": "workbench.training.hmr:HmrTrainee"},
    "blade_tz": {"open": "workbench.training.blade_tz:BladeTzTrainee"},
    "blade_pose": {"open": "workbench.training.blade_pose:BladePoseTrainee"},
}
"""Method to preset to "module:class"; the module is imported when it is first asked for."""


def load_trainee(method: str, preset: str = "open") -> Trainee:
    """What trains a method.

    Raises:
        ValueError: there is no such method to train, or it has no such preset.
    """
    if method not in TRAINEES:
        raise ValueError(f"No method {method!r} can be trained. Those that can: {', '.join(TRAINEES)}.")
    presets = TRAINEES[method]
    if preset not in presets:
        raise ValueError(f"{method!r} has no preset {preset!r}; it has: {', '.join(presets)}.")
    module, cls = presets[preset].split(":")
    return getattr(import_module(module), cls)()
