"""On a Hugging Face ZeroGPU Space a GPU is lent per call; everywhere else this does nothing."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import TypeVar

Function = TypeVar("Function", bound=Callable)
SECONDS = 60


def on_gpu(function: Function) -> Function:
    """Run a function with a GPU where one is lent."""
    if find_spec("spaces") is None:
        return function
    import spaces  # pyright: ignore[reportMissingImports]

    return spaces.GPU(duration=SECONDS)(function)
