"""The Body tab: a person's shape and pose, and how SMPL makes a body of them."""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr

from workbench.app.components import lab
from workbench.app.tabs.wiring import IN_BROWSER
from workbench.figures import body_lab

INTRO = (
    "SMPL describes a person by two lists of numbers: **β** for the shape of the body and **θ** for the "
    "rotation of each joint. Move a slider and watch what one number does; then take the model apart, stage "
    "by stage."
)
OPEN_LINK = """() => {
  if (!location.hash.startsWith("#person=")) return;
  const tabs = [...document.querySelectorAll('button[role="tab"]')];
  tabs.find((tab) => tab.textContent.trim() === "Body")?.click();
}"""
"""JavaScript: a link to a person opens this tab."""


def build(
    page: gr.Blocks, entries: Sequence[dict[str, Any]], functions: Sequence[Callable[..., Any]]
) -> None:
    """Build the tab.

    Args:
        page: whose address may hold a person.
        entries: the bodies to choose from.
        functions: what serves them to the page.
    """
    gr.Markdown(INTRO)
    lab("Body", body_lab.config(entries, linked=True), "body-lab", [*functions, *body_lab.functions()])
    page.load(None, js=OPEN_LINK, **IN_BROWSER)
