"""The figures' JavaScript views as Gradio components.

Each is a constant piece of HTML that its script fills and then keeps: a changed value reaches the script
through `watch`, so nothing on screen is built anew and the visitor's view stays.
They are functions, because Gradio writes a .pyi file beside every module that subclasses a component.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.app import handlers_body, models
from workbench.figures import files
from workbench.weights import assets_dir

SAMPLES = sorted((assets_dir() / "samples").glob("*.jpg"))
"""Made-up photos to start with."""
STATIC_PATHS = (files.STATIC, files.plotly_js(), *SAMPLES)
"""What the page may fetch."""

_START = """
import(new URL("{script}", document.baseURI)).then(({{ create }}) => {{
  const view = create(element.firstElementChild, {host});
  const show = () => view.set(props.value);
  watch("value", show);
  show();
}});
"""


def body_view(label: str, elem_id: str, show: str = "ground", look: str = "", zoom: float = 1.0) -> gr.HTML:
    """Bodies in 3D; its value is made by figures.world. Event `settle`, a moment after its last new pose.

    Args:
        label: for those who cannot see it.
        elem_id: its name on the page.
        show: what is switched on at first: "skeleton", "ground", "camera", or several of them.
        look: where the viewer stands at first: "Front", "Side" or "Top"; by default beside the front.
        zoom: how large the bodies are at first; 1 fits their box into the frame from all sides.
    """
    host = f"""{{
    plotly: "{address(files.plotly_js())}",
    model: "{address(files.BODY_MODEL_JS)}",
    topology: (tag) => server.topology(tag),
    skin: (parameters) => server.skin(parameters),
    settled: () => trigger("settle"),
  }}"""
    html = _holder(label, show=show, look=look, zoom=str(zoom))
    return _view(
        files.BODY_VIEW_JS, html, host, elem_id, server_functions=[models.topology, handlers_body.skin]
    )


def chart(label: str, elem_id: str) -> gr.HTML:
    """A Plotly figure, as a dict."""
    return _view(files.CHART_JS, _holder(label), f'{{ plotly: "{address(files.plotly_js())}" }}', elem_id)


def photo_view(label: str, elem_id: str) -> gr.HTML:
    """A photo with boxes, landmarks and a rendered layer; its value is made by figures.picture."""
    return _view(files.PHOTO_VIEW_JS, _holder(label), "{}", elem_id)


def people_picker(label: str, elem_id: str) -> gr.HTML:
    """A photo whose boxes can be changed: events `pick`, `draw`, `edit` and `remove`."""
    host = """{
    pick: (index) => trigger("pick", { index }),
    draw: (box) => trigger("draw", { box }),
    edit: (index, box) => trigger("edit", { index, box }),
    remove: (index) => trigger("remove", { index }),
  }"""
    return _view(files.PHOTO_VIEW_JS, _holder(label), host, elem_id)


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


def _view(script: Path, html: str, host: str, elem_id: str, **kwargs: Any) -> gr.HTML:
    start = _START.format(script=address(script), host=host)
    return gr.HTML(
        None, html_template=html, js_on_load=start, apply_default_css=False, elem_id=elem_id, **kwargs
    )


def _holder(label: str, **data: str) -> str:
    attributes = (f'data-{key}="{escape(value)}"' for key, value in {"label": label, **data}.items())
    return f"<div {' '.join(attributes)}></div>"


def address(path: Path) -> str:
    """Relative, so that it also works behind a proxy's path."""
    return f"gradio_api/file={path}?v={files.version(path)}"
