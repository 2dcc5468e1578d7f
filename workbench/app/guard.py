"""Bad input becomes a message, and the page stays as it was."""

import functools
import html
import logging
import re
from collections.abc import Callable
from typing import Any

import gradio as gr

from workbench.weights import WeightsMissing

LOG = logging.getLogger("workbench.app")
MENDABLE = (ValueError, WeightsMissing)
"""What visitors, or who runs the app, can do something about; all else is a fault of ours."""
FOLDERS = re.compile(r"(?<![\w.:/~-])~?/(?:[^\s/:]+/)+")
"""In front of a file's name, but not in an address of the web."""
PLACES = re.compile(r" Searched:(\n  .*)+")
"""Where weights were looked for."""


def guarded(handler: Callable[..., Any]) -> Callable[..., Any]:
    """A handler that never fails: what its user can mend is said, all else is logged and said in brief."""

    @functools.wraps(handler)
    def answer(*inputs: Any) -> Any:
        try:
            return handler(*inputs)
        except Exception as error:
            say(error)
            return gr.skip()

    return answer


def say(error: Exception) -> None:
    """Show an error to the visitor."""
    known = isinstance(error, MENDABLE)
    if not known:
        LOG.exception("A handler failed")
    title = "Please check" if known else "That did not work; everything else is kept"
    gr.Warning(html.escape(words(error)).replace("\n", "<br>"), duration=15, title=title)


def words(error: Exception) -> str:
    """An error as visitors may read it: without the folders of this machine."""
    text = FOLDERS.sub("", PLACES.sub("", str(error)))
    return text if isinstance(error, MENDABLE) else f"{type(error).__name__}: {text}"[:300]
