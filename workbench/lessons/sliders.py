"""Sliders for the live views of a notebook. They are linked in the browser: drawing needs no Python."""

import math
from typing import Any

from workbench.body.joints import joint_names

AXES = ("x", "y", "z")


def beta_slider(view: Any, index: int, limit: float = 3.0, meaning: str = "") -> Any:
    """A slider for one shape coefficient of a figures.widget view.

    Args:
        view: a BodyView or PlaneView.
        index: which beta.
        limit: the slider goes from -limit to limit, in standard deviations.
        meaning: what it changes, for the label.
    """
    name = view.number("betas", index)
    label = f"beta {index}" + (f" ({meaning})" if meaning else "")
    return _linked(view, name, label, -limit, limit, 0.05)


def turn_slider(view: Any, joint: str, axis: str, limit_deg: float = 120.0) -> Any:
    """A slider, in degrees, for one axis-angle component of a joint.

    Args:
        view: a BodyView or PlaneView.
        joint: its name: "left_elbow" or "left elbow".
        axis: "x", "y" or "z".
        limit_deg: the slider goes from -limit to limit.

    Raises:
        ValueError: there is no such joint or axis.
    """
    names = joint_names(view.body_model.num_joints)
    wanted = joint.replace(" ", "_")
    if wanted not in names:
        raise ValueError(f"There is no joint {joint!r}. Take one of: {', '.join(names)}.")
    if axis not in AXES:
        raise ValueError(f'The axis must be "x", "y" or "z"; got {axis!r}.')
    name = view.number("theta", names.index(wanted), AXES.index(axis), degrees=True)
    return _linked(view, name, f"{joint.replace('_', ' ')} {axis} [°]", -limit_deg, limit_deg, 1.0)


def camera_slider(view: Any, trait: str, low: float, high: float) -> Any:
    """A slider for a number of a PlaneView's camera: "tz_m", "focal_px", "tx_m" or "ty_m".

    Tz and f count by factors: as many steps from 1 to 2 as from 4 to 8.

    Raises:
        ValueError: it has no such number.
    """
    labels = {"tz_m": "Tz [m]", "focal_px": "f [px]", "tx_m": "Tx [m]", "ty_m": "Ty [m]"}
    if trait not in labels:
        raise ValueError(f"A camera has {', '.join(labels)}; got {trait!r}.")
    if trait in ("tx_m", "ty_m"):
        return _linked(view, trait, labels[trait], low, high, 0.01)
    return _linked(view, trait, labels[trait], low, high, None)


def _linked(view: Any, trait: str, label: str, low: float, high: float, step: float | None) -> Any:
    """A slider that moves a trait and follows it; without a step it counts by factors."""
    import ipywidgets

    style = {"description_width": "150px"}
    layout = ipywidgets.Layout(width="460px")
    value = min(max(getattr(view, trait), low), high)
    if step is None:
        limits = {"min": math.log10(low), "max": math.log10(high), "step": 0.01}
    else:
        # A browser rounds to whole steps when it shows the slider, which would undo what Python sets before.
        value = low + round((value - low) / step) * step
        setattr(view, trait, value)
        limits = {"min": low, "max": high, "step": step}
    kind = ipywidgets.FloatLogSlider if step is None else ipywidgets.FloatSlider
    made = kind(value=value, description=label, style=style, layout=layout, readout_format=".2f", **limits)
    # The view comes first: a new link starts with its first side's value, and Python may have moved it since.
    ipywidgets.jslink((view, trait), (made, "value"))
    return made
