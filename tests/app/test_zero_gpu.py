"""The decorator of ZeroGPU Spaces, where there is one."""

import importlib.machinery
import sys
from types import ModuleType

import pytest

from workbench.app import zero_gpu


def work() -> int:
    return 3


def test_elsewhere_the_function_is_untouched():
    assert zero_gpu.on_gpu(work) is work


def test_on_a_space_a_gpu_is_lent(monkeypatch: pytest.MonkeyPatch):
    lent = []
    spaces = ModuleType("spaces")
    spaces.__spec__ = importlib.machinery.ModuleSpec("spaces", None)
    spaces.GPU = lambda duration: lambda function: lent.append(duration) or function  # pyright: ignore
    monkeypatch.setitem(sys.modules, "spaces", spaces)
    assert zero_gpu.on_gpu(work)() == 3
    assert lent == [zero_gpu.SECONDS]
