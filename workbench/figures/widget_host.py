"""What all widgets for notebooks share: they bring files and functions to the page (widget.js)."""

import gzip
import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.body.files import SHORT_NAMES
from workbench.body.known import KnownBody
from workbench.figures import files
from workbench.figures.bundle import bundle, styles
from workbench.figures.served_bodies import ServedBodies
from workbench.untrusted import shown

try:
    import anywidget
    import traitlets
except ImportError as error:
    raise ImportError(
        "Live figures in notebooks need anywidget, which is not installed here. Get it with: "
        "pip install 'hmr-workbench[notebooks]', or start the notebooks with: make notebooks"
    ) from error

LOADER = (Path(__file__).parent / "widget.js").read_text(encoding="utf-8")


class Widget(anywidget.AnyWidget):
    """A view of the page. plotly.js, the views and bodies are asked for once per page and never saved."""

    _esm = LOADER
    _css = styles()
    _kind = traitlets.Unicode().tag(sync=True)
    _views = traitlets.Unicode().tag(sync=True)
    _plotly = traitlets.Unicode().tag(sync=True)

    def __init__(
        self,
        kind: str,
        given: Mapping[str, Callable[[], bytes]],
        functions: Sequence[Callable[..., Any]],
        **traits: Any,
    ) -> None:
        """
        Args:
            kind: which view, show{kind} of static/notebook.js.
            given: files that the page may ask for, by a name that changes with the content.
            functions: what the page may call, by name.
            traits: of the view.
        """
        plotly = f"plotly-{files.version(files.plotly_js())}"
        views = f"views-{hashlib.sha256(_views()).hexdigest()[:16]}"
        self._given = {plotly: _plotly, views: _views, **given}
        self._functions = {function.__name__: function for function in functions}
        super().__init__(_kind=kind, _views=views, _plotly=plotly, **traits)
        self.on_msg(self._answer)

    def _answer(self, widget: Any, message: Any, buffers: Any) -> None:
        """Answer a question of the page; whatever goes wrong is told there, in words."""
        reply: dict[str, Any] = {}
        sent = None
        try:
            if message.get("ask") == "file":
                sent = [self._offered(self._given, message)()]
            else:
                reply["answer"] = self._offered(self._functions, message)(*message["given"])
        except Exception as error:
            reply["error"] = str(error) or type(error).__name__
        self.send({"id": message.get("id"), **reply}, sent)

    def _offered(
        self, things: Mapping[str, Callable[..., Any]], message: Mapping[str, Any]
    ) -> Callable[..., Any]:
        name = message.get("name")
        if not isinstance(name, str) or name not in things:
            raise ValueError(f"Python does not offer {shown(name)} here. Run this cell again.")
        return things[name]


def served_bodies() -> ServedBodies:
    """The bodies there are now; a notebook's page may be far away, so licensed ones are posed here."""
    return ServedBodies(loopback=False)


def offered(
    served: ServedBodies, bodies: Sequence[KnownBody]
) -> tuple[dict[str, Callable[[], bytes]], list[dict[str, Any]]]:
    """The bodies' files by name, and the bodies as views are told of them."""
    given: dict[str, Callable[[], bytes]] = {}
    entries = {entry["tag"]: entry for entry in served.entries()}
    listed = []
    for body in bodies:
        entry = dict(entries[body.tag])
        if entry["file"] is not None:
            place = Path(SHORT_NAMES.get(body.source, body.source)).expanduser()
            entry["file"] = f"{body.tag}-{files.version(place)}"
            given[entry["file"]] = lambda tag=body.tag: served.packed(tag)
        listed.append(entry)
    return given, listed


@lru_cache(maxsize=1)
def _views() -> bytes:
    return gzip.compress(bundle().encode(), mtime=0)


@lru_cache(maxsize=1)
def _plotly() -> bytes:
    return gzip.compress(files.plotly_js().read_bytes(), compresslevel=5, mtime=0)
