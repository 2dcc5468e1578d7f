"""Small views for notebooks: one body, in 3D or in a camera's picture, moved by traits and sliders."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.figures.browser_body import MOST_COEFFICIENTS
from workbench.figures.widget_host import Widget, offered, served_bodies, traitlets
from workbench.figures.world import WorldBody, display_bounds_m
from workbench.geometry import Camera

KINDS = ("perspective", "weak", "orthographic")
BOUNDS_MARGIN_M = 0.25
SAME = 1e-9
"""Numbers closer than this are not sent to and fro."""
Numbers = Tensor | np.ndarray | Sequence[Any]


class _Values(traitlets.TraitType):
    """Finite numbers of a person, given as tensor, array or lists, kept as lists; missing ones are zero.

    Args:
        entry: shape of one entry: none for betas and expression, 3 for theta.
    """

    default_value = ()

    def __init__(self, *entry: int) -> None:
        super().__init__()
        self.entry = entry

    def validate(self, obj: Any, value: Any) -> list[Any]:
        values = np.asarray(value, dtype=float)
        model = obj.body_model
        most = {"betas": model.num_betas, "expression": model.num_expressions}.get(str(self.name))
        count = (
            f"{model.num_joints} rotation vectors, in radians" if most is None else f"up to {most} numbers"
        )
        fits = values.ndim > 0 and (len(values) == model.num_joints if most is None else len(values) <= most)
        if values.shape[1:] != self.entry or not fits or not np.isfinite(values).all():
            got = f"shape {values.shape}" if np.isfinite(values).all() else "NaN or infinity"
            raise traitlets.TraitError(f"{self.name} must be {count}, all finite; got {got}.")
        missing = 0 if most is None else max(min(most, MOST_COEFFICIENTS) - len(values), 0)
        return [*values.tolist(), *[0.0] * missing]


class Posed(Widget):
    """A widget with a person: betas, expression and theta, and single numbers of them for sliders."""

    betas = _Values().tag(sync=True)
    expression = _Values().tag(sync=True)
    theta = _Values(3).tag(sync=True)
    numbers = traitlets.Dict().tag(sync=True)
    """What each trait made by `number` stands for."""
    entry = traitlets.Dict().tag(sync=True)
    """The body, as bodies.js opens it."""

    def __init__(
        self,
        kind: str,
        body: str | None,
        betas: Numbers | None,
        theta: Numbers | None,
        expression: Numbers | None,
        **traits: Any,
    ) -> None:
        served = served_bodies()
        known = next(iter(served.bodies.values())) if body is None else served.known(body)
        self.body_model = model = known.load()
        given, [entry] = offered(served, [known])
        super().__init__(
            kind,
            given,
            served.functions,
            entry=entry,
            betas=[] if betas is None else betas,
            theta=np.zeros((model.num_joints, 3)) if theta is None else theta,
            expression=[] if expression is None else expression,
            **traits,
        )
        self.observe(self._to_numbers, ["betas", "expression", "theta"])

    def number(self, trait: str, *place: int, degrees: bool = False) -> str:
        """A trait for one number of the person, to link a slider to; returns its name.

        Args:
            trait: "betas", "expression" or "theta".
            place: which number: one index, or joint and axis for theta.
            degrees: the trait is in degrees; theta stays in radians.

        Raises:
            ValueError: there is no such number.
        """
        values = np.asarray(getattr(self, trait))
        if len(place) != values.ndim or any(
            not 0 <= n < most for n, most in zip(place, values.shape, strict=True)
        ):
            raise ValueError(f"{trait} has shape {values.shape}; there is no number at {place}.")
        name = "_".join(["number", trait, *map(str, place), *(["degrees"] if degrees else [])])
        if name not in self.numbers:
            factor = math.pi / 180 if degrees else 1.0
            self.add_traits(**{name: traitlets.Float(float(values[place]) / factor).tag(sync=True)})
            self.numbers = {**self.numbers, name: {"list": trait, "place": place, "factor": factor}}
            self.observe(self._from_number, name)
        return name

    def _from_number(self, change: Any) -> None:
        number = self.numbers[change["name"]]
        values, place = np.array(getattr(self, number["list"]), dtype=float), tuple(number["place"])
        wanted = number["factor"] * change["new"]
        if abs(values[place] - wanted) > SAME:
            values[place] = wanted
            setattr(self, number["list"], values)

    def _to_numbers(self, change: Any) -> None:
        for name, number in self.numbers.items():
            if number["list"] == change["name"]:
                value = float(np.asarray(change["new"])[tuple(number["place"])]) / number["factor"]
                if abs(getattr(self, name) - value) > SAME:
                    setattr(self, name, value)


class BodyView(Posed):
    """One body in 3D, to be turned with the mouse and posed by traits."""

    bounds = traitlets.List().tag(sync=True)
    look = traitlets.Dict().tag(sync=True)
    height = traitlets.Unicode("420px").tag(sync=True)

    def __init__(
        self,
        body: str | None = None,
        betas: Numbers | None = None,
        theta: Numbers | None = None,
        expression: Numbers | None = None,
        label: str = "3D view of the body; drag to turn it",
        show: str = "ground",
        look: str = "Front",
        height: str = "420px",
    ) -> None:
        """
        Args:
            body: one of body.known.known_bodies(), by default the open body.
            betas, theta, expression: the person at first; see BodyModel.mesh.
            label: for those who cannot see it.
            show: what is switched on at first: "skeleton", "names", "ground", or several of them.
            look: where the viewer stands at first: "Front", "Side" or "Top".
            height: of the view, as CSS says it.
        """
        super().__init__(
            "BodyView",
            body,
            betas,
            theta,
            expression,
            look={"label": label, "show": show, "look": look},
            height=height,
        )
        model = self.body_model
        mesh = model.mesh(torch.zeros(0), torch.zeros(model.num_joints, 3))
        drawn = WorldBody("body", mesh.vertices_m, mesh.joints_m, model.topology)
        self.bounds = display_bounds_m([drawn], "body", BOUNDS_MARGIN_M).tolist()


class PlaneView(Posed):
    """One body in the picture of a camera, under several projections at once."""

    kinds = traitlets.List(traitlets.Unicode()).tag(sync=True)
    tz_m = traitlets.Float().tag(sync=True)
    tx_m = traitlets.Float().tag(sync=True)
    ty_m = traitlets.Float().tag(sync=True)
    focal_px = traitlets.Float().tag(sync=True)
    center_px = traitlets.List(traitlets.Float()).tag(sync=True)
    size_hw = traitlets.List(traitlets.Int()).tag(sync=True)
    lock = traitlets.Bool(False).tag(sync=True)
    """Whether the focal length follows Tz, so that f / Tz stays: the dolly zoom."""
    facing = traitlets.Bool(True).tag(sync=True)
    """Whether the body is turned to the camera; False when its root rotation does that."""
    photo = traitlets.Unicode("").tag(sync=True)
    opacity = traitlets.Float(1.0).tag(sync=True)

    def __init__(
        self,
        camera: Camera,
        body: str | None = None,
        betas: Numbers | None = None,
        theta: Numbers | None = None,
        kinds: Sequence[str] = KINDS,
        lock: bool = False,
        facing: bool = True,
        photo: str = "",
        opacity: float = 1.0,
    ) -> None:
        """
        Args:
            camera: where the body stands; the projections keep the size of things at its depth.
            body: one of body.known.known_bodies(), by default the open body.
            betas, theta: the person at first.
            kinds: the projections to draw; over all but the perspective its outline is laid.
            lock: change Tz and focal length together.
            facing: turn the body to the camera; say False when theta's root rotation does that.
            photo: address of a picture to lay the body over, such as figures.picture.data_url makes.
            opacity: of the body.

        Raises:
            ValueError: no projection, or an unknown one.
        """
        if not kinds or any(kind not in KINDS for kind in kinds):
            raise ValueError(f"kinds must be some of {', '.join(KINDS)}; got {', '.join(kinds) or 'none'}.")
        lens = camera.as_kind("perspective")
        tx_m, ty_m, tz_m = lens.t_camera_body_m.tolist()
        super().__init__(
            "PlaneView",
            body,
            betas,
            theta,
            None,
            kinds=list(kinds),
            tx_m=tx_m,
            ty_m=ty_m,
            tz_m=tz_m,
            focal_px=lens.focal_px,
            center_px=list(lens.center_px),
            size_hw=list(lens.size_hw),
            lock=lock,
            facing=facing,
            photo=photo,
            opacity=opacity,
        )

    @property
    def camera(self) -> Camera:
        """The perspective camera as it is now."""
        t = torch.tensor([self.tx_m, self.ty_m, self.tz_m])
        height, width = self.size_hw
        x, y = self.center_px
        return Camera("perspective", self.focal_px, (x, y), (height, width), t)
