"""The figures' JavaScript views as Gradio components.

Each is a constant piece of HTML that its script fills and then keeps: a changed value reaches the script
through `watch`, so nothing on screen is built anew and the visitor's view stays.
They are functions, because Gradio writes a .pyi file beside every module that subclasses a component.
"""

from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.app import models
from workbench.figures import files

STATIC_PATHS = (files.STATIC, files.plotly_js())
"""What the page may fetch."""

_START = """
import(new URL("{script}", document.baseURI)).then(({{ create }}) => {{
  const view = create(element.firstElementChild, {host});
  const show = () => view.set(props.value);
  watch("value", show);
  show();
}});
"""


def body_view(label: str, elem_id: str, show: str = "ground", look: str = "") -> gr.HTML:
    """Bodies in 3D; its value is made by figures.world.

    Args:
        label: for those who cannot see it.
        elem_id: its name on the page.
        show: what is switched on at first: "skeleton", "ground", "camera", or several of them.
        look: where the viewer stands at first: "Front", "Side" or "Top"; by default beside the front.
    """
    host = f'{{ plotly: "{_address(files.plotly_js())}", topology: (tag) => server.topology(tag) }}'
    html = _holder(label, show=show, look=look)
    return _view(files.BODY_VIEW_JS, html, host, elem_id, server_functions=[models.topology])


def chart(label: str, elem_id: str) -> gr.HTML:
    """A Plotly figure, as a dict."""
    return _view(files.CHART_JS, _holder(label), f'{{ plotly: "{_address(files.plotly_js())}" }}', elem_id)


def photo_view(label: str, elem_id: str) -> gr.HTML:
    """A photo with boxes, landmarks and a rendered layer; its value is made by figures.picture."""
    return _view(files.PHOTO_VIEW_JS, _holder(label), "{}", elem_id)


def people_picker(label: str, elem_id: str) -> gr.HTML:
    """A photo whose boxes can be chosen, drawn and dragged: events `pick`, `draw` and `edit`."""
    host = """{
    pick: (index) => trigger("pick", { index }),
    draw: (box) => trigger("draw", { box }),
    edit: (index, box) => trigger("edit", { index, box }),
  }"""
    return _view(files.PHOTO_VIEW_JS, _holder(label), host, elem_id)


def photo_input(label: str, elem_id: str) -> gr.Image:
    """Upload, webcam or clipboard. Hands over the file untouched: load_photo judges it and reads its EXIF."""
    image = gr.Image(
        type="filepath", sources=["upload", "webcam", "clipboard"], label=label, elem_id=elem_id, height=300
    )
    image.preprocess = _path_of  # pyright: ignore[reportAttributeAccessIssue]
    return image


def _path_of(payload: Any) -> str | None:
    return None if payload is None else payload.path


def _view(script: Path, html: str, host: str, elem_id: str, **kwargs: Any) -> gr.HTML:
    start = _START.format(script=_address(script), host=host)
    return gr.HTML(
        None, html_template=html, js_on_load=start, apply_default_css=False, elem_id=elem_id, **kwargs
    )


def _holder(label: str, **data: str) -> str:
    attributes = (f'data-{key}="{escape(value)}"' for key, value in {"label": label, **data}.items())
    return f"<div {' '.join(attributes)}></div>"


def _address(path: Path) -> str:
    """Relative, so that it also works behind a proxy's path."""
    return f"gradio_api/file={path}?v={files.version(path)}"
