"""The Camera tab: one body, three projections."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from workbench.app import handlers_camera as handlers
from workbench.app.components import lab
from workbench.app.guard import guarded
from workbench.app.tabs.results import Results
from workbench.app.tabs.wiring import QUIET
from workbench.figures.camera_lab import camera_table, config

INTRO = (
    "How a body becomes a picture. Perspective shrinks what is far; weak perspective gives the whole body "
    "one depth; an orthographic camera knows no depth at all. Distortion depends on the **distance** Tz, "
    "not on the lens: lock f / Tz and move Tz to see it."
)


def build(
    tabs: gr.Tabs,
    results: Results,
    entries: Sequence[dict[str, Any]],
    functions: Sequence[Callable[..., Any]],
) -> None:
    """Build and wire the tab.

    Args:
        tabs: the page's, to come here from a result.
        results: the Photo tab's, whose people can be looked at here.
        entries: the bodies to choose from.
        functions: what serves them to the page.
    """
    gr.Markdown(INTRO)
    camera = lab("Camera", config(entries), "camera-lab", [*functions, camera_table])
    for change in results.changes:
        change.then(guarded(handlers.photo_people), results.session, camera, **QUIET)
    asked = results.to_camera.click(
        guarded(handlers.photo_people), [results.session, results.person], camera, **QUIET
    )
    asked.then(lambda: gr.Tabs(selected="camera"), None, tabs, **QUIET)
