"""How events behave, the same in every tab."""

from typing import Any

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""For glue: nothing is greyed out, and programs do not see it."""
SLIDING: dict[str, Any] = {**QUIET, "queue": False, "trigger_mode": "always_last"}
"""For sliders: no waiting line either, and the last position always arrives."""
