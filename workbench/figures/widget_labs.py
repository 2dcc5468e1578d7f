"""The app's Body lab and Camera lab as widgets for notebooks, their state shared with Python."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from workbench.figures import body_lab, camera_lab, person_state
from workbench.figures.person_state import PersonState
from workbench.figures.widget_host import Widget, offered, served_bodies, traitlets
from workbench.geometry import Camera


class _Person(traitlets.TraitType):
    """A person {body, betas, expression, theta}; numbers may come as tensors or arrays."""

    default_value: Any = None

    def validate(self, obj: Any, value: Any) -> dict[str, Any]:
        try:
            given = {
                key: v if isinstance(v, str) else np.asarray(v).tolist() for key, v in dict(value).items()
            }
            person_state.from_dict({"format": person_state.FORMAT, **given}, obj.bodies)
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(str(error)) from error
        return given  # the page's own numbers: rounded ones would be sent back to it, late, while it moves on


class Lab(Widget):
    """A lab with a person, which Python and the page both may change."""

    config = traitlets.Dict().tag(sync=True)
    person = _Person().tag(sync=True)
    """Body, betas, expression and theta at once; two labs whose `person` is linked by ipywidgets.jslink show
    the same one."""

    def __init__(
        self,
        kind: str,
        config: Callable[[Sequence[dict[str, Any]]], dict[str, Any]],
        functions: Sequence[Callable[..., Any]],
        person: Mapping[str, Any] | None,
        **traits: Any,
    ) -> None:
        served = served_bodies()
        self.bodies = served.bodies
        given, entries = offered(served, list(served.bodies.values()))
        made = config(entries)
        super().__init__(
            kind,
            given,
            [*served.functions, *functions],
            config=made,
            person=made["person"] if person is None else {**made["person"], **person},
            **traits,
        )

    def state(self) -> PersonState:
        """The person as tensors, with `mesh()`."""
        return person_state.from_dict({"format": person_state.FORMAT, **self.person}, self.bodies)

    @property
    def betas(self) -> list[float]:
        """Shape, in standard deviations; may be set."""
        return self.person["betas"]

    @betas.setter
    def betas(self, values: Any) -> None:
        self.person = {**self.person, "betas": values}

    @property
    def expression(self) -> list[float]:
        """Of the face, in standard deviations; may be set."""
        return self.person["expression"]

    @expression.setter
    def expression(self, values: Any) -> None:
        self.person = {**self.person, "expression": values}

    @property
    def theta(self) -> list[list[float]]:
        """Pose, one axis-angle vector per joint, rad; may be set."""
        return self.person["theta"]

    @theta.setter
    def theta(self, values: Any) -> None:
        self.person = {**self.person, "theta": values}


class BodyLab(Lab):
    """The Body tab's lab."""

    def __init__(self, **person: Any) -> None:
        """
        Args:
            person: body, betas, expression, theta: those that are not as at rest.
        """
        super().__init__("BodyLab", body_lab.config, body_lab.functions(), person or None)


class CameraLab(Lab):
    """The Camera tab's lab."""

    view = traitlets.Dict().tag(sync=True)
    """The perspective camera, and which projection is shaded (kind); empty until the lab has chosen."""

    def __init__(self, camera: Camera | None = None, **person: Any) -> None:
        """
        Args:
            camera: at first; by default the lab chooses one.
            person: body, betas, expression, theta: those that are not as at rest.
        """
        view = {} if camera is None else _view(camera)
        functions = [camera_lab.camera_table]
        super().__init__("CameraLab", _camera_config, functions, person or None, view=view)

    @property
    def camera(self) -> Camera | None:
        """The camera as it is now; None until the lab is shown. May be set."""
        if not self.view:
            return None
        height, width = self.view["size_hw"]
        x, y = self.view["center_px"]
        t = torch.tensor(self.view["t_camera_body_m"], dtype=torch.float32)
        return Camera(self.view["kind"], self.view["focal_px"], (x, y), (height, width), t)

    @camera.setter
    def camera(self, camera: Camera) -> None:
        self.view = _view(camera)


def _camera_config(entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Python's person comes first, and there is no Body tab."""
    return {**camera_lab.config(entries), "first": None, "labName": "The person"}


def _view(camera: Camera) -> dict[str, Any]:
    return {
        "kind": camera.kind,
        "focal_px": camera.focal_px,
        "center_px": list(camera.center_px),
        "size_hw": list(camera.size_hw),
        "t_camera_body_m": camera.t_camera_body_m.tolist(),
    }
