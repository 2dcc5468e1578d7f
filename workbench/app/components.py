"""The figures' JavaScript views as Gradio components.

Each is a constant piece of HTML that its script fills and then keeps: a changed value reaches the script
through `watch`, so nothing on screen is built anew and the visitor's view stays.
They are functions, because Gradio writes a .pyi file beside every module that subclasses a component.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.app import models
from workbench.app.guard import MENDABLE, words
from workbench.app.page_files import address_of, publish
from workbench.figures import files
from workbench.figures.bundle import bundle
from workbench.weights import assets_dir

LOG = logging.getLogger("workbench.app")
SAMPLES = sorted((assets_dir() / "samples").glob("*.jpg"))
"""Made-up photos to start with."""
STATIC_PATHS = (files.plotly_js(), *SAMPLES)
"""What the page may fetch, besides what is published."""

_VIEW = """
import(new URL("{script}", document.baseURI)).then(({{ {create}, pageHost }}) => {{
  const host = pageHost("{plotly}", server);
  const view = {create}(element.firstElementChild, {handlers});
  const show = () => view.set(props.value);
  watch("value", show);
  show();
}});
"""
_LAB = """
import(new URL("{script}", document.baseURI)).then(({{ {create}, pageHost, pageStore }}) => {{
  const config = {config};
  const host = pageHost("{plotly}", server);
  const lab = {create}(element.firstElementChild, host, config, pageStore(config.person));
  watch("value", () => lab.load?.(props.value || null));
  if (props.value) lab.load?.(props.value);
}});
"""


def lab(
    kind: str,
    config: Mapping[str, Any],
    elem_id: str,
    functions: Sequence[Callable[..., Any]] = (),
    label: str = "",
) -> gr.HTML:
    """A lab, which lives in the browser: create{kind}Lab of the bundle. What it is given as value, it loads.

    Args:
        kind: "Body" or "Camera".
        config: what Python knows and the lab needs: names, limits, bodies, and `person`, the first state.
        elem_id: its name on the page.
        functions: what the lab may call, by name. A ValueError arrives there as text for the visitor.
        label: for those who cannot see it.
    """
    script = _LAB.format(
        script=_bundle(),
        create=f"create{kind}Lab",
        config=json.dumps(config),
        plotly=address(files.plotly_js()),
    )
    return _html(_holder(label), script, elem_id, functions)


def body_view(label: str, elem_id: str, show: str = "ground", look: str = "", zoom: float = 1.0) -> gr.HTML:
    """Bodies in 3D; its value is made by figures.world.

    Args:
        label: for those who cannot see it.
        elem_id: its name on the page.
        show: what is switched on at first: "skeleton", "ground", "camera", or several of them.
        look: where the viewer stands at first: "Front", "Side" or "Top"; by default beside the front.
        zoom: how large the bodies are at first; 1 fits their box into the frame from all sides.
    """
    html = _holder(label, show=show, look=look, zoom=str(zoom))
    return _view("createBodyView", html, "host", elem_id, [models.topology])


def chart(label: str, elem_id: str) -> gr.HTML:
    """A Plotly figure, as a dict."""
    return _view("createChart", _holder(label), "host", elem_id)


def photo_view(label: str, elem_id: str) -> gr.HTML:
    """A photo with boxes, landmarks and a rendered layer; its value is made by figures.picture."""
    return _view("createPhotoView", _holder(label), "{}", elem_id)


def people_picker(label: str, elem_id: str) -> gr.HTML:
    """A photo whose boxes can be changed: events `pick`, `draw`, `edit` and `remove`."""
    handlers = """{
    pick: (index) => trigger("pick", { index }),
    draw: (box) => trigger("draw", { box }),
    edit: (index, box) => trigger("edit", { index, box }),
    remove: (index) => trigger("remove", { index }),
  }"""
    return _view("createPhotoView", _holder(label), handlers, elem_id)


def picture_buttons(label: str, pictures: Sequence[Path], elem_id: str) -> gr.HTML:
    """Pictures to press: event `pick`. They must lie in a static path."""
    buttons = "".join(
        f'<button type="button"><img src="{escape(address(path))}" alt="{escape(_title(path))}"></button>'
        for path in pictures
    )
    script = """
element.querySelectorAll("button").forEach((button, index) => {
  button.addEventListener("click", () => trigger("pick", { index }));
});
"""
    return gr.HTML(
        None,
        html_template=f'<p>{escape(label)}</p><div class="hmr-thumbnails">{buttons}</div>',
        js_on_load=script,
        apply_default_css=False,
        elem_id=elem_id,
    )


def _title(path: Path) -> str:
    return path.stem.replace("_", " ").capitalize()


def photo_input(label: str, elem_id: str) -> gr.Image:
    """Upload, webcam or clipboard; to be read raw, see tabs/wiring.py."""
    return gr.Image(
        type="filepath", sources=["upload", "webcam", "clipboard"], label=label, elem_id=elem_id, height=300
    )


def slider(label: str, limits: tuple[float, float], value: float, step: float, elem_id: str) -> gr.Slider:
    """A slider wide enough for a finger."""
    return gr.Slider(*limits, value=value, step=step, label=label, elem_id=elem_id, min_width=220)


def early() -> str:
    """For the page's head: what its views will need, fetched while the visitor looks at the first tab."""
    addresses = (_bundle(), address(files.plotly_js()))
    return "".join(f'<link rel="modulepreload" href="{escape(place)}">' for place in addresses)


def answering(function: Callable[..., Any]) -> Callable[[list[Any]], dict[str, Any]]:
    """A Python function as a page calls it (host.js): Gradio would hide from the page what was wrong."""

    def answer(given: list[Any]) -> dict[str, Any]:
        try:
            return {"answer": function(*given)}
        except MENDABLE as error:
            return {"error": words(error)}
        except Exception as error:
            LOG.exception("A function called by the page failed")
            return {"error": f"That did not work ({type(error).__name__}); everything else is kept."}

    answer.__name__ = function.__name__
    return answer


def _view(
    create: str, html: str, handlers: str, elem_id: str, functions: Sequence[Callable[..., Any]] = ()
) -> gr.HTML:
    plotly = address(files.plotly_js())
    script = _VIEW.format(script=_bundle(), create=create, plotly=plotly, handlers=handlers)
    return _html(html, script, elem_id, functions)


def _html(html: str, script: str, elem_id: str, functions: Sequence[Callable[..., Any]]) -> gr.HTML:
    return gr.HTML(
        None,
        html_template=html,
        js_on_load=script,
        apply_default_css=False,
        elem_id=elem_id,
        server_functions=[answering(function) for function in functions] or None,
    )


@lru_cache(maxsize=1)
def _bundle() -> str:
    """Address of all views and labs."""
    return publish("views.js", bundle().encode())


def _holder(label: str, **data: str) -> str:
    attributes = (f'data-{key}="{escape(value)}"' for key, value in {"label": label, **data}.items())
    return f"<div {' '.join(attributes)}></div>"


def address(path: Path) -> str:
    """Of an installed file, which changes with the file."""
    return f"{address_of(path)}?v={files.version(path)}"
