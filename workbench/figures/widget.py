"""Views and labs as widgets for notebooks: the app's own, hosted by anywidget.

    view = BodyView(betas=[2.0])        a body to turn around; the last line of a cell shows it
    view.betas = [-2.0]                 Python moves it
    view.number("betas", 0)             a trait that a slider can be linked to, see lessons.beta_slider

The browser poses the body by itself. plotly.js, the views and the body are asked for once per page
(widget.js), so a notebook holds no copy of them and needs no network.
"""

import gzip
import hashlib
import math
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from workbench.body import BodyModel, load_body
from workbench.figures import browser_body, files
from workbench.figures.bundle import bundle, styles
from workbench.figures.world import LiveBody, WorldBody, display_bounds_m, live_world
from workbench.geometry import Camera

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise ImportError(
        "Live figures in notebooks need anywidget, which is not installed here. Get it with: "
        "pip install 'hmr-workbench[notebooks]', or start the notebooks with: make notebooks"
    ) from error

LOADER = (Path(__file__).parent / "widget.js").read_text(encoding="utf-8")
KINDS = ("perspective", "weak", "orthographic")
BOUNDS_MARGIN_M = 0.25
Numbers = Tensor | np.ndarray | Sequence[Any]


class Widget(anywidget.AnyWidget):
    """What all widgets here share: files and functions that the page may ask for."""

    _esm = LOADER
    _css = styles()
    _kind = traitlets.Unicode().tag(sync=True)
    _views = traitlets.Unicode().tag(sync=True)
    _plotly = traitlets.Unicode().tag(sync=True)

    def __init__(self, kind: str, functions: Sequence[Callable[..., Any]] = (), **traits: Any) -> None:
        views, plotly = _bundle(), _plotly()
        self._files: dict[str, bytes] = dict([views, plotly])
        self._functions = {function.__name__: function for function in functions}
        super().__init__(_kind=kind, _views=views[0], _plotly=plotly[0], **traits)
        self.on_msg(self._answer)

    def offer(self, name: str, content: bytes) -> str:
        """Let the page ask for a file; returns its name, which changes with the content."""
        name = f"{name}-{hashlib.sha256(content).hexdigest()[:16]}"
        self._files[name] = content
        return name

    def _answer(self, widget: Any, message: dict[str, Any], buffers: list[Any]) -> None:
        """Answer a question of the page; whatever goes wrong is told there, in words."""
        try:
            if message["ask"] == "file":
                reply, sent = {}, [self._files[message["name"]]]
            else:
                reply, sent = {"answer": self._functions[message["name"]](*message["given"])}, None
        except KeyError as error:
            reply, sent = {"error": f"Python has no {error}. Run this cell again."}, None
        except Exception as error:  # shown where it was asked for
            reply, sent = {"error": str(error) or type(error).__name__}, None
        self.send({"id": message.get("id"), **reply}, sent)


class _Values(traitlets.TraitType):
    """Finite numbers of a person, given as tensor, array or lists, kept as lists.

    Args:
        entry: shape of one entry; () for betas and expression, (3,) for theta.
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
        return values.tolist()


class _Posed(Widget):
    """A widget with a person: betas, expression and theta, and single numbers of them for sliders."""

    betas = _Values().tag(sync=True)
    expression = _Values().tag(sync=True)
    theta = _Values(3).tag(sync=True)
    numbers = traitlets.Dict().tag(sync=True)
    """What each trait made by `number` stands for."""

    def __init__(
        self,
        kind: str,
        body: BodyModel,
        betas: Numbers | None,
        theta: Numbers | None,
        expression: Numbers | None,
        **traits: Any,
    ) -> None:
        self.body_model = body
        super().__init__(
            kind,
            betas=[0.0] * min(body.num_betas, browser_body.MOST_COEFFICIENTS) if betas is None else betas,
            theta=np.zeros((body.num_joints, 3)) if theta is None else theta,
            expression=[] if expression is None else expression,
            **traits,
        )
        self.observe(self._to_numbers, ["betas", "expression", "theta"])

    def number(self, trait: str, *place: int, degrees: bool = False) -> str:
        """A trait for one number of the person, to link a slider to; returns its name.

        Args:
            trait: "betas", "expression" or "theta".
            place: which number: one index, or joint and axis for theta.
            degrees: the trait is in degrees, theta stays in radians.
        """
        name = "_".join(["number", trait, *map(str, place)])
        factor = math.pi / 180 if degrees else 1.0
        values = np.asarray(getattr(self, trait))
        if trait != "theta" and place[0] >= len(values):
            setattr(self, trait, [*values, *[0.0] * (place[0] + 1 - len(values))])
            values = np.asarray(getattr(self, trait))
        if name not in self.numbers:
            self.add_traits(**{name: traitlets.Float(float(values[place]) / factor).tag(sync=True)})
            self.numbers = {**self.numbers, name: {"list": trait, "place": place, "factor": factor}}
            self.observe(self._from_number, name)
        return name

    def _from_number(self, change: Any) -> None:
        number = self.numbers[change["name"]]
        values = np.array(getattr(self, number["list"]), dtype=float)
        wanted = number["factor"] * change["new"]
        if abs(values[tuple(number["place"])] - wanted) > 1e-9:
            values[tuple(number["place"])] = wanted
            setattr(self, number["list"], values)

    def _to_numbers(self, change: Any) -> None:
        for name, number in self.numbers.items():
            if number["list"] == change["name"]:
                value = float(np.asarray(change["new"])[tuple(number["place"])]) / number["factor"]
                if abs(getattr(self, name) - value) > 1e-9:
                    setattr(self, name, value)


class BodyView(_Posed):
    """One body in 3D, to be turned with the mouse and posed by traits."""

    world = traitlets.Dict().tag(sync=True)
    look = traitlets.Dict().tag(sync=True)
    height = traitlets.Unicode("420px").tag(sync=True)

    def __init__(
        self,
        body: BodyModel | None = None,
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
            body: by default the open body.
            betas, theta, expression: the person at first; see BodyModel.mesh.
            label: for those who cannot see it.
            show: what is switched on at first: "skeleton", "ground", or both.
            look: where the viewer stands at first: "Front", "Side" or "Top".
            height: of the view, as CSS says it.
        """
        model = load_body() if body is None else body
        name, packed = _packed(model)
        mesh = model.mesh(torch.zeros(0), torch.zeros(model.num_joints, 3))
        drawn = WorldBody("body", mesh.vertices_m, mesh.joints_m, model.topology)
        live = LiveBody("body", torch.zeros(0), torch.zeros(model.num_joints, 3), model.topology, name)
        super().__init__(
            "BodyView",
            model,
            betas,
            theta,
            expression,
            world=live_world(live, display_bounds_m([drawn], "body", BOUNDS_MARGIN_M)),
            look={"label": label, "show": show, "look": look},
            height=height,
        )
        self._files[name] = packed


class PlaneView(_Posed):
    """One body in the picture of a camera, under several projections at once, live."""

    file = traitlets.Unicode().tag(sync=True)
    """Name of the body's file."""
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
        body: BodyModel | None = None,
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
            camera: a perspective one; the other projections keep the size of things at the body's depth.
            body: by default the open body.
            betas, theta: the person at first.
            kinds: the projections to draw; over all but the perspective its outline is laid.
            lock: change Tz and focal length together.
            facing: turn the body to the camera; say False when theta's root rotation does that.
            photo: address of a picture to lay the body over, such as figures.picture.data_url makes.
            opacity: of the body.
        """
        model = load_body() if body is None else body
        name, packed = _packed(model)
        unknown = [kind for kind in kinds if kind not in KINDS]
        if unknown or not kinds:
            raise ValueError(f"kinds must be some of {', '.join(KINDS)}; got {', '.join(kinds) or 'none'}.")
        super().__init__(
            "PlaneView",
            model,
            betas,
            theta,
            None,
            file=name,
            kinds=list(kinds),
            lock=lock,
            facing=facing,
            photo=photo,
            opacity=opacity,
            **_camera_traits(camera.as_kind("perspective")),
        )
        self._files[name] = packed

    @property
    def camera(self) -> Camera:
        """The perspective camera as it is now."""
        t = torch.tensor([self.tx_m, self.ty_m, self.tz_m])
        height, width = self.size_hw
        x, y = self.center_px
        return Camera("perspective", self.focal_px, (x, y), (height, width), t)


def _camera_traits(camera: Camera) -> Mapping[str, Any]:
    tx_m, ty_m, tz_m = camera.t_camera_body_m.tolist()
    return {
        "tx_m": tx_m,
        "ty_m": ty_m,
        "tz_m": tz_m,
        "focal_px": camera.focal_px,
        "center_px": list(camera.center_px),
        "size_hw": list(camera.size_hw),
    }


@lru_cache(maxsize=2)
def _packed(model: BodyModel) -> tuple[str, bytes]:
    """The body's file for browsers, and its name."""
    content = browser_body.pack(model)
    return f"body-{hashlib.sha256(content).hexdigest()[:16]}", content


@lru_cache(maxsize=1)
def _bundle() -> tuple[str, bytes]:
    content = gzip.compress(bundle().encode(), mtime=0)
    return f"views-{hashlib.sha256(content).hexdigest()[:16]}", content


@lru_cache(maxsize=1)
def _plotly() -> tuple[str, bytes]:
    path = files.plotly_js()
    return f"plotly-{files.version(path)}", gzip.compress(path.read_bytes(), mtime=0)
