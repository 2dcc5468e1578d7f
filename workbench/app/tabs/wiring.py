"""How events behave, the same in every tab."""

from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""For glue: nothing is greyed out, and programs do not see it."""
RAW: dict[str, Any] = {"preprocess": False}
"""Values reach the handler as the browser sent them. Gradio's own reading fails with a bare "Error" on a
number that is out of range or still being typed, and on a file that is no picture; our handlers say what is
wrong."""
SLIDING: dict[str, Any] = {**QUIET, **RAW, "queue": False, "trigger_mode": "always_last"}
"""For sliders: no waiting line either, and the last position always arrives."""

IN_BROWSER: dict[str, Any] = {
    "show_progress": "hidden",
    "api_visibility": "private",
    "queue": False,
    "trigger_mode": "multiple",
}
"""For events whose `js` does everything: each one counts."""


def shown() -> dict[str, Any]:
    """Brings a column with views on screen."""
    return gr.update(visible=True, elem_classes=[])


def put_away() -> dict[str, Any]:
    """Takes a column with views off the screen, and keeps it.

    With visible=False, Gradio would take it apart, and make every view anew when it comes back: another
    WebGL context each time, and the visitor's view lost. Columns do not know "hidden".
    """
    return gr.update(elem_classes=["hmr-away"])


def typed(value: Any, limits: tuple[float, float]) -> float | None:
    """The number of a slider, brought within its limits; None while it is being typed."""
    if not isinstance(value, int | float):
        return None
    return min(max(float(value), limits[0]), limits[1])


def path_of(upload: Any) -> str | None:
    """Where an uploaded picture lies; None when there is none.

    Raises:
        ValueError: it lies elsewhere. Gradio only checks descriptions of files that are complete.
    """
    if not upload:
        return None
    path = Path(str(upload.get("path"))).resolve()
    if not path.is_relative_to(Path(get_upload_folder()).resolve()):
        raise ValueError("That file was not uploaded to this page. Upload it first.")
    return str(path)
