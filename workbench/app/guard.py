"""Bad input becomes a message, and the page stays as it was."""

import functools
import html
import logging
from collections.abc import Callable
from typing import Any

import gradio as gr

from workbench.weights import WeightsMissing

LOG = logging.getLogger("workbench.app")


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
    if isinstance(error, (ValueError, WeightsMissing)):
        gr.Warning(html.escape(str(error)), duration=15, title="Please check")
        return
    LOG.exception("A handler failed")
    text = f"{type(error).__name__}: {error}"[:300]
    gr.Warning(html.escape(text), duration=15, title="That did not work; everything else is kept")
